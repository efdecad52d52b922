"""Find X and y among the named arrays of a file (.npz, .mat)."""

from __future__ import annotations

__all__ = ["choose_arrays"]

from collections.abc import Mapping
from pathlib import Path

from glassnet.data.readers.base import NAMES_OF_DATA, NAMES_OF_LABELS, ReadOptions
from glassnet.errors import DataError, nearest_name

Shape = tuple[int, ...]


def choose_arrays(
    path: Path, shapes: Mapping[str, Shape], options: ReadOptions
) -> tuple[str, str | None]:
    """Say which array holds the data and which the labels.

    Parameters
    ----------
    path : Path
        The file, for errors.
    shapes : mapping of str to tuple of int
        The arrays of numbers or text in the file.
    options : ReadOptions
        `target` names the array of labels.

    Returns
    -------
    data : str
        With role "labels" the array of labels.
    labels : str or None
        The array with the labels, where there is one.

    Raises
    ------
    DataError
        When no array, or no single one, can be meant.
    """
    labels = _labels(path, shapes, options)
    if options.role == "labels":
        if labels is not None:
            return labels, None
        columns = [name for name, shape in shapes.items() if _is_column(shape)]
        if len(columns) == 1:
            return columns[0], None
        raise DataError(f"{path} has no array of labels called y; it holds {_listed(shapes)}.")
    named = [name for name in NAMES_OF_DATA if name in shapes and name != labels]
    tables = [
        name for name, shape in shapes.items() if not _is_column(shape) and len(shape) in (2, 3, 4)
    ]
    if not named and len(tables) != 1:
        raise DataError(
            f"{path} has no array called X{' and more than one table' if tables else ''}; "
            f"it holds {_listed(shapes)}. Name them X and y."
        )
    data = named[0] if named else tables[0]
    if labels is None and not named:
        columns = [name for name, shape in shapes.items() if _is_column(shape)]
        labels = columns[0] if len(columns) == 1 else None
    return data, labels


def _labels(path: Path, shapes: Mapping[str, Shape], options: ReadOptions) -> str | None:
    if options.target is not None and options.role == "table":
        target = str(options.target)
        if target in shapes:
            return target
        if not options.require_labels:
            return None
        raise DataError(
            f"{path} has no array called {target!r}; it holds {_listed(shapes)}."
            f"{nearest_name(target, shapes)}"
        )
    # Labels go with the data of the same part: y_train with X_train.
    parts = ("y", "Y") if "X" in shapes or "x" in shapes else ("y_train", "Y_train", "y", "Y")
    return next((name for name in (*parts, *NAMES_OF_LABELS, "y_train") if name in shapes), None)


def _is_column(shape: Shape) -> bool:
    return len(shape) == 1 or (len(shape) == 2 and min(shape) == 1)


def _listed(shapes: Mapping[str, Shape]) -> str:
    if not shapes:
        return "no arrays of numbers"
    parts = [f"{name} ({'x'.join(map(str, shape))})" for name, shape in shapes.items()]
    return ", ".join(parts[:8]) + (", …" if len(parts) > 8 else "")
