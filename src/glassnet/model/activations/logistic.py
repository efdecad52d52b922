"""The logistic sigmoid: f(z) = 1 / (1 + exp(-z))."""

from __future__ import annotations

from typing import Any, final

import numpy as np
from numpy.typing import NDArray


@final
class Logistic:
    """f(z) = 1 / (1 + exp(-z)), f'(z) = a (1 - a)."""

    name = "logistic"
    gain = 2.0

    def apply(self, z: NDArray[Any]) -> None:
        """Apply the sigmoid in place; exp overflows to infinity far left, whose inverse is 0."""
        with np.errstate(over="ignore"):
            np.negative(z, out=z)
            np.exp(z, out=z)
            z += 1
            np.reciprocal(z, out=z)

    def times_derivative(self, a: NDArray[Any], delta: NDArray[Any]) -> None:
        """Multiply delta by a (1 - a)."""
        delta *= a
        np.subtract(1, a, out=a)
        delta *= a
