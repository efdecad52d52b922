"""Damaged files of every kind end in data or in one sentence, and never in another error."""

from __future__ import annotations

import gzip
import importlib.util
import pathlib

import numpy as np
import pandas as pd
import pytest
import scipy.io
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from glassnet.data import load_dataset
from glassnet.errors import DataError

X = np.arange(24, dtype=np.uint8).reshape(6, 4)
Y = np.array([1, 2, 1, 2, 1, 2], dtype=np.uint8)
TEXT = "a,b,y\n" + "".join(f'{i},"u{i % 2}",{i % 2}\n' for i in range(6))


def whole_files(folder: pathlib.Path) -> dict[str, bytes]:
    """Give the bytes of a sound file of each kind, by name."""
    (folder / "t.csv").write_text(TEXT)
    (folder / "t.csv.gz").write_bytes(gzip.compress(TEXT.encode(), mtime=0))
    (folder / "t.txt").write_text("1 2 0\n3 4 1\n5 6 0\n7 8 1\n")
    (folder / "t.idx").write_bytes(b"\0\0\x08\x02\0\0\0\6\0\0\0\4" + X.tobytes())
    np.savez(folder / "t.npz", X=X, y=Y)
    np.savez_compressed(folder / "c.npz", X=X, y=Y)
    np.save(folder / "t.npy", X)
    scipy.io.savemat(folder / "t.mat", {"X": X, "y": Y})
    scipy.io.savemat(folder / "c.mat", {"X": X, "y": Y}, do_compression=True)
    if importlib.util.find_spec("pyarrow"):
        pd.DataFrame(X, columns=list("abcy")).to_parquet(folder / "t.parquet")
    for name in ("set/a/1.png", "set/b/1.bmp"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(X).save(folder / name)
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def sound(tmp_path_factory) -> tuple[pathlib.Path, dict[str, bytes]]:
    folder = tmp_path_factory.mktemp("sound")
    return folder, whole_files(folder)


def outcome(source: pathlib.Path) -> str:
    """Give the sentence that refuses a source, or says what was read."""
    try:
        return load_dataset(source, require_labels=False).describe().sentences()[0]
    except DataError as error:
        return str(error)


DAMAGE = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 255), st.sampled_from(["set", "cut", "insert"])),
    min_size=1,
    max_size=4,
)


@settings(
    deadline=None, max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(which=st.integers(0, 10**6), damage=DAMAGE)
def test_damage_ends_in_a_sentence(sound, which, damage) -> None:
    folder, files = sound
    name = sorted(files)[which % len(files)]
    content = bytearray(files[name])
    for where, value, how in damage:
        place = int(where * len(content))
        if how == "set" and place < len(content):
            content[place] = value
        elif how == "cut":
            del content[place:]
        else:
            content.insert(place, value)
    path = folder / name
    path.write_bytes(bytes(content))
    source = folder / "set" if name.startswith("set") else path
    try:
        said = outcome(source)
    finally:
        path.write_bytes(files[name])
    assert 10 < len(said) < 600
    assert "\n" not in said


def test_sound_files_are_read(sound) -> None:
    folder, files = sound
    for name in files:
        source = folder / "set" if name.startswith("set") else folder / name
        assert load_dataset(source, require_labels=False).n_rows in (2, 4, 6)
