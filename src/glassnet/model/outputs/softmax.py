"""Softmax with the multi-class log loss: one of k classes."""

from __future__ import annotations

from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from glassnet.model.outputs.scores import share_of_right


@final
class Softmax:
    """a_c = exp(z_c) / sum_j exp(z_j), loss = -sum_c y_c log a_c.

    As in scikit-learn, a is clipped to [eps, 1 - eps] inside the logarithm.
    """

    name = "softmax"
    is_of_classes = True
    tells_mean = False

    def apply(self, z: NDArray[Any]) -> None:
        """Apply softmax to each row in place; the row's maximum is taken off first."""
        z -= z.max(axis=1, keepdims=True)
        np.exp(z, out=z)
        z /= z.sum(axis=1, keepdims=True)

    def smooth(self, y: NDArray[Any], share: float) -> None:
        """Spread a share of each class's 1 over all classes, in place."""
        y *= 1 - share
        y += share / y.shape[1]

    def losses(self, a: NDArray[Any], y: NDArray[Any]) -> NDArray[Any]:
        """Return each row's log loss."""
        eps = np.finfo(a.dtype).eps
        log_a = np.clip(a, eps, 1 - eps)
        np.log(log_a, out=log_a)
        return -np.einsum("ij,ij->i", log_a, y)

    def correct(self, a: NDArray[Any], y: NDArray[Any]) -> NDArray[Any]:
        """Read the most probable class of each row."""
        return a.argmax(axis=1) == y.argmax(axis=1)

    def score(self, a: NDArray[Any], y: NDArray[Any], weights: NDArray[Any] | None) -> float:
        """Return the share of rows whose class is right."""
        return share_of_right(self.correct(a, y), weights)
