"""What the units of a hidden layer look for, and what they vote for."""

from __future__ import annotations

__all__ = ["UnitSummary", "hidden_units"]

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from glassnet.errors import DataError
from glassnet.evaluation.plain import Plain

Weighted = tuple[tuple[str, float], ...]


@dataclass(frozen=True, eq=False)
class UnitSummary(Plain):
    """One hidden unit.

    Attributes
    ----------
    unit : int
        Its column of the layer's coef, counted from 0.
    weights : ndarray (d,)
        Its incoming weights.
    intercept : float
        Added to the weighted input.
    norm : float
        Euclidean length of the weights.
    share : float
        norm² over the sum of norm² of all units of the layer; the shares add up to 1.
    positive, negative : tuple of (feature name, weight)
        Features that push the unit up or down most, the strongest first.
    votes : tuple of (class name, weight)
        Its outgoing weights, the strongest vote for a class first; empty where none were given.
    """

    unit: int
    weights: npt.NDArray[np.float64]
    intercept: float
    norm: float
    share: float
    positive: Weighted
    negative: Weighted
    votes: Weighted

    def sentence(self) -> str:
        """Return in words what drives the unit and what it votes for."""
        parts = []
        if self.positive:
            parts.append("is pushed up by " + ", ".join(name for name, _ in self.positive))
        if self.negative:
            parts.append("is pushed down by " + ", ".join(name for name, _ in self.negative))
        text = f"Unit {self.unit} holds {100 * self.share:.1f} % of the layer's squared weight"
        text = f"{text}; it {' and '.join(parts)}" if parts else text
        if self.votes:
            (pro, _), (con, _) = self.votes[0], self.votes[-1]
            most = "most " if len(self.votes) > 2 else ""
            text += f"; when active it speaks {most}for {pro} and {most}against {con}"
        return f"{text}."


def hidden_units(
    coef: npt.ArrayLike,
    intercept: npt.ArrayLike,
    feature_names: Sequence[str] | None = None,
    *,
    coef_out: npt.ArrayLike | None = None,
    class_names: Sequence[str] | None = None,
    n_strongest: int = 5,
) -> tuple[UnitSummary, ...]:
    """Summarise each unit of a layer by its weights.

    Parameters
    ----------
    coef : array-like (d, h)
        Incoming weights, ``coefs_[0]`` of a fitted net.
    intercept : array-like (h,)
        ``intercepts_[0]``.
    feature_names : sequence of str (d,), optional
        By default ``x0``, ``x1``, …
    coef_out : array-like (h, k), optional
        Outgoing weights where the next layer is the output. One column with two class names is
        the output of a two-class net: a weight for the second class is one against the first.
    class_names : sequence of str (k,), optional
        What to call the outputs; by default their numbers.
    n_strongest : int, default 5
        How many features of each sign to name.

    Returns
    -------
    tuple of UnitSummary (h,)
        In the order of the columns.

    Raises
    ------
    DataError
        If shapes do not fit each other.

    Examples
    --------
    >>> unit = hidden_units([[3.0], [-4.0]], [0.5], ["width", "height"])[0]
    >>> unit.norm, unit.positive, unit.negative
    (5.0, (('width', 3.0),), (('height', -4.0),))
    """
    weights = np.asarray(coef, dtype=np.float64)
    constants = np.asarray(intercept, dtype=np.float64)
    if weights.ndim != 2 or constants.shape != (weights.shape[1],):
        raise DataError(
            f"A layer has weights (d, h) and intercepts (h,), not {weights.shape} and "
            f"{constants.shape}."
        )
    d, h = weights.shape
    features = _names(feature_names, d, "x", "features")
    votes = _votes(coef_out, class_names, h)
    norms = np.linalg.norm(weights, axis=0)
    total = float(np.sum(norms**2))
    return tuple(
        UnitSummary(
            unit=j,
            weights=weights[:, j].copy(),
            intercept=float(constants[j]),
            norm=float(norms[j]),
            share=float(norms[j] ** 2 / total) if total else 1.0 / h,
            positive=_strongest(weights[:, j], features, n_strongest, sign=1),
            negative=_strongest(weights[:, j], features, n_strongest, sign=-1),
            votes=votes[j],
        )
        for j in range(h)
    )


def _names(names: Sequence[str] | None, n: int, prefix: str, what: str) -> tuple[str, ...]:
    if names is None:
        return tuple(f"{prefix}{i}" for i in range(n))
    if len(names) != n:
        raise DataError(f"{len(names)} names were given for {n} {what}.")
    return tuple(str(name) for name in names)


def _strongest(
    weights: npt.NDArray[np.float64], names: tuple[str, ...], n: int, *, sign: int
) -> Weighted:
    order = np.argsort(-sign * weights, kind="stable")[:n]
    return tuple((names[i], float(weights[i])) for i in order if sign * weights[i] > 0)


def _votes(
    coef_out: npt.ArrayLike | None, class_names: Sequence[str] | None, h: int
) -> list[Weighted]:
    if coef_out is None:
        return [()] * h
    outgoing = np.asarray(coef_out, dtype=np.float64)
    if outgoing.ndim != 2 or len(outgoing) != h:
        raise DataError(f"Outgoing weights of {h} units must be ({h}, k), not {outgoing.shape}.")
    if outgoing.shape[1] == 1 and class_names is not None and len(class_names) == 2:
        outgoing = np.hstack([-outgoing, outgoing])
    names = _names(class_names, outgoing.shape[1], "output ", "outputs")
    return [
        tuple((names[k], float(row[k])) for k in np.argsort(-row, kind="stable"))
        for row in outgoing
    ]
