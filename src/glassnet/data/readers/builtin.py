"""The data sets inside scikit-learn: no file and no network needed."""

from __future__ import annotations

__all__ = ["BUILTIN", "BUILTIN_NAMES"]

from typing import Any

from sklearn.datasets import load_breast_cancer, load_digits, load_iris, load_wine

from glassnet.data.readers.base import RawTable, Reader, ReadOptions

_LOADERS = {
    "digits": load_digits,
    "iris": load_iris,
    "wine": load_wine,
    "breast_cancer": load_breast_cancer,
}
BUILTIN_NAMES = tuple(_LOADERS)


def accepts(source: Any) -> bool:
    """Whether the source is the name of a data set inside scikit-learn."""
    return isinstance(source, str) and source in _LOADERS


def read(source: str, options: ReadOptions) -> RawTable:
    """Read a data set with its own class and feature names; digits are images of 8x8."""
    data = _LOADERS[source]()
    X = data.images if source == "digits" else data.data
    return RawTable(
        X=X,
        y=data.target,
        name=source,
        feature_names=tuple(map(str, data.feature_names)),
        label_names=tuple(map(str, data.target_names)),
    )


BUILTIN = Reader("builtin", f"a name: {', '.join(BUILTIN_NAMES)}", accepts, read)
