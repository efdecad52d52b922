"""Scores of the logistic regressions along a path, on the rows that their folds leave out."""

from __future__ import annotations

__all__ = ["knows_classes", "path_scores"]

import copy
from collections.abc import Callable, Sequence
from inspect import signature
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.utils.validation import _check_method_params

from glassnet.estimators.logistic_regression import LogisticRegression


def knows_classes(scorer: Any, classes: NDArray[Any]) -> Any:
    """Return a scorer that knows all classes, where it asks: a fold need not have them.

    Of two, the second is the positive one for measures that ask for that.
    """
    measure = getattr(scorer, "_score_func", None)
    names = signature(measure).parameters if measure is not None else {}
    if "labels" not in names:
        return scorer
    told: dict[str, Any] = {"labels": classes}
    if len(classes) == 2 and "pos_label" in names:
        told["pos_label"] = classes[-1]
    informed = copy.copy(scorer)
    informed._kwargs = told | getattr(scorer, "_kwargs", {})
    return informed


def path_scores(
    model: LogisticRegression,
    scorer: Callable[..., float] | None,
    coefs: NDArray[np.float64],
    X: Any,
    y: NDArray[Any],
    folds: Sequence[NDArray[np.intp]],
    parameters: dict[str, Any],
) -> NDArray[np.float64]:
    """Return the score of each fold and C (f, c).

    Parameters
    ----------
    model : LogisticRegression
        With its `classes_`; it gets the coefs in turn.
    scorer : callable or None
        ``scorer(model, X, y, **parameters)``; None for the accuracy, of which the scores of all
        C are one product.
    coefs : ndarray of shape (f, c, q, d + 1)
        Coefs, and the intercept last.
    X, y : ndarray or CSR matrix of shape (n, d) and ndarray of shape (n,)
        All rows.
    folds : sequence of ndarray of int
        The rows that each fold leaves out.
    parameters : dict
        For the scorer; what has an element a row is cut to the fold's.
    """
    scores = np.empty(coefs.shape[:2])
    for fold, rows in enumerate(folds):
        own = _check_method_params(X=X, params=parameters, indices=rows)
        if scorer is None:
            weights = own.get("sample_weight")
            scores[fold] = _accuracies(model.classes_, coefs[fold], X[rows], y[rows], weights)
            continue
        X_test, y_test = X[rows], y[rows]
        for i, each in enumerate(coefs[fold]):
            model.coef_, model.intercept_ = each[:, :-1], each[:, -1]
            scores[fold, i] = scorer(model, X_test, y_test, **own)
    return scores


def _accuracies(
    classes: NDArray[Any],
    coefs: NDArray[np.float64],
    X: Any,
    y: NDArray[Any],
    weights: NDArray[Any] | None,
) -> NDArray[np.float64]:
    """Return the accuracy on some rows for each C (c,)."""
    c, q, _ = coefs.shape
    stacked = coefs.reshape(c * q, -1)
    Z = (X @ stacked[:, :-1].T + stacked[:, -1]).reshape(-1, c, q)
    best = (Z[..., 0] > 0).astype(np.intp) if q == 1 else Z.argmax(axis=2)
    right = classes[best] == y[:, None]
    accuracies: NDArray[np.float64] = np.average(right, axis=0, weights=weights)
    return accuracies
