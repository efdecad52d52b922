"""Many small pictures as one: a sprite sheet, which the page cuts by CSS."""

from __future__ import annotations

__all__ = ["Sprite", "sprite_of"]

import base64
import io
from dataclasses import dataclass
from math import ceil, sqrt
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

_MOST_PIXELS = 3_000_000  # of a sheet: then it stays below some two megabytes in colour
_THUMB, _LARGE = 56, 160  # the longer side of a picture on the page, in CSS pixels


@dataclass(frozen=True)
class Sprite:
    """A sheet of pictures of one size.

    Attributes
    ----------
    png : bytes
        The sheet, a PNG file.
    height, width : int
        The size of one picture.
    columns : int
        Pictures a line.
    """

    png: bytes
    height: int
    width: int
    columns: int

    @property
    def base64(self) -> str:
        """The sheet as text."""
        return base64.b64encode(self.png).decode("ascii")

    @property
    def thumb(self) -> float:
        """How much a picture is enlarged among others."""
        return _scale(_THUMB, max(self.height, self.width))

    @property
    def large(self) -> float:
        """How much a picture is enlarged by itself."""
        return _scale(_LARGE, max(self.height, self.width))


def _scale(wanted: int, side: int) -> float:
    """Return a whole number where pictures are enlarged, so that their pixels are alike."""
    return max(1, round(wanted / side)) if side <= wanted else wanted / side


def sprite_of(images: npt.NDArray[np.uint8]) -> Sprite:
    """Put pictures on one sheet, in reading order.

    Parameters
    ----------
    images : ndarray (m, height, width) or (m, height, width, 3) of uint8
        The pictures; where all together would be too much for a page, they are made smaller.

    Returns
    -------
    Sprite
        The sheet. The same pictures give the same bytes.

    Examples
    --------
    >>> import numpy as np
    >>> sprite = sprite_of(np.zeros((5, 8, 8), dtype=np.uint8))
    >>> sprite.columns, sprite.height, sprite.thumb
    (3, 8, 7)
    """
    images = _reduced(images)
    m, height, width = images.shape[:3]
    columns = max(ceil(sqrt(m)), 1)
    lines = max(ceil(m / columns), 1)
    sheet = np.zeros((lines * columns, *images.shape[1:]), dtype=np.uint8)
    sheet[:m] = images
    rest = images.shape[3:]
    grid = sheet.reshape(lines, columns, height, width, *rest).swapaxes(1, 2)
    flat = np.ascontiguousarray(grid.reshape(lines * height, columns * width, *rest))
    with io.BytesIO() as stream:
        Image.fromarray(flat).save(stream, format="png", compress_level=6)
        return Sprite(stream.getvalue(), height, width, columns)


def _reduced(images: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Average blocks of pixels, until all pictures together are no more than a page can hold."""
    values: npt.NDArray[Any] = images
    while values.size > _MOST_PIXELS and min(values.shape[1:3]) >= 16:
        height, width = values.shape[1] // 2, values.shape[2] // 2
        blocks = values[:, : 2 * height, : 2 * width].reshape(
            len(values), height, 2, width, 2, *values.shape[3:]
        )
        values = blocks.mean(axis=(2, 4), dtype=np.float32).round().astype(np.uint8)
    return values
