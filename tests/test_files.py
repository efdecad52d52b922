from __future__ import annotations

import errno
import os
import pathlib
import shutil
import tempfile

import pytest

from glassnet import files
from glassnet.errors import OutputError


def fail_with(number: int):
    def fail(*args, **kwargs):
        raise OSError(number, os.strerror(number))

    return fail


def names(folder: pathlib.Path) -> list[str]:
    return sorted(str(file.relative_to(folder)) for file in folder.rglob("*"))


def test_a_file_is_written_and_replaced(tmp_path):
    target = tmp_path / "model.safetensors"
    assert files.atomic_write_bytes(target, b"first") == target
    files.atomic_write_bytes(str(target), b"second\r\n")
    assert target.read_bytes() == b"second\r\n"
    assert names(tmp_path) == ["model.safetensors"]


def test_a_new_file_has_the_usual_mode_and_a_replaced_one_keeps_its_own(tmp_path):
    plain = tmp_path / "plain"
    plain.write_bytes(b"")
    fresh = files.atomic_write_bytes(tmp_path / "fresh", b"")
    assert fresh.stat().st_mode == plain.stat().st_mode
    plain.chmod(0o640)
    files.atomic_write_bytes(plain, b"new")
    assert plain.stat().st_mode & 0o777 == 0o640


def test_a_symbolic_link_stays_and_its_file_is_replaced(tmp_path):
    (tmp_path / "deep").mkdir()
    real = tmp_path / "deep" / "real"
    real.write_bytes(b"old")
    link = tmp_path / "link"
    link.symlink_to(real)
    files.atomic_write_bytes(link, b"new")
    assert link.is_symlink()
    assert real.read_bytes() == b"new"


def test_text_is_utf8_with_line_ends_as_given(tmp_path):
    target = files.atomic_write_text(tmp_path / "a.txt", "é\r\n→\n\udcff")
    assert target.read_bytes() == "é\r\n→\n\\udcff".encode()


@pytest.mark.parametrize("step", ["fsync", "replace"])
@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "no space left"),
        (errno.EDQUOT, "no space left"),
        (errno.EACCES, "no right to write"),
        (errno.EROFS, "no right to write"),
        (errno.EIO, "the system says: Input/output error"),
    ],
)
def test_a_failed_write_loses_nothing(tmp_path, monkeypatch, step, number, words):
    target = tmp_path / "report.html"
    target.write_bytes(b"precious")
    monkeypatch.setattr(os, step, fail_with(number))
    with pytest.raises(OutputError, match=words) as failure:
        files.atomic_write_bytes(target, b"half")
    assert str(failure.value).startswith(f"{target} cannot be written because ")
    assert target.read_bytes() == b"precious"
    assert names(tmp_path) == ["report.html"]


def test_places_where_no_file_can_be(tmp_path):
    with pytest.raises(OutputError, match=r"folder .*absent does not exist\. Create it"):
        files.atomic_write_bytes(tmp_path / "absent" / "a", b"")
    with pytest.raises(OutputError, match="because it is a folder"):
        files.atomic_write_bytes(tmp_path, b"")
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OutputError, match="a part of its path is a file"):
        files.atomic_write_bytes(tmp_path / "file" / "a", b"")


def test_a_device_is_not_replaced(tmp_path):
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    with pytest.raises(OutputError, match="not a regular file"):
        files.atomic_write_bytes(fifo, b"")
    assert fifo.is_fifo()


def test_an_output_folder_is_created_with_its_parents_and_left_empty(tmp_path):
    folder = tmp_path / "a" / "b"
    assert files.prepare_output_folder(str(folder)) == folder
    assert names(tmp_path) == ["a", "a/b"]
    (folder / "kept").write_bytes(b"x")
    files.prepare_output_folder(folder)
    assert (folder / "kept").read_bytes() == b"x"


def test_a_checked_folder_leaves_no_trace(tmp_path):
    files.check_output_folder(tmp_path / "a" / "b")
    assert names(tmp_path) == []
    (tmp_path / "mine").mkdir()
    files.check_output_folder(tmp_path / "mine")
    assert names(tmp_path) == ["mine"]


def test_a_name_that_is_too_long_is_a_sentence(tmp_path):
    for use in (files.prepare_output_folder, files.check_output_folder):
        with pytest.raises(OutputError, match="cannot be written because the system says"):
            use(tmp_path / ("a" * 300))


