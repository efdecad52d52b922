"""Asks every rule, and puts what they find into the order in which to act."""

from __future__ import annotations

__all__ = ["examine"]

from collections.abc import Collection

from glassnet.evaluation.doctor.finding import Diagnosis
from glassnet.evaluation.doctor.notes import CaseNotes
from glassnet.evaluation.doctor.rules import RULES


def examine(notes: CaseNotes, rules: Collection[str] | None = None) -> Diagnosis:
    """Say what is wrong with a fit and its rows, and what to change.

    Parameters
    ----------
    notes : CaseNotes
        What is known of them.
    rules : collection of str, default=None
        Names of the rules to ask; None for all.

    Returns
    -------
    Diagnosis
        What the rules found, in the order of ``RULES`` with notes at the end; rules for which
        something is missing are told apart.

    Examples
    --------
    >>> import numpy as np
    >>> y = np.repeat([0, 1], 100)
    >>> curve = np.array([0.7 * 0.99**epoch for epoch in range(200)])
    >>> notes = CaseNotes(
    ...     y=y, classes=np.unique(y), class_names=("no", "yes"), loss_curve=curve,
    ...     parameters={"solver": "sgd", "learning_rate_init": 0.001},
    ... )
    >>> finding = examine(notes).first
    >>> finding.rule, finding.suggested
    ('rate_too_small', {'learning_rate_init': 0.1})
    """
    missing = {
        name: ", ".join(need for need in rule.needs if getattr(notes, need) is None)
        for name, rule in RULES.items()
        if rules is None or name in rules
    }
    asked = [RULES[name] for name, what in missing.items() if not what]
    findings = [found for rule in asked if (found := rule.examine(notes)) is not None]
    findings.sort(key=lambda finding: finding.severity == "note")  # else in the order of the rules
    return Diagnosis(
        findings=tuple(findings),
        examined=tuple(rule.name for rule in asked),
        not_examined={name: what for name, what in missing.items() if what},
    )
