"""Which inputs spoke for a class and which against it, and by how much."""

from __future__ import annotations

__all__ = ["Attributions", "attributions"]

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse

from glassnet.errors import DataError
from glassnet.evaluation.class_measures import ClassMeasure, class_measure
from glassnet.evaluation.net import FittedNet
from glassnet.evaluation.plain import Plain

Array = npt.NDArray[np.floating[Any]]
CHUNK = 16384  # rows and steps propagated at once


@dataclass(frozen=True, eq=False)
class Attributions(Plain):
    """What each input of n rows contributed to a measure F of the row's class.

    Attributes
    ----------
    targets : ndarray (n,) of int
        The class explained, by its position.
    of : str
        The measure; see `attributions`.
    gradient_x_input : ndarray (n, d)
        dF/dx at the row, times what it differs from the baseline by.
    integrated_gradients : ndarray (n, d)
        The same with the mean gradient on the way from the baseline: they sum to F(x) - F(b).
    values, baseline_values : ndarray (n,)
        F at the row and at the baseline.
    gaps : ndarray (n,)
        What is missing of the sum: (F(x) - F(b)) - sum of the integrated gradients.
    """

    targets: npt.NDArray[np.intp]
    of: str
    gradient_x_input: Array
    integrated_gradients: Array
    values: Array
    baseline_values: Array
    gaps: Array


def attributions(
    net: FittedNet,
    X: Any,
    targets: npt.ArrayLike | None = None,
    *,
    baseline: npt.ArrayLike | None = None,
    of: ClassMeasure = "log_odds",
    n_steps: int = 64,
) -> Attributions:
    r"""Share out among the inputs why a row speaks for a class.

    With a measure F of the class, a row x and a baseline b,

    .. math:: \text{gradient times input}_i = (x_i - b_i) \frac{\partial F(x)}{\partial x_i}, \qquad
              \text{integrated gradients}_i = (x_i - b_i) \int_0^1
              \frac{\partial F(b + t (x - b))}{\partial x_i} dt.

    The first is true close to the row, the second adds up to all of F(x) - F(b) (completeness).
    The integral is taken by the midpoint rule. All points of the way have first-layer inputs on a
    line too, so that a step costs nothing for the first layer, however many inputs there are.

    Parameters
    ----------
    net : FittedNet
        The net; computed in float64.
    X : array-like or sparse matrix (n, d)
        Rows as the net takes them.
    targets : array-like (n,) or int, optional
        The class to explain, by its position; by default the likeliest one of each row.
    baseline : array-like (d,), optional
        The row that says nothing; by default all zeros: black pixels, or means where rows are
        standardised. An input that equals the baseline's is given nothing.
    of : {"log_odds", "score", "probability"}, default "log_odds"
        The measure F, see `glassnet.evaluation.class_measures.class_measure`.
    n_steps : int, default 64
        Steps of the integral.

    Returns
    -------
    Attributions

    Raises
    ------
    DataError
        If shapes do not fit or there is no such class.

    References
    ----------
    M. Sundararajan, A. Taly, Q. Yan (2017), Axiomatic attribution for deep networks, ICML.
    A. Shrikumar, P. Greenside, A. Kundaje (2017), Learning important features through propagating
    activation differences, ICML (gradient times input).

    Examples
    --------
    >>> net = FittedNet.of([[[2.0], [-1.0]]], [[0.5]], output="logistic")
    >>> found = attributions(net, [[1.0, 3.0]], targets=1)
    >>> found.integrated_gradients.tolist(), found.values.tolist(), found.baseline_values.tolist()
    ([[2.0, -3.0]], [-0.5], [0.5])
    """
    if n_steps < 1:
        raise DataError(f"The integral needs at least one step, not {n_steps}.")
    dense = X.toarray() if scipy.sparse.issparse(X) else X
    rows = np.asarray(net.rows(dense), dtype=np.float64)
    d = rows.shape[1]
    start = np.zeros(d) if baseline is None else np.asarray(baseline, dtype=np.float64)
    if start.shape != (d,):
        raise DataError(f"A baseline of {d} features is ({d},), not {start.shape}.")
    first, constant = net.coefs[0].astype(np.float64), net.intercepts[0].astype(np.float64)
    away = rows - start
    z_start = start @ first + constant
    z_away = away @ first
    layers = net.onward(0, z_start + z_away)
    chosen = _targets(net, layers.scores, targets)
    values, derivative = class_measure(layers.scores, chosen, of)
    at_row = net.backward(layers, derivative)
    on_way = _mean_on_the_way(net, z_start, z_away, chosen, of, n_steps)
    at_start = np.broadcast_to(net.onward(0, z_start[None]).scores, layers.scores.shape)
    baseline_values, _ = class_measure(at_start, chosen, of)
    integrated = away * (on_way @ first.T)
    return Attributions(
        targets=chosen,
        of=of,
        gradient_x_input=away * (at_row @ first.T),
        integrated_gradients=integrated,
        values=values,
        baseline_values=baseline_values,
        gaps=values - baseline_values - integrated.sum(axis=1),
    )


def _targets(net: FittedNet, scores: Array, targets: Any) -> npt.NDArray[np.intp]:
    n, k = len(scores), net.n_classes
    if targets is None:
        likeliest = scores[:, 0] > 0 if scores.shape[1] == 1 else scores.argmax(axis=1)
        return likeliest.astype(np.intp)
    chosen = np.asarray(targets)
    if chosen.dtype.kind not in "iu" or chosen.shape not in ((), (n,)):
        raise DataError(f"The classes of {n} rows are {n} positions or one, not {targets!r}.")
    if chosen.size and not (chosen.min() >= 0 and chosen.max() < k):
        raise DataError(f"The positions of {k} classes are 0 to {k - 1}.")
    return np.broadcast_to(chosen, (n,)).astype(np.intp)


def _mean_on_the_way(
    net: FittedNet,
    z_start: Array,
    z_away: Array,
    targets: npt.NDArray[np.intp],
    of: ClassMeasure,
    n_steps: int,
) -> Array:
    """Return the mean of dF/dz (n, h) of the first layer at the midpoints of the way."""
    steps = (np.arange(n_steps) + 0.5) / n_steps
    n, h = z_away.shape
    mean = np.empty((n, h))
    many = max(CHUNK // n_steps, 1)
    for begin in range(0, n, many):
        part = slice(begin, begin + many)
        # (rows, steps, h) as one list of rows
        z = (z_start + steps[:, None] * z_away[part, None, :]).reshape(-1, h)
        layers = net.onward(0, z)
        _, derivative = class_measure(layers.scores, np.repeat(targets[part], n_steps), of)
        mean[part] = net.backward(layers, derivative).reshape(-1, n_steps, h).mean(axis=1)
    return mean
