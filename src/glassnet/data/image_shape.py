"""How a row of pixels unrolls to a picture."""

from __future__ import annotations

__all__ = ["ImageShape", "PixelOrder"]

import re
from dataclasses import dataclass
from math import isqrt
from typing import Any, Literal, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

from glassnet.errors import DataError

PixelOrder = Literal["C", "F"]

_SHAPE = re.compile(r"(\d{1,6})\s*[x×,]\s*(\d{1,6})(?:\s*[x×,]\s*(\d{1,2}))?", re.IGNORECASE)


@dataclass(frozen=True)
class ImageShape:
    """The shape of the picture that each row of X unrolls to.

    Parameters
    ----------
    height, width : int
        Pixels in a column and in a row of the picture.
    channels : {1, 3}, default=1
        1 for grey, 3 for red, green and blue.
    pixel_order : {"C", "F"}, default="C"
        "C": a row of X holds the picture row by row (the last index runs fastest); "F": column by
        column (the first index runs fastest), as MATLAB unrolls.

    Raises
    ------
    DataError
        For sizes that are not positive, or another number of channels or pixel order.

    Examples
    --------
    >>> import numpy as np
    >>> ImageShape(2, 3, pixel_order="F").to_images(np.arange(6))
    array([[0, 2, 4],
           [1, 3, 5]])
    """

    height: int
    width: int
    channels: int = 1
    pixel_order: PixelOrder = "C"

    def __post_init__(self) -> None:
        if self.height < 1 or self.width < 1 or self.channels not in (1, 3):
            raise DataError(
                f"An image shape of {self} cannot be used: height and width must be positive, "
                "channels 1 (grey) or 3 (red, green, blue)."
            )
        if self.pixel_order not in ("C", "F"):
            raise DataError(
                f"Pixel order {self.pixel_order!r} is unknown: use 'C' (row by row) or "
                "'F' (column by column)."
            )

    @classmethod
    def parse(cls, text: str, pixel_order: PixelOrder = "C") -> ImageShape:
        """Read a shape such as ``"20x20"`` or ``"28x28x3"`` (height x width x channels).

        Raises
        ------
        DataError
            When the text is no shape.

        Examples
        --------
        >>> ImageShape.parse("28x20", pixel_order="F")
        ImageShape(height=28, width=20, channels=1, pixel_order='F')
        """
        match = _SHAPE.fullmatch(text.strip())
        if match is None:
            raise DataError(
                f"Image shape {text!r} is not understood: write height x width, such as 20x20, "
                "or 28x28x3 for colour."
            )
        height, width, channels = match.groups(default="1")
        return cls(int(height), int(width), int(channels), pixel_order)

    @property
    def n_pixels(self) -> int:
        """Columns of X that one picture takes: height * width * channels."""
        return self.height * self.width * self.channels

    def to_images(self, X: ArrayLike) -> NDArray[Any]:
        """Roll rows up to pictures.

        Parameters
        ----------
        X : array-like of shape (n, d) or (d,)
            Rows of pixels, d being `n_pixels`.

        Returns
        -------
        ndarray of shape (n, height, width) or (n, height, width, 3)
            Without the first axis where `X` is a single row.

        Raises
        ------
        DataError
            When d is not `n_pixels`.
        """
        rows = np.asarray(X)
        self.check_columns(rows.shape[-1] if rows.ndim else 1)
        shape = (self.height, self.width) + ((3,) if self.channels == 3 else ())
        lead = rows.shape[:-1]
        if self.pixel_order == "C":
            return rows.reshape(lead + shape)
        axes = tuple(range(len(lead)))
        turned = tuple(len(lead) + axis for axis in reversed(range(len(shape))))
        return rows.reshape(lead + shape[::-1]).transpose(axes + turned)

    def to_rows(self, images: ArrayLike) -> NDArray[Any]:
        """Unroll pictures (n, height, width[, 3]) to rows (n, d): the inverse of `to_images`.

        Raises
        ------
        DataError
            When the pictures have another shape.
        """
        pictures = np.asarray(images)
        shape = (self.height, self.width) + ((3,) if self.channels == 3 else ())
        if pictures.shape[1:] != shape:
            found = "x".join(map(str, pictures.shape[1:]))
            raise DataError(f"Pictures of {found} pixels were given where {self} are expected.")
        if self.pixel_order == "F":
            pictures = pictures.transpose((0, *reversed(range(1, pictures.ndim))))
        return pictures.reshape(len(pictures), self.n_pixels)

    def check_columns(self, d: int) -> None:
        """Raise a DataError that names near shapes when rows of `d` columns are not this shape."""
        if d == self.n_pixels:
            return
        near = _shapes_of(d)
        raise DataError(
            f"Image shape {self} needs {self.n_pixels} columns, but the rows have {d}"
            + (f": {' or '.join(near)} would fit." if near else ".")
        )

    def __str__(self) -> str:
        """Return the shape as `parse` reads it."""
        text = f"{self.height}x{self.width}"
        return text if self.channels == 1 else f"{text}x{self.channels}"


def _shapes_of(d: int, limit: int = 3) -> list[str]:
    """Name the picture shapes with `d` pixels, the most nearly square first."""
    near: list[tuple[float, str]] = []
    for channels in (1, 3):
        pixels, rest = divmod(d, channels)
        if rest:
            continue
        for height in range(max(isqrt(pixels) - 200, 1), isqrt(pixels) + 1):
            if pixels % height == 0 and pixels // height <= 4 * height:
                width = pixels // height
                near.append((width / height, str(ImageShape(height, width, channels))))
    return [text for _, text in sorted(near, key=lambda pair: pair[0])[:limit]]


def as_image_shape(
    shape: str | ImageShape | tuple[int, ...], pixel_order: str | None
) -> ImageShape:
    """Read the option `image_shape`, with `pixel_order` on top where it is given."""
    order = cast(PixelOrder, pixel_order or "C")
    if isinstance(shape, ImageShape):
        return ImageShape(
            shape.height,
            shape.width,
            shape.channels,
            shape.pixel_order if pixel_order is None else order,
        )
    if isinstance(shape, str):
        return ImageShape.parse(shape, order)
    if len(shape) not in (2, 3) or not all(isinstance(size, (int, np.integer)) for size in shape):
        raise DataError(
            f"Image shape {shape!r} is not understood: give (height, width) or "
            "(height, width, channels) as whole numbers."
        )
    height, width, *channels = (int(size) for size in shape)
    return ImageShape(height, width, channels[0] if channels else 1, order)
