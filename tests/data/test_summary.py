"""What is counted in a data set, against counts by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from glassnet.data import Dataset, ImageShape


def test_numbers() -> None:
    X = np.array([[0.0, 5.0, 1.0], [0.0, 5.0, 1.0], [-0.0, 5.0, 1.0], [2.0, 5.0, -3.0]])
    found = Dataset.from_arrays(
        X, np.array(["b", "a", "a", "a"], dtype=object), name="t.csv"
    ).describe()
    assert found.class_counts == (("a", 3), ("b", 1))
    assert found.zero_share == 3 / 12
    assert found.duplicate_rows == 2
    assert found.constant_columns == ("x1",)
    assert found.value_range == (-3.0, 5.0)
    assert found.missing_values == 0
    assert found.sentences() == [
        "t.csv: 4 rows, 3 columns.",
        "2 classes, rows in brackets: a (3), b (1).",
        "Values from -3 to 5; 25 % are zero.",
        "Repeated rows: 2 with the same values as an earlier one; copies on both sides of a split "
        "make held-out rates look better than they are.",
        "The same value in every row: 1 of 3 columns (x1); such columns cannot tell classes apart.",
    ]


def test_mixed_table() -> None:
    frame = pd.DataFrame(
        {
            "age": [1.0, np.nan, 0.0, 1.0],
            "job": np.array(["u", np.nan, "v", "u"], dtype=object),
            "all": np.array(["s"] * 4, dtype=object),
        }
    )
    found = Dataset.from_arrays(frame, np.array([1, 2, 2, 1])).describe()
    assert found.missing_values == 2
    assert found.missing_columns == ("age", "job")
    assert found.text_columns == ("job", "all")
    assert found.constant_columns == ("all",)
    assert found.duplicate_rows == 1
    assert found.zero_share == 1 / 3
    assert found.value_range == (0.0, 1.0)
    said = " ".join(found.sentences())
    assert "2 classes of 2 rows each: 1, 2." in said
    assert "Text in 2 of 3 columns (job, all)." in said
    assert "Missing values: 2, in 2 of 3 columns (age, job)." in said


def test_images_and_absent_labels_are_said() -> None:
    found = Dataset.from_arrays(np.zeros((2, 4)), image=ImageShape(2, 2), name="d").describe()
    assert found.image == "2x2"
    assert found.sentences()[:2] == ["d: 2 images of 2x2 (4 columns).", "No labels."]


@given(
    arrays(
        np.float32,
        array_shapes(min_dims=2, max_dims=2, max_side=6),
        elements=st.sampled_from([0.0, -0.0, 1.0, 2.5]),
    )
)
def test_duplicates_zeros_and_constants_are_those_of_pandas(X) -> None:
    found = Dataset.from_arrays(X).describe()
    frame = pd.DataFrame(X + 0)
    assert found.duplicate_rows == frame.duplicated().sum()
    assert found.zero_share == (X == 0).mean()
    assert len(found.constant_columns) == (frame.nunique() == 1).sum()


def test_rows_beyond_one_block_are_compared() -> None:
    X = np.tile(np.arange(5000.0)[:, None], (2, 1))
    assert Dataset.from_arrays(X).describe().duplicate_rows == 5000
