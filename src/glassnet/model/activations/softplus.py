"""The softplus: f(z) = log(1 + exp(z))."""

from __future__ import annotations

from typing import Any, final

import numpy as np
from numpy.typing import NDArray


@final
class Softplus:
    """f(z) = log(1 + exp(z)), f'(z) = 1 / (1 + exp(-z)) = 1 - exp(-a).

    (Dugas, Bengio, Belisle, Nadeau and Garcia, "Incorporating second-order functional knowledge
    for better option pricing", NIPS 2000.)
    """

    name = "softplus"
    gain = 6.0

    def apply(self, z: NDArray[Any]) -> None:
        """Apply the softplus in place."""
        np.logaddexp(z, 0, out=z)

    def times_derivative(self, a: NDArray[Any], delta: NDArray[Any]) -> None:
        """Multiply delta by 1 - exp(-a)."""
        np.negative(a, out=a)
        np.expm1(a, out=a)
        delta *= a
        np.negative(delta, out=delta)
