"""The exponential linear unit: f(z) = z or exp(z) - 1."""

from __future__ import annotations

from typing import Any, final

import numpy as np
from numpy.typing import NDArray


@final
class Elu:
    """f(z) = z where z > 0, else exp(z) - 1; f'(z) = 1 where a > 0, else a + 1.

    (Clevert, Unterthiner and Hochreiter, "Fast and accurate deep network learning by exponential
    linear units", ICLR 2016, with their alpha of 1.)
    """

    name = "elu"
    gain = 6.0

    def apply(self, z: NDArray[Any]) -> None:
        """Apply exp(z) - 1 in place where z is negative."""
        np.expm1(z, out=z, where=z < 0)

    def times_derivative(self, a: NDArray[Any], delta: NDArray[Any]) -> None:
        """Multiply delta by a + 1 where the unit is off."""
        np.multiply(delta, a + 1, out=delta, where=~(a > 0))
