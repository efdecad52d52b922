"""Folders of images."""

from __future__ import annotations

import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from glassnet.data import load_dataset
from glassnet.errors import DataError


@pytest.fixture
def folder(tmp_path):
    def _folder(images):
        for place, pixels in images.items():
            path = tmp_path / "set" / place
            path.parent.mkdir(parents=True, exist_ok=True)
            image = pixels if isinstance(pixels, Image.Image) else Image.fromarray(pixels)
            image.save(path)
        return tmp_path / "set"

    return _folder


def grey(value, height=2, width=3):
    pixels = np.full((height, width), value, dtype=np.uint8)
    pixels[0, 0] = 0
    return pixels


def test_labels_are_names_of_subfolders_and_integers_sort_as_such(folder) -> None:
    places = ["10/b.png", "10/a.png", "9/a.png", "9/b.png"]
    source = folder({place: grey(value) for value, place in enumerate(places, 1)})
    (source / "9" / "notes.txt").write_text("no image")
    (source / ".hidden").mkdir()
    data = load_dataset(source)
    assert data.classes.tolist() == [9, 10]
    assert data.y.tolist() == [10, 10, 9, 9]
    assert str(data.image) == "2x3"
    assert data.X[:, -1].tolist() == [2, 1, 3, 4]
    assert data.X[:, 0].tolist() == [0, 0, 0, 0]
    assert data.name == "set"


def test_colour_grey_and_transparent_palettes_become_three_channels(folder) -> None:
    colour = np.arange(18, dtype=np.uint8).reshape(2, 3, 3)
    palette = Image.fromarray(grey(0)).convert("P")
    palette.info["transparency"] = b"\0\1"
    source = folder(
        {"cat/a.png": colour, "cat/b.png": grey(7), "dog/a.png": colour, "dog/b.png": palette}
    )
    data = load_dataset(source)
    assert str(data.image) == "2x3x3"
    np.testing.assert_array_equal(data.image.to_images(data.X)[0], colour)
    assert data.X[1].tolist() == [0] * 3 + [7] * 15


def test_sixteen_bits_are_kept(folder) -> None:
    pixels = np.array([[0, 256], [1000, 65535]], dtype=np.uint16)
    places = ["a/1.png", "a/2.png", "b/1.png", "b/2.png"]
    data = load_dataset(folder(dict.fromkeys(places, pixels)))
    assert data.X[0].tolist() == [0, 256, 1000, 65535]


def test_first_image_of_another_size_is_named(folder) -> None:
    source = folder({"a/1.png": grey(1), "a/2.png": grey(1, 4, 5), "b/1.png": grey(1, 9, 9)})
    with pytest.raises(DataError, match=r"2\.png is 4x5 pixels, but 1\.png is 2x3"):
        load_dataset(source)


def test_folders_without_subfolders_or_images(folder, tmp_path) -> None:
    (tmp_path / "bare").mkdir()
    with pytest.raises(DataError, match="has no subfolders"):
        load_dataset(tmp_path / "bare")
    (tmp_path / "bare" / "one").mkdir()
    with pytest.raises(DataError, match=r"subfolders of .* \(one…\) hold no images"):
        load_dataset(tmp_path / "bare")


def test_images_in_the_folder_itself_have_no_labels(folder) -> None:
    source = folder({"1.png": grey(1), "2.png": grey(2)})
    data = load_dataset(source, require_labels=False)
    assert data.y is None
    assert data.X[:, -1].tolist() == [1, 2]


@pytest.mark.parametrize("side", [2000, 12000, 20000])
def test_bombs_are_refused_by_their_header(folder, side) -> None:
    source = folder({"a/1.png": grey(1), "b/1.png": grey(1)})
    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    chunk = struct.pack(">I", 13) + b"IHDR" + header
    chunk += struct.pack(">I", zlib.crc32(b"IHDR" + header))
    (source / "a" / "1.png").write_bytes(b"\x89PNG\r\n\x1a\n" + chunk)
    with pytest.raises(DataError, match=r"1\.png"):
        load_dataset(source)


def test_broken_images(folder) -> None:
    noise = np.random.RandomState(0).randint(0, 255, (64, 64)).astype(np.uint8)
    source = folder({"a/1.png": noise, "b/1.png": noise})
    whole = (source / "a" / "1.png").read_bytes()
    for content in (whole[:2000], b"no image", b""):
        (source / "a" / "1.png").write_bytes(content)
        with pytest.raises(DataError, match=r"1\.png cannot be read as an image"):
            load_dataset(source)


@pytest.mark.shared_data
def test_mnist_folder(shared_data) -> None:
    data = load_dataset(shared_data / "images")
    assert data.X.shape == (200, 784)
    assert data.classes.tolist() == list(range(10))
