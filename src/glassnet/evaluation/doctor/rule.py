"""What a rule of the doctor's is."""

from __future__ import annotations

__all__ = ["Rule"]

from typing import Protocol

from glassnet.evaluation.doctor.finding import Finding
from glassnet.evaluation.doctor.notes import CaseNotes


class Rule(Protocol):
    """One thing that may be wrong, and how to tell.

    Attributes
    ----------
    name : str
        What findings call it.
    needs : tuple of str
        Fields of `CaseNotes` that must be there; the rule is passed over where one is None.
    """

    @property
    def name(self) -> str:
        """What findings call it."""
        ...

    @property
    def needs(self) -> tuple[str, ...]:
        """Fields of `CaseNotes` without which the rule cannot tell."""
        ...

    def examine(self, notes: CaseNotes) -> Finding | None:
        """Return what is wrong, None where nothing is."""
        ...
