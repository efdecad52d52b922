"""The loss stands still while most of it is left."""

from __future__ import annotations

from typing import final

import numpy as np

from glassnet.evaluation.doctor.finding import Finding
from glassnet.evaluation.doctor.notes import CaseNotes
from glassnet.evaluation.doctor.rules.loss import (
    MOST,
    convergence_finding,
    ends_on_plateau,
    loss_curves,
)

SHORTEST, SHARE = 10, 0.25  # epochs of a stretch, and share of all epochs
FLAT, LEFT_AGAIN = 0.02, 0.1  # shares of the baseline loss


@final
class Plateau:
    """The loss is flat, with three quarters of the baseline loss left or more.

    Either it ends there: the epochs ran out at a fall below 10 tol an epoch, or the solver gave up
    where no rate would help. Or it left the plateau again: over a quarter of the epochs, and 10 at
    least, the loss fell by less than 2 % of the baseline, and afterwards by 10 % or more; then it
    is a note, since only time was lost. Sigmoid nets start on such a plateau: their first layers'
    gradients are small until the last one has found its direction (X. Glorot and Y. Bengio,
    "Understanding the difficulty of training deep feedforward neural networks", AISTATS 2010).
    """

    name = "plateau"
    needs = ("loss_curve",)

    def examine(self, notes: CaseNotes) -> Finding | None:
        """Look for a flat stretch of the loss curve."""
        found = notes.convergence
        if found is None or found.reason in ("diverged", "oscillating"):
            return None
        rate_helps = "learning_rate_init" in found.suggested
        if rate_helps and ends_on_plateau(notes):
            return convergence_finding(self.name, notes, "warning")
        if found.reason == "stalled" and not found.suggested:
            return convergence_finding(self.name, notes, "critical")
        return self._left_again(notes)

    def _left_again(self, notes: CaseNotes) -> Finding | None:
        lowest = np.minimum.accumulate(np.asarray(notes.loss_curve, dtype=np.float64))
        n, baseline = len(lowest), notes.baseline_loss
        # For each epoch, the first one at which the loss is below it by more than the limit.
        ends = np.searchsorted(-lowest, -(lowest - FLAT * baseline), side="right")
        lengths = np.where(lowest >= MOST * baseline, ends - np.arange(n), 0)
        start = int(np.argmax(lengths))
        epochs = int(lengths[start])
        if epochs < max(SHORTEST, SHARE * n) or lowest[-1] > lowest[start] - LEFT_AGAIN * baseline:
            return None
        first, last = start + 1, start + epochs
        rate = float(notes.parameters.get("learning_rate_init", 0.001))
        return Finding(
            rule=self.name,
            severity="note",
            sentence=f"From epoch {first} to {last} of {n} the loss stood still at about "
            f"{lowest[start]:.3g}, before it fell to {lowest[-1]:.3g}.",
            advice=f"A rate above {rate:g} or another activation (relu) may pass it sooner.",
            evidence={"first": first, "last": last, "epochs": n, "loss": float(lowest[start])},
            picture=loss_curves(notes, last, "the plateau ends"),
        )
