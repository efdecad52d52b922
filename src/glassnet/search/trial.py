"""One net of a search: a candidate, without one fold of the rows, from one random start."""

from __future__ import annotations

__all__ = ["Data", "Trial", "begin"]

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import clone

from glassnet.estimators import MLPClassifier
from glassnet.estimators.mlp_parameters import STOCHASTIC_SOLVERS, arithmetic, hidden_layers
from glassnet.estimators.targets import Labels
from glassnet.model import Member, Network, random_state_of
from glassnet.training import PLANNED, SCHEDULES


@dataclass(frozen=True, eq=False)
class Data:
    """The rows of a search.

    Attributes
    ----------
    X : ndarray or CSR matrix of shape (n, d)
        The rows.
    y : ndarray of shape (n,) or (n, k)
        Their labels.
    targets : ndarray of shape (n, k)
        What the nets are trained towards.
    weights : ndarray of shape (n,) or None
        The rows' weights in training.
    score_weights : ndarray of shape (n,) or None
        The rows' weights in scores.
    """

    X: Any
    y: NDArray[Any]
    targets: NDArray[Any]
    weights: NDArray[np.float64] | None = None
    score_weights: NDArray[np.float64] | None = None

    @property
    def both_weights(self) -> tuple[Any, Any]:
        """The weights in training and in scores."""
        return self.weights, self.score_weights

    def scored(self, scorer: Callable[..., float], net: Any, rows: NDArray[np.intp]) -> float:
        """Return the score of some of the rows by ``scorer(net, X, y)``."""
        weights = self.score_weights
        given = {} if weights is None else {"sample_weight": weights[rows]}
        return float(scorer(net, self.X[rows], self.y[rows], **given))


@dataclass(frozen=True, eq=False)
class Trial:
    """A net on its way.

    Attributes
    ----------
    candidate, fold, restart : int
        Which one it is.
    network : Network
        Its shape.
    net : MLPClassifier
        The net as it stands.
    member : Member
        How it goes on.
    dtype : dtype
        Of the arithmetic.
    test_rows : ndarray of int of shape (v,)
        The rows that score it.
    max_iter : int
        Epochs of the whole training.
    score : float
        Of its test rows, at the last comparison; NaN before, and for a net that diverged.
    train_score : float
        Of the rows that it trains on, where it was asked for; else NaN.
    fit_seconds, score_seconds : float
        Its share of the time so far.
    is_over : bool
        Whether it has stopped of itself.
    """

    candidate: int
    fold: int
    restart: int
    network: Network
    net: MLPClassifier
    member: Member
    dtype: np.dtype[Any]
    test_rows: NDArray[np.intp]
    max_iter: int
    score: float = np.nan
    train_score: float = np.nan
    fit_seconds: float = 0.0
    score_seconds: float = 0.0
    is_over: bool = False

    @property
    def key(self) -> tuple[int, int, int]:
        """Which one it is."""
        return self.candidate, self.fold, self.restart

    @property
    def n_epochs(self) -> int:
        """Epochs, or iterations, that it has been trained so far."""
        return len(self.net.loss_curve_)

    @property
    def can_pause(self) -> bool:
        """Whether training in parts gives the net that training at once gives.

        It does not where a plan needs all its steps at once, where the best net of the way is
        restored at the end, and where there are no epochs.
        """
        net = self.net
        is_planned = SCHEDULES[net.learning_rate] in PLANNED
        return net.solver in STOCHASTIC_SOLVERS and not is_planned and not net.early_stopping

    @property
    def n_trained_rows(self) -> int:
        """Rows that it trains on, and holds out of them to stop early."""
        return len(self.trained_rows)

    @property
    def trained_rows(self) -> NDArray[np.intp]:
        """The rows of its folds."""
        rows, kept_aside = self.member.rows, self.member.validation_rows
        assert rows is not None
        return rows if kept_aside is None else np.concatenate([rows, kept_aside])


def begin(
    estimator: MLPClassifier,
    parameters: dict[str, Any],
    labels: Labels,
    data: Data,
    split: tuple[NDArray[np.intp], NDArray[np.intp]],
    position: tuple[int, int, int],
    seed: Any,
) -> Trial:
    """Return a net as it is before the first epoch.

    It is the net that ``clone(estimator).set_params(**parameters).fit(X[train], y[train])``
    begins with, but that it knows the classes of all rows.

    Parameters
    ----------
    estimator : MLPClassifier
        The parameters that all have.
    parameters : dict
        Those of this candidate.
    labels : Labels
        The classes.
    data : Data
        The rows.
    split : tuple of ndarray of int
        The rows to train on, and those to score.
    position : tuple of int
        Candidate, fold and restart.
    seed : int, RandomState or None
        Its random state.
    """
    train, test = split
    net = clone(estimator).set_params(**parameters, random_state=seed)
    net._validate_params()
    net._labels, net.classes_ = labels, labels.classes
    net.n_features_in_ = data.X.shape[1]
    network = Network(
        (data.X.shape[1], *hidden_layers(net.hidden_layer_sizes), data.targets.shape[1]),
        net.activation,
        labels.output,
    )
    random_state = random_state_of(seed)
    net._start(network, random_state, data.X.dtype)
    weights = None
    own = None if data.weights is None else data.weights[train]
    weighed = net._weigh(data.targets[train], own, incremental=False)
    if weighed is not None:
        weights = np.zeros(len(data.targets))
        weights[train] = weighed
    member = net._member(
        network, data.X, data.targets, weights, None, random_state, False, among=train
    )
    return Trial(
        *position,
        network=network,
        net=net,
        member=replace(member, max_iter=net.max_iter),
        dtype=arithmetic(net.precision, net.solver, len(train)),
        test_rows=test,
        max_iter=net.max_iter,
    )
