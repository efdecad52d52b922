"""The input that would fire a unit most, among inputs that could be rows of the data."""

from __future__ import annotations

__all__ = ["MaximalInputs", "maximal_inputs"]

from dataclasses import dataclass
from typing import Any, final

import numpy as np
import numpy.typing as npt
import scipy.sparse
from scipy.special import expit

from glassnet.errors import DataError
from glassnet.evaluation.class_measures import class_measure
from glassnet.evaluation.net import FittedNet
from glassnet.evaluation.plain import Plain

Array = npt.NDArray[np.float64]
SOME = 5000
STEPS = 0.5 ** np.arange(9)
MAX_ITER = 40
PROGRESS = 1e-4  # of the measure, below which a search has ended


@dataclass(frozen=True, eq=False)
class MaximalInputs(Plain):
    """Inputs that fire units as far as inputs like the data's can.

    Attributes
    ----------
    layer : int
        The layer, counted from 0.
    is_output : bool
        Whether its units are the classes.
    units : ndarray (m,) of int
        The units, or classes by their position.
    inputs : ndarray (m, d)
        A row a unit.
    reached : ndarray (m,)
        The unit's activation there; for classes their probability.
    largest_seen : ndarray (m,)
        The largest among the data's rows.
    mean, std : ndarray (d,)
        Of each feature in the data; the inputs are at most ``radius`` standard deviations away.
    radius : float
        The median distance of the data's rows from their mean, in standard deviations.
    """

    layer: int
    is_output: bool
    units: npt.NDArray[np.intp]
    inputs: Array
    reached: Array
    largest_seen: Array
    mean: Array
    std: Array
    radius: float


