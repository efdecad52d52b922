"""Probabilities of rows from models that were not trained on them."""

from __future__ import annotations

__all__ = ["cross_validated_probabilities", "find_label_suspects"]

import copy
import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
import scipy.sparse
from numpy.typing import ArrayLike, NDArray
from sklearn.base import clone
from sklearn.model_selection import RepeatedStratifiedKFold, cross_val_predict

from glassnet.errors import DataError
from glassnet.estimators.memory import check_memory
from glassnet.estimators.mlp_classifier import MLPClassifier
from glassnet.estimators.mlp_parameters import arithmetic, hidden_layers
from glassnet.evaluation.suspects import LabelSuspects, SuspectScore, label_suspects
from glassnet.model import Member, Network, Population, random_state_of
from glassnet.training import Fit, Stop, choose_engine

Fold = tuple[NDArray[np.intp], NDArray[np.intp]]


def cross_validated_probabilities(
    estimator: Any,
    X: Any,
    y: ArrayLike,
    *,
    n_folds: int = 5,
    n_repeats: int = 1,
    random_state: Any = 0,
) -> NDArray[Any]:
    """Return each row's probabilities from a model that was fitted without the row.

    The rows are dealt into folds of about equal shares of each class; for each, a copy of the
    estimator is fitted to the others and asked for this one. Our nets are trained together, as one
    population on the same rows in memory: the same nets that
    `sklearn.model_selection.cross_val_predict` would fit one after the other. A net that early
    stopping, restarts, a scorer, callbacks or balanced class weights make depend on its fold in
    other ways, and any other classifier or pipeline, is left to scikit-learn.

    Parameters
    ----------
    estimator : classifier
        With ``predict_proba``; it is copied and stays as it is, fitted or not.
    X : array-like, sparse matrix or frame of shape (n, d)
        The rows.
    y : array-like of shape (n,)
        Their labels.
    n_folds : int, default=5
        How many folds, at least 2.
    n_repeats : int, default=1
        How often the rows are dealt; the mean of the probabilities is returned. It depends less on
        chance, and with 3 some more wrong labels are found by it.
    random_state : int, RandomState or None, default=0
        Deals the rows into folds.

    Returns
    -------
    ndarray of shape (n, k)
        Probabilities, classes in the order of ``np.unique(y)``. A class with fewer rows than folds
        is unknown to some of the models, which give it little or nothing.

    Raises
    ------
    DataError
        If the estimator has no probabilities, or no class has as many rows as there are folds.

    Notes
    -----
    Nets of a population that stop at `max_iter` are used as they are, without a warning.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from glassnet import MLPClassifier
    >>> from glassnet.estimators import cross_validated_probabilities
    >>> X, y = load_iris(return_X_y=True)
    >>> net = MLPClassifier((10,), learning_rate_init=0.03, random_state=0)
    >>> probabilities = cross_validated_probabilities(net, X, y)
    >>> probabilities.shape, bool((probabilities.argmax(axis=1) == y).mean() > 0.95)
    ((150, 3), True)
    """
    if not hasattr(estimator, "predict_proba"):
        raise DataError(
            f"{type(estimator).__name__} has no predict_proba; give a classifier that has, or wrap "
            "it in sklearn.calibration.CalibratedClassifierCV."
        )
    labels = np.asarray(y)
    counts = np.unique(labels, return_counts=True)[1]
    if n_folds < 2 or counts.max(initial=0) < n_folds:
        raise DataError(
            f"{n_folds} folds need at least 2 folds, and a class with as many rows; the largest "
            f"class has {counts.max(initial=0)}."
        )
    if n_repeats < 1:
        raise DataError(f"The rows are dealt at least once, not {n_repeats} times.")
    dealer = RepeatedStratifiedKFold(
        n_splits=n_folds, n_repeats=n_repeats, random_state=random_state
    )
    with warnings.catch_warnings():
        # A class with fewer rows than folds is what the docstring says it is.
        warnings.filterwarnings("ignore", "The least populated class", UserWarning)
        folds: list[Fold] = list(dealer.split(np.zeros(len(labels)), labels))
    if _is_one_population(estimator, labels):
        return _by_one_population(clone(estimator), X, labels, folds, n_repeats)
    deals = [folds[i : i + n_folds] for i in range(0, len(folds), n_folds)]
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Number of classes in training fold", RuntimeWarning)
        found = [
            cross_val_predict(estimator, X, labels, cv=deal, method="predict_proba")
            for deal in deals
        ]
    return np.asarray(np.mean(found, axis=0))


