"""The data sets inside scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import datasets

from glassnet.data import load_dataset
from glassnet.data.readers import BUILTIN_NAMES
from glassnet.errors import DataError


@pytest.mark.parametrize("name", BUILTIN_NAMES)
def test_values_and_names_are_scikit_learns(name) -> None:
    data = load_dataset(name)
    own = getattr(datasets, f"load_{name}")()
    np.testing.assert_array_equal(data.X, own.data)
    np.testing.assert_array_equal(data.y, own.target)
    assert data.class_names == tuple(map(str, own.target_names))
    assert data.feature_names == tuple(map(str, own.feature_names))
    assert data.name == name
    assert (data.image is None) == (name != "digits")


def test_digits_are_pictures() -> None:
    data = load_dataset("digits")
    np.testing.assert_array_equal(data.image.to_images(data.X), datasets.load_digits().images)


def test_own_labels_leave_no_place_for_a_target() -> None:
    with pytest.raises(DataError, match="has labels of its own"):
        load_dataset("iris", target="sepal length (cm)")


def test_labels_on_top_have_names_of_their_own() -> None:
    data = load_dataset("iris", labels=["a", "b"] * 75)
    assert data.class_names == ("a", "b")
