"""What several Displays ask of their input, checked in one place."""

from __future__ import annotations

__all__ = [
    "as_pictures",
    "chosen_rows",
    "first_layer",
    "names_of_features",
    "opened",
    "printed_labels",
]

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import scipy.sparse
from sklearn.pipeline import Pipeline
from sklearn.utils import check_random_state

from glassnet.errors import DataError
from glassnet.evaluation.labels import class_positions, names_of
from glassnet.evaluation.net import FittedNet

if TYPE_CHECKING:
    from glassnet.data import ImageShape


def as_pictures(X: Any, image: ImageShape | None, what: str) -> npt.NDArray[Any]:
    """Return rows of X as upright pictures.

    Raises
    ------
    DataError
        If no image shape is known or it does not fit.
    """
    if image is None:
        raise DataError(
            f"{what} needs rows that are pictures, and no image shape is known: give "
            "image=ImageShape(height, width), or leave this picture out for a table."
        )
    return np.asarray(image.to_images(np.asarray(X)))


def chosen_rows(
    n: int, n_images: int, rows: npt.ArrayLike | None, random_state: Any
) -> npt.NDArray[np.intp]:
    """Return the rows to show: those asked for, else a random sample without replacement.

    Raises
    ------
    DataError
        If there is nothing to show or a row does not exist.
    """
    if rows is None:
        if n < 1 or n_images < 1:
            raise DataError(f"There is nothing to show: {n_images} pictures of {n} rows.")
        sample = check_random_state(random_state).choice(n, min(n, n_images), replace=False)
        return np.asarray(sample, dtype=np.intp)
    chosen = np.asarray(rows, dtype=np.intp).ravel()
    if not chosen.size:
        raise DataError("There is nothing to show: the list of rows is empty.")
    if chosen.min() < 0 or chosen.max() >= n:
        outside = chosen[(chosen < 0) | (chosen >= n)][0]
        raise DataError(f"Row {outside} does not exist: the rows are numbered 0 to {n - 1}.")
    return chosen


def printed_labels(
    y: npt.ArrayLike, classes: npt.ArrayLike | None, class_names: Sequence[str] | None
) -> tuple[str, ...]:
    """Return what to print for each label: its class name where those are given."""
    if class_names is None:
        return tuple(str(label) for label in np.asarray(y))
    if classes is None:
        raise DataError("Class names need `classes`, the labels that they belong to.")
    names = names_of(classes, class_names)
    return tuple(names[i] for i in class_positions(y, classes, "the labels"))


def first_layer(estimator: Any) -> npt.NDArray[np.float64]:
    """Return the weights (d, h) from the features into the first hidden layer.

    Raises
    ------
    DataError
        If the estimator has no ``coefs_`` of a net: it is not one, or is not fitted.
    """
    coefs = getattr(estimator, "coefs_", None)
    if not coefs:
        raise DataError(
            f"{type(estimator).__name__} has no coefs_: only a fitted neural net has hidden units."
        )
    return np.asarray(coefs[0], dtype=np.float64)


def opened(estimator: Any, X: Any) -> tuple[FittedNet, Any]:
    """Return the net that an estimator is or ends in, and rows as that net takes them.

    Parameters
    ----------
    estimator : object
        A fitted net: ours, scikit-learn's, or a pipeline that ends in one.
    X : array-like or sparse matrix (n, d)
        Rows as the estimator takes them.

    Raises
    ------
    DataError
        If there is no fitted net, or it does not tell classes apart.
    """
    net = estimator
    if isinstance(estimator, Pipeline):
        net = estimator[-1]
        X = estimator[:-1].transform(X) if len(estimator) > 1 else X
    if not getattr(net, "coefs_", None) or not hasattr(net, "out_activation_"):
        raise DataError(
            f"{type(net).__name__} has no coefs_: only a fitted neural net can be looked into."
        )
    if not scipy.sparse.issparse(X):
        X = np.asarray(X)
    found = FittedNet.of(
        net.coefs_, net.intercepts_, activation=net.activation, output=net.out_activation_
    )
    return found, X


def names_of_features(names: Sequence[str] | None, d: int) -> tuple[str, ...]:
    """Return what to call d features, by default ``x0``, ``x1``, …

    Raises
    ------
    DataError
        If the names are not as many.
    """
    if names is None:
        return tuple(f"x{i}" for i in range(d))
    if len(names) != d:
        raise DataError(f"{len(names)} feature names were given for {d} features.")
    return tuple(map(str, names))
