"""The ledger: which rows were hard to learn, and which were forgotten."""

from __future__ import annotations

__all__ = ["LedgerDisplay"]

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, final

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from glassnet.errors import DataError
from glassnet.evaluation import ExampleHistories, ExampleHistory, example_histories, group_curves
from glassnet.pictures.captions import Captions
from glassnet.pictures.inputs import as_pictures, printed_labels
from glassnet.pictures.mosaic import Mosaic, scaled_for_display
from glassnet.pictures.theme import OKABE_ITO, SEQUENTIAL, new_figure, plain_text, style

if TYPE_CHECKING:
    from glassnet.data import ImageShape

COLOURS = {
    "kept": OKABE_ITO[0],
    "forgotten": OKABE_ITO[4],
    "never learned": OKABE_ITO[1],
    "all rows": OKABE_ITO[0],
}
LEGEND = {
    "kept": "learned and kept",
    "forgotten": "learned and lost again",
    "never learned": "never learned",
    "all rows": "all",
}
LOG_RATIO = 20.0
LEAST = 1e-4  # of a logarithmic axis: below, a row is learned by heart
WIDTH = 9.6  # inches
LONGEST = 12  # characters of a label


@final
class LedgerDisplay:
    """The loss of groups of rows, of the hardest rows one by one, and these rows' pictures.

    On the left the median loss of the rows that were learned and kept, that were learned and lost
    again, and that were never learned, with a band from the first to the ninth decile. On the right
    a line for each of the hardest rows, the hardest on top: dark where its loss is large, with a
    mark in the colour of its group. Below, where rows are pictures, the same rows.

    Use `from_estimator` or `from_ledger` to make one.

    Parameters
    ----------
    histories : ExampleHistories
        What the ledger tells of each row.
    losses : ndarray (e, n)
        The ledger.
    n_rows : int, default 24
        Hardest rows to show.
    images : ndarray (m, height, width) or (m, height, width, 3), optional
        The pictures of the hardest rows.

    Attributes
    ----------
    shown : tuple of ExampleHistory (m,)
        The hardest rows.
    heat : ndarray (m, e)
        Their losses.
    curves : dict of str to ndarray (3, e)
        First decile, median and ninth decile of each group's losses.
    figure_, axes_
        Figure and its axes, once drawn: curves, rows and, where there are pictures, pictures.
    lines_ : list of matplotlib.lines.Line2D
        The medians.
    image_ : matplotlib.image.AxesImage
        The drawn losses of the hardest rows.
    """

    figure_: Figure
    axes_: list[Axes]
    lines_: list[Line2D]
    image_: AxesImage

    def __init__(
        self,
        *,
        histories: ExampleHistories,
        losses: npt.NDArray[Any],
        n_rows: int = 24,
        images: npt.NDArray[Any] | None = None,
    ) -> None:
        if n_rows < 1:
            raise DataError("At least one row must be shown.")
        self.histories = histories
        self.shown: tuple[ExampleHistory, ...] = histories.hardest(n_rows)
        self.heat = np.asarray(losses, dtype=np.float64)[:, [one.row for one in self.shown]].T
        self.curves = group_curves(losses, histories)
        self.images = images
        if images is not None and len(images) != len(self.shown):
            raise DataError(f"{len(images)} pictures were given for {len(self.shown)} rows.")

    @classmethod
    def from_ledger(
        cls,
        losses: npt.ArrayLike,
        right: npt.ArrayLike | None = None,
        *,
        X: npt.ArrayLike | None = None,
        y: npt.ArrayLike | None = None,
        image: ImageShape | None = None,
        classes: npt.ArrayLike | None = None,
        class_names: Sequence[str] | None = None,
        n_rows: int = 24,
        figure: Figure | None = None,
    ) -> LedgerDisplay:
        """Draw a ledger.

        Parameters
        ----------
        losses : array-like (e, n)
            Loss of each row at each epoch.
        right : array-like of bool (e, n), optional
            Whether it was right.
        X : array-like (n, d), optional
            The rows, where they are pictures to be shown.
        y : array-like (n,), optional
            Their labels.
        image : ImageShape, optional
            How a row of X unrolls.
        classes, class_names : array-like (k,), sequence of str (k,), optional
            What to print for each label.
        n_rows : int, default 24
            Hardest rows to show.
        figure : Figure, optional
            Draw here instead of in a new figure; what it holds is removed.
        """
        values = np.asarray(losses)
        names = y if y is None or class_names is None else printed_labels(y, classes, class_names)
        histories = example_histories(values, right, names)
        images = None
        if X is not None and image is not None:
            chosen = [one.row for one in histories.hardest(n_rows)]
            images = as_pictures(np.asarray(X)[chosen], image, "The ledger")
        return cls(histories=histories, losses=values, n_rows=n_rows, images=images).plot(figure)

    @classmethod
    def from_estimator(cls, estimator: Any, **more: Any) -> LedgerDisplay:
        """Draw the ledger of a net that was fitted with ``record_examples=True``.

        Parameters
        ----------
        estimator : estimator
            The net.
        **more
            As in `from_ledger`; X and y are those it was fitted to.

        Raises
        ------
        DataError
            If it has no ledger.
        """
        ledger = getattr(estimator, "examples_", None)
        if ledger is None:
            raise DataError(
                f"{type(estimator).__name__} has no examples_ to draw: fit it with "
                "record_examples=True. A net that was loaded from a file has none."
            )
        return cls.from_ledger(ledger.losses, ledger.right, **more)

    def plot(self, figure: Figure | None = None) -> LedgerDisplay:
        """Draw the panels.

        Parameters
        ----------
        figure : Figure, optional
            Draw here instead of in a new figure; what it holds is removed.
        """
        upper = 1.3 + max(0.17 * len(self.shown), 2.4)
        with style():
            mosaic, captions, lower = None, None, 0.0
            if self.images is not None:
                columns = min(12, len(self.images))
                captions = Captions.above(self.images, self._captions(), columns, WIDTH)
                mosaic = Mosaic(scaled_for_display(self.images), columns, captions.room)
                height, width = mosaic.extent
                # A line that is not full keeps the size of the pictures.
                lower = WIDTH * columns / 12 * height / width + 0.35
            self.figure_ = new_figure(figure, WIDTH, upper + lower)
            panels = self.figure_.subfigures(
                1 + (mosaic is not None),
                1,
                squeeze=False,
                height_ratios=[upper, lower] if lower else [upper],
            )
            curves, rows = panels[0, 0].subplots(1, 2, width_ratios=[1, 1.15])
            self.axes_ = [curves, rows]
            self._draw_curves(curves)
            self._draw_rows(rows, panels[0, 0])
            if mosaic is not None and captions is not None and self.images is not None:
                below = panels[1, 0].subplots()
                self.axes_.append(below)
                limits = {"vmin": self.images.min(), "vmax": self.images.max()}
                mosaic.draw(below, cmap="gray", **limits)
                captions.draw(below, mosaic)
                below.set_title("The same rows, the hardest first", y=1.0)
        return self

    def _draw_curves(self, ax: Axes) -> None:
        epochs = np.arange(1, self.histories.n_epochs + 1)
        self.lines_ = []
        for name, (low, median, high) in self.curves.items():
            count = self._count(name)
            label = f"{LEGEND[name]}: {count} row{'' if count == 1 else 's'}"
            colour = COLOURS[name]
            marker = "o" if len(epochs) == 1 else None
            (line,) = ax.plot(epochs, median, color=colour, label=label, marker=marker)
            ax.fill_between(epochs, low, high, color=colour, alpha=0.18, linewidth=0)
            self.lines_.append(line)
        medians = np.concatenate([curve[1] for curve in self.curves.values()])
        medians = medians[np.isfinite(medians)]
        lowest, highest = medians.min(initial=np.inf), medians.max(initial=0)
        if lowest > 0 and highest > LOG_RATIO * lowest:
            ax.set_yscale("log")
            ax.set_ylim(bottom=max(lowest / 2, LEAST))
            ax.yaxis.set_major_formatter("{x:g}")
        else:
            ax.set_ylim(bottom=0)
        ax.set(xlabel="epoch", ylabel=f"loss{' (log scale)' * (ax.get_yscale() == 'log')}")
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
        ax.grid(axis="y")
        ax.set_title("Median loss, with deciles", y=1.0)
        ax.legend(loc="best").set_in_layout(False)

    def _draw_rows(self, ax: Axes, panel: SubFigure) -> None:
        m, epochs = self.heat.shape
        finite = self.heat[np.isfinite(self.heat)]
        top = float(np.quantile(finite, 0.98)) if finite.size else 1.0
        self.image_ = ax.imshow(
            self.heat, aspect="auto", cmap=SEQUENTIAL, vmin=0, vmax=top or 1.0,
            extent=(0.5, epochs + 0.5, m - 0.5, -0.5), interpolation="nearest",
        )  # fmt: skip
        ax.set_yticks(range(m), [self._name(one) for one in self.shown], fontsize=7)
        ax.tick_params(axis="y", length=0, pad=11)
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
        ax.set_xlabel("epoch")
        for i, one in enumerate(self.shown):
            if one.group is not None:
                ax.plot(
                    -0.018, i, "s", color=COLOURS[one.group], markersize=5, clip_on=False,
                    transform=ax.get_yaxis_transform(),
                )  # fmt: skip
        count = len(self.histories.rows)
        ax.set_title(f"The {m} hardest of {count} rows" if m < count else f"All {m} rows", y=1.0)
        bar = panel.colorbar(self.image_, ax=ax, fraction=0.05, pad=0.02, extend="max")
        bar.outline.set_visible(False)
        bar.set_label("loss")

    def _count(self, name: str) -> int:
        if name == "all rows":
            return len(self.histories.rows)
        return len(self.histories.rows_of(name))  # type: ignore[arg-type]

    def _name(self, one: ExampleHistory) -> str:
        return f"{one.row}" + ("" if one.label is None else f"  {plain_text(one.label, LONGEST)}")

    def _captions(self) -> list[str]:
        """Return what stands above each picture: its row and label, and what became of it."""
        return [
            f"{one.row}\n{_fate(one)}"
            if one.label is None
            else f"{one.row}: {plain_text(one.label, LONGEST)}\n{_fate(one)}"
            for one in self.shown
        ]


def _fate(one: ExampleHistory) -> str:
    if one.group is None:
        return f"loss {one.mean_loss:.2g}"
    if one.group == "never learned":
        return "never right"
    return f"lost {one.forgettings}×" if one.forgettings else f"since {one.first_right}"
