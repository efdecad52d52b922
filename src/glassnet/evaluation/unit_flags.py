"""What can be wrong with a hidden unit: dead, saturated, a duplicate, unused."""

from __future__ import annotations

__all__ = ["UnitFlags", "unit_flags"]

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from glassnet.evaluation.net import FittedNet, Layers
from glassnet.evaluation.plain import Plain

BOUNDED = ("logistic", "tanh")  # activations that are flat at both ends
FLAT = 0.05  # of the steepest slope
DEAD_SHARE = 0.999
SATURATED_SHARE = 0.95
DUPLICATE = 0.99
UNUSED = 0.01


@dataclass(frozen=True)
class UnitFlags(Plain):
    """What is wrong with a unit, and the numbers that say so.

    Attributes
    ----------
    dead, saturated, duplicate, unused : bool
        See `unit_flags`.
    flat_share : float
        Share of the rows where its activation is flat.
    twin : int or None
        The unit of its layer that it resembles most; None where nothing can be said.
    correlation : float
        Of their activations; 0 without a twin.
    influence : float
        What it sends on, as a share of that of the layer's strongest unit.
    """

    dead: bool
    saturated: bool
    duplicate: bool
    unused: bool
    flat_share: float
    twin: int | None
    correlation: float
    influence: float

    def words(self) -> tuple[str, ...]:
        """Return the flags in words; none for a unit in good health."""
        found = []
        if self.dead:
            found.append("dead")
        if self.saturated:
            found.append("saturated")
        if self.duplicate:
            found.append(f"duplicate of unit {self.twin}")
        if self.unused:
            found.append("unused")
        return tuple(found)


def unit_flags(net: FittedNet, layers: Layers, layer: int) -> tuple[UnitFlags, ...]:
    """Say of each unit of a hidden layer what is wrong with it.

    A row finds a unit flat where its slope ``|f'(z)|`` is at most 5 % of the steepest possible: it
    passes no gradient on and learns nothing from the row. For 'relu' that is z <= 0, for
    'logistic' and 'tanh' either end, for the others the far left; 'identity' is never flat.

    - **dead**: flat for at least 99.9 % of the rows, for 'logistic' and 'tanh' at one and the same
      end: the unit says the same to every row and cannot learn.
    - **saturated** ('logistic' and 'tanh'): not dead, but flat for at least 95 % of the rows: a
      switch, which hardly learns any more.
    - **duplicate**: not dead, and its activation correlates with that of another unit by 0.99 or
      more, or by -0.99 or less: one of the two would do.
    - **unused**: not dead, and it sends on at most 1 % of what the layer's strongest unit does:
      the standard deviation of its activation times the length of its outgoing weights. Into a
      softmax these are taken less their mean, since what is added to all classes alike changes
      nothing.

    Parameters
    ----------
    net : FittedNet
        The net.
    layers : Layers
        ``net.layers(X)``.
    layer : int
        The hidden layer, counted from 0.

    Returns
    -------
    tuple of UnitFlags (h,)
    """
    a = layers.activations[layer].astype(np.float64, copy=False)
    h = a.shape[1]
    bounded = net.network.activation in BOUNDED
    steepest = 0.25 if net.network.activation == "logistic" else 1.0
    flat = np.abs(net.slopes(layer, layers)) <= FLAT * steepest
    flat_share = flat.mean(axis=0)
    stuck = flat_share
    if bounded:
        high = a > (0.5 if net.network.activation == "logistic" else 0.0)
        stuck = np.maximum((flat & high).mean(axis=0), (flat & ~high).mean(axis=0))
    dead = stuck >= DEAD_SHARE
    twins, correlations = _twins(a, dead)
    influence = _influence(net, layer, a.std(axis=0))
    return tuple(
        UnitFlags(
            dead=bool(dead[j]),
            saturated=bool(bounded and not dead[j] and flat_share[j] >= SATURATED_SHARE),
            duplicate=bool(abs(correlations[j]) >= DUPLICATE),
            unused=bool(not dead[j] and influence[j] <= UNUSED),
            flat_share=float(flat_share[j]),
            twin=int(twins[j]) if correlations[j] else None,
            correlation=float(correlations[j]),
            influence=float(influence[j]),
        )
        for j in range(h)
    )


def _twins(
    a: npt.NDArray[np.float64], dead: npt.NDArray[np.bool_]
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.float64]]:
    """Return for each unit the one whose activation correlates most, and how much (0 if none)."""
    centred = a - a.mean(axis=0)
    lengths = np.linalg.norm(centred, axis=0)
    # What rounding leaves of a constant is no variation.
    counts = (lengths > 1e-6 * np.linalg.norm(a, axis=0)) & ~dead
    centred *= np.where(counts, 1.0, 0.0) / np.where(counts, lengths, 1.0)
    correlations = np.clip(centred.T @ centred, -1.0, 1.0)
    np.fill_diagonal(correlations, 0.0)
    twins = np.abs(correlations).argmax(axis=1)
    return twins, correlations[np.arange(len(twins)), twins]


def _influence(
    net: FittedNet, layer: int, std: npt.NDArray[np.float64]
) -> npt.NDArray[np.floating[Any]]:
    outgoing = net.coefs[layer + 1].astype(np.float64)
    if layer == net.n_hidden - 1 and net.network.output == "softmax":
        outgoing = outgoing - outgoing.mean(axis=1, keepdims=True)
    sent = std * np.linalg.norm(outgoing, axis=1)
    return sent / (sent.max() or 1.0)
