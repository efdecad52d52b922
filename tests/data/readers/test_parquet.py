"""Parquet, with pyarrow and without."""

from __future__ import annotations

import sys

import numpy as np
import pandas as pd
import pytest

from glassnet.data import load_dataset
from glassnet.data.readers import files
from glassnet.errors import DataError

pytest.importorskip("pyarrow")

FRAME = pd.DataFrame({"a": [1, 2, None, 4], "t": ["u", None, "v", "u"], "y": [1, 2, 1, 2]})


def test_mixed_table(tmp_path) -> None:
    path = tmp_path / "t.parquet"
    FRAME.set_index(pd.Index([5, 6, 9, 8])).to_parquet(path)
    data = load_dataset(path)
    assert data.feature_names == ("a", "t")
    np.testing.assert_array_equal(data.X["a"], [1, 2, np.nan, 4])
    assert data.X["t"].isna().tolist() == [False, True, False, False]
    assert data.y.tolist() == [1, 2, 1, 2]


def test_numbers_are_an_array(tmp_path) -> None:
    FRAME[["y"]].assign(b=[True, False, True, True]).to_parquet(tmp_path / "t.pq")
    data = load_dataset(tmp_path / "t.pq", target="y")
    assert data.X.tolist() == [[1.0], [0.0], [1.0], [1.0]]


def test_dates_are_refused_by_name(tmp_path) -> None:
    path = tmp_path / "t.parquet"
    FRAME.assign(when=pd.Timestamp("2020-01-01")).to_parquet(path)
    with pytest.raises(
        DataError, match=r"Column 'when' of t.parquet holds values of type datetime"
    ):
        load_dataset(path)


def test_lists_are_refused_by_name(tmp_path) -> None:
    path = tmp_path / "t.parquet"
    FRAME.assign(pixels=[[1], [2], [3], [4]]).to_parquet(path)
    with pytest.raises(DataError, match=r"'pixels' of t.parquet holds values of type ndarray"):
        load_dataset(path)


def test_without_pyarrow(tmp_path, monkeypatch) -> None:
    path = tmp_path / "t.parquet"
    FRAME.to_parquet(path)
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    with pytest.raises(DataError, match=r"pip install glassnet\[parquet\]"):
        load_dataset(path)


def test_broken_empty_and_expanding_files(tmp_path, monkeypatch) -> None:
    path = tmp_path / "t.parquet"
    FRAME.to_parquet(path)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DataError, match="cannot be read as Parquet"):
        load_dataset(path)
    FRAME.iloc[:0].to_parquet(path)
    with pytest.raises(DataError, match="is empty"):
        load_dataset(path)
    pd.DataFrame({"a": np.zeros(10**5)}).to_parquet(path)
    monkeypatch.setattr(files, "EXPANDED_LIMIT", 10**4)
    with pytest.raises(DataError, match="expands to more than"):
        load_dataset(path)
