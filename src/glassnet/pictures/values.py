"""Values of a parameter on an axis: numbers, or names of what is none."""

from __future__ import annotations

__all__ = ["are_numbers", "value_name"]

from collections.abc import Iterable
from numbers import Real
from typing import Any


def are_numbers(values: Iterable[Any]) -> bool:
    """Say whether values can stand on an axis as they are."""
    return all(isinstance(value, Real) and not isinstance(value, bool) for value in values)


def value_name(value: Any) -> str:
    """Return what to call a value.

    Examples
    --------
    >>> value_name((100, 50)), value_name(0.001), value_name(None), value_name(True)
    ('100 × 50', '0.001', 'not set', 'True')
    """
    if value is None:
        return "not set"
    if isinstance(value, (tuple, list)):
        return " × ".join(map(str, value))
    return f"{value:g}" if are_numbers([value]) else str(value)
