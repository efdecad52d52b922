"""Data sets of openml.org by name or number, through scikit-learn, which keeps a copy."""

from __future__ import annotations

__all__ = ["OPENML"]

from typing import Any

import numpy as np
import pandas as pd
from sklearn.datasets import fetch_openml

from glassnet.data.labels import as_labels, integers_where_all_are
from glassnet.data.readers.base import RawTable, Reader, ReadOptions
from glassnet.errors import DataError

_PREFIX = "openml:"


def accepts(source: Any) -> bool:
    """Whether the source is written openml:NAME."""
    return isinstance(source, str) and source.startswith(_PREFIX)


def read(source: str, options: ReadOptions) -> RawTable:
    """Fetch ``openml:NAME``, ``openml:NAME@VERSION`` or ``openml:NUMBER``.

    Raises
    ------
    DataError
        When the name is unknown there, the network is away, or there is no single target.
    """
    name, _, version = source.removeprefix(_PREFIX).strip().partition("@")
    if not name or (version and not version.isdigit()):
        raise DataError(f"{source!r} is not understood: write openml:NAME or openml:NAME@VERSION.")
    which: dict[str, Any] = {"data_id": int(name)} if name.isdigit() else {"name": name}
    if version:
        which["version"] = int(version)
    target = "default-target" if options.target is None else str(options.target)
    try:
        fetched = fetch_openml(**which, as_frame=True, parser="auto", target_column=target)
    except Exception as error:
        # Network, server and parsing errors come in many types.
        reason = (str(error).strip() or type(error).__name__).splitlines()[0][:160]
        raise DataError(f"{source} cannot be fetched from openml.org: {reason}.") from error
    y = fetched.target
    if isinstance(y, pd.DataFrame):
        raise DataError(
            f"{source} has {y.shape[1]} target columns ({', '.join(map(str, y.columns[:5]))}); "
            "name one with target."
        )
    labels = None if y is None else integers_where_all_are(as_labels(y, f"The labels of {source}"))
    column = None if y is None else str(y.name)
    X = fetched.data
    plain = all(isinstance(t, np.dtype) and t.kind in "fiub" for t in X.dtypes)
    names = tuple(map(str, X.columns))
    return RawTable(
        X=X.to_numpy() if plain else X.set_axis(list(names), axis=1),
        y=labels,
        name=name,
        feature_names=names,
        target=column,
    )


OPENML = Reader("openml", "openml:NAME", accepts, read)
