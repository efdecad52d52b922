"""Rates and counts: the exponential with the Poisson loss."""

from __future__ import annotations

from typing import Any, final

import numpy as np
from numpy.typing import NDArray
from scipy.special import xlogy

from glassnet.model.outputs.scores import determination


@final
class ExponentialOutput:
    """a = exp(z), loss = sum_c (y_c log(y_c / a_c) - y_c + a_c): half the Poisson deviance.

    The targets are 0 or more; y log y is 0 for y = 0. (McCullagh and Nelder, "Generalized linear
    models", 1989, section 6.2.)
    """

    name = "exp"
    is_of_classes = False
    tells_mean = False

    def apply(self, z: NDArray[Any]) -> None:
        """Apply exp in place; what is too large becomes infinity, and training stops."""
        with np.errstate(over="ignore"):
            np.exp(z, out=z)

    def smooth(self, y: NDArray[Any], share: float) -> None:
        """Leave numbers as they are."""

    def losses(self, a: NDArray[Any], y: NDArray[Any]) -> NDArray[Any]:
        """Return each row's half deviance, summed over the outputs."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return (xlogy(y, y / a) - y + a).sum(axis=1)

    def score(self, a: NDArray[Any], y: NDArray[Any], weights: NDArray[Any] | None) -> float:
        """Return R²."""
        return determination(a, y, weights)
