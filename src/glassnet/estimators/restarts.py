"""Several random starts of one net, trained together; the best is kept."""

from __future__ import annotations

import numbers
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.estimators.mlp_validation import best_of
from glassnet.model import Member, Network, initial_parameters, random_state_of
from glassnet.training import Fit


@dataclass(frozen=True, eq=False)
class Restart:
    """One of the random starts of a net.

    Attributes
    ----------
    seed : int or None
        Its random state; None for the first where `random_state` is not an int.
    loss : float
        Its training loss at the end.
    score : float or None
        Its best validation score; None without validation rows.
    n_iter : int
        Its epochs or iterations.
    stop : str
        Why it stopped: "converged", "max_iter", "interrupted", "diverged" or "no_descent".
    coefs, intercepts : tuple of ndarray or None
        The net, where `keep_restarts` asks for it.
    """

    seed: int | None
    loss: float
    score: float | None
    n_iter: int
    stop: str
    coefs: tuple[NDArray[Any], ...] | None = None
    intercepts: tuple[NDArray[Any], ...] | None = None


def restart_seeds(random_state: np.random.RandomState, n: int) -> list[int]:
    """Draw seeds for n further starts, and leave the random state as it is.

    The first start goes on with the random state itself, as a single fit would.
    """
    if n == 0:
        return []
    copy = random_state_of(0)
    copy.set_state(random_state.get_state())
    return [int(seed) for seed in copy.randint(np.iinfo(np.int32).max, size=n)]


def starts_of(random_state: Any, n: int) -> list[int]:
    """Return seeds of n starts that several nets are to share; the first is `random_state` itself.

    Parameters
    ----------
    random_state : int, RandomState or None
        That of a net; what is no int gives one.
    n : int
        How many.
    """
    if not isinstance(random_state, numbers.Integral):
        random_state = random_state_of(random_state).randint(np.iinfo(np.int32).max)
    first = int(random_state)
    return [first, *restart_seeds(random_state_of(first), n - 1)]


def further_members(
    network: Network, first: Member, seeds: Sequence[int], dtype: np.dtype[Any]
) -> list[Member]:
    """Return members that differ from the first in their random state alone.

    They are judged on the first one's validation rows, so that their scores can be compared.
    """
    members = []
    for seed in seeds:
        random_state = random_state_of(seed)
        start = initial_parameters(network, random_state, dtype)
        members.append(replace(first, random_state=random_state, start=start))
    return members


def best_restart(fits: Sequence[Fit], *, by_score: bool) -> int:
    """Return the position of the best fit: by validation score or by training loss.

    A fit without a number is the worst: it diverged, or was interrupted before its first epoch was
    over. Of equal ones the first is the best.
    """

    def badness(fit: Fit) -> float:
        value = -fit.progress.best_score if by_score else fit.loss
        return value if np.isfinite(value) and np.isfinite(fit.parameters).all() else np.inf

    return int(np.argmin([badness(fit) for fit in fits]))


def describe_restarts(
    network: Network, seeds: Sequence[int | None], fits: Sequence[Fit], *, keep: bool
) -> list[Restart]:
    """Return what there is to say of each start."""
    return [
        Restart(
            seed=seed,
            loss=fit.loss,
            score=best_of(fit.validation_scores) if fit.validation_scores else None,
            n_iter=fit.n_iter,
            stop=fit.stop.value,
            coefs=tuple(network.coefs(fit.parameters)) if keep else None,
            intercepts=tuple(network.intercepts(fit.parameters)) if keep else None,
        )
        for seed, fit in zip(seeds, fits, strict=True)
    ]
