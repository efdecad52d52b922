"""What several sheets are made of: signed pictures, bars of features, quantiles by class."""

from __future__ import annotations

__all__ = [
    "AGAINST",
    "FOR",
    "draw_feature_bars",
    "draw_grey",
    "draw_mosaic",
    "draw_quantiles",
    "draw_signed",
    "limit_of",
    "name_ticks_below",
    "panel_title",
    "signed_pictures",
]

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.container import BarContainer
from matplotlib.image import AxesImage

from glassnet.pictures.mosaic import Mosaic, scaled_for_display
from glassnet.pictures.theme import DIVERGING, MUTED, OKABE_ITO, plain_text

if TYPE_CHECKING:
    from glassnet.data import ImageShape

FOR, AGAINST = OKABE_ITO[1], OKABE_ITO[0]
LONGEST, LONGEST_BELOW = 22, 16  # characters of a name beside an axis, and below one
CHARACTER = 0.08  # inches of one below
Array = npt.NDArray[Any]


def panel_title(ax: Axes, text: str) -> None:
    """Write what a panel shows above it, small."""
    ax.set_title(text, fontsize=9, fontweight="normal", pad=4, y=1.0)


def name_ticks_below(ax: Axes, places: Array, names: Sequence[str], width: float) -> None:
    """Write names below an axis of a width in inches, upright where they would touch otherwise."""
    labels = [plain_text(name, LONGEST_BELOW) for name in names]
    steps = np.diff(np.sort(places)) / np.ptp(places) if len(places) > 1 else np.ones(1)
    upright = max(map(len, labels)) * CHARACTER > 0.9 * width * steps.min()
    ax.set_xticks(places, labels, rotation=90 if upright else 0)


def limit_of(values: Array) -> float:
    """Return where a scale centred at zero ends: the largest size, 1 for nothing but zeros."""
    return float(np.abs(values).max(initial=0.0)) or 1.0


def signed_pictures(values: Array, image: ImageShape) -> Array:
    """Return signed values (m, d) as pictures (m, height, width); colours are summed up."""
    pictures = np.asarray(image.to_images(values))
    return pictures.sum(axis=-1) if pictures.ndim == 4 else pictures


def draw_grey(ax: Axes, picture: Array, low: float, high: float, title: str) -> AxesImage:
    """Draw a picture of the data, grey or in colour."""
    shown = scaled_for_display(picture[None])[0]
    drawn = ax.imshow(shown, cmap="gray", vmin=low, vmax=high, interpolation="nearest")
    _bare(ax)
    panel_title(ax, title)
    return drawn


def draw_signed(ax: Axes, picture: Array, limit: float, title: str) -> AxesImage:
    """Draw a picture (height, width) of signed values, centred at zero."""
    drawn = ax.imshow(picture, cmap=DIVERGING, vmin=-limit, vmax=limit, interpolation="nearest")
    _bare(ax)
    panel_title(ax, title)
    return drawn


def draw_mosaic(ax: Axes, pictures: Array, n_columns: int, low: float, high: float) -> AxesImage:
    """Draw pictures of the data side by side."""
    mosaic = Mosaic(scaled_for_display(pictures), n_columns)
    return mosaic.draw(ax, cmap="gray", vmin=low, vmax=high)


def draw_feature_bars(
    ax: Axes, values: Array, names: Sequence[str], *, title: str, named: bool = True
) -> BarContainer:
    """Draw a signed bar for each name, from top to bottom."""
    places = np.arange(len(values))
    drawn = ax.barh(places, values, height=0.72, color=[FOR if v > 0 else AGAINST for v in values])
    limit = 1.06 * limit_of(np.asarray(values)[np.isfinite(values)])
    ax.set(xlim=(-limit, limit), ylim=(len(values) - 0.5, -0.5))
    ax.axvline(0, color=MUTED, linewidth=0.8)
    labels = [plain_text(name, LONGEST) for name in names]
    ax.set_yticks(places, labels if named else [""] * len(labels), fontsize=8)
    ax.tick_params(axis="y", length=0, pad=2)
    ax.tick_params(axis="x", labelsize=8)
    ax.locator_params(axis="x", nbins=4)
    ax.spines["left"].set_visible(False)
    panel_title(ax, title)
    return drawn


def draw_quantiles(ax: Axes, quantiles: Array, colours: Sequence[str]) -> None:
    """Draw 5, 25, 50, 75 and 95 % quantiles (k, 5) as a whisker, a bar and a mark a line."""
    places = np.arange(len(quantiles))
    low, first, middle, third, high = quantiles.T
    ax.hlines(places, low, high, color=colours, linewidth=1.0)
    ax.hlines(places, first, third, color=colours, linewidth=5.0, alpha=0.45)
    ax.scatter(middle, places, marker="|", color=colours, s=81, linewidths=2.0)


def _bare(ax: Axes) -> None:
    ax.set(xticks=[], yticks=[])
    ax.spines[:].set(visible=True, color="#d5d5d5", linewidth=0.8)
