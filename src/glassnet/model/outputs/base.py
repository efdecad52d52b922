"""What an output layer is to an engine: its activation, its loss and its reading."""

from __future__ import annotations

from typing import Any, Protocol

from numpy.typing import NDArray


class Output(Protocol):
    """An output activation with the loss that belongs to it.

    The two are a pair (the canonical link), so that back propagation starts from the same
    simple error for all of them: d loss / d z = a - y.

    Attributes
    ----------
    name : str
        The name of the output activation, as in ``out_activation_``.
    """

    name: str

    def apply(self, z: NDArray[Any]) -> None:
        """Turn the weighted input z (n, k) into the output a, in place."""
        ...

    def losses(self, a: NDArray[Any], y: NDArray[Any]) -> NDArray[Any]:
        """Return each row's loss (n,) given outputs a (n, k) and targets y (n, k)."""
        ...

    def correct(self, a: NDArray[Any], y: NDArray[Any]) -> NDArray[Any]:
        """Say for each row (n,) whether the class read from a is that of y."""
        ...
