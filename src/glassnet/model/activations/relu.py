"""The rectified linear unit: f(z) = max(0, z)."""

from __future__ import annotations

from typing import Any, final

import numpy as np
from numpy.typing import NDArray


@final
class Relu:
    """f(z) = max(0, z), f'(z) = 1 where a > 0, else 0."""

    name = "relu"
    gain = 6.0

    def apply(self, z: NDArray[Any]) -> None:
        """Set what is negative to zero in place."""
        np.maximum(z, 0, out=z)

    def times_derivative(self, a: NDArray[Any], delta: NDArray[Any]) -> None:
        """Keep delta where the unit is on."""
        delta *= a > 0
