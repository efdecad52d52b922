"""The Gaussian error linear unit, by its tanh: f(z) = z (1 + tanh(...)) / 2."""

from __future__ import annotations

from typing import Any, final

import numpy as np
from numpy.typing import NDArray

SCALE = np.sqrt(2 / np.pi)
CUBE = 0.044715


@final
class Gelu:
    """f(z) = z (1 + t) / 2 with t = tanh(sqrt(2/pi) (z + 0.044715 z³)).

    This is the form with a tanh, which differs from z Phi(z), the one with the normal distribution,
    by less than 0.0005. Its slope is::

        f'(z) = (1 + t + z (1 - t²) sqrt(2/pi) (1 + 3 · 0.044715 z²)) / 2

    f falls before it rises, so that f' cannot be told from f: training keeps it.

    (Hendrycks and Gimpel, "Gaussian error linear units (GELUs)", arXiv:1606.08415, 2016.)
    """

    name = "gelu"
    gain = 6.0

    def apply(self, z: NDArray[Any]) -> None:
        """Apply the unit in place."""
        gate = self._gate(z)
        gate += 1
        z *= gate
        z *= z.dtype.type(0.5)

    def slope(self, z: NDArray[Any], out: NDArray[Any]) -> None:
        """Write f'(z) into out."""
        real, gate = z.dtype.type, self._gate(z)
        np.multiply(z, z, out=out)
        out *= real(3 * CUBE)
        out += 1
        out *= real(SCALE)
        out *= (1 - gate * gate) * z
        out += gate
        out += 1
        out *= real(0.5)

    @staticmethod
    def _gate(z: NDArray[Any]) -> NDArray[Any]:
        real = z.dtype.type
        inner = z * z * z
        inner *= real(CUBE)
        inner += z
        inner *= real(SCALE)
        return np.tanh(inner, out=inner)
