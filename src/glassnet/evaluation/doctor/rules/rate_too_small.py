"""The learning rate is too small: the loss was still falling when the epochs ran out."""

from __future__ import annotations

from typing import final

from glassnet.evaluation.doctor.finding import Finding
from glassnet.evaluation.doctor.notes import CaseNotes
from glassnet.evaluation.doctor.rules.loss import (
    convergence_finding,
    ends_on_plateau,
    suggests_smaller_rate,
)


@final
class RateTooSmall:
    """The loss was falling at a steady slope, or its steps were too small to be seen.

    The criterion, the larger rate and the number of epochs that the present one would take are
    those of `glassnet.evaluation.diagnose_convergence`, which derives them from the slope. A loss
    that moves by less than 10 tol an epoch with three quarters of the baseline left or more is a
    plateau, which has a rule of its own.
    """

    name = "rate_too_small"
    needs = ("loss_curve",)

    def examine(self, notes: CaseNotes) -> Finding | None:
        """Look at the end of the loss curve."""
        found = notes.convergence
        if found is None or found.reason not in ("slow", "stalled"):
            return None
        if "learning_rate_init" not in found.suggested or suggests_smaller_rate(notes):
            return None
        if ends_on_plateau(notes):
            return None
        return convergence_finding(self.name, notes, "warning")
