"""Rows to train on, and rows to hold out."""

from __future__ import annotations

__all__ = ["split_rows"]

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.model_selection import train_test_split

from glassnet.errors import DataError


def split_rows(
    y: ArrayLike, holdout: float = 0.1, seed: int = 0
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Split rows into those to train on and those held out, each class in the same shares.

    Parameters
    ----------
    y : array-like of shape (n,)
        Labels.
    holdout : float, default=0.1
        Share of the rows to hold out, in [0, 1); 0 for none.
    seed : int, default=0
        Random state of the split.

    Returns
    -------
    train, held_out : ndarray of int
        Positions of the rows, in order.

    Raises
    ------
    DataError
        When the share leaves fewer rows than classes on either side.

    Examples
    --------
    >>> train, held_out = split_rows(["a"] * 10 + ["b"] * 20, holdout=0.1)
    >>> len(train), held_out
    (27, array([ 5, 14, 16]))
    """
    labels = np.asarray(y)
    rows = np.arange(len(labels))
    if holdout == 0:
        return rows, rows[:0]
    k, n_out = len(np.unique(labels)), int(np.ceil(holdout * len(labels)))
    if not 0 < holdout < 1 or min(n_out, len(labels) - n_out) < k:
        raise DataError(
            f"To hold out a share of {holdout:g} of {len(labels)} rows leaves {n_out} rows held "
            f"out and {len(labels) - n_out} to train on, where each side needs one a class ({k}). "
            "Choose another share."
        )
    train, held_out = train_test_split(rows, test_size=n_out, stratify=labels, random_state=seed)
    return np.sort(train), np.sort(held_out)
