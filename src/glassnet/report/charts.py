"""Charts that the page draws itself: they follow light and dark, and their values can be read."""

from __future__ import annotations

__all__ = ["Interval", "IntervalTable", "Line", "LineChart", "Reliability", "ReliabilityChart"]

from dataclasses import dataclass
from math import isfinite
from typing import Any, ClassVar, Literal

import numpy as np

from glassnet.report.blocks import Table
from glassnet.report.explorers import Share
from glassnet.report.frame import Frame

Role = Literal["train", "held-out", "other"]


@dataclass(frozen=True)
class Line:
    """One line of a chart.

    Attributes
    ----------
    name : str
        What it is called.
    values : tuple of float
        Its values at 1, 2, 3, …; those that are not finite leave a gap.
    role : {"train", "held-out", "other"}
        Which rows it is of, which decides its colour and its dashes.
    """

    name: str
    values: tuple[float, ...]
    role: Role


@dataclass(frozen=True)
class LineChart:
    """Lines over steps such as epochs; a pointer or the arrow keys read their values.

    Parameters
    ----------
    title, caption, conclusion : str
        As in `FigureBlock`.
    alt : str
        What the lines say, for those who cannot see them.
    lines : tuple of Line
        At least one, with at least one finite value among all.
    step : str
        What is counted across, such as "epoch".
    value : str
        What is drawn upwards, such as "loss".
    logarithmic : bool, default=False
        Whether the values are drawn on a logarithmic scale; they must be positive then.
    mark : tuple of (int, int, str) or None, default=None
        A point to mark: the position of its line, its step (from 1), and what it is.

    Raises
    ------
    ValueError
        If there is nothing to draw, or a value has no logarithm.
    """

    title: str
    caption: str
    alt: str
    lines: tuple[Line, ...]
    step: str
    value: str
    conclusion: str = ""
    logarithmic: bool = False
    mark: tuple[int, int, str] | None = None
    widget: ClassVar[str] = "lines"

    def __post_init__(self) -> None:
        values = self.finite
        if not values:
            raise ValueError(f"The chart {self.title!r} has no value to draw.")
        if self.logarithmic and min(values) <= 0:
            raise ValueError(f"The chart {self.title!r} has values without a logarithm.")

    @property
    def finite(self) -> list[float]:
        """All values that can be drawn."""
        return [v for line in self.lines for v in line.values if isfinite(v)]

    @property
    def frame(self) -> Frame:
        """Where the values stand."""
        steps = max(len(line.values) for line in self.lines)
        return Frame.of(self.finite, steps, self.logarithmic)

    def payload(self, share: Share) -> dict[str, Any]:
        """Return what its module needs."""
        frame = self.frame
        return {
            "step": self.step,
            "lines": [
                {"name": line.name, "values": np.asarray(line.values, dtype=np.float64)}
                for line in self.lines
            ],
            "left": frame.left,
            "right": frame.right,
            "top": frame.top,
            "bottom": frame.bottom,
            "steps": frame.steps,
            "low": frame.low,
            "high": frame.high,
            "logarithmic": self.logarithmic,
        }


@dataclass(frozen=True)
class Interval:
    """A share with its interval, all in [0, 1]; `low` and `high` may be left out by equality."""

    low: float
    value: float
    high: float
    role: Role


@dataclass(frozen=True)
class IntervalTable:
    """A table with, at the end of each row, its intervals drawn on one scale.

    Parameters
    ----------
    title : str
        The heading above it.
    table : Table
        The table.
    intervals : tuple of tuple of Interval
        For each row what is drawn.
    conclusion : str, default=""
        A sentence on what to conclude.

    Raises
    ------
    ValueError
        If there is not one tuple of intervals a row.
    """

    title: str
    table: Table
    intervals: tuple[tuple[Interval, ...], ...]
    conclusion: str = ""

    def __post_init__(self) -> None:
        if len(self.intervals) != len(self.table.rows):
            raise ValueError(f"{len(self.table.rows)} rows need as many tuples of intervals.")

    @property
    def floor(self) -> float:
        """Where the scale begins: the least value, down to a whole tenth."""
        lowest = min((each.low for row in self.intervals for each in row), default=0.0)
        return min(int(10 * lowest) / 10, 0.9)

    def place(self, value: float) -> float:
        """Return where a value stands on the scale, in percent."""
        return round(100 * (value - self.floor) / (1 - self.floor), 2)


@dataclass(frozen=True)
class Reliability:
    """One bin of a reliability diagram: what was said and what came true.

    Attributes
    ----------
    low, high : float
        The bin of confidences.
    rows : int
        Rows in it.
    confidence : float
        Their mean confidence.
    share, share_low, share_high : float
        The share of them that is right, with its interval.
    """

    low: float
    high: float
    rows: int
    confidence: float
    share: float
    share_low: float
    share_high: float


@dataclass(frozen=True)
class ReliabilityChart:
    """How often rows are right beside how sure the model was of them.

    Parameters
    ----------
    title, caption, alt, conclusion : str
        As in `FigureBlock`.
    bins : tuple of Reliability
        Those that hold rows.
    """

    title: str
    caption: str
    alt: str
    bins: tuple[Reliability, ...]
    conclusion: str = ""
