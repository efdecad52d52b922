"""Hidden units, seen from inside: what each looks for in the input."""

from __future__ import annotations

__all__ = ["HiddenUnitsDisplay"]

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal, final

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.colorbar import Colorbar
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.text import Text

from glassnet.errors import DataError
from glassnet.pictures.captions import Captions
from glassnet.pictures.inputs import as_pictures, first_layer
from glassnet.pictures.mosaic import Mosaic
from glassnet.pictures.panels import draw_feature_bars
from glassnet.pictures.theme import DIVERGING, least_width, new_figure, sheet_title, style
from glassnet.pictures.weight_matrix import symmetric_limit

if TYPE_CHECKING:
    from glassnet.data import ImageShape

WIDTH, BARS_WIDTH = 7.2, 9.6  # inches
LONGEST = 22  # characters of a feature name


@final
class HiddenUnitsDisplay:
    """The incoming weights of each hidden unit.

    Where rows are pictures a unit is one too, in the data's own pixel order: it fires on strokes
    where the weights are positive and is kept silent by strokes where they are negative. One
    scale, centred at zero, serves all units. Weights of colour pictures are drawn as colours
    around mid-grey, which is zero.

    Where rows are not pictures a unit is its strongest features as ranked bars.

    Use `from_estimator` or `from_weights` to make one.

    Parameters
    ----------
    weights : ndarray (h, d)
        Row j holds the incoming weights of unit j.
    image : ImageShape, optional
        How a row of the data unrolls.
    feature_names : sequence of str (d,), optional
        By default ``x0``, ``x1``, …
    order : {"norm", "index"}, default "norm"
        Strongest units first, or by their number.
    max_units : int, optional
        Units at most, the strongest ones; by default 100 pictures or 12 panels of bars.
    max_bars : int, default 8
        Features a panel at most.

    Attributes
    ----------
    norms : ndarray (h,)
        Euclidean length of each unit's weights.
    shown : ndarray of int
        The units drawn, in order, by their number: the column in ``coefs_[0]``, counted from 0.
    images : ndarray (m, height, width[, 3]) or None
        The weights of the units drawn, as pictures.
    limit : float
        The scale runs from -limit to limit.
    figure_, axes_
        What was drawn.
    image_ : matplotlib.image.AxesImage or None
        The units drawn as pictures, all on one sheet, whose cells are the unit of the axes.
    texts_ : list of matplotlib.text.Text
        The numbers above the pictures; none above bars.
    colorbar_ : matplotlib.colorbar.Colorbar or None
        The scale of grey pictures' weights.
    """

    figure_: Figure
    axes_: list[Axes]
    colorbar_: Colorbar | None
    image_: AxesImage | None
    texts_: list[Text]

    def __init__(
        self,
        *,
        weights: npt.NDArray[np.float64],
        image: ImageShape | None = None,
        feature_names: Sequence[str] | None = None,
        order: Literal["norm", "index"] = "norm",
        max_units: int | None = None,
        max_bars: int = 8,
    ) -> None:
        if weights.ndim != 2 or not weights.size:
            raise DataError(f"The weights of hidden units are (h, d), not {weights.shape}.")
        if order not in ("norm", "index"):
            raise DataError(f"order is 'norm' or 'index', not {order!r}.")
        d = weights.shape[1]
        if feature_names is not None and len(feature_names) != d:
            raise DataError(f"{len(feature_names)} feature names were given for {d} features.")
        self.weights = weights
        self.feature_names = tuple(map(str, feature_names or (f"x{i}" for i in range(d))))
        self.order = order
        self.max_bars = max_bars
        self.norms = np.linalg.norm(weights, axis=1)
        count = max_units if max_units is not None else 100 if image is not None else 12
        strongest = np.argsort(-self.norms, kind="stable")[: max(count, 1)]
        self.shown = strongest if order == "norm" else np.sort(strongest)
        self.images: npt.NDArray[Any] | None = None
        if image is not None:
            self.images = as_pictures(weights[self.shown], image, "The picture of hidden units")
        self.limit, self.clipped = symmetric_limit(weights[self.shown])

    @classmethod
    def from_weights(
        cls,
        coef: npt.ArrayLike,
        *,
        image: ImageShape | None = None,
        feature_names: Sequence[str] | None = None,
        order: Literal["norm", "index"] = "norm",
        max_units: int | None = None,
        max_bars: int = 8,
        figure: Figure | None = None,
    ) -> HiddenUnitsDisplay:
        """Draw ``coef`` (d, h), a column a unit, as in ``coefs_[0]``."""
        return cls(
            weights=np.asarray(coef, dtype=np.float64).T,
            image=image,
            feature_names=feature_names,
            order=order,
            max_units=max_units,
            max_bars=max_bars,
        ).plot(figure)

    @classmethod
    def from_estimator(
        cls,
        estimator: Any,
        *,
        image: ImageShape | None = None,
        feature_names: Sequence[str] | None = None,
        order: Literal["norm", "index"] = "norm",
        max_units: int | None = None,
        max_bars: int = 8,
        figure: Figure | None = None,
    ) -> HiddenUnitsDisplay:
        """Draw the units of the first hidden layer of a fitted net, an object with ``coefs_``."""
        return cls.from_weights(
            first_layer(estimator),
            image=image,
            feature_names=feature_names,
            order=order,
            max_units=max_units,
            max_bars=max_bars,
            figure=figure,
        )

    def plot(self, figure: Figure | None = None) -> HiddenUnitsDisplay:
        """Draw the units.

        Parameters
        ----------
        figure : Figure, optional
            Draw here instead of in a new figure; what it holds is removed.
        """
        with style():
            if self.images is not None:
                self._plot_images(self.images, figure)
            else:
                self._plot_bars(figure)
        return self

    def _plot_images(self, images: npt.NDArray[Any], figure: Figure | None) -> None:
        columns = Mosaic.columns_of(images)
        captions = Captions.above(images, [f"{unit}" for unit in self.shown], columns, WIDTH)
        coloured = images.ndim == 4
        shown = np.clip(0.5 + images / (2 * self.limit), 0, 1) if coloured else images
        mosaic = Mosaic(shown, columns, captions.room)
        height, width = mosaic.extent
        self.figure_ = new_figure(figure, WIDTH + 0.8, WIDTH * height / width + 0.4)
        ax = self.figure_.subplots()
        self.axes_ = [ax]
        self.image_ = mosaic.draw(ax, cmap=DIVERGING, vmin=-self.limit, vmax=self.limit)
        self.texts_ = captions.draw(ax, mosaic)
        ax.set_title(self._title(), y=1.0)
        self.colorbar_ = None
        if coloured:
            ax.text(0, -0.01, "mid-grey is zero", transform=ax.transAxes, va="top", fontsize=9)
            return
        self.colorbar_ = self.figure_.colorbar(
            self.image_, ax=ax, shrink=0.6, aspect=30, pad=0.02,
            extend="both" if self.clipped else "neither",
        )  # fmt: skip
        self.colorbar_.set_label("weight: positive makes the unit fire")
        self.colorbar_.outline.set_visible(False)

    def _plot_bars(self, figure: Figure | None) -> None:
        n, d = len(self.shown), self.weights.shape[1]
        n_bars = min(self.max_bars, d)
        panel_width = 1.5 + 0.065 * min(max(map(len, self.feature_names)), LONGEST)  # inches
        columns = min(n, int(BARS_WIDTH / panel_width))
        lines = -(-n // columns)
        self.figure_ = new_figure(
            figure,
            max(columns * panel_width, least_width(self._title())),
            0.8 + lines * (0.45 + 0.19 * n_bars),
        )
        grid = self.figure_.subplots(lines, columns, squeeze=False)
        self.axes_ = list(grid.flat[:n])
        self.colorbar_, self.image_, self.texts_ = None, None, []
        for empty in grid.flat[n:]:
            empty.set_axis_off()
        limit = 1.05 * float(np.abs(self.weights[self.shown]).max()) or 1.0
        for ax, unit in zip(self.axes_, self.shown, strict=True):
            weights = self.weights[unit]
            top = np.argsort(-np.abs(weights), kind="stable")[:n_bars]
            names = [self.feature_names[i] for i in top]
            draw_feature_bars(ax, weights[top], names, title=f"unit {unit}")
            ax.set_xlim(-limit, limit)
        self.figure_.supxlabel("weight: positive makes the unit fire", fontsize=9)
        sheet_title(self.figure_, self._title())

    def _title(self) -> str:
        n, h = len(self.shown), len(self.weights)
        title = f"The {h} hidden units" if n == h else f"The {n} strongest of {h} hidden units"
        return f"{title}, strongest first" if self.order == "norm" else title
