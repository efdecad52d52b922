"""Arrays from Python: X alone, or a pair (X, y)."""

from __future__ import annotations

__all__ = ["ARRAYS"]

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from glassnet.data.readers import frame
from glassnet.data.readers.base import RawTable, Reader, ReadOptions
from glassnet.errors import DataError


def accepts(source: Any) -> bool:
    """Whether the source is an array, a nested list, or a pair (X, y)."""
    return isinstance(source, (tuple, list)) or hasattr(source, "__array__")


def read(source: Any, options: ReadOptions) -> RawTable:
    """Read X (n, d) or pictures (n, h, w[, 3]), with y (n,) where a pair is given.

    Raises
    ------
    DataError
        When X has no rows and columns.
    """
    if isinstance(source, tuple):
        if len(source) != 2:
            raise DataError(f"A tuple of {len(source)} was given; give the pair (X, y).")
        X, y = source
        inner = frame.read(X, options) if frame.accepts(X) else read(_listed(X), options)
        return replace(inner, y=y)
    try:
        X = np.asarray(source)
    except ValueError as error:
        raise DataError("The rows of X have different lengths.") from error
    if X.ndim in (3, 4) or (X.ndim == 2 and X.dtype.kind in "fiub"):
        return RawTable(X=X, name="arrays")
    if X.ndim == 2:
        # Mixed columns sort themselves out as a table's.
        return RawTable(X=pd.DataFrame(X).infer_objects(), name="arrays", has_names=False)
    raise DataError(f"X has shape {X.shape}; rows and columns are needed, (n, d).")


def _listed(X: Any) -> Any:
    return list(X) if isinstance(X, tuple) else X


ARRAYS = Reader("arrays", "arrays, or a pair (X, y)", accepts, read)
