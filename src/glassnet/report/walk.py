"""One example all the way through a net: units, probabilities, and which inputs spoke."""

from __future__ import annotations

__all__ = ["ExampleWalk", "Spoken"]

from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from glassnet.report.examples import Examples, Ints, Predictions
from glassnet.report.explorers import Share

Floats = npt.NDArray[np.floating[Any]]
_LARGEST = 127


@dataclass(frozen=True, eq=False)
class Spoken:
    """What each input of w examples adds to the score of the class assigned.

    Attributes
    ----------
    name : str
        By which method.
    values : ndarray (w, p)
        Positive where an input speaks for the class; p pixels line by line, or p columns in the
        order of the examples' columns.
    """

    name: str
    values: Floats

    @property
    def scales(self) -> Floats:
        """The largest absolute value of each example (w,); 1 where all are 0."""
        largest = np.abs(self.values).max(axis=1, initial=0.0)
        return np.where(largest > 0, largest, 1.0)

    @property
    def steps(self) -> npt.NDArray[np.int8]:
        """The values as steps of their scale, -127 to 127."""
        return np.rint(_LARGEST * self.values / self.scales[:, None]).astype(np.int8)


@dataclass(frozen=True, eq=False)
class ExampleWalk:
    """Examples on their way through a net; one chooses which.

    Parameters
    ----------
    title, caption : str
        The heading, and what is shown (with inline mark-up).
    examples, predictions : Examples, Predictions
        The rows and what the net says of them.
    shown : ndarray (w,) of int
        The examples that one can choose, as positions; the first is shown to begin with.
    activations : ndarray (w, h)
        The units of the last hidden layer.
    votes : ndarray (w, h)
        What each of them adds to the score of the class assigned.
    spoken : tuple of Spoken
        Which inputs spoke for and against that class.
    units : tuple of str (h,)
        What the units are called.
    pictures : ndarray (h, height, width, 3) of uint8, optional
        The units' weights as pictures.
    palette : ndarray (255, 3) of uint8
        The colours of -127 to 127.
    """

    title: str
    caption: str
    examples: Examples
    predictions: Predictions
    shown: Ints
    activations: Floats
    votes: Floats
    spoken: tuple[Spoken, ...]
    units: tuple[str, ...]
    palette: npt.NDArray[np.uint8]
    pictures: npt.NDArray[np.uint8] | None = None
    widget: ClassVar[str] = "walk"
    most_units: ClassVar[int] = 8

    def __post_init__(self) -> None:
        w, h = len(self.shown), len(self.units)
        if not w or self.activations.shape != (w, h) or self.votes.shape != (w, h):
            raise ValueError(f"{w} examples and {h} units need values ({w}, {h}), at least one.")
        if any(len(each.values) != w for each in self.spoken):
            raise ValueError(f"{w} examples need as many attributions.")

    def strongest(self, row: int) -> npt.NDArray[np.intp]:
        """Return the units that say most, for or against, of one of the examples."""
        return np.argsort(-np.abs(self.votes[row]), kind="stable")[: self.most_units]

    def strongest_columns(self, spoken: Spoken, row: int) -> list[tuple[str, str, float, float]]:
        """Return (name, value, amount, share of the largest) of the columns that say most."""
        i, amounts = int(self.shown[row]), spoken.values[row]
        order = np.argsort(-np.abs(amounts), kind="stable")[:10]
        columns, scale = self.examples.columns, float(spoken.scales[row])
        return [
            (
                columns[j].name,
                columns[j].values[columns[j].codes[i]],
                float(amounts[j]),
                float(amounts[j]) / scale,
            )
            for j in order
        ]

    @cached_property
    def painted(self) -> npt.NDArray[np.uint8] | None:
        """The first example's attributions as pictures (methods, height, width, 3)."""
        if self.examples.images is None:
            return None
        height, width = self.examples.images.shape[1:3]
        steps = np.stack([each.steps[0] for each in self.spoken]).astype(np.intp)
        return self.palette[steps + _LARGEST].reshape(len(self.spoken), height, width, 3)

    def payload(self, share: Share) -> dict[str, Any]:
        """Return what its module needs."""
        some = self.activations if self.units else np.zeros(1)
        low, high = float(some.min()), float(some.max())
        shape = None if self.examples.images is None else self.examples.images.shape[1:3]
        return {
            "examples": share(self.examples),
            "predictions": share(self.predictions),
            "shown": self.shown,
            "activations": np.rint(255 * (self.activations - low) / ((high - low) or 1.0)).astype(
                np.uint8
            ),
            "low": low,
            "high": high,
            "votes": self.votes.astype(np.float32),
            "units": self.units,
            "pictures": None if self.pictures is None else share(self.pictures),
            "palette": self.palette,
            "painted": None if self.painted is None else share(self.painted),
            "shape": shape,
            "spoken": [
                {
                    "name": each.name,
                    "steps": each.steps,
                    "scales": each.scales.astype(np.float32),
                }
                for each in self.spoken
            ],
        }
