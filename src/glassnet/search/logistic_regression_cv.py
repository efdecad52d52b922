"""Logistic regression whose C is found by cross-validation, all folds solved together."""

from __future__ import annotations

import warnings
from typing import Any, ClassVar, final

import numpy as np
import scipy.sparse as sp
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, _fit_context
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import get_scorer
from sklearn.model_selection import check_cv
from sklearn.utils import Bunch
from sklearn.utils.metadata_routing import (
    UNUSED,
    MetadataRouter,
    MethodMapping,
    _raise_for_params,
    _routing_enabled,
    process_routing,
)
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import _check_sample_weight

from glassnet.estimators.checks import checked
from glassnet.estimators.logistic_parameters import (
    check_liblinear_range,
    iterations_of,
    not_converged,
    problem_weights,
)
from glassnet.estimators.logistic_predicting import LogisticPredictions
from glassnet.estimators.logistic_regression import LogisticRegression
from glassnet.evaluation.certificate import Certificate
from glassnet.search.logistic_cv_parameters import (
    PARAMETER_CONSTRAINTS,
    Search,
    fit_theirs,
    is_l2,
    search_of,
)
from glassnet.search.logistic_path import Path, Problems, follow_all
from glassnet.search.logistic_results import Best, attributes_of, best_of
from glassnet.search.logistic_scoring import knows_classes, path_scores
from glassnet.training import Newton

__all__ = ["LogisticRegressionCV"]

# The last solution begins near the optimum, maybe nearer than `tol` asks, and should not depend on
# where it begins; an iteration more takes it as far as float64 allows.
_FINAL_TOL = 1e-7


