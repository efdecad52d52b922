"""Learning and validation curves, each trained as one population."""

from __future__ import annotations

__all__ = ["learning_curve", "prepared", "scores_of", "validation_curve"]

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.metrics import check_scoring
from sklearn.model_selection import check_cv
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_X_y

from glassnet.errors import DataError
from glassnet.estimators import MLPClassifier
from glassnet.estimators.restarts import starts_of
from glassnet.estimators.targets import Labels
from glassnet.evaluation.learning import LearningCurve, ValidationCurve
from glassnet.search.halving import search
from glassnet.search.trial import Data, Trial, begin

Split = tuple[NDArray[np.intp], NDArray[np.intp]]


def learning_curve(
    net: MLPClassifier,
    X: ArrayLike,
    y: ArrayLike,
    *,
    train_sizes: Sequence[float] = (0.125, 0.25, 0.5, 1.0),
    cv: Any = None,
    n_restarts: int = 1,
    scoring: Any = None,
    n_jobs: int | None = None,
    n_threads: int | None = None,
) -> LearningCurve:
    """Train a net on more and more rows: would more data help?

    The rows of each size are among those of the next, drawn evenly from every class as far as that
    goes. All nets are trained together; each is the net that a fit to its rows gives, but that it
    knows the classes of all. Works as scikit-learn's `learning_curve`.

    Parameters
    ----------
    net : MLPClassifier
        The parameters.
    X, y : array-like of shape (n, d) and (n,)
        The rows and their labels.
    train_sizes : sequence of float, default=(0.125, 0.25, 0.5, 1.0)
        Shares, in (0, 1], of the rows that a fold trains on; ascending.
    cv : int, splitter, iterable or None, default=None
        Folds; None is 5, stratified.
    n_restarts : int, default=1
        Random starts of each net.
    scoring : str, callable or None, default=None
        None is the accuracy.
    n_jobs, n_threads : int or None
        As for `MLPClassifierCV`.

    Returns
    -------
    LearningCurve
        Its `sentence` says whether more rows would help; `LearningCurveDisplay` draws it.

    Raises
    ------
    DataError
        If a size has no rows, or sizes are not ascending.

    Examples
    --------
    >>> from sklearn.datasets import load_digits
    >>> from glassnet import MLPClassifier, learning_curve
    >>> X, y = load_digits(return_X_y=True)
    >>> net = MLPClassifier((20,), max_iter=30, learning_rate_init=0.01, random_state=0)
    >>> curve = learning_curve(net, X / 16, y, cv=3)
    >>> curve.sizes
    array([ 149,  299,  599, 1198])
    >>> bool(curve.means[-1] > curve.means[0])
    True
    """
    shares = np.asarray(train_sizes, dtype=np.float64)
    if len(shares) < 2 or shares[0] <= 0 or shares[-1] > 1 or (np.diff(shares) <= 0).any():
        raise DataError(
            f"train_sizes is {list(train_sizes)}; it must be two shares or more of the rows, "
            "ascending, above 0 and at most 1, such as (0.25, 0.5, 1.0)."
        )
    labels, data, splits = prepared(X, y, cv)
    n_least = min(len(train) for train, _ in splits)
    sizes = np.floor(shares * n_least).astype(np.int64)
    if sizes[0] < 2 or (np.diff(sizes) <= 0).any():
        raise DataError(
            f"{n_least} rows to train on are too few for the sizes {sizes.tolist()}; take larger "
            "shares, or fewer of them."
        )
    orders = [_evenly(train, labels.classes, data.y) for train, _ in splits]
    tests = [test for _, test in splits]
    settings: list[tuple[dict[str, Any], list[Split]]] = [
        ({}, [(order[:size], test) for order, test in zip(orders, tests, strict=True)])
        for size in sizes
    ]
    scores, train_scores = scores_of(
        net, labels, data, settings, n_restarts, scoring, n_jobs, n_threads
    )
    return LearningCurve(sizes, scores, train_scores, _metric(scoring))


