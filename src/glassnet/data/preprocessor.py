"""Numbers for a net out of any table: impute, encode, scale, as measured on training rows."""

from __future__ import annotations

__all__ = ["Preprocessor"]

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.preprocessing import StandardScaler
from sklearn.utils.validation import check_is_fitted

from glassnet.data.columns import text_or_numbers
from glassnet.data.dataset import Dataset, check_has_columns, generated_names
from glassnet.data.preprocessing_state import (
    MISSING_TEXT,
    NumberColumns,
    State,
    TextColumn,
    build_transformer,
    frequent_values,
    read_state,
    write_state,
)
from glassnet.errors import DataError

SCALES = ("auto", "none", "standard", "pixels")


class Preprocessor(TransformerMixin, BaseEstimator):
    """Turn a table into the float64 matrix that a net trains on.

    Everything is measured by `fit` on training rows only. Missing numbers become their column's
    mean, and an indicator column says where; text columns become one 0/1 column a value (the 100
    most frequent values; others, and values unseen in training, are all zeros; a missing text
    counts as a value); numbers are scaled.

    Parameters
    ----------
    scale : {"auto", "none", "standard", "pixels"}, default="auto"
        "standard": each number column to mean 0 and standard deviation 1; "pixels": one shift and
        one factor for all columns, which take the training range to [0, 1]; "none": numbers as
        they are; "auto": "standard" (`for_dataset` chooses better, since it knows of images).
    feature_names : sequence of str, default=None
        Names of the columns of an array; by default x0, x1, …

    Attributes
    ----------
    n_features_in_ : int
        Columns of the table, d.
    feature_names_in_ : ndarray of shape (d,)
        Their names; tables are read by name at `transform`.
    state_ : State
        The measured numbers.

    Examples
    --------
    >>> import numpy as np
    >>> Preprocessor("pixels").fit_transform(np.array([[0.0, 8.0], [16.0, 4.0]]))
    array([[0.  , 0.5 ],
           [1.  , 0.25]])
    """

    def __init__(self, scale: str = "auto", feature_names: Sequence[str] | None = None) -> None:
        self.scale = scale
        self.feature_names = feature_names

    @classmethod
    def for_dataset(cls, dataset: Dataset, scale: str = "auto") -> Preprocessor:
        """Make one that fits `dataset`, with "auto" resolved; it is not fitted yet.

        Images whose values lie within [-1, 2] stay as they are, other images (0..16, 0..255) get
        scale "pixels", and tables "standard".
        """
        if scale == "auto":
            scale = _scale_for(dataset)
        return cls(scale=scale, feature_names=dataset.feature_names)

    def fit(self, X: ArrayLike | pd.DataFrame, y: object = None) -> Self:
        """Measure training rows.

        Parameters
        ----------
        X : array-like or DataFrame of shape (n, d)
            Training rows; numbers may be NaN, text may be missing.
        y : ignored

        Raises
        ------
        DataError
            For infinite values, an unknown `scale`, or scale "pixels" on a mixed table.
        """
        if self.scale not in SCALES:
            raise DataError(f"Scale {self.scale!r} is unknown: use one of {', '.join(SCALES)}.")
        table, names = self._named(X)
        if len(table) == 0:
            raise DataError("There are no training rows to measure.")
        self.n_features_in_ = len(names)
        self.feature_names_in_ = np.array(names, dtype=object)
        self.state_ = _measure(table, names, "standard" if self.scale == "auto" else self.scale)
        self._transformer = build_transformer(self.state_)
        return self

    def transform(self, X: ArrayLike | pd.DataFrame) -> NDArray[np.float64]:
        """Turn rows into numbers.

        Parameters
        ----------
        X : array-like or DataFrame of shape (n, d)
            A DataFrame is read by column names, further columns are left out; an array by position.

        Returns
        -------
        ndarray of shape (n, d_out), float64, C-contiguous

        Raises
        ------
        DataError
            When columns are missing, a number column holds text, or a value is infinite.
        """
        check_is_fitted(self)
        state = self.state_
        if isinstance(X, pd.DataFrame):
            table = self._ordered(X)
        else:
            matrix = _as_matrix(X)
            self._check_count(matrix.shape[1])
            if state.is_plain and not np.isnan(matrix).any():
                return _scaled(matrix, state.numbers)
            table = pd.DataFrame(matrix, columns=list(state.names))
        table = _as_fitted(table, state)
        return np.ascontiguousarray(self._transformer.transform(table), dtype=np.float64)

    def get_feature_names_out(self, input_features: object = None) -> NDArray[Any]:
        """Name the d_out columns: "age", "age is missing", "workclass=Private"."""
        check_is_fitted(self)
        return np.array(self.state_.names_out(), dtype=object)

    def origins(self) -> NDArray[np.intp]:
        """Return for each of the d_out columns the position of the table's column behind it."""
        check_is_fitted(self)
        place = {name: i for i, name in enumerate(self.state_.names)}
        return np.array([place[name] for name in self.state_.origins()], dtype=np.intp)

    def restore(self, X: ArrayLike) -> NDArray[np.float64]:
        """Return prepared rows (m, d_out) with their numbers in the table's own units.

        Columns that say which value a text has, or that a number is missing, stay as they are.

        Examples
        --------
        >>> import numpy as np
        >>> Preprocessor("pixels").fit(np.array([[0.0, 8.0], [16.0, 4.0]])).restore([[0.5, 1.0]])
        array([[ 8., 16.]])
        """
        check_is_fitted(self)
        rows = np.array(X, dtype=np.float64)
        numbers = self.state_.numbers
        part = rows[:, : len(numbers.names)]
        part *= np.array(numbers.factor)
        part += np.array(numbers.shift)
        return rows

    def describe(self) -> list[str]:
        """Say what `transform` does, a sentence a step."""
        check_is_fitted(self)
        return self.state_.sentences()

    def to_dict(self) -> dict[str, Any]:
        """Give the fitted state as plain types, for JSON; `from_dict` restores it bit for bit."""
        check_is_fitted(self)
        return write_state(self.state_)

    @classmethod
    def from_dict(cls, state: dict[str, Any]) -> Preprocessor:
        """Restore a fitted preprocessor from `to_dict`'s plain types.

        Raises
        ------
        ModelFileError
            When types or sizes are not those that `to_dict` writes.
        """
        read = read_state(state)
        made = cls(scale=read.scale, feature_names=read.names)
        made.n_features_in_ = len(read.names)
        made.feature_names_in_ = np.array(read.names, dtype=object)
        made.state_ = read
        made._transformer = build_transformer(read)
        return made

    def _named(
        self, X: ArrayLike | pd.DataFrame
    ) -> tuple[NDArray[np.floating] | pd.DataFrame, tuple[str, ...]]:
        if isinstance(X, pd.DataFrame):
            names = tuple(map(str, X.columns))
            return text_or_numbers(X.set_axis(list(names), axis=1), "The table"), names
        table = _as_matrix(X)
        if self.feature_names is None:
            return table, generated_names(table.shape[1])
        if len(self.feature_names) != table.shape[1]:
            raise DataError(
                f"{len(self.feature_names)} feature names were given for {table.shape[1]} columns."
            )
        return table, tuple(self.feature_names)

    def _ordered(self, X: pd.DataFrame) -> pd.DataFrame:
        names = self.state_.names
        found = tuple(map(str, X.columns))
        if found == names:
            return X
        if names == generated_names(len(names)) and not set(names) <= set(found):
            self._check_count(len(found))
            return X.set_axis(list(names), axis=1)
        check_has_columns(found, names, "The table")
        return X.set_axis(list(found), axis=1)[list(names)]

    def _check_count(self, columns: int) -> None:
        if columns != self.n_features_in_:
            raise DataError(
                f"The rows have {columns} columns, but the model was trained on "
                f"{self.n_features_in_}."
            )