def test_a_file_is_no_output_folder(tmp_path):
    file = tmp_path / "out"
    file.write_bytes(b"")
    with pytest.raises(OutputError, match="is a file, not a folder"):
        files.prepare_output_folder(file)
    with pytest.raises(OutputError, match="a part of its path is a file"):
        files.prepare_output_folder(file / "deeper")


@pytest.mark.parametrize(
    ("number", "words"), [(errno.EACCES, "no right"), (errno.ENOSPC, "no space left")]
)
def test_a_folder_that_takes_no_file_is_refused(tmp_path, monkeypatch, number, words):
    monkeypatch.setattr(tempfile, "TemporaryFile", fail_with(number))
    with pytest.raises(OutputError, match=words):
        files.prepare_output_folder(tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_the_right_to_write_is_refused(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(OutputError, match="no right to write"):
        files.prepare_output_folder(tmp_path)


def test_staged_files_appear_together_and_others_stay(tmp_path):
    (tmp_path / "report.html").write_bytes(b"old")
    (tmp_path / "mine.txt").write_bytes(b"mine")
    with files.atomic_folder_write(tmp_path) as staging:
        (staging / "report.html").write_bytes(b"new")
        (staging / "figures").mkdir()
        (staging / "figures" / "loss.svg").write_bytes(b"<svg/>")
        assert (tmp_path / "report.html").read_bytes() == b"old"
    assert names(tmp_path) == ["figures", "figures/loss.svg", "mine.txt", "report.html"]
    assert (tmp_path / "report.html").read_bytes() == b"new"
    assert (tmp_path / "figures").stat().st_mode & 0o777 == tmp_path_mode(tmp_path)


def tmp_path_mode(tmp_path: pathlib.Path) -> int:
    plain = tmp_path / "plain"
    plain.mkdir()
    return plain.stat().st_mode & 0o777


@pytest.mark.parametrize("failure", [ValueError, KeyboardInterrupt])
def test_a_failed_block_leaves_the_folder_as_it_was(tmp_path, failure):
    (tmp_path / "report.html").write_bytes(b"old")

    def write_half() -> None:
        with files.atomic_folder_write(tmp_path) as staging:
            (staging / "report.html").write_bytes(b"half")
            raise failure

    with pytest.raises(failure):
        write_half()
    assert names(tmp_path) == ["report.html"]
    assert (tmp_path / "report.html").read_bytes() == b"old"


def test_a_failed_block_removes_the_folders_it_created(tmp_path):
    with pytest.raises(ValueError, match="why"), files.atomic_folder_write(tmp_path / "a" / "b"):
        raise ValueError("why")
    assert names(tmp_path) == []


def test_a_disk_that_fills_up_in_the_block_is_a_sentence(tmp_path):
    with (
        pytest.raises(OutputError, match=r"out cannot be written because there is no space left"),
        files.atomic_folder_write(tmp_path / "out"),
    ):
        fail_with(errno.ENOSPC)()


def test_other_failures_of_the_block_stay_what_they_are(tmp_path):
    with pytest.raises(FileNotFoundError), files.atomic_folder_write(tmp_path / "out"):
        (tmp_path / "absent.csv").read_bytes()


@pytest.mark.parametrize("folder_exists", [True, False])
def test_nothing_moves_where_a_name_is_taken_by_the_other_kind(tmp_path, folder_exists):
    (tmp_path / "a.txt").write_bytes(b"old")
    taken = tmp_path / "figures"
    taken.mkdir() if folder_exists else taken.write_bytes(b"x")

    def write() -> None:
        with files.atomic_folder_write(tmp_path) as staging:
            (staging / "a.txt").write_bytes(b"new")
            staged = staging / "figures"
            staged.write_bytes(b"y") if folder_exists else staged.mkdir()

    expected = r"figures is a folder, and a file" if folder_exists else "is a file, and a folder"
    with pytest.raises(OutputError, match=expected):
        write()
    assert (tmp_path / "a.txt").read_bytes() == b"old"
    assert names(tmp_path) == ["a.txt", "figures"]


def test_a_failed_move_is_a_sentence(tmp_path, monkeypatch):
    def write() -> None:
        with files.atomic_folder_write(tmp_path) as staging:
            (staging / "a").write_bytes(b"")
            monkeypatch.setattr(os, "replace", fail_with(errno.EROFS))

    with pytest.raises(OutputError, match="no right to write"):
        write()
    assert names(tmp_path) == []


def test_staging_shares_the_file_system_of_the_target(tmp_path):
    with files.atomic_folder_write(tmp_path) as staging:
        assert staging.parent == tmp_path
        assert shutil.disk_usage(staging).total == shutil.disk_usage(tmp_path).total
