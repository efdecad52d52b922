"""The parts of a page that one explores: frozen values, each shown without JavaScript too.

Each names the module of `glassnet.report`'s page that brings it to life (`widget`) and gives the
data it needs there (`payload`); the template of the same name is what one reads without.
"""

from __future__ import annotations

__all__ = [
    "ConfusionExplorer",
    "ExampleTable",
    "Explorer",
    "TableColumn",
]

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, Protocol

import numpy as np
import numpy.typing as npt

from glassnet.report.examples import Examples, Ints, Predictions

Share = Callable[[Any], int]
"""Puts an object that several parts use into the page once, and returns its number there."""


class Explorer(Protocol):
    """A block that one explores."""

    widget: ClassVar[str]

    def payload(self, share: Share) -> dict[str, Any]:
        """Return what its module needs: JSON types, arrays, and numbers of shared objects."""
        ...


@dataclass(frozen=True, eq=False)
class ConfusionExplorer:
    """A confusion matrix; a click on a cell shows its rows.

    Parameters
    ----------
    title : str
        The heading above it.
    caption : str
        What it shows, with inline mark-up.
    counts : ndarray (k, k) of int
        Rows counted by true class (down) and class assigned (across).
    examples : Examples
        The rows to show; where they are fewer than those counted, the page says so.
    predictions : Predictions
        What the model says of them.
    shown : ndarray (r,) of int
        Which of the examples belong into the cells, as positions.
    """

    title: str
    caption: str
    counts: Ints
    examples: Examples
    predictions: Predictions
    shown: Ints
    widget: ClassVar[str] = "confusion"

    def __post_init__(self) -> None:
        k = len(self.examples.classes)
        if self.counts.shape != (k, k) or self.predictions.probabilities.shape[1] != k:
            raise ValueError(f"{k} classes need counts ({k}, {k}) and as many probabilities.")
        _check_positions(self.shown, self.examples)

    @property
    def shares(self) -> npt.NDArray[np.float64]:
        """The share (k, k) of each true class's rows in each cell."""
        return np.asarray(self.counts / np.maximum(self.counts.sum(axis=1, keepdims=True), 1))

    def payload(self, share: Share) -> dict[str, Any]:
        """Return what its module needs."""
        return {
            "examples": share(self.examples),
            "predictions": share(self.predictions),
            "shown": self.shown,
        }


@dataclass(frozen=True, eq=False)
class TableColumn:
    """One column of numbers or of classes of an `ExampleTable`.

    Parameters
    ----------
    name : str
        Its heading.
    values : ndarray (r,)
        A number a row, or the position of a class.
    kind : {"number", "share", "class"}, default="number"
        How a value is written: as it is, as a probability of three digits, or as the class's name.
    """

    name: str
    values: npt.NDArray[Any]
    kind: Literal["number", "share", "class"] = "number"


@dataclass(frozen=True, eq=False)
class ExampleTable:
    """A list of examples: sorted by any column, filtered by class, each opened by a click.

    Parameters
    ----------
    title, caption : str
        The heading, and what the table lists (with inline mark-up).
    examples, predictions : Examples, Predictions
        The rows and what the model says of them.
    shown : ndarray (r,) of int
        Which of the examples, as positions, in the order to begin with.
    columns : tuple of TableColumn
        What is said of each.
    empty : str, default="There is none."
        What to say where there are no rows.
    download : tuple of (str, str) or None, default=None
        The name and the content of a CSV file to download.
    """

    title: str
    caption: str
    examples: Examples
    predictions: Predictions
    shown: Ints
    columns: tuple[TableColumn, ...]
    empty: str = "There is none."
    download: tuple[str, str] | None = None
    widget: ClassVar[str] = "table"
    static_rows: ClassVar[int] = 50

    def __post_init__(self) -> None:
        _check_positions(self.shown, self.examples)
        for column in self.columns:
            if len(column.values) != len(self.shown):
                raise ValueError(f"The column {column.name!r} needs {len(self.shown)} values.")

    def written(self, column: TableColumn, row: int) -> str:
        """Write one cell, as the page's module writes it too."""
        value = column.values[row]
        if column.kind == "class":
            return self.examples.classes[int(value)]
        return f"{value:.3f}" if column.kind == "share" else f"{value}"

    def payload(self, share: Share) -> dict[str, Any]:
        """Return what its module needs."""
        return {
            "examples": share(self.examples),
            "predictions": share(self.predictions),
            "shown": self.shown,
            "columns": [
                {
                    "name": column.name,
                    "kind": column.kind,
                    "values": column.values.astype(
                        np.float64 if column.kind == "number" else np.float32
                    ),
                }
                for column in self.columns
            ],
        }


def _check_positions(shown: Ints, examples: Examples) -> None:
    if shown.size and not 0 <= shown.min() <= shown.max() < examples.count:
        raise ValueError(f"A row to show is none of the {examples.count} examples.")
