"""What a hidden unit's activation is to an engine."""

from __future__ import annotations

from typing import Any, Protocol

from numpy.typing import NDArray


class Activation(Protocol):
    """An activation function f and its derivative, both in place.

    Attributes
    ----------
    name : str
        What the user calls it.
    gain : float
        The factor of the initial weights' bound, ``sqrt(gain / (fan_in + fan_out))``.
    """

    name: str
    gain: float

    def apply(self, z: NDArray[Any]) -> None:
        """Turn the weighted input z (n, h) into the activation a = f(z), in place."""
        ...

    def times_derivative(self, a: NDArray[Any], delta: NDArray[Any]) -> None:
        """Multiply delta (n, h) by f'(z), written in terms of a = f(z), in place.

        `a` may be overwritten: back propagation has no use for it afterwards.
        """
        ...
