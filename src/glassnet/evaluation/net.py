"""A fitted net as arrays, to be looked into: what its layers make of rows, and gradients."""

from __future__ import annotations

__all__ = ["FittedNet", "Layers"]

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, final

import numpy as np
import numpy.typing as npt
import scipy.sparse

from glassnet.errors import DataError
from glassnet.model import ACTIVATIONS, CLASS_OUTPUTS, Network
from glassnet.model.activations import SlopeFromInput

Array = npt.NDArray[np.floating[Any]]


@final
@dataclass(frozen=True, eq=False)
class Layers:
    """What each layer of a net makes of n rows.

    Attributes
    ----------
    weighted : tuple of ndarray (n, h_l)
        Weighted inputs z = A W + b of each layer; the last are the outputs' scores (n, k).
    activations : tuple of ndarray (n, h_l)
        f(z) of each hidden layer.
    """

    weighted: tuple[Array, ...]
    activations: tuple[Array, ...]

    @property
    def scores(self) -> Array:
        """The outputs before their softmax or sigmoid (n, k); one column for two classes."""
        return self.weighted[-1]


@final
@dataclass(frozen=True, eq=False)
class FittedNet:
    """The shape of a net that tells classes apart, with its parameters.

    Layers are counted from 0, the first hidden one; the last is the output.

    Attributes
    ----------
    network : Network
        The shape, activation and output.
    coefs : tuple of ndarray (fan_in, fan_out)
        Weights of each layer, as ``coefs_`` of a fitted net.
    intercepts : tuple of ndarray (fan_out,)
        As ``intercepts_``.

    Examples
    --------
    >>> net = FittedNet.of([[[1.0], [-1.0]], [[2.0]]], [[0.0], [-1.0]], output="logistic")
    >>> net.n_hidden, net.n_classes
    (1, 2)
    >>> net.probabilities(net.layers([[3.0, 2.0]]).scores).round(3)
    array([[0.269, 0.731]])
    """

    network: Network
    coefs: tuple[Array, ...]
    intercepts: tuple[Array, ...]

    @classmethod
    def of(
        cls,
        coefs: Sequence[npt.ArrayLike],
        intercepts: Sequence[npt.ArrayLike],
        *,
        activation: str = "relu",
        output: str = "softmax",
    ) -> FittedNet:
        """Put a net together from its parameters.

        Parameters
        ----------
        coefs, intercepts : sequence of array-like
            ``coefs_`` and ``intercepts_`` of a fitted net.
        activation : str, default "relu"
            Of the hidden units, a key of `glassnet.model.ACTIVATIONS`.
        output : str, default "softmax"
            ``out_activation_``: "softmax", or "logistic" with one output for two classes.

        Raises
        ------
        DataError
            If the shapes do not fit each other, or the net does not tell classes apart.
        """
        weights = tuple(np.asarray(coef) for coef in coefs)
        constants = tuple(np.asarray(intercept) for intercept in intercepts)
        sizes = (weights[0].shape[0], *(len(c) for c in constants)) if weights else ()
        network = Network(sizes, activation, output)
        if activation not in ACTIVATIONS:
            known = ", ".join(ACTIVATIONS)
            raise DataError(f"{activation!r} is none of the activations {known}.")
        if not weights or [w.shape for w in weights] != network.shapes:
            shapes = [w.shape for w in weights]
            raise DataError(
                f"Coefs of shapes {shapes} and intercepts of lengths {list(sizes[1:])} are no net: "
                "each layer has coefs (fan_in, fan_out) and intercepts (fan_out,)."
            )
        if output not in CLASS_OUTPUTS or (output == "logistic" and sizes[-1] != 1):
            raise DataError(
                f"A net with {sizes[-1]} {output!r} outputs does not give each row one of several "
                "classes; what is shown here is of nets that do."
            )
        return cls(network, weights, constants)

    @property
    def n_hidden(self) -> int:
        """Number of hidden layers."""
        return len(self.coefs) - 1

    @property
    def n_classes(self) -> int:
        """Number of classes k; 2 for one logistic output."""
        return max(self.network.layer_sizes[-1], 2)

    def layers(self, X: Any) -> Layers:
        """Propagate rows (n, d), dense or sparse, in their own floating dtype.

        Raises
        ------
        DataError
            If the rows do not have the net's features.
        """
        rows = self.rows(X)
        z = rows @ self.coefs[0].astype(rows.dtype, copy=False)
        z = np.asarray(z) + self.intercepts[0].astype(z.dtype, copy=False)
        return self.onward(0, z)

    def rows(self, X: Any) -> Any:
        """Return rows (n, d) as floats, after a look at their shape."""
        rows = X if scipy.sparse.issparse(X) else np.asarray(X)
        if rows.ndim != 2 or rows.shape[1] != self.coefs[0].shape[0]:
            raise DataError(
                f"Rows of shape {rows.shape} do not fit a net of {self.coefs[0].shape[0]} features."
            )
        return rows if rows.dtype in (np.float32, np.float64) else rows.astype(np.float64)

    def onward(self, layer: int, z: Array) -> Layers:
        """Propagate from the weighted inputs z (n, h) of a layer; earlier layers are left out."""
        weighted, activations = [z], []
        for coef, intercept in zip(
            self.coefs[layer + 1 :], self.intercepts[layer + 1 :], strict=True
        ):
            a = weighted[-1].copy()
            self.network.hidden.apply(a)
            activations.append(a)
            z = a @ coef.astype(a.dtype, copy=False)
            z += intercept.astype(a.dtype, copy=False)
            weighted.append(z)
        return Layers(tuple(weighted), tuple(activations))

    def probabilities(self, scores: Array) -> Array:
        """Return the probabilities (n, k) that scores (n, k) stand for; two columns for one."""
        a = scores.copy()
        self.network.out.apply(a)
        return np.hstack([1 - a, a]) if a.shape[1] == 1 else a

    def slopes(self, layer: int, layers: Layers) -> Array:
        """Return f'(z) (n, h) of a hidden layer."""
        hidden, z = self.network.hidden, layers.weighted[layer]
        slope = np.ones_like(z)
        if isinstance(hidden, SlopeFromInput):
            hidden.slope(z, slope)
        else:
            hidden.times_derivative(layers.activations[layer].copy(), slope)
        return slope

    def backward(self, layers: Layers, delta: Array, layer: int | None = None) -> Array:
        """Carry derivatives back to the first layer's weighted inputs.

        Parameters
        ----------
        layers : Layers
            What the rows are in each layer.
        delta : ndarray (n, h)
            d measure / dz of a layer.
        layer : int, optional
            Which one; by default the output.

        Returns
        -------
        ndarray (n, h_0)
            d measure / dz of layer 0. Times ``coefs[0].T`` it is the gradient of the input.
        """
        last = self.n_hidden if layer is None else layer
        for above in range(last, 0, -1):
            coef = self.coefs[above].astype(delta.dtype, copy=False)
            delta = (delta @ coef.T) * self.slopes(above - 1, layers)
        return delta
