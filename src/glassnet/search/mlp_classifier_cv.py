"""A search for a net's parameters that trains all candidates together."""

from __future__ import annotations

import warnings
from inspect import signature
from numbers import Integral, Real
from typing import Any, ClassVar, final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin, MetaEstimatorMixin, _fit_context, clone
from sklearn.exceptions import FitFailedWarning
from sklearn.metrics import check_scoring, get_scorer_names
from sklearn.model_selection import check_cv
from sklearn.utils import column_or_1d
from sklearn.utils._param_validation import Interval, StrOptions
from sklearn.utils.validation import _check_sample_weight, check_is_fitted

from glassnet.estimators import MLPClassifier
from glassnet.estimators.checks import checked
from glassnet.estimators.restarts import starts_of
from glassnet.estimators.targets import Labels
from glassnet.search.candidates import DEFAULT_SPACE, Space, candidates
from glassnet.search.halving import Listener, Outcome, search
from glassnet.search.results import best_candidate, cv_results
from glassnet.search.trial import Data, Trial, begin
from glassnet.training import Monitor

__all__ = ["MLPClassifierCV"]


@final
class MLPClassifierCV(ClassifierMixin, MetaEstimatorMixin, BaseEstimator):
    """A net whose parameters are found by cross-validation, all candidates trained together.

    Candidates, folds and random starts of one shape are one population: the engine reads the rows
    once for many nets and has no core idle. With ``halving=None`` and one start each net is the one
    that scikit-learn's `GridSearchCV` over `MLPClassifier` would train, and so are the scores, but
    that folds without a class still know of it. With halving, candidates that are far behind are
    stopped on the way: after 1/9 and 1/3 of their epochs (for the default, 3) the best third goes
    on from where it is. (Jamieson and Talwalkar, "Non-stochastic best arm identification and
    hyperparameter optimization", AISTATS 2016.)

    Nets that stop early by a score, plan their learning rate ('cosine', 'one_cycle') or use 'lbfgs'
    cannot be stopped on the way and go on as they were: they are trained to their end.

    Parameters
    ----------
    space : dict, list of dict or None, default=None
        Lists of values or distributions (with a method `rvs`) for parameters of `MLPClassifier`; a
        list of dicts is the union of their spaces. None tries 3 x 4 x 3 values of
        `hidden_layer_sizes`, `learning_rate_init` and `alpha`.
    estimator : MLPClassifier or None, default=None
        The parameters that all candidates share.
    n_candidates : int or None, default=None
        Candidates to draw from the space; None for every point of a grid.
    cv : int, splitter, iterable or None, default=None
        Folds, as scikit-learn has them; None is 5, stratified.
    scoring : str, callable or None, default=None
        Score of the rows left out; more is better. None is the accuracy.
    n_restarts : int, default=1
        Random starts of every candidate on every fold; their scores are averaged, and their spread
        says how much of a difference is luck. The first has the estimator's `random_state`.
    halving : float or None, default=3
        One candidate in so many goes on after a comparison; None trains all to the end.
    refit : bool, default=True
        Whether to fit the best candidate to all rows.
    return_train_score : bool, default=False
        Whether the rows trained on are scored too.
    random_state : int, RandomState or None, default=None
        Draws candidates.
    n_jobs : int or None, default=None
        Jobs of joblib. None is one, in which the engine uses all cores; it is the fastest on one
        machine. With ``joblib.parallel_config("dask")`` the search spreads over a cluster.
    n_threads : int or None, default=None
        Threads of each job; None for the cores that it may use. No result depends on it.
    verbose : bool, default=False
        Whether to print a line a comparison.

    Attributes
    ----------
    cv_results_ : dict
        One array an aspect, one element a candidate, as `GridSearchCV` has them, and:
        `std_restarts_test_score`, the standard deviation over random starts (mean over folds);
        `rung`, the last comparison that the candidate took part in, from 0; `mean_n_epochs`.
        Candidates that went further rank before those that were stopped.
    best_params_ : dict
        The best candidate.
    best_score_ : float
        Its mean score of the rows left out. As the best of many it is too high by a little.
    best_index_ : int
        Its position.
    best_estimator_ : MLPClassifier
        It, fitted to all rows; with ``refit=False`` there is none.
    classes_ : ndarray of shape (k,)
        Class labels.
    n_splits_ : int
        Folds.
    n_features_in_, feature_names_in_
        As in scikit-learn.

    Examples
    --------
    >>> from sklearn.datasets import load_digits
    >>> X, y = load_digits(return_X_y=True)
    >>> space = {"learning_rate_init": [0.00001, 0.003], "hidden_layer_sizes": [(16,), (32,)]}
    >>> from glassnet import MLPClassifier, MLPClassifierCV
    >>> net = MLPClassifier(max_iter=150, tol=0.001, random_state=0)
    >>> search = MLPClassifierCV(space, estimator=net, cv=3).fit(X / 16, y)
    >>> search.best_params_
    {'hidden_layer_sizes': (32,), 'learning_rate_init': 0.003}
    """

    _parameter_constraints: ClassVar[dict[str, list[Any]]] = {
        "space": [dict, list, tuple, None],
        "estimator": [MLPClassifier, None],
        "n_candidates": [Interval(Integral, 1, None, closed="left"), None],
        "cv": ["cv_object"],
        "scoring": [StrOptions(set(get_scorer_names())), callable, None],
        "n_restarts": [Interval(Integral, 1, None, closed="left")],
        "halving": [Interval(Real, 1, None, closed="neither"), None],
        "refit": ["boolean"],
        "return_train_score": ["boolean"],
        "random_state": ["random_state"],
        "n_jobs": [Integral, None],
        "n_threads": [Interval(Integral, 1, None, closed="left"), None],
        "verbose": ["verbose"],
    }

    def __init__(
        self,
        space: Space | None = None,
        *,
        estimator: MLPClassifier | None = None,
        n_candidates: int | None = None,
        cv: Any = None,
        scoring: Any = None,
        n_restarts: int = 1,
        halving: float | None = 3,
        refit: bool = True,
        return_train_score: bool = False,
        random_state: int | np.random.RandomState | None = None,
        n_jobs: int | None = None,
        n_threads: int | None = None,
        verbose: bool = False,
    ) -> None:
        self.space = space
        self.estimator = estimator
        self.n_candidates = n_candidates
        self.cv = cv
        self.scoring = scoring
        self.n_restarts = n_restarts
        self.halving = halving
        self.refit = refit
        self.return_train_score = return_train_score
        self.random_state = random_state
        self.n_jobs = n_jobs
        self.n_threads = n_threads
        self.verbose = verbose

    @_fit_context(prefer_skip_nested_validation=False)
    def fit(
        self,
        X: ArrayLike,
        y: ArrayLike,
        sample_weight: ArrayLike | None = None,
        *,
        groups: ArrayLike | None = None,
    ) -> MLPClassifierCV:
        """Search, and fit the best candidate to all rows.

        Parameters
        ----------
        X : array-like or sparse matrix of shape (n, d)
            The rows.
        y : array-like of shape (n,) or (n, k)
            Their labels; a 0/1 matrix for several labels a row.
        sample_weight : array-like of shape (n,), default=None
            Weights of the rows, in training and, where the scorer knows weights, in scores.
        groups : array-like of shape (n,), default=None
            Groups that a splitter keeps together.

        Returns
        -------
        MLPClassifierCV
            The search itself. Ctrl-C ends it with what is known by then: `cv_results_` has NaN for
            what was not trained, and the best candidate so far is not fitted to all rows.
        """
        return self.fit_followed(X, y, sample_weight, groups=groups)

    def fit_followed(
        self,
        X: ArrayLike,
        y: ArrayLike,
        sample_weight: ArrayLike | None = None,
        *,
        groups: ArrayLike | None = None,
        listener: Listener | None = None,
        monitor: Monitor | None = None,
        chunk_size: int | None = None,
    ) -> MLPClassifierCV:
        """Fit as `fit` does, while a listener hears of trials and a monitor of epochs.

        The listener hears of at most `chunk_size` trials at once; None is the fastest.
        """
        net = MLPClassifier() if self.estimator is None else self.estimator
        checked_X, checked_y = checked(self, X, y, reset=True)
        if checked_y.ndim == 2 and checked_y.shape[1] == 1:
            checked_y = column_or_1d(checked_y, warn=True)
        labels = Labels.of(checked_y)
        weights = None
        if sample_weight is not None:
            weights = _check_sample_weight(sample_weight, checked_X, dtype=np.float64)
        rows = checked_X.tocsr() if hasattr(checked_X, "tocsr") else checked_X
        scorer = check_scoring(net, self.scoring)
        data = Data(
            rows,
            checked_y,
            labels.targets(checked_y),
            weights,
            weights if weights is not None and _weighs(scorer) else None,
        )
        self.classes_ = labels.classes
        found, trials = self._trials(net, labels, data, groups)
        outcome = search(
            trials,
            data,
            scorer,
            self.halving,
            listener=listener or (_Printer() if self.verbose else None),
            monitor=monitor,
            scores_training=self.return_train_score,
            n_jobs=self.n_jobs,
            n_threads=self.n_threads,
            chunk_size=chunk_size,
        )
        self._conclude(outcome, found)
        if not outcome.is_whole:
            warnings.warn(
                "Search interrupted by user; cv_results_ holds what was trained by then, and the "
                "best candidate was not fitted to all rows.",
                stacklevel=3,
            )
        elif self.refit:
            best = clone(net).set_params(**self.best_params_)
            self.best_estimator_ = best.fit(X, y, sample_weight)
        return self

    def _trials(
        self, net: MLPClassifier, labels: Labels, data: Data, groups: Any
    ) -> tuple[list[dict[str, Any]], list[Trial]]:
        """Return the candidates, and each of them on each fold from each start."""
        space = DEFAULT_SPACE if self.space is None else self.space
        found = candidates(space, self.n_candidates, self.random_state)
        unknown = sorted({name for each in found for name in each} - set(net.get_params()))
        if unknown:
            raise ValueError(
                f"{', '.join(unknown)}: MLPClassifier has no such parameter; it has "
                f"{', '.join(sorted(net.get_params()))}."
            )
        splitter = check_cv(self.cv, data.y, classifier=True)
        splits = list(splitter.split(data.X, data.y, groups))
        self.n_splits_ = len(splits)
        # Candidates differ by their parameters alone: all of them have the same starts.
        seeds = starts_of(net.random_state, self.n_restarts)
        trials = [
            begin(net, each, labels, data, split, (i, fold, restart), seed)
            for i, each in enumerate(found)
            for fold, split in enumerate(splits)
            for restart, seed in enumerate(seeds)
        ]
        return found, trials

    def _conclude(self, outcome: Outcome, found: list[dict[str, Any]]) -> None:
        """Set what the search found."""
        self.cv_results_ = cv_results(outcome, found, with_training=self.return_train_score)
        scores = self.cv_results_["mean_test_score"]
        n_failed = int(np.isnan(scores).sum())
        if n_failed == len(scores):
            raise ValueError(
                f"None of the {len(scores)} candidates has a score: each diverged on some fold. "
                "Scale the features or give lower values of learning_rate_init."
            )
        if n_failed and outcome.is_whole:
            warnings.warn(
                f"{n_failed} of {len(scores)} candidates diverged; their score is NaN and they "
                "rank last.",
                FitFailedWarning,
                stacklevel=4,
            )
        self.best_index_ = best_candidate(self.cv_results_)
        self.best_params_ = found[self.best_index_]
        self.best_score_ = float(scores[self.best_index_])

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """Return the class of each row (n,), by the best net."""
        return self._best().predict(X)

    def predict_proba(self, X: ArrayLike) -> NDArray[Any]:
        """Return each row's probability of each class (n, k), by the best net."""
        return self._best().predict_proba(X)

    def predict_log_proba(self, X: ArrayLike) -> NDArray[Any]:
        """Return the logarithm of `predict_proba`."""
        return self._best().predict_log_proba(X)

    def decision_function(self, X: ArrayLike) -> NDArray[Any]:
        """Return each row's scores before the softmax or sigmoid, by the best net."""
        return self._best().decision_function(X)

    def score(self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None) -> float:
        """Return the score of rows by `scoring`, or their accuracy."""
        net = self._best()
        weights = {} if sample_weight is None else {"sample_weight": sample_weight}
        return float(check_scoring(net, self.scoring)(net, X, y, **weights))

    def _best(self) -> MLPClassifier:
        check_is_fitted(self)
        if not hasattr(self, "best_estimator_"):
            raise AttributeError(
                "This search has no fitted net: with refit=False, or interrupted, it only finds "
                "best_params_. Fit MLPClassifier(**best_params_)."
            )
        return self.best_estimator_

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        tags.classifier_tags.multi_label = True
        return tags


def _weighs(scorer: Any) -> bool:
    """Say whether a scorer takes weights of rows; warn where it does not."""
    asks = getattr(scorer, "_accept_sample_weight", None)
    takes = asks() if asks is not None else "sample_weight" in signature(scorer).parameters
    if not takes:
        warnings.warn(
            f"scoring={scorer} does not take sample_weight, so scores count every row once.",
            stacklevel=4,
        )
    return bool(takes)


@final
class _Printer:
    """Prints a line a comparison."""

    def recalls(self, trial: Trial, rung: int) -> None:
        """Know nothing."""

    def hears(self, trials: Any, rung: int) -> None:
        """Say how a chunk did."""
        best = max((trial.score for trial in trials), default=np.nan)
        print(f"comparison {rung + 1}: {len(trials)} nets trained, best score {best:.4f}")

    def cuts(self, going_on: Any, rung: int) -> None:
        """Say who goes on."""
        print(f"comparison {rung + 1}: {len(going_on)} candidates go on")
