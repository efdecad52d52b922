"""One hidden unit's sheet: what it looks for, what fires it, what it says and what it is for."""

from __future__ import annotations

__all__ = ["UnitDisplay"]

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, final

import numpy as np
import numpy.typing as npt
import scipy.sparse
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.gridspec import GridSpec

from glassnet.errors import DataError
from glassnet.evaluation import (
    Ablation,
    MaximalInputs,
    UnitProfile,
    ablate_units,
    class_votes,
    maximal_inputs,
    unit_profiles,
)
from glassnet.evaluation.labels import names_of
from glassnet.pictures.inputs import as_pictures, names_of_features, opened
from glassnet.pictures.panels import (
    AGAINST,
    FOR,
    draw_feature_bars,
    draw_grey,
    draw_mosaic,
    draw_quantiles,
    draw_signed,
    limit_of,
    panel_title,
    signed_pictures,
)
from glassnet.pictures.theme import MUTED, class_colour, new_figure, plain_text, sheet_title, style

if TYPE_CHECKING:
    from glassnet.data import ImageShape

WIDTH = 9.6  # inches
MAX_CLASSES, MAX_BARS = 30, 10
LONGEST = 22  # characters of a class name


@final
class UnitDisplay:
    """All that there is to see of one hidden unit.

    Above, for a unit of the first layer, its incoming weights; then the input that would fire it
    most within the data's bounds, and the eight rows that fire it most and least. Where rows are
    pictures these are pictures; else they are values of the features that the unit weighs most, in
    standard deviations from their mean.

    Below, a line a class: the distribution of its activation (5 to 95 % as a line, the middle half
    as a bar, the median as a mark), the points of success that the class loses without it, and its
    vote for the class; below another hidden layer, its largest weights there. Of more than 30
    classes those are shown that it matters to most.

    Use `from_estimator` to make one.

    Parameters
    ----------
    profile : UnitProfile
        What it does on the rows.
    ablation : Ablation
        Of this unit alone.
    maximal : MaximalInputs
        Of this unit alone.
    weights : ndarray (d,) or None
        Its incoming weights, where they are from the inputs.
    most, least : ndarray (m, d)
        The rows that fire it most and least, as the net takes them.
    votes : ndarray (k,) or None
        Its outgoing weight to each class; None below another hidden layer.
    class_names : sequence of str (k,)
        What the classes are called.
    image : ImageShape, optional
        How a row unrolls.
    pictures_of_most, pictures_of_least : ndarray (m, height, width[, 3]), optional
        The same rows as pictures.
    feature_names : sequence of str (d,), optional
        By default ``x0``, ``x1``, …

    Attributes
    ----------
    shown : ndarray of int
        The classes drawn, from top to bottom.
    features : ndarray of int
        The features drawn of a table, from top to bottom.
    figure_ : Figure
    axes_ : dict of str to Axes
        By the name of the panel: "weights", "maximal", "most", "least" (of a table "rows"),
        "activation", "ablation", "votes".
    """

    figure_: Figure
    axes_: dict[str, Axes]

    def __init__(
        self,
        *,
        profile: UnitProfile,
        ablation: Ablation,
        maximal: MaximalInputs,
        weights: npt.NDArray[Any] | None,
        most: npt.NDArray[Any],
        least: npt.NDArray[Any],
        votes: npt.NDArray[Any] | None,
        class_names: Sequence[str],
        image: ImageShape | None = None,
        pictures_of_most: npt.NDArray[Any] | None = None,
        pictures_of_least: npt.NDArray[Any] | None = None,
        feature_names: Sequence[str] | None = None,
    ) -> None:
        self.profile, self.ablation, self.maximal = profile, ablation, maximal
        self.weights, self.most, self.least = weights, most, least
        self.class_names = tuple(class_names)
        self.image = image
        self.pictures_of_most, self.pictures_of_least = pictures_of_most, pictures_of_least
        self.feature_names = names_of_features(feature_names, most.shape[1])
        self.votes = votes
        self.shown = self._classes_shown()
        away = maximal.inputs[0] - maximal.mean
        standard = away / np.where(maximal.std > 0, maximal.std, 1.0)
        # Scaled by how much a feature varies, a weight says how much it matters.
        matters = standard if weights is None else weights * maximal.std
        self.features = np.argsort(-np.abs(matters), kind="stable")[:MAX_BARS]

    @classmethod
    def from_estimator(
        cls,
        estimator: Any,
        X: Any,
        y: npt.ArrayLike,
        *,
        unit: int = 0,
        layer: int = 0,
        image: ImageShape | None = None,
        class_names: Sequence[str] | None = None,
        feature_names: Sequence[str] | None = None,
        figure: Figure | None = None,
    ) -> UnitDisplay:
        """Draw a unit of a fitted net.

        Parameters
        ----------
        estimator : MLPClassifier or Pipeline
            A fitted net, ours or scikit-learn's, or a pipeline that ends in one.
        X, y : array-like (n, d), (n,)
            Rows as the estimator takes them, with their labels.
        unit : int, default 0
            The unit's number in its layer.
        layer : int, default 0
            The hidden layer, counted from 0.
        image : ImageShape, optional
            How a row unrolls, where rows are pictures.
        class_names : sequence of str (k,), optional
            What to call each of ``estimator.classes_``.
        feature_names : sequence of str (d,), optional
            Of the net's inputs.
        figure : Figure, optional
            Draw here instead of in a new figure; what it holds is removed.
        """
        net, rows = opened(estimator, X)
        names = names_of(estimator.classes_, class_names)
        profiles = unit_profiles(net, rows, y, estimator.classes_, names, layer=layer)
        if not 0 <= unit < len(profiles):
            raise DataError(f"The units of this layer are numbered 0 to {len(profiles) - 1}.")
        profile = profiles[unit]
        pictures = {}
        if image is not None:
            for name, chosen in (("most", profile.most), ("least", profile.least)):
                pictures[f"pictures_of_{name}"] = as_pictures(
                    np.asarray(X)[chosen], image, "The sheet of a unit"
                )
        return cls(
            profile=profile,
            ablation=ablate_units(
                net, rows, y, estimator.classes_, names, layer=layer, units=[unit]
            ),
            maximal=maximal_inputs(net, rows, layer=layer, units=[unit]),
            weights=np.asarray(net.coefs[0][:, unit], np.float64) if layer == 0 else None,
            most=_dense(rows[profile.most]),
            least=_dense(rows[profile.least]),
            votes=class_votes(net)[unit] if layer == net.n_hidden - 1 else None,
            class_names=names,
            image=image,
            feature_names=feature_names,
            **pictures,
        ).plot(figure)

    def plot(self, figure: Figure | None = None) -> UnitDisplay:
        """Draw the sheet.

        Parameters
        ----------
        figure : Figure, optional
            Draw here instead of in a new figure; what it holds is removed.
        """
        k = len(self.shown)
        upper = 2.3 if self.image is not None else 0.7 + 0.19 * len(self.features)
        lower = 0.9 + (0.27 if k <= 12 else 0.2) * k
        with style():
            self.figure_ = new_figure(figure, WIDTH, 0.5 + upper + lower)
            grid = GridSpec(2, 1, figure=self.figure_, height_ratios=[upper, lower])
            self.axes_ = {}
            if self.image is not None:
                self._draw_pictures(grid, self.image)
            else:
                self._draw_features(grid)
            self._draw_classes(grid)
            sheet_title(self.figure_, self._title())
        return self

    def _draw_pictures(self, grid: GridSpec, image: ImageShape) -> None:
        assert self.pictures_of_most is not None
        assert self.pictures_of_least is not None
        first = ["weights"] if self.weights is not None else []
        names = [*first, "maximal", "most", "least"]
        ratios = [1.0] * len(first) + [1.0, 2.0, 2.0]
        parts = grid[0].subgridspec(1, len(names), width_ratios=ratios)
        axes = [self.figure_.add_subplot(parts[i]) for i in range(len(names))]
        self.axes_.update(zip(names, axes, strict=True))
        if self.weights is not None:
            weights = signed_pictures(self.weights[None], image)[0]
            draw_signed(self.axes_["weights"], weights, limit_of(weights), "its weights")
        maximal = as_pictures(self.maximal.inputs, image, "The sheet of a unit")[0]
        draw_grey(
            self.axes_["maximal"], maximal, float(maximal.min()), float(maximal.max()),
            "would fire it most",
        )  # fmt: skip
        both = np.concatenate([self.pictures_of_most, self.pictures_of_least])
        low, high = float(both.min()), float(both.max())
        for name, pictures in (("most", self.pictures_of_most), ("least", self.pictures_of_least)):
            columns = min(4, len(pictures))
            draw_mosaic(self.axes_[name], pictures, columns, low, high)
            panel_title(self.axes_[name], f"rows that fire it {name}")

    def _draw_features(self, grid: GridSpec) -> None:
        names = [self.feature_names[i] for i in self.features]
        parts = grid[0].subgridspec(1, 3 if self.weights is not None else 2)
        column = 0
        if self.weights is not None:
            ax = self.figure_.add_subplot(parts[column])
            draw_feature_bars(ax, self.weights[self.features], names, title="its weights")
            self.axes_["weights"] = ax
            column += 1
        ax = self.figure_.add_subplot(parts[column])
        maximal = self._standard(self.maximal.inputs)[0, self.features]
        title = "would fire it most (standard deviations)"
        draw_feature_bars(ax, maximal, names, title=title, named=not column)
        self.axes_["maximal"] = ax
        self.axes_["rows"] = ax = self.figure_.add_subplot(parts[column + 1])
        places = np.arange(len(self.features))
        for values, colour, shift, label in (
            (self.most, FOR, -0.15, "most"),
            (self.least, AGAINST, 0.15, "least"),
        ):
            standard = self._standard(values)[:, self.features]
            ax.plot(
                standard.T.ravel(), np.repeat(places + shift, len(standard)), "o", color=colour,
                markersize=4, alpha=0.55, markeredgewidth=0, label=label,
            )  # fmt: skip
        ax.set_yticks(places, [""] * len(places))
        ax.set_ylim(len(places) - 0.5, -0.5)
        ax.tick_params(axis="y", length=0)
        ax.tick_params(axis="x", labelsize=8)
        ax.grid(axis="x")
        ax.axvline(0, color=MUTED, linewidth=0.8)
        ax.spines["left"].set_visible(False)
        panel_title(ax, "rows that fire it")
        ax.legend(
            loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=2, fontsize=8.5, borderaxespad=0.1,
            borderpad=0.0, handletextpad=0.1, columnspacing=0.8,
        )  # fmt: skip

    def _draw_classes(self, grid: GridSpec) -> None:
        columns = ["activation", "ablation", "votes"]
        parts = grid[1].subgridspec(1, 3, width_ratios=[1.7, 1.1, 1.1])
        names = [self.class_names[c] for c in self.shown]
        for column, name in enumerate(columns):
            self.axes_[name] = self.figure_.add_subplot(parts[column])
        ax = self.axes_["activation"]
        draw_quantiles(
            ax, self.profile.quantiles[self.shown], [class_colour(int(c)) for c in self.shown]
        )
        ax.set_yticks(
            range(len(names)), [plain_text(name, LONGEST) for name in names], fontsize=8.5
        )
        ax.set_ylim(len(names) - 0.5, -0.5)
        ax.tick_params(axis="y", length=0)
        ax.tick_params(axis="x", labelsize=8)
        ax.grid(axis="x")
        panel_title(ax, "its activation in the rows of each class")
        if self.votes is not None:
            votes = self.votes[self.shown]
            draw_feature_bars(
                self.axes_["votes"], votes, names, title="its vote for each class", named=False
            )
        else:
            self._draw_units_it_feeds(self.axes_["votes"])
        lost = -100 * self.ablation.changes[0, self.shown]
        title = "points of success lost without it"
        draw_feature_bars(self.axes_["ablation"], lost, names, title=title, named=False)

    def _draw_units_it_feeds(self, ax: Axes) -> None:
        votes = sorted(self.profile.votes, key=lambda vote: -abs(vote[1]))[:MAX_BARS]
        names, values = [name for name, _ in votes], np.array([value for _, value in votes])
        draw_feature_bars(ax, values, names, title="its weight in the next layer")

    def _standard(self, rows: npt.NDArray[Any]) -> npt.NDArray[Any]:
        std = np.where(self.maximal.std > 0, self.maximal.std, 1.0)
        return (rows - self.maximal.mean) / std

    def _classes_shown(self) -> npt.NDArray[np.intp]:
        k = len(self.class_names)
        if k <= MAX_CLASSES:
            return np.arange(k)
        change = np.nan_to_num(self.ablation.changes[0])
        matters = change if self.votes is None else self.votes
        return np.sort(np.argsort(-np.abs(matters), kind="stable")[:MAX_CLASSES])

    def _title(self) -> str:
        unit, layer = self.profile.unit, self.profile.layer
        where = "" if layer == 0 else f" of hidden layer {layer + 1}"
        loss = float(self.ablation.loss_without[0] - self.ablation.loss)
        flags = ", ".join(self.profile.flags.words())
        text = f"Unit {unit}{where}" + (f" ({flags})" if flags else "")
        verb = "rises" if loss >= 0 else "falls"
        return f"{text}: without it the loss {verb} by {abs(loss):.2g}"


def _dense(rows: Any) -> npt.NDArray[Any]:
    return np.asarray(rows.toarray() if scipy.sparse.issparse(rows) else rows, dtype=np.float64)
