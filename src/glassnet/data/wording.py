"""Lists of names in sentences."""

from __future__ import annotations

__all__ = ["listed"]

from collections.abc import Iterable


def listed(names: Iterable[object], limit: int = 8) -> str:
    """Join names with commas, and count those beyond `limit`.

    Examples
    --------
    >>> listed(["age", "sex", "height"], limit=2)
    'age, sex and 1 more'
    """
    texts = [str(name) for name in names]
    rest = len(texts) - limit
    return ", ".join(texts[:limit]) + (f" and {rest} more" if rest > 0 else "")
