"""Whether a model's probabilities can be believed, and how sure it is when right and when wrong."""

from __future__ import annotations

__all__ = ["CalibrationDisplay", "ConfidenceDisplay"]

from typing import Any, final

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.container import BarContainer, ErrorbarContainer
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter

from glassnet.evaluation import Calibration, calibration
from glassnet.pictures.theme import MUTED, OKABE_ITO, WRONG, new_figure, style

RIGHT = OKABE_ITO[0]
BAND = "#f3f3f3"


@final
class CalibrationDisplay:
    """The reliability diagram: how often a model is right, by how sure it is.

    Rows are gathered by confidence, the largest of their probabilities. A mark stands at the mean
    confidence of a bin and at the share of its rows that is right, with a 95 % Wilson interval; on
    the diagonal the model keeps its word, below it promises too much. Below are the rows of each
    bin: a bin with few says little.

    Use `from_calibration`, `from_estimator` or `from_predictions` to make one.

    Parameters
    ----------
    calibration : Calibration
        The numbers.

    Attributes
    ----------
    confidences, rates : ndarray (b,)
        Mean confidence and share right of the bins that have rows.
    figure_, axes_
        Figure and its two axes, once drawn.
    marks_, gaps_, bars_
        The drawn marks with whiskers, their distances from the diagonal, and the bars below.
    """

    figure_: Figure
    axes_: list[Axes]
    marks_: ErrorbarContainer
    gaps_: LineCollection
    bars_: BarContainer

    def __init__(self, *, calibration: Calibration) -> None:
        self.calibration = calibration
        self._filled = [each for each in calibration.bins if each.rows]
        self.confidences = np.array([each.confidence for each in self._filled], dtype=np.float64)
        self.rates = np.array([each.rate for each in self._filled], dtype=np.float64)

    @classmethod
    def from_calibration(
        cls, calibration: Calibration, *, figure: Figure | None = None
    ) -> CalibrationDisplay:
        """Draw numbers that were computed before."""
        return cls(calibration=calibration).plot(figure)

    @classmethod
    def from_estimator(
        cls,
        estimator: Any,
        X: Any,
        y: npt.ArrayLike,
        *,
        n_bins: int = 10,
        figure: Figure | None = None,
    ) -> CalibrationDisplay:
        """Draw a fitted classifier with ``predict_proba`` and ``classes_``, on rows new to it."""
        found = calibration(y, estimator.predict_proba(X), estimator.classes_, n_bins=n_bins)
        return cls(calibration=found).plot(figure)

    @classmethod
    def from_predictions(
        cls,
        y_true: npt.ArrayLike,
        probabilities: npt.ArrayLike,
        *,
        classes: npt.ArrayLike | None = None,
        n_bins: int = 10,
        figure: Figure | None = None,
    ) -> CalibrationDisplay:
        """Draw probabilities (n, k), columns in the order of ``classes``."""
        return cls(calibration=calibration(y_true, probabilities, classes, n_bins=n_bins)).plot(
            figure
        )

    def plot(self, figure: Figure | None = None) -> CalibrationDisplay:
        """Draw the diagram.

        Parameters
        ----------
        figure : Figure, optional
            Draw here instead of in a new figure; what it holds is removed.
        """
        found = self.calibration
        with style():
            self.figure_ = new_figure(figure, 5.6, 6.4)
            upper, lower = self.figure_.subplots(2, 1, sharex=True, height_ratios=[4, 1])
            self.axes_ = [upper, lower]
            upper.plot([0, 1], [0, 1], color=MUTED, linewidth=1.0, linestyle="--", zorder=1)
            ends = list(zip(self.confidences, self.rates, strict=True))
            self.gaps_ = LineCollection(
                [[(c, c), (c, r)] for c, r in ends],
                colors=[WRONG if c > r else RIGHT for c, r in ends],
                linewidths=5.0,
                alpha=0.3,
                zorder=2,
            )
            upper.add_collection(self.gaps_)
            for colour, told in ((RIGHT, "more often"), (WRONG, "less often")):
                label = f"right {told} than it says"
                upper.plot([], [], color=colour, linewidth=5.0, alpha=0.3, label=label)
            # Above the axes, where no mark can be.
            upper.legend(
                loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=2, borderpad=0.0,
                borderaxespad=0.4, handlelength=0.8, handletextpad=0.5,
            )  # fmt: skip
            low = self.rates - [each.rate_low for each in self._filled]
            high = np.array([each.rate_high for each in self._filled]) - self.rates
            self.marks_ = upper.errorbar(
                self.confidences, self.rates, yerr=np.maximum([low, high], 0.0),
                fmt="o", markersize=5.0, elinewidth=1.2, capsize=0, color=RIGHT, zorder=3,
                clip_on=False,
            )  # fmt: skip
            upper.set(xlim=(0, 1), ylim=(0, 1.02), ylabel="rows that are right, 95 % interval")
            upper.grid(axis="both")
            upper.set_title(
                f"Confidence {100 * found.confidence:.1f} %, right {100 * found.accuracy:.1f} % "
                f"of {found.rows} rows\n"
                f"expected calibration error {100 * found.expected_error:.1f} points",
                y=1.0,
                pad=28,  # the key's line
            )
            self.bars_ = lower.bar(
                [each.low for each in found.bins],
                [each.rows for each in found.bins],
                width=[each.high - each.low for each in found.bins],
                align="edge", color=RIGHT, edgecolor="white", linewidth=0.8,
            )  # fmt: skip
            counts = [each.rows or "" for each in found.bins]
            lower.bar_label(self.bars_, counts, padding=1, fontsize=7.5)
            lower.set(xlabel="confidence of the assigned label", ylabel="rows")
            lower.margins(y=0.18)
            lower.yaxis.set_major_locator(MaxNLocator(nbins=3, integer=True))
            for axis in (upper.xaxis, upper.yaxis):
                axis.set_major_formatter(PercentFormatter(1.0, decimals=0, symbol=" %"))
        return self


