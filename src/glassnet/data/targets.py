"""Where the labels are: a column of the table, or a second file."""

from __future__ import annotations

__all__ = ["read_labels", "take_target", "usual_name"]

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from glassnet.data.labels import as_labels
from glassnet.data.readers import RawTable, ReadOptions, find_reader
from glassnet.data.readers.base import NAMES_OF_LABELS
from glassnet.data.wording import listed
from glassnet.errors import DataError, nearest_name


def take_target(raw: RawTable, target: str | int | None, require_labels: bool) -> RawTable:
    """Move the column of labels from X to y.

    Without `target` a column called target, label, class or y is taken, where there is one; the
    labels stay None where there is none.

    Raises
    ------
    DataError
        When `target` is given, required, and no column.
    """
    names = list(raw.X.columns) if isinstance(raw.X, pd.DataFrame) and raw.has_names else None
    n_columns = raw.X.shape[1] if raw.X.ndim == 2 else 0
    place = _usual(names) if target is None else _place(target, names, n_columns)
    if place is None:
        if target is None or not require_labels:
            return raw
        raise _unknown(raw, target, names, n_columns)
    name = names[place] if names is not None else None
    origin = f"The labels of {raw.name}" + (f" (column {name!r})" if name is not None else "")
    if isinstance(raw.X, pd.DataFrame):
        y = as_labels(raw.X.iloc[:, place], origin)
        X: Any = raw.X.drop(columns=raw.X.columns[place])
    else:
        y = as_labels(raw.X[:, place], origin)
        X = np.delete(raw.X, place, axis=1)
    features = raw.feature_names
    if features is not None:
        features = features[:place] + features[place + 1 :]
    return replace(raw, X=X, y=y, target=name, feature_names=features)


def _usual(names: list[str] | None) -> int | None:
    """Find a column that is called as labels usually are."""
    lowered = [name.strip().lower() for name in names or ()]
    return next((lowered.index(usual) for usual in NAMES_OF_LABELS if usual in lowered), None)


def usual_name(names: list[str] | None) -> str | None:
    """Return the name of the column that is called as labels usually are, None without one."""
    place = _usual(names)
    return None if place is None or names is None else names[place]


def _place(target: str | int, names: list[str] | None, n_columns: int) -> int | None:
    if names is not None and target in names:
        return names.index(str(target))
    try:
        place = int(target)
    except ValueError:
        return None
    if names is not None and isinstance(target, str):
        return None
    return place % n_columns if -n_columns <= place < n_columns else None


def _unknown(
    raw: RawTable, target: str | int, names: list[str] | None, n_columns: int
) -> DataError:
    if names is None:
        return DataError(
            f"{raw.name} has no column {target!r}: its {n_columns} columns have no names, so give "
            f"a position from 0 to {n_columns - 1} (or -1 for the last)."
        )
    near = nearest_name(str(target), names)
    return DataError(
        f"{raw.name} has no column {target!r}.{near or f' It has {listed(names, 30)}.'}"
    )


def read_labels(source: Any, n_rows: int, target: str | int | None = None) -> NDArray[Any]:
    """Read labels that are held apart from the rows: a file with one column, or an array.

    In a table of several columns `target` or a usual name says which holds the labels.

    Raises
    ------
    DataError
        When there is no single column of labels, or not `n_rows` of them.
    """
    if not isinstance(source, (str, Path)):
        y, origin = as_labels(source, "The labels"), "the labels"
    else:
        path = Path(source)
        reader, place = find_reader(path)
        raw = reader.read(place, ReadOptions(role="labels", require_labels=False))
        y, origin = _single_column(raw, target, n_rows), raw.name
    if len(y) != n_rows:
        raise DataError(
            f"There are {len(y)} labels in {origin}, but {n_rows} rows; "
            "there must be one label a row."
        )
    return y


def _single_column(raw: RawTable, target: str | int | None, n_rows: int) -> NDArray[Any]:
    origin = f"The labels in {raw.name}"
    if raw.y is not None and raw.X.ndim != 1:
        return as_labels(raw.y, origin)
    if not isinstance(raw.X, pd.DataFrame):
        return as_labels(raw.X, origin)
    if raw.X.shape[1] == 1:
        values = raw.X.iloc[:, 0]
        if not raw.has_names and len(values) == n_rows + 1 and values.dtype.kind not in "fiu":
            # Above a column of words a header looks like one more word; the count tells.
            values = values.iloc[1:]
        return as_labels(values, origin)
    found = take_target(raw, target, require_labels=target is not None)
    if found.y is None:
        raise DataError(
            f"{raw.name} has {raw.X.shape[1]} columns; give labels a file of one column, or name "
            "the column with target."
        )
    return as_labels(found.y, origin)
