"""What training gives back: parameters, curves, and why each member stopped."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.model import Progress
from glassnet.training.ledger import ExampleLedger


class Stop(Enum):
    """Why a member stopped."""

    CONVERGED = "converged"
    MAX_ITER = "max_iter"
    INTERRUPTED = "interrupted"
    DIVERGED = "diverged"
    NO_DESCENT = "no_descent"


@dataclass(frozen=True, eq=False)
class Fit:
    """The outcome of one member.

    Attributes
    ----------
    parameters : ndarray of shape (p,)
        The trained parameters theta, as `Network` lays them out.
    loss : float
        Training loss at the end: of the last epoch (stochastic solvers, the mean over its
        batches, each before its step) or of the objective itself (others).
    loss_curve : list of float
        `loss` after each epoch or iteration of this call.
    validation_scores : list of float
        Validation score after each epoch of this call; empty without validation rows.
    validation_losses : list of float
        Mean loss of the validation rows, without the penalty, after each epoch of this call.
    training_scores : list of float
        Score of the training rows after each epoch of this call, where it was asked for.
    n_iter : int
        Epochs or iterations of this call.
    examples : ExampleLedger or None
        The loss of each row of X at each epoch of this call, where it was asked for. An epoch that
        was interrupted is left out.
    stop : Stop
        Why it stopped.
    message : str
        The same in words.
    optimizer_state : object or None
        Give it to a later `Member` to go on.
    progress : Progress
        Give it to a later `Member` to go on.
    """

    parameters: NDArray[Any]
    loss: float
    loss_curve: list[float]
    n_iter: int
    stop: Stop
    message: str
    validation_scores: list[float] = field(default_factory=list)
    validation_losses: list[float] = field(default_factory=list)
    training_scores: list[float] = field(default_factory=list)
    examples: ExampleLedger | None = None
    optimizer_state: object | None = None
    progress: Progress = field(default_factory=Progress)


@dataclass(frozen=True, eq=False)
class Result:
    """The outcomes of all members of a population, in its order."""

    fits: tuple[Fit, ...]

    @property
    def parameters(self) -> NDArray[Any]:
        """The parameters of all members (m, p)."""
        return np.stack([fit.parameters for fit in self.fits])
