"""NumPy's .npz: several named arrays in a zip file."""

from __future__ import annotations

__all__ = ["NPZ"]

import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from glassnet.data.dataset import generated_names
from glassnet.data.labels import as_labels, integers_where_all_are
from glassnet.data.readers.base import RawTable, Reader, ReadOptions
from glassnet.data.readers.files import check_expanded, has_suffix, parsing, regular_file
from glassnet.data.readers.named_arrays import choose_arrays
from glassnet.data.readers.npy import NumpyHeader, check_size, read_header
from glassnet.errors import DataError


def read(path: Path, options: ReadOptions) -> RawTable:
    """Read X and y of an .npz file.

    X and y, or X_train and y_train (a test part beside them is not read, and the name says so),
    or data/images and labels. Where there are `classes`, y may hold positions in them; columns
    that `cat_mask` marks are categories and become text; `feature_names` name the columns.

    Raises
    ------
    DataError
        When the file is broken, holds objects (never unpickled), no X, or sizes that do not fit.
    """
    regular_file(path)
    with parsing(path, ".npz"):
        headers = _headers(path)
        shapes = {name: header.shape for name, header in headers.items()}
        data, labels = choose_arrays(path, shapes, options)
        wanted = {data, labels, "classes", "cat_mask", "feature_names"} & set(headers)
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in wanted}
    X: Any = arrays[data]
    if options.role == "labels":
        return RawTable(X=_decoded(X, arrays.get("classes")), name=path.name)
    y = None if labels is None else _decoded(arrays[labels], arrays.get("classes"))
    names = _feature_names(path, arrays.get("feature_names"), X)
    mask = arrays.get("cat_mask")
    if mask is not None and X.ndim == 2 and mask.shape == (X.shape[1],) and mask.any():
        X = _with_categories(X, mask.astype(bool), names or generated_names(X.shape[1]))
    name = f"{path.name} (training rows)" if data.lower() == "x_train" else path.name
    return RawTable(X=X, y=y, name=name, feature_names=names, target=labels)


def _headers(path: Path) -> dict[str, NumpyHeader]:
    """Read the headers of all arrays without objects, and check that their bytes are there."""
    headers: dict[str, NumpyHeader] = {}
    with zipfile.ZipFile(path) as archive:
        members = [info for info in archive.infolist() if info.filename.endswith(".npy")]
        if not members:
            raise DataError(f"{path} holds no arrays.")
        expanded = [info.file_size for info in members if info.compress_type != zipfile.ZIP_STORED]
        check_expanded(path, sum(expanded))
        for info in members:
            with archive.open(info) as file:
                header = read_header(file)
            if header.dtype.hasobject:
                continue
            check_size(path, header, info.file_size)
            headers[info.filename.removesuffix(".npy")] = header
    if not headers:
        raise DataError(f"{path} holds only pickled objects, which are not read: they run code.")
    return headers


def _decoded(y: NDArray[Any], classes: NDArray[Any] | None) -> NDArray[Any]:
    """Look up the classes that y counts through; numbers that are classes themselves stay."""
    if classes is None or classes.ndim != 1 or y.dtype.kind not in "ui" or y.size == 0:
        return y
    own = classes.dtype.kind in "ui" and bool(np.isin(y, classes).all())
    if own or y.min() < 0 or y.max() >= len(classes):
        return y
    return integers_where_all_are(as_labels(classes, "Classes"))[y.ravel()]


def _feature_names(path: Path, names: NDArray[Any] | None, X: Any) -> tuple[str, ...] | None:
    if names is None or X.ndim != 2:
        return None
    if names.shape != (X.shape[1],) or len(set(names.tolist())) != len(names):
        raise DataError(
            f"{path}: feature_names must be {X.shape[1]} different names, one for each column."
        )
    return tuple(map(str, names.tolist()))


def _with_categories(
    X: NDArray[Any], mask: NDArray[np.bool_], names: tuple[str, ...]
) -> pd.DataFrame:
    """Make text of the columns that hold codes of categories; codes have no order."""
    columns: dict[str, Any] = {}
    for name, is_category, values in zip(names, mask.tolist(), X.T, strict=True):
        if not is_category:
            columns[name] = values.astype(np.float64)
            continue
        known = ~np.isnan(values.astype(np.float64))
        text = np.full(len(values), np.nan, dtype=object)
        text[known] = [f"{code:g}" for code in values[known].tolist()]
        columns[name] = text
    return pd.DataFrame(columns)


NPZ = Reader("npz", "NumPy arrays (.npz)", has_suffix(".npz"), read)
