"""The leaky rectified linear unit: f(z) = max(0.01 z, z)."""

from __future__ import annotations

from typing import Any, final

import numpy as np
from numpy.typing import NDArray

LEAK = 0.01


@final
class LeakyRelu:
    """f(z) = z where z > 0, else 0.01 z; f'(z) = 1 where a > 0, else 0.01.

    (Maas, Hannun and Ng, "Rectifier nonlinearities improve neural network acoustic models",
    ICML workshop on deep learning, 2013.)
    """

    name = "leaky_relu"
    gain = 6.0

    def apply(self, z: NDArray[Any]) -> None:
        """Shrink what is negative in place."""
        np.multiply(z, z.dtype.type(LEAK), out=z, where=z < 0)

    def times_derivative(self, a: NDArray[Any], delta: NDArray[Any]) -> None:
        """Shrink delta where the unit is off."""
        np.multiply(delta, delta.dtype.type(LEAK), out=delta, where=~(a > 0))
