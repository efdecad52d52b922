"""CSV and TSV: values separated by comma, tab, semicolon or blanks; plain or gzip."""

from __future__ import annotations

__all__ = ["DELIMITED"]

import io
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from glassnet.data.dataset import generated_names
from glassnet.data.readers.base import RawTable, Reader, ReadOptions
from glassnet.data.readers.files import has_suffix, parsing, read_bytes
from glassnet.data.readers.sniffing import MISSING_MARKS, Layout, is_number, row_lengths, sniff
from glassnet.errors import DataError

_SUFFIXES = (".csv", ".tsv", ".txt", ".data", ".tab", ".dat")
# From this share of numbers on, text in a column is a slip and not a value: names in a header say
# that text may be meant, so less is taken for a slip.
_SLIP_SHARE = {True: 0.9, False: 0.5}


def read(path: Path, options: ReadOptions) -> RawTable:
    """Read a text file of separated values.

    A first line of text above numbers is the header. A first column without a name that only
    counts the rows (as pandas writes its index) is left out, since it would tell sorted classes
    apart.

    Raises
    ------
    DataError
        When the file is no UTF-8 text, has one column only, rows of different lengths, text in a
        column of numbers, repeated column names, or no rows.
    """
    data = read_bytes(path)
    data, text = _as_text(path, data)
    with parsing(path, "separated values"):
        layout = sniff(text, options.header)
        _check_lengths(path, text, data, layout)
        _check_columns(path, text, layout, options)
        frame = _parse(data, layout)
    frame = _named(path, frame, layout)
    if len(frame) == 0:
        raise DataError(f"{path} has a line of column names, but no rows.")
    frame = _sort_out(path, frame, layout)
    return RawTable(X=frame, name=path.name, has_names=layout.has_header)


def _as_text(path: Path, data: bytes) -> tuple[bytes, str]:
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise DataError(
            f"{path} is not UTF-8 text (byte {error.start}); save it as CSV in UTF-8."
        ) from error
    if "\0" in text:
        raise DataError(f"{path} is not a text file; save the table as CSV in UTF-8.")
    if not text.strip():
        raise DataError(f"{path} is empty: it has no rows to read.")
    if "\n" not in text and "\r" in text:
        text = text.replace("\r", "\n")
        data = text.encode()
    return data, text


def _check_lengths(path: Path, text: str, data: bytes, layout: Layout) -> None:
    lines, cells = row_lengths(text, data, layout.separator)
    usual = Counter(cells.tolist()).most_common(1)[0][0]
    odd = np.flatnonzero(cells != usual)
    if len(odd):
        first = int(odd[0])
        raise DataError(
            f"Line {lines[first]} of {path} has {cells[first]} values where the others have "
            f"{usual}; mend it, or quote cells that hold the separator "
            f"{_spoken(layout.separator)}."
        )


def _spoken(separator: str) -> str:
    return {"\t": "tab", ",": "','", ";": "';'"}.get(separator, "blank")


def _check_columns(path: Path, text: str, layout: Layout, options: ReadOptions) -> None:
    if len(layout.names) > 1 or options.role == "labels":
        return
    line = text.lstrip().splitlines()[0]
    other = next((mark for mark in "|:/" if mark in line), None)
    hint = f"; '{other}' may be meant as one, but is not understood" if other else ""
    raise DataError(
        f"{path} has one column only{hint}. Values must be separated by comma, tab, semicolon or "
        "blanks; labels alone go with a table of rows."
    )


def _parse(data: bytes, layout: Layout) -> pd.DataFrame:
    options: dict[str, Any] = {
        "sep": layout.separator,
        "header": 0 if layout.has_header else None,
        "index_col": False,
        "decimal": layout.decimal,
        "na_values": list(MISSING_MARKS),
        "keep_default_na": False,
        "skipinitialspace": layout.separator != r"\s+",
        "low_memory": False,
    }
    if layout.all_numbers:
        # A known type reads a wide table faster than trying types column by column.
        try:
            return pd.read_csv(io.BytesIO(data), dtype=np.float64, **options)
        except ValueError:
            pass
    return pd.read_csv(io.BytesIO(data), **options)


def _named(path: Path, frame: pd.DataFrame, layout: Layout) -> pd.DataFrame:
    if not layout.has_header:
        return frame.set_axis(list(generated_names(frame.shape[1])), axis=1)
    names = list(layout.names)
    repeated = [name for name, count in Counter(names).items() if count > 1 and name]
    if repeated:
        raise DataError(
            f"{path} has more than one column called {repeated[0]!r}; give each its own name."
        )
    if not names[0] and np.array_equal(frame.iloc[:, 0].to_numpy(), np.arange(len(frame))):
        frame, names = frame.iloc[:, 1:], names[1:]
    return frame.set_axis(
        [name or f"column {place}" for place, name in enumerate(names, 1)], axis=1
    )


def _sort_out(path: Path, frame: pd.DataFrame, layout: Layout) -> pd.DataFrame:
    """Refuse columns of numbers with some text in them, and name the first such cell.

    Columns that pandas took for text although every cell is a number (one out of range, say)
    become numbers.
    """
    numbers: dict[str, Any] = {}
    for place, name in enumerate(frame.columns):
        values = frame[name]
        if values.dtype.kind in "fiub":
            continue
        counts = values.value_counts()
        texts = [cell for cell in counts.index if not is_number(str(cell))]
        if not texts:
            cells = [float(cell) for cell in values.astype(object).fillna(np.nan)]
            numbers[name] = np.array(cells, dtype=np.float64)
            continue
        total, n_text = int(counts.sum()), int(counts[texts].sum())
        alone = n_text == 1 and total > 2
        if not (alone or n_text < (1 - _SLIP_SHARE[layout.has_header]) * total):
            continue
        row = int(np.flatnonzero(values.isin(texts))[0])
        cell = str(values.iloc[row])
        column = f"column {name!r}" if layout.has_header else f"column {place + 1}"
        hint = (
            " If the first line names the columns, say so with header=True."
            if row == 0 and not layout.has_header
            else " Mend it, or leave it empty if the value is missing."
        )
        raise DataError(
            f"{path}: row {row + 1}, {column} holds {cell[:40]!r} where numbers are needed.{hint}"
        )
    return frame.assign(**numbers)


DELIMITED = Reader(
    name="delimited",
    what="CSV or TSV (.csv, .tsv, .txt, .data, .tab, .dat; .gz too)",
    accepts=has_suffix(*_SUFFIXES, *(suffix + ".gz" for suffix in _SUFFIXES)),
    read=read,
)
