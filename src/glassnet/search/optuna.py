"""Optuna proposes, a population answers: its ask-and-tell with many candidates at a time."""

from __future__ import annotations

__all__ = ["ask_and_tell"]

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from glassnet.errors import DataError
from glassnet.estimators import MLPClassifier
from glassnet.search.curves import prepared, scores_of


def ask_and_tell(
    study: Any,
    suggest: Callable[[Any], dict[str, Any]],
    X: ArrayLike,
    y: ArrayLike,
    *,
    n_candidates: int = 60,
    batch: int = 12,
    estimator: MLPClassifier | None = None,
    cv: Any = None,
    n_restarts: int = 1,
    scoring: Any = None,
    n_jobs: int | None = None,
    n_threads: int | None = None,
) -> Any:
    """Let an Optuna study search a net's parameters, a batch of candidates as one population.

    Each round asks the study for `batch` candidates, trains them on all folds together, and tells
    it their mean scores. Optuna's samplers learn from round to round. (Akiba, Sano, Yanase, Ohta
    and Koyama, "Optuna: a next-generation hyperparameter optimization framework", KDD 2019.)

    Parameters
    ----------
    study : optuna.Study
        Made with ``direction="maximize"``.
    suggest : callable
        ``suggest(trial)`` returns parameters of `MLPClassifier`, taken from the trial's
        ``suggest_float`` and the like.
    X, y : array-like of shape (n, d) and (n,)
        The rows and their labels.
    n_candidates : int, default=60
        Candidates in all.
    batch : int, default=12
        Candidates at a time: more train faster together, fewer let the sampler learn more often.
    estimator : MLPClassifier or None, default=None
        The parameters that all candidates share.
    cv, n_restarts, scoring, n_jobs, n_threads
        As for `MLPClassifierCV`.

    Returns
    -------
    optuna.Study
        The study. A candidate that diverged is told as failed.

    Raises
    ------
    DataError
        If the study minimises.

    Examples
    --------
    With Optuna installed (``pip install glassnet[optuna]``)::

        study = optuna.create_study(direction="maximize")
        ask_and_tell(
            study,
            lambda trial: {"learning_rate_init": trial.suggest_float("rate", 1e-4, 0.1, log=True)},
            X, y,
        ).best_params
    """
    if getattr(study.direction, "name", study.direction) != "MAXIMIZE":
        raise DataError(
            "The study minimises, and a score is better the higher it is: make it with "
            'direction="maximize".'
        )
    from optuna.trial import TrialState

    net = MLPClassifier() if estimator is None else estimator
    labels, data, splits = prepared(X, y, cv)
    while n_candidates > 0:
        asked = [study.ask() for _ in range(min(batch, n_candidates))]
        n_candidates -= len(asked)
        settings = [(suggest(trial), splits) for trial in asked]
        scores, _ = scores_of(
            net, labels, data, settings, n_restarts, scoring, n_jobs, n_threads, training=False
        )
        for trial, score in zip(asked, scores.mean(axis=(1, 2)), strict=True):
            if np.isfinite(score):
                study.tell(trial, float(score))
            else:
                study.tell(trial, state=TrialState.FAIL)
    return study
