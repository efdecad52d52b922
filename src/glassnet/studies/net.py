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
from glassnet.evaluation import Convergence, diagnose_convergence
from glassnet.studies.options import StudyOptions
from glassnet.studies.result import Attempt
from glassnet.training import Monitor


def fit_net(
    X: NDArray[Any],
    y: NDArray[Any],
    X_holdout: NDArray[Any],
    y_holdout: NDArray[Any],
    options: StudyOptions,
    monitor: Monitor,
) -> tuple[MLPClassifier, tuple[Attempt, ...], int]:
    """Fit the net; where it does not converge, follow the diagnosis and fit it again.

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
    shares = np.unique(y, return_counts=True)[1] / len(y)
    baseline = float(-(shares * np.log(shares)).sum())
    nets: list[MLPClassifier] = []
    attempts: list[Attempt] = []
    for _ in range(options.attempts):
        net, attempt = _attempt(parameters, X, y, X_holdout, y_holdout, baseline, monitor)
        nets.append(net)
        attempts.append(attempt)
        suggested = {k: v for k, v in attempt.convergence.suggested.items() if k in parameters}
        following = {**parameters, **suggested}
        if attempt.convergence.reason == "converged" or following == parameters:
            break
        if any(_same(following, earlier) for earlier in attempts):
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
    baseline: float,
    monitor: Monitor,
) -> tuple[MLPClassifier, Attempt]:
    # Scores of the training rows at every epoch would cost much and are not shown.
    net = MLPClassifier(**parameters, record_train_score=False)
    diverged = False
    start = time.perf_counter()
    with warnings.catch_warnings():  # the diagnosis says it better
        warnings.simplefilter("ignore")
        try:
            # Without early stopping, what these rows say is recorded and changes nothing.
            net.fit_monitored(X, y, monitor, X_val=X_holdout, y_val=y_holdout)
        except ValueError:
            if not getattr(net, "loss_curve_", None):
                raise
            diverged = True
    seconds = time.perf_counter() - start
    curve = tuple(map(float, net.loss_curve_))
    held_out = tuple(map(float, getattr(net, "validation_loss_curve_", None) or ()))
    convergence = diagnose_convergence(
        curve,
        converged=net.n_iter_ < parameters["max_iter"],
        max_iter=parameters["max_iter"],
        learning_rate_init=parameters["learning_rate_init"],
        tol=net.tol,
        n_iter_no_change=int(net.n_iter_no_change),
        solver=net.solver,
        baseline_loss=baseline,
    )
    if diverged and convergence.reason != "diverged":
        convergence = replace(convergence, converged=False, reason="diverged")
    return net, Attempt(
        learning_rate_init=parameters["learning_rate_init"],
        max_iter=parameters["max_iter"],
        seconds=seconds,
        loss_curve=curve,
        holdout_loss_curve=held_out,
        convergence=convergence,
        train_accuracy=None if diverged else float(net.score(X, y)),
        holdout_accuracy=None if diverged else float(net.score(X_holdout, y_holdout)),
    )


def _same(parameters: dict[str, Any], attempt: Attempt) -> bool:
    """Say whether an attempt was already fitted with these parameters."""
    return bool(
        parameters["learning_rate_init"] == attempt.learning_rate_init
        and parameters["max_iter"] == attempt.max_iter
    )


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
