"""The sigmoid linear unit, or swish: f(z) = z / (1 + exp(-z))."""

from __future__ import annotations

from typing import Any, final

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit


@final
class Silu:
    """f(z) = z s with s = 1 / (1 + exp(-z)); f'(z) = s (1 + z (1 - s)).

    f falls before it rises, so that f' cannot be told from f: training keeps it.

    (Elfwing, Uchibe and Doya, "Sigmoid-weighted linear units for neural network function
    approximation in reinforcement learning", Neural Networks 107, 2018.)
    """

    name = "silu"
    gain = 6.0

    def apply(self, z: NDArray[Any]) -> None:
        """Multiply z by its sigmoid in place."""
        z *= expit(z)

    def slope(self, z: NDArray[Any], out: NDArray[Any]) -> None:
        """Write f'(z) into out."""
        gate = expit(z)
        np.subtract(1, gate, out=out)
        out *= z
        out += 1
        out *= gate
