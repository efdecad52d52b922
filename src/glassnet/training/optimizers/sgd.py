"""Stochastic gradient descent with momentum."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from glassnet.training.schedules import Constant, Schedule


@final
@dataclass(frozen=True)
class Sgd:
    """Gradient descent with (Nesterov's) momentum.

    With gradient g, rate r and momentum m, each step is::

        v <- m v - r g
        theta <- theta + v                  (plain momentum)
        theta <- theta + m v - r g          (Nesterov)

    (Sutskever, Martens, Dahl and Hinton, "On the importance of initialization and momentum
    in deep learning", ICML 2013; the form is scikit-learn's.)
    """

    learning_rate_init: float = 0.001
    momentum: float = 0.9
    nesterovs_momentum: bool = True
    weight_decay: float = 0.0
    schedule: Schedule = field(default_factory=Constant)
    name: str = "sgd"

    def begin(self, theta: NDArray[Any]) -> SgdState:
        """Return a state at rest."""
        return SgdState(self, theta)


@final
class SgdState:
    """The velocity v (p,)."""

    def __init__(self, settings: Sgd, theta: NDArray[Any]) -> None:
        self.learning_rate = float(settings.learning_rate_init)
        self._momentum = float(settings.momentum)
        self._nesterov = settings.nesterovs_momentum
        self.velocity = np.zeros_like(theta)

    def step(self, theta: NDArray[Any], gradient: NDArray[Any]) -> None:
        """Move theta by one step; the gradient is overwritten."""
        gradient *= self.learning_rate
        self.velocity *= self._momentum
        self.velocity -= gradient
        if self._nesterov:
            theta -= gradient
            np.multiply(self.velocity, self._momentum, out=gradient)
            theta += gradient
        else:
            theta += self.velocity
