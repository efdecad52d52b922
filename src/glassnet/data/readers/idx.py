"""IDX, the format of MNIST: a header of sizes, then the bytes; plain or gzip."""

from __future__ import annotations

__all__ = ["IDX"]

import math
import re
import struct
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.data.readers.base import RawTable, Reader, ReadOptions
from glassnet.data.readers.files import read_bytes
from glassnet.errors import DataError

_NAME = re.compile(r".*(idx\d?[-.]u?byte|\.idx\d?)(\.gz)?", re.IGNORECASE)
# The type's code in the third byte; numbers are big-endian.
_TYPES = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}


def accepts(source: Any) -> bool:
    """Whether a path is named as IDX files are: train-images-idx3-ubyte, x.idx, with .gz or not."""
    return isinstance(source, Path) and _NAME.fullmatch(source.name) is not None


def read(path: Path, options: ReadOptions) -> RawTable:
    """Read an IDX file; its labels are found beside it by MNIST's naming.

    For `train-images-idx3-ubyte` that is `train-labels-idx1-ubyte`, with .gz or without.

    Raises
    ------
    DataError
        When the header is foreign, or says other sizes than the file has.
    """
    X = _array(path)
    beside = _labels_beside(path) if options.role == "table" else None
    y = None if beside is None else _array(beside)
    return RawTable(X=X, y=y, name=path.name)


def _array(path: Path) -> NDArray[Any]:
    data = read_bytes(path)
    dtype = _TYPES.get(data[2]) if len(data) >= 4 and data[:2] == b"\0\0" else None
    if dtype is None or not 1 <= data[3] <= 4 or len(data) < 4 + 4 * data[3]:
        raise DataError(f"{path} does not start like an IDX file; it is truncated or foreign.")
    ndim = data[3]
    shape = struct.unpack_from(f">{ndim}I", data, 4)
    start = 4 + 4 * ndim
    needed = start + math.prod(shape) * np.dtype(dtype).itemsize
    if needed != len(data):
        raise DataError(
            f"{path} is truncated or broken: its header says {'x'.join(map(str, shape))}, "
            f"{needed} bytes, but there are {len(data)}."
        )
    values = np.frombuffer(data, dtype=dtype, offset=start).reshape(shape)
    return values.astype(np.dtype(dtype).newbyteorder("="))


def _labels_beside(path: Path) -> Path | None:
    name = path.name.replace("images", "labels").replace("idx3", "idx1")
    plain = name.removesuffix(".gz")
    if name == path.name:
        return None
    beside = (path.with_name(candidate) for candidate in (name, plain, f"{plain}.gz"))
    return next((candidate for candidate in beside if candidate.is_file()), None)


IDX = Reader("idx", "IDX (train-images-idx3-ubyte, .idx; .gz too)", accepts, read)
