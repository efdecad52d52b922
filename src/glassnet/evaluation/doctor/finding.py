"""What the doctor finds: frozen, in sentences, and as parameters that can be tried."""

from __future__ import annotations

__all__ = ["Bars", "Curves", "Diagnosis", "Finding", "Severity"]

from dataclasses import dataclass, field
from typing import Any, Literal, final

import numpy as np
import numpy.typing as npt

from glassnet.evaluation.plain import Plain

Severity = Literal["critical", "warning", "note"]


@final
@dataclass(frozen=True, eq=False)
class Curves(Plain):
    """A picture's numbers: values epoch by epoch.

    Attributes
    ----------
    title, y_label : str
        What is drawn, and in which unit.
    curves : dict of str to ndarray (n_iter,)
        Values of each epoch, by name.
    marked : int or None
        An epoch, counted from 1, that the sentence speaks of.
    mark : str
        What to write at it.
    """

    title: str
    y_label: str
    curves: dict[str, npt.NDArray[np.float64]]
    marked: int | None = None
    mark: str = ""


@final
@dataclass(frozen=True, eq=False)
class Bars(Plain):
    """A picture's numbers: one value for each of a few things.

    Attributes
    ----------
    title, x_label : str
        What is drawn, and in which unit.
    names : tuple of str
        The things, from top to bottom.
    values : tuple of float
        Their values.
    limit : float or None
        The limit that the rule compares them with.
    limit_name : str
        What to write at it.
    marked : tuple of int
        Positions of the things that the sentence speaks of.
    log : bool
        Whether the values span orders of magnitude.
    """

    title: str
    x_label: str
    names: tuple[str, ...]
    values: tuple[float, ...]
    limit: float | None = None
    limit_name: str = ""
    marked: tuple[int, ...] = ()
    log: bool = False


@final
@dataclass(frozen=True, eq=False)
class Finding(Plain):
    """One thing that is wrong with a fit or its rows, and what to change.

    Attributes
    ----------
    rule : str
        Name of the rule that found it, a key of ``RULES``.
    severity : {"critical", "warning", "note"}
        "critical": what was measured does not mean what it seems to, or nothing was learnt;
        "warning": the model could be better; "note": worth knowing.
    sentence : str
        What is wrong, with its numbers.
    advice : str
        What to change, in words.
    suggested : dict
        The same as parameters of the estimator, e.g. ``{"learning_rate_init": 0.1}``; empty where
        no parameter would help.
    preparation : dict
        The same as a change of the rows: ``{"scale": "standard"}``, ``{"drop": ["leak"]}`` (names
        of columns) or ``{"drop_duplicates": True}``; empty where the rows may stay.
    evidence : dict
        The numbers of the sentence.
    picture : Curves, Bars or None
        What to draw; see `glassnet.pictures.FindingDisplay`.
    """

    rule: str
    severity: Severity
    sentence: str
    advice: str
    suggested: dict[str, Any] = field(default_factory=dict)
    preparation: dict[str, Any] = field(default_factory=dict)
    evidence: dict[str, Any] = field(default_factory=dict)
    picture: Curves | Bars | None = None

    @property
    def title(self) -> str:
        """The rule's name as words."""
        return self.rule.replace("_", " ").capitalize()

    def __str__(self) -> str:
        return f"{self.title}: {self.sentence} {self.advice}".strip()


@final
@dataclass(frozen=True, eq=False)
class Diagnosis(Plain):
    """All findings about a fit, the one to act on first at the head.

    Attributes
    ----------
    findings : tuple of Finding
        In the order of ``RULES``, so that causes come before what they cause: rows before scales,
        scales before rates, rates before the net's size; notes at the end.
    examined : tuple of str
        Rules that were asked.
    not_examined : dict of str to str
        Rules that could not be asked, and what they would need.

    Examples
    --------
    >>> Diagnosis((), ("overfitting",), {}).is_healthy
    True
    """

    findings: tuple[Finding, ...]
    examined: tuple[str, ...]
    not_examined: dict[str, str]

    @property
    def is_healthy(self) -> bool:
        """Whether there is nothing to act on; notes may be there."""
        return all(finding.severity == "note" for finding in self.findings)

    @property
    def first(self) -> Finding | None:
        """The finding to act on first, None where there is none."""
        return None if self.is_healthy else self.findings[0]

    def __iter__(self) -> Any:
        return iter(self.findings)

    def __len__(self) -> int:
        return len(self.findings)

    def __str__(self) -> str:
        if not self.findings:
            return f"Nothing found by {len(self.examined)} rules."
        return "\n".join(
            f"{number}. [{finding.severity}] {finding}"
            for number, finding in enumerate(self.findings, start=1)
        )
