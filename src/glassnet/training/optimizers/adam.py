"""Adam: gradient descent with a step size of its own for each parameter."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol, final

import numpy as np
from numpy.typing import NDArray

from glassnet.training.schedules import Constant, Schedule


@final
@dataclass(frozen=True)
class Adam:
    """Adam (Kingma and Ba, "Adam: a method for stochastic optimization", ICLR 2015).

    With gradient g, after t steps::

        m <- beta_1 m + (1 - beta_1) g
        v <- beta_2 v + (1 - beta_2) g²
        r_t = r sqrt(1 - beta_2^t) / (1 - beta_1^t)
        theta <- theta - r_t m / (sqrt(v) + epsilon)

    epsilon is added to the uncorrected root, as in section 2 of the paper and scikit-learn.
    """

    learning_rate_init: float = 0.001
    beta_1: float = 0.9
    beta_2: float = 0.999
    epsilon: float = 1e-8
    weight_decay: float = 0.0
    schedule: Schedule = field(default_factory=Constant)
    name: str = "adam"

    def begin(self, theta: NDArray[Any]) -> AdamState:
        """Return a state before the first step."""
        return AdamState(self, theta)


class _Settings(Protocol):
    """What the steps of Adam and AdamW depend on."""

    @property
    def learning_rate_init(self) -> float: ...
    @property
    def beta_1(self) -> float: ...
    @property
    def beta_2(self) -> float: ...
    @property
    def epsilon(self) -> float: ...


@final
class AdamState:
    """The moments m and v (p,) and the number of steps taken."""

    def __init__(self, settings: _Settings, theta: NDArray[Any]) -> None:
        self.learning_rate = float(settings.learning_rate_init)
        self._beta_1 = float(settings.beta_1)
        self._beta_2 = float(settings.beta_2)
        self._epsilon = float(settings.epsilon)
        self.steps = 0
        self.mean = np.zeros_like(theta)
        self.square = np.zeros_like(theta)
        self._scratch = np.empty_like(theta)

    def step(self, theta: NDArray[Any], gradient: NDArray[Any]) -> None:
        """Move theta by one step; the gradient is overwritten."""
        self.steps += 1
        b1, b2, scratch = self._beta_1, self._beta_2, self._scratch

        self.mean *= b1
        np.multiply(gradient, 1 - b1, out=scratch)
        self.mean += scratch

        self.square *= b2
        np.multiply(gradient, gradient, out=scratch)
        scratch *= 1 - b2
        self.square += scratch

        rate = self.learning_rate * (1 - b2**self.steps) ** 0.5 / (1 - b1**self.steps)
        np.sqrt(self.square, out=scratch)
        scratch += self._epsilon
        np.divide(self.mean, scratch, out=scratch)
        scratch *= rate
        theta -= scratch
