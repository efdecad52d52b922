"""What is refused of members that a user has made."""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Integral
from typing import Any

import numpy as np

from glassnet.errors import DataError
from glassnet.model import Member

# Of each number: what it must be, and whether it is.
_NUMBERS: dict[str, tuple[str, Any]] = {
    "alpha": ("0 or more", lambda value: 0 <= value < np.inf),
    "max_iter": ("a whole number of 1 or more", lambda value: _is_whole(value, 1)),
    "tol": ("0 or more", lambda value: value >= 0),
    "batch_size": ("a whole number of 1 or more", lambda value: _is_whole(value, 1)),
    "label_smoothing": ("in [0, 1)", lambda value: 0 <= value < 1),
    "dropout": ("in [0, 1)", lambda value: 0 <= value < 1),
    "clip_norm": ("above 0, or None", lambda value: value is None or value > 0),
}


def _is_whole(value: Any, least: int) -> bool:
    return isinstance(value, Integral) and not isinstance(value, bool) and int(value) >= least


def check_members(members: Sequence[Member], n_rows: int) -> None:
    """Refuse members whose numbers or row numbers make no sense.

    Parameters
    ----------
    members : sequence of Member
        The members.
    n_rows : int
        Rows of X.

    Raises
    ------
    DataError
        Says which member and what of it.
    """
    for position, member in enumerate(members):
        for name, (rule, holds) in _NUMBERS.items():
            value = getattr(member, name)
            if not holds(value):
                raise DataError(f"{name} of member {position} is {value!r}; it must be {rule}.")
        for name in ("rows", "validation_rows"):
            given = getattr(member, name)
            if given is not None:
                _check_rows(f"{name} of member {position}", np.asarray(given), n_rows)


def _check_rows(name: str, rows: np.ndarray[Any, Any], n_rows: int) -> None:
    """Refuse what is not row numbers."""
    if rows.dtype.kind not in "iu" or rows.ndim != 1:
        way_out = " np.flatnonzero(mask) gives them." if rows.dtype.kind == "b" else ""
        raise DataError(
            f"{name} must be row numbers, whole numbers in one dimension; they are {rows.dtype} "
            f"of shape {rows.shape}.{way_out}"
        )
    if rows.size and not (rows.min() >= 0 and rows.max() < n_rows):
        raise DataError(
            f"{name} must be in 0 .. {n_rows - 1}; they go from {rows.min()} to {rows.max()}."
        )
