"""Independent sigmoids with the binary log loss: two classes, or many labels at once."""

from __future__ import annotations

from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from glassnet.model.activations.logistic import Logistic
from glassnet.model.outputs.scores import share_of_right


@final
class LogisticOutput:
    """a = 1 / (1 + exp(-z)), loss = -sum_c (y_c log a_c + (1 - y_c) log(1 - a_c)).

    One output tells two classes apart; several outputs are several labels, each on or off.
    As in scikit-learn, a is clipped to [eps, 1 - eps] inside the logarithms.
    """

    name = "logistic"
    is_of_classes = True
    tells_mean = False

    def apply(self, z: NDArray[Any]) -> None:
        """Apply the sigmoid in place."""
        Logistic().apply(z)

    def smooth(self, y: NDArray[Any], share: float) -> None:
        """Spread a share of each class's 1 over on and off, in place."""
        y *= 1 - share
        y += share / 2

    def losses(self, a: NDArray[Any], y: NDArray[Any]) -> NDArray[Any]:
        """Return each row's log loss, summed over the outputs."""
        eps = np.finfo(a.dtype).eps
        p = np.clip(a, eps, 1 - eps)
        log_p = np.log(p)
        log_not_p = np.log1p(np.negative(p, out=p), out=p)
        return -(np.einsum("ij,ij->i", log_p, y) + np.einsum("ij,ij->i", log_not_p, 1 - y))

    def correct(self, a: NDArray[Any], y: NDArray[Any]) -> NDArray[Any]:
        """Read each label as on where its probability exceeds one half; all must be right."""
        return ((a > 0.5) == (y > 0.5)).all(axis=1)

    def score(self, a: NDArray[Any], y: NDArray[Any], weights: NDArray[Any] | None) -> float:
        """Return the share of rows whose class is right."""
        return share_of_right(self.correct(a, y), weights)
