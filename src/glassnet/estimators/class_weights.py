"""Weights of classes, multiplied with those of the rows."""

from __future__ import annotations

__all__ = ["net_weights", "weighted_by_class"]

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.utils import compute_class_weight, compute_sample_weight

from glassnet.estimators.targets import Labels


def weighted_by_class(
    class_weight: Any, classes: NDArray[Any], y: NDArray[Any], weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return row weights (n,) times the weight of each row's class.

    Parameters
    ----------
    class_weight : dict or "balanced"
        "balanced" gives every class the same total; a row of weight 2 counts as two rows there.
    classes : ndarray of shape (k,)
        The classes, sorted.
    y : ndarray of shape (n,)
        The rows' classes.
    weights : ndarray of shape (n,)
        The rows' own weights.
    """
    with np.errstate(divide="ignore", invalid="ignore"):  # rows of weight 0 count for nothing
        factors = _factors(class_weight, classes, y, weights)
        weighted = weights * factors[np.searchsorted(classes, y)]
    return np.where(weights == 0, 0.0, weighted)


def _factors(
    class_weight: Any, classes: NDArray[Any], y: NDArray[Any], weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the weight of each class (k,)."""
    names = classes.tolist()
    if isinstance(class_weight, dict) and class_weight.keys() <= set(names):
        # scikit-learn reads class "1" as the number 1 and does not find it.
        return np.array([class_weight.get(name, 1.0) for name in names], dtype=np.float64)
    factors: NDArray[np.float64] = compute_class_weight(
        class_weight, classes=classes, y=y, sample_weight=weights
    )
    return factors


def net_weights(
    class_weight: Any,
    labels: Labels,
    targets: NDArray[Any],
    weights: NDArray[np.float64] | None,
) -> NDArray[np.float64] | None:
    """Return the row weights (n,) that a net is trained with; None for 1 each.

    Parameters
    ----------
    class_weight : dict, list of dict, "balanced" or None
        A list is for rows of several labels, one dict a label; the weights of a row's labels, on
        or off, are multiplied, as in scikit-learn.
    labels : Labels
        The classes.
    targets : ndarray of bool of shape (n, k)
        The rows' targets.
    weights : ndarray of shape (n,) or None
        The rows' own weights.

    Raises
    ------
    ValueError
        Where a dict names classes that are not there, or a list does not fit.
    """
    if class_weight is None:
        return weights
    own = np.ones(len(targets)) if weights is None else np.asarray(weights, dtype=np.float64)
    if labels.multilabel:
        factors: NDArray[np.float64] = compute_sample_weight(class_weight, targets.astype(int))
        return own * factors
    return weighted_by_class(class_weight, labels.classes, labels.read(targets), own)
