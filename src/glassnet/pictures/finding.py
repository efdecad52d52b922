"""A finding of the doctor's: the curve or the bars that its sentence speaks of."""

from __future__ import annotations

__all__ = ["FindingDisplay"]

import textwrap
from typing import final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from glassnet.errors import DataError
from glassnet.evaluation.doctor import Bars, Curves, Finding
from glassnet.pictures.loss_curve import LOG_RATIO
from glassnet.pictures.theme import (
    HOLDOUT,
    MUTED,
    TITLE_CHARACTER,
    TRAIN,
    WRONG,
    new_axes,
    plain_text,
    style,
)

WIDTH, BAR, FRAME = 7.2, 0.34, 1.5  # inches
CHARACTER = 0.075  # inches of a name
LONGEST = 44


@final
class FindingDisplay:
    """One finding of the doctor's, drawn.

    Losses are drawn epoch by epoch, with the epoch that the finding speaks of; columns, classes,
    units and rates as bars, with the limit that they were compared with.

    Use `from_finding` to make one.

    Parameters
    ----------
    finding : Finding
        One of the findings of `glassnet.diagnose`.

    Attributes
    ----------
    numbers : Curves or Bars
        What is drawn.
    figure_, ax_
        Figure and axes, once drawn.

    Raises
    ------
    DataError
        If the finding has nothing to draw.
    """

    figure_: Figure
    ax_: Axes

    def __init__(self, *, finding: Finding) -> None:
        if finding.picture is None:
            raise DataError(f"The finding {finding.rule!r} has no picture.")
        self.finding = finding
        self.numbers = finding.picture

    @classmethod
    def from_finding(cls, finding: Finding, *, ax: Axes | None = None) -> FindingDisplay:
        """Draw a finding.

        Parameters
        ----------
        finding : Finding
            One of the findings of `glassnet.diagnose`.
        ax : Axes, optional
            Draw here instead of in a new figure.
        """
        return cls(finding=finding).plot(ax)

    def plot(self, ax: Axes | None = None) -> FindingDisplay:
        """Draw it.

        Parameters
        ----------
        ax : Axes, optional
            Draw here instead of in a new figure.
        """
        with style():
            if isinstance(self.numbers, Curves):
                self.figure_, self.ax_ = new_axes(ax, WIDTH, 3.6)
                _draw_curves(self.ax_, self.numbers)
            else:
                self.figure_, self.ax_ = new_axes(ax, WIDTH, FRAME + BAR * len(self.numbers.names))
                _draw_bars(self.ax_, self.numbers)
            self.ax_.set_title(self._title())
        return self

    def _title(self) -> str:
        """Return the title, on as many lines as it needs beside the names of the bars."""
        names = self.numbers.names if isinstance(self.numbers, Bars) else [""]
        beside = CHARACTER * min(max(map(len, names)), LONGEST) + 0.6
        limit = int((WIDTH - beside) / TITLE_CHARACTER)
        return "\n".join(textwrap.wrap(plain_text(self.numbers.title, 100), limit))


def _draw_curves(ax: Axes, curves: Curves) -> None:
    for (name, values), colour in zip(curves.curves.items(), (TRAIN, HOLDOUT), strict=False):
        shown = np.where(np.isfinite(values), values, np.nan)
        marker = "o" if len(values) == 1 else None
        ax.plot(np.arange(1, len(values) + 1), shown, color=colour, label=name, marker=marker)
    finite = np.concatenate([values[np.isfinite(values)] for values in curves.curves.values()])
    low, high = finite.min(initial=np.inf), finite.max(initial=0.0)
    if 0 < low < np.inf and high > LOG_RATIO * low:
        ax.set_yscale("log")
        ax.yaxis.set_major_formatter("{x:g}")
    else:
        ax.set_ylim(bottom=0.0)
    if curves.marked is not None:
        label = f"{curves.mark} (epoch {curves.marked})"
        ax.axvline(curves.marked, color=MUTED, ls="--", lw=1.2, label=label)
    ax.set(xlabel="epoch", ylabel=curves.y_label)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.grid(axis="y")
    if len(curves.curves) > 1 or curves.marked is not None:
        ax.legend(loc="best").set_in_layout(False)


def _draw_bars(ax: Axes, bars: Bars) -> None:
    places = np.arange(len(bars.names))
    values = np.asarray(bars.values)
    shades = [WRONG if place in bars.marked else TRAIN for place in places]
    ax.barh(places, values, color=shades, height=0.7)
    ax.set_yticks(places, [plain_text(name, LONGEST) for name in bars.names])
    ax.invert_yaxis()
    if bars.log:
        ax.set_xscale("log")
    largest = float(np.max(values, initial=0.0))
    is_share = bars.x_label.startswith("share")
    if not bars.log:
        ax.set_xlim(0, 1.0 if is_share else 1.12 * max(largest, bars.limit or 0.0) or 1.0)
    for place, value in zip(places, values, strict=True):
        text = f"{100 * value:.1f} %" if is_share else f"{value:.3g}"
        inside = not bars.log and value > 0.85 * ax.get_xlim()[1]
        ax.annotate(
            text,
            (value, place),
            xytext=(-4 if inside else 4, 0),
            textcoords="offset points",
            ha="right" if inside else "left",
            va="center",
            color="white" if inside else "black",
            fontsize=9,
        )
    remarks = ["log scale"] if bars.log else []
    if bars.limit is not None:
        ax.axvline(bars.limit, color=MUTED, ls="--", lw=1.2)
        remarks.append(f"dashed: {bars.limit_name}")
    ax.set_xlabel(bars.x_label + (f" ({'; '.join(remarks)})" if remarks else ""))
