"""Readers: one kind of source, one file, registered here.

A new reader is a `Reader` in a file of its own and its name in `READERS`; the first that accepts a
source reads it. Files are taken for hostile: sizes are checked before memory is taken, nothing is
unpickled or evaluated, and what a parser raises becomes a DataError.
"""

from __future__ import annotations

__all__ = ["BUILTIN_NAMES", "READERS", "RawTable", "ReadOptions", "Reader", "find_reader"]

from pathlib import Path
from typing import Any

from glassnet.data.readers.arrays import ARRAYS
from glassnet.data.readers.base import RawTable, Reader, ReadOptions
from glassnet.data.readers.builtin import BUILTIN, BUILTIN_NAMES
from glassnet.data.readers.delimited import DELIMITED
from glassnet.data.readers.files import missing_file
from glassnet.data.readers.frame import FRAME
from glassnet.data.readers.idx import IDX
from glassnet.data.readers.image_folder import IMAGE_FOLDER
from glassnet.data.readers.matlab import MATLAB
from glassnet.data.readers.npy import NPY
from glassnet.data.readers.npz import NPZ
from glassnet.data.readers.openml import OPENML
from glassnet.data.readers.parquet import PARQUET
from glassnet.errors import DataError

READERS: tuple[Reader, ...] = (
    BUILTIN,
    OPENML,
    IMAGE_FOLDER,
    DELIMITED,
    PARQUET,
    MATLAB,
    NPZ,
    NPY,
    IDX,
    FRAME,
    ARRAYS,
)


def find_reader(source: Any) -> tuple[Reader, Any]:
    """Give the reader for a source, and the source as that reader wants it.

    Text that is no name of a data set is a path.

    Raises
    ------
    DataError
        When no reader accepts the source, or there is no such file.
    """
    if isinstance(source, str) and not source.strip():
        raise DataError(
            "The name of the data is empty; give a file, a folder (. is this one), or digits."
        )
    reader = next((reader for reader in READERS if reader.accepts(source)), None)
    if reader is not None:
        return reader, source
    if not isinstance(source, (str, Path)):
        raise DataError(f"Data cannot be read from a {type(source).__name__}; give {_all_kinds()}.")
    path = Path(source).expanduser()
    reader = next((reader for reader in READERS if reader.accepts(path)), None)
    if reader is not None:
        return reader, path
    if not path.exists():
        raise missing_file(path, BUILTIN_NAMES)
    raise DataError(
        f"{path} is of no kind that is read (by its suffix {path.suffix!r}); give {_all_kinds()}."
    )


def _all_kinds() -> str:
    *kinds, last = (reader.what for reader in READERS)
    return f"{'; '.join(kinds)}; or {last}"