def _scale_for(dataset: Dataset) -> str:
    if dataset.image is None or isinstance(dataset.X, pd.DataFrame):
        return "standard"
    if dataset.X.size == 0 or (dataset.X.min() >= -1 and dataset.X.max() <= 2):
        return "none"
    return "pixels"


def _as_matrix(X: Any) -> NDArray[np.floating]:
    """Read X as floats (n, d), NaN allowed."""
    try:
        table = np.asarray(X)
        if table.dtype.kind != "f":
            table = table.astype(np.float64)
    except (TypeError, ValueError) as error:
        raise DataError(
            "X holds values that are not numbers; give mixed tables as a pandas DataFrame."
        ) from error
    if table.ndim != 2:
        raise DataError(f"X has shape {table.shape}; rows and columns are needed, (n, d).")
    if np.isinf(table).any():
        raise DataError("X holds infinite values; replace them by numbers or leave them missing.")
    return table


def _measure(
    table: NDArray[np.floating] | pd.DataFrame, names: tuple[str, ...], scale: str
) -> State:
    """Measure what `scale` and the columns need, on training rows (n, d)."""
    if isinstance(table, pd.DataFrame):
        is_text = [table[name].dtype == object for name in names]
        number_names = tuple(n for n, text in zip(names, is_text, strict=True) if not text)
        matrix = table[list(number_names)].to_numpy(dtype=np.float64)
        texts = tuple(
            _text_column(name, table[name])
            for name, text in zip(names, is_text, strict=True)
            if text
        )
    else:
        number_names, matrix, texts = names, np.asarray(table), ()
    missing = np.isnan(matrix).any(axis=0)
    if scale == "pixels" and (texts or missing.any()):
        raise DataError(
            "Scale 'pixels' is for images, and this table has text columns or missing values; "
            "use 'standard'."
        )
    return State(
        names=names,
        scale=scale,
        numbers=_number_columns(number_names, matrix, missing, scale),
        texts=texts,
    )


