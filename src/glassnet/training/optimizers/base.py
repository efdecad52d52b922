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
    """The frozen hyper-parameters of a stochastic solver.

    Before each step along the gradient, taken where theta is, the engine makes the coefs W (and not
    the intercepts) smaller by decoupled weight decay, with r the learning rate of the step::

        W <- (1 - r weight_decay) W

    Unlike the L2 penalty it depends neither on the number of rows in a batch nor on Adam's step
    sizes (Loshchilov and Hutter, "Decoupled weight decay regularization", ICLR 2019; r includes the
    schedule, as in PyTorch).
    """

    @property
    def name(self) -> str:
        """What the user calls it."""
        ...

    @property
    def learning_rate_init(self) -> float:
        """The learning rate at the start."""
        ...

    @property
    def weight_decay(self) -> float:
        """Strength of the decoupled weight decay; 0 for none."""
        ...

    @property
    def schedule(self) -> Schedule:
        """How the learning rate changes."""
        ...

    def begin(self, theta: NDArray[Any]) -> OptimizerState:
        """Return a fresh state for parameters of theta's length and dtype."""
        ...


def resumed(optimizer: Optimizer, theta: NDArray[Any], former: object | None) -> OptimizerState:
    """Return the state to go on with: the former one, or a fresh one where that is of another kind.

    Parameters
    ----------
    optimizer : Optimizer
        Who goes on.
    theta : ndarray of shape (p,)
        The parameters.
    former : object or None
        What an earlier call has left, perhaps with another solver.
    """
    fresh = optimizer.begin(theta)
    return former if isinstance(former, type(fresh)) else fresh
