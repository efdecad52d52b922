"""The losses of a net without hidden layer, as functions of its scores: value and curvature.

Shapes: n rows, q outputs (1 for one-vs-rest, k for multinomial). ``Z (n, q)`` are the scores
X W + b, ``P (n, q)`` the probabilities read from them, ``Y (n, q)`` the targets of 0 and 1,
``s (n,)`` the weights of the rows. The gradient with respect to Z is ``s (P - Y)`` for both.
"""

from __future__ import annotations

from typing import Any, NamedTuple, Protocol, final

import numpy as np
from numpy.typing import NDArray
from scipy.special import logit

_EPS = np.finfo(np.float64).eps


class Curvature(NamedTuple):
    """The Hessian of a loss with respect to the scores, row by row.

    Attributes
    ----------
    kind : str
        "diagonal": ``diag(values_i)``, or "softmax": ``s_i (diag(p_i) - p_i p_i')``.
    values : ndarray of shape (n, q)
        What it is made of: the diagonal, or P.
    weights : ndarray of shape (n,) or None
        s; None for the diagonal, which has it in it.
    """

    kind: str
    values: NDArray[Any]
    weights: NDArray[Any] | None

    def bend(self, rows: slice, U: NDArray[Any]) -> NDArray[Any]:
        """Multiply some rows' part with a change of their scores U (b, q)."""
        values = self.values[rows]
        if self.weights is None:
            return values * U
        mean = np.einsum("ij,ij->i", values, U)[:, None]
        bent: NDArray[Any] = self.weights[rows, None] * values * (U - mean)
        return bent


class LinearLoss(Protocol):
    """What Newton's method asks of a loss.

    Attributes
    ----------
    is_joint : bool
        Whether the outputs are those of one softmax, rather than a sigmoid each.
    """

    is_joint: bool

    def constant_scores(self, Y: NDArray[Any], s: NDArray[Any]) -> NDArray[Any]:
        """Return the scores (q,) of the best model that knows the classes' shares alone."""
        ...

    def centred(self, theta: NDArray[Any]) -> NDArray[Any]:
        """Return parameters (p, q) of the same probabilities, as small as they can be."""
        ...

    def evaluate(
        self, Z: NDArray[Any], Y: NDArray[Any], s: NDArray[Any]
    ) -> tuple[NDArray[Any], float]:
        """Return P for the scores Z, and the weighted sum of the rows' losses."""
        ...

    def diagonal(self, P: NDArray[Any], s: NDArray[Any]) -> NDArray[Any]:
        """Return the diagonal (n, q) of the Hessian with respect to the scores."""
        ...

    def curvature(self, P: NDArray[Any], s: NDArray[Any], dtype: np.dtype[Any]) -> Curvature:
        """Return the Hessian with respect to the scores, in a precision of its own."""
        ...

    def hessian(self, P: NDArray[Any], s: NDArray[Any]) -> NDArray[Any]:
        """Return each row's Hessian with respect to its scores, (n, q, q)."""
        ...


def _shares(Y: NDArray[Any], s: NDArray[Any]) -> NDArray[Any]:
    total = s.sum()
    if total == 0:
        return np.full(Y.shape[1], 0.5)
    shares: NDArray[Any] = np.clip(s @ Y / total, _EPS, 1 - _EPS)
    return shares


@final
class BinomialLoss:
    """loss_i = log(1 + exp(z_i)) - y_i z_i, the sigmoid's; its curvature is p_i (1 - p_i)."""

    is_joint = False

    def constant_scores(self, Y: NDArray[Any], s: NDArray[Any]) -> NDArray[Any]:
        """Return the log odds of the share of ones."""
        scores: NDArray[Any] = logit(_shares(Y, s))
        return scores

    def centred(self, theta: NDArray[Any]) -> NDArray[Any]:
        """Return theta itself."""
        return theta

    def evaluate(
        self, Z: NDArray[Any], Y: NDArray[Any], s: NDArray[Any]
    ) -> tuple[NDArray[Any], float]:
        """Return the sigmoid and sum_i s_i (max(z_i, 0) + log(1 + exp(-|z_i|)) - y_i z_i).

        Both from the same exponential, which is at most 1: nothing overflows.
        """
        smaller = np.exp(-np.abs(Z))
        losses = np.log1p(smaller)
        losses += np.maximum(Z, 0)
        losses -= Y * Z
        P = np.where(Z >= 0, 1.0, smaller)
        P /= 1 + smaller
        return P, float((s @ losses).sum())

    def diagonal(self, P: NDArray[Any], s: NDArray[Any]) -> NDArray[Any]:
        """Return s p (1 - p)."""
        return s[:, None] * P * (1 - P)

    def curvature(self, P: NDArray[Any], s: NDArray[Any], dtype: np.dtype[Any]) -> Curvature:
        """Return s p (1 - p)."""
        return Curvature("diagonal", self.diagonal(P, s).astype(dtype, copy=False), None)

    def hessian(self, P: NDArray[Any], s: NDArray[Any]) -> NDArray[Any]:
        """Return s p (1 - p), (n, 1, 1)."""
        return self.diagonal(P, s)[:, :, None]


@final
class MultinomialLoss:
    """loss_i = log sum_c exp(z_ic) - sum_c y_ic z_ic, softmax's."""

    is_joint = True

    def constant_scores(self, Y: NDArray[Any], s: NDArray[Any]) -> NDArray[Any]:
        """Return the logarithms of the classes' shares, shifted to sum to zero."""
        scores = np.log(_shares(Y, s))
        return scores - scores.mean()

    def centred(self, theta: NDArray[Any]) -> NDArray[Any]:
        """Take off the mean over the classes: the same added to all changes no probability."""
        centred: NDArray[Any] = theta - theta.mean(axis=1, keepdims=True)
        return centred

    def evaluate(
        self, Z: NDArray[Any], Y: NDArray[Any], s: NDArray[Any]
    ) -> tuple[NDArray[Any], float]:
        """Return the softmax and sum_i s_i loss_i, exact for the smallest losses as well.

        Each row's largest score is taken off first; what the others add to its 1 stays apart.
        """
        rows, largest = np.arange(len(Z)), Z.argmax(axis=1)
        shifted = Z - Z[rows, largest, None]
        P = np.exp(shifted)
        P[rows, largest] = 0
        others = P.sum(axis=1)
        P[rows, largest] = 1
        P /= 1 + others[:, None]
        losses = np.log1p(others)
        losses -= np.einsum("ij,ij->i", Y, shifted)
        return P, float(s @ losses)

    def diagonal(self, P: NDArray[Any], s: NDArray[Any]) -> NDArray[Any]:
        """Return s p_c (1 - p_c) for each class c."""
        return s[:, None] * P * (1 - P)

    def curvature(self, P: NDArray[Any], s: NDArray[Any], dtype: np.dtype[Any]) -> Curvature:
        """Return P with s."""
        return Curvature("softmax", P.astype(dtype), s.astype(dtype))

    def hessian(self, P: NDArray[Any], s: NDArray[Any]) -> NDArray[Any]:
        """Return s (diag(p) - p p')."""
        diagonal = np.eye(P.shape[1]) * P[:, None, :]
        hessian: NDArray[Any] = s[:, None, None] * (diagonal - P[:, :, None] * P[:, None, :])
        return hessian


LINEAR_LOSSES: dict[str, LinearLoss] = {"logistic": BinomialLoss(), "softmax": MultinomialLoss()}
