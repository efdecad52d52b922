"""The sample grid: rows of the data as pictures, to see what they are."""

from __future__ import annotations

__all__ = ["SampleGridDisplay"]

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, final

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.text import Text

from glassnet.pictures.captions import Captions
from glassnet.pictures.inputs import as_pictures, chosen_rows, printed_labels
from glassnet.pictures.mosaic import Mosaic, scaled_for_display
from glassnet.pictures.theme import new_axes, style

if TYPE_CHECKING:
    from glassnet.data import ImageShape

WIDTH = 7.2  # inches


@final
class SampleGridDisplay:
    """A grid of pictures drawn at random from the rows, upright, on one grey scale.

    Use `from_images` to make one.

    Parameters
    ----------
    images : ndarray (m, height, width) or (m, height, width, 3)
        The pictures, in reading order.
    rows : ndarray (m,) of int
        Which row of the data each is.
    n_rows : int
        Rows of the data.
    labels : sequence of str (m,), optional
        Printed above each picture.

    Attributes
    ----------
    figure_, ax_
        Figure and axes, once drawn.
    image_ : matplotlib.image.AxesImage
        The drawn pictures, all on one sheet, whose cells are the unit of the axes.
    texts_ : list of matplotlib.text.Text
        The printed labels.
    """

    figure_: Figure
    ax_: Axes
    image_: AxesImage
    texts_: list[Text]

    def __init__(
        self,
        *,
        images: npt.NDArray[Any],
        rows: npt.NDArray[np.intp],
        n_rows: int,
        labels: Sequence[str] | None = None,
    ) -> None:
        self.images = images
        self.rows = rows
        self.n_rows = n_rows
        self.labels = None if labels is None else tuple(labels)

    @classmethod
    def from_images(
        cls,
        X: npt.ArrayLike,
        image: ImageShape | None,
        y: npt.ArrayLike | None = None,
        *,
        classes: npt.ArrayLike | None = None,
        class_names: Sequence[str] | None = None,
        n_images: int = 100,
        rows: npt.ArrayLike | None = None,
        random_state: Any = None,
        ax: Axes | None = None,
    ) -> SampleGridDisplay:
        """Draw a sample of the rows.

        Parameters
        ----------
        X : array-like (n, d)
            One unrolled picture a row.
        image : ImageShape
            How a row unrolls: shape and pixel order.
        y : array-like (n,), optional
            Labels to print above the pictures.
        classes, class_names : array-like (k,), sequence of str (k,), optional
            What to print for each label.
        n_images : int, default 100
            How many pictures, at most n.
        rows : array-like of int, optional
            Show these rows instead of a sample.
        random_state : int, RandomState or None
            Decides the sample.
        ax : Axes, optional
            Draw here instead of in a new figure.

        Raises
        ------
        DataError
            If ``image`` is None (a table has no pictures) or does not fit.
        """
        data = np.asarray(X)
        chosen = chosen_rows(len(data), n_images, rows, random_state)
        labels = None
        if y is not None:
            labels = printed_labels(np.asarray(y)[chosen], classes, class_names)
        images = as_pictures(data[chosen], image, "The sample grid")
        return cls(images=images, rows=chosen, n_rows=len(data), labels=labels).plot(ax)

    def plot(self, ax: Axes | None = None, *, n_columns: int | None = None) -> SampleGridDisplay:
        """Draw the grid.

        Parameters
        ----------
        ax : Axes, optional
            Draw here instead of in a new figure.
        n_columns : int, optional
            Pictures a line; by default so many that the whole is about square.
        """
        columns = n_columns or Mosaic.columns_of(self.images)
        captions = Captions.above(self.images, self.labels or (), columns, WIDTH)
        mosaic = Mosaic(scaled_for_display(self.images), columns, captions.room)
        height, width = mosaic.extent
        with style():
            self.figure_, self.ax_ = new_axes(ax, WIDTH, WIDTH * height / width + 0.4)
            limits = {"vmin": self.images.min(), "vmax": self.images.max()}
            self.image_ = mosaic.draw(self.ax_, cmap="gray", **limits)
            self.texts_ = captions.draw(self.ax_, mosaic)
            count = len(self.images)
            self.ax_.set_title(
                f"All {count} rows" if count == self.n_rows else f"{count} of {self.n_rows} rows",
                y=1.0,
            )
        return self
