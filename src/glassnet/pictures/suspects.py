"""Suspected label errors: each with its given label and what the model would say."""

from __future__ import annotations

__all__ = ["LabelSuspectsDisplay"]

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, final

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.text import Text
from matplotlib.ticker import PercentFormatter

from glassnet.errors import DataError
from glassnet.evaluation import LabelSuspects, label_suspects
from glassnet.pictures.captions import Captions
from glassnet.pictures.inputs import as_pictures
from glassnet.pictures.mosaic import Mosaic, scaled_for_display
from glassnet.pictures.theme import MUTED, OKABE_ITO, WRONG, new_axes, plain_text, style

if TYPE_CHECKING:
    from glassnet.data import ImageShape

WIDTH = 7.2  # inches
LONGEST = 24  # characters of a class name
CHARACTER, AXIS = 0.073, 7.0  # inches of a character and, at least, of the axis
SUGGESTED = OKABE_ITO[0]


@final
class LabelSuspectsDisplay:
    """Rows by how suspect their label is, the most suspect first.

    Where rows are pictures each is shown with its given label above the one that the model would
    give. Else each is a line from the probability of its given label to that of the suggested one.

    Use `from_suspects` or `from_predictions` to make one. It needs models that never saw the rows,
    and a Display fits none: `glassnet.estimators.find_label_suspects` does, in
    ``LabelSuspectsDisplay.from_suspects(find_label_suspects(classifier, X, y))``.

    Parameters
    ----------
    suspects : LabelSuspects
        The ranked rows.
    images : ndarray (m, height, width[, 3]), optional
        Pictures of the rows shown, in the order of their rank.
    max_shown : int, default 25
        Rows at most.

    Attributes
    ----------
    shown : tuple of LabelSuspect
        What is drawn.
    figure_, ax_
        Figure and axes, once drawn.
    image_ : matplotlib.image.AxesImage or None
        The drawn pictures, all on one sheet.
    texts_ : list of matplotlib.text.Text
        Captions of pictures, or the labels along the lines.
    """

    figure_: Figure
    ax_: Axes
    image_: AxesImage | None
    texts_: list[Text]

    def __init__(
        self,
        *,
        suspects: LabelSuspects,
        images: npt.NDArray[Any] | None = None,
        max_shown: int = 25,
    ) -> None:
        self.suspects = suspects
        self.shown = suspects.suspects[: max(max_shown, 0)]
        if not self.shown:
            raise DataError("There are no suspects to draw.")
        if images is not None and len(images) < len(self.shown):
            raise DataError(f"{len(images)} pictures were given for {len(self.shown)} suspects.")
        self.images = None if images is None else images[: len(self.shown)]

    @classmethod
    def from_suspects(
        cls,
        suspects: LabelSuspects,
        X: npt.ArrayLike | None = None,
        *,
        image: ImageShape | None = None,
        max_shown: int = 25,
        ax: Axes | None = None,
    ) -> LabelSuspectsDisplay:
        """Draw suspects that were ranked before; ``X`` (n, d) are all rows, for their pictures."""
        images = None
        if image is not None and X is not None:
            rows = [each.row for each in suspects.suspects[:max_shown]]
            images = as_pictures(np.asarray(X)[rows], image, "The list of suspects")
        return cls(suspects=suspects, images=images, max_shown=max_shown).plot(ax)

    @classmethod
    def from_predictions(
        cls,
        y: npt.ArrayLike,
        probabilities: npt.ArrayLike,
        X: npt.ArrayLike | None = None,
        *,
        classes: npt.ArrayLike | None = None,
        class_names: Sequence[str] | None = None,
        image: ImageShape | None = None,
        max_shown: int = 25,
        ax: Axes | None = None,
    ) -> LabelSuspectsDisplay:
        """Draw the suspects among labels y (n,), given cross-validated probabilities (n, k)."""
        found = label_suspects(y, probabilities, classes, class_names)
        return cls.from_suspects(found, X, image=image, max_shown=max_shown, ax=ax)

    def plot(self, ax: Axes | None = None) -> LabelSuspectsDisplay:
        """Draw the suspects.

        Parameters
        ----------
        ax : Axes, optional
            Draw here instead of in a new figure.
        """
        with style():
            if self.images is not None:
                self._plot_images(self.images, ax)
            else:
                self._plot_lines(ax)
            self.ax_.set_title(self._title(), y=1.0)
        return self

    def _plot_images(self, images: npt.NDArray[Any], ax: Axes | None) -> None:
        columns = Mosaic.columns_of(images)
        captions = Captions.above(
            images,
            [
                f"given {each.given}\n{each.suggested}? {100 * each.probability_of_suggested:.0f} %"
                for each in self.shown
            ],
            columns,
            WIDTH,
        )
        mosaic = Mosaic(scaled_for_display(images), columns, captions.room)
        height, width = mosaic.extent
        self.figure_, self.ax_ = new_axes(ax, WIDTH, WIDTH * height / width + 0.4)
        limits = {"vmin": images.min(), "vmax": images.max()}
        self.image_ = mosaic.draw(self.ax_, cmap="gray", **limits)
        self.texts_ = captions.draw(self.ax_, mosaic)

    def _plot_lines(self, ax: Axes | None) -> None:
        n = len(self.shown)
        self.figure_, ax_ = new_axes(ax, 8.4, 1.3 + 0.3 * n)
        self.ax_, self.image_, self.texts_ = ax_, None, []
        given = np.array([each.probability_of_given for each in self.shown])
        other = np.array([each.probability_of_suggested for each in self.shown])
        places = np.arange(n)
        ax_.hlines(places, given, other, color="#cfcfcf", linewidth=1.5, zorder=1)
        ax_.plot(given, places, "o", color=WRONG, markerfacecolor="white", label="given label")
        ax_.plot(other, places, "o", color=SUGGESTED, label="what the model would say")
        for place, each in enumerate(self.shown):
            named = ((each.given, given[place], -1), (each.suggested, other[place], 1))
            for name, x, side in named:
                # Each name outside of its own mark, so that the two never meet.
                outward = side if other[place] >= given[place] else -side
                self.texts_.append(
                    ax_.annotate(
                        plain_text(name, LONGEST), (x, place), xytext=(7 * outward, 0),
                        textcoords="offset points", va="center", fontsize=8.5,
                        ha="left" if outward > 0 else "right",
                    )
                )  # fmt: skip
        longest = min(max(len(t.get_text()) for t in self.texts_), LONGEST)
        share = (0.15 + CHARACTER * longest) / AXIS  # of the axis' width
        margin = share / (1 - 2 * share)
        ax_.set(xlim=(-margin, 1 + margin), ylim=(n - 0.5, -0.5))
        ax_.set_yticks(places, [f"row {each.row}" for each in self.shown])
        ax_.set_xticks(np.linspace(0, 1, 6))
        ax_.xaxis.set_major_formatter(PercentFormatter(1.0, decimals=0, symbol=" %"))
        ax_.tick_params(axis="y", length=0)
        ax_.set_xlabel("probability, by a model that never saw the row")
        ax_.spines["left"].set_visible(False)
        ax_.grid(axis="x", color="#eeeeee")
        # Below the axis' label, where no line of the data can be.
        self.figure_.legend(loc="outside lower right", ncols=2, labelcolor=MUTED)

    def _title(self) -> str:
        n, rows, doubtful = len(self.shown), self.suspects.rows, self.suspects.n_confident
        return f"The {n} most suspect of {rows} labels; the model doubts {doubtful or 'none'}"
