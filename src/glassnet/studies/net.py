"""The study's second model: the net, fitted again with better parameters until it converges."""

from __future__ import annotations

import time
import warnings
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.errors import DataError
from glassnet.estimators import MLPClassifier
from glassnet.estimators.diagnosis import notes_of
from glassnet.evaluation import Convergence
from glassnet.evaluation.doctor import CaseNotes, Finding, Outcome, examine
from glassnet.studies.options import StudyOptions
from glassnet.studies.result import Attempt
from glassnet.training import Monitor

# Rules whose advice a study follows: they ask the training rows alone, and a new rate, more epochs
# or another activation is all that they want.
FOLLOWED = (
    "rate_too_large",
    "rate_too_small",
    "too_few_epochs",
    "plateau",
    "dead_units",
    "saturated_units",
)


def fit_net(
    X: NDArray[Any],
    y: NDArray[Any],
    X_holdout: NDArray[Any],
    y_holdout: NDArray[Any],
    options: StudyOptions,
    monitor: Monitor,
) -> tuple[MLPClassifier, tuple[Attempt, ...], int]:
    """Fit the net; where it does not converge, follow the doctor's advice and fit it again.

    Only rules that read training rows alone are followed: held-out rows reach no fit.

    Returns
    -------
    net : MLPClassifier
        The attempt that is kept: the last one if it converged, else that of the lowest loss.
    attempts : tuple of Attempt
        All of them.
    kept : int
        The position of the one that is kept.

    Raises
    ------
    DataError
        If every attempt diverged.
    """
    parameters = options.net_parameters()
    nets: list[MLPClassifier] = []
    attempts: list[Attempt] = []
    for _ in range(options.attempts):
        net, attempt = _attempt(parameters, X, y, X_holdout, y_holdout, monitor)
        nets.append(net)
        attempts.append(attempt)
        following = _advised(attempt, [earlier.parameters for earlier in attempts])
        if following is None:
            break
        parameters = following
    kept = _best(attempts)
    if attempts[kept].train_accuracy is None:
        raise DataError(
            f"The net diverged in all {len(attempts)} attempts, at last with a learning rate of "
            f"{attempts[-1].learning_rate_init:g}. Scale the features (--scale standard) or give "
            "a lower --learning-rate."
        )
    return nets[kept], tuple(attempts), kept


def _attempt(
    parameters: dict[str, Any],
    X: NDArray[Any],
    y: NDArray[Any],
    X_holdout: NDArray[Any],
    y_holdout: NDArray[Any],
    monitor: Monitor,
) -> tuple[MLPClassifier, Attempt]:
    net = MLPClassifier(**parameters, record_train_score=False)
    watched = {} if net.early_stopping else {"X_val": X_holdout, "y_val": y_holdout}
    diverged = False
    start = time.perf_counter()
    with warnings.catch_warnings():  # the diagnosis says it better
        warnings.simplefilter("ignore")
        try:
            net.fit_monitored(X, y, monitor, **watched)
        except ValueError:
            if not getattr(net, "loss_curve_", None):
                raise
            diverged = True
    seconds = time.perf_counter() - start
    net.set_params(record_train_score="auto")
    notes = notes_of(net, X, y, X_holdout, y_holdout, with_reference=False)
    notes = replace(notes, diverged=diverged)
    convergence = notes.convergence
    assert convergence is not None
    if diverged and convergence.reason != "diverged":
        convergence = replace(convergence, converged=False, reason="diverged")
    return net, Attempt(
        learning_rate_init=parameters["learning_rate_init"],
        max_iter=parameters["max_iter"],
        seconds=seconds,
        loss_curve=tuple(map(float, net.loss_curve_)),
        convergence=convergence,
        train_accuracy=notes.rates.accuracy if notes.rates and not diverged else None,
        holdout_accuracy=notes.holdout_rates.accuracy
        if notes.holdout_rates and not diverged
        else None,
        parameters=parameters,
        holdout_loss_curve=tuple(map(float, net.validation_loss_curve_ or ())) if watched else (),
        findings=examine(notes, FOLLOWED).findings,
        outcome=_outcome(notes, seconds, diverged),
    )


def _outcome(notes: CaseNotes, seconds: float, diverged: bool) -> Outcome:
    """Return the numbers that are set before and after an advice."""
    assert notes.loss_curve is not None
    loss = float(notes.loss_curve[-1])
    return Outcome(
        train=None if diverged else notes.rates,
        holdout=None if diverged else notes.holdout_rates,
        loss=loss if np.isfinite(loss) else None,
        epochs=len(notes.loss_curve),
        seconds=seconds,
    )


def _advised(attempt: Attempt, tried: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Return what the first finding that can be followed makes of the parameters."""
    finding = followed(attempt)
    if finding is None:
        return None
    following = {**attempt.parameters, **finding.suggested}
    return None if following in tried else following


def followed(attempt: Attempt) -> Finding | None:
    """Return the finding that an attempt is followed up by, None where none is.

    A fit that needs more epochs gets them even where little of its loss is left.
    """
    for finding in attempt.findings:
        acts = finding.severity != "note" or finding.rule == "too_few_epochs"
        if acts and finding.suggested and finding.suggested.keys() <= attempt.parameters.keys():
            return finding
    return None


def _best(attempts: list[Attempt]) -> int:
    """Return the last attempt that converged, else the one of the lowest training loss."""
    settled = [i for i, a in enumerate(attempts) if a.convergence.reason == "converged"]
    if settled:
        return settled[-1]
    losses = [np.inf if a.train_accuracy is None else a.loss_curve[-1] for a in attempts]
    return int(np.argmin(losses))


def converged_in_words(convergence: Convergence) -> str:
    """Return the diagnosis and, where there is some, the advice as one text."""
    return " ".join(part for part in (convergence.sentence, convergence.advice) if part)
