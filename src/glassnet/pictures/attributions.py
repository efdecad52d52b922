"""Which inputs spoke for the class that a net assigns, and which against it, row by row."""

from __future__ import annotations

__all__ = ["AttributionDisplay"]

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, final

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure
from matplotlib.gridspec import GridSpec
from matplotlib.text import Text
from matplotlib.transforms import blended_transform_factory

from glassnet.errors import DataError
from glassnet.evaluation import Example, walk_through
from glassnet.pictures.inputs import as_pictures, chosen_rows, names_of_features, opened
from glassnet.pictures.panels import (
    draw_feature_bars,
    draw_grey,
    draw_signed,
    limit_of,
    signed_pictures,
)
from glassnet.pictures.theme import INK, new_figure, plain_text, sheet_title, style

if TYPE_CHECKING:
    from glassnet.data import ImageShape

LONGEST = 22  # characters of a name
MAX_BARS = 8
CELL = 1.5  # inches of a picture
NAME = 0.3  # inches of a row's name above it


@final
class AttributionDisplay:
    """A line a row: gradient times input, and integrated gradients.

    Vermilion spoke for the class that the net assigns, or that is asked for, and blue against it.
    Where rows are pictures so are their attributions, beside the row itself, each on a scale of its
    own; else the features that count most are bars.

    Use `from_examples` or `from_estimator` to make one.

    Parameters
    ----------
    examples : sequence of Example
        The rows.
    image : ImageShape, optional
        How a row unrolls.
    pictures : ndarray (m, height, width[, 3]), optional
        The rows as pictures; needed where ``image`` is given.
    feature_names : sequence of str (d,), optional
        By default ``x0``, ``x1``, …

    Attributes
    ----------
    figure_ : Figure
    axes_ : ndarray (m, 2 or 3) of Axes
        A line a row; of pictures the first column is the row itself.
    texts_ : list of matplotlib.text.Text
        What each row is called, above its line.
    """

    figure_: Figure
    axes_: npt.NDArray[Any]
    texts_: list[Text]

    def __init__(
        self,
        *,
        examples: Sequence[Example],
        image: ImageShape | None = None,
        pictures: npt.NDArray[Any] | None = None,
        feature_names: Sequence[str] | None = None,
    ) -> None:
        self.examples = tuple(examples)
        if not self.examples:
            raise DataError("There are no rows to explain.")
        if image is not None and (pictures is None or len(pictures) != len(self.examples)):
            raise DataError(f"{len(self.examples)} rows need as many pictures.")
        self.image, self.pictures = image, pictures
        d = len(self.examples[0].integrated_gradients)
        self.feature_names = names_of_features(feature_names, d)

    @classmethod
    def from_examples(
        cls,
        examples: Sequence[Example],
        X: npt.ArrayLike | None = None,
        *,
        image: ImageShape | None = None,
        feature_names: Sequence[str] | None = None,
        figure: Figure | None = None,
    ) -> AttributionDisplay:
        """Draw examples of `glassnet.evaluation.walk_through`; ``X`` (m, d) are their pictures."""
        pictures = None
        if image is not None and X is not None:
            pictures = as_pictures(X, image, "The picture of attributions")
        return cls(
            examples=examples, image=image, pictures=pictures, feature_names=feature_names
        ).plot(figure)

    @classmethod
    def from_estimator(
        cls,
        estimator: Any,
        X: Any,
        y: npt.ArrayLike | None = None,
        *,
        rows: npt.ArrayLike | None = None,
        n_rows: int = 5,
        explain: npt.ArrayLike | None = None,
        baseline: npt.ArrayLike | None = None,
        image: ImageShape | None = None,
        class_names: Sequence[str] | None = None,
        feature_names: Sequence[str] | None = None,
        random_state: Any = None,
        figure: Figure | None = None,
    ) -> AttributionDisplay:
        """Draw rows of a fitted net, ours or scikit-learn's, or of a pipeline's last step.

        Parameters
        ----------
        estimator : MLPClassifier or Pipeline
            A fitted net.
        X, y : array-like (n, d), (n,)
            Rows as the estimator takes them; their labels may be left out.
        rows : array-like of int, optional
            Which rows; by default ``n_rows`` at random.
        n_rows : int, default 5
            How many.
        explain : array-like (m,), optional
            The labels to explain; by default those that the net assigns.
        baseline : array-like (d,), optional
            See `glassnet.evaluation.attributions`, as the net takes rows.
        image : ImageShape, optional
            How a row unrolls, where rows are pictures.
        class_names, feature_names : sequence of str, optional
            Of ``estimator.classes_``, and of the net's inputs.
        random_state : int, RandomState or None
            Decides the sample.
        figure : Figure, optional
            Draw here instead of in a new figure; what it holds is removed.
        """
        net, taken = opened(estimator, X)
        chosen = chosen_rows(taken.shape[0], n_rows, rows, random_state)
        examples = walk_through(
            net,
            taken[chosen],
            estimator.classes_,
            class_names,
            y=None if y is None else np.asarray(y)[chosen],
            rows=chosen,
            explain=explain,
            baseline=baseline,
        )
        pictures = np.asarray(X)[chosen] if image is not None else None
        return cls.from_examples(
            examples, pictures, image=image, feature_names=feature_names, figure=figure
        )

    def plot(self, figure: Figure | None = None) -> AttributionDisplay:
        """Draw the rows.

        Parameters
        ----------
        figure : Figure, optional
            Draw here instead of in a new figure; what it holds is removed.
        """
        with style():
            if self.image is not None and self.pictures is not None:
                self._plot_images(self.image, self.pictures, figure)
            else:
                self._plot_bars(figure)
            sheet_title(self.figure_, "What spoke for (vermilion) and against (blue)")
        return self

    def _plot_images(
        self, image: ImageShape, pictures: npt.NDArray[Any], figure: Figure | None
    ) -> None:
        n = len(self.examples)
        self.figure_ = new_figure(figure, 3 * CELL + 1.6, 0.8 + n * (CELL + NAME))
        self._lay_out(3, CELL)
        low, high = float(pictures.min()), float(pictures.max())
        for i, example in enumerate(self.examples):
            draw_grey(self.axes_[i, 0], pictures[i], low, high, "")
            for column, (title, values) in enumerate(_both(example), start=1):
                signed = signed_pictures(values[None], image)[0]
                draw_signed(self.axes_[i, column], signed, limit_of(signed), "" if i else title)

    def _plot_bars(self, figure: Figure | None) -> None:
        n, bars = len(self.examples), min(MAX_BARS, len(self.feature_names))
        longest = min(max(map(len, self.feature_names)), LONGEST)
        panel = 0.55 + 0.19 * bars
        self.figure_ = new_figure(figure, 6.4 + 0.065 * longest, 0.6 + n * (panel + NAME))
        self._lay_out(2, panel)
        for i, example in enumerate(self.examples):
            top = np.argsort(-np.abs(example.integrated_gradients), kind="stable")[:bars]
            names = [self.feature_names[j] for j in top]
            for column, (title, values) in enumerate(_both(example)):
                ax = self.axes_[i, column]
                draw_feature_bars(ax, values[top], names, title=title, named=not column)

    def _lay_out(self, columns: int, height: float) -> None:
        """Make ``columns`` axes a row of the data, with a line for its name above them."""
        n = len(self.examples)
        grid = GridSpec(2 * n, columns, figure=self.figure_, height_ratios=[NAME, height] * n)
        self.axes_ = np.empty((n, columns), dtype=object)
        self.texts_ = []
        for i, example in enumerate(self.examples):
            line = self.figure_.add_subplot(grid[2 * i, :])
            line.set_axis_off()
            across = blended_transform_factory(self.figure_.transFigure, line.transAxes)
            self.texts_.append(
                line.text(
                    0.01, 0.0, self._name(example), transform=across, fontsize=9,
                    fontweight="bold", color=INK, in_layout=False,
                )
            )  # fmt: skip
            for column in range(columns):
                self.axes_[i, column] = self.figure_.add_subplot(grid[2 * i + 1, column])

    def _name(self, example: Example) -> str:
        p = 100 * float(example.probabilities.max())
        name = f"row {example.row}: {plain_text(example.predicted, LONGEST)}, {p:.0f} %"
        if example.explained != example.predicted:
            name += f", why {plain_text(example.explained, LONGEST)}"
        elif example.is_right is False:
            name += f" (true {plain_text(str(example.true), LONGEST)})"
        return name


def _both(example: Example) -> tuple[tuple[str, npt.NDArray[Any]], ...]:
    return (
        ("gradient times input", example.gradient_x_input),
        ("integrated gradients", example.integrated_gradients),
    )
