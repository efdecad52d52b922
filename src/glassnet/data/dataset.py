"""Rows of numbers or of a mixed table, their labels and their names."""

from __future__ import annotations

__all__ = ["Dataset"]

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from glassnet.data.image_shape import ImageShape
from glassnet.data.summary import DatasetSummary, summarize
from glassnet.errors import DataError, nearest_name

_GENERATED = re.compile(r"x\d+")


@dataclass(frozen=True, eq=False)
class Dataset:
    """A table of n rows and d columns, with the label of each row where it is known.

    `load_dataset` makes one from any source; `Dataset.from_arrays` from arrays at hand.

    Parameters
    ----------
    X : ndarray of shape (n, d), or pandas.DataFrame
        Floats, all finite; a DataFrame exactly where there are text columns (str objects) or
        missing values (NaN): a "mixed table".
    y : ndarray of shape (n,), or None
        Labels as read, int64 or str objects; None where the source has none.
    feature_names : tuple of str
        Names of the d columns; x0, x1, … where the source has none.
    classes : ndarray of shape (k,)
        The distinct labels, sorted; empty where y is None.
    class_names : tuple of str
        What to call each of the k classes in print.
    image : ImageShape or None
        How a row unrolls to a picture, where rows are pictures.
    name : str
        Name of the source, such as "X.csv".
    target : str or None
        Name of the column or array that the labels were taken from, where it has one.

    Raises
    ------
    DataError
        When the parts do not fit each other.

    Examples
    --------
    >>> data = Dataset.from_arrays([[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]], ["a", "b", "a"])
    >>> data.n_rows, data.n_columns, data.class_names
    (3, 2, ('a', 'b'))
    """

    X: NDArray[Any] | pd.DataFrame
    y: NDArray[Any] | None
    feature_names: tuple[str, ...]
    classes: NDArray[Any]
    class_names: tuple[str, ...]
    image: ImageShape | None
    name: str
    target: str | None = None

    def __post_init__(self) -> None:
        if self.X.ndim != 2 or len(self.feature_names) != self.X.shape[1]:
            raise DataError(
                f"{self.name}: X has shape {self.X.shape}, but there are "
                f"{len(self.feature_names)} feature names; there must be one a column."
            )
        if self.y is not None and self.y.shape != (self.n_rows,):
            raise DataError(
                f"{self.name} has {self.n_rows} rows, but {len(self.y)} labels; "
                "there must be one label a row."
            )
        if len(self.class_names) != len(self.classes):
            raise DataError(
                f"{len(self.class_names)} class names were given, but {self.name} has "
                f"{len(self.classes)} classes: {', '.join(map(str, self.classes[:20]))}."
            )
        if self.image is not None:
            self.image.check_columns(self.n_columns)

    @classmethod
    def from_arrays(
        cls,
        X: ArrayLike | pd.DataFrame,
        y: ArrayLike | None = None,
        *,
        feature_names: Sequence[str] | None = None,
        class_names: Sequence[str] | None = None,
        image: ImageShape | None = None,
        name: str = "arrays",
        target: str | None = None,
    ) -> Dataset:
        """Make a data set of arrays whose types are already those of a Dataset.

        Unlike `load_dataset` it checks shapes only and converts nothing but lists.
        """
        table = X if isinstance(X, pd.DataFrame) else np.asarray(X)
        labels = None if y is None else np.asarray(y)
        if labels is not None and labels.dtype.kind == "U":
            labels = labels.astype(object)
        classes = np.unique(labels) if labels is not None else np.empty(0, dtype=np.int64)
        if feature_names is None:
            d = table.shape[1] if table.ndim == 2 else 0
            columns = table.columns if isinstance(table, pd.DataFrame) else generated_names(d)
            feature_names = tuple(map(str, columns))
        if class_names is None:
            class_names = tuple(str(label) for label in classes)
        return cls(
            table, labels, tuple(feature_names), classes, tuple(class_names), image, name, target
        )

    @property
    def n_rows(self) -> int:
        """Number of rows, n."""
        return int(self.X.shape[0])

    @property
    def n_columns(self) -> int:
        """Number of columns, d."""
        return int(self.X.shape[1])

    @property
    def is_mixed(self) -> bool:
        """Whether X has text columns or missing values, and so is a DataFrame."""
        return isinstance(self.X, pd.DataFrame)

    def subset(self, rows: ArrayLike) -> Dataset:
        """Take some rows, keeping the classes of the whole.

        Parameters
        ----------
        rows : array-like of int (m,) or bool (n,)
            Positions of the rows, or which rows to keep.
        """
        chosen = np.asarray(rows)
        if chosen.size == 0:
            chosen = chosen.astype(np.intp)
        X = self.X.iloc[chosen] if isinstance(self.X, pd.DataFrame) else self.X[chosen]
        return replace(self, X=X, y=None if self.y is None else self.y[chosen])

    def select(self, names: Sequence[str]) -> NDArray[Any] | pd.DataFrame:
        """Give the columns called `names`, in that order, as a model trained on them needs.

        Columns are found by name and further ones are left out. Where either side only has
        generated names (x0, x1, …) there is nothing to go by but the number of columns.

        Returns
        -------
        ndarray or DataFrame of shape (n, len(names))

        Raises
        ------
        DataError
            When columns are missing, or their number differs.
        """
        if tuple(names) == self.feature_names:
            return self.X
        if are_generated(names) or are_generated(self.feature_names):
            if len(names) == self.n_columns:
                return self.X
            raise DataError(
                f"{self.name} has {self.n_columns} columns, but {len(names)} are needed"
                f" ({', '.join(names[:3])}{', …' if len(names) > 3 else ''})."
            )
        check_has_columns(self.feature_names, names, self.name)
        if isinstance(self.X, pd.DataFrame):
            return self.X[list(names)]
        place = {name: column for column, name in enumerate(self.feature_names)}
        return self.X[:, [place[name] for name in names]]

    def without(self, names: Sequence[str]) -> Dataset:
        """Leave some columns out.

        Raises
        ------
        DataError
            When there is no such column, no other, or rows are pictures.
        """
        for name in names:
            if name not in self.feature_names:
                near = nearest_name(name, self.feature_names)
                raise DataError(f"{self.name} has no column {name!r} to leave out.{near}")
        if self.image is not None:
            raise DataError("Rows of pictures are taken whole; no column can be left out.")
        kept = [name for name in self.feature_names if name not in set(names)]
        if not kept:
            raise DataError(f"All columns of {self.name} are to be left out; keep one or more.")
        return replace(self, X=self.select(kept), feature_names=tuple(kept))

    def describe(self) -> DatasetSummary:
        """Count what the data set holds: classes, zeros, missing and repeated values."""
        return summarize(self)


def generated_names(d: int) -> tuple[str, ...]:
    """Name columns that have no names: x0, x1, …"""
    return tuple(f"x{column}" for column in range(d))


def are_generated(names: Sequence[str]) -> bool:
    return all(_GENERATED.fullmatch(name) for name in names)


def check_has_columns(found: Sequence[str], needed: Sequence[str], origin: str) -> None:
    """Raise a DataError that names the columns in `needed` and not in `found`."""
    known = set(found)
    missing = [name for name in needed if name not in known]
    if not missing:
        return
    shown = ", ".join(repr(name) for name in missing[:5]) + (", …" if len(missing) > 5 else "")
    what = f"column {shown}" if len(missing) == 1 else f"{len(missing)} columns ({shown})"
    near = nearest_name(missing[0], found) if len(missing) == 1 else ""
    raise DataError(f"{origin} lacks {what} that the model was trained on.{near}")
