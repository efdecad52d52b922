"""The losses of a net without hidden layer, as functions of its scores: value and curvature.

Shapes: n rows, q outputs (1 for one-vs-rest, k for multinomial). ``Z (n, q)`` are the scores
X W + b, ``P (n, q)`` the probabilities read from them, ``Y (n, q)`` the targets of 0 and 1,
``s (n,)`` the weights of the rows. The gradient with respect to Z is ``s (P - Y)`` for both.
"""

from __future__ import annotations

from typing import Any, Protocol, final

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit, softmax

_EPS = np.finfo(np.float64).eps


class LinearLoss(Protocol):
    """What Newton's method asks of a loss."""

    def constant_scores(self, Y: NDArray[Any], s: NDArray[Any]) -> NDArray[Any]:
        """Return the scores (q,) of the best model that knows the classes' shares alone."""
        ...

    def centred(self, theta: NDArray[Any]) -> NDArray[Any]:
        """Return parameters (p, q) of the same probabilities, as small as they can be."""
        ...

    def probabilities(self, Z: NDArray[Any]) -> NDArray[Any]:
        """Return P for the scores Z."""
        ...

    def value(self, Z: NDArray[Any], Y: NDArray[Any], s: NDArray[Any]) -> float:
        """Return the weighted sum of the rows' losses."""
        ...

    def diagonal(self, P: NDArray[Any], s: NDArray[Any]) -> NDArray[Any]:
        """Return the diagonal (n, q) of the Hessian with respect to the scores."""
        ...

    def curvature(self, P: NDArray[Any], s: NDArray[Any]) -> NDArray[Any]:
        """Return what `bend` has to know of each row, (n, ...)."""
        ...

    def bend(self, curvature: NDArray[Any], U: NDArray[Any]) -> NDArray[Any]:
        """Return the Hessian with respect to the scores times a change of scores U (n, q)."""
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

    def constant_scores(self, Y: NDArray[Any], s: NDArray[Any]) -> NDArray[Any]:
        """Return the log odds of the share of ones."""
        scores: NDArray[Any] = logit(_shares(Y, s))
        return scores

    def centred(self, theta: NDArray[Any]) -> NDArray[Any]:
        """Return theta itself."""
        return theta

    def probabilities(self, Z: NDArray[Any]) -> NDArray[Any]:
        """Return the sigmoid of Z."""
        P: NDArray[Any] = expit(Z)
        return P

    def value(self, Z: NDArray[Any], Y: NDArray[Any], s: NDArray[Any]) -> float:
        """Return sum_i s_i (max(z_i, 0) + log(1 + exp(-|z_i|)) - y_i z_i): no overflow."""
        losses = np.log1p(np.exp(-np.abs(Z)))
        losses += np.maximum(Z, 0)
        losses -= Y * Z
        return float(s @ losses.sum(axis=1))

    def diagonal(self, P: NDArray[Any], s: NDArray[Any]) -> NDArray[Any]:
        """Return s p (1 - p)."""
        return s[:, None] * P * (1 - P)

    def curvature(self, P: NDArray[Any], s: NDArray[Any]) -> NDArray[Any]:
        """Return s p (1 - p), (n, 1)."""
        return self.diagonal(P, s)

    def bend(self, curvature: NDArray[Any], U: NDArray[Any]) -> NDArray[Any]:
        """Return s p (1 - p) u."""
        return curvature * U

    def hessian(self, P: NDArray[Any], s: NDArray[Any]) -> NDArray[Any]:
        """Return s p (1 - p), (n, 1, 1)."""
        return self.diagonal(P, s)[:, :, None]


@final
class MultinomialLoss:
    """loss_i = log sum_c exp(z_ic) - sum_c y_ic z_ic, softmax's."""

    def constant_scores(self, Y: NDArray[Any], s: NDArray[Any]) -> NDArray[Any]:
        """Return the logarithms of the classes' shares, shifted to sum to zero."""
        scores = np.log(_shares(Y, s))
        return scores - scores.mean()

    def centred(self, theta: NDArray[Any]) -> NDArray[Any]:
        """Take off the mean over the classes: the same added to all changes no probability."""
        centred: NDArray[Any] = theta - theta.mean(axis=1, keepdims=True)
        return centred

    def probabilities(self, Z: NDArray[Any]) -> NDArray[Any]:
        """Return the softmax of each row of Z."""
        P: NDArray[Any] = softmax(Z, axis=1)
        return P

    def value(self, Z: NDArray[Any], Y: NDArray[Any], s: NDArray[Any]) -> float:
        """Return sum_i s_i loss_i, exact for the smallest losses as well.

        Each row's largest score is taken off first; what the others add to its 1 stays apart.
        """
        largest = Z.argmax(axis=1)[:, None]
        shifted = Z - np.take_along_axis(Z, largest, axis=1)
        others = np.exp(shifted)
        np.put_along_axis(others, largest, 0, axis=1)
        losses = np.log1p(others.sum(axis=1))
        losses -= np.einsum("ij,ij->i", Y, shifted)
        return float(s @ losses)

    def diagonal(self, P: NDArray[Any], s: NDArray[Any]) -> NDArray[Any]:
        """Return s p_c (1 - p_c) for each class c."""
        return s[:, None] * P * (1 - P)

    def curvature(self, P: NDArray[Any], s: NDArray[Any]) -> NDArray[Any]:
        """Return s p and p, (n, 2, k)."""
        return np.stack([s[:, None] * P, P], axis=1)

    def bend(self, curvature: NDArray[Any], U: NDArray[Any]) -> NDArray[Any]:
        """Return s p_c (u_c - sum_j p_j u_j) for each class c."""
        mean = np.einsum("ij,ij->i", curvature[:, 1], U)[:, None]
        bent: NDArray[Any] = curvature[:, 0] * (U - mean)
        return bent

    def hessian(self, P: NDArray[Any], s: NDArray[Any]) -> NDArray[Any]:
        """Return s (diag(p) - p p')."""
        diagonal = np.eye(P.shape[1]) * P[:, None, :]
        hessian: NDArray[Any] = s[:, None, None] * (diagonal - P[:, :, None] * P[:, None, :])
        return hessian


LINEAR_LOSSES: dict[str, LinearLoss] = {"logistic": BinomialLoss(), "softmax": MultinomialLoss()}
