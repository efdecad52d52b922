"""Arrays and pairs from Python."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from glassnet.data import load_dataset
from glassnet.errors import DataError

X = [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0], [7.0, 8.0]]


@pytest.mark.parametrize("rows", [X, np.array(X), np.array(X, np.float32), pd.DataFrame(X)])
@pytest.mark.parametrize("y", [[0, 1, 0, 1], pd.Series([0, 1, 0, 1]), np.array([[0], [1]] * 2)])
def test_pairs(rows, y) -> None:
    data = load_dataset((rows, y))
    assert data.X.tolist() == X
    assert data.y.tolist() == [0, 1, 0, 1]


def test_text_labels_of_python_stay_text() -> None:
    assert load_dataset((X, ["1", "2", "1", "2"])).y.tolist() == ["1", "2", "1", "2"]


def test_labels_beside() -> None:
    assert load_dataset(np.array(X), labels=list("abab")).class_names == ("a", "b")


def test_objects_sort_themselves_out() -> None:
    data = load_dataset(np.array([[1, "u"], [2, "v"], [3, None]], object), require_labels=False)
    assert data.feature_names == ("x0", "x1")
    assert data.X["x0"].tolist() == [1, 2, 3]
    assert data.X["x1"].isna().tolist() == [False, False, True]


def test_colour_pictures() -> None:
    pictures = np.random.RandomState(0).uniform(size=(4, 2, 5, 3))
    data = load_dataset((pictures, [0, 1, 0, 1]))
    assert str(data.image) == "2x5x3"
    np.testing.assert_array_equal(data.image.to_images(data.X), pictures)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ((X, [0, 1], 3), "tuple of 3"),
        ((X, [0, 1, 1]), "3 labels for the 4 rows"),
        ([1.0, 2.0], "rows and columns are needed"),
        ([[1.0], [1.0, 2.0]], "different lengths"),
        (np.float64(3), "rows and columns are needed"),
        ((X, [0, 0, 0, 0]), "All 4 rows"),
    ],
)
def test_bad_arrays(source, message) -> None:
    with pytest.raises(DataError, match=message):
        load_dataset(source)
