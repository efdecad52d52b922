"""From any source to a `Dataset`: read it, find the labels, sort out columns and pictures."""

from __future__ import annotations

__all__ = ["load_dataset"]

import warnings
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from glassnet.data.columns import as_table, check_finite
from glassnet.data.dataset import Dataset, are_generated, generated_names
from glassnet.data.image_shape import ImageShape, as_image_shape
from glassnet.data.labels import as_labels, check_classes
from glassnet.data.readers import RawTable, ReadOptions, find_reader
from glassnet.data.targets import read_labels, take_target, usual_name
from glassnet.data.wording import listed
from glassnet.errors import DataError


def load_dataset(
    source: Any,
    *,
    target: str | int | None = None,
    labels: Any = None,
    header: bool | None = None,
    image_shape: str | ImageShape | tuple[int, ...] | None = None,
    pixel_order: str | None = None,
    class_names: Sequence[str] | str | None = None,
    drop: Sequence[str] | str | None = None,
    require_labels: bool = True,
) -> Dataset:
    """Read rows and labels from a file, a folder, a name, or Python objects.

    Parameters
    ----------
    source : str, path, array, (X, y), data frame or Dataset
        A file: CSV/TSV (.gz too), Parquet, MATLAB .mat, .npz, .npy, IDX. A folder of images with
        one subfolder a label. A name: digits, iris, wine, breast_cancer (write ./digits for a
        folder of that name), or openml:NAME. Arrays, a pair (X, y), pandas and polars frames. A
        Dataset is given back, with the options for pictures and names applied.
    target : str or int, default=None
        The column with the labels: a name, or a position from 0 (from the end where negative)
        where columns have no names. By default a column called target, label, class or y. In a
        file of named arrays, the array with the labels.
    labels : str, path or array-like of shape (n,), default=None
        Labels held elsewhere: in a second file, or an array.
    header : bool, default=None
        Whether the first line of a text file names the columns. By default the file is looked at.
    image_shape : str, tuple or ImageShape, default=None
        Height x width of the picture that a row unrolls to, such as "20x20" or (28, 28, 3).
    pixel_order : {"C", "F"}, default=None
        Whether rows hold pictures row by row ("C") or column by column ("F"). By default "F" for
        .mat files and "C" elsewhere.
    class_names : sequence of str or str, default=None
        What to call the classes, in the order of the sorted labels; text is cut at commas.
    drop : sequence of str or str, default=None
        Names of columns to leave out; text is cut at commas.
    require_labels : bool, default=True
        Whether there must be labels fit for training: two classes or more, with two rows each.
        With False, y is None where no labels are found.

    Returns
    -------
    Dataset

    Raises
    ------
    DataError
        When the source cannot be read or its parts do not fit; the text says what to mend.

    Examples
    --------
    >>> data = load_dataset("digits")
    >>> data.X.shape, str(data.image), data.class_names[:3]
    ((1797, 64), '8x8', ('0', '1', '2'))
    """
    if isinstance(source, Dataset):
        dataset = _redescribed(source, image_shape, pixel_order)
    else:
        reader, place = find_reader(source)
        raw = reader.read(place, ReadOptions(target, header, require_labels=require_labels))
        if labels is not None:
            _warn_of_a_second_label(raw, labels, () if drop is None else _names(drop))
        raw = _with_labels(raw, target, labels, require_labels)
        dataset = _dataset(raw, image_shape, pixel_order)
    if drop is not None:
        dataset = dataset.without(_names(drop))
    if class_names is not None:
        dataset = replace(dataset, class_names=_names(class_names))
    if require_labels:
        if dataset.y is None:
            raise _no_labels(dataset)
        check_classes(dataset.y, dataset.classes, dataset.name)
    return dataset


def _with_labels(
    raw: RawTable, target: str | int | None, labels: Any, require_labels: bool
) -> RawTable:
    """Put the labels into `raw.y`, from the second source, the source itself, or a column."""
    if labels is not None:
        return replace(raw, y=read_labels(labels, len(raw.X), target), target=None)
    if raw.y is not None:
        if target is not None and raw.target is None and require_labels:
            raise DataError(
                f"{raw.name} has labels of its own, so target={target!r} says nothing; "
                "leave it out."
            )
        return replace(raw, y=as_labels(raw.y, f"The labels of {raw.name}"))
    return take_target(raw, target, require_labels)


def _warn_of_a_second_label(raw: RawTable, labels: Any, dropped: Sequence[str]) -> None:
    """Say so where a column is called as labels are, but the labels come from elsewhere."""
    column = usual_name([*raw.X.columns] if isinstance(raw.X, pd.DataFrame) else None)
    if column is not None and raw.has_names and column not in dropped:
        where = labels if isinstance(labels, str) else "elsewhere"
        warnings.warn(
            f"The labels come from {where}, so {raw.name}'s own column {column!r} is used as a "
            f"feature. If it gives the label away, leave it out with drop {column}.",
            stacklevel=3,
        )


