"""Rows of pixels and pictures, in both pixel orders."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glassnet.data import ImageShape
from glassnet.errors import DataError


def test_pixel_order_c_fills_rows_and_f_fills_columns() -> None:
    row = np.arange(6)
    assert ImageShape(2, 3).to_images(row).tolist() == [[0, 1, 2], [3, 4, 5]]
    assert ImageShape(2, 3, pixel_order="F").to_images(row).tolist() == [[0, 2, 4], [1, 3, 5]]


@pytest.mark.parametrize("order", ["C", "F"])
@given(n=st.integers(0, 3), height=st.integers(1, 4), width=st.integers(1, 4), colour=st.booleans())
def test_images_are_numpys_reshape_and_unroll_back(order, n, height, width, colour) -> None:
    shape = ImageShape(height, width, 3 if colour else 1, order)
    X = np.arange(n * shape.n_pixels).reshape(n, shape.n_pixels)
    images = shape.to_images(X)
    size = (height, width, 3) if colour else (height, width)
    assert images.shape == (n, *size)
    for row, image in zip(X, images, strict=True):
        np.testing.assert_array_equal(image, row.reshape(size, order=order))
    np.testing.assert_array_equal(shape.to_rows(images), X)


@given(st.integers(1, 999), st.integers(1, 999), st.sampled_from([1, 3]))
def test_parse_reads_what_str_writes(height, width, channels) -> None:
    shape = ImageShape(height, width, channels)
    assert ImageShape.parse(str(shape)) == shape


@pytest.mark.parametrize("text", ["20", "20x", "axb", "-2x3", "2x3x4x5", "20x20x2", "0x5"])
def test_parse_refuses_what_is_no_shape(text) -> None:
    with pytest.raises(DataError):
        ImageShape.parse(text)


def test_wrong_number_of_columns_names_it_and_near_shapes() -> None:
    with pytest.raises(DataError, match=r"20x21 needs 420 columns.*have 400: 20x20 or 16x25"):
        ImageShape(20, 21).to_images(np.zeros((2, 400)))
    with pytest.raises(DataError, match="32x32x3"):
        ImageShape(28, 28).check_columns(3072)


def test_pictures_of_another_shape_do_not_unroll() -> None:
    with pytest.raises(DataError, match="3x2 pixels were given where 2x3"):
        ImageShape(2, 3).to_rows(np.zeros((1, 3, 2)))


def test_unknown_pixel_order() -> None:
    with pytest.raises(DataError, match="'A' is unknown"):
        ImageShape(2, 3, pixel_order="A")  # type: ignore[arg-type]
