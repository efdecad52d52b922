"""The parameters of the path of logistic regressions: what may be set, and what it means."""

from __future__ import annotations

__all__ = ["PARAMETER_CONSTRAINTS", "Search", "fit_theirs", "is_l2", "path_of_C", "search_of"]

import logging
import warnings
from dataclasses import dataclass
from inspect import signature
from numbers import Integral
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegressionCV
from sklearn.metrics import get_scorer, get_scorer_names
from sklearn.utils._param_validation import Hidden, Interval, StrOptions

from glassnet.estimators.logistic_parameters import (
    PARAMETER_CONSTRAINTS as OF_ONE,
)
from glassnet.estimators.logistic_parameters import check_solver

_WARN = Hidden(StrOptions({"warn"}))

PARAMETER_CONSTRAINTS: dict[str, list[Any]] = {
    name: kinds for name, kinds in OF_ONE.items() if name not in ("C", "l1_ratio", "warm_start")
} | {
    "Cs": [Interval(Integral, 1, None, closed="left"), "array-like"],
    "l1_ratios": ["array-like", None, _WARN],
    "cv": ["cv_object"],
    "penalty": [StrOptions({"l1", "l2", "elasticnet"}), Hidden(StrOptions({"deprecated"}))],
    "scoring": [StrOptions(set(get_scorer_names())), callable, None, _WARN],
    "refit": ["boolean"],
    "use_legacy_attributes": ["boolean", _WARN],
}


@dataclass(frozen=True, eq=False)
class Search:
    """What a search with the L2 penalty is asked for.

    Attributes
    ----------
    Cs : ndarray of shape (c,)
        The values of C.
    l1_ratios : list
        ``[None]``, or what was given: scikit-learn's attributes then have an axis of them.
    scorer : callable or None
        Who scores; None for the accuracy.
    legacy : bool
        Whether attributes are as before scikit-learn 1.10.
    """

    Cs: NDArray[np.float64]
    l1_ratios: list[Any]
    scorer: Any
    legacy: bool

    @property
    def has_ratios(self) -> bool:
        """Whether l1_ratios were given."""
        return self.l1_ratios[0] is not None


def path_of_C(Cs: Any) -> NDArray[np.float64]:
    """Return the values of C: those given, or so many between 1e-4 and 1e4."""
    if isinstance(Cs, Integral):
        return np.logspace(-4, 4, int(Cs))
    values = np.asarray(Cs, dtype=np.float64)
    if values.ndim != 1 or not len(values) or not (values > 0).all():
        raise ValueError(
            f"Cs must be a number of values or a list of positive ones, got {Cs!r}; np.inf stands "
            "for no penalty."
        )
    return values


def is_l2(estimator: Any) -> bool:
    """Say whether the penalty has no L1 norm, whichever parameter says so."""
    if estimator.penalty != "deprecated":
        return bool(estimator.penalty == "l2")
    ratios = estimator.l1_ratios
    if ratios is None or isinstance(ratios, str):
        return True
    return bool(np.all(np.asarray(ratios, dtype=object) == 0))


def search_of(estimator: Any) -> Search:
    """Return what the parameters ask for; warn of those that scikit-learn will change.

    The warnings begin as scikit-learn's do, since scripts silence those by their text.
    """
    ratios = estimator.l1_ratios
    if isinstance(ratios, str):
        _warn(
            "The default value for l1_ratios will change from None to (0.0,) in version 1.10 of "
            "scikit-learn; set l1_ratios=(0,)."
        )
        ratios = None
    elif ratios is None and estimator.penalty == "deprecated":
        _warn("'l1_ratios=None' was deprecated in scikit-learn 1.8: set l1_ratios=(0,).")
    if estimator.penalty != "deprecated":
        _warn("'penalty' was deprecated in scikit-learn 1.8: set l1_ratios=(0,) for 'l2'.")
        if ratios is not None:
            warnings.warn(
                "l1_ratios parameter is only used when penalty is 'elasticnet'. Got "
                f"(penalty={estimator.penalty}); set l1_ratios=(0,) alone.",
                stacklevel=4,
            )
    if ratios is not None and not len(ratios):
        raise ValueError("l1_ratios must not be empty; l1_ratios=(0,) is the L2 penalty.")
    scoring = estimator.scoring
    if isinstance(scoring, str) and scoring == "warn":
        _warn(
            "The default value of the parameter 'scoring' will change from None, i.e. accuracy, to "
            "'neg_log_loss' in version 1.11 of scikit-learn; set scoring='accuracy' to keep it."
        )
        scoring = None
    legacy = estimator.use_legacy_attributes
    if isinstance(legacy, str):
        _warn(
            "The fitted attributes of LogisticRegressionCV will be simplified in scikit-learn "
            "1.10. The default value of use_legacy_attributes will change from True to False; set "
            "one of them."
        )
        legacy = True
    Cs = path_of_C(estimator.Cs)
    check_solver(estimator.solver, estimator.dual, float(Cs.max()), 0.0)
    return Search(
        Cs,
        [None] if ratios is None else list(ratios),
        None if scoring in (None, "accuracy") else get_scorer(scoring),
        bool(legacy),
    )


def _warn(text: str) -> None:
    warnings.warn(text, FutureWarning, stacklevel=5)


def fit_theirs(
    estimator: Any, X: Any, y: Any, sample_weight: Any, parameters: dict[str, Any]
) -> dict[str, Any]:
    """Search with an L1 norm by scikit-learn's own class; return the attributes it finds.

    Raises
    ------
    ValueError
        Where neither it nor we know how: one-vs-rest of several classes.
    """
    if estimator.multi_class == "ovr" and len(np.unique(np.asarray(y))) > 2:
        raise ValueError(
            "multi_class='ovr' is there for the L2 penalty (l1_ratios=(0,)); for an L1 norm wrap "
            "sklearn.linear_model.LogisticRegressionCV in OneVsRestClassifier."
        )
    known = signature(LogisticRegressionCV).parameters
    own = {name: value for name, value in estimator.get_params().items() if name in known}
    own["max_iter"] = int(own["max_iter"])
    logging.getLogger("glassnet").info(
        "LogisticRegressionCV with an L1 norm is left to scikit-learn's %s", estimator.solver
    )
    theirs = LogisticRegressionCV(**own).fit(X, y, sample_weight, **parameters)
    return {
        name: value
        for name, value in vars(theirs).items()
        if name.endswith("_") and not name.startswith("_")
    }
