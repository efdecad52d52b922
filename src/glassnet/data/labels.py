"""Labels as read, from whatever holds them: whole numbers or text, one a row."""

from __future__ import annotations

__all__ = ["as_labels", "check_classes", "integers_where_all_are"]

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from glassnet.errors import DataError

_INTEGER = re.compile(r"0|-?[1-9]\d{0,17}")


def as_labels(values: ArrayLike | pd.Series[Any], origin: str) -> NDArray[Any]:
    """Turn a column of labels into whole numbers (int64) or text (str objects).

    Parameters
    ----------
    values : array-like of shape (n,) or (n, 1)
        Labels: whole numbers (of any type, floats too), text, or truth values.
    origin : str
        What to call the labels in an error.

    Returns
    -------
    ndarray of shape (n,)
        int64, or str objects without blanks around them.

    Raises
    ------
    DataError
        When a label is missing, infinite, a broken number or of another kind.
    """
    if isinstance(values, pd.Series):
        values = values.to_numpy(dtype=object) if _is_boxed(values) else values.to_numpy()
    labels = np.asarray(values)
    if labels.ndim == 2 and 1 in labels.shape:
        labels = labels.ravel()
    if labels.ndim != 1:
        raise DataError(
            f"{origin} have shape {labels.shape}; there must be one label a row, "
            "a single column of whole numbers or text."
        )
    if labels.dtype.kind in "ui":
        return labels.astype(np.int64)
    if labels.dtype.kind == "b":
        return labels.astype(str).astype(object)
    if labels.dtype.kind == "f":
        return _whole_numbers(labels, origin)
    if labels.dtype.kind in "OUST":
        return _text_or_numbers(labels.astype(object), origin)
    raise DataError(f"{origin} are of type {labels.dtype}; use whole numbers or text.")


def integers_where_all_are(labels: NDArray[Any]) -> NDArray[Any]:
    """Turn text labels into int64 where each is a whole number ("0", "12"), else keep them.

    For sources that can only hold text (names of folders), so that "10" sorts after "9".
    """
    if labels.dtype == object and all(_INTEGER.fullmatch(str(label)) for label in labels):
        return labels.astype(np.int64)
    return labels


def check_classes(y: NDArray[Any], classes: NDArray[Any], name: str) -> None:
    """Refuse labels that no classifier can be trained and tested on.

    Raises
    ------
    DataError
        When there is one class only, or a class with one row.
    """
    if len(classes) < 2:
        raise DataError(
            f"All {len(y)} rows of {name} have the label {str(classes[0])!r}; "
            "at least two classes are needed to tell apart."
        )
    counts = np.unique_counts(y).counts
    alone = classes[counts == 1]
    if len(alone):
        others = f" (and {len(alone) - 1} other classes)" if len(alone) > 1 else ""
        raise DataError(
            f"Class {str(alone[0])!r} of {name} has one row only{others}; each class needs two or "
            "more, so that one can be held out. Add rows, or leave that class out."
        )


def _is_boxed(values: pd.Series[Any]) -> bool:
    return not isinstance(values.dtype, np.dtype)


def _rows_text(missing: NDArray[np.bool_]) -> str:
    rows = np.flatnonzero(missing) + 1
    shown = ", ".join(map(str, rows[:3])) + (", …" if len(rows) > 3 else "")
    return f"row {shown}" if len(rows) == 1 else f"{len(rows)} rows ({shown})"


def _refuse_missing(missing: NDArray[np.bool_], origin: str) -> None:
    if missing.any():
        raise DataError(
            f"{origin} are missing in {_rows_text(missing)}; "
            "leave such rows out or fill their labels in."
        )


def _whole_numbers(labels: NDArray[Any], origin: str) -> NDArray[Any]:
    _refuse_missing(np.isnan(labels), origin)
    broken = (labels != np.floor(labels)) | (np.abs(labels) > 2**53)
    if broken.any():
        row = int(np.flatnonzero(broken)[0])
        raise DataError(
            f"{origin} must be classes (whole numbers or text), but row {row + 1} holds "
            f"{labels[row]:g}; glassnet classifies and does not predict quantities."
        )
    return labels.astype(np.int64)


def _text_or_numbers(labels: NDArray[Any], origin: str) -> NDArray[Any]:
    values: Sequence[Any] = [
        label.decode("utf-8", "replace") if isinstance(label, bytes) else label for label in labels
    ]
    missing = np.array(
        [label is None or label is pd.NA or label != label or label == "" for label in values],
        dtype=bool,
    )
    _refuse_missing(missing, origin)
    if values and all(isinstance(v, (int, float, np.number)) and not _is_truth(v) for v in values):
        return _whole_numbers(np.array(values, dtype=np.float64), origin)
    odd = [v for v in values if not isinstance(v, (str, int, np.integer, bool, np.bool_))]
    if odd:
        raise DataError(
            f"{origin} hold {str(odd[0])[:40]!r} of type {type(odd[0]).__name__}; "
            "use whole numbers or text, and one kind only."
        )
    text = np.empty(len(values), dtype=object)
    text[:] = [str(value).strip() for value in values]
    return text


def _is_truth(value: object) -> bool:
    return isinstance(value, (bool, np.bool_))
