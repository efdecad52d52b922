"""openml.org, with scikit-learn's fetching replaced: tests use no network."""

from __future__ import annotations

from urllib.error import URLError

import numpy as np
import pandas as pd
import pytest
from sklearn.utils import Bunch

from glassnet.data import load_dataset
from glassnet.data.readers import openml
from glassnet.errors import DataError

FRAME = pd.DataFrame({"a": [1, 2, 3, 4], "t": pd.Categorical(["u", "v", "u", "v"])})
TARGET = pd.Series(pd.Categorical(["0", "10", "9", "10"]), name="digit")


@pytest.fixture
def fetched(monkeypatch):
    calls = []

    def put(data, target):
        def fetch(**options):
            calls.append(options)
            return Bunch(data=data, target=target)

        monkeypatch.setattr(openml, "fetch_openml", fetch)
        return calls

    return put


def test_mixed_table(fetched) -> None:
    calls = fetched(FRAME, TARGET)
    data = load_dataset("openml:things@2", require_labels=False)
    assert calls[0]["name"] == "things"
    assert calls[0]["version"] == 2
    assert data.y.tolist() == [0, 10, 9, 10]
    assert data.X["t"].tolist() == ["u", "v", "u", "v"]
    assert (data.name, data.target) == ("things", "digit")


def test_numbers_by_number_and_target(fetched) -> None:
    calls = fetched(FRAME[["a"]], pd.Series(["x", "y", "x", "y"], name="kind"))
    data = load_dataset("openml:554", target="kind")
    assert calls[0]["data_id"] == 554
    assert calls[0]["target_column"] == "kind"
    assert data.X.tolist() == [[1.0], [2.0], [3.0], [4.0]]
    assert isinstance(data.X, np.ndarray)
    assert data.feature_names == ("a",)


@pytest.mark.parametrize(
    "error", [URLError("no route to host"), ValueError("No known OpenML dataset"), OSError("disk")]
)
def test_what_fetching_raises_is_said(monkeypatch, error) -> None:
    def fetch(**options):
        raise error

    monkeypatch.setattr(openml, "fetch_openml", fetch)
    with pytest.raises(DataError, match=r"openml:things cannot be fetched from openml.org: "):
        load_dataset("openml:things")


def test_several_targets_and_bad_names(fetched) -> None:
    fetched(FRAME, FRAME)
    with pytest.raises(DataError, match=r"2 target columns \(a, t\)"):
        load_dataset("openml:things")
    for name in ("openml:", "openml:a@b"):
        with pytest.raises(DataError, match="write openml:NAME"):
            load_dataset(name)
