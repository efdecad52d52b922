"""The list of readers: every one is tested, and sources of no kind are refused in a sentence."""

from __future__ import annotations

import pathlib

import pytest

from glassnet.data import load_dataset
from glassnet.data.readers import READERS, find_reader
from glassnet.errors import DataError

HERE = pathlib.Path(__file__).parent


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
def test_every_reader_has_a_file_of_tests(reader) -> None:
    tests = HERE / f"test_{reader.name}.py"
    assert tests.is_file(), f"write {tests.name}"
    assert "load_dataset(" in tests.read_text()


def test_names_are_unique() -> None:
    assert len({reader.name for reader in READERS}) == len(READERS)


@pytest.mark.parametrize(
    ("name", "reader"),
    [
        ("t.CSV", "delimited"),
        ("t.csv.gz", "delimited"),
        ("t.parquet", "parquet"),
        ("t.mat", "matlab"),
        ("t.npz", "npz"),
        ("t.npy", "npy"),
        ("t10k-images-idx3-ubyte.gz", "idx"),
        ("digits", "builtin"),
        ("openml:adult", "openml"),
    ],
)
def test_the_suffix_chooses(name, reader) -> None:
    assert find_reader(name)[0].name == reader


def test_unknown_suffix_and_type(tmp_path) -> None:
    path = tmp_path / "t.xlsx"
    path.write_bytes(b"x")
    with pytest.raises(DataError, match=r"of no kind that is read \(by its suffix '.xlsx'\)"):
        load_dataset(path)
    with pytest.raises(DataError, match="cannot be read from a int"):
        load_dataset(3)
