"""What the rules that read the loss curve share: the diagnosis of convergence as a finding."""

from __future__ import annotations

__all__ = ["MOST", "convergence_finding", "ends_on_plateau", "loss_curves", "suggests_smaller_rate"]

import numpy as np

from glassnet.evaluation.doctor.finding import Curves, Finding, Severity
from glassnet.evaluation.doctor.notes import CaseNotes

MOST = 0.75  # of the baseline loss: next to nothing is learnt yet
STEADY = 10.0  # a fall of so many tol an epoch is a slope, less is a plateau


def convergence_finding(rule: str, notes: CaseNotes, severity: Severity) -> Finding:
    """Return how the fit ended as a finding."""
    found = notes.convergence
    assert found is not None
    return Finding(
        rule=rule,
        severity=severity,
        sentence=found.sentence,
        advice=found.advice,
        suggested=dict(found.suggested),
        evidence={
            "first_loss": found.first_loss,
            "last_loss": found.last_loss,
            "fall_per_epoch": found.fall_per_epoch,
            "baseline_loss": notes.baseline_loss,
            "epochs": found.n_iter,
        },
        picture=loss_curves(notes),
    )


def loss_curves(notes: CaseNotes, marked: int | None = None, mark: str = "") -> Curves:
    """Return the curves of training rows and, where they are known, of held-out rows."""
    curves = {"training rows": np.asarray(notes.loss_curve, dtype=np.float64)}
    if notes.holdout_loss_curve is not None:
        curves["held-out rows"] = np.asarray(notes.holdout_loss_curve, dtype=np.float64)
    return Curves("Loss, epoch by epoch", "loss", curves, marked, mark)


def ends_on_plateau(notes: CaseNotes) -> bool:
    """Say whether the epochs ran out at a flat loss, below 10 tol an epoch, with most of it left.

    A loss that is flat further down may be all that the columns allow: half of the baseline loss
    stays on the incomes of adult.csv.
    """
    found = notes.convergence
    if found is None or found.reason != "slow" or found.last_loss is None:
        return False
    flat = STEADY * float(notes.parameters.get("tol", 1e-4))
    return found.last_loss > MOST * notes.baseline_loss and (found.fall_per_epoch or 0.0) < flat


def suggests_smaller_rate(notes: CaseNotes) -> bool:
    """Say whether the diagnosis of convergence asks for a smaller rate."""
    found = notes.convergence
    rate = float(notes.parameters.get("learning_rate_init", 0.001))
    return found is not None and found.suggested.get("learning_rate_init", rate) < rate