def validation_curve(
    net: MLPClassifier,
    X: ArrayLike,
    y: ArrayLike,
    param_name: str,
    param_range: Sequence[Any],
    *,
    cv: Any = None,
    n_restarts: int = 1,
    scoring: Any = None,
    n_jobs: int | None = None,
    n_threads: int | None = None,
) -> ValidationCurve:
    """Train a net with each value of a parameter, all together.

    Works as scikit-learn's `validation_curve`.

    Parameters
    ----------
    net : MLPClassifier
        The other parameters.
    X, y : array-like of shape (n, d) and (n,)
        The rows and their labels.
    param_name : str
        The parameter.
    param_range : sequence
        Its values.
    cv, n_restarts, scoring, n_jobs, n_threads
        As for `learning_curve`.

    Returns
    -------
    ValidationCurve
        Its `sentence` says which value is best, and which cannot be told from it.

    Raises
    ------
    DataError
        If the net has no such parameter.
    """
    if param_name not in net.get_params():
        raise DataError(
            f"MLPClassifier has no parameter {param_name!r}; it has "
            f"{', '.join(sorted(net.get_params()))}."
        )
    labels, data, splits = prepared(X, y, cv)
    settings = [({param_name: value}, splits) for value in param_range]
    scores, train_scores = scores_of(
        net, labels, data, settings, n_restarts, scoring, n_jobs, n_threads
    )
    return ValidationCurve(param_name, tuple(param_range), scores, train_scores, _metric(scoring))


def prepared(X: ArrayLike, y: ArrayLike, cv: Any) -> tuple[Labels, Data, list[Split]]:
    """Check rows and labels; return the classes, the rows and the folds."""
    checked: tuple[Any, Any] = check_X_y(X, y, accept_sparse="csr", dtype=(np.float64, np.float32))
    rows, given = checked
    labels = Labels.of(given)
    splits = list(check_cv(cv, given, classifier=True).split(rows, given))
    return labels, Data(rows, given, labels.targets(given)), splits


def _evenly(train: NDArray[np.intp], classes: NDArray[Any], y: NDArray[Any]) -> NDArray[np.intp]:
    """Order rows so that any number of the first ones has the classes in about their shares."""
    places = np.empty(len(train))
    random_state = check_random_state(0)
    for label in classes:
        own = np.flatnonzero(y[train] == label)
        # The rows of a class are spread evenly over the order, each class beginning elsewhere.
        places[random_state.permutation(own)] = (np.arange(len(own)) + random_state.rand()) / max(
            len(own), 1
        )
    return train[np.argsort(places, kind="stable")]


def scores_of(
    net: MLPClassifier,
    labels: Labels,
    data: Data,
    settings: Sequence[tuple[dict[str, Any], Sequence[Split]]],
    n_restarts: int,
    scoring: Any,
    n_jobs: int | None,
    n_threads: int | None,
    *,
    training: bool = True,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Train all settings of a net together.

    Parameters
    ----------
    settings : sequence of (dict, sequence of (train, test))
        Parameters to set, and the folds to train them on.
    training : bool, default=True
        Whether the rows trained on are scored too; else their scores are NaN.

    Returns
    -------
    scores, train_scores : ndarray (s, f, r)
        Of rows left out and of those trained on, by setting, fold and random start.
    """
    seeds = starts_of(net.random_state, n_restarts)
    trials: list[Trial] = [
        begin(net, parameters, labels, data, split, (i, fold, restart), seed)
        for i, (parameters, splits) in enumerate(settings)
        for fold, split in enumerate(splits)
        for restart, seed in enumerate(seeds)
    ]
    outcome = search(
        trials,
        data,
        check_scoring(net, scoring),
        None,
        scores_training=training,
        n_jobs=n_jobs,
        n_threads=n_threads,
    )
    if not outcome.is_whole:
        raise KeyboardInterrupt
    shape = (len(settings), len(settings[0][1]), n_restarts)
    found = np.full((2, *shape), np.nan)
    for trial in outcome.trials:
        found[(slice(None), *trial.key)] = trial.score, trial.train_score
    return found[0], found[1]


def _metric(scoring: Any) -> str:
    return "accuracy" if scoring is None else str(getattr(scoring, "__name__", scoring))
