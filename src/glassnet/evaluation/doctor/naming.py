"""What sentences call columns."""

from __future__ import annotations

__all__ = ["column_name", "listed", "percent"]

from collections.abc import Sequence

from glassnet.evaluation.doctor.notes import CaseNotes


def column_name(notes: CaseNotes, column: int, d: int) -> str:
    """Return the name of one of d columns, where names are known for as many."""
    names = notes.feature_names
    return names[column] if names is not None and len(names) == d else f"x{column}"


def listed(names: Sequence[str], most: int = 5) -> str:
    """Return names as text, the rest of many only counted."""
    rest = len(names) - most
    return ", ".join(names[:most]) + (f" and {rest} more" if rest > 0 else "")


def percent(share: float, digits: int = 1) -> str:
    """Return a share as text."""
    return f"{100 * share:.{digits}f} %"
