"""The learning rate is too large: the loss bounces or grows."""

from __future__ import annotations

from typing import final

from glassnet.evaluation.doctor.finding import Finding, Severity
from glassnet.evaluation.doctor.notes import CaseNotes
from glassnet.evaluation.doctor.rules.loss import convergence_finding, suggests_smaller_rate


@final
class RateTooLarge:
    """The loss diverged, oscillates at the end, or fell at once to what knows nothing.

    The criteria are those of `glassnet.evaluation.diagnose_convergence`: a loss that is not finite
    or ends above its start; a quarter of the last steps upward by more than 2 % of the loss; or a
    fit that stopped by itself with less than 5 % of the baseline loss removed, after steps larger
    than 10 tol. Gradient descent with a rate above 2 over the largest curvature moves away from a
    minimum along that direction (Y. LeCun, L. Bottou, G. Orr and K.-R. Müller, "Efficient
    BackProp", 1998, section 5.2).
    """

    name = "rate_too_large"
    needs = ("loss_curve",)

    def examine(self, notes: CaseNotes) -> Finding | None:
        """Look at the end of the loss curve."""
        found = notes.convergence
        if found is None:
            return None
        if found.reason in ("diverged", "oscillating") or suggests_smaller_rate(notes):
            severity: Severity = "warning" if found.reason == "oscillating" else "critical"
            return convergence_finding(self.name, notes, severity)
        return None
