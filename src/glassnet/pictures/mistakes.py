"""Misclassifications of each class: what the rows of a class were taken for."""

from __future__ import annotations

__all__ = ["MistakesDisplay"]

from collections.abc import Sequence
from typing import Any, final

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from glassnet.errors import DataError
from glassnet.evaluation import Confusion, confusion
from glassnet.pictures.theme import (
    MUTED,
    class_colour,
    least_width,
    new_figure,
    plain_text,
    sheet_title,
    style,
)

OTHERS = "others"
WIDTH = 9.6  # inches
LONGEST = 20  # characters of a class name


@final
class MistakesDisplay:
    """One panel a true class: ranked bars of the classes its wrong rows were taken for.

    Correct rows are left out, they would swamp the bars. All panels share one scale, so that bars
    compare across classes. Up to ``max_classes`` classes have a panel each, in the order of the
    classes; of more, those with the most mistakes do, the worst first, and those without have none.
    In each panel the ``max_bars`` most frequent mistakes have a bar and the rest are summed in one,
    in grey. A bar has the colour of the assigned class: what much is taken for is seen at once.

    Use `from_confusion`, `from_estimator` or `from_predictions` to make one.

    Parameters
    ----------
    confusion : Confusion
        Counts (k, k).
    max_classes : int, default 20
        Panels at most.
    max_bars : int, default 5
        Bars a panel at most.

    Attributes
    ----------
    shown : tuple of int
        The classes that have a panel, by their position.
    bars : tuple of tuple of (label, count)
        What is drawn in each panel, from top to bottom.
    figure_, axes_
        Figure and the panels' axes, once drawn.
    """

    figure_: Figure
    axes_: list[Axes]

    def __init__(self, *, confusion: Confusion, max_classes: int = 20, max_bars: int = 5) -> None:
        if max_classes < 1 or max_bars < 1:
            raise DataError("At least one class and one bar must be shown.")
        self.confusion = confusion
        self.max_classes = max_classes
        self.max_bars = max_bars
        wrong = confusion.counts.sum(axis=1) - np.diagonal(confusion.counts)
        self._n_with_mistakes = int(np.count_nonzero(wrong))
        worst = np.argsort(-wrong, kind="stable")[: max(self._n_with_mistakes, 1)][:max_classes]
        every = range(len(confusion.labels))
        self.shown = tuple(int(i) for i in (every if len(wrong) <= max_classes else worst))
        self.bars = tuple(self._bars_of(i) for i in self.shown)

    @classmethod
    def from_confusion(
        cls,
        confusion: Confusion,
        *,
        max_classes: int = 20,
        max_bars: int = 5,
        figure: Figure | None = None,
    ) -> MistakesDisplay:
        """Draw confusions that were counted before."""
        return cls(confusion=confusion, max_classes=max_classes, max_bars=max_bars).plot(figure)

    @classmethod
    def from_estimator(
        cls,
        estimator: Any,
        X: Any,
        y: npt.ArrayLike,
        *,
        class_names: Sequence[str] | None = None,
        max_classes: int = 20,
        max_bars: int = 5,
        figure: Figure | None = None,
    ) -> MistakesDisplay:
        """Draw the mistakes of a fitted classifier, which has ``predict`` and ``classes_``."""
        counts = confusion(y, estimator.predict(X), estimator.classes_, class_names)
        return cls(confusion=counts, max_classes=max_classes, max_bars=max_bars).plot(figure)

    @classmethod
    def from_predictions(
        cls,
        y_true: npt.ArrayLike,
        y_pred: npt.ArrayLike,
        *,
        classes: npt.ArrayLike | None = None,
        class_names: Sequence[str] | None = None,
        max_classes: int = 20,
        max_bars: int = 5,
        figure: Figure | None = None,
    ) -> MistakesDisplay:
        """Draw the mistakes among assigned labels; ``classes`` are by default those that occur."""
        if classes is None:
            classes = np.unique(np.concatenate([np.asarray(y_true), np.asarray(y_pred)]))
        counts = confusion(y_true, y_pred, classes, class_names)
        return cls(confusion=counts, max_classes=max_classes, max_bars=max_bars).plot(figure)

    def plot(self, figure: Figure | None = None) -> MistakesDisplay:
        """Draw the panels.

        Parameters
        ----------
        figure : Figure, optional
            Draw here instead of in a new figure; what it holds is removed.
        """
        n = len(self.shown)
        labels = [label for bars in self.bars for label, _ in bars]
        longest = min(max(map(len, labels), default=0), LONGEST)
        panel_width = 1.45 + 0.075 * longest  # inches
        columns = min(n, max(int(WIDTH / panel_width), 1))
        lines = -(-n // columns)
        bars_of_line = [max(2, *map(len, self.bars[i : i + columns])) for i in range(0, n, columns)]
        heights = [0.5 + 0.19 * bars for bars in bars_of_line]
        scale = max((count for bars in self.bars for _, count in bars), default=1)
        with style():
            height = 0.7 + sum(heights)
            self.figure_ = new_figure(
                figure,
                WIDTH if lines > 1 else max(columns * panel_width, least_width(self._title())),
                height,
            )
            grid = self.figure_.subplots(lines, columns, squeeze=False, height_ratios=heights)
            self.axes_ = list(grid.flat[:n])
            for empty in grid.flat[n:]:
                empty.set_axis_off()
            for place, (ax, i) in enumerate(zip(self.axes_, self.shown, strict=True)):
                n_places = bars_of_line[place // columns]
                self._draw_panel(ax, i, self.bars[place], n_places, scale)
            sheet_title(self.figure_, self._title())
        return self

    def _bars_of(self, i: int) -> tuple[tuple[str, int], ...]:
        found = self.confusion.mistakes_of(i)
        if len(found) <= self.max_bars:
            return found
        rest = sum(count for _, count in found[self.max_bars - 1 :])
        return (*found[: self.max_bars - 1], (OTHERS, rest))

    def _classes_of(self, i: int, n: int) -> list[int]:
        """Return which classes the ``n`` bars of a panel are of, but for the rest's bar."""
        row = self.confusion.counts[i].copy()
        row[i] = 0
        n = n if np.count_nonzero(row) <= self.max_bars else n - 1
        return np.argsort(-row, kind="stable")[:n].tolist()

    def _draw_panel(
        self, ax: Axes, i: int, bars: tuple[tuple[str, int], ...], n_places: int, scale: int
    ) -> None:
        row = self.confusion.counts[i]
        wrong, rows = int(row.sum() - row[i]), int(row.sum())
        label = plain_text(self.confusion.labels[i], LONGEST)
        title = f"{label}: {wrong} of {rows} wrong"
        if len(title) > LONGEST:
            title = f"{label}\n{wrong} of {rows} wrong"
        ax.set_title(title, fontsize=8.5, fontweight="normal", pad=3, y=1.0)
        ax.set(ylim=(n_places - 0.5, -0.5), xlim=(0, 1.18 * scale))
        ax.xaxis.set_visible(False)
        # There is no axis label; at a given place, matplotlib need not measure where it would be.
        ax.yaxis.set_label_coords(0, 0.5)
        ax.spines[["bottom", "left"]].set_visible(False)
        places = range(len(bars))
        ax.set_yticks(places, [plain_text(name, LONGEST) for name, _ in bars], fontsize=8)
        ax.tick_params(axis="y", length=0, pad=2)
        counts = [count for _, count in bars]
        drawn = ax.barh(
            places, counts, height=0.72,
            color=[*map(class_colour, self._classes_of(i, len(bars))), MUTED][: len(bars)],
        )  # fmt: skip
        ax.bar_label(drawn, padding=2, fontsize=8)
        if not bars:
            ax.text(
                0, 0, "no mistakes" if rows else "no rows", va="center", fontsize=8, color=MUTED
            )

    def _title(self) -> str:
        k, n = len(self.confusion.labels), len(self.shown)
        if n == k:
            return "What the wrong rows of each class were taken for"
        which = "mistakes" if n >= self._n_with_mistakes else "the most mistakes"
        count = min(n, self._n_with_mistakes)
        return f"What wrong rows were taken for: the {count} of {k} classes with {which}"
