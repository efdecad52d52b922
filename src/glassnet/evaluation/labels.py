"""Labels as positions in the list of classes, checked once for every function of this floor."""

from __future__ import annotations

__all__ = ["class_positions", "names_of", "probabilities_of"]

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from glassnet.errors import DataError


def class_positions(
    y: npt.ArrayLike, classes: npt.ArrayLike, what: str, *, rows: int | None = None
) -> npt.NDArray[np.intp]:
    """Return where each label stands in ``classes``.

    Parameters
    ----------
    y : array-like (n,)
        Labels.
    classes : array-like (k,)
        The distinct labels.
    what : str
        What ``y`` is, for the error's sentence.
    rows : int, optional
        The length that ``y`` must have.

    Returns
    -------
    ndarray (n,) of int
        Positions in 0..k-1.

    Raises
    ------
    DataError
        If ``y`` is not one-dimensional, has another length, or holds a label not in ``classes``.
    """
    labels = np.asarray(y)
    if labels.ndim != 1:
        raise DataError(f"{what} must be one label a row, but their shape is {labels.shape}.")
    if rows is not None and len(labels) != rows:
        raise DataError(
            f"{what} are {len(labels)} but the other labels are {rows}: give one for each row."
        )
    positions = pd.Index(np.asarray(classes)).get_indexer(pd.Index(labels))
    unknown = np.flatnonzero(positions < 0)
    if unknown.size:
        raise DataError(
            f"{what} hold {labels[unknown[0]]!s} (row {unknown[0]}), which is none of the "
            f"{np.size(classes)} classes; give all labels in `classes`."
        )
    return positions


def names_of(classes: npt.ArrayLike, class_names: Sequence[str] | None) -> tuple[str, ...]:
    """Return what to call each class in print: ``class_names``, or else the labels themselves.

    Raises
    ------
    DataError
        If the names are not as many as the classes.
    """
    labels = np.asarray(classes)
    if class_names is None:
        return tuple(str(label) for label in labels)
    if len(class_names) != len(labels):
        raise DataError(f"{len(class_names)} class names were given for {len(labels)} classes.")
    return tuple(str(name) for name in class_names)


def probabilities_of(
    y: npt.ArrayLike,
    probabilities: npt.ArrayLike,
    classes: npt.ArrayLike | None,
    class_names: Sequence[str] | None = None,
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.float64], tuple[str, ...]]:
    """Check probabilities against the labels that they are of.

    Parameters
    ----------
    y : array-like (n,)
        Labels.
    probabilities : array-like (n, k)
        Columns in the order of ``classes``.
    classes : array-like (k,), optional
        The labels; by default 0..k-1.
    class_names : sequence of str (k,), optional
        What to call them.

    Returns
    -------
    positions : ndarray (n,) of int
        Of the labels in ``classes``.
    probabilities : ndarray (n, k)
    names : tuple of str (k,)

    Raises
    ------
    DataError
        If they do not fit each other, or a value is not within [0, 1].
    """
    p = np.asarray(probabilities, dtype=np.float64)
    if p.ndim != 2:
        raise DataError(f"Probabilities are (n, k), a column a class, not {p.shape}.")
    labels = np.arange(p.shape[1]) if classes is None else np.asarray(classes)
    names = names_of(labels, class_names)
    positions = class_positions(y, labels, "the true labels")
    if p.shape != (len(positions), len(names)):
        raise DataError(
            f"The probabilities have shape {p.shape}, but {len(positions)} rows and "
            f"{len(names)} classes need {(len(positions), len(names))}."
        )
    if p.size and not (p.min() >= 0 and p.max() <= 1 + 1e-6):  # NaN fails too
        raise DataError("Probabilities lie within 0 and 1; these do not.")
    return positions, p, names
