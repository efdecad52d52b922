"""Many small pictures side by side in one axes: fast to draw, one image in the file."""

from __future__ import annotations

__all__ = ["Mosaic", "scaled_for_display"]

from dataclasses import dataclass
from math import ceil, sqrt
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.image import AxesImage
from matplotlib.patches import Rectangle

Images = npt.NDArray[Any]

# Tiles are measured in units of a picture's longer side.
GAP = 0.08


@dataclass(frozen=True, eq=False)
class Mosaic:
    """Pictures on a grid, each with room for a line of text above it.

    Attributes
    ----------
    images : ndarray (m, height, width) or (m, height, width, 3)
        The pictures, in reading order.
    n_columns : int
        Pictures a line.
    caption : float, default 0
        Room above each picture, as a share of its longer side.
    """

    images: Images
    n_columns: int
    caption: float = 0.0

    @staticmethod
    def columns_of(images: Images) -> int:
        """Return how many pictures a line make the whole about as wide as high."""
        height, width = images.shape[1:3]
        return min(max(ceil(sqrt(len(images) * height / width)), 1), len(images))

    @property
    def n_lines(self) -> int:
        """Lines of pictures."""
        return -(-len(self.images) // self.n_columns)

    @property
    def tile(self) -> tuple[float, float]:
        """Height and width of a picture, the longer side being 1."""
        height, width = self.images.shape[1:3]
        return height / max(height, width), width / max(height, width)

    @property
    def extent(self) -> tuple[float, float]:
        """Height and width of the whole."""
        height, width = self.tile
        return (
            self.n_lines * (height + self.caption + GAP) - GAP,
            self.n_columns * (width + GAP) - GAP,
        )

    def corner(self, i: int) -> tuple[float, float]:
        """Return x and y of the upper left corner of the i-th picture; y grows downwards."""
        line, column = divmod(i, self.n_columns)
        height, width = self.tile
        return column * (width + GAP), line * (height + self.caption + GAP) + self.caption

    def draw(self, ax: Axes, **imshow: Any) -> list[AxesImage]:
        """Draw all pictures upright with sharp pixels, and take the axes' frame and ticks away."""
        height, width = self.tile
        drawn = []
        for i, image in enumerate(self.images):
            x, y = self.corner(i)
            extent = (x, x + width, y + height, y)
            drawn.append(ax.imshow(image, extent=extent, interpolation="nearest", **imshow))
        total_height, total_width = self.extent
        ax.set(xlim=(-GAP / 2, total_width + GAP / 2), ylim=(total_height + GAP / 2, -GAP / 2))
        ax.set_aspect("equal")
        ax.set_axis_off()
        return drawn

    def frame(self, ax: Axes, i: int, colour: str, linewidth: float) -> Rectangle:
        """Draw a frame around the i-th picture."""
        height, width = self.tile
        patch = Rectangle(
            self.corner(i), width, height, fill=False, edgecolor=colour, linewidth=linewidth
        )
        patch.set_clip_on(False)
        ax.add_patch(patch)
        return patch


def scaled_for_display(images: Images) -> Images:
    """Return grey pictures as they are and colour pictures as floats within [0, 1].

    Colour values within [0, 1] stay; others are taken to run from their smallest (or 0, where
    none is negative) to their largest (or 255, where they are whole bytes).
    """
    if images.ndim == 3:
        return images
    values = np.asarray(images, dtype=np.float64)
    low, high = min(values.min(initial=0.0), 0.0), max(values.max(initial=1.0), 1.0)
    if images.dtype == np.uint8:
        high = 255.0
    return (values - low) / (high - low)
