"""Columns of any kind to the two kinds glassnet knows: numbers (float64) and text (str)."""

from __future__ import annotations

__all__ = ["as_table", "check_finite", "text_or_numbers"]

from collections.abc import Sequence
from decimal import Decimal
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from glassnet.errors import DataError


def as_table(frame: pd.DataFrame, origin: str) -> NDArray[np.float64] | pd.DataFrame:
    """Turn a frame of any columns into X of a Dataset.

    Returns
    -------
    ndarray of shape (n, d) or DataFrame
        An array of float64 where every cell is a number; else a DataFrame of float64 columns
        (NaN where missing) and text columns (str objects, NaN where missing).

    Raises
    ------
    DataError
        For infinite numbers, and columns that are neither numbers nor text.
    """
    table = text_or_numbers(frame, origin)
    if all(dtype == np.float64 for dtype in table.dtypes):
        numbers = table.to_numpy(dtype=np.float64)
        if not np.isnan(numbers).any():
            return np.ascontiguousarray(numbers)
    return table.reset_index(drop=True)


def text_or_numbers(frame: pd.DataFrame, origin: str) -> pd.DataFrame:
    """Turn each column into float64 or str objects; see `as_table`."""
    if all(dtype == np.float64 for dtype in frame.dtypes):
        table = frame
    else:
        table = pd.DataFrame(
            {name: _column(frame[name], f"Column {str(name)!r} of {origin}") for name in frame},
            index=frame.index,
        )
    numbers = table.select_dtypes("float64")
    check_finite(numbers.to_numpy(), tuple(map(str, numbers.columns)), origin, missing_too=False)
    return table


def check_finite(
    X: NDArray[Any], names: Sequence[str], origin: str, *, missing_too: bool = True
) -> None:
    """Raise a DataError that names the first cell of X (n, d) that is infinite (or NaN)."""
    # A sum is finite when all its terms are (or overflows, and then the cells decide).
    with np.errstate(over="ignore", invalid="ignore"):
        total = X.sum(dtype=np.float64)
    if np.isfinite(total):
        return
    bad = ~np.isfinite(X) if missing_too else np.isinf(X)
    if not bad.any():
        return
    row, column = (int(place) for place in np.argwhere(bad)[0])
    value = "a missing value (NaN)" if np.isnan(X[row, column]) else "an infinite value"
    raise DataError(
        f"{origin} has {value} in row {row + 1}, column {names[column]!r}; "
        "every value must be a finite number."
    )


def _column(values: pd.Series[Any], origin: str) -> pd.Series[Any]:
    dtype = values.dtype
    if pd.api.types.is_complex_dtype(dtype):
        raise DataError(f"{origin} holds complex numbers; give real numbers.")
    if isinstance(dtype, pd.CategoricalDtype):
        return _text(values.cat.rename_categories(str))
    if pd.api.types.is_numeric_dtype(dtype):
        nullable = not isinstance(dtype, np.dtype)
        return (
            pd.Series(values.to_numpy(np.float64, na_value=np.nan), values.index)
            if nullable
            else values.astype(np.float64)
        )
    if isinstance(dtype, pd.StringDtype) or dtype.kind == "O":
        return _objects(values, origin)
    raise DataError(
        f"{origin} holds values of type {dtype}, which are neither numbers nor text; "
        "turn them into numbers (such as days since a date) or leave the column out."
    )


def _text(values: pd.Series[Any]) -> pd.Series[Any]:
    """Give str objects, NaN where missing, whatever pandas' own type for text is."""
    known = values.notna().to_numpy()
    text = values.to_numpy(dtype=object, na_value=np.nan)
    if not isinstance(values.dtype, pd.StringDtype):
        text = text.copy()
        text[known] = [str(value) for value in text[known]]
        text[~known] = np.nan
    return pd.Series(text, index=values.index, dtype=object)


# Decimal numbers are no subclass of Real.
_NUMBERS = (Real, Decimal, np.number, np.bool_)


def _objects(values: pd.Series[Any], origin: str) -> pd.Series[Any]:
    """Sort out a column of Python objects: all numbers, or all text."""
    if isinstance(values.dtype, pd.StringDtype):
        return _text(values)
    known = values.notna()
    kinds = set(values[known].map(type))
    if kinds and all(issubclass(kind, _NUMBERS) for kind in kinds):
        return values.where(known, np.nan).astype(np.float64)
    odd = [kind for kind in kinds if not issubclass(kind, (str, *_NUMBERS))]
    if odd:
        raise DataError(
            f"{origin} holds values of type {odd[0].__name__}, which are neither numbers nor text; "
            "turn them into numbers or leave the column out."
        )
    return _text(values)
