"""load_dataset: files that cannot be opened, labels elsewhere, options for pictures and names."""

from __future__ import annotations

import pathlib

import numpy as np
import pandas as pd
import pytest

from glassnet.data import Dataset, ImageShape, load_dataset
from glassnet.errors import DataError

X = np.arange(24.0).reshape(6, 4)
Y = [1, 2, 1, 2, 1, 2]


@pytest.fixture
def table(tmp_path) -> pathlib.Path:
    path = tmp_path / "X.csv"
    np.savetxt(path, X, delimiter=",")
    return path


def test_missing_file_names_a_near_one(table) -> None:
    with pytest.raises(DataError, match=r"XX\.csv does not exist\. Did you mean 'X\.csv'\?"):
        load_dataset(table.with_name("XX.csv"))
    with pytest.raises(DataError, match=r"Did you mean 'digits'\?"):
        load_dataset("digit")
    with pytest.raises(DataError, match="nor can its folder"):
        load_dataset(table.parent / "none" / "X.csv")


def test_empty_files_of_every_kind(tmp_path) -> None:
    for suffix in (".csv", ".csv.gz", ".npz", ".npy", ".mat", ".parquet", ".idx"):
        path = tmp_path / f"t{suffix}"
        path.touch()
        with pytest.raises(DataError, match="is empty"):
            load_dataset(path)


def test_unreadable_file(table, monkeypatch) -> None:
    def refuse(*args, **kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(pathlib.Path, "read_bytes", refuse)
    with pytest.raises(DataError, match=r"X\.csv cannot be read: Permission denied"):
        load_dataset(table)
    np.save(table.with_suffix(".npy"), X)
    monkeypatch.setattr(pathlib.Path, "open", refuse)
    with pytest.raises(DataError, match=r"X\.npy cannot be read: Permission denied"):
        load_dataset(table.with_suffix(".npy"))


def test_what_is_no_regular_file() -> None:
    if not pathlib.Path("/dev/null").exists():
        pytest.skip("there is no device file here")
    with pytest.raises(DataError, match=r"no kind that is read|no regular file"):
        load_dataset("/dev/null")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("y.csv", "1\n2\n1\n2\n1\n2\n"),
        ("y.csv", "label\n1\n2\n1\n2\n1\n2\n"),
        ("y.txt", "1.0\n2.0\n1.0\n2.0\n1.0\n2.0"),
        ("y.csv", "id,label\n7,1\n8,2\n9,1\n10,2\n11,1\n12,2\n"),
    ],
)
def test_labels_in_a_second_file(table, name, text) -> None:
    path = table.with_name(name)
    path.write_text(text)
    data = load_dataset(table, labels=str(path))
    assert data.y.tolist() == Y
    assert data.X.tolist() == X.tolist()


@pytest.mark.parametrize("header", [True, False])
def test_words_as_labels_with_a_header_told_by_their_number(table, header) -> None:
    path = table.with_name("y.csv")
    words = ["not spam", "spam"] * 3
    path.write_text("\n".join(["kind"] * header + words))
    assert load_dataset(table, labels=path).y.tolist() == words


def test_labels_of_another_length(table) -> None:
    path = table.with_name("y.csv")
    path.write_text("1\n2\n")
    with pytest.raises(DataError, match=r"2 labels in y\.csv, but 6 rows"):
        load_dataset(table, labels=path)
    with pytest.raises(DataError, match="5 labels in the labels, but 6 rows"):
        load_dataset(table, labels=Y[:5])


def test_labels_among_several_columns(table) -> None:
    path = table.with_name("y.csv")
    path.write_text("p,q\n" + "1,2\n" * 3 + "2,1\n" * 3)
    with pytest.raises(DataError, match="has 2 columns; give labels a file of one"):
        load_dataset(table, labels=path)
    assert load_dataset(table, labels=path, target="q").y.tolist() == [2, 2, 2, 1, 1, 1]


def test_image_shape_and_pixel_order(table) -> None:
    data = load_dataset(table, labels=Y, image_shape="2x2", pixel_order="F")
    assert data.image == ImageShape(2, 2, 1, "F")
    assert load_dataset(table, labels=Y, image_shape=(2, 2)).image == ImageShape(2, 2)
    given = ImageShape(4, 1, pixel_order="F")
    assert load_dataset(table, labels=Y, image_shape=given).image is not None
    assert load_dataset(table, labels=Y, image_shape=given).image == given
    with pytest.raises(DataError, match="3x3 needs 9 columns, but the rows have 4: 2x2"):
        load_dataset(table, labels=Y, image_shape="3x3")
    with pytest.raises(DataError, match="give image_shape too"):
        load_dataset(table, labels=Y, pixel_order="F")
    with pytest.raises(DataError, match="whole numbers"):
        load_dataset(table, labels=Y, image_shape=(2.0, 2))  # type: ignore[arg-type]


def test_images_hold_no_text(tmp_path) -> None:
    frame = pd.DataFrame({"a": ["u", "v"], "b": [1.0, 2.0]})
    with pytest.raises(DataError, match="text in column 'a'"):
        load_dataset(frame, image_shape="1x2", require_labels=False)


def test_class_names(table) -> None:
    assert load_dataset(table, labels=Y, class_names="one, two").class_names == ("one", "two")
    assert load_dataset(table, labels=Y, class_names=["p", "q"]).class_names == ("p", "q")
    with pytest.raises(DataError, match=r"3 class names were given, but .* has 2 classes"):
        load_dataset(table, labels=Y, class_names="a,b,c")


def test_a_dataset_comes_back_as_it_is() -> None:
    data = Dataset.from_arrays(X, np.array(Y))
    assert load_dataset(data) is data
    shaped = load_dataset(data, image_shape="2x2", pixel_order="F", class_names="a,b")
    assert shaped.image == ImageShape(2, 2, pixel_order="F")
    assert shaped.class_names == ("a", "b")
    with pytest.raises(DataError, match="has no labels"):
        load_dataset(Dataset.from_arrays(X))
    with pytest.raises(DataError, match="give image_shape too"):
        load_dataset(data, pixel_order="F")


def test_predicting_needs_no_labels(tmp_path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a,b\n1,2\n3,4\n")
    assert load_dataset(path, target="y", require_labels=False).y is None
    path.write_text("a,b,y\n1,2,0\n3,4,0\n")
    assert load_dataset(path, target="y", require_labels=False).y.tolist() == [0, 0]