def find_label_suspects(
    estimator: Any,
    X: Any,
    y: ArrayLike,
    class_names: Sequence[str] | None = None,
    *,
    n_folds: int = 5,
    n_repeats: int = 1,
    random_state: Any = 0,
    score: SuspectScore = "self_confidence",
    limit: int | None = None,
) -> LabelSuspects:
    """Rank rows by how little copies of a classifier that never saw them believe their label.

    Parameters
    ----------
    estimator : classifier
        With ``predict_proba``, any of scikit-learn's too; it is copied and stays as it is.
    X : array-like, sparse matrix or frame of shape (n, d)
        The rows.
    y : array-like of shape (n,)
        Their given labels.
    class_names : sequence of str of length k, default=None
        What to call them, in the order of ``np.unique(y)``.
    n_folds, n_repeats, random_state
        As in `cross_validated_probabilities`.
    score, limit
        As in `glassnet.evaluation.label_suspects`.

    Returns
    -------
    LabelSuspects
        The most suspect row first; ``to_frame()`` gives the list as a table.

    Raises
    ------
    DataError
        As `cross_validated_probabilities`.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from sklearn.naive_bayes import GaussianNB
    >>> from glassnet.estimators import find_label_suspects
    >>> X, y = load_iris(return_X_y=True)
    >>> y[10] = 2
    >>> find_label_suspects(GaussianNB(), X, y).suspects[0].row
    10
    """
    probabilities = cross_validated_probabilities(
        estimator, X, y, n_folds=n_folds, n_repeats=n_repeats, random_state=random_state
    )
    return label_suspects(
        y, probabilities, np.unique(np.asarray(y)), class_names, score=score, limit=limit
    )


def _is_one_population(estimator: Any, labels: NDArray[Any]) -> bool:
    """Say whether the folds differ in their rows alone."""
    return (
        isinstance(estimator, MLPClassifier)
        and labels.ndim == 1
        and not estimator.early_stopping
        and estimator.n_restarts == 1
        and not isinstance(estimator.class_weight, str)
        and not estimator.verbose
        and not hasattr(estimator, "_skl_callbacks")
    )


def _by_one_population(
    net: MLPClassifier, X: Any, labels: NDArray[Any], folds: list[Fold], n_repeats: int
) -> NDArray[Any]:
    """Train a member on each fold's rows; `net` gives the parameters and reads the outputs."""
    net._validate_params()
    rows, targets, output = net._validate_input(X, labels, incremental=False, reset=True)
    if scipy.sparse.issparse(rows):
        rows = rows.tocsr()
    if hasattr(net, "feature_names_in_"):
        del net.feature_names_in_  # the rows were checked and have no names any more
    sizes = (rows.shape[1], *hidden_layers(net.hidden_layer_sizes), targets.shape[1])
    network = Network(sizes, net.activation, output)
    computed = arithmetic(net.precision, net.solver, min(len(train) for train, _ in folds))
    check_memory(network, computed, len(folds))
    weights = net._weigh(targets, None, incremental=False)
    members = tuple(_member(net, network, rows, targets, weights, train) for train, _ in folds)
    result = choose_engine(net.n_threads).train(
        Population(network, members), rows, targets, dtype=computed
    )
    probabilities = np.zeros((len(labels), len(net.classes_)), dtype=rows.dtype)
    for fit, (_, test) in zip(result.fits, folds, strict=True):
        net._adopt(network, fit, rows.dtype, by_score=False)
        _refuse_divergence(net, fit, len(folds))
        probabilities[test] += net.predict_proba(rows[test])
    probabilities /= n_repeats
    return probabilities


def _member(
    net: MLPClassifier,
    network: Network,
    X: Any,
    targets: NDArray[Any],
    weights: NDArray[Any] | None,
    train: NDArray[np.intp],
) -> Member:
    """Return the member that `net` would train on some of the rows."""
    # As clones have it: each starts with the same random state.
    random_state = random_state_of(copy.deepcopy(net.random_state))
    net._start(network, random_state, X.dtype)
    return net._member(network, X, targets, weights, None, random_state, False, among=train)


def _refuse_divergence(net: MLPClassifier, fit: Fit, n_folds: int) -> None:
    if fit.stop is Stop.DIVERGED or not np.isfinite(fit.parameters).all():
        raise DataError(
            f"Training diverged on one of {n_folds} folds: scale the features or lower "
            f"learning_rate_init ({net.learning_rate_init:g})."
        )
