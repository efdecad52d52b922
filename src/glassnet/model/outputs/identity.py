"""Numbers as they are, with the squared error."""

from __future__ import annotations

from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from glassnet.model.outputs.scores import determination


@final
class IdentityOutput:
    """a = z, loss = sum_c (a_c - y_c)² / 2: half the squared error.

    As scikit-learn, the loss that is told of an epoch is the mean over the outputs, while the
    steps follow the gradient of their sum.
    """

    name = "identity"
    is_of_classes = False
    tells_mean = True

    def apply(self, z: NDArray[Any]) -> None:
        """Leave z as it is."""

    def smooth(self, y: NDArray[Any], share: float) -> None:
        """Leave numbers as they are."""

    def losses(self, a: NDArray[Any], y: NDArray[Any]) -> NDArray[Any]:
        """Return half of each row's squared error, summed over the outputs."""
        error = a - y
        return np.einsum("ij,ij->i", error, error) * a.dtype.type(0.5)

    def score(self, a: NDArray[Any], y: NDArray[Any], weights: NDArray[Any] | None) -> float:
        """Return R²."""
        return determination(a, y, weights)
