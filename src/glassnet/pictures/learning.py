"""Learning and validation curves: rows trained on beside rows left out."""

from __future__ import annotations

__all__ = ["LearningCurveDisplay", "ValidationCurveDisplay"]

from typing import Any, final

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from glassnet.evaluation.learning import LearningCurve, ValidationCurve
from glassnet.pictures.panels import name_ticks_below
from glassnet.pictures.theme import HOLDOUT, MUTED, TRAIN, new_axes, plain_text, style
from glassnet.pictures.values import are_numbers, value_name

LOG_RATIO = 20.0
AXIS = 5.2  # inches
LONGEST = 30  # characters of a name along an axis


@final
class LearningCurveDisplay:
    """Score against the number of rows trained on.

    Bands are one standard deviation over folds and random starts, up and down.

    Parameters
    ----------
    curve : LearningCurve
        What `glassnet.learning_curve` returns.

    Attributes
    ----------
    figure_, ax_
        Figure and axes, once drawn.
    """

    figure_: Figure
    ax_: Axes

    def __init__(self, *, curve: LearningCurve) -> None:
        self.curve = curve

    @classmethod
    def from_curve(cls, curve: LearningCurve, *, ax: Axes | None = None) -> LearningCurveDisplay:
        """Draw a curve."""
        return cls(curve=curve).plot(ax)

    def plot(self, ax: Axes | None = None) -> LearningCurveDisplay:
        """Draw the curve in new or given axes."""
        curve = self.curve
        with style():
            self.figure_, self.ax_ = new_axes(ax, 6.4, 4.0)
            _curves(self.ax_, curve.sizes.astype(np.float64), curve)
            self.ax_.set_xscale("log", base=2)
            self.ax_.set_xticks(curve.sizes, [f"{size:,}" for size in curve.sizes])
            self.ax_.set_xticks([], minor=True)
            self.ax_.set(xlabel="rows trained on", ylabel=plain_text(curve.metric, LONGEST))
            self.ax_.set_title("Would more rows help?")
        return self


@final
class ValidationCurveDisplay:
    """Score against the value of a parameter; the best value is marked.

    Bands are one standard deviation over folds and random starts, up and down.

    Parameters
    ----------
    curve : ValidationCurve
        What `glassnet.validation_curve` returns.

    Attributes
    ----------
    figure_, ax_
        Figure and axes, once drawn.
    """

    figure_: Figure
    ax_: Axes

    def __init__(self, *, curve: ValidationCurve) -> None:
        self.curve = curve

    @classmethod
    def from_curve(
        cls, curve: ValidationCurve, *, ax: Axes | None = None
    ) -> ValidationCurveDisplay:
        """Draw a curve."""
        return cls(curve=curve).plot(ax)

    def plot(self, ax: Axes | None = None) -> ValidationCurveDisplay:
        """Draw the curve in new or given axes."""
        curve = self.curve
        is_scale = are_numbers(curve.values)
        places = np.array(curve.values if is_scale else range(len(curve.values)), dtype=np.float64)
        with style():
            self.figure_, self.ax_ = new_axes(ax, 6.4, 4.0)
            _curves(self.ax_, places, curve)
            if not is_scale:
                name_ticks_below(
                    self.ax_, places, [value_name(value) for value in curve.values], AXIS
                )
            elif places.min() > 0 and places.max() > LOG_RATIO * places.min():
                self.ax_.set_xscale("log")
            self.ax_.axvline(places[curve.best], color=MUTED, linestyle=":", zorder=0)
            self.ax_.set(
                xlabel=plain_text(curve.parameter, LONGEST),
                ylabel=plain_text(curve.metric, LONGEST),
            )
            name, best = plain_text(curve.parameter, 22), value_name(curve.values[curve.best])
            self.ax_.set_title(f"Best at {name} = {plain_text(best, 16)}")
        return self


def _curves(ax: Axes, places: npt.NDArray[np.float64], curve: Any) -> None:
    """Draw both curves with their bands."""
    for name, colour, means, spreads, mark in (
        ("rows trained on", TRAIN, curve.train_means, curve.train_spreads, "s"),
        ("rows left out", HOLDOUT, curve.means, curve.spreads, "o"),
    ):
        order = np.argsort(places)
        at, mean, spread = places[order], means[order], spreads[order]
        ax.fill_between(at, mean - spread, mean + spread, color=colour, alpha=0.18, linewidth=0)
        ax.plot(at, mean, color=colour, marker=mark, label=name)
    ax.grid(axis="y")
    ax.legend(loc="best").set_in_layout(False)
