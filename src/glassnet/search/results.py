"""What a search found, in the form of scikit-learn's `cv_results_`."""

from __future__ import annotations

__all__ = ["best_candidate", "cv_results"]

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from glassnet.search.halving import Outcome


def cv_results(
    outcome: Outcome, candidates: Sequence[dict[str, Any]], *, with_training: bool
) -> dict[str, Any]:
    """Return one array an aspect, one element a candidate.

    Parameters
    ----------
    outcome : Outcome
        The trained trials.
    candidates : sequence of dict
        Their parameters.
    with_training : bool
        Whether there are scores of the training rows.
    """
    n_folds = max(trial.fold for trial in outcome.trials) + 1
    n_restarts = max(trial.restart for trial in outcome.trials) + 1
    shape = (len(candidates), n_folds, n_restarts)
    found: dict[str, Any] = {}
    for name, attribute in (("fit_time", "fit_seconds"), ("score_time", "score_seconds")):
        seconds = _of_all(outcome, attribute, shape).sum(axis=2)
        found[f"mean_{name}"], found[f"std_{name}"] = seconds.mean(axis=1), seconds.std(axis=1)
    found |= _parameters(candidates)
    found["params"] = list(candidates)
    scores = _of_all(outcome, "score", shape)
    found |= _statistics(scores, "test")
    found["std_restarts_test_score"] = (
        scores.std(axis=2, ddof=1).mean(axis=1) if n_restarts > 1 else np.zeros(len(candidates))
    )
    found["rank_test_score"] = _ranks(found["mean_test_score"], np.array(outcome.rungs))
    if with_training:
        found |= _statistics(_of_all(outcome, "train_score", shape), "train")
    found["rung"] = np.array(outcome.rungs)
    epochs = _of_all(outcome, "n_epochs", shape)
    found["mean_n_epochs"] = epochs.mean(axis=(1, 2))
    return found


def best_candidate(found: dict[str, Any]) -> int:
    """Return the position of the best candidate: the first one of rank 1."""
    return int(np.argmin(found["rank_test_score"]))


def _of_all(outcome: Outcome, attribute: str, shape: tuple[int, int, int]) -> NDArray[np.float64]:
    """Return a number of every trial by candidate, fold and restart."""
    values = np.full(shape, np.nan)
    for trial in outcome.trials:
        values[trial.key] = getattr(trial, attribute)
    return values


def _statistics(scores: NDArray[np.float64], rows: str) -> dict[str, NDArray[np.float64]]:
    """Return the scores by fold, the mean over restarts, with their mean and spread."""
    by_fold = scores.mean(axis=2)
    found = {f"split{i}_{rows}_score": by_fold[:, i] for i in range(by_fold.shape[1])}
    found[f"mean_{rows}_score"] = by_fold.mean(axis=1)
    found[f"std_{rows}_score"] = by_fold.std(axis=1)
    return found


def _parameters(candidates: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return a masked column for each parameter that any candidate sets."""
    found = {}
    for name in sorted({name for each in candidates for name in each}):
        values = np.empty(len(candidates), dtype=object)
        absent = np.array([name not in each for each in candidates])
        for i, each in enumerate(candidates):
            values[i] = each.get(name)
        found[f"param_{name}"] = np.ma.MaskedArray(values, mask=absent)
    return found


def _ranks(scores: NDArray[np.float64], rungs: NDArray[np.int64]) -> NDArray[np.int32]:
    """Rank candidates: who was trained longer is before who was stopped, then by score."""
    worst = np.nanmin(scores) - 1 if np.isfinite(scores).any() else 0.0
    filled = np.where(np.isfinite(scores), scores, worst)
    # Rows of a matrix are sorted by their first column, then by the second.
    _, places = np.unique(np.column_stack([-rungs, -filled]), axis=0, return_inverse=True)
    ranks: NDArray[np.int32] = rankdata(places.ravel(), method="min").astype(np.int32)
    return ranks
