"""The Dataset itself: what fits, subsets, and columns by name."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from glassnet.data import Dataset, ImageShape, load_dataset
from glassnet.errors import DataError

X = np.arange(12.0).reshape(4, 3)
Y = np.array([1, 0, 1, 2])


def test_from_arrays_fills_in_names_and_classes() -> None:
    data = Dataset.from_arrays(X, Y)
    assert data.feature_names == ("x0", "x1", "x2")
    assert data.classes.tolist() == [0, 1, 2]
    assert data.class_names == ("0", "1", "2")
    assert (data.n_rows, data.n_columns, data.is_mixed) == (4, 3, False)


def test_without_labels_there_are_no_classes() -> None:
    data = Dataset.from_arrays(X)
    assert data.y is None
    assert data.class_names == ()
    assert len(data.classes) == 0


@pytest.mark.parametrize("rows", [[0, 2], np.array([True, False, True, False])])
def test_subset_keeps_the_classes_of_the_whole(rows) -> None:
    part = Dataset.from_arrays(X, Y).subset(rows)
    assert part.X.tolist() == [[0, 1, 2], [6, 7, 8]]
    assert part.y.tolist() == [1, 1]
    assert part.class_names == ("0", "1", "2")
    assert [count for _, count in part.describe().class_counts] == [0, 2, 0]


def test_subset_of_a_mixed_table_and_of_no_rows() -> None:
    data = Dataset.from_arrays(pd.DataFrame({"a": ["u", "v"], "b": [1.0, np.nan]}))
    assert data.subset([1]).X["a"].tolist() == ["v"]
    assert data.subset([]).n_rows == 0
    assert data.is_mixed


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"y": Y[:3]}, "4 rows, but 3 labels"),
        ({"feature_names": ["a"]}, "1 feature names"),
        ({"class_names": ["zero"]}, "1 class names were given.*3 classes: 0, 1, 2"),
        ({"image": ImageShape(2, 2)}, "2x2 needs 4 columns"),
    ],
)
def test_parts_that_do_not_fit(changes, message) -> None:
    with pytest.raises(DataError, match=message):
        Dataset.from_arrays(**{"X": X, "y": Y, **changes})


def test_select_finds_columns_by_name() -> None:
    data = Dataset.from_arrays(X, feature_names=["a", "b", "c"])
    assert data.select(["c", "a"]).tolist() == X[:, [2, 0]].tolist()
    assert data.select(("a", "b", "c")) is data.X
    with pytest.raises(DataError, match=r"lacks column 'aa'.*Did you mean 'a'\?"):
        data.select(["aa", "b"])
    with pytest.raises(DataError, match=r"lacks 2 columns \('d', 'e'\)"):
        data.select(["a", "d", "e"])


def test_select_counts_where_names_are_generated() -> None:
    named = Dataset.from_arrays(X, feature_names=["a", "b", "c"])
    assert named.select(["x0", "x1", "x2"]) is named.X
    with pytest.raises(DataError, match="has 3 columns, but 2 are needed"):
        named.select(["x0", "x1"])


def test_select_from_a_mixed_table() -> None:
    data = Dataset.from_arrays(pd.DataFrame({"a": ["u", "v"], "b": [1.0, 2.0]}))
    assert list(data.select(["b"]).columns) == ["b"]


def test_columns_can_be_left_out() -> None:
    frame = pd.DataFrame({"a": [1.0, 2.0], "b": ["x", "y"], "c": [3.0, 4.0]})
    data = load_dataset((frame, [0, 1]), require_labels=False, drop="b, c")
    assert data.feature_names == ("a",)
    assert np.asarray(data.X).ravel().tolist() == [1.0, 2.0]
    iris = load_dataset("iris")
    assert iris.without(["petal width (cm)"]).X.shape == (150, 3)
    with pytest.raises(DataError, match=r"'petal width' to leave out\. Did you mean"):
        iris.without(["petal width"])
    with pytest.raises(DataError, match="keep one or more"):
        iris.without(iris.feature_names)
    with pytest.raises(DataError, match="pictures are taken whole"):
        load_dataset("digits", drop=["pixel_0_0"])
