"""The confusion matrix, coloured so that mistakes stand out."""

from __future__ import annotations

__all__ = ["ConfusionDisplay"]

from collections.abc import Sequence
from typing import Any, final

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colorbar import Colorbar
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.text import Text
from matplotlib.ticker import PercentFormatter

from glassnet.evaluation import Confusion, confusion
from glassnet.pictures.theme import SEQUENTIAL, new_axes, plain_text, style

DIAGONAL, CORRECT = "#ececec", "#6f6f6f"


@final
class ConfusionDisplay:
    """Counts of true against assigned classes.

    A cell's colour is its share of the true class's rows. The diagonal, the correct rows, is grey
    and has no part in the colour scale, so that mistakes are seen. Counts are printed while they
    fit, up to ``max_numbered`` classes; a zero is left blank.

    Use `from_confusion`, `from_estimator` or `from_predictions` to make one.

    Parameters
    ----------
    confusion : Confusion
        Counts (k, k).
    max_numbered : int, default 26
        Print counts up to so many classes.

    Attributes
    ----------
    shares : ndarray (k, k)
        Counts over their row's sum, NaN on the diagonal: what the colours show.
    figure_, ax_
        Figure and axes, once drawn.
    image_, colorbar_, texts_
        The drawn matrix, its colour bar, and the printed counts.
    """

    figure_: Figure
    ax_: Axes
    image_: AxesImage
    colorbar_: Colorbar
    texts_: list[Text]

    def __init__(self, *, confusion: Confusion, max_numbered: int = 26) -> None:
        self.confusion = confusion
        self.max_numbered = max_numbered
        rows = np.maximum(confusion.counts.sum(axis=1, keepdims=True), 1)
        self.shares = confusion.counts / rows
        np.fill_diagonal(self.shares, np.nan)

    @classmethod
    def from_confusion(
        cls, confusion: Confusion, *, max_numbered: int = 26, ax: Axes | None = None
    ) -> ConfusionDisplay:
        """Draw confusions that were counted before."""
        return cls(confusion=confusion, max_numbered=max_numbered).plot(ax)

    @classmethod
    def from_estimator(
        cls,
        estimator: Any,
        X: Any,
        y: npt.ArrayLike,
        *,
        class_names: Sequence[str] | None = None,
        ax: Axes | None = None,
    ) -> ConfusionDisplay:
        """Draw the confusions of a fitted classifier, which has ``predict`` and ``classes_``."""
        counts = confusion(y, estimator.predict(X), estimator.classes_, class_names)
        return cls(confusion=counts).plot(ax)

    @classmethod
    def from_predictions(
        cls,
        y_true: npt.ArrayLike,
        y_pred: npt.ArrayLike,
        *,
        classes: npt.ArrayLike | None = None,
        class_names: Sequence[str] | None = None,
        ax: Axes | None = None,
    ) -> ConfusionDisplay:
        """Draw the confusions of assigned labels; ``classes`` are by default those that occur."""
        if classes is None:
            classes = np.unique(np.concatenate([np.asarray(y_true), np.asarray(y_pred)]))
        return cls(confusion=confusion(y_true, y_pred, classes, class_names)).plot(ax)

    def plot(self, ax: Axes | None = None) -> ConfusionDisplay:
        """Draw the matrix.

        Parameters
        ----------
        ax : Axes, optional
            Draw here instead of in a new figure.
        """
        labels = [plain_text(label, 22) for label in self.confusion.labels]
        k, longest = len(labels), max(map(len, labels))
        cell = 0.55 if k <= 12 else 0.36 if k <= self.max_numbered else 0.125  # inches
        fontsize = 9.0 if k <= 12 else 8.0 if k <= self.max_numbered else 6.0
        margin = 0.7 + min(longest, 22) * fontsize / 140
        with style():
            side = max(cell * k, 2.4)
            self.figure_, ax_ = new_axes(ax, side + margin + 0.9, side + margin + 0.4)
            self.ax_ = ax_
            shown = np.ma.masked_invalid(self.shares)
            top = max(float(shown.max()) if shown.count() else 0.0, 1e-3)
            cmap = SEQUENTIAL.with_extremes(bad=DIAGONAL)
            self.image_ = ax_.imshow(
                shown, cmap=cmap, vmin=0.0, vmax=top, interpolation="nearest", aspect="equal"
            )
            upright = longest > (3 if k <= 12 else 2)
            ax_.set_xticks(range(k), labels, fontsize=fontsize, rotation=90 if upright else 0)
            ax_.set_yticks(range(k), labels, fontsize=fontsize)
            ax_.tick_params(length=0, pad=3)
            ax_.spines[:].set_visible(False)
            ax_.set(xlabel="assigned class", ylabel="true class")
            n_rows, n_wrong = int(self.confusion.counts.sum()), self.confusion.n_mistakes
            ax_.set_title(f"{n_wrong} of {n_rows} rows wrong", y=1.0)
            self._draw_grid(ax_, 0.5 if k <= 30 else 0.25)
            self.texts_ = self._print_counts(ax_, top) if k <= self.max_numbered else []
            self.colorbar_ = self.figure_.colorbar(
                self.image_, ax=ax_, shrink=0.9, aspect=30, pad=0.02,
                format=PercentFormatter(1.0, decimals=0 if top > 0.1 else 1, symbol=" %"),
            )  # fmt: skip
            self.colorbar_.set_label("wrong rows, share of the true class")
            self.colorbar_.outline.set_visible(False)
        return self

    def _draw_grid(self, ax: Axes, linewidth: float) -> None:
        """Draw lines between cells, as one artist: a tick for each would be far slower."""
        k = len(self.confusion.labels)
        ends = (-0.5, k - 0.5)
        rows = [[(end, i + 0.5) for end in ends] for i in range(k - 1)]
        columns = [[(x, y) for y, x in line] for line in rows]
        lines = LineCollection(rows + columns, colors="#dddddd", linewidths=linewidth, zorder=0.5)
        ax.add_collection(lines, autolim=False)

    def _print_counts(self, ax: Axes, top: float) -> list[Text]:
        digits = len(str(int(self.confusion.counts.max())))
        k = len(self.confusion.labels)
        size = min(9.0 if k <= 12 else 7.5, (36 if k <= 12 else 23) / (0.65 * digits))
        texts = []
        for (i, j), count in np.ndenumerate(self.confusion.counts):
            if not count:
                continue
            dark = i != j and self.shares[i, j] > 0.6 * top
            colour = CORRECT if i == j else "white" if dark else "black"
            texts.append(
                ax.text(
                    j,
                    i,
                    f"{count}",
                    ha="center",
                    va="center",
                    fontsize=size,
                    color=colour,
                    in_layout=False,  # within its cell
                )
            )
        return texts
