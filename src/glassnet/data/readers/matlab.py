"""MATLAB's .mat files up to version 7, through SciPy."""

from __future__ import annotations

__all__ = ["MATLAB"]

import io
import math
from pathlib import Path

import scipy.io
from scipy.io.matlab import matfile_version

from glassnet.data.readers.base import RawTable, Reader, ReadOptions
from glassnet.data.readers.files import check_expanded, has_suffix, parsing, read_bytes
from glassnet.data.readers.matlab_elements import check_elements
from glassnet.data.readers.named_arrays import choose_arrays
from glassnet.errors import DataError

# Only plain arrays are read: no cells, structs or objects.
_CLASSES = frozenset(f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)) | {
    "double",
    "single",
    "logical",
}


def read(path: Path, options: ReadOptions) -> RawTable:
    """Read X and y of a .mat file; a row unrolls to a picture column by column, order "F".

    Raises
    ------
    DataError
        When the file is broken, of version 7.3, or has no X.
    """
    data = read_bytes(path)
    with parsing(path, "a MATLAB file"):
        version, _ = matfile_version(io.BytesIO(data))
        if version == 2:
            raise DataError(
                f"{path} is a MATLAB 7.3 file, which is not read; save it with -v7 instead."
            )
        if version == 1:
            check_elements(path, data)
        held = scipy.io.whosmat(io.BytesIO(data))
        if len({name for name, _, _ in held}) < len(held):
            raise ValueError("two arrays have the same name")
        shapes = {name: shape for name, shape, kind in held if kind in _CLASSES}
        if shapes and all(name.lower().startswith("theta") for name in shapes):
            raise DataError(
                f"{path} holds the weights of a net ({', '.join(shapes)}) and no data; "
                "glassnet convert makes a model file of it."
            )
        table, labels = choose_arrays(path, shapes, options)
        wanted = [name for name in (table, labels) if name is not None]
        check_expanded(path, 8 * sum(math.prod(shapes[name]) for name in wanted))
        arrays = scipy.io.loadmat(io.BytesIO(data), variable_names=wanted)
        X = arrays[table]
        y = None if labels is None else arrays[labels]
    if X.ndim in (3, 4) and y is not None and len(X) != y.size == X.shape[-1]:
        # MATLAB often keeps pictures as height x width x ... x n.
        X = X.transpose((X.ndim - 1, *range(X.ndim - 1)))
    # MATLAB has no vectors: n labels are a matrix of n x 1 or 1 x n.
    X = X.ravel() if options.role == "labels" else X
    return RawTable(X=X, y=y, name=path.name, pixel_order="F", target=labels)


MATLAB = Reader("matlab", "MATLAB up to version 7 (.mat)", has_suffix(".mat"), read)
