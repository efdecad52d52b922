"""Several arrays in an .npz file."""

from __future__ import annotations

import io
import zipfile

import numpy as np
import pytest

from glassnet.data import load_dataset
from glassnet.data.readers import files
from glassnet.errors import DataError

X = np.arange(12.0).reshape(4, 3)
Y = np.array([0, 1, 1, 0])


@pytest.fixture
def save(tmp_path):
    def _save(**arrays):
        np.savez_compressed(tmp_path / "t.npz", **arrays)
        return tmp_path / "t.npz"

    return _save


@pytest.mark.parametrize(
    "names", [("X", "y"), ("data", "labels"), ("images", "target"), ("p", "q")]
)
def test_data_and_labels(save, names) -> None:
    data = load_dataset(save(**{names[0]: X, names[1]: Y}))
    assert data.X.tolist() == X.tolist()
    assert data.y.tolist() == Y.tolist()
    assert data.name == "t.npz"


def test_training_rows_only_and_the_name_says_so(save) -> None:
    images = np.arange(4 * 2 * 3, dtype=np.uint8).reshape(4, 2, 3)
    data = load_dataset(save(X_train=images, y_train=Y, X_test=images[:1], y_test=Y[:1]))
    assert data.name == "t.npz (training rows)"
    assert (data.image.height, data.image.width, data.image.pixel_order) == (2, 3, "C")
    assert data.X.dtype == np.float32
    np.testing.assert_array_equal(data.image.to_images(data.X), images)


def test_y_counts_through_classes(save) -> None:
    text = load_dataset(save(X=X, y=Y, classes=np.array(["10", "2"])))
    assert text.y.tolist() == [10, 2, 2, 10]
    names = load_dataset(save(X=X, y=Y, classes=np.array(["no", "yes"])))
    assert names.y.tolist() == ["no", "yes", "yes", "no"]
    numbers = load_dataset(save(X=X, y=Y + 1, classes=np.array([1, 2])))
    assert numbers.y.tolist() == [1, 2, 2, 1]


def test_columns_of_categories_become_text(save) -> None:
    table = X.copy()
    table[:, 1] = [3, 0, np.nan, 3]
    mask = np.array([False, True, False])
    data = load_dataset(save(X=table, y=Y, cat_mask=mask, feature_names=np.array(["a", "b", "c"])))
    assert data.is_mixed
    assert data.X["b"].tolist()[:2] == ["3", "0"]
    assert data.X["b"].isna().tolist() == [False, False, True, False]
    assert data.X["c"].tolist() == X[:, 2].tolist()


def test_feature_names_must_fit(save) -> None:
    with pytest.raises(DataError, match="3 different names"):
        load_dataset(save(X=X, y=Y, feature_names=np.array(["a", "b", "a"])))


def test_missing_values_make_a_mixed_table_and_pixels_may_not_miss(save) -> None:
    table = X.copy()
    table[2, 1] = np.nan
    data = load_dataset(save(X=table, y=Y))
    assert data.is_mixed
    assert data.describe().missing_columns == ("x1",)
    with pytest.raises(DataError, match=r"missing value \(NaN\) in row 3, column 'x1'"):
        load_dataset(save(X=table, y=Y), image_shape="1x3")
    with pytest.raises(DataError, match=r"missing value \(NaN\) in row 3, column 'x1'"):
        load_dataset(save(X=table[:, None, :], y=Y))


def test_pickles_are_never_read(save) -> None:
    objects = np.array([[1, "a"], [2, "b"], [3, "c"], [4, "d"]], dtype=object)
    with pytest.raises(DataError, match="pickled"):
        load_dataset(save(X=objects))
    with pytest.raises(DataError, match="no array called X"):
        load_dataset(save(X=objects, y=Y))


def test_header_that_lies_is_found_before_memory_is_taken(tmp_path) -> None:
    file = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        file, {"descr": "<f8", "fortran_order": False, "shape": (10**9, 10**6)}
    )
    with zipfile.ZipFile(tmp_path / "t.npz", "w") as archive:
        archive.writestr("X.npy", file.getvalue() + bytes(100))
    with pytest.raises(DataError, match="truncated or broken: an array of shape"):
        load_dataset(tmp_path / "t.npz")


def test_truncated_foreign_and_expanding_files(save, monkeypatch) -> None:
    path = save(X=X, y=Y)
    whole = path.read_bytes()
    for broken in (whole[:60], b"PK\x03\x04" + bytes(200)):
        path.write_bytes(broken)
        with pytest.raises(DataError, match=r"cannot be read as \.npz"):
            load_dataset(path)
    monkeypatch.setattr(files, "EXPANDED_LIMIT", 50)
    with pytest.raises(DataError, match="expands to more than"):
        load_dataset(save(X=X, y=Y))


def test_zip_without_arrays(tmp_path) -> None:
    with zipfile.ZipFile(tmp_path / "t.npz", "w") as archive:
        archive.writestr("readme.txt", "hello")
    with pytest.raises(DataError, match="holds no arrays"):
        load_dataset(tmp_path / "t.npz")


@pytest.mark.shared_data
def test_tables(shared_data) -> None:
    letter = load_dataset(shared_data / "tables" / "letter.npz")
    assert letter.class_names[:3] == ("A", "B", "C")
    assert "x.bar" in letter.feature_names
    satimage = load_dataset(shared_data / "tables" / "satimage.npz")
    assert satimage.classes.tolist() == [1, 2, 3, 4, 5, 7]
    isolet = load_dataset(shared_data / "tables" / "isolet1.npz")
    assert isolet.classes.tolist() == list(range(1, 27))
