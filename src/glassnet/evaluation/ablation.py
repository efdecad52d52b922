"""What a hidden unit is needed for: the net with the unit switched off."""

from __future__ import annotations

__all__ = ["Ablation", "ablate_units"]

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from scipy.special import logsumexp

from glassnet.errors import DataError
from glassnet.evaluation.labels import class_positions, names_of
from glassnet.evaluation.net import FittedNet
from glassnet.evaluation.plain import Plain
from glassnet.evaluation.unit_profiles import check_layer

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Ablation(Plain):
    """Success with each unit of a layer switched off, one at a time.

    Attributes
    ----------
    layer : int
        The hidden layer, counted from 0.
    units : ndarray (m,) of int
        The units that were switched off.
    labels : tuple of str (k,)
        The classes.
    rows : ndarray (k,) of int
        Rows of each class.
    rates : ndarray (k,)
        Success rate of each class with the whole net; NaN for a class without rows.
    rates_without : ndarray (m, k)
        The same without the unit.
    accuracy, loss : float
        Success rate and mean log loss of the whole net.
    accuracy_without, loss_without : ndarray (m,)
        The same without the unit.
    """

    layer: int
    units: npt.NDArray[np.intp]
    labels: tuple[str, ...]
    rows: npt.NDArray[np.int64]
    rates: Array
    rates_without: Array
    accuracy: float
    loss: float
    accuracy_without: Array
    loss_without: Array

    @property
    def changes(self) -> Array:
        """Change of each class's success rate (m, k); negative where the unit is missed."""
        return self.rates_without - self.rates

    def sentence(self, i: int) -> str:
        """Return in words what the i-th of ``units`` is needed for."""
        change = self.changes[i]
        loss = self.loss_without[i] - self.loss
        text = (
            f"Without unit {self.units[i]} the success rate goes from {100 * self.accuracy:.1f} to "
            f"{100 * self.accuracy_without[i]:.1f} % and the loss "
            f"{'rises' if loss >= 0 else 'falls'} by {abs(loss):.3g}"
        )
        worst = int(np.nanargmin(change))
        if not change[worst] < 0:
            return f"{text}; no class does worse."
        return f"{text}; {self.labels[worst]} loses most, {-100 * change[worst]:.1f} points."


def ablate_units(
    net: FittedNet,
    X: Any,
    y: npt.ArrayLike,
    classes: npt.ArrayLike,
    class_names: Sequence[str] | None = None,
    *,
    layer: int = 0,
    units: npt.ArrayLike | None = None,
    to: Literal["mean", "zero"] = "mean",
) -> Ablation:
    """Switch each unit of a hidden layer off and see what the net loses.

    A unit that is switched off gives every row the same number: by default its mean over the rows,
    so that the layers above see a value they know and only what the unit tells about the row is
    lost. Zero is what a pruned net would have; for 'logistic' units it is far from usual.

    Only what follows the unit is computed anew, and of the next layer's weighted inputs only the
    unit's own part: for a last hidden layer this takes n k operations a unit. Below other hidden
    layers these are computed anew for each unit: where there are hundreds, give some of the rows or
    some of the units.

    Parameters
    ----------
    net : FittedNet
        The net.
    X, y : array-like (n, d), (n,)
        Rows as the net takes them, with their labels; held-out ones say what it would lose on new
        rows.
    classes : array-like (k,)
        All labels, in the order of the net's outputs.
    class_names : sequence of str (k,), optional
        What to call them.
    layer : int, default 0
        The hidden layer, counted from 0.
    units : array-like of int, optional
        Which units; by default all of the layer.
    to : {"mean", "zero"}, default "mean"
        What the unit's activation is set to.

    Returns
    -------
    Ablation

    Raises
    ------
    DataError
        If there is no such layer or unit, there are no rows, or shapes do not fit.

    Examples
    --------
    >>> net = FittedNet.of([[[1.0, 0.0]], [[1.0], [1.0]]], [[0.0, 1.0], [-2.0]], output="logistic")
    >>> found = ablate_units(net, [[0.0], [2.0]], ["no", "yes"], ["no", "yes"])
    >>> found.rates.tolist(), found.rates_without.tolist()
    ([1.0, 1.0], [[1.0, 0.0], [1.0, 1.0]])
    """
    if to not in ("mean", "zero"):
        raise DataError(f"A unit is set to its 'mean' or to 'zero', not {to!r}.")
    check_layer(net, layer)
    names = names_of(classes, class_names)
    labels = class_positions(y, classes, "the labels")
    layers = net.layers(X)
    a, above = layers.activations[layer], layers.weighted[layer + 1]
    n, h = a.shape
    if len(labels) != n or not n or len(names) != net.n_classes:
        raise DataError(
            f"{n} rows of a net of {net.n_classes} classes came with {len(labels)} labels of "
            f"{len(names)} classes."
        )
    chosen = np.arange(h) if units is None else np.asarray(units, dtype=np.intp)
    if chosen.size and not (chosen.min() >= 0 and chosen.max() < h):
        raise DataError(f"The units of this layer are numbered 0 to {h - 1}.")
    rows = np.bincount(labels, minlength=len(names))
    correct, losses = np.empty((len(chosen), len(names))), np.empty(len(chosen))
    outgoing = net.coefs[layer + 1].astype(a.dtype, copy=False)
    for i, unit in enumerate(chosen):
        value = a[:, unit].mean() if to == "mean" else a.dtype.type(0)
        z = above - np.outer(a[:, unit] - value, outgoing[unit])
        correct[i], losses[i] = _success(net.onward(layer + 1, z).scores, labels, len(names))
    whole, loss = _success(layers.scores, labels, len(names))
    some = np.where(rows > 0, rows, np.nan)
    return Ablation(
        layer=layer,
        units=chosen,
        labels=names,
        rows=rows,
        rates=whole / some,
        rates_without=correct / some,
        accuracy=float(whole.sum() / n),
        loss=loss,
        accuracy_without=correct.sum(axis=1) / n,
        loss_without=losses,
    )


def _success(
    scores: npt.NDArray[np.floating[Any]], labels: npt.NDArray[np.intp], k: int
) -> tuple[Array, float]:
    """Return how many rows of each class (k,) are right, and the mean log loss."""
    if scores.shape[1] == 1:
        assigned = (scores[:, 0] > 0).astype(np.intp)
        # -log p of the row's own class; it never overflows.
        losses = np.logaddexp(0, np.where(labels == 1, -scores[:, 0], scores[:, 0]))
    else:
        assigned = scores.argmax(axis=1)
        own = np.take_along_axis(scores, labels[:, None], axis=1)[:, 0]
        losses = logsumexp(scores, axis=1) - own
    right = np.bincount(labels[assigned == labels], minlength=k).astype(np.float64)
    return right, float(losses.mean(dtype=np.float64))
