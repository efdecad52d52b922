"""The hyperbolic tangent: f(z) = tanh(z)."""

from __future__ import annotations

from typing import Any, final

import numpy as np
from numpy.typing import NDArray


@final
class Tanh:
    """f(z) = tanh(z), f'(z) = 1 - a²."""

    name = "tanh"
    gain = 6.0

    def apply(self, z: NDArray[Any]) -> None:
        """Apply tanh in place."""
        np.tanh(z, out=z)

    def times_derivative(self, a: NDArray[Any], delta: NDArray[Any]) -> None:
        """Multiply delta by 1 - a²."""
        np.multiply(a, a, out=a)
        np.subtract(1, a, out=a)
        delta *= a
