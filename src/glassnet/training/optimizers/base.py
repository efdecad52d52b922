"""What a stochastic optimizer is to an engine."""

from __future__ import annotations

from typing import Any, Protocol

from numpy.typing import NDArray

from glassnet.training.schedules import Schedule


class OptimizerState(Protocol):
    """An optimizer at work on one net: its learning rate and its memory of past gradients.

    Attributes
    ----------
    learning_rate : float
        The rate of the next step.
    """

    learning_rate: float

    def step(self, theta: NDArray[Any], gradient: NDArray[Any]) -> None:
        """Move the parameters theta (p,) along the gradient (p,), in place.

        The gradient may be overwritten.
        """
        ...


class Optimizer(Protocol):
    """The frozen hyper-parameters of a stochastic solver."""

    @property
    def name(self) -> str:
        """What the user calls it."""
        ...

    @property
    def learning_rate_init(self) -> float:
        """The learning rate at the start."""
        ...

    @property
    def schedule(self) -> Schedule:
        """How the learning rate changes."""
        ...

    def begin(self, theta: NDArray[Any]) -> OptimizerState:
        """Return a fresh state for parameters of theta's length and dtype."""
        ...
