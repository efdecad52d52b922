"""What a hidden unit's activation is to an engine."""

from __future__ import annotations

from typing import Any, Protocol, TypeAlias, runtime_checkable

from numpy.typing import NDArray


class _Function(Protocol):
    """An activation function f, in place.

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


@runtime_checkable
class SlopeFromOutput(_Function, Protocol):
    """An activation whose derivative can be told from its output."""

    def times_derivative(self, a: NDArray[Any], delta: NDArray[Any]) -> None:
        """Multiply delta (n, h) by f'(z), written in terms of a = f(z), in place.

        `a` may be overwritten: back propagation has no use for it afterwards.
        """
        ...


@runtime_checkable
class SlopeFromInput(_Function, Protocol):
    """An activation that takes a value twice, so that its derivative must be kept.

    Training keeps f'(z) beside the activations: as much memory again, a number for each row of a
    batch and hidden unit.
    """

    def slope(self, z: NDArray[Any], out: NDArray[Any]) -> None:
        """Write f'(z) (n, h) into out (n, h); z stays."""
        ...


Activation: TypeAlias = SlopeFromOutput | SlopeFromInput
