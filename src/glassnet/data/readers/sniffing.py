"""Find out how a text file is written, from its first lines: separator, header, decimal mark."""

from __future__ import annotations

__all__ = ["MISSING_MARKS", "Layout", "is_missing", "is_number", "row_lengths", "sniff"]

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_HEAD_BYTES = 64 * 1024
_HEAD_ROWS = 100
_LONGEST_LINE = 2**24
_SEPARATORS = ("\t", ",", ";")
_WHITESPACE = r"\s+"
# What stands for a missing value; "?" is that of the UCI's tables.
MISSING_MARKS = (
    *("", "?", "NA", "Na", "na", "N/A", "n/a", "NaN", "nan", "NAN", "-NaN", "-nan"),
    *("#N/A", "#NA", "NULL", "Null", "null", "None", "none", "<NA>"),
)
_MISSING = frozenset(MISSING_MARKS)
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")


@dataclass(frozen=True)
class Layout:
    """How a text file is written.

    Parameters
    ----------
    separator : str
        A character, or the regular expression for whitespace.
    has_header : bool
        Whether the first line names the columns.
    names : tuple of str
        The names in the header, or as many empty ones as there are columns.
    decimal : str
        The decimal mark.
    all_numbers : bool
        Whether every cell of the first lines is a number, missing ones aside.
    """

    separator: str
    has_header: bool
    names: tuple[str, ...]
    decimal: str
    all_numbers: bool


def is_number(cell: str) -> bool:
    """Whether a cell reads as a number."""
    try:
        float(cell)
    except ValueError:
        return False
    return "_" not in cell


def is_missing(cell: str) -> bool:
    """Whether a cell says that its value is missing."""
    return cell.strip() in _MISSING


def sniff(text: str, header: bool | None) -> Layout:
    """Look at the first lines of `text` only; `header` overrides what they look like."""
    lines = _first_lines(text)
    separator, rows = _separate(lines)
    rows = [[cell.strip() for cell in row] for row in rows]
    has_header = _looks_like_header(rows) if header is None else header
    names = [cell.removeprefix("#").strip() for cell in rows[0]] if has_header else []
    body = rows[1:] if has_header else rows
    cells = [cell for row in body for cell in row if not is_missing(cell)]
    decimal = "," if separator == ";" and _has_decimal_commas(body) else "."
    return Layout(
        separator=separator,
        has_header=has_header,
        names=tuple(names) if has_header else ("",) * len(rows[0]),
        decimal=decimal,
        all_numbers=all(is_number(cell) for cell in cells),
    )


def _first_lines(text: str) -> list[str]:
    """Give the first whole lines that are not blank; a single long line counts as whole."""
    end = _HEAD_BYTES
    if len(text) > end:
        # Up to the next end of line, so that at least one whole line is seen.
        end = text.find("\n", end, _LONGEST_LINE + 1)
        end = len(text) if end < 0 else end
    if end > _LONGEST_LINE:
        raise ValueError(f"its first line is longer than {_LONGEST_LINE} characters")
    return [line for line in text[:end].split("\n") if line.strip()][:_HEAD_ROWS]


def _split(lines: Sequence[str], separator: str) -> list[list[str]]:
    if separator == _WHITESPACE:
        return [line.split() for line in lines]
    return list(csv.reader(lines, delimiter=separator, skipinitialspace=True))


def _separate(lines: Sequence[str]) -> tuple[str, list[list[str]]]:
    """Choose the separator that cuts most lines alike, in two parts or more."""
    found: dict[str, tuple[float, list[list[str]]]] = {}
    for separator in (*_SEPARATORS, _WHITESPACE):
        rows = _split(lines, separator)
        length, count = Counter(map(len, rows)).most_common(1)[0]
        if length > 1 and (separator != _WHITESPACE or _mostly_numbers(rows)):
            found[separator] = (count / len(rows), rows)
    if not found:
        return ",", _split(lines, ",")
    # The first of equals, so that blanks after commas are no separators.
    best = max(found, key=lambda separator: found[separator][0])
    if best == "," and ";" in found and _has_decimal_commas(found[";"][1]):
        best = ";"
    return best, found[best][1]


def _has_decimal_commas(rows: Sequence[Sequence[str]]) -> bool:
    """Whether numbers look like 1,5 and none like 1.5."""
    cells = [cell.strip() for row in rows for cell in row]
    return any(map(_DECIMAL_COMMA.fullmatch, cells)) and not any(
        "." in cell and is_number(cell) for cell in cells
    )


def _mostly_numbers(rows: Sequence[Sequence[str]]) -> bool:
    """Whether this is a table of numbers and not of words with blanks between them."""
    # The first line may hold names.
    cells = [cell for row in rows[1:] or rows for cell in row]
    return 2 * sum(map(is_number, cells)) > len(cells)


def _looks_like_header(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row names columns: text above numbers, in more columns than not.

    Where all is text, it does when its cells differ and none recurs below it.
    """
    first, body = rows[0], rows[1:]
    if not body:
        return not any(is_number(cell) for cell in first)
    above = numeric = repeated = 0
    for column, cell in enumerate(first):
        below = [row[column] for row in body if column < len(row) and not is_missing(row[column])]
        if is_number(cell):
            numeric += 1
        elif cell and below and all(map(is_number, below)):
            above += 1
        repeated += cell in below
    if above:
        return above > numeric
    return numeric == 0 and repeated == 0 and len(set(first)) == len(first) and len(first) > 1


def row_lengths(
    text: str, data: bytes, separator: str
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Count the cells of every line that is not blank.

    Returns
    -------
    lines, cells : ndarray of shape (n,)
        Numbers of the lines, from 1, and how many cells each has.
    """
    if separator == _WHITESPACE:
        counts = np.array([len(line.split()) for line in text.split("\n")], dtype=np.intp)
        lines = np.flatnonzero(counts)
        return lines + 1, counts[lines]
    if b'"' in data:
        # A quoted cell may hold separators and line ends.
        reader = csv.reader(io.StringIO(text), delimiter=separator, skipinitialspace=True)
        pairs = [(reader.line_num, len(row)) for row in reader if row]
        both = np.array(pairs, dtype=np.intp).reshape(-1, 2)
        return both[:, 0], both[:, 1]
    characters = np.frombuffer(data, dtype=np.uint8)
    ends = np.flatnonzero(characters == ord("\n"))
    if not data.endswith(b"\n"):
        ends = np.append(ends, len(data))
    starts = np.concatenate([[0], ends[:-1] + 1])
    found = np.flatnonzero(characters == ord(separator))
    counts = np.diff(np.searchsorted(found, ends), prepend=0) + 1
    written = (ends - starts) > (characters[np.minimum(starts, len(data) - 1)] == ord("\r"))
    return np.flatnonzero(written) + 1, counts[written]
