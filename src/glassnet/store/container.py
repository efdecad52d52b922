"""The container of a model file: its sizes and its version, before anything is made of it."""

from __future__ import annotations

__all__ = ["broken", "heading_of", "opened", "read_array"]

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open

from glassnet.errors import ModelFileError, nearest_name
from glassnet.store.record import FORMAT, VERSION, Heading

_LONGEST_HEADER = 100_000_000  # safetensors' own limit, in bytes
# safetensors' names of types that NumPy has.
_DTYPES = frozenset(
    ["BOOL", "I8", "I16", "I32", "I64", "U8", "U16", "U32", "U64", "F16", "F32", "F64"]
)


@contextmanager
def opened(file: Path) -> Iterator[tuple[str, Any]]:
    """Open a model file; give the JSON text that describes it, and its arrays.

    Raises
    ------
    ModelFileError
        When there is no such file, or it is no model file, or damaged.
    """
    _check_container(file)
    try:
        with safe_open(file, framework="numpy") as tensors:
            described = (tensors.metadata() or {}).get("glassnet")
            if described is None:
                raise ModelFileError(
                    f"{file} is a safetensors file of another program: it says nothing of a "
                    "glassnet model."
                )
            yield described, tensors
    except (SafetensorError, OSError) as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else "no reason given"
        raise ModelFileError(
            f"{file} is truncated or damaged ({reason[:120]}). Save the model again, or take "
            "another copy."
        ) from error


def _check_container(file: Path) -> None:
    """Look at the file's size and its first bytes."""
    try:
        if file.is_dir():
            raise ModelFileError(f"{file} is a folder; give the path of a model file.")
        if not file.exists():
            raise _missing(file)
        if not file.is_file():
            raise ModelFileError(f"{file} is no regular file; give the path of a model file.")
        size = file.stat().st_size
        with file.open("rb") as stream:
            start = stream.read(9)
    except (OSError, ValueError) as error:
        if isinstance(error, ModelFileError):
            raise
        reason = getattr(error, "strerror", None) or str(error)
        raise ModelFileError(f"{file} cannot be read: {reason}.") from error
    if size == 0:
        raise ModelFileError(f"{file} is empty; it holds no model.")
    length = int.from_bytes(start[:8], "little")
    if len(start) < 9 or start[8:] != b"{" or not 2 <= length <= _LONGEST_HEADER:
        raise ModelFileError(
            f"{file} is not a model file: a model file is a safetensors file, and this is none. "
            "`glassnet fit` writes models."
        )
    if 8 + length > size:
        raise ModelFileError(
            f"{file} is truncated: its header takes {length} bytes, but the file has {size}. "
            "Save the model again, or take another copy."
        )


def _missing(file: Path) -> ModelFileError:
    try:
        names = sorted(os.listdir(file.parent))
    except OSError:
        return ModelFileError(f"{file} does not exist, nor can its folder {file.parent} be read.")
    return ModelFileError(f"{file} does not exist.{nearest_name(file.name, names)}")


def heading_of(file: Path, described: str) -> Heading:
    """Decode what every version begins with, and refuse one that is newer than this program."""
    try:
        heading = msgspec.json.decode(described, type=Heading)
    except (msgspec.DecodeError, RecursionError, UnicodeError) as error:
        raise broken(file, str(error)) from error
    if heading.format == FORMAT and heading.version > VERSION:
        raise ModelFileError(
            f"{file} has version {heading.version} of the model format, and this glassnet "
            f"reads up to version {VERSION}. Upgrade glassnet to read it."
        )
    return heading


def read_array(tensors: Any, name: str) -> NDArray[Any]:
    """Read an array of an open file, once its type is found to be one of NumPy's."""
    dtype = tensors.get_slice(name).get_dtype()
    if dtype not in _DTYPES:
        raise ModelFileError(f"array {name[:60]!r} has type {dtype}, which NumPy does not have")
    array: NDArray[Any] = tensors.get_tensor(name)
    return array


def broken(file: Path, reason: str) -> ModelFileError:
    """Return the error of a file that is none of ours any more."""
    reason = " ".join(reason.split()).rstrip(".")[:300]
    return ModelFileError(
        f"{file} is broken: {reason}. Save the model again, or take another copy."
    )
