"""Hidden units that one explores: what fires each, what it speaks for, what it is needed for."""

from __future__ import annotations

__all__ = ["UnitExplorer", "UnitView"]

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from glassnet.report.examples import Examples, Ints
from glassnet.report.explorers import Share

Floats = npt.NDArray[np.floating[Any]]
Pictures = npt.NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class UnitView:
    """One hidden unit.

    Attributes
    ----------
    name : str
        What it is called, such as "unit 7".
    flags : tuple of str
        What is wrong with it, in a word each.
    sentence : str
        The unit in words, as plain text.
    weights : tuple of (str, float)
        Its strongest weights by feature; empty where they are shown as a picture.
    asked : tuple of (str, str)
        The input that fires it most, as columns; empty where that is a picture.
    most, least : ndarray (e,) of int
        The examples that fire it most and least, as positions.
    votes : ndarray (k,) or (0,)
        Its weight for each class; empty where other layers lie between.
    effects : ndarray (k,)
        By how much the success rate of each class changes without it, in [-1, 1].
    counts : ndarray (k, b) of int
        The rows of each class by its activation.
    low, high : float
        The ends of these bins.
    """

    name: str
    flags: tuple[str, ...]
    sentence: str
    weights: tuple[tuple[str, float], ...]
    asked: tuple[tuple[str, str], ...]
    most: Ints
    least: Ints
    votes: Floats
    effects: Floats
    counts: Ints
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class UnitExplorer:
    """The units of a hidden layer; a click on one shows all of it.

    Parameters
    ----------
    title, caption : str
        The heading, and what is shown (with inline mark-up).
    examples : Examples
        The rows that fire the units.
    units : tuple of UnitView (h,)
        The units.
    pictures : ndarray (h, height, width, 3) of uint8, optional
        Their weights as pictures, where rows are pictures.
    asked : ndarray (h, height, width) or (h, height, width, 3) of uint8, optional
        The input that fires each most, as a picture.
    conclusion : str, default=""
        A sentence on what to conclude.
    """

    title: str
    caption: str
    examples: Examples
    units: tuple[UnitView, ...]
    pictures: Pictures | None = None
    asked: Pictures | None = None
    conclusion: str = ""
    widget: ClassVar[str] = "units"

    def __post_init__(self) -> None:
        for pictures in (self.pictures, self.asked):
            if pictures is not None and len(pictures) != len(self.units):
                raise ValueError(f"{len(self.units)} units need as many pictures.")

    def payload(self, share: Share) -> dict[str, Any]:
        """Return what its module needs."""
        return {
            "examples": share(self.examples),
            "pictures": None if self.pictures is None else share(self.pictures),
            "asked": None if self.asked is None else share(self.asked),
            "units": [
                {
                    "name": unit.name,
                    "flags": unit.flags,
                    "sentence": unit.sentence,
                    "weights": [[name, _short(weight)] for name, weight in unit.weights],
                    "asked": unit.asked,
                    "most": unit.most,
                    "least": unit.least,
                    "votes": unit.votes.astype(np.float32),
                    "effects": np.nan_to_num(unit.effects).astype(np.float32),
                    "counts": unit.counts,
                    "low": _short(unit.low),
                    "high": _short(unit.high),
                }
                for unit in self.units
            ],
        }


def _short(value: float) -> float:
    return float(f"{value:.4g}")
