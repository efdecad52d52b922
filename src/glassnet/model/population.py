"""The one idea that carries everything: many members of one network shape."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from glassnet.model.network import Network


class Solver(Protocol):
    """How a member learns: a frozen set of hyper-parameters that an engine knows to run."""

    @property
    def name(self) -> str:
        """What the user calls the solver."""
        ...


class Scorer(Protocol):
    """Somebody who scores a member's net; more is better."""

    def __call__(self, parameters: NDArray[Any], *, training: bool) -> float:
        """Return the score of a net with parameters (p,).

        It is that of the validation rows, or that of the rows that the member trains on.
        """
        ...


@dataclass(frozen=True)
class Progress:
    """What a member remembers from one training call to the next.

    Attributes
    ----------
    best_loss : float
        The lowest training loss of an epoch so far.
    best_score : float
        The highest validation score so far.
    best_parameters : ndarray of shape (p,) or None
        The parameters that had it, where there is a validation set.
    epochs_without_improvement : int
        How many epochs in a row have not improved by tol.
    rows_seen : int
        Training rows seen so far, over all epochs.
    """

    best_loss: float = np.inf
    best_score: float = -np.inf
    best_parameters: NDArray[Any] | None = None
    epochs_without_improvement: int = 0
    rows_seen: int = 0


@dataclass(frozen=True, eq=False)
class Member:
    """One net to be trained: where it starts, how it learns, which rows and target it sees.

    Attributes
    ----------
    solver : Solver
        The solver with its hyper-parameters.
    random_state : RandomState
        Draws the initial parameters (where `start` is None) and each epoch's order of rows.
        Training advances it.
    alpha : float, default=0.0001
        Strength of the L2 penalty. The objective of n rows of weights s_i is
        ``sum_i s_i loss_i / sum_i s_i + alpha / (2 sum_i s_i) |coefs|²``, scikit-learn's.
    max_iter : int, default=200
        Most epochs (stochastic solvers) or iterations (others).
    tol : float, default=0.0001
        An epoch improves if it is better than the best so far by at least this; for the
        solvers of the optimum, the largest gradient element or norm at which they stop.
    n_iter_no_change : float, default=10
        Epochs without improvement after which training stops.
    batch_size : int, default=200
        Rows a step of the stochastic solvers.
    shuffle : bool, default=True
        Whether each epoch orders the rows anew.
    label_smoothing : float, default=0.0
        Share s, in [0, 1), of a class's 1 that is spread over all k classes, in training alone: the
        targets are (1 - s) y + s / k, where k is 2 for each logistic output. (Szegedy, Vanhoucke,
        Ioffe, Shlens and Wojna, "Rethinking the Inception architecture for computer vision", CVPR
        2016.)
    dropout : float, default=0.0
        Probability p, in [0, 1), with which a step of the stochastic solvers leaves out a hidden
        unit of a row; see `glassnet.training.dropout`.
    clip_norm : float or None, default=None
        Most that the norm of the gradient g over all parameters may be in a step of the
        stochastic solvers; a longer one becomes ``g clip_norm / |g|``. (Pascanu, Mikolov and
        Bengio, "On the difficulty of training recurrent neural networks", ICML 2013.)
    rows : ndarray of int of shape (r,) or None
        The rows that this member trains on; None for all.
    validation_rows : ndarray of int of shape (v,) or None
        Rows kept aside; None for none, or for all of the population's `validation`.
    validation_stops : bool, default=True
        Whether the score of the validation rows, where there are any, stops the training, after
        which the best parameters are restored. Otherwise the training loss stops it, and what
        the validation rows say is recorded alone.
    scores_training : bool, default=False
        Whether the rows that it trains on are scored after each epoch too: a forward pass.
    record_examples : bool, default=False
        Whether the loss of each row at each epoch is kept, and whether the row was right; see
        `glassnet.training.ExampleLedger`.
    scorer : Scorer or None
        Who scores; None for the share of the rows' weight that is right.
    row_weights : ndarray of shape (n,) or None
        Weight of every row of X (not of `rows` alone); None for 1 each.
    target : int or None
        One-vs-rest: the column of Y that is this member's own target; None for all of Y.
    start : ndarray of shape (p,) or None
        Parameters to start from.
    optimizer_state : object or None
        State of the optimizer to go on with, from an earlier call's result.
    progress : Progress
        What to remember from earlier calls.
    """

    solver: Solver
    random_state: np.random.RandomState
    alpha: float = 1e-4
    max_iter: int = 200
    tol: float = 1e-4
    n_iter_no_change: float = 10
    batch_size: int = 200
    shuffle: bool = True
    label_smoothing: float = 0.0
    dropout: float = 0.0
    clip_norm: float | None = None
    rows: NDArray[np.intp] | None = None
    validation_rows: NDArray[np.intp] | None = None
    validation_stops: bool = True
    scores_training: bool = False
    record_examples: bool = False
    scorer: Scorer | None = None
    row_weights: NDArray[Any] | None = None
    target: int | None = None
    start: NDArray[Any] | None = None
    optimizer_state: object | None = None
    progress: Progress = field(default_factory=Progress)


@dataclass(frozen=True, eq=False)
class Validation:
    """Rows that are not among those to train on, to judge nets by.

    Attributes
    ----------
    X : ndarray or CSR matrix of shape (v, d)
        The rows.
    y : ndarray of shape (v, k)
        Their targets.
    weights : ndarray of shape (v,) or None
        Their weights; None for 1 each.
    """

    X: Any
    y: NDArray[Any]
    weights: NDArray[Any] | None = None


@dataclass(frozen=True, eq=False)
class Population:
    """One network shape and the members to train on it.

    Restarts, folds, grids and ensembles are populations; so is one-vs-rest logistic
    regression (no hidden layer, one member a class). A single fit is a population of one.

    Attributes
    ----------
    network : Network
        The shape that all members share.
    members : tuple of Member
        The nets.
    validation : Validation or None
        Rows to judge all of them by; their own `validation_rows` are then to be None.
    """

    network: Network
    members: tuple[Member, ...]
    validation: Validation | None = None

    def is_stopped_by_score(self, member: Member) -> bool:
        """Say whether a member's validation score stops its training."""
        has_rows = member.validation_rows is not None or self.validation is not None
        return member.validation_stops and has_rows
