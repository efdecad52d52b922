"""The epochs ran out before the loss had settled."""

from __future__ import annotations

from typing import final

from glassnet.evaluation.doctor.finding import Finding
from glassnet.evaluation.doctor.notes import CaseNotes
from glassnet.evaluation.doctor.rules.loss import convergence_finding

LITTLE_LEFT = 0.05


@final
class TooFewEpochs:
    """The loss was still falling at a rate that is right, or at the largest worth suggesting.

    How many more epochs it would take follows from the slope, by
    `glassnet.evaluation.diagnose_convergence`. With less than 5 % of the baseline loss left it is a
    note: default nets on scaled digits, wine and breast cancer stop there, with no held-out row to
    be won.
    """

    name = "too_few_epochs"
    needs = ("loss_curve",)

    def examine(self, notes: CaseNotes) -> Finding | None:
        """Look at the end of the loss curve."""
        found = notes.convergence
        if found is None or found.reason != "slow" or "max_iter" not in found.suggested:
            return None
        last = found.last_loss
        is_little = last is not None and last <= LITTLE_LEFT * notes.baseline_loss
        return convergence_finding(self.name, notes, "note" if is_little else "warning")
