"""The parameters of logistic regression: what may be set, and which problem a set of them poses."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from numbers import Integral, Real
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import issparse
from sklearn.utils._param_validation import Hidden, Interval, StrOptions

from glassnet.estimators.class_weights import weighted_by_class

SOLVERS = ("lbfgs", "liblinear", "newton-cg", "newton-cholesky", "sag", "saga")

PARAMETER_CONSTRAINTS: dict[str, list[Any]] = {
    "penalty": [StrOptions({"l1", "l2", "elasticnet"}), None, Hidden(StrOptions({"deprecated"}))],
    "C": [Interval(Real, 0, None, closed="right")],
    "l1_ratio": [Interval(Real, 0, 1, closed="both"), None],
    "dual": ["boolean"],
    "tol": [Interval(Real, 0, None, closed="left")],
    "fit_intercept": ["boolean"],
    "intercept_scaling": [Interval(Real, 0, None, closed="neither")],
    "class_weight": [dict, StrOptions({"balanced"}), None],
    "random_state": ["random_state"],
    "solver": [StrOptions(set(SOLVERS))],
    "max_iter": [Interval(Real, 0, None, closed="left")],
    "verbose": ["verbose"],
    "warm_start": ["boolean"],
    "n_jobs": [None, Integral],
    "n_threads": [Interval(Integral, 1, None, closed="left"), None],
    "multi_class": [StrOptions({"auto", "ovr", "multinomial"})],
}


@dataclass(frozen=True)
class Penalty:
    """The penalty that the parameters mean.

    Attributes
    ----------
    C : float
        Inverse of its strength; infinite without penalty.
    l1_ratio : float
        Share of the L1 norm in it.
    """

    C: float
    l1_ratio: float


def penalty_of(estimator: Any) -> Penalty:
    """Return the penalty; warn of deprecated ways to ask for it, refuse what no solver does.

    The rules are scikit-learn 1.9's.
    """
    C, l1_ratio = float(estimator.C), estimator.l1_ratio
    if l1_ratio is None:
        warnings.warn(
            "'l1_ratio=None' was deprecated in scikit-learn 1.8: leave it at 0 for the L2 penalty.",
            FutureWarning,
            stacklevel=4,
        )
        l1_ratio = 0.0
    if estimator.penalty != "deprecated":
        C, l1_ratio = _old_penalty(estimator, C, l1_ratio)
    if estimator.n_jobs is not None:
        warnings.warn(
            f"'n_jobs' has no effect and is deprecated; leave n_jobs={estimator.n_jobs} out.",
            FutureWarning,
            stacklevel=4,
        )
    check_solver(estimator.solver, estimator.dual, C, l1_ratio)
    return Penalty(C, float(l1_ratio))


def _old_penalty(estimator: Any, C: float, l1_ratio: float) -> tuple[float, float]:
    """Translate the deprecated parameter `penalty` to (C, l1_ratio).

    The warnings begin as scikit-learn's do, since scripts silence those by their text.
    """
    penalty = estimator.penalty
    warnings.warn(
        f"'penalty' was deprecated in scikit-learn 1.8, got penalty={penalty!r}: use l1_ratio=0 "
        "for 'l2', l1_ratio=1 for 'l1', an l1_ratio between for 'elasticnet', and C=np.inf for "
        "None.",
        FutureWarning,
        stacklevel=5,
    )
    if penalty == "elasticnet":
        if estimator.l1_ratio is None:
            raise ValueError("penalty='elasticnet' needs an l1_ratio between 0 and 1.")
        return C, l1_ratio
    meant = 1.0 if penalty == "l1" else 0.0
    if penalty is not None and l1_ratio != meant:
        clash = (
            f"l1_ratio parameter is only used when penalty is 'elasticnet'. Got (penalty={penalty})"
            if 0 < l1_ratio < 1
            else f"Inconsistent values: penalty={penalty} with l1_ratio={l1_ratio}"
        )
        warnings.warn(f"{clash}; set l1_ratio={meant:g} alone.", stacklevel=5)
    if penalty is None:
        if C != 1.0:
            warnings.warn(
                f"Setting penalty=None will ignore the C={C:g} given; set C=np.inf alone.",
                stacklevel=5,
            )
        C = np.inf
    return C, meant


def check_solver(solver: str, dual: bool, C: float, l1_ratio: float) -> None:
    """Refuse combinations that scikit-learn refuses."""
    if 0 < l1_ratio < 1 and solver != "saga":
        raise ValueError(
            f"An elastic net (l1_ratio={l1_ratio:g}) needs solver='saga', got solver={solver!r}."
        )
    if l1_ratio == 1 and solver not in ("liblinear", "saga"):
        raise ValueError(
            "The L1 penalty (l1_ratio=1) needs solver='liblinear' or 'saga', "
            f"got solver={solver!r}."
        )
    if dual and (solver != "liblinear" or l1_ratio != 0):
        raise ValueError(
            "dual=True exists for solver='liblinear' with the L2 penalty alone, "
            f"got solver={solver!r}, l1_ratio={l1_ratio:g}."
        )
    if solver == "liblinear" and np.isinf(C):
        raise ValueError(
            "solver='liblinear' needs a penalty, got C=np.inf; choose another solver's name."
        )


def check_indices(solver: str, X: Any) -> None:
    """Refuse sparse rows with 64-bit indices where scikit-learn's solver of that name does.

    Ours could read them; but scripts rely on the error, which saves them from a matrix that another
    machine's scikit-learn cannot read.

    Raises
    ------
    ValueError
        If they are.
    """
    if solver not in ("liblinear", "sag", "saga") or not issparse(X):
        return
    for name in ("indices", "indptr", "row", "col"):
        kind = getattr(getattr(X, name, None), "dtype", None)
        if kind == np.int64:
            raise ValueError(
                f"Only sparse matrices with 32-bit integer indices are accepted by "
                f"solver={solver!r}, and {name} is of 64 bits. Take solver='lbfgs', or convert "
                "them: X.indices, X.indptr = X.indices.astype('int32'), X.indptr.astype('int32')."
            )


def check_liblinear_range(X: Any) -> None:
    """Refuse values whose squares sum up beyond what a Newton step can use, as liblinear does."""
    if X.max() > 1e30:
        raise ValueError(
            "Using the 'liblinear' solver while X contains a maximum value > 1e30 results in a "
            "frozen fit. Please choose another solver or rescale the input X."
        )


_NOT_CONVERGED = {
    "lbfgs": "lbfgs failed to converge.",
    "liblinear": "Liblinear failed to converge, increase the number of iterations.",
    "newton-cg": "newton-cg failed to converge. Increase the number of iterations.",
    "newton-cholesky": "Newton solver did not converge after {max_iter} iterations.",
    "sag": "The max_iter was reached which means the coef_ did not converge.",
    "saga": "The max_iter was reached which means the coef_ did not converge.",
}


def not_converged(solver: str, max_iter: int) -> str:
    """Return the first words of a ConvergenceWarning.

    They are those of scikit-learn's solver of that name, since scripts silence it by its text.
    """
    return _NOT_CONVERGED[solver].format(max_iter=max_iter)


def iterations_of(max_iter: float) -> int:
    """Return max_iter as an int; it may be a float of an integral value such as 200.0."""
    if max_iter != int(max_iter):
        raise ValueError(f"max_iter must be a whole number, got {max_iter}.")
    return int(max_iter)


def found_before(
    estimator: Any, d: int, q: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]] | None:
    """Return the coefs (q, d) and intercepts (q,) that `warm_start` goes on from, or None."""
    coef = getattr(estimator, "coef_", None)
    if not estimator.warm_start or coef is None or coef.shape != (q, d):
        return None
    if issparse(coef):
        coef = coef.toarray()
    return np.array(coef, dtype=np.float64), np.array(estimator.intercept_, dtype=np.float64)


def problem_weights(
    class_weight: Any,
    classes: NDArray[Any],
    y: NDArray[Any],
    sample_weight: NDArray[np.float64] | None,
    one_vs_rest: bool,
) -> list[NDArray[np.float64]]:
    """Return the row weights (n,) of each problem: one a class (one-vs-rest), or only one.

    Class weights multiply sample weights. A dict names the classes' own weights, the same in
    all problems. "balanced" balances what a problem tells apart: in one-vs-rest the class and
    the rest, else all classes.
    """
    weights = np.ones(len(y)) if sample_weight is None else sample_weight
    n_problems = len(classes) if one_vs_rest else 1
    if class_weight is None:
        return [weights] * n_problems
    if class_weight == "balanced" and one_vs_rest:
        return [
            weighted_by_class("balanced", np.array([False, True]), y == label, weights)
            for label in classes
        ]
    return [weighted_by_class(class_weight, classes, y, weights)] * n_problems
