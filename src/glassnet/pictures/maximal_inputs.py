"""The input that would fire each hidden unit, or class, most."""

from __future__ import annotations

__all__ = ["MaximalInputsDisplay"]

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, final

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.text import Text

from glassnet.evaluation import MaximalInputs, maximal_inputs
from glassnet.evaluation.labels import names_of
from glassnet.pictures.captions import Captions
from glassnet.pictures.inputs import as_pictures, names_of_features, opened
from glassnet.pictures.mosaic import Mosaic, scaled_for_display
from glassnet.pictures.panels import draw_feature_bars
from glassnet.pictures.theme import least_width, new_figure, plain_text, sheet_title, style

if TYPE_CHECKING:
    from glassnet.data import ImageShape

WIDTH, BARS_WIDTH = 7.2, 9.6  # inches
LONGEST, LONGEST_TITLE = 22, 16  # characters of a name, beside and above a panel


@final
class MaximalInputsDisplay:
    """Inputs that fire units as far as inputs like the data's can.

    Where rows are pictures they are pictures, on the data's own scale of grey. Else each unit has a
    panel of the features that its input is farthest from the mean in, in standard deviations.

    Use `from_inputs` or `from_estimator` to make one.

    Parameters
    ----------
    maximal : MaximalInputs
        The inputs.
    names : sequence of str (m,)
        What to call the units.
    image : ImageShape, optional
        How a row unrolls.
    feature_names : sequence of str (d,), optional
        By default ``x0``, ``x1``, …
    max_units : int, optional
        Units at most, the first ones; by default 100 pictures or 12 panels.
    max_bars : int, default 8
        Features a panel at most.

    Attributes
    ----------
    images : ndarray (m, height, width[, 3]) or None
        The inputs drawn, as pictures.
    standard : ndarray (m, d)
        The inputs drawn, in standard deviations from the mean.
    figure_, axes_
        Figure and axes, once drawn.
    image_ : matplotlib.image.AxesImage or None
        The drawn pictures, all on one sheet.
    texts_ : list of matplotlib.text.Text
        The names above the pictures; none above bars.
    """

    figure_: Figure
    axes_: list[Axes]
    image_: AxesImage | None
    texts_: list[Text]

    def __init__(
        self,
        *,
        maximal: MaximalInputs,
        names: Sequence[str],
        image: ImageShape | None = None,
        feature_names: Sequence[str] | None = None,
        max_units: int | None = None,
        max_bars: int = 8,
    ) -> None:
        self.maximal, self.image, self.max_bars = maximal, image, max_bars
        count = max_units if max_units is not None else 100 if image is not None else 12
        self.names = tuple(names)[: max(count, 1)]
        inputs = maximal.inputs[: len(self.names)]
        self.feature_names = names_of_features(feature_names, inputs.shape[1])
        self.standard = (inputs - maximal.mean) / np.where(maximal.std > 0, maximal.std, 1.0)
        self.images: npt.NDArray[Any] | None = None
        if image is not None:
            self.images = as_pictures(inputs, image, "The picture of maximal inputs")

    @classmethod
    def from_inputs(
        cls,
        maximal: MaximalInputs,
        *,
        names: Sequence[str] | None = None,
        image: ImageShape | None = None,
        feature_names: Sequence[str] | None = None,
        max_units: int | None = None,
        figure: Figure | None = None,
    ) -> MaximalInputsDisplay:
        """Draw inputs that were found before; units are by default called by their numbers."""
        return cls(
            maximal=maximal,
            names=[f"{unit}" for unit in maximal.units] if names is None else names,
            image=image,
            feature_names=feature_names,
            max_units=max_units,
        ).plot(figure)

    @classmethod
    def from_estimator(
        cls,
        estimator: Any,
        X: Any,
        *,
        layer: int = 0,
        image: ImageShape | None = None,
        feature_names: Sequence[str] | None = None,
        class_names: Sequence[str] | None = None,
        max_units: int | None = None,
        figure: Figure | None = None,
    ) -> MaximalInputsDisplay:
        """Draw the units of a fitted net, ours or scikit-learn's, or of a pipeline's last step.

        Parameters
        ----------
        estimator : MLPClassifier or Pipeline
            A fitted net.
        X : array-like (n, d)
            Rows as the estimator takes them, which give the bounds.
        layer : int, default 0
            The layer, counted from 0; the one after the last hidden layer are the classes.
        image : ImageShape, optional
            How a row unrolls, where rows are pictures.
        feature_names, class_names : sequence of str, optional
            Of the net's inputs, and of ``estimator.classes_``.
        max_units : int, optional
            Units at most.
        figure : Figure, optional
            Draw here instead of in a new figure; what it holds is removed.
        """
        net, rows = opened(estimator, X)
        found = maximal_inputs(net, rows, layer=layer)
        names = None
        if layer == net.n_hidden:
            names = names_of(estimator.classes_, class_names)
        return cls.from_inputs(
            found,
            names=names,
            image=image,
            feature_names=feature_names,
            max_units=max_units,
            figure=figure,
        )

    def plot(self, figure: Figure | None = None) -> MaximalInputsDisplay:
        """Draw the inputs.

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
        captions = Captions.above(images, self.names, columns, WIDTH)
        mosaic = Mosaic(scaled_for_display(images), columns, captions.room)
        height, width = mosaic.extent
        self.figure_ = new_figure(figure, WIDTH, WIDTH * height / width + 0.4)
        ax = self.figure_.subplots()
        self.axes_ = [ax]
        self.image_ = mosaic.draw(ax, cmap="gray", vmin=images.min(), vmax=images.max())
        self.texts_ = captions.draw(ax, mosaic)
        ax.set_title(self._title(), y=1.0)

    def _plot_bars(self, figure: Figure | None) -> None:
        n = len(self.names)
        bars = min(self.max_bars, self.standard.shape[1])
        longest = min(max(map(len, self.feature_names)), LONGEST)
        panel_width = 1.5 + 0.065 * longest
        columns = min(n, int(BARS_WIDTH / panel_width))
        lines = -(-n // columns)
        self.figure_ = new_figure(
            figure,
            max(columns * panel_width, least_width(self._title())),
            0.8 + lines * (0.45 + 0.19 * bars),
        )
        grid = self.figure_.subplots(lines, columns, squeeze=False)
        self.axes_, self.image_, self.texts_ = list(grid.flat[:n]), None, []
        for empty in grid.flat[n:]:
            empty.set_axis_off()
        for ax, name, standard in zip(self.axes_, self.names, self.standard, strict=True):
            top = np.argsort(-np.abs(standard), kind="stable")[:bars]
            names = [self.feature_names[i] for i in top]
            title = name if self.maximal.is_output else f"unit {name}"
            draw_feature_bars(ax, standard[top], names, title=plain_text(title, LONGEST_TITLE))
        limit = 1.06 * float(np.abs(self.standard).max()) or 1.0
        for ax in self.axes_:
            ax.set_xlim(-limit, limit)
        self.figure_.supxlabel("standard deviations from the mean", fontsize=9)
        sheet_title(self.figure_, self._title())

    def _title(self) -> str:
        n, total = len(self.names), len(self.maximal.units)
        what = "class" if self.maximal.is_output else "unit"
        text = f"What would fire each {what} most, near the data"
        return text if n == total else f"{text}: {n} of {total}"
