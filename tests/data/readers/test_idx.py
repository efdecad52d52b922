"""IDX, plain and gzip, with labels beside it."""

from __future__ import annotations

import gzip
import struct

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from glassnet.data import load_dataset
from glassnet.errors import DataError

CODES = {"u1": 0x08, "i1": 0x09, "i2": 0x0B, "i4": 0x0C, "f4": 0x0D, "f8": 0x0E}
IMAGES = np.arange(4 * 2 * 3, dtype=np.uint8).reshape(4, 2, 3)
LABELS = np.array([7, 2, 7, 2], dtype=np.uint8)


def idx(array: np.ndarray) -> bytes:
    big = array.astype(array.dtype.newbyteorder(">"))
    code = CODES[array.dtype.str[1:]]
    header = struct.pack(f">2xBB{array.ndim}I", code, array.ndim, *array.shape)
    return header + big.tobytes()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.sampled_from(sorted(CODES)), array_shapes(min_dims=2, max_dims=3, max_side=4), st.data())
def test_every_type_comes_back(tmp_path, code, shape, data) -> None:
    array = data.draw(arrays(np.dtype(code), shape, elements=st.integers(0, 100)))
    (tmp_path / "a.idx").write_bytes(idx(array))
    found = load_dataset(tmp_path / "a.idx", require_labels=False)
    assert found.X.tolist() == array.reshape(len(array), -1).tolist()


@pytest.mark.parametrize("images", ["train-images-idx3-ubyte", "train-images.idx3-ubyte"])
@pytest.mark.parametrize("gz", [(False, False), (True, True), (True, False), (False, True)])
def test_labels_are_found_beside(tmp_path, images, gz) -> None:
    for name, array, packed in zip(
        (images, images.replace("images", "labels").replace("idx3", "idx1")),
        (IMAGES, LABELS),
        gz,
        strict=True,
    ):
        content = gzip.compress(idx(array)) if packed else idx(array)
        (tmp_path / (name + ".gz" * packed)).write_bytes(content)
    data = load_dataset(tmp_path / (images + ".gz" * gz[0]))
    assert data.y.tolist() == LABELS.tolist()
    np.testing.assert_array_equal(data.image.to_images(data.X), IMAGES)


def test_labels_given(tmp_path) -> None:
    (tmp_path / "a.idx3").write_bytes(idx(IMAGES))
    (tmp_path / "b.idx1").write_bytes(idx(LABELS))
    data = load_dataset(tmp_path / "a.idx3", labels=tmp_path / "b.idx1", pixel_order="F")
    assert data.y.tolist() == LABELS.tolist()
    assert data.image.pixel_order == "F"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\0\0\x08\x03" + struct.pack(">3I", 2**31, 2**20, 2**20), "truncated or broken"),
        (idx(IMAGES)[:-1], "says 4x2x3, 40 bytes, but there are 39"),
        (idx(IMAGES) + b"\0", "but there are 41"),
        (b"\0\0\x07\x01\0\0\0\0", "does not start like an IDX file"),
        (b"\0\0\x08\x03\0\0", "does not start like an IDX file"),
        (b"abc", "does not start like an IDX file"),
    ],
)
def test_broken_files(tmp_path, content, message) -> None:
    (tmp_path / "a.idx").write_bytes(content)
    with pytest.raises(DataError, match=message):
        load_dataset(tmp_path / "a.idx")
