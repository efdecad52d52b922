"""One example all the way through a net: the row, its layers, the probabilities, the reasons."""

from __future__ import annotations

__all__ = ["ExampleDisplay"]

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, final

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.gridspec import GridSpec

from glassnet.errors import DataError
from glassnet.evaluation import Example, walk_through
from glassnet.pictures.inputs import as_pictures, names_of_features, opened
from glassnet.pictures.panels import (
    draw_feature_bars,
    draw_grey,
    draw_signed,
    limit_of,
    panel_title,
    signed_pictures,
)
from glassnet.pictures.theme import (
    SEQUENTIAL,
    class_colour,
    new_figure,
    plain_text,
    sheet_title,
    style,
)

if TYPE_CHECKING:
    from glassnet.data import ImageShape

WIDTH = 9.6  # inches
MAX_CLASSES, MAX_BARS, MAX_UNITS = 12, 10, 12
LONGEST = 22  # characters of a name
CHARACTER = 0.07  # inches
TITLE = 100  # characters


@final
class ExampleDisplay:
    """A row on its way through a net, from left to right.

    The row itself, where rows are pictures; the activation of each hidden unit, layer by layer; the
    units of the last hidden layer that spoke most for and against; the classes' probabilities; and
    which inputs spoke for (vermilion) and against (blue), by integrated gradients.

    Use `from_example` or `from_estimator` to make one.

    Parameters
    ----------
    example : Example
        The row.
    image : ImageShape, optional
        How a row unrolls.
    picture : ndarray (height, width[, 3]), optional
        The row as a picture; needed where ``image`` is given.
    feature_names : sequence of str (d,), optional
        By default ``x0``, ``x1``, …

    Attributes
    ----------
    classes : ndarray of int
        The classes drawn, the likeliest first.
    units : ndarray of int
        The units of the last hidden layer whose votes are drawn, the strongest first.
    features : ndarray of int
        The features drawn of a table, those that count most first.
    figure_ : Figure
    axes_ : dict of str to Axes
        By the name of the panel: "input", "layer 0", …, "votes", "probabilities", "reasons".
    """

    figure_: Figure
    axes_: dict[str, Axes]

    def __init__(
        self,
        *,
        example: Example,
        image: ImageShape | None = None,
        picture: npt.NDArray[Any] | None = None,
        feature_names: Sequence[str] | None = None,
    ) -> None:
        if image is not None and picture is None:
            raise DataError("A row of an image shape needs its picture.")
        self.example, self.image, self.picture = example, image, picture
        self.feature_names = names_of_features(feature_names, len(example.integrated_gradients))
        self.classes = np.argsort(-example.probabilities, kind="stable")[:MAX_CLASSES]
        self.units = np.argsort(-np.abs(example.votes), kind="stable")[:MAX_UNITS]
        sizes = np.abs(example.integrated_gradients)
        self.features = np.argsort(-sizes, kind="stable")[:MAX_BARS]

    @classmethod
    def from_example(
        cls,
        example: Example,
        x: npt.ArrayLike | None = None,
        *,
        image: ImageShape | None = None,
        feature_names: Sequence[str] | None = None,
        figure: Figure | None = None,
    ) -> ExampleDisplay:
        """Draw an example of `glassnet.evaluation.walk_through`; ``x`` (d,) is its picture."""
        picture = None
        if image is not None and x is not None:
            picture = as_pictures(np.asarray(x)[None], image, "The example")[0]
        return cls(example=example, image=image, picture=picture, feature_names=feature_names).plot(
            figure
        )

    @classmethod
    def from_estimator(
        cls,
        estimator: Any,
        X: Any,
        y: npt.ArrayLike | None = None,
        *,
        row: int = 0,
        explain: Any = None,
        baseline: npt.ArrayLike | None = None,
        image: ImageShape | None = None,
        class_names: Sequence[str] | None = None,
        feature_names: Sequence[str] | None = None,
        figure: Figure | None = None,
    ) -> ExampleDisplay:
        """Draw a row of a fitted net, ours or scikit-learn's, or of a pipeline's last step.

        Parameters
        ----------
        estimator : MLPClassifier or Pipeline
            A fitted net.
        X, y : array-like (n, d), (n,)
            Rows as the estimator takes them; their labels may be left out.
        row : int, default 0
            Which one.
        explain : label, optional
            The class whose reasons to show; by default the one that the net assigns.
        baseline : array-like (d,), optional
            See `glassnet.evaluation.attributions`, as the net takes rows.
        image : ImageShape, optional
            How a row unrolls, where rows are pictures.
        class_names, feature_names : sequence of str, optional
            Of ``estimator.classes_``, and of the net's inputs.
        figure : Figure, optional
            Draw here instead of in a new figure; what it holds is removed.
        """
        net, rows = opened(estimator, X)
        if not 0 <= row < rows.shape[0]:
            raise DataError(
                f"Row {row} does not exist: the rows are numbered 0 to {rows.shape[0] - 1}."
            )
        (example,) = walk_through(
            net,
            rows[[row]],
            estimator.classes_,
            class_names,
            y=None if y is None else np.asarray(y)[[row]],
            rows=[row],
            explain=None if explain is None else [explain],
            baseline=baseline,
        )
        return cls.from_example(
            example,
            np.asarray(X)[row] if image is not None else None,
            image=image,
            feature_names=feature_names,
            figure=figure,
        )

    def plot(self, figure: Figure | None = None) -> ExampleDisplay:
        """Draw the way.

        Parameters
        ----------
        figure : Figure, optional
            Draw here instead of in a new figure; what it holds is removed.
        """
        layers = [f"layer {i}" for i in range(len(self.example.activations))]
        names = ["input"] if self.image is not None else []
        names += [*layers, *(["votes"] if layers else []), "probabilities", "reasons"]
        ratio = {"input": 1.5, "votes": 1.3, "probabilities": 1.4, "reasons": 1.5}
        bars = max(len(self.classes), len(self.features) if self.image is None else 0)
        height = max(3.2, 1.2 + 0.21 * max(bars, len(self.units)))
        with style():
            self.figure_ = new_figure(figure, WIDTH + self._room_of_names(), height)
            grid = GridSpec(
                1, len(names), figure=self.figure_,
                width_ratios=[ratio.get(name, 0.62) for name in names],
            )  # fmt: skip
            self.axes_ = {}
            for i, name in enumerate(names):
                self.axes_[name] = self.figure_.add_subplot(grid[i])
            self._draw_input()
            for i, activation in enumerate(self.example.activations):
                self._draw_layer(self.axes_[f"layer {i}"], i, activation)
            if layers:
                units = [f"unit {unit}" for unit in self.units]
                title = f"votes for {plain_text(self.example.explained, 12)}"
                draw_feature_bars(
                    self.axes_["votes"], self.example.votes[self.units], units, title=title
                )
            self._draw_probabilities(self.axes_["probabilities"])
            self._draw_reasons(self.axes_["reasons"])
            sheet_title(self.figure_, plain_text(self.example.sentence(), TITLE))
        return self

    def _room_of_names(self) -> float:
        """Return the inches that long names need beside the panels."""
        names = [[self.example.labels[c] for c in self.classes]]
        if self.image is None:
            names.append([self.feature_names[i] for i in self.features])
        return CHARACTER * sum(min(max(map(len, each)), LONGEST) for each in names)

    def _draw_input(self) -> None:
        if self.picture is None:
            return
        low, high = float(self.picture.min()), float(self.picture.max())
        ax = self.axes_["input"]
        draw_grey(ax, self.picture, low, high, f"row {self.example.row}")
        ax.set_anchor("N")  # its title beside those of the other panels

    def _draw_layer(self, ax: Axes, layer: int, activation: npt.NDArray[Any]) -> None:
        """Draw the units as cells, in the order of their numbers, line by line."""
        h = len(activation)
        columns = (
            1 if h <= 24 else int(np.ceil(h / 24)) if h <= 96 else int(np.ceil(np.sqrt(h / 2)))
        )
        lines = -(-h // columns)
        cells = np.full(lines * columns, np.nan)
        cells[:h] = activation
        low, high = min(float(activation.min()), 0.0), float(activation.max())
        ax.imshow(
            np.ma.masked_invalid(cells.reshape(lines, columns)), cmap=SEQUENTIAL,
            vmin=low, vmax=high if high > low else low + 1, interpolation="nearest", aspect="auto",
        )  # fmt: skip
        ax.set_xticks([])
        ax.set_yticks(range(0, lines, max(lines // 6, 1)))
        ax.set_yticklabels([f"{line * columns}" for line in ax.get_yticks().astype(int)])
        ax.tick_params(length=0, labelsize=8)
        ax.spines[:].set(visible=True, color="#d5d5d5")
        panel_title(ax, f"{h} units")
        ax.set_xlabel(f"layer {layer + 1}", fontsize=8.5)

    def _draw_probabilities(self, ax: Axes) -> None:
        p = 100 * self.example.probabilities[self.classes]
        names = [self.example.labels[c] for c in self.classes]
        places = range(len(names))
        right = [name == self.example.true for name in names]
        drawn = ax.barh(places, p, height=0.72, color=[class_colour(int(c)) for c in self.classes])
        told = [f"{value:.1f} %" + ", true" * r for value, r in zip(p, right, strict=True)]
        texts = ax.bar_label(drawn, told, padding=2, fontsize=8)
        labels = [plain_text(name, LONGEST) for name in names]
        ax.set_yticks(places, labels, fontsize=8.5)
        for label, text, is_true in zip(ax.get_yticklabels(), texts, right, strict=True):
            if is_true:
                label.set_fontweight("bold")
                text.set_fontweight("bold")
        ax.set(xlim=(0, p.max() * 1.9), ylim=(max(len(names), 6) - 0.5, -0.5), xticks=[])
        ax.tick_params(axis="y", length=0)
        ax.spines[["left", "bottom"]].set_visible(False)
        more = len(self.example.labels) - len(names)
        title = "probability" + (f" ({more} more classes)" if more else "")
        panel_title(ax, title)

    def _draw_reasons(self, ax: Axes) -> None:
        reasons = self.example.integrated_gradients
        title = f"reasons for {plain_text(self.example.explained, 12)}"
        if self.image is not None:
            signed = signed_pictures(reasons[None], self.image)[0]
            draw_signed(ax, signed, limit_of(signed), title)
            ax.set_anchor("N")
            return
        names = [self.feature_names[i] for i in self.features]
        draw_feature_bars(ax, reasons[self.features], names, title=title)
