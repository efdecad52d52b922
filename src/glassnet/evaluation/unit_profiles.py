"""What a hidden unit does on given rows: what fires it, how it differs by class, what is wrong."""

from __future__ import annotations

__all__ = ["UnitProfile", "unit_profiles"]

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from glassnet.errors import DataError
from glassnet.evaluation.labels import class_positions, names_of
from glassnet.evaluation.net import FittedNet
from glassnet.evaluation.plain import Plain
from glassnet.evaluation.unit_flags import UnitFlags, unit_flags
from glassnet.evaluation.units import Weighted, _votes

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


@dataclass(frozen=True, eq=False)
class UnitProfile(Plain):
    """One hidden unit on n rows.

    Attributes
    ----------
    layer, unit : int
        Its hidden layer and its column there, both counted from 0.
    most, least : ndarray (m,) of int
        Rows that fire it most and least, the farthest first: by its weighted input, which tells
        rows apart where the activation is flat.
    activation_of_most, activation_of_least : ndarray (m,)
        Its activation there.
    mean, std : float
        Of its activation over all rows.
    quantiles : ndarray (k, 5)
        The 5, 25, 50, 75 and 95 % quantiles of its activation in each class; NaN without rows.
    edges : ndarray (n_bins + 1,)
        Ends of the histograms' bins, the same for all classes.
    counts : ndarray (k, n_bins) of int
        Rows of each class by activation.
    votes : tuple of (name, weight)
        Its outgoing weights: to the classes where the next layer is the output, else to units; the
        strongest first.
    flags : UnitFlags
        Whether it is dead, saturated, a duplicate or unused.
    """

    layer: int
    unit: int
    most: npt.NDArray[np.intp]
    least: npt.NDArray[np.intp]
    activation_of_most: npt.NDArray[np.floating[Any]]
    activation_of_least: npt.NDArray[np.floating[Any]]
    mean: float
    std: float
    quantiles: npt.NDArray[np.float64]
    edges: npt.NDArray[np.float64]
    counts: npt.NDArray[np.int64]
    votes: Weighted
    flags: UnitFlags


def unit_profiles(
    net: FittedNet,
    X: Any,
    y: npt.ArrayLike,
    classes: npt.ArrayLike,
    class_names: Sequence[str] | None = None,
    *,
    layer: int = 0,
    n_extreme: int = 8,
    n_bins: int = 20,
) -> tuple[UnitProfile, ...]:
    """Describe each unit of a hidden layer by what it does on given rows.

    Parameters
    ----------
    net : FittedNet
        The net.
    X : array-like or sparse matrix (n, d)
        Rows as the net takes them.
    y : array-like (n,)
        Their labels.
    classes : array-like (k,)
        All labels, in the order of the net's outputs.
    class_names : sequence of str (k,), optional
        What to call them.
    layer : int, default 0
        The hidden layer, counted from 0.
    n_extreme : int, default 8
        How many rows fire a unit most, and least.
    n_bins : int, default 20
        Bins of the histograms.

    Returns
    -------
    tuple of UnitProfile (h,)
        In the order of the layer's columns.

    Raises
    ------
    DataError
        If there is no such layer, there are no rows, or shapes do not fit.

    Examples
    --------
    >>> net = FittedNet.of([[[1.0, 0.0]], [[1.0], [1.0]]], [[0.0, 1.0], [0.0]], output="logistic")
    >>> first, second = unit_profiles(net, [[-1.0], [1.0], [2.0]], [0, 1, 1], [0, 1], n_extreme=1)
    >>> first.most.tolist(), first.mean, second.flags.words()
    ([2], 1.0, ('unused',))
    """
    names = names_of(classes, class_names)
    labels = class_positions(y, classes, "the labels")
    check_layer(net, layer)
    layers = net.layers(X)
    z, a = layers.weighted[layer], layers.activations[layer]
    n, h = a.shape
    if len(labels) != n or not n:
        raise DataError(f"{len(labels)} labels were given for {n} rows, of which there must be 1.")
    if len(names) != net.n_classes:
        raise DataError(f"A net of {net.n_classes} classes cannot have {len(names)} labels.")
    last = layer == net.n_hidden - 1
    votes = _votes(net.coefs[layer + 1], names if last else None, h)
    if not last:
        votes = [tuple((w.replace("output", "unit"), v) for w, v in each) for each in votes]
    most, least = _extremes(z, n_extreme)
    quantiles = _quantiles(a, labels, len(names))
    edges, counts = _histograms(a, labels, len(names), n_bins)
    flags = unit_flags(net, layers, layer)
    return tuple(
        UnitProfile(
            layer=layer,
            unit=j,
            most=most[:, j],
            least=least[:, j],
            activation_of_most=a[most[:, j], j],
            activation_of_least=a[least[:, j], j],
            mean=float(a[:, j].mean(dtype=np.float64)),
            std=float(a[:, j].std(dtype=np.float64)),
            quantiles=quantiles[:, :, j],
            edges=edges[:, j],
            counts=counts[j],
            votes=votes[j],
            flags=flags[j],
        )
        for j in range(h)
    )


def check_layer(net: FittedNet, layer: int) -> None:
    """Refuse a hidden layer that is not there."""
    if not 0 <= layer < net.n_hidden:
        raise DataError(
            f"There is no hidden layer {layer}: the net has {net.n_hidden}, counted from 0."
        )


def _extremes(
    z: npt.NDArray[Any], n_extreme: int
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Return the rows (m, h) of the largest and of the smallest values of each column."""
    m = min(n_extreme, len(z))
    found = []
    for signed in (-z, z):
        near = np.sort(np.argpartition(signed, m - 1, axis=0)[:m], axis=0)
        order = np.argsort(np.take_along_axis(signed, near, axis=0), axis=0, kind="stable")
        found.append(np.take_along_axis(near, order, axis=0))
    return found[0], found[1]


def _quantiles(
    a: npt.NDArray[Any], labels: npt.NDArray[np.intp], k: int
) -> npt.NDArray[np.float64]:
    """Return the quantiles (k, 5, h) of each class."""
    found = np.full((k, len(QUANTILES), a.shape[1]), np.nan)
    for c in range(k):
        rows = a[labels == c]
        if len(rows):
            found[c] = np.quantile(rows, QUANTILES, axis=0)
    return found


def _histograms(
    a: npt.NDArray[Any], labels: npt.NDArray[np.intp], k: int, n_bins: int
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
    """Return edges (n_bins + 1, h) and counts (h, k, n_bins)."""
    h = a.shape[1]
    low, high = a.min(axis=0).astype(np.float64), a.max(axis=0).astype(np.float64)
    # A unit that always says the same has a bin of width 1 around it.
    constant = high <= low
    low, high = np.where(constant, low - 0.5, low), np.where(constant, high + 0.5, high)
    place = ((a - low) * (n_bins / (high - low))).astype(np.intp)
    np.clip(place, 0, n_bins - 1, out=place)
    place += (np.arange(h) * k + labels[:, None]) * n_bins
    counts = np.bincount(place.ravel(), minlength=h * k * n_bins).reshape(h, k, n_bins)
    return np.linspace(low, high, n_bins + 1), counts
