"""The rows that a page lets one look at: pictures or columns, labels, neighbours, predictions.

A page's explorers share them: whatever a block refers to is written into the page once.
"""

from __future__ import annotations

__all__ = ["ExampleColumn", "Examples", "Predictions"]

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.integer[Any]]


@dataclass(frozen=True, eq=False)
class ExampleColumn:
    """One column of the table that the examples are rows of, as text.

    Attributes
    ----------
    name : str
        What the column is called.
    values : tuple of str
        Its distinct values.
    codes : ndarray (m,) of int
        Which of them each example has.
    """

    name: str
    values: tuple[str, ...]
    codes: Ints

    def __post_init__(self) -> None:
        if self.codes.size and not 0 <= self.codes.min() <= self.codes.max() < len(self.values):
            raise ValueError(f"A code of the column {self.name!r} is not one of its values.")


@dataclass(frozen=True, eq=False)
class Examples:
    """Rows to look at.

    Parameters
    ----------
    classes : tuple of str (k,)
        What the classes are called.
    numbers : ndarray (m,) of int
        The number of each row in its data, as the reader counts.
    truth : ndarray (m,) of int
        The position of its label among the classes.
    sets : tuple of str
        What the rows are used for, such as ``("held-out", "training")``.
    set_of : ndarray (m,) of int
        Which of them each row belongs to.
    images : ndarray (m, height, width) or (m, height, width, 3) of uint8, optional
        The rows as pictures, where they are.
    columns : tuple of ExampleColumn, default=()
        The rows as a table, where they are no pictures; the most telling column first.
    neighbours : ndarray (q, s) of int, optional
        For the first q examples the s nearest ones of the training rows, the nearest first, as
        positions among the examples; -1 stands for none.

    Raises
    ------
    ValueError
        If lengths differ, or a position points outside.
    """

    classes: tuple[str, ...]
    numbers: Ints
    truth: Ints
    sets: tuple[str, ...]
    set_of: Ints
    images: npt.NDArray[np.uint8] | None = None
    columns: tuple[ExampleColumn, ...] = ()
    neighbours: Ints = field(default_factory=lambda: np.empty((0, 0), dtype=np.int64))

    def __post_init__(self) -> None:
        m = len(self.numbers)
        lengths = {len(self.truth), len(self.set_of), *(len(c.codes) for c in self.columns)}
        if self.images is not None:
            lengths.add(len(self.images))
            if self.images.dtype != np.uint8 or self.images.ndim not in (3, 4):
                raise ValueError("The pictures of examples are (m, height, width[, 3]) of uint8.")
        if lengths != {m}:
            raise ValueError(f"All parts of {m} examples must be as many: {sorted(lengths)}.")
        for what, codes, limit in (
            ("label", self.truth, len(self.classes)),
            ("set", self.set_of, len(self.sets)),
        ):
            if m and not 0 <= codes.min() <= codes.max() < limit:
                raise ValueError(f"A {what} of an example is not one of the {limit} there are.")
        if self.neighbours.size and not -1 <= self.neighbours.min() <= self.neighbours.max() < m:
            raise ValueError(f"A neighbour is none of the {m} examples.")

    @property
    def count(self) -> int:
        """How many there are, m."""
        return len(self.numbers)


@dataclass(frozen=True, eq=False)
class Predictions:
    """What one model says of the examples.

    Parameters
    ----------
    name : str
        What the model is called.
    probabilities : ndarray (m, k)
        Its probability of each class, in [0, 1].

    Raises
    ------
    ValueError
        If a probability is not in [0, 1].
    """

    name: str
    probabilities: npt.NDArray[np.floating[Any]]

    def __post_init__(self) -> None:
        p = self.probabilities
        if p.ndim != 2 or (p.size and not 0 <= p.min() <= p.max() <= 1):
            raise ValueError(f"The probabilities of {self.name!r} are not (m, k) within [0, 1].")

    @property
    def assigned(self) -> Ints:
        """The position of the likeliest class of each example."""
        return np.argmax(self.probabilities, axis=1)
