"""NumPy's .npy: one array."""

from __future__ import annotations

__all__ = ["NPY", "NumpyHeader", "check_size", "read_header"]

import math
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np

from glassnet.data.readers.base import RawTable, Reader, ReadOptions
from glassnet.data.readers.files import has_suffix, parsing, regular_file
from glassnet.errors import DataError


@dataclass(frozen=True)
class NumpyHeader:
    """What the header of an .npy file says: shape, type, and the bytes that it takes itself."""

    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    n_bytes: int


def read_header(file: IO[bytes]) -> NumpyHeader:
    """Read the header alone, so that sizes can be checked before anything is allocated.

    Raises
    ------
    ValueError
        When it is no .npy header.
    """
    version = np.lib.format.read_magic(file)
    if version == (1, 0):
        shape, _, dtype = np.lib.format.read_array_header_1_0(file)
    elif version == (2, 0):
        shape, _, dtype = np.lib.format.read_array_header_2_0(file)
    else:
        raise ValueError(f"version {version} of .npy is unknown")
    return NumpyHeader(tuple(shape), dtype, file.tell())


def check_size(path: Path, header: NumpyHeader, n_bytes: int) -> None:
    """Raise a DataError when the array does not take the `n_bytes` that there are."""
    needed = header.n_bytes + math.prod(header.shape) * header.dtype.itemsize
    if any(size < 0 for size in header.shape) or needed != n_bytes:
        raise DataError(
            f"{path} is truncated or broken: an array of shape {header.shape} needs {needed} "
            f"bytes, but there are {n_bytes}."
        )


def read(path: Path, options: ReadOptions) -> RawTable:
    """Read an .npy file: X (n, d) or (n, h, w[, 3]), or labels (n,).

    Raises
    ------
    DataError
        When the file is broken, or holds objects: these are never unpickled.
    """
    n_bytes = regular_file(path)
    with parsing(path, ".npy"):
        with path.open("rb") as file:
            header = read_header(file)
        if header.dtype.hasobject:
            raise DataError(
                f"{path} holds pickled objects, which are not read: they run code. "
                "Save numbers or text of one type."
            )
        check_size(path, header, n_bytes)
        X = np.load(path, allow_pickle=False)
    return RawTable(X=X, name=path.name)


NPY = Reader("npy", "a NumPy array (.npy)", has_suffix(".npy"), read)
