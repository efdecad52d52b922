"""What the outputs' scores are made of."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def share_of_right(correct: NDArray[np.bool_], weights: NDArray[Any] | None) -> float:
    """Return the weighted share of rows that are right; weights that sum to 0 count as equal."""
    if weights is None or not weights.any():
        return float(correct.mean())
    return float(np.average(correct, weights=weights))


def determination(a: NDArray[Any], y: NDArray[Any], weights: NDArray[Any] | None) -> float:
    """Return R², the mean of the k outputs' coefficients of determination."""
    from sklearn.metrics import r2_score  # late: it takes long to import

    if weights is not None and not weights.any():
        weights = None
    return float(r2_score(y, a, sample_weight=weights))
