"""The identity: f(z) = z."""

from __future__ import annotations

from typing import Any, final

from numpy.typing import NDArray


@final
class Identity:
    """f(z) = z, f'(z) = 1: a net of such units is linear."""

    name = "identity"
    gain = 6.0

    def apply(self, z: NDArray[Any]) -> None:
        """Leave z as it is."""

    def times_derivative(self, a: NDArray[Any], delta: NDArray[Any]) -> None:
        """Leave delta as it is."""
