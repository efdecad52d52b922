"""The net goes on learning its own rows while it gets worse on others."""

from __future__ import annotations

from typing import final

import numpy as np
import numpy.typing as npt

from glassnet.evaluation.doctor.finding import Bars, Finding
from glassnet.evaluation.doctor.naming import percent
from glassnet.evaluation.doctor.notes import CaseNotes
from glassnet.evaluation.doctor.rules.loss import loss_curves
from glassnet.evaluation.doctor.rules.too_few_rows import GAP

RISE, SHARE, ABOVE, FEWEST = 0.25, 0.1, 2.0, 3


@final
class Overfitting:
    """The loss of held-out rows has risen by a quarter, and a tenth of the baseline, since epoch e.

    A held-out loss bottoms out and rises while the training loss falls: L. Prechelt ("Early
    stopping - but when?", 1998) measures it by GL = 100 (loss / lowest - 1), which must be above 25
    here. Where the lowest loss is small that is soon so and costs nothing, so the rise must be a
    tenth of the baseline loss (of the classes' shares) as well: in healthy nets on digits, iris,
    wine, breast cancer and X.csv it is at most 0.06 of it, with lbfgs on the same rows, fitted
    until nothing is left of the training loss, 0.13 to 0.65, and 0.7 on a few noisy rows. It must
    end at twice the training loss or more, and the fit must have settled. Without that curve, or
    with rows enough for the net, a success that falls by more than 10 points is taken instead.
    Nets that stopped early are back at their best epoch.
    """

    name = "overfitting"
    needs = ("y_holdout",)

    def examine(self, notes: CaseNotes) -> Finding | None:
        """Look for the lowest held-out loss, else at the gap."""
        if notes.parameters.get("early_stopping"):
            return None
        curve = notes.holdout_loss_curve
        if curve is not None and len(curve) and np.isfinite(curve).all():
            return self._risen(notes, np.asarray(curve, dtype=np.float64)) or self._gap(notes)
        return self._gap(notes)

    def _risen(self, notes: CaseNotes, curve: npt.NDArray[np.float64]) -> Finding | None:
        best = int(np.argmin(curve))
        low, last = float(curve[best]), float(np.median(curve[-FEWEST:]))
        n = len(curve)
        if n - 1 - best < FEWEST or last - low < max(RISE * low, SHARE * notes.baseline_loss):
            return None
        found = notes.convergence
        if found is not None and (
            found.reason in ("diverged", "oscillating") or last < ABOVE * (found.last_loss or 0.0)
        ):
            return None
        gap = notes.gap
        rates = (
            ""
            if gap is None
            else f" It gets {percent(gap.train)} of its training rows right and "
            f"{percent(gap.holdout)} of the held-out rows."
        )
        return Finding(
            rule=self.name,
            severity="warning",
            sentence=f"The loss of held-out rows was lowest at epoch {best + 1}, {low:.3g}, and "
            f"has risen to {last:.3g} by epoch {n}, while that of training rows fell.{rates}",
            advice="Stop sooner (early_stopping keeps rows aside for it), or hold the weights "
            "smaller with a larger alpha.",
            suggested=_suggested(notes),
            evidence={"best_epoch": best + 1, "lowest": low, "last": last, "rise": last / low - 1},
            picture=loss_curves(notes, best + 1, "lowest held-out loss"),
        )

    def _gap(self, notes: CaseNotes) -> Finding | None:
        gap, p = notes.gap, notes.n_parameters
        if gap is None or gap.low <= GAP or (p is not None and p > notes.n_rows):
            return None
        return Finding(
            rule=self.name,
            severity="warning",
            sentence=gap.sentence,
            advice="Hold the model back: more penalty, less freedom, or more rows.",
            suggested=_suggested(notes),
            evidence={"train": gap.train, "holdout": gap.holdout, "low": gap.low},
            picture=Bars(
                "Success on training rows and on new ones",
                "share that is right",
                ("training rows", "held-out rows"),
                (gap.train, gap.holdout),
            ),
        )


def _suggested(notes: CaseNotes) -> dict[str, object]:
    """Stop early where the solver can, else penalise the weights ten times as much."""
    given = notes.parameters
    if "early_stopping" in given and given.get("solver", "adam") != "lbfgs":
        return {"early_stopping": True}
    if "alpha" in given:
        return {"alpha": max(10 * float(given["alpha"]), 0.1)}
    return {"C": float(given["C"]) / 10} if "C" in given else {}