@final
class LogisticRegressionCV(LogisticPredictions, BaseEstimator):
    """Logistic regression whose C is found by cross-validation, all folds solved together.

    For each C, beginning with the smallest, the problems of all folds (and of all classes,
    one-vs-rest) are one population that shares the rows; each is started at its own solution of
    the C before. It has scikit-learn 1.9's parameters and attributes, `multi_class`, `n_threads`
    and `certificate_`, and solves to the accuracy of float64 what `LogisticRegression` solves. All
    classes have the same C.

    Parameters
    ----------
    Cs : int or array-like of float, default=10
        Inverse strengths of the penalty to try; an int for so many, evenly spaced in their
        logarithm, from 1e-4 to 1e4. np.inf stands for no penalty.
    l1_ratios : array-like of float or None, default=None
        Shares of the L1 norm in the penalty to try. With any but 0 the search is handed to
        `sklearn.linear_model.LogisticRegressionCV`, and there is no certificate. None means
        ``(0,)`` and leaves the axis of ratios out of attributes; scikit-learn deprecates it.
    fit_intercept : bool, default=True
        Whether there is an intercept.
    cv : int, splitter, iterable or None, default=None
        Folds, as scikit-learn has them; None is 5, stratified.
    dual : bool, default=False
        Accepted for solver='liblinear'; the dual problem has the same solution.
    penalty : {'l1', 'l2', 'elasticnet'}, default='l2'
        Deprecated as in scikit-learn 1.8: use `l1_ratios` and `Cs`.
    scoring : str, callable or None, default=None
        Score of the rows left out; more is better. None is the accuracy; from scikit-learn 1.11
        it will be 'neg_log_loss'.
    solver : {'lbfgs', 'liblinear', 'newton-cg', 'newton-cholesky', 'sag', 'saga'}, \
            default='lbfgs'
        The name chooses the problem, not the algorithm: 'liblinear' means liblinear's, whose
        intercept is penalised, and the others the problem with a free intercept.
    tol : float, default=1e-4
        Where a solution is exact enough; see `LogisticRegression`.
    max_iter : int, default=100
        Most iterations for each C; a float of integral value is accepted.
    class_weight : dict, 'balanced' or None, default=None
        Weight of each class, multiplied with the rows'. 'balanced' is that of all rows, the same
        on every fold.
    n_jobs : int or None, default=None
        Jobs of joblib, each with its share of the folds. None is one, which uses all cores.
    verbose : int, default=0
        Whether to print a line for each C.
    refit : bool, default=True
        Whether to solve the problem of all rows for the C whose mean score is best. Otherwise C,
        coefs and intercepts are means over folds, of what scored best on each.
    intercept_scaling : float, default=1.0
        For solver='liblinear': the intercept b is penalised as ``(b / intercept_scaling)² / 2``.
    random_state : int, RandomState or None, default=None
        Used by scikit-learn's solvers where there is an L1 norm.
    use_legacy_attributes : bool, default=True
        Whether attributes are as before scikit-learn 1.10, which changes the default.
    multi_class : {'auto', 'ovr', 'multinomial'}, default='auto'
        How several classes are told apart; see `LogisticRegression`.
    n_threads : int or None, default=None
        Threads of each job; None for the cores it may use. No result depends on it.

    Attributes
    ----------
    classes_ : ndarray of shape (k,)
        Class labels.
    coef_ : ndarray of shape (k, d), or (1, d) for two classes
        Weights of the features, float64.
    intercept_ : ndarray of shape (k,) or (1,)
        Intercepts.
    Cs_ : ndarray of shape (c,)
        The values of C.
    l1_ratios_ : ndarray of shape (r,)
        The shares of the L1 norm; ``[None]`` where none were given.
    C_ : float, or ndarray of shape (k,) or (1,) of the same values (legacy)
        The best C; with ``refit=False`` the mean over folds.
    l1_ratio_ : float, or ndarray of shape (k,) or (1,) of the same values (legacy)
        The best share of the L1 norm.
    scores_ : ndarray of shape (f, r, c)
        Score of each of f folds for each ratio and C. Legacy: a dict with the same scores of shape
        (f, c), or (f, c, r) where l1_ratios were given, for each class (of two, the second).
    coefs_paths_ : ndarray of shape (f, r, c, k, d + 1), or d without intercept
        Coefs, and the intercept last; of two classes, the second's. Legacy: a dict with shapes
        (f, c, d + 1) or (f, c, r, d + 1) for each class.
    n_iter_ : ndarray of int of shape (f, r, c)
        Iterations; for one-vs-rest those of the class that took most. Legacy: of shape (1, f, c)
        or (1, f, c, r), and for one-vs-rest (k, f, c) or (k, f, c, r).
    certificate_ : Certificate or None
        That of the final solution; None with ``refit=False`` or an L1 norm.
    n_features_in_, feature_names_in_
        As in scikit-learn.

    References
    ----------
    J. Friedman, T. Hastie, R. Tibshirani, "Regularization paths for generalized linear models via
    coordinate descent", Journal of Statistical Software 33, 2010.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from glassnet import LogisticRegressionCV
    >>> X, y = load_iris(return_X_y=True)
    >>> model = LogisticRegressionCV(
    ...     Cs=[0.01, 1, 100], l1_ratios=(0,), scoring="neg_log_loss", use_legacy_attributes=False
    ... ).fit(X, y)
    >>> model.C_, model.scores_.shape
    (100.0, (5, 1, 3))
    >>> model.certificate_.proves_all
    True
    """

    # It is deprecated as a positional argument; by name it is seen to in `score`.
    __metadata_request__score: ClassVar[dict[str, Any]] = {"sample_weight": UNUSED}
    _parameter_constraints = PARAMETER_CONSTRAINTS

    def __init__(
        self,
        *,
        Cs: int | ArrayLike = 10,
        l1_ratios: ArrayLike | None = "warn",
        fit_intercept: bool = True,
        cv: Any = None,
        dual: bool = False,
        penalty: str = "deprecated",
        scoring: Any = "warn",
        solver: str = "lbfgs",
        tol: float = 1e-4,
        max_iter: float = 100,
        class_weight: Any = None,
        n_jobs: int | None = None,
        verbose: int = 0,
        refit: bool = True,
        intercept_scaling: float = 1.0,
        random_state: int | np.random.RandomState | None = None,
        use_legacy_attributes: bool | str = "warn",
        multi_class: str = "auto",
        n_threads: int | None = None,
    ) -> None:
        self.Cs = Cs
        self.l1_ratios = l1_ratios
        self.fit_intercept = fit_intercept
        self.cv = cv
        self.dual = dual
        self.penalty = penalty
        self.scoring = scoring
        self.solver = solver
        self.tol = tol
        self.max_iter = max_iter
        self.class_weight = class_weight
        self.n_jobs = n_jobs
        self.verbose = verbose
        self.refit = refit
        self.intercept_scaling = intercept_scaling
        self.random_state = random_state
        self.use_legacy_attributes = use_legacy_attributes
        self.multi_class = multi_class
        self.n_threads = n_threads

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(
        self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None, **params: Any
    ) -> LogisticRegressionCV:
        """Find the best C, and fit to all rows with it.

        Parameters
        ----------
        X : array-like or sparse matrix of shape (n, d)
            The rows. A sparse matrix stays sparse.
        y : array-like of shape (n,)
            Their labels.
        sample_weight : array-like of shape (n,), default=None
            Weight of each row, not negative, in training and in scores; None for 1 each.
        **params : dict
            For the splitter and the scorer, with scikit-learn's metadata routing.

        Returns
        -------
        LogisticRegressionCV
            The model itself.

        Raises
        ------
        ValueError
            Where the rows or the parameters cannot be used.
        """
        _raise_for_params(params, self, "fit")
        if not is_l2(self):
            return self._adopt_theirs(X, y, sample_weight, params)
        search, max_iter = search_of(self), iterations_of(self.max_iter)
        rows, labels = checked(self, X, y, reset=True, multi_output=False)
        rows = rows.tocsr() if sp.issparse(rows) else np.ascontiguousarray(rows)
        rows = rows.astype(np.float64, copy=False)
        check_classification_targets(labels)
        if self.solver == "liblinear":
            check_liblinear_range(rows)
        self.classes_ = np.unique(labels)
        if len(self.classes_) < 2:
            raise ValueError(
                "Logistic regression needs rows of at least two classes, but there is only one "
                f"class: {self.classes_[0]}."
            )
        weights = None
        if sample_weight is not None:
            weights = _check_sample_weight(
                sample_weight, rows, dtype=np.float64, ensure_non_negative=True
            )
        routed = self._routed(weights, params)
        splitter = check_cv(self.cv, labels, classifier=True)
        splits = [
            tuple(np.arange(len(labels))[part] for part in split)  # masks become positions
            for split in splitter.split(rows, labels, **routed.splitter.split)
        ]
        problems = self._problems(search, rows, labels, weights, max_iter)
        path = follow_all(
            problems,
            [train for train, _ in splits],
            n_jobs=self.n_jobs,
            n_threads=self.n_threads,
            verbose=bool(self.verbose),
        )
        scores = path_scores(
            self._model(),
            None if search.scorer is None else knows_classes(search.scorer, self.classes_),
            path.coefs,
            rows,
            labels,
            [test for _, test in splits],
            routed.scorer.score,
        )
        best = best_of(search.Cs, scores, path.coefs, refit=self.refit)
        self._conclude(search, path, scores, best, (rows, labels, weights))
        return self

    def _problems(
        self,
        search: Search,
        X: Any,
        y: NDArray[Any],
        weights: NDArray[np.float64] | None,
        max_iter: int,
    ) -> Problems:
        """Return what is minimised on every fold."""
        classes = self.classes_
        one_vs_rest = len(classes) == 2 or self._one_vs_rest()
        targets = classes if len(classes) > 2 else classes[1:]
        each_class = one_vs_rest and len(classes) > 2
        scaling = self.intercept_scaling
        return Problems(
            X,
            (y[:, None] == targets).astype(np.float64),
            problem_weights(self.class_weight, classes, y, weights, each_class),
            search.Cs,
            Newton(self.fit_intercept, scaling**-2 if self.solver == "liblinear" else 0.0),
            self.tol,
            max_iter,
        )

    def _model(self, **parameters: Any) -> LogisticRegression:
        """Return a logistic regression of this kind that knows the classes."""
        both = set(LogisticRegression().get_params()) & set(self.get_params())
        own = {name: getattr(self, name) for name in both - {"penalty", "n_jobs"}}
        model = LogisticRegression(**(own | parameters))
        model.classes_ = self.classes_
        return model

    def _conclude(
        self,
        search: Search,
        path: Path,
        scores: NDArray[np.float64],
        best: Best,
        data: tuple[Any, NDArray[Any], NDArray[np.float64] | None],
    ) -> None:
        """Set the attributes; fit to all rows where that is asked for."""
        found = attributes_of(search, path, scores, best, self.classes_, self.fit_intercept)
        for name, value in found.items():
            setattr(self, name, value)
        self._warn_unless_converged(path, len(scores))
        self.coef_, self.intercept_ = best.coefs[:, :-1].copy(), best.coefs[:, -1].copy()
        self.certificate_: Certificate | None = None
        if self.refit:
            model = self._model(C=best.C, warm_start=True, verbose=max(0, self.verbose - 1))
            model.tol = min(self.tol, _FINAL_TOL)
            if np.isfinite(best.coefs).all():
                model.coef_, model.intercept_ = self.coef_, self.intercept_
            model.fit(*data)
            self.coef_, self.intercept_ = model.coef_, model.intercept_
            self.certificate_ = model.certificate_

    def _warn_unless_converged(self, path: Path, n_folds: int) -> None:
        if not path.failures:
            return
        C, first = path.failures[0]
        warnings.warn(
            f"{not_converged(self.solver, iterations_of(self.max_iter))} {len(path.failures)} of "
            f"{path.n_iter.size} problems on {n_folds} folds did not converge, the first with "
            f"C={C:g}: {first.message}. Raise max_iter ({self.max_iter}), scale the features or "
            "leave large values out of Cs.",
            ConvergenceWarning,
            stacklevel=5,
        )

    def _adopt_theirs(
        self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None, params: dict[str, Any]
    ) -> LogisticRegressionCV:
        """Leave a search with an L1 norm to scikit-learn."""
        for name, value in fit_theirs(self, X, y, sample_weight, params).items():
            setattr(self, name, value)
        self.certificate_ = None
        return self

    def score(
        self,
        X: ArrayLike,
        y: ArrayLike,
        *,
        sample_weight: ArrayLike | None = None,
        **score_params: Any,
    ) -> float:
        """Return the score of rows by `scoring`, or their accuracy."""
        _raise_for_params(score_params, self, "score")
        if sample_weight is not None:
            score_params["sample_weight"] = sample_weight
        if _routing_enabled():
            score_params = process_routing(self, "score", **score_params).scorer.score
        return float(self._get_scorer()(self, X, y, **score_params))

    def _get_scorer(self) -> Any:
        return get_scorer("accuracy" if self.scoring in (None, "warn") else self.scoring)

    def get_metadata_routing(self) -> MetadataRouter:
        """Return who gets what of `fit`'s and `score`'s further arguments."""
        to_splitter = MethodMapping().add(caller="fit", callee="split")
        to_scorer = MethodMapping().add(caller="score", callee="score")
        to_scorer.add(caller="fit", callee="score")
        router = MetadataRouter(owner=self).add_self_request(self)
        router.add(splitter=self.cv, method_mapping=to_splitter)
        router.add(scorer=self._get_scorer(), method_mapping=to_scorer)
        return router

    def _routed(self, weights: NDArray[np.float64] | None, params: dict[str, Any]) -> Bunch:
        """Return the further arguments of the splitter's and the scorer's methods."""
        if _routing_enabled():
            return process_routing(self, "fit", sample_weight=weights, **params)
        own = params if weights is None else params | {"sample_weight": weights}
        return Bunch(splitter=Bunch(split={}), scorer=Bunch(score=own))
