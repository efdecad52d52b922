"""Check the elements of a MATLAB 5 file before SciPy reads it.

SciPy's compiled reader takes the type codes of elements on trust, and a damaged one can end the
process. Layout of the elements: "MAT-File Format" (MathWorks), level 5.
"""

from __future__ import annotations

__all__ = ["check_elements"]

import struct
import zlib
from pathlib import Path

from glassnet.data.readers.files import EXPANDED_LIMIT, check_expanded

_HEADER_BYTES = 128
_MATRIX, _COMPRESSED = 14, 15
_INT8, _INT32, _UINT32 = 1, 5, 6
# Codes of the types that numbers are stored as: 8 to 64 bits, with sign and without, and floats.
_NUMBERS = frozenset((1, 2, 3, 4, 5, 6, 7, 9, 12, 13))
# Classes of arrays of numbers: double, single and the integers.
_NUMBER_CLASSES = range(6, 16)
_COMPLEX = 0x0800


def check_elements(path: Path, data: bytes) -> None:
    """Walk through the elements of the file with the bytes `data`.

    Raises
    ------
    ValueError, struct.error, zlib.error
        When an array of numbers is cut off, complex, or of unknown type codes.
    DataError
        When an element expands beyond the limit.
    """
    order = {b"IM": "<", b"MI": ">"}.get(data[126:128])
    if order is None:
        raise ValueError("its byte order is not marked")
    place = _HEADER_BYTES
    while place < len(data):
        kind, size = struct.unpack_from(f"{order}II", data, place)
        body = data[place + 8 : place + 8 + size]
        if len(body) < size:
            raise ValueError("an element is cut off")
        place += 8 + size
        if kind == _COMPRESSED:
            inner = zlib.decompressobj().decompress(body, EXPANDED_LIMIT + 1)
            check_expanded(path, len(inner))
            kind, size = struct.unpack_from(f"{order}II", inner)
            body = inner[8 : 8 + size]
            if len(body) < size:
                raise ValueError("an element is cut off")
        if kind != _MATRIX:
            raise ValueError(f"an element has the unknown type {kind}")
        _check_matrix(body, order)


def _check_matrix(body: bytes, order: str) -> None:
    """Check flags, dimensions, name and numbers, the parts of an array of numbers."""
    kind, size = struct.unpack_from(f"{order}II", body)
    (flags,) = struct.unpack_from(f"{order}I", body, 8)
    if (kind, size) != (_UINT32, 8):
        raise ValueError("an array has broken flags")
    if flags & 0xFF not in _NUMBER_CLASSES:
        return
    if flags & _COMPLEX:
        raise ValueError("an array holds complex numbers")
    place = 16
    for allowed in (frozenset((_INT32,)), frozenset((_INT8,)), _NUMBERS):
        kind, start, size = _tag(body, place, order)
        if kind not in allowed or start + size > len(body):
            raise ValueError("an array has a part of unknown type or is cut off")
        # Parts start at multiples of 8; those of 4 bytes or less lie within their tag.
        place = place + 8 if start == place + 4 else start + -(-size // 8) * 8


def _tag(body: bytes, place: int, order: str) -> tuple[int, int, int]:
    """Give type, start and size of the part whose tag is at `place`."""
    kind, size = struct.unpack_from(f"{order}II", body, place)
    if kind >> 16:
        return kind & 0xFFFF, place + 4, kind >> 16
    return kind, place + 8, size
