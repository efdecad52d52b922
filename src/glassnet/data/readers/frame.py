"""Data frames from Python: pandas', polars' and what else narwhals knows."""

from __future__ import annotations

__all__ = ["FRAME"]

from typing import Any

import narwhals as nw
import pandas as pd

from glassnet.data.readers.base import RawTable, Reader, ReadOptions
from glassnet.errors import DataError


def accepts(source: Any) -> bool:
    """Whether the source is a data frame (a lazy one too)."""
    return isinstance(source, pd.DataFrame) or isinstance(
        nw.from_native(source, pass_through=True), (nw.DataFrame, nw.LazyFrame)
    )


def as_pandas(source: Any) -> pd.DataFrame:
    """Turn any data frame into pandas', with names that are text and without its index."""
    if isinstance(source, pd.DataFrame):
        frame = source.reset_index(drop=True)
    else:
        wrapped = nw.from_native(source)
        table = wrapped.collect() if isinstance(wrapped, nw.LazyFrame) else wrapped
        # Column by column, which polars can do without pyarrow.
        frame = pd.DataFrame({name: table[name].to_numpy() for name in table.columns})
    frame = frame.set_axis([str(name) for name in frame.columns], axis=1)
    repeated = frame.columns[frame.columns.duplicated()]
    if len(repeated):
        raise DataError(f"The table has more than one column called {repeated[0]!r}.")
    return frame


def read(source: Any, options: ReadOptions) -> RawTable:
    """Read a data frame; the labels are the column that `target` names."""
    frame = as_pandas(source)
    if len(frame) == 0:
        raise DataError("The table has no rows.")
    return RawTable(X=frame, name="table")


FRAME = Reader("frame", "a pandas or polars data frame", accepts, read)