@final
class ConfidenceDisplay:
    """How sure a model is of the rows that it gets right, and of those that it gets wrong.

    Each half has its own scale, since mistakes are few. Wrong rows at the right end are mistakes
    made with confidence; right rows at the left end are right but unsure.

    Use `from_calibration`, `from_estimator` or `from_predictions` to make one.

    Parameters
    ----------
    calibration : Calibration
        The numbers, of as many bins as there shall be bars.

    Attributes
    ----------
    edges : ndarray (b + 1,)
        Ends of the bins.
    right, wrong : ndarray (b,) of int
        Rows of each bin.
    figure_, axes_
        Figure and its two axes, once drawn.
    """

    figure_: Figure
    axes_: list[Axes]

    def __init__(self, *, calibration: Calibration) -> None:
        self.calibration = calibration
        bins = calibration.bins
        self.edges = np.array([*(each.low for each in bins), bins[-1].high])
        self.right = np.array([each.correct for each in bins])
        self.wrong = np.array([each.rows - each.correct for each in bins])

    @classmethod
    def from_calibration(
        cls, calibration: Calibration, *, figure: Figure | None = None
    ) -> ConfidenceDisplay:
        """Draw numbers that were computed before."""
        return cls(calibration=calibration).plot(figure)

    @classmethod
    def from_estimator(
        cls,
        estimator: Any,
        X: Any,
        y: npt.ArrayLike,
        *,
        n_bins: int = 20,
        figure: Figure | None = None,
    ) -> ConfidenceDisplay:
        """Draw a fitted classifier, which has ``predict_proba`` and ``classes_``."""
        found = calibration(y, estimator.predict_proba(X), estimator.classes_, n_bins=n_bins)
        return cls(calibration=found).plot(figure)

    @classmethod
    def from_predictions(
        cls,
        y_true: npt.ArrayLike,
        probabilities: npt.ArrayLike,
        *,
        classes: npt.ArrayLike | None = None,
        n_bins: int = 20,
        figure: Figure | None = None,
    ) -> ConfidenceDisplay:
        """Draw probabilities (n, k), columns in the order of ``classes``."""
        return cls(calibration=calibration(y_true, probabilities, classes, n_bins=n_bins)).plot(
            figure
        )

    def plot(self, figure: Figure | None = None) -> ConfidenceDisplay:
        """Draw the two halves.

        Parameters
        ----------
        figure : Figure, optional
            Draw here instead of in a new figure; what it holds is removed.
        """
        halves = (("right", self.right, RIGHT), ("wrong", self.wrong, WRONG))
        with style():
            self.figure_ = new_figure(figure, 7.2, 4.2)
            self.axes_ = list(self.figure_.subplots(2, 1, sharex=True))
            for ax, (name, counts, colour) in zip(self.axes_, halves, strict=True):
                ax.bar(
                    self.edges[:-1], counts, width=np.diff(self.edges), align="edge",
                    color=colour, edgecolor="white", linewidth=0.8,
                )  # fmt: skip
                rows = int(counts.sum())
                share = 100 * rows / self.calibration.rows
                ax.text(
                    0.01, 0.98, f"{rows} {name}, {share:.1f} %", transform=ax.transAxes,
                    va="top", fontsize=10, color=colour, fontweight="bold",
                )  # fmt: skip
                ax.set(ylabel="rows", xlim=(0, 1), ylim=(0, 1.25 * max(int(counts.max()), 1)))
                ax.yaxis.set_major_locator(MaxNLocator(nbins=4, integer=True))
                ax.grid(axis="y")
            self.axes_[1].xaxis.set_major_formatter(PercentFormatter(1.0, decimals=0, symbol=" %"))
            self.axes_[1].set_xlabel("confidence of the assigned label")
            self.axes_[0].set_title("How sure the model is when it is right, and when wrong", y=1.0)
        return self
