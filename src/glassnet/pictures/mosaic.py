"""Many small pictures side by side on one sheet: one image to draw, one image in the file."""

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

GAP = 0.08  # between pictures, as a share of their longer side
FINENESS = 24  # cells along that side at least, so that gaps of whole cells can be narrow


@dataclass(frozen=True, eq=False)
class Mosaic:
    """Pictures on a grid, each with room for a line of text above it.

    All lengths are in whole cells of the sheet, and so are the coordinates of the axes; a pixel
    of a picture is a square of one cell or, where pictures are small, of several.

    Attributes
    ----------
    images : ndarray (m, height, width) or (m, height, width, 3)
        The pictures, in reading order; in colour within [0, 1].
    n_columns : int
        Pictures a line.
    caption : float, default 0
        Least room above each picture, as a share of its longer side.
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
    def grain(self) -> int:
        """Side of a pixel."""
        return ceil(FINENESS / max(self.images.shape[1:3]))

    @property
    def size(self) -> tuple[int, int]:
        """Height and width of a picture."""
        height, width = self.images.shape[1:3]
        return height * self.grain, width * self.grain

    @property
    def gap(self) -> int:
        """Gap between neighbours."""
        return round(GAP * max(self.size))

    @property
    def room(self) -> int:
        """Room above each picture."""
        return ceil(self.caption * max(self.size))

    @property
    def n_lines(self) -> int:
        """Lines of pictures."""
        return -(-len(self.images) // self.n_columns)

    @property
    def extent(self) -> tuple[int, int]:
        """Height and width of the whole."""
        height, width = self.size
        return (
            self.n_lines * (height + self.room + self.gap) - self.gap,
            self.n_columns * (width + self.gap) - self.gap,
        )

    def corner(self, i: int) -> tuple[int, int]:
        """Return x and y of the upper left corner of the i-th picture; y grows downwards."""
        line, column = divmod(i, self.n_columns)
        height, width = self.size
        return column * (width + self.gap), line * (height + self.room + self.gap) + self.room

    def sheet(self) -> Images:
        """Return all pictures as one, transparent between them.

        Returns
        -------
        ndarray (sheet height, sheet width) of float or (sheet height, sheet width, 4) of uint8
            Of grey pictures their values, and NaN where there is none; of colour pictures their
            red, green, blue and opacity, which is 0 where there is none.
        """
        height, width = self.size
        if coloured := self.images.ndim == 4:
            sheet = np.zeros((*self.extent, 4), dtype=np.uint8)
        else:
            sheet = np.full(self.extent, np.nan, np.result_type(self.images, np.float32))
        for i, picture in enumerate(self.images):
            x, y = self.corner(i)
            tile = sheet[y : y + height, x : x + width]
            cells = picture.repeat(self.grain, axis=0).repeat(self.grain, axis=1)
            if coloured:
                tile[..., :3], tile[..., 3] = np.rint(255 * cells), 255
            else:
                tile[...] = cells
        return sheet

    def draw(self, ax: Axes, **imshow: Any) -> AxesImage:
        """Draw all pictures upright with sharp pixels, and take the axes' frame and ticks away."""
        height, width = self.extent
        # An image costs by the pixels of the paper: one sheet is drawn as fast as one picture.
        drawn = ax.imshow(
            self.sheet(), extent=(0, width, height, 0), interpolation="nearest", **imshow
        )
        margin = self.gap / 2
        ax.set(xlim=(-margin, width + margin), ylim=(height + margin, -margin))
        ax.set_aspect("equal")
        ax.set_axis_off()
        return drawn

    def frame(self, ax: Axes, i: int, colour: str, linewidth: float) -> Rectangle:
        """Draw a frame around the i-th picture."""
        height, width = self.size
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