def _dataset(
    raw: RawTable,
    image_shape: str | ImageShape | tuple[int, ...] | None,
    pixel_order: str | None,
) -> Dataset:
    X, image = _rows_of_pixels(raw)
    if len(X) == 0 or X.shape[1] == 0:
        raise DataError(f"{raw.name} has shape {X.shape}: no values to learn from.")
    if raw.y is not None and len(raw.y) != len(X):
        raise DataError(
            f"There are {len(raw.y)} labels for the {len(X)} rows of {raw.name}; "
            "there must be one label a row."
        )
    if image_shape is not None:
        image = as_image_shape(image_shape, pixel_order or _order(image_shape, raw))
        image.check_columns(X.shape[1])
    elif pixel_order is not None:
        if image is None:
            raise DataError(
                f"Pixel order {pixel_order!r} says nothing without the shape of the pictures; "
                "give image_shape too, such as 20x20."
            )
        image = as_image_shape(image, pixel_order)
    names = raw.feature_names or generated_names(X.shape[1])
    if isinstance(X, pd.DataFrame):
        names = tuple(X.columns) if raw.has_names else generated_names(X.shape[1])
        X = as_table(X.set_axis(list(names), axis=1), raw.name)
    else:
        X = _floats(X, names, raw.name)
    if image is not None:
        _check_pixels(X, names, raw.name)
    return Dataset.from_arrays(
        X,
        raw.y,
        feature_names=names,
        class_names=_own_names(raw),
        image=image,
        name=raw.name,
        target=raw.target,
    )


def _order(image_shape: object, raw: RawTable) -> str | None:
    return None if isinstance(image_shape, ImageShape) else raw.pixel_order


def _rows_of_pixels(raw: RawTable) -> tuple[NDArray[Any] | pd.DataFrame, ImageShape | None]:
    """Unroll pictures (n, h, w[, 3]) to rows (n, d), row by row; other X stay."""
    X = raw.X
    if isinstance(X, pd.DataFrame) or X.ndim == 2:
        return X, None
    channels = X.shape[3] if X.ndim == 4 else 1
    if X.ndim not in (3, 4) or channels not in (1, 3):
        raise DataError(
            f"{raw.name} has shape {X.shape}; rows (n, d) or pictures (n, h, w) or (n, h, w, 3) "
            "are needed."
        )
    if X.size == 0:
        raise DataError(f"{raw.name} has shape {X.shape}: no values to learn from.")
    image = ImageShape(X.shape[1], X.shape[2], channels)
    return X.reshape(len(X), image.n_pixels), image


def _floats(X: NDArray[Any], names: Sequence[str], name: str) -> NDArray[Any] | pd.DataFrame:
    """Give float32 where that is exact (small integers, halves), else float64."""
    if X.dtype.kind not in "fiub":
        raise DataError(f"{name} holds values of type {X.dtype}; numbers are needed.")
    small = X.dtype.kind != "f" and X.dtype.itemsize <= 2
    dtype = np.float32 if small or X.dtype in (np.float16, np.float32) else np.float64
    values = np.ascontiguousarray(X, dtype=dtype)
    check_finite(values, names, name, missing_too=False)
    if values.dtype.kind == "f" and np.isnan(values).any():
        return pd.DataFrame(values.astype(np.float64), columns=list(names))
    return values


def _check_pixels(X: NDArray[Any] | pd.DataFrame, names: Sequence[str], name: str) -> None:
    """Images have no text, and no missing pixels: nothing sensible can stand in for one."""
    if not isinstance(X, pd.DataFrame):
        return
    text = [column for column in X.columns if X[column].dtype == object]
    if text:
        raise DataError(f"{name} has text in column {text[0]!r}; rows of images hold numbers only.")
    check_finite(X.to_numpy(dtype=np.float64), names, name)


def _own_names(raw: RawTable) -> tuple[str, ...] | None:
    if raw.label_names is None or raw.y is None:
        return None
    # Names belong to the source's own labels; labels given on top have their own.
    return raw.label_names if len(np.unique(raw.y)) == len(raw.label_names) else None


def _names(class_names: Sequence[str] | str) -> tuple[str, ...]:
    if isinstance(class_names, str):
        class_names = class_names.split(",")
    return tuple(str(name).strip() for name in class_names)


def _redescribed(
    dataset: Dataset,
    image_shape: str | ImageShape | tuple[int, ...] | None,
    pixel_order: str | None,
) -> Dataset:
    """Apply the options for pictures to a data set that is already read."""
    if image_shape is None and pixel_order is None:
        return dataset
    shape = image_shape if image_shape is not None else dataset.image
    if shape is None:
        raise DataError(
            f"Pixel order {pixel_order!r} says nothing without the shape of the pictures; "
            "give image_shape too, such as 20x20."
        )
    return replace(dataset, image=as_image_shape(shape, pixel_order))


def _no_labels(dataset: Dataset) -> DataError:
    if are_generated(dataset.feature_names):
        return DataError(
            f"{dataset.name} has no labels. Name the file that holds them with labels; or, if one "
            f"of its {dataset.n_columns} columns does, its position with target (0 is the first, "
            "-1 the last)."
        )
    return DataError(
        f"{dataset.name} has no labels. Name the column that holds them with target (columns: "
        f"{listed(dataset.feature_names, 30)}), or the file that holds them with labels."
    )
