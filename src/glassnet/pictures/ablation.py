"""What each hidden unit is needed for: success by class with the unit switched off."""

from __future__ import annotations

__all__ = ["UnitAblationDisplay"]

from collections.abc import Sequence
from typing import Any, Literal, final

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.colorbar import Colorbar
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.text import Text

from glassnet.evaluation import Ablation, ablate_units
from glassnet.pictures.inputs import opened
from glassnet.pictures.panels import FOR, limit_of, panel_title
from glassnet.pictures.theme import (
    DIVERGING,
    least_width,
    new_figure,
    plain_text,
    sheet_title,
    style,
)

MAX_NUMBERED = 12  # classes whose changes are printed
MANY = 30  # classes with room for labels of usual size
LONGEST = 22  # characters of a class name


@final
class UnitAblationDisplay:
    """A line a unit, a column a class: how its success rate changes without the unit.

    In points; vermilion where the class does worse without the unit. Beside it is how much the loss
    rises, by which the units are ordered: those that are needed most first.

    Use `from_ablation` or `from_estimator` to make one.

    Parameters
    ----------
    ablation : Ablation
        The numbers.
    max_units : int, default 40
        Units at most, those that are needed most.

    Attributes
    ----------
    shown : ndarray of int
        The units drawn, from top to bottom.
    points : ndarray (m, k)
        Points that each class's success rate loses without the unit; negative where it gains.
    loss_rises : ndarray (m,)
        What the loss rises by.
    figure_, axes_
        Figure, and the axes of the matrix and of the bars, once drawn.
    image_, colorbar_, texts_
        The drawn matrix, its scale, and the printed points.
    """

    figure_: Figure
    axes_: list[Axes]
    image_: AxesImage
    colorbar_: Colorbar
    texts_: list[Text]

    def __init__(self, *, ablation: Ablation, max_units: int = 40) -> None:
        self.ablation = ablation
        rises = ablation.loss_without - ablation.loss
        order = np.argsort(-rises, kind="stable")[: max(max_units, 1)]
        self.shown = ablation.units[order]
        self.points = -100 * ablation.changes[order]
        self.loss_rises = rises[order]

    @classmethod
    def from_ablation(
        cls, ablation: Ablation, *, max_units: int = 40, figure: Figure | None = None
    ) -> UnitAblationDisplay:
        """Draw numbers that were computed before."""
        return cls(ablation=ablation, max_units=max_units).plot(figure)

    @classmethod
    def from_estimator(
        cls,
        estimator: Any,
        X: Any,
        y: npt.ArrayLike,
        *,
        layer: int = 0,
        to: Literal["mean", "zero"] = "mean",
        class_names: Sequence[str] | None = None,
        max_units: int = 40,
        figure: Figure | None = None,
    ) -> UnitAblationDisplay:
        """Draw the units of a fitted net, ours or scikit-learn's, or of a pipeline's last step.

        Parameters
        ----------
        estimator : MLPClassifier or Pipeline
            A fitted net.
        X, y : array-like (n, d), (n,)
            Rows as the estimator takes them, with their labels.
        layer : int, default 0
            The hidden layer, counted from 0.
        to : {"mean", "zero"}, default "mean"
            What a unit is set to; see `glassnet.evaluation.ablate_units`.
        class_names : sequence of str (k,), optional
            What to call each of ``estimator.classes_``.
        max_units : int, default 40
            Units at most.
        figure : Figure, optional
            Draw here instead of in a new figure; what it holds is removed.
        """
        net, rows = opened(estimator, X)
        found = ablate_units(net, rows, y, estimator.classes_, class_names, layer=layer, to=to)
        return cls(ablation=found, max_units=max_units).plot(figure)

    def plot(self, figure: Figure | None = None) -> UnitAblationDisplay:
        """Draw the matrix and the bars.

        Parameters
        ----------
        figure : Figure, optional
            Draw here instead of in a new figure; what it holds is removed.
        """
        h, k = self.points.shape
        labels = [plain_text(label, LONGEST) for label in self.ablation.labels]
        longest = max(map(len, labels))
        upright = longest > 3 or k > 26
        cell = 0.5 if k <= MAX_NUMBERED else 0.3 if k <= MANY else 0.125
        with style():
            self.figure_ = new_figure(
                figure,
                max(2.9 + max(cell * k, 1.2), least_width(self._title())),
                1.1 + 0.21 * max(h, 10) + (0.075 * longest if upright else 0.2),
            )
            matrix, bars = self.figure_.subplots(
                1, 2, sharey=True, width_ratios=[max(cell * k, 1.2), 1.3]
            )
            self.axes_ = [matrix, bars]
            limit = limit_of(self.points[np.isfinite(self.points)])
            self.image_ = matrix.imshow(
                np.ma.masked_invalid(self.points), cmap=DIVERGING, vmin=-limit, vmax=limit,
                aspect="auto", interpolation="nearest",
            )  # fmt: skip
            fontsize = 8.5 if k <= MANY else 6.0
            matrix.set_xticks(range(k), labels, rotation=90 if upright else 0, fontsize=fontsize)
            matrix.set_yticks(range(h), [f"{unit}" for unit in self.shown], fontsize=8)
            matrix.tick_params(length=0)
            matrix.spines[:].set_visible(False)
            matrix.set(ylabel="hidden unit, switched off", xlabel="class")
            self.texts_ = self._print_points(matrix, limit) if k <= MAX_NUMBERED else []
            bars.barh(range(h), self.loss_rises, height=0.72, color=FOR)
            bars.tick_params(axis="y", length=0)
            bars.tick_params(axis="x", labelsize=8)
            bars.locator_params(axis="x", nbins=3)
            bars.axvline(0, color="#8a8a8a", linewidth=0.8)
            bars.spines["left"].set_visible(False)
            panel_title(bars, "loss rises by")
            self.colorbar_ = self.figure_.colorbar(
                self.image_, ax=self.axes_, shrink=0.6, aspect=30, pad=0.03
            )
            self.colorbar_.set_label("points lost")
            self.colorbar_.outline.set_visible(False)
            sheet_title(self.figure_, self._title())
        return self

    def _title(self) -> str:
        n, total = len(self.shown), len(self.ablation.units)
        what = f"the {n} most needed of {total} units" if n < total else f"{total} units"
        return f"Success lost without a unit: {what}"

    def _print_points(self, ax: Axes, limit: float) -> list[Text]:
        texts = []
        for (i, j), points in np.ndenumerate(self.points):
            if not np.isfinite(points) or abs(points) < 0.05:
                continue
            texts.append(
                ax.text(
                    j, i, f"{points:.1f}" if abs(points) < 10 else f"{points:.0f}",
                    ha="center", va="center", fontsize=7.5, in_layout=False,
                    color="white" if abs(points) > 0.5 * limit else "black",
                )
            )  # fmt: skip
        return texts
