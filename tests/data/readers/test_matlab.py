"""MATLAB files."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.io

from glassnet.data import load_dataset
from glassnet.data.readers import files
from glassnet.errors import DataError

X = np.arange(24.0).reshape(4, 6)
Y = np.array([[1], [2], [1], [10]], dtype=np.uint8)


@pytest.fixture
def save(tmp_path):
    def _save(**arrays):
        path = tmp_path / "t.mat"
        scipy.io.savemat(path, arrays, do_compression=True)
        return path

    return _save


@pytest.mark.parametrize("names", [("X", "y"), ("data", "labels"), ("anything", "other")])
def test_data_and_labels(save, names) -> None:
    data = load_dataset(save(**{names[0]: X, names[1]: Y}), require_labels=False)
    assert data.X.tolist() == X.tolist()
    assert data.y.tolist() == [1, 2, 1, 10]


def test_pictures_are_in_order_f_unless_said_otherwise(save) -> None:
    path = save(X=X, y=np.array([[1], [2], [1], [2]]))
    data = load_dataset(path, image_shape="2x3")
    assert data.image.pixel_order == "F"
    assert data.image.to_images(data.X[0]).tolist() == [[0, 2, 4], [1, 3, 5]]
    assert load_dataset(path, image_shape="2x3", pixel_order="C").image.pixel_order == "C"


def test_pictures_along_the_last_axis(save) -> None:
    pictures = np.random.RandomState(0).uniform(size=(4, 2, 3))
    data = load_dataset(save(images=pictures.transpose(1, 2, 0), y=[[1, 2, 1, 2]]))
    np.testing.assert_array_equal(data.image.to_images(data.X), pictures)


def test_labels_alone(save, tmp_path) -> None:
    np.save(tmp_path / "X.npy", X)
    labels = save(y=[[1, 2, 1, 2]])
    assert load_dataset(tmp_path / "X.npy", labels=labels).y.tolist() == [1, 2, 1, 2]


def test_named_target(save) -> None:
    path = save(X=X, y=[[1, 2, 1, 2]], coarse=[[0, 0, 1, 1]])
    assert load_dataset(path, target="coarse").y.tolist() == [0, 0, 1, 1]
    with pytest.raises(DataError, match=r"no array called 'corse'.*Did you mean 'coarse'\?"):
        load_dataset(path, target="corse")
    assert load_dataset(path, target="corse", require_labels=False).y is None


def test_weights_of_a_net_are_no_data(save) -> None:
    with pytest.raises(DataError, match=r"Theta1, Theta2.*glassnet convert"):
        load_dataset(save(Theta1=X, Theta2=X))


def test_more_than_one_table(save) -> None:
    with pytest.raises(DataError, match=r"more than one table; it holds a \(4x6\), b \(4x6\)"):
        load_dataset(save(a=X, b=X))


def test_structures_are_not_read(save) -> None:
    with pytest.raises(DataError, match="no arrays of numbers"):
        load_dataset(save(X={"deep": X}))


@pytest.mark.parametrize("code", [0, 8, 10, 11, 19, 200])
def test_unknown_type_codes_are_refused_before_the_compiled_reader_sees_them(
    tmp_path, code
) -> None:
    path = tmp_path / "t.mat"
    scipy.io.savemat(path, {"X": X})
    content = path.read_bytes()
    tag = content.index(np.array([9, 8 * X.size], dtype=np.uint32).tobytes())
    path.write_bytes(content[:tag] + bytes([code]) + content[tag + 1 :])
    with pytest.raises(DataError, match="a part of unknown type"):
        load_dataset(path, require_labels=False)


def test_complex_numbers_and_repeated_names_are_refused(save) -> None:
    with pytest.raises(DataError, match="complex numbers"):
        load_dataset(save(X=X + 1j), require_labels=False)
    path = save(X=X)
    content = path.read_bytes()
    path.write_bytes(content + content[128:])
    with pytest.raises(DataError, match="two arrays have the same name"):
        load_dataset(path, require_labels=False)


def test_files_of_version_4_and_of_other_number_types(tmp_path) -> None:
    path = tmp_path / "t.mat"
    scipy.io.savemat(path, {"X": X, "y": [[1, 2, 1, 2]]}, format="4")
    assert load_dataset(path).X.tolist() == X.tolist()
    for dtype in (np.int8, np.uint16, np.int64, np.float32, bool):
        scipy.io.savemat(path, {"X": X.astype(dtype), "y": [[1, 2, 1, 2]]})
        assert load_dataset(path).X.tolist() == X.astype(dtype).tolist()


def test_version_7_3_truncated_foreign_and_expanding(save, tmp_path, monkeypatch) -> None:
    path = tmp_path / "v73.mat"
    header = b"MATLAB 7.3 MAT-file".ljust(124) + bytes([0, 2]) + b"IM"
    path.write_bytes(header + bytes(512))
    with pytest.raises(DataError, match=r"7.3.*save it with -v7"):
        load_dataset(path)
    whole = save(X=X, y=Y)
    content = whole.read_bytes()
    for broken in (content[:150], content[:-40], b"not a matlab file at all" * 10):
        whole.write_bytes(broken)
        with pytest.raises(DataError, match=r"t\.mat"):
            load_dataset(whole)
    monkeypatch.setattr(files, "EXPANDED_LIMIT", 100)
    with pytest.raises(DataError, match="expands to more than"):
        load_dataset(save(X=X, y=Y))


@pytest.mark.shared_data
def test_digits(shared_data) -> None:
    data = load_dataset(shared_data / "digits5000.mat", image_shape="20x20")
    table = load_dataset(shared_data / "X.csv", labels=shared_data / "y.csv")
    assert data.image.pixel_order == "F"
    assert np.abs(data.X - table.X).max() < 6e-4
    np.testing.assert_array_equal(data.y, table.y)
