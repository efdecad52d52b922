"""One array in an .npy file."""

from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from glassnet.data import load_dataset
from glassnet.errors import DataError


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    arrays(
        st.sampled_from([np.uint8, np.int64, np.float32, np.float64]),
        array_shapes(min_dims=2, max_dims=3, max_side=5),
        elements=st.integers(0, 200),
    )
)
def test_values_and_pictures_come_back(tmp_path, X) -> None:
    np.save(tmp_path / "X.npy", X)
    data = load_dataset(tmp_path / "X.npy", require_labels=False)
    assert data.X.tolist() == X.reshape(len(X), -1).tolist()
    assert data.X.dtype == (np.float32 if X.dtype in (np.uint8, np.float32) else np.float64)
    assert (data.image is None) == (X.ndim == 2)


def test_labels_in_a_column_or_in_a_second_file(tmp_path) -> None:
    X = np.array([[1.5, 0], [2.5, 1], [3.5, 0], [4.5, 1]])
    np.save(tmp_path / "X.npy", X)
    np.save(tmp_path / "y.npy", [3, 4, 3, 4])
    assert load_dataset(tmp_path / "X.npy", target=-1).y.tolist() == [0, 1, 0, 1]
    assert load_dataset(tmp_path / "X.npy", labels=tmp_path / "y.npy").y.tolist() == [3, 4, 3, 4]


def test_pickles_are_never_read(tmp_path) -> None:
    np.save(tmp_path / "X.npy", np.array([["a", 1]], dtype=object))
    with pytest.raises(DataError, match="pickled objects"):
        load_dataset(tmp_path / "X.npy")


def test_header_that_lies_and_broken_files(tmp_path) -> None:
    file = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        file, {"descr": "<f8", "fortran_order": False, "shape": (10**12, 10**3)}
    )
    path = tmp_path / "X.npy"
    for content, message in (
        (file.getvalue() + bytes(64), "needs 8000000000000"),
        (file.getvalue()[:20], r"cannot be read as \.npy"),
        (b"hello world", r"cannot be read as \.npy"),
    ):
        path.write_bytes(content)
        with pytest.raises(DataError, match=message):
            load_dataset(path)


@pytest.mark.parametrize(
    ("X", "message"),
    [
        (np.zeros((2, 3, 4, 2)), "rows .n, d. or pictures"),
        (np.zeros((0, 3)), "no values to learn from"),
        (np.zeros((2, 0, 3)), "no values to learn from"),
        (np.array([["a", "b"]]), "numbers are needed"),
        (np.array([[1.0, np.inf]]), "infinite value in row 1, column 'x1'"),
        (np.zeros((2, 2), complex), "complex128"),
    ],
)
def test_values_of_no_use(tmp_path, X, message) -> None:
    np.save(tmp_path / "X.npy", X)
    with pytest.raises(DataError, match=message):
        load_dataset(tmp_path / "X.npy", require_labels=False)
