"""The shape of a net, and its parameters as one flat vector with named views."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.model.activations import ACTIVATIONS, Activation
from glassnet.model.outputs import OUTPUTS, Output


@dataclass(frozen=True)
class Network:
    """A multi-layer perceptron without its parameters.

    Attributes
    ----------
    layer_sizes : tuple of int
        Units in each layer, from the d features to the k outputs: ``(d, h, ..., k)``.
    activation : str, default="relu"
        Name of the hidden layers' activation, a key of ``ACTIVATIONS``.
    output : str, default="softmax"
        Name of the output layer, a key of ``OUTPUTS``; it brings its loss.

    Notes
    -----
    All parameters of a net lie in one vector theta (p,): the coefs of every layer, each
    (fan_in, fan_out) in row-major order, then the intercepts of every layer. An optimizer is
    then one loop over one vector, and the L2 penalty concerns its first `n_coef` elements.

    Examples
    --------
    >>> net = Network((400, 40, 10), activation="logistic")
    >>> net.n_parameters
    16450
    >>> theta = np.zeros(net.n_parameters)
    >>> [coef.shape for coef in net.coefs(theta)]
    [(400, 40), (40, 10)]
    """

    layer_sizes: tuple[int, ...]
    activation: str = "relu"
    output: str = "softmax"

    @cached_property
    def shapes(self) -> list[tuple[int, int]]:
        """(fan_in, fan_out) of each layer of weights."""
        return list(pairwise(self.layer_sizes))

    @cached_property
    def n_coef(self) -> int:
        """Number of coefs, the part of theta that the L2 penalty concerns."""
        return sum(fan_in * fan_out for fan_in, fan_out in self.shapes)

    @cached_property
    def n_parameters(self) -> int:
        """Length p of theta."""
        return self.n_coef + sum(self.layer_sizes[1:])

    @property
    def hidden(self) -> Activation:
        """The activation of the hidden layers."""
        return ACTIVATIONS[self.activation]

    @property
    def out(self) -> Output:
        """The output layer."""
        return OUTPUTS[self.output]

    @property
    def told_share(self) -> float:
        """The share of the rows' losses that is told of an epoch; see `Output.tells_mean`."""
        return 1.0 / self.layer_sizes[-1] if self.out.tells_mean else 1.0

    def coefs(self, theta: NDArray[Any]) -> list[NDArray[Any]]:
        """Return the coefs of each layer (fan_in, fan_out) as views of theta (p,)."""
        views, start = [], 0
        for fan_in, fan_out in self.shapes:
            stop = start + fan_in * fan_out
            views.append(theta[start:stop].reshape(fan_in, fan_out))
            start = stop
        return views

    def intercepts(self, theta: NDArray[Any]) -> list[NDArray[Any]]:
        """Return the intercepts of each layer (fan_out,) as views of theta (p,)."""
        views, start = [], self.n_coef
        for fan_out in self.layer_sizes[1:]:
            views.append(theta[start : start + fan_out])
            start += fan_out
        return views

    def pack(
        self,
        coefs: Sequence[NDArray[Any]],
        intercepts: Sequence[NDArray[Any]],
        dtype: np.dtype[Any],
    ) -> NDArray[Any]:
        """Return a fresh theta (p,) that holds the given coefs and intercepts."""
        theta = np.empty(self.n_parameters, dtype=dtype)
        for view, value in zip(self.coefs(theta), coefs, strict=True):
            view[...] = value
        for view, value in zip(self.intercepts(theta), intercepts, strict=True):
            view[...] = value
        return theta
