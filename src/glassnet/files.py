"""Writing files so that a failure loses nothing.

A file is first written whole under a temporary name in the folder where it belongs, then renamed:
readers see the old file or the new one, never half of one. A folder of results is staged the same
way. Whatever stops a write (no space, no right, a folder that is missing) becomes an
`OutputError` of one or two sentences.
"""

from __future__ import annotations

__all__ = [
    "atomic_folder_write",
    "atomic_write_bytes",
    "atomic_write_text",
    "check_output_folder",
    "prepare_output_folder",
]

import contextlib
import errno
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from glassnet.errors import OutputError

_NO_SPACE = (errno.ENOSPC, errno.EDQUOT)
_NO_RIGHT = (errno.EACCES, errno.EPERM, errno.EROFS)
_PROBE_BYTES = 65536


def atomic_write_bytes(path: str | os.PathLike[str], content: bytes) -> Path:
    """Write a file whole or not at all; a file already there is replaced in one step.

    Parameters
    ----------
    path : str or path
        The file. Its folder must exist. Where the path is a symbolic link, the file it points to
        is replaced and the link stays.
    content : bytes
        All that the file shall hold.

    Returns
    -------
    Path
        The path that was asked for.

    Raises
    ------
    OutputError
        If the file cannot be written. What was there before is untouched.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> atomic_write_bytes(folder / "rates.txt", b"0.93").read_bytes()
    b'0.93'
    """
    asked = Path(path)
    target = Path(os.path.realpath(asked))
    # Renaming onto a device such as /dev/null would destroy it where the user is root.
    if target.exists() and not target.is_file():
        what = "a folder" if target.is_dir() else "not a regular file"
        raise OutputError(f"{asked} cannot be written because it is {what}. Name a file instead.")
    temporary = target.with_name(f".{secrets.token_hex(8)}.tmp")
    with _in_a_sentence(asked):
        try:
            with open(temporary, "xb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            if target.exists():
                shutil.copymode(target, temporary)
            os.replace(temporary, target)
        finally:
            temporary.unlink(missing_ok=True)
    return asked


def atomic_write_text(path: str | os.PathLike[str], text: str) -> Path:
    r"""Write a text as UTF-8, whole or not at all; see `atomic_write_bytes`.

    Line ends stay as they are in `text`. Lone surrogates, which stand for the undecodable bytes of
    a file's name and have no UTF-8, are written as ``\udcff``.

    Parameters
    ----------
    path : str or path
        The file. Its folder must exist.
    text : str
        All that the file shall hold.

    Returns
    -------
    Path
        The path that was asked for.

    Raises
    ------
    OutputError
        If the file cannot be written. What was there before is untouched.
    """
    return atomic_write_bytes(path, text.encode("utf-8", errors="backslashreplace"))


def prepare_output_folder(path: str | os.PathLike[str]) -> Path:
    """Create a folder for results, with its parents, and prove that it can be written to.

    The proof is a file of 64 kB that is written and removed: it finds missing rights, a read-only
    file system, a full disk and a full quota alike. Call it before a long computation.

    Parameters
    ----------
    path : str or path
        The folder. It may exist; what is in it is left alone.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    OutputError
        If the path is not a folder, cannot be created or cannot be written to.
    """
    folder = Path(path)
    with _in_a_sentence(folder):
        if folder.exists() and not folder.is_dir():
            raise OutputError(
                f"{folder} is a file, not a folder. Name another folder for the results."
            )
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(bytes(_PROBE_BYTES))
            probe.flush()
            os.fsync(probe.fileno())
    return folder


def check_output_folder(path: str | os.PathLike[str]) -> None:
    """Prove as `prepare_output_folder` does that results can be written, and leave no trace.

    Parameters
    ----------
    path : str or path
        The folder. Where it does not exist it does not exist afterwards either.

    Raises
    ------
    OutputError
        If the path is not a folder, cannot be created or cannot be written to.
    """
    with _without_new_empty_folders(Path(path)):
        prepare_output_folder(path)


@contextlib.contextmanager
def atomic_folder_write(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Write several files, which appear in the folder only when all of them are complete.

    The block writes into an empty staging folder, in subfolders too. When it ends well, each file
    is renamed into its place; files of the same name are replaced, all others stay. When it fails,
    the folder is as it was before.

    The staging folder lies hidden inside the target folder, because there alone a rename is sure
    to stay on one file system and within the rights that were proven.

    Parameters
    ----------
    path : str or path
        The target folder; created where it does not exist.

    Yields
    ------
    Path
        The staging folder.

    Raises
    ------
    OutputError
        If the folder cannot be written to, the disk fills up, or a file would have to replace a
        folder of the same name (or the reverse).

    Examples
    --------
    >>> import tempfile
    >>> target = Path(tempfile.mkdtemp()) / "study"
    >>> with atomic_folder_write(target) as staging:
    ...     _ = (staging / "report.html").write_text("<p>Done.")
    >>> [file.name for file in target.iterdir()]
    ['report.html']
    """
    folder = Path(path)
    with _without_new_empty_folders(folder):
        prepare_output_folder(folder)
        with _in_a_sentence(folder):
            staging = Path(tempfile.mkdtemp(prefix=".unfinished-", dir=folder))
        try:
            try:
                yield staging
            except OSError as error:  # of the caller's failures only a full disk is surely about us
                if error.errno in _NO_SPACE:
                    raise _output_error(folder, error) from error
                raise
            with _in_a_sentence(folder):
                _move_files(staging, folder)
        finally:
            shutil.rmtree(staging, ignore_errors=True)


@contextlib.contextmanager
def _without_new_empty_folders(folder: Path) -> Iterator[None]:
    """Remove `folder` and its parents again where the block created them and left them empty."""
    with _in_a_sentence(folder):
        created = [parent for parent in (folder, *folder.parents) if not parent.exists()]
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            for parent in created:
                parent.rmdir()


def _move_files(staging: Path, folder: Path) -> None:
    """Rename every file below `staging` to its place below `folder`, once all places are fit."""
    entries = sorted(staging.rglob("*"))
    for entry in entries:
        place = folder / entry.relative_to(staging)
        if place.exists() and place.is_dir() != entry.is_dir():
            kind, needed = ("folder", "file") if place.is_dir() else ("file", "folder")
            raise OutputError(
                f"{place} is a {kind}, and a {needed} of that name is to be written. "
                "Remove it or name another folder for the results."
            )
    for entry in entries:
        place = folder / entry.relative_to(staging)
        if entry.is_dir():
            place.mkdir(exist_ok=True)
        else:
            os.replace(entry, place)


@contextlib.contextmanager
def _in_a_sentence(path: Path) -> Iterator[None]:
    """Turn the system's failure to write to `path` into an `OutputError`."""
    try:
        yield
    except OutputError:
        raise
    except OSError as error:
        raise _output_error(path, error) from error


def _output_error(path: Path, error: OSError) -> OutputError:
    if error.errno in _NO_SPACE:
        why = "there is no space left on its disk. Free some space or choose another place."
    elif error.errno in _NO_RIGHT:
        why = "you have no right to write there. Choose another place or change its permissions."
    elif error.errno == errno.ENOENT:
        why = f"the folder {path.parent} does not exist. Create it or choose another place."
    elif error.errno == errno.ENOTDIR:
        why = "a part of its path is a file, not a folder. Choose another place."
    else:
        why = f"the system says: {error.strerror or error}. Choose another place."
    return OutputError(f"{path} cannot be written because {why}")
