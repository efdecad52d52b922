"""Whether rows are finite: asked of every matrix before it is trained on or predicted."""

from __future__ import annotations

__all__ = ["is_finite"]

from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.training.engines import choose_engine

# Elements below which NumPy has the answer before threads are called.
SMALL = 2**16


def is_finite(X: NDArray[Any], n_threads: int | None = None) -> bool:
    """Say whether a matrix of floats holds neither NaN nor infinities.

    Parameters
    ----------
    X : ndarray of shape (n, d), float32 or float64
        The rows.
    n_threads : int or None, default=None
        Threads that a large matrix is read by in the native engine; see `choose_engine`.

    Returns
    -------
    bool
        False too where the sum of a matrix that NumPy reads is too large for its dtype: then
        scikit-learn's own check has the last word.
    """
    is_in_order = X.flags.c_contiguous and X.flags.aligned and X.dtype.isnative
    if X.size >= SMALL and is_in_order:
        engine = choose_engine(n_threads)
        if engine.name == "native":
            from glassnet import _core

            return _core.is_finite(X, getattr(engine, "threads", 1))
    with np.errstate(over="ignore", invalid="ignore"):
        return bool(np.isfinite(X.sum()))
