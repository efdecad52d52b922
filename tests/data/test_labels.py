"""Labels of every type become whole numbers or text, or an error that names the row."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glassnet.data.labels import as_labels, check_classes, integers_where_all_are
from glassnet.errors import DataError


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (np.array([[1], [2]], dtype=np.uint8), [1, 2]),
        ([3.0, 10.0], [3, 10]),
        (["b ", "a"], ["b", "a"]),
        ([True, False], ["True", "False"]),
        (np.array([b"x", b"y"]), ["x", "y"]),
        (np.array([1, 2.0], dtype=object), [1, 2]),
        (pd.Series(["u", "v"], dtype="string"), ["u", "v"]),
        (pd.Series([5, 6], dtype="Int64"), [5, 6]),
        (pd.Series(["lo", "hi"], dtype="category"), ["lo", "hi"]),
    ],
)
def test_values(values, expected) -> None:
    labels = as_labels(values, "The labels")
    assert labels.tolist() == expected
    assert labels.dtype == (np.int64 if isinstance(expected[0], int) else object)


@given(st.lists(st.integers(-(2**53), 2**53), min_size=1))
def test_whole_floats_are_integers(numbers) -> None:
    assert as_labels(np.array(numbers, dtype=np.float64), "y").tolist() == numbers


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([1.0, np.nan, 2.0], "missing in row 2"),
        (["a", None, "b", ""], r"missing in 2 rows \(2, 4\)"),
        (pd.Series([1, None], dtype="Int64"), "missing in row 2"),
        ([1.0, 2.5], "row 2 holds 2.5"),
        ([1.0, np.inf], "row 2 holds inf"),
        (np.ones((3, 2)), "one label a row"),
        (np.array([1j]), "complex128"),
        (np.array([["a"], [1, 2]], dtype=object), "of type list"),
    ],
)
def test_bad_values(values, message) -> None:
    with pytest.raises(DataError, match=message):
        as_labels(values, "The labels")


def test_text_that_is_integers_sorts_as_integers() -> None:
    text = np.array(["10", "9", "-1"], dtype=object)
    assert integers_where_all_are(text).tolist() == [10, 9, -1]
    for other in (["01", "2"], ["1", "b"], ["1.0"]):
        labels = np.array(other, dtype=object)
        assert integers_where_all_are(labels) is labels


def test_one_class_and_a_class_with_one_row() -> None:
    with pytest.raises(DataError, match="All 3 rows of t have the label '7'"):
        check_classes(np.array([7, 7, 7]), np.array([7]), "t")
    with pytest.raises(DataError, match=r"Class '2' of t has one row only \(and 1 other"):
        check_classes(np.array([1, 1, 2, 3]), np.array([1, 2, 3]), "t")
