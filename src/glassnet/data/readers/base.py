"""What a reader is, and what it hands on."""

from __future__ import annotations

__all__ = ["NAMES_OF_DATA", "NAMES_OF_LABELS", "RawTable", "ReadOptions", "Reader"]

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd
from numpy.typing import NDArray

from glassnet.data.image_shape import PixelOrder

# By these names a source's own parts are known, in order of preference.
NAMES_OF_LABELS = ("target", "label", "class", "y", "labels")
NAMES_OF_DATA = ("X", "X_train", "x_train", "x", "data", "images")


@dataclass(frozen=True)
class ReadOptions:
    """What the caller says about a source.

    Parameters
    ----------
    target : str, int or None
        Column (or array) that holds the labels: a name, or a position where there are no names.
    header : bool or None
        Whether the first line of a text file names the columns; None: look.
    role : {"table", "labels"}
        Whether the source holds the rows, or only the labels of rows held elsewhere.
    require_labels : bool
        Whether rows without labels are of no use to the caller.
    """

    target: str | int | None = None
    header: bool | None = None
    role: Literal["table", "labels"] = "table"
    require_labels: bool = True


@dataclass(frozen=True, eq=False)
class RawTable:
    """What a reader found, before labels and kinds of columns are sorted out.

    Parameters
    ----------
    X : ndarray of shape (n,), (n, d), (n, h, w) or (n, h, w, 3), or DataFrame
        Values as read; n x h x w arrays are pictures.
    name : str
        What to call the source.
    y : array of shape (n,) or None
        Labels, where the source keeps them apart from the columns.
    has_names : bool
        Whether the columns of a DataFrame X have names of their own.
    feature_names : tuple of str or None
        Names of the columns of an array X, where there are any.
    label_names : tuple of str or None
        What to call the classes of y, in sorted order.
    pixel_order : {"C", "F"}
        How this kind of source unrolls pictures.
    target : str or None
        Name of the column or array that y was taken from.
    """

    X: NDArray[Any] | pd.DataFrame
    name: str
    y: Any = None
    has_names: bool = True
    feature_names: tuple[str, ...] | None = None
    label_names: tuple[str, ...] | None = None
    pixel_order: PixelOrder = "C"
    target: str | None = None


@dataclass(frozen=True)
class Reader:
    """A kind of source: which sources are of it, and how it is read.

    Parameters
    ----------
    name : str
        Short name, unique in the registry.
    what : str
        The sources it reads, as a list of them would say.
    accepts : callable
        Whether a source is of this kind, judged by its type or suffix alone.
    read : callable
        Source and options to `RawTable`; raises DataError.
    """

    name: str
    what: str
    accepts: Callable[[Any], bool]
    read: Callable[[Any, ReadOptions], RawTable]