def maximal_inputs(
    net: FittedNet,
    X: Any,
    *,
    layer: int = 0,
    units: npt.ArrayLike | None = None,
    radius: float | None = None,
) -> MaximalInputs:
    r"""Find the input that fires each unit of a layer most.

    Without bounds it would lie at infinity, and within the box of each feature's smallest and
    largest value it is a corner: noise in black and white. So the input must be as near to the
    data's mean as a usual row is. With mean \mu, standard deviations \sigma and the unit's
    weighted input z,

    .. math:: \max_x z(x) \quad\text{where}\quad \min_i \le x_i \le \max_i, \quad
              \sum_i \left(\frac{x_i - \mu_i}{\sigma_i}\right)^2 \le r^2.

    For the first layer z = w·x + b and the answer is exact: :math:`x_i = \mu_i + t \sigma_i^2 w_i`,
    cut to the box, with the largest t that the ball allows. Above it is sought by gradient ascent
    in that form: each step goes from x towards the answer for the gradient at x, as far as is best
    of 1, 1/2, 1/4, … (the conditional gradient method, which never leaves the bounds), from the
    mean and from the row, drawn into the ball, that fires the unit most; the better end is kept. It
    need not be the best of all. A feature that never varies stays at its mean.

    Parameters
    ----------
    net : FittedNet
        The net.
    X : array-like or sparse matrix (n, d)
        Rows as the net takes them, which give the bounds.
    layer : int, default 0
        The layer, counted from 0; ``net.n_hidden`` is the output, where the log odds of each class
        are made as large as can be.
    units : array-like of int, optional
        Which units; by default all.
    radius : float, optional
        r; by default the median over the rows, of at most some 5000 to 10000 evenly among them.

    Returns
    -------
    MaximalInputs

    Raises
    ------
    DataError
        If there is no such layer or unit, or there are no rows.

    References
    ----------
    D. Erhan, Y. Bengio, A. Courville, P. Vincent (2009), Visualizing higher-layer features of a
    deep network, technical report 1341, Université de Montréal. M. Frank, P. Wolfe (1956), An
    algorithm for quadratic programming, Naval Research Logistics 3.

    Examples
    --------
    >>> net = FittedNet.of([[[3.0], [4.0]], [[1.0]]], [[0.0], [0.0]], output="logistic")
    >>> rows = [[-1.0, -1.0], [1.0, 1.0], [-1.0, 1.0], [1.0, -1.0]]
    >>> found = maximal_inputs(net, rows, radius=1.0)
    >>> found.inputs.round(3).tolist(), found.reached.round(3).tolist()
    ([[0.6, 0.8]], [5.0])
    """
    rows = np.asarray(net.rows(X.toarray() if scipy.sparse.issparse(X) else X))
    if not len(rows):
        raise DataError("The bounds of the data need at least one row.")
    if not 0 <= layer <= net.n_hidden:
        raise DataError(f"There is no layer {layer}: the net has 0 to {net.n_hidden}.")
    k = net.n_classes if layer == net.n_hidden else net.coefs[layer].shape[1]
    chosen = np.arange(k) if units is None else np.asarray(units, dtype=np.intp)
    if chosen.size and not (chosen.min() >= 0 and chosen.max() < k):
        raise DataError(f"The units of this layer are numbered 0 to {k - 1}.")
    mean, std = rows.mean(axis=0, dtype=np.float64), rows.std(axis=0, dtype=np.float64)
    scale = np.where(std > 0, std, 1.0)
    low = np.where(std > 0, (rows.min(axis=0) - mean) / scale, 0.0)
    high = np.where(std > 0, (rows.max(axis=0) - mean) / scale, 0.0)
    # Some thousand rows tell the median well enough, and where to begin; all would be copied.
    away = (rows[:: max(len(rows) // SOME, 1)] - mean) / scale
    norms = np.linalg.norm(away, axis=1, keepdims=True)
    if radius is None:
        radius = float(np.median(norms))
    search = _Search(net, layer, chosen, mean, scale, low, high, radius)
    seen = search.of_rows(rows)
    if layer == 0 and layer < net.n_hidden:
        best = farthest(net.coefs[0].astype(np.float64)[:, chosen].T * std, low, high, radius)
    else:
        away *= np.minimum(1.0, radius / np.where(norms > 0, norms, 1.0))
        strongest = away[search.of_points(away).argmax(axis=0)]
        best = search.climb(np.stack([np.zeros_like(strongest), strongest]))
    inputs = mean + scale * best
    return MaximalInputs(
        layer=layer,
        is_output=layer == net.n_hidden,
        units=chosen,
        inputs=inputs,
        reached=search.activation(search.values(best @ search.first + search.constant, chosen)),
        largest_seen=search.activation(seen.max(axis=0)),
        mean=mean,
        std=std,
        radius=radius,
    )


def farthest(direction: Array, low: Array, high: Array, radius: float) -> Array:
    """Return the points u (m, d) of box and ball that lie farthest in given directions (m, d).

    They are ``clip(t direction, low, high)`` with the largest t for which |u| <= radius; low <= 0
    <= high. From t of the ball alone, t is made larger by what the cut features leave of the
    radius, until no more are cut: each time at least one more is, in practice many.
    """
    largest = np.where(direction > 0, high, low)
    squared = direction**2
    is_cut = np.zeros(direction.shape, dtype=bool) | (direction == 0)
    bound = np.where(direction == 0, 0.0, largest)
    while True:
        left = radius**2 - np.where(is_cut, bound**2, 0.0).sum(axis=1)
        free = np.where(is_cut, 0.0, squared).sum(axis=1)
        t = np.sqrt(np.maximum(left, 0.0) / np.where(free > 0, free, 1.0))
        beyond = ~is_cut & (np.abs(t[:, None] * direction) > np.abs(bound))
        if not beyond.any():
            return np.where(is_cut, bound, t[:, None] * direction)
        is_cut |= beyond


@final
class _Search:
    """Gradient ascent of every unit of a layer at once, in standardised coordinates u.

    The first layer's weighted inputs z are linear in u, so that all steps along a line cost one
    product with its weights.
    """

    def __init__(
        self,
        net: FittedNet,
        layer: int,
        units: npt.NDArray[np.intp],
        mean: Array,
        scale: Array,
        low: Array,
        high: Array,
        radius: float,
    ) -> None:
        self.net, self.layer, self.units = net, layer, units
        self.low, self.high, self.radius = low, high, radius
        first = net.coefs[0].astype(np.float64)
        self.first = scale[:, None] * first  # (d, h): of u
        self.constant = mean @ first + net.intercepts[0].astype(np.float64)
        self.is_output = layer == net.n_hidden

    def of_rows(self, rows: Any) -> Array:
        """Return each row's measure of each unit (n, m)."""
        return self._measured(self.net.layers(rows).weighted[self.layer])

    def of_points(self, u: Array) -> Array:
        """Return the measure of each unit (n, m) at points u (n, d)."""
        layers = self.net.onward(0, u @ self.first + self.constant)
        return self._measured(layers.weighted[self.layer])

    def _measured(self, weighted: npt.NDArray[Any]) -> Array:
        if not self.is_output:
            return weighted[:, self.units]
        n = len(weighted)
        each = [class_measure(weighted, np.full(n, unit))[0] for unit in self.units]
        return np.stack(each, axis=1)

    def values(self, z: Array, units: npt.NDArray[np.intp]) -> Array:
        """Return the measure (..., m) of points with first-layer inputs z (..., m, h)."""
        weighted = self.net.onward(0, z.reshape(-1, z.shape[-1])).weighted[self.layer]
        each = np.broadcast_to(units, z.shape[:-1]).ravel()
        if self.is_output:
            found = class_measure(weighted, each)[0]
        else:
            found = weighted[np.arange(len(weighted)), each]
        return np.asarray(found.reshape(z.shape[:-1]), dtype=np.float64)

    def gradients(self, z: Array, units: npt.NDArray[np.intp]) -> Array:
        """Return the gradient (m, d) of each point's measure with respect to u, given z (m, h)."""
        layers = self.net.onward(0, z)
        weighted = layers.weighted[self.layer]
        if self.is_output:
            delta = class_measure(weighted, units)[1]
        else:
            delta = np.zeros_like(weighted)
            delta[np.arange(len(weighted)), units] = 1
        return self.net.backward(layers, delta, self.layer) @ self.first.T

    def climb(self, starts: Array) -> Array:
        """Return the best points (m, d) found from starts (s, m, d)."""
        ends = np.stack([self._climb(start) for start in starts])
        best = self.values(ends @ self.first + self.constant, self.units).argmax(axis=0)
        return ends[best, np.arange(ends.shape[1])]

    def _climb(self, start: Array) -> Array:
        u = start.copy()
        z = u @ self.first + self.constant
        value = self.values(z, self.units)
        active = np.arange(len(u))  # the units whose search has not ended
        for _ in range(MAX_ITER):
            units = self.units[active]
            gradient = self.gradients(z[active], units)
            towards = farthest(gradient, self.low, self.high, self.radius) - u[active]
            z_towards = towards @ self.first
            reached = self.values(z[active] + STEPS[:, None, None] * z_towards, units)
            best = reached.argmax(axis=0)
            gained = reached.max(axis=0) - value[active]
            goes_on = gained > PROGRESS * np.abs(value[active])
            if not goes_on.any():
                break
            active, best = active[goes_on], best[goes_on]
            step = STEPS[best][:, None]
            u[active] += step * towards[goes_on]
            z[active] += step * z_towards[goes_on]
            value[active] += gained[goes_on]
        return u

    def activation(self, measure: npt.NDArray[Any]) -> Array:
        """Return what the unit makes of its measure (m,): f(z), or a probability."""
        a = np.array(measure, dtype=np.float64)
        if self.is_output:
            return np.asarray(expit(a), dtype=np.float64)
        self.net.network.hidden.apply(a[:, None])
        return a
