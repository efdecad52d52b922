"""Raw tables of any kind, checked: numbers, text and gaps, dense or sparse, frames or arrays."""

from __future__ import annotations

__all__ = ["checked_labels", "checked_table", "first_preprocessor"]

from typing import Any

import numpy as np
import pandas as pd
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.utils import check_array, check_consistent_length, column_or_1d
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import validate_data

from glassnet.data import Preprocessor
from glassnet.data.columns import text_or_numbers
from glassnet.data.readers.frame import FRAME, as_pandas
from glassnet.errors import DataError

# Sparse rows that take less than this when they are dense are made so: 64 MB in float32.
FEW_ELEMENTS = 2**24


def checked_table(estimator: Any, X: Any, *, reset: bool) -> Any:
    """Return raw rows as numbers or as a table, and set or compare the names of the columns.

    Parameters
    ----------
    estimator : estimator
        Gets `n_features_in_` and `feature_names_in_`, or has them.
    X : array-like, sparse matrix or data frame of shape (n, d)
        The rows.
    reset : bool
        Whether these rows say what the columns are.

    Returns
    -------
    ndarray, CSR matrix or DataFrame of shape (n, d)
        An array of numbers, with NaN where they are missing, or CSR, where no cell is text; else
        a frame of columns of float64 and of text.

    Raises
    ------
    ValueError
        Where the rows cannot be used, or have other columns than those before.
    """
    if FRAME.accepts(X):
        frame = as_pandas(X)
        validate_data(estimator, X, skip_check_array=True, reset=reset)
        return _sorted_out(frame)
    if isinstance(X, list | tuple):
        X = _as_array(X)
    rows = validate_data(
        estimator,
        X,
        accept_sparse="csr",
        dtype=None,
        ensure_all_finite="allow-nan",
        reset=reset,
    )
    if sp.issparse(rows):
        return _as_numbers(rows)
    if rows.dtype.kind in "OUST":
        return _sorted_out(pd.DataFrame(rows, columns=[f"x{i}" for i in range(rows.shape[1])]))
    return rows


def checked_labels(y: Any, n_rows: int) -> NDArray[Any]:
    """Return labels (n,) of so many rows.

    Raises
    ------
    ValueError
        Where they are missing, measurements, of another number, or several a row.
    """
    if y is None:
        raise ValueError("requires y to be passed, but the target y is None: give a label a row.")
    labels = check_array(y, ensure_2d=False, dtype=None, input_name="y")
    labels = column_or_1d(labels, warn=True)
    check_classification_targets(labels)
    check_consistent_length(np.empty(n_rows), labels)
    return labels


def first_preprocessor(table: Any) -> Preprocessor | None:
    """Return what makes numbers of training rows with text or gaps, fitted; None without."""
    if isinstance(table, pd.DataFrame):
        return Preprocessor("none").fit(table)
    if sp.issparse(table) or not np.isnan(table).any():
        return None
    return Preprocessor("none").fit(np.asarray(table))


def _as_array(rows: Any) -> NDArray[Any]:
    """Return nested lists as an array in which numbers beside text stay numbers."""
    array = np.asarray(rows)
    return np.array(rows, dtype=object) if array.dtype.kind in "US" else array


def _as_numbers(rows: Any) -> Any:
    """Return CSR rows, dense where that takes little."""
    if rows.shape[0] * rows.shape[1] <= FEW_ELEMENTS:
        return rows.toarray()
    if np.isnan(rows.data).any():
        raise DataError("X is sparse and holds NaN; leave out what is missing, or give dense rows.")
    return rows


def _sorted_out(frame: pd.DataFrame) -> Any:
    """Return a frame's columns as numbers and text, or all of it as an array of numbers."""
    if 0 in frame.shape:
        what = "sample" if len(frame) == 0 else "feature"
        raise ValueError(
            f"Found array with 0 {what}(s) (shape={frame.shape}) while a minimum of 1 is required."
        )
    if all(isinstance(kind, np.dtype) and kind.kind in "biuf" for kind in frame.dtypes):
        numbers = frame.to_numpy(dtype=np.result_type(*frame.dtypes))
        return check_array(numbers, dtype=None, ensure_all_finite="allow-nan")
    table = text_or_numbers(frame, "The table")
    if all(kind == np.float64 for kind in table.dtypes):
        return table.to_numpy(dtype=np.float64)
    return table
