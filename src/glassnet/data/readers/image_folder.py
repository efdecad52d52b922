"""A folder of images with one subfolder a label, through Pillow."""

from __future__ import annotations

__all__ = ["IMAGE_FOLDER"]

import warnings
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from glassnet.data.labels import integers_where_all_are
from glassnet.data.readers.base import RawTable, Reader, ReadOptions
from glassnet.data.readers.files import check_expanded, parsing
from glassnet.errors import DataError

_SUFFIXES = frozenset(
    (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".webp", ".pgm", ".ppm")
)
_FORMATS = ("PNG", "JPEG", "BMP", "GIF", "TIFF", "WEBP", "PPM")
_GREY = frozenset(("1", "L", "LA", "I", "F", "I;16", "I;16B", "I;16L"))
_DEEP = frozenset(("I", "F", "I;16", "I;16B", "I;16L"))
# A row has a column a pixel: beyond this no net of ours makes sense of it.
_PIXEL_LIMIT = 2**20


def accepts(source: Any) -> bool:
    """Whether the source is a folder."""
    return isinstance(source, Path) and source.is_dir()


def read(folder: Path, options: ReadOptions) -> RawTable:
    """Read all images of one size; grey ones have one channel, else red, green and blue.

    Labels are the names of the subfolders, whole numbers where all are. Without subfolders the
    images in the folder itself are read where labels are not required.

    Raises
    ------
    DataError
        When there are no subfolders or images, sizes differ (names the first), or an image is
        broken or huge.
    """
    with parsing(folder, "a folder of images"):
        labels, paths = _listing(folder, options)
    size, channels, deep = _common_shape(paths)
    check_expanded(folder, len(paths) * size[0] * size[1] * channels * (4 if deep else 1))
    shape = (len(paths), size[1], size[0]) + ((3,) if channels == 3 else ())
    X = np.empty(shape, dtype=np.float32 if deep else np.uint8)
    for row, path in enumerate(paths):
        with parsing(path, "an image"), Image.open(path, formats=_FORMATS) as image:
            # The size was read from the header; the decoded image must have it too.
            X[row] = _pixels(image, channels, deep)
    y = np.array(labels, dtype=object)
    return RawTable(X=X, y=integers_where_all_are(y) if labels else None, name=folder.name)


def _listing(folder: Path, options: ReadOptions) -> tuple[list[str], list[Path]]:
    """Give the label and path of each image; no labels for images in the folder itself."""
    subfolders = sorted(p for p in folder.iterdir() if p.is_dir() and not p.name.startswith("."))
    found = [(sub.name, path) for sub in subfolders for path in _images(sub)]
    if found:
        return [label for label, _ in found], [path for _, path in found]
    direct = [] if options.require_labels else _images(folder)
    if direct:
        return [], direct
    if not subfolders:
        raise DataError(
            f"{folder} has no subfolders; put the images of each label into a subfolder that is "
            "called like the label."
        )
    raise DataError(
        f"The subfolders of {folder} ({', '.join(p.name for p in subfolders[:3])}…) hold no "
        "images; give the folder whose subfolders are the labels."
    )


def _images(folder: Path) -> list[Path]:
    return sorted(
        path
        for path in folder.iterdir()
        if path.suffix.lower() in _SUFFIXES and not path.name.startswith(".") and path.is_file()
    )


def _common_shape(paths: list[Path]) -> tuple[tuple[int, int], int, bool]:
    """Read width and height, channels, and whether any has more than 8 bits, off the headers."""
    size: tuple[int, int] | None = None
    channels, deep = 1, False
    for path in paths:
        found, mode = _header(path)
        size = size or found
        if found != size:
            raise DataError(
                f"{path} is {found[1]}x{found[0]} pixels, but {paths[0].name} is "
                f"{size[1]}x{size[0]}; all images must have the same size."
            )
        channels = channels if mode in _GREY else 3
        deep = deep or mode in _DEEP
    if size is None:
        raise DataError("There are no images to read.")
    return size, channels, deep and channels == 1


def _header(path: Path) -> tuple[tuple[int, int], str]:
    with parsing(path, "an image"), warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        with Image.open(path, formats=_FORMATS) as image:
            size, mode = image.size, image.mode
    if size[0] * size[1] > _PIXEL_LIMIT:
        raise DataError(
            f"{path} has {size[1]}x{size[0]} pixels, more than the {_PIXEL_LIMIT} that an image "
            "may have here; make the images smaller."
        )
    return size, mode


def _pixels(image: Image.Image, channels: int, deep: bool) -> NDArray[Any]:
    if channels == 3:
        # Through RGBA, since palettes may have transparent colours.
        return np.asarray((image.convert("RGBA") if image.mode == "P" else image).convert("RGB"))
    return np.asarray(image if deep and image.mode in _DEEP else image.convert("L"))


IMAGE_FOLDER = Reader(
    "image_folder", "a folder of images with one subfolder a label", accepts, read
)
