"""What an output layer is to an engine: its activation, its loss and its reading."""

from __future__ import annotations

from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray


class Output(Protocol):
    """An output activation with the loss that belongs to it.

    The two are a pair (the canonical link), so that back propagation starts from the same
    simple error for all of them: d loss / d z = a - y.

    Attributes
    ----------
    name : str
        The name of the output activation, as in ``out_activation_``.
    is_of_classes : bool
        Whether its targets are classes, 0 or 1 each, and not measurements.
    tells_mean : bool
        Whether the loss that is told of an epoch is the mean over the k outputs. What is
        minimised is their sum.
    """

    name: str
    is_of_classes: bool
    tells_mean: bool

    def apply(self, z: NDArray[Any]) -> None:
        """Turn the weighted input z (n, k) into the output a, in place."""
        ...

    def smooth(self, y: NDArray[Any], share: float) -> None:
        """Spread a share of each class's 1 over all classes, in targets y (n, k), in place.

        y <- (1 - share) y + share / k, where k is 2 for each logistic output. Numbers stay.
        """
        ...

    def losses(self, a: NDArray[Any], y: NDArray[Any]) -> NDArray[Any]:
        """Return each row's loss (n,) given outputs a (n, k) and targets y (n, k)."""
        ...

    def score(self, a: NDArray[Any], y: NDArray[Any], weights: NDArray[Any] | None) -> float:
        """Return how good outputs a (n, k) are, given rows' weights (n,): more is better.

        Weights that sum to 0 count as equal.
        """
        ...


@runtime_checkable
class ClassOutput(Output, Protocol):
    """An output whose targets are classes, so that a row is right or wrong."""

    def correct(self, a: NDArray[Any], y: NDArray[Any]) -> NDArray[np.bool_]:
        """Say of each row (n,) whether the outputs a (n, k) speak for the targets y (n, k)."""
        ...
