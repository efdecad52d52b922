"""Logistic regression with an L1 norm in its penalty, left to scikit-learn's own solvers."""

from __future__ import annotations

import logging
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

# What scikit-learn's solvers of the L1 penalty are not given: it is ours, out of use, or seen to.
_OURS = {
    "penalty",
    "multi_class",
    "n_jobs",
    "n_threads",
    "class_weight",
    "warm_start",
    "dual",
}


def fit_l1(
    X: Any,
    targets: list[NDArray[Any]],
    weights: list[NDArray[np.float64]],
    starts: tuple[NDArray[Any], NDArray[Any]] | None,
    **parameters: Any,
) -> tuple[NDArray[Any], NDArray[Any], NDArray[np.int32]]:
    """Solve each problem by `sklearn.linear_model.LogisticRegression`.

    Parameters
    ----------
    X : ndarray or CSR matrix of shape (n, d)
        The rows.
    targets : list of ndarray of shape (n,)
        The labels of each problem.
    weights : list of ndarray of shape (n,)
        The row weights of each problem.
    starts : tuple of ndarray (k, d) and ndarray (k,), or None
        Coefs and intercepts of all problems to start from, where the solver can.
    **parameters
        Of our estimator.

    Returns
    -------
    coef : ndarray of shape (k, d)
        Coefs of all problems, one below the other.
    intercept : ndarray of shape (k,)
        Intercepts.
    n_iter : ndarray of int
        Iterations of each problem.
    """
    logging.getLogger("glassnet").info(
        "LogisticRegression with l1_ratio=%g is left to scikit-learn's %s",
        parameters["l1_ratio"],
        parameters["solver"],
    )
    parameters = {name: value for name, value in parameters.items() if name not in _OURS}
    fits = []
    for i, (y, row_weights) in enumerate(zip(targets, weights, strict=True)):
        problem = LogisticRegression(**parameters, warm_start=starts is not None)
        if starts is not None:  # found there as if the problem had been fitted before
            own = slice(None) if len(targets) == 1 else slice(i, i + 1)
            problem.coef_, problem.intercept_ = (part[own] for part in starts)
        fits.append(problem.fit(X, y, sample_weight=row_weights))
    return (
        np.concatenate([fit.coef_ for fit in fits]),
        np.concatenate([np.atleast_1d(fit.intercept_) for fit in fits]),
        np.concatenate([fit.n_iter_ for fit in fits]),
    )
