"""Data frames of pandas and polars."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from glassnet.data import load_dataset
from glassnet.errors import DataError

COLUMNS = {
    "number": [1.5, None, 3.0, 4.0],
    "count": [1, 2, 3, 4],
    "text": ["u", None, "v", "u"],
    "flag": [True, False, True, True],
    "y": ["p", "q", "p", "q"],
}


def check_mixed(data) -> None:
    assert data.feature_names == ("number", "count", "text", "flag")
    np.testing.assert_array_equal(data.X["number"], [1.5, np.nan, 3.0, 4.0])
    assert data.X["count"].tolist() == [1, 2, 3, 4]
    assert data.X["flag"].tolist() == [1, 0, 1, 1]
    assert data.X["text"].isna().tolist() == [False, True, False, False]
    assert data.X["text"].dropna().tolist() == ["u", "v", "u"]
    assert [str(dtype) for dtype in data.X.dtypes] == ["float64", "float64", "object", "float64"]
    assert data.y.tolist() == ["p", "q", "p", "q"]


def test_pandas() -> None:
    check_mixed(load_dataset(pd.DataFrame(COLUMNS, index=[3, 3, 1, 0])))


def test_pandas_own_types() -> None:
    check_mixed(load_dataset(pd.DataFrame(COLUMNS).convert_dtypes()))


def test_pandas_categories_and_decimals() -> None:
    frame = pd.DataFrame(COLUMNS)
    frame["text"] = frame["text"].astype("category")
    frame["count"] = [Decimal(value) for value in COLUMNS["count"]]
    check_mixed(load_dataset(frame))


@pytest.mark.parametrize("lazy", [False, True])
def test_polars(lazy) -> None:
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame(COLUMNS)
    check_mixed(load_dataset(frame.lazy() if lazy else frame))


def test_numbers_are_an_array_and_codes_of_categories_are_text() -> None:
    data = load_dataset(pd.DataFrame({"a": [1, 2, 3, 4], 7: [0.5] * 4}), labels=[0, 1, 0, 1])
    assert data.X.tolist() == [[1, 0.5], [2, 0.5], [3, 0.5], [4, 0.5]]
    assert data.feature_names == ("a", "7")
    codes = load_dataset(pd.DataFrame({"a": pd.Categorical([3, 1, None, 3])}), labels=[0, 1, 0, 1])
    assert codes.X["a"].tolist()[:2] == ["3", "1"]


@pytest.mark.parametrize(
    ("column", "message"),
    [
        (pd.date_range("2020", periods=2), "'a' of table holds values of type datetime64"),
        ([1j, 2j], "complex"),
        ([{1}, {2}], "of type set"),
        ([1.0, np.inf], "infinite value in row 2, column 'a'"),
    ],
)
def test_bad_columns(column, message) -> None:
    with pytest.raises(DataError, match=message):
        load_dataset(pd.DataFrame({"a": column}), require_labels=False)


def test_repeated_names_and_no_rows() -> None:
    with pytest.raises(DataError, match="more than one column called 'a'"):
        load_dataset(pd.DataFrame([[1, 2]], columns=["a", "a"]))
    with pytest.raises(DataError, match="no rows"):
        load_dataset(pd.DataFrame({"a": []}))