def _number_columns(
    names: tuple[str, ...], matrix: NDArray[np.floating], missing: NDArray[np.bool_], scale: str
) -> NumberColumns:
    fill, shift, factor = np.zeros(len(names)), np.zeros(len(names)), np.ones(len(names))
    if scale == "standard" and names:
        # Columns without any value have no mean: zero stands in for it.
        empty = np.isnan(matrix).all(axis=0)
        matrix = np.where(empty, 0.0, matrix) if empty.any() else matrix
        with np.errstate(over="ignore", invalid="ignore"):
            scaler = StandardScaler().fit(matrix)
        fill = shift = scaler.mean_.astype(np.float64)
        # An overflowing variance would pass for that of a constant column.
        factor = np.where(np.isfinite(scaler.var_), scaler.scale_, np.inf)
    elif missing.any():
        counts = np.maximum((~np.isnan(matrix)).sum(axis=0), 1)
        fill = np.nansum(matrix, axis=0, dtype=np.float64) / counts
    if scale == "pixels" and matrix.size:
        low, high = float(matrix.min()), float(matrix.max())
        shift[:], factor[:] = low, (high - low) or 1.0
    beyond = np.flatnonzero(~np.isfinite(fill + shift + factor))
    if len(beyond):
        raise DataError(
            f"Column {names[beyond[0]]!r} holds values too large to scale; give it in other units."
        )
    return NumberColumns(
        names=names,
        fill=tuple(fill.tolist()),
        missing=tuple(missing.tolist()),
        shift=tuple(shift.tolist()),
        factor=tuple(factor.tolist()),
    )


def _text_column(name: str, values: pd.Series[Any]) -> TextColumn:
    text = values.fillna(MISSING_TEXT)
    return TextColumn(name=name, values=frequent_values(text), n_distinct=int(text.nunique()))


def _as_fitted(table: pd.DataFrame, state: State) -> pd.DataFrame:
    """Give each column the kind it was fitted with: float64, or str objects."""
    columns: dict[str, Any] = {}
    texts = {text.name for text in state.texts}
    for name in state.names:
        values = table[name]
        if name in texts:
            known = values.notna()
            columns[name] = values.astype(object).where(known, MISSING_TEXT).map(str)
            continue
        try:
            columns[name] = pd.to_numeric(values).astype(np.float64)
        except (TypeError, ValueError) as error:
            raise DataError(
                f"Column {name!r} holds text or other values where the model was trained on "
                "numbers."
            ) from error
        if np.isinf(columns[name]).any():
            raise DataError(f"Column {name!r} holds infinite values.")
    return pd.DataFrame(columns, index=table.index)


def _scaled(table: NDArray[np.floating], numbers: NumberColumns) -> NDArray[np.float64]:
    """Do what the transformer does to numbers without missing values, in a single copy."""
    rows = np.array(table, dtype=np.float64, order="C")
    rows -= np.array(numbers.shift)
    rows /= np.array(numbers.factor)
    return rows
