"""How much a net speaks for a class, as one number a row with its derivatives."""

from __future__ import annotations

__all__ = ["ClassMeasure", "class_measure"]

from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logsumexp, softmax

from glassnet.errors import DataError

Array = npt.NDArray[np.floating[Any]]
ClassMeasure = Literal["log_odds", "score", "probability"]


def class_measure(
    scores: Array, targets: npt.NDArray[np.intp], of: ClassMeasure = "log_odds"
) -> tuple[Array, Array]:
    r"""Return a measure of each row's class and its derivatives with respect to the scores.

    With scores z (n, k) and p their softmax, of a row's class c

    - "log_odds" is :math:`\log p_c / (1 - p_c) = z_c - \log \sum_{j \ne c} e^{z_j}`: it stays when
      all scores rise alike, as the probabilities do, and never saturates;
    - "score" is :math:`z_c`;
    - "probability" is :math:`p_c`.

    One score a row stands for two classes: it is the log odds of the second.

    Parameters
    ----------
    scores : ndarray (n, k) or (n, 1)
        Outputs before their softmax or sigmoid.
    targets : ndarray (n,) of int
        Each row's class by its position.
    of : {"log_odds", "score", "probability"}, default "log_odds"
        The measure.

    Returns
    -------
    value : ndarray (n,)
    derivative : ndarray of the shape of ``scores``

    Raises
    ------
    DataError
        If there is no such measure.
    """
    if of not in ("log_odds", "score", "probability"):
        raise DataError(f"of is 'log_odds', 'score' or 'probability', not {of!r}.")
    if scores.shape[1] == 1:
        sign = np.where(targets == 1, 1.0, -1.0).astype(scores.dtype)
        z = sign * scores[:, 0]
        if of != "probability":
            return z, sign[:, None]
        p = expit(z)
        return p, (sign * p * (1 - p))[:, None]
    each = np.arange(len(scores))
    own = np.zeros_like(scores)
    own[each, targets] = 1
    if of == "score":
        return scores[each, targets], own
    if of == "probability":
        p = softmax(scores, axis=1)
        chosen = p[each, targets]
        return chosen, chosen[:, None] * (own - p)
    others = np.where(own > 0, -np.inf, scores)
    return scores[each, targets] - logsumexp(others, axis=1), own - softmax(others, axis=1)
