"""The prediction panel: pictures with the label that a model assigned, mistakes marked."""

from __future__ import annotations

__all__ = ["PredictionPanelDisplay"]

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, final

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from glassnet.errors import DataError
from glassnet.pictures.captions import Captions
from glassnet.pictures.inputs import as_pictures, chosen_rows, printed_labels
from glassnet.pictures.mosaic import Mosaic, scaled_for_display
from glassnet.pictures.theme import WRONG, new_axes, style

if TYPE_CHECKING:
    from glassnet.data import ImageShape

WIDTH = 7.2  # inches
SMALLEST_ON_ONE_LINE = 8.5  # points
CROSS = "\N{BALLOT X}"


@final
class PredictionPanelDisplay:
    """Pictures, each with its assigned label in the corner above it.

    A mistake is marked by a cross, by a frame, by its true label and by colour, so that no reader
    depends on the colour. Use `from_estimator` or `from_predictions` to make one.

    Parameters
    ----------
    images : ndarray (m, height, width) or (m, height, width, 3)
        The pictures, in reading order.
    rows : ndarray (m,) of int
        Which row of the data each is.
    true, predicted : sequence of str (m,)
        True and assigned labels, as printed.
    probability : ndarray (m,), optional
        Probability that the model gave to the assigned label; printed where given.

    Attributes
    ----------
    mistakes : ndarray (m,) of bool
        Where the assigned label is not the true one.
    figure_, ax_
        Figure and axes, once drawn.
    image_ : matplotlib.image.AxesImage
        The drawn pictures, all on one sheet, whose cells are the unit of the axes.
    texts_, frames_ : list
        The pictures' captions, and the frames of the mistakes.
    """

    figure_: Figure
    ax_: Axes
    image_: AxesImage
    texts_: list[Text]
    frames_: list[Rectangle]

    def __init__(
        self,
        *,
        images: npt.NDArray[Any],
        rows: npt.NDArray[np.intp],
        true: Sequence[str],
        predicted: Sequence[str],
        probability: npt.NDArray[np.float64] | None = None,
    ) -> None:
        self.images = images
        self.rows = rows
        self.true = tuple(true)
        self.predicted = tuple(predicted)
        self.probability = probability
        pairs = zip(self.true, self.predicted, strict=True)
        self.mistakes = np.array([t != p for t, p in pairs], dtype=bool)

    @classmethod
    def from_estimator(
        cls,
        estimator: Any,
        X: npt.ArrayLike,
        y: npt.ArrayLike,
        *,
        image: ImageShape | None,
        class_names: Sequence[str] | None = None,
        n_images: int = 25,
        rows: npt.ArrayLike | None = None,
        random_state: Any = None,
        ax: Axes | None = None,
    ) -> PredictionPanelDisplay:
        """Draw what a fitted classifier assigns to a sample of the rows.

        Parameters
        ----------
        estimator : object with ``predict`` and ``classes_``
            A fitted classifier.
        X : array-like (n, d)
            Rows as the estimator takes them, each an unrolled picture.
        y : array-like (n,)
            True labels.
        image : ImageShape
            How a row unrolls: shape and pixel order.
        class_names : sequence of str (k,), optional
            What to call each of ``estimator.classes_``.
        n_images, rows, random_state, ax
            As in `from_predictions`.
        """
        data = np.asarray(X)
        chosen = chosen_rows(len(data), n_images, rows, random_state)
        names = (estimator.classes_, class_names)
        return cls(
            images=as_pictures(data[chosen], image, "The prediction panel"),
            rows=chosen,
            true=printed_labels(np.asarray(y)[chosen], *names),
            predicted=printed_labels(estimator.predict(data[chosen]), *names),
        ).plot(ax)

    @classmethod
    def from_predictions(
        cls,
        X: npt.ArrayLike,
        y_true: npt.ArrayLike,
        y_pred: npt.ArrayLike,
        *,
        image: ImageShape | None,
        probability: npt.ArrayLike | None = None,
        classes: npt.ArrayLike | None = None,
        class_names: Sequence[str] | None = None,
        n_images: int = 25,
        rows: npt.ArrayLike | None = None,
        random_state: Any = None,
        ax: Axes | None = None,
    ) -> PredictionPanelDisplay:
        """Draw assigned labels on a sample of the rows.

        Parameters
        ----------
        X : array-like (n, d)
            One unrolled picture a row.
        y_true, y_pred : array-like (n,)
            True and assigned labels.
        image : ImageShape
            How a row unrolls: shape and pixel order.
        probability : array-like (n,), optional
            Probability of the assigned label, printed beside it.
        classes, class_names : array-like (k,), sequence of str (k,), optional
            What to print for each label.
        n_images : int, default 25
            How many pictures, at most n.
        rows : array-like of int, optional
            Show these rows, in this order, instead of a sample.
        random_state : int, RandomState or None
            Decides the sample.
        ax : Axes, optional
            Draw here instead of in a new figure.

        Raises
        ------
        DataError
            If ``image`` is None (a table has no pictures), or lengths do not fit.
        """
        data, true, predicted = np.asarray(X), np.asarray(y_true), np.asarray(y_pred)
        if not len(data) == len(true) == len(predicted):
            raise DataError(
                f"{len(data)} rows, {len(true)} true and {len(predicted)} assigned labels do not "
                "belong together."
            )
        chosen = chosen_rows(len(data), n_images, rows, random_state)
        shares = None if probability is None else np.asarray(probability, np.float64)[chosen]
        return cls(
            images=as_pictures(data[chosen], image, "The prediction panel"),
            rows=chosen,
            true=printed_labels(true[chosen], classes, class_names),
            predicted=printed_labels(predicted[chosen], classes, class_names),
            probability=shares,
        ).plot(ax)

    def plot(
        self, ax: Axes | None = None, *, n_columns: int | None = None
    ) -> PredictionPanelDisplay:
        """Draw the panel.

        Parameters
        ----------
        ax : Axes, optional
            Draw here instead of in a new figure.
        n_columns : int, optional
            Pictures a line; by default so many that the whole is about square.
        """
        columns = n_columns or Mosaic.columns_of(self.images)
        captions = self._captions(columns)
        mosaic = Mosaic(scaled_for_display(self.images), columns, captions.room)
        height, width = mosaic.extent
        with style():
            self.figure_, self.ax_ = new_axes(ax, WIDTH, WIDTH * height / width + 0.4)
            limits = {"vmin": self.images.min(), "vmax": self.images.max()}
            self.image_ = mosaic.draw(self.ax_, cmap="gray", **limits)
            self.texts_ = captions.draw(self.ax_, mosaic)
            wrong = np.flatnonzero(self.mistakes)
            self.frames_ = [mosaic.frame(self.ax_, int(i), WRONG, 2.5) for i in wrong]
            for i in wrong:
                self.texts_[i].set(color=WRONG, fontweight="bold")
            self.ax_.set_title(self._title(), y=1.0)
        return self

    def _captions(self, columns: int) -> Captions:
        """Return captions of one line where all fit on one, else of two."""
        chance = [""] * len(self.images)
        if self.probability is not None:
            chance = [f", {100 * p:.0f} %" for p in self.probability]
        labelled = zip(self.predicted, self.true, chance, self.mistakes, strict=True)
        parts = [
            (f"{CROSS} {p}{share}", f"(true {t})") if wrong else (f"{p}{share}", "")
            for p, t, share, wrong in labelled
        ]
        one_line = [" ".join(part).rstrip() for part in parts]
        one = Captions.above(self.images, one_line, columns, WIDTH)
        if (
            all(len(text) <= one.limit for text in one.texts)
            and one.fontsize >= SMALLEST_ON_ONE_LINE
        ):
            return one
        two_lines = ["\n".join(part).rstrip() for part in parts]
        return Captions.above(self.images, two_lines, columns, WIDTH)

    def _title(self) -> str:
        wrong, count = int(self.mistakes.sum()), len(self.mistakes)
        if wrong == count:
            return f"{count} mistakes: assigned label, and the true one"
        return f"Assigned labels: {wrong} of these {count} rows wrong"
