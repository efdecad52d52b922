"""The forward and the backward pass: the truth that every fast engine is tested against.

Shapes
------
n rows (a batch), d features, h units, k outputs, p parameters
A[0] = X (n, d), A[l] (n, h_l) activations of layer l, A[-1] (n, k) the output
W[l] (h_l, h_l+1) coefs, b[l] (h_l+1,) intercepts, delta[l] (n, h_l+1) errors

Forward
-------
A[l+1] = f(A[l] W[l] + b[l]), f the hidden activation, at the last layer the output's

Loss, with row weights s and S = sum_i s_i
------------------------------------------
J = sum_i s_i loss(A[-1]_i, y_i) / S + alpha / (2 S) sum_l |W[l]|²

Backward
--------
delta[-1] = s (A[-1] - y)
delta[l-1] = (delta[l] W[l]^T) f'(A[l])

With dropout, a hidden A[l] and its f'(A[l]) are multiplied by 0 or 1 / (1 - p); see `Dropout`.
dJ/dW[l] = (A[l]^T delta[l] + alpha W[l]) / S
dJ/db[l] = sum_i delta[l]_i / S
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, final

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from glassnet.model import ClassOutput, Network, SlopeFromInput, SlopeFromOutput
from glassnet.training.dropout import Dropout


def forward(network: Network, theta: NDArray[Any], X: Any) -> NDArray[Any]:
    """Propagate rows through a net.

    Parameters
    ----------
    network : Network
        The shape of the net.
    theta : ndarray of shape (p,)
        Its parameters.
    X : ndarray or sparse matrix of shape (n, d)
        The rows.

    Returns
    -------
    ndarray of shape (n, k)
        The outputs: probabilities, or the numbers predicted.
    """
    return forward_layers(network, network.coefs(theta), network.intercepts(theta), X)


def forward_layers(
    network: Network,
    coefs: Sequence[NDArray[Any]],
    intercepts: Sequence[NDArray[Any]],
    X: Any,
    *,
    raw: bool = False,
) -> NDArray[Any]:
    """Propagate rows as `forward` does, through coefs and intercepts that lie apart.

    `raw` leaves out the output's own activation.
    """
    a = X
    last = len(coefs) - 1
    for layer, (coef, intercept) in enumerate(zip(coefs, intercepts, strict=True)):
        a = a @ coef
        a += intercept
        if layer < last:
            network.hidden.apply(a)
        elif not raw:
            network.out.apply(a)
    return a


@final
class Propagation:
    """Forward and backward passes of one net, in buffers that are made once.

    Parameters
    ----------
    network : Network
        The shape of the net.
    theta : ndarray of shape (p,)
        Its parameters; the passes read them where they are, so that an optimizer may change
        them in place.
    alpha : float
        Strength of the L2 penalty.
    max_rows : int
        Rows of the largest batch.
    told_share : float, default=1.0
        The share of the rows' losses in the loss that is returned; the gradient is of all of it.
    dropout : Dropout or None, default=None
        Leaves hidden units out.
    marks_rights : bool, default=False
        Whether to say of each row if its classes are right.

    Attributes
    ----------
    gradient : ndarray of shape (p,)
        dJ/dtheta of the last batch.
    losses : ndarray of shape (n,)
        The loss of each of its rows.
    right : ndarray of bool of shape (n,) or None
        Whether each is right, where that is marked and the outputs are classes.
    """

    def __init__(
        self,
        network: Network,
        theta: NDArray[Any],
        alpha: float,
        max_rows: int,
        *,
        told_share: float = 1.0,
        dropout: Dropout | None = None,
        marks_rights: bool = False,
    ) -> None:
        self._hidden, self._out = network.hidden, network.out
        self._alpha, self._told_share, self._dropout = alpha, told_share, dropout
        self._marks_rights = marks_rights
        self.losses: NDArray[Any] = np.empty(0, theta.dtype)
        self.right: NDArray[np.bool_] | None = None
        self._coefs, self._intercepts = network.coefs(theta), network.intercepts(theta)
        self._all_coefs = theta[: network.n_coef]
        self._penalty = np.empty_like(self._all_coefs)
        self.gradient = np.empty_like(theta)
        self._coef_gradients = network.coefs(self.gradient)
        self._intercept_gradients = network.intercepts(self.gradient)
        shapes = [(max_rows, size) for size in network.layer_sizes[1:]]
        self._activations = [np.empty(shape, theta.dtype) for shape in shapes]
        self._deltas = [np.empty(shape, theta.dtype) for shape in shapes[:-1]]
        keeps = dropout is not None or isinstance(self._hidden, SlopeFromInput)
        self._slopes = [np.empty(shape, theta.dtype) for shape in shapes[:-1]] if keeps else []

    def loss_and_gradient(
        self, X: Any, y: NDArray[Any], weights: NDArray[Any] | None = None
    ) -> float:
        """Return the loss J of a batch and leave its gradient in `gradient`.

        Parameters
        ----------
        X : ndarray or CSR matrix of shape (n, d)
            The rows of the batch.
        y : ndarray of shape (n, k)
            Their targets.
        weights : ndarray of shape (n,) or None
            Their weights s, of a positive sum; None for 1 each.

        Returns
        -------
        float
            J.
        """
        n = X.shape[0]
        if self._dropout is not None:
            self._dropout.step_begins()
        weight_sum = float(n) if weights is None else float(weights.sum())
        activations = self._forward(X, n)
        loss = self._loss(activations[-1], y, weights, weight_sum)
        self._backward(activations, y, weights)
        self._add_penalty(weight_sum)
        return loss

    def _forward(self, X: Any, n: int) -> list[NDArray[Any]]:
        """Return A[0] ... A[-1]."""
        activations = [X, *(buffer[:n] for buffer in self._activations)]
        last = len(self._coefs) - 1
        for layer, (coef, intercept) in enumerate(zip(self._coefs, self._intercepts, strict=True)):
            z = activations[layer + 1]
            if scipy.sparse.issparse(activations[layer]):
                z[...] = activations[layer] @ coef
            else:
                np.dot(activations[layer], coef, out=z)
            z += intercept
            if layer == last:
                self._out.apply(z)
            elif self._slopes:
                self._activate_keeping(layer, z, self._slopes[layer][:n])
            else:
                self._hidden.apply(z)
        return activations

    def _activate_keeping(self, layer: int, z: NDArray[Any], slope: NDArray[Any]) -> None:
        """Turn z (n, h) into the activation, without what dropout leaves out, and keep f'(z)."""
        hidden = self._hidden
        if isinstance(hidden, SlopeFromInput):
            hidden.slope(z, slope)
            hidden.apply(z)
        else:
            hidden.apply(z)
            slope.fill(1)
            hidden.times_derivative(z.copy(), slope)
        if self._dropout is not None:
            factors = self._dropout.factors(layer, z.shape, z.dtype)
            z *= factors
            slope *= factors

    def _loss(
        self, a: NDArray[Any], y: NDArray[Any], weights: NDArray[Any] | None, weight_sum: float
    ) -> float:
        """Return J, the weighted mean of the rows' losses with the penalty."""
        losses = self.losses = self._out.losses(a, y)
        if self._marks_rights and isinstance(self._out, ClassOutput):
            self.right = self._out.correct(a, y)
        total = losses.sum() if weights is None else np.dot(losses, weights)
        total *= self._told_share
        squares = np.dot(self._all_coefs, self._all_coefs)
        return float(total + 0.5 * self._alpha * squares) / weight_sum

    def _backward(
        self, activations: list[NDArray[Any]], y: NDArray[Any], weights: NDArray[Any] | None
    ) -> None:
        """Leave the sums of the loss's gradient in the gradient's views."""
        delta = activations[-1]
        delta -= y
        if weights is not None:
            delta *= weights[:, np.newaxis]
        for layer in range(len(self._coefs) - 1, -1, -1):
            a = activations[layer]
            if scipy.sparse.issparse(a):
                self._coef_gradients[layer][...] = a.T @ delta
            else:
                np.dot(a.T, delta, out=self._coef_gradients[layer])
            delta.sum(axis=0, out=self._intercept_gradients[layer])
            if layer > 0:
                below = self._deltas[layer - 1][: len(delta)]
                np.dot(delta, self._coefs[layer].T, out=below)
                self._times_derivative(layer - 1, a, below)
                delta = below

    def _times_derivative(self, layer: int, a: NDArray[Any], delta: NDArray[Any]) -> None:
        """Multiply delta (n, h) by f'(z) of a hidden layer, whose activation is a."""
        if self._slopes:
            delta *= self._slopes[layer][: len(delta)]
        elif isinstance(self._hidden, SlopeFromOutput):
            self._hidden.times_derivative(a, delta)

    def _add_penalty(self, weight_sum: float) -> None:
        """Add alpha W to the coefs' gradient sums, and divide all by S."""
        np.multiply(self._all_coefs, self._alpha, out=self._penalty)
        self.gradient[: len(self._penalty)] += self._penalty
        self.gradient *= 1.0 / weight_sum
