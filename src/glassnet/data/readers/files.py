"""Open a file that may be missing, unreadable, empty, broken or hostile."""

from __future__ import annotations

__all__ = [
    "EXPANDED_LIMIT",
    "check_expanded",
    "has_suffix",
    "parsing",
    "read_bytes",
    "regular_file",
]

import gzip
import os
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from glassnet.errors import DataError, GlassnetError, nearest_name

# No file of some kilobytes may fill the memory: bytes that compressed contents may expand to.
EXPANDED_LIMIT = 2**31


def has_suffix(*suffixes: str) -> Callable[[Any], bool]:
    """Make a test of whether a source is a path that ends in one of `suffixes`."""

    def accepts(source: Any) -> bool:
        return isinstance(source, Path) and source.name.lower().endswith(suffixes)

    return accepts


def regular_file(path: Path) -> int:
    """Give the size of a file in bytes.

    Raises
    ------
    DataError
        When it is missing (names a near one), empty, or no regular file.
    """
    try:
        size = path.stat().st_size
        regular = path.is_file()
    except FileNotFoundError as error:
        raise missing_file(path) from error
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from error
    if not regular:
        raise DataError(f"{path} is no regular file; give the path of a file with data.")
    if size == 0:
        raise DataError(f"{path} is empty: it has no rows to read.")
    return size


def missing_file(path: Path, also: tuple[str, ...] = ()) -> DataError:
    """Make the error for a path that does not exist, with the nearest name that does."""
    folder = path.parent
    try:
        names = sorted(os.listdir(folder))
    except OSError:
        return DataError(f"{path} does not exist, nor can its folder {folder} be read.")
    return DataError(f"{path} does not exist.{nearest_name(path.name, [*names, *also])}")


@contextmanager
def parsing(path: Path, kind: str) -> Iterator[None]:
    """Turn whatever a parser raises on a broken file into a DataError that says what it is not."""
    try:
        yield
    except GlassnetError:
        raise
    except PermissionError as error:
        raise _unreadable(path, error) from error
    except Exception as error:
        # Parsers of foreign formats raise errors of many types on broken files.
        reason = str(error).strip().splitlines()
        detail = f" ({reason[0][:120]})" if reason else ""
        raise DataError(
            f"{path} cannot be read as {kind}: it is truncated or broken{detail}."
        ) from (error)


def read_bytes(path: Path) -> bytes:
    """Read a whole file, expanded where its name ends in .gz.

    Raises
    ------
    DataError
        When the file is missing, unreadable, empty, or expands beyond `EXPANDED_LIMIT`.
    """
    regular_file(path)
    try:
        if path.suffix.lower() != ".gz":
            return path.read_bytes()
        with gzip.open(path, "rb") as file:
            data = file.read(EXPANDED_LIMIT + 1)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise DataError(f"{path} is not a whole gzip file: it is truncated or broken.") from error
    except OSError as error:
        raise _unreadable(path, error) from error
    check_expanded(path, len(data))
    if not data:
        raise DataError(f"{path} is empty: it has no rows to read.")
    return data


def check_expanded(path: Path, size: int) -> None:
    """Refuse compressed contents of `size` bytes or more where that is beyond all sense."""
    if size > EXPANDED_LIMIT:
        raise DataError(
            f"{path} expands to more than {EXPANDED_LIMIT / 2**30:g} GiB, the limit for compressed "
            "files; expand it first, or take fewer rows."
        )


def _unreadable(path: Path, error: Exception) -> DataError:
    reason = getattr(error, "strerror", None) or str(error)
    return DataError(f"{path} cannot be read: {reason}.")
