"""The search itself: all trials together, the hopeless ones stopped on the way."""

from __future__ import annotations

__all__ = ["Listener", "Outcome", "search"]

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from glassnet.search.rungs import n_kept, shares
from glassnet.search.training import train_trials
from glassnet.search.trial import Data, Trial
from glassnet.training import Monitor


class Listener(Protocol):
    """Somebody who follows a search: a table on the screen, a journal on the disk."""

    def recalls(self, trial: Trial, rung: int) -> Trial | None:
        """Return a trial as an earlier search left it after this rung, if that is known."""
        ...

    def hears(self, trials: Sequence[Trial], rung: int) -> None:
        """Hear that some trials have come to the end of a rung."""
        ...

    def cuts(self, going_on: Sequence[int], rung: int) -> None:
        """Hear which candidates go on after a rung."""
        ...


@dataclass(frozen=True, eq=False)
class Outcome:
    """What a search leaves.

    Attributes
    ----------
    trials : tuple of Trial
        All of them, by candidate, fold and restart.
    rungs : tuple of int
        Of each candidate, the last comparison that it took part in, from 0.
    is_whole : bool
        False where somebody interrupted it.
    """

    trials: tuple[Trial, ...]
    rungs: tuple[int, ...]
    is_whole: bool = True


def search(
    trials: Sequence[Trial],
    data: Data,
    scorer: Callable[..., float],
    factor: float | None,
    *,
    listener: Listener | None = None,
    monitor: Monitor | None = None,
    **how: Any,
) -> Outcome:
    """Train all trials, and stop those of hopeless candidates on the way.

    At each comparison a candidate counts by the mean score of its folds and restarts. Those that
    cannot pause were trained to their end before the first one and are compared at the last.

    Parameters
    ----------
    trials : sequence of Trial
        As they begin.
    data : Data
        The rows.
    scorer : callable
        ``scorer(net, X, y)``; more is better.
    factor : float or None
        One candidate in so many goes on after a comparison; None trains all to the end.
    listener : Listener or None
        Follows.
    monitor : Monitor or None
        Hears of every epoch.
    **how
        Passed on to `train_trials`.
    """
    there = {trial.key: trial for trial in trials}
    live = sorted({trial.candidate for trial in trials})
    rungs = dict.fromkeys(live, 0)
    steps = shares(factor, len(live))
    try:
        for rung, share in enumerate(steps):
            for candidate in live:
                rungs[candidate] = rung
            waiting = _recalled(there, live, rung, listener)
            for chunk in train_trials(waiting, data, scorer, share, monitor=monitor, **how):
                there |= {trial.key: trial for trial in chunk}
                if listener is not None:
                    listener.hears(chunk, rung)
            if factor is not None and rung < len(steps) - 1:
                live = _best(there, live, factor)
                if listener is not None:
                    listener.cuts(live, rung)
    except KeyboardInterrupt:
        return _outcome(there, rungs, is_whole=False)
    return _outcome(there, rungs, is_whole=True)


def _outcome(
    there: dict[tuple[int, int, int], Trial], rungs: dict[int, int], *, is_whole: bool
) -> Outcome:
    return Outcome(
        tuple(there[key] for key in sorted(there)), tuple(rungs[c] for c in sorted(rungs)), is_whole
    )


def _recalled(
    there: dict[tuple[int, int, int], Trial],
    live: Sequence[int],
    rung: int,
    listener: Listener | None,
) -> list[Trial]:
    """Take over what is known already, and return the trials that are still to be trained."""
    waiting = []
    for key, trial in there.items():
        if trial.candidate not in set(live) or trial.is_over:
            continue
        known = None if listener is None else listener.recalls(trial, rung)
        if known is None:
            waiting.append(trial)
        else:
            there[key] = known
    return waiting


def _best(
    there: dict[tuple[int, int, int], Trial], live: Sequence[int], factor: float
) -> list[int]:
    """Return the candidates that go on: the best of those that pause, and all the others."""
    scores: dict[int, list[float]] = {candidate: [] for candidate in live}
    pausing = set()
    for trial in there.values():
        if trial.candidate in scores:
            scores[trial.candidate].append(trial.score)
            if trial.can_pause:
                pausing.add(trial.candidate)
    means = {c: np.mean(of) if np.isfinite(of).all() else -np.inf for c, of in scores.items()}
    ranked = sorted(pausing, key=lambda candidate: (-means[candidate], candidate))
    kept = set(ranked[: n_kept(len(ranked), factor)])
    return [c for c in live if c in kept or c not in pausing]
