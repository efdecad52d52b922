"""Chunks of trials sent to other processes, here or on a cluster, until all have come back."""

from __future__ import annotations

__all__ = ["spread"]

import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from joblib import Parallel, delayed
from joblib.parallel import get_active_backend

from glassnet.search.trial import Data, Trial

# Times that work is sent out again without one chunk coming back.
MOST_LOSSES = 3


@dataclass(frozen=True, eq=False)
class _Failed:
    """What the work itself raised: to be raised here, and not to be tried again."""

    error: Exception


def spread(
    work: Callable[[Sequence[Trial], Data], list[Trial]],
    chunks: Callable[[Sequence[Trial]], list[list[Trial]]],
    trials: Sequence[Trial],
    data: Data,
    n_jobs: int | None,
) -> Iterator[list[Trial]]:
    """Do work on chunks of trials in joblib's jobs.

    A worker may be killed, and rows that it alone had are lost with it; joblib's backends then fail
    in their own ways. What has not come back is sent again. As a trial depends on nothing but
    itself, it comes back the same. One loss is not noticed: joblib's own processes (loky) share a
    pipe, and where one is killed in the middle of what it sends, joblib waits for the rest.

    Parameters
    ----------
    work : callable
        ``work(chunk, data)`` returns the chunk, trained.
    chunks : callable
        Cuts trials into chunks.
    trials : sequence of Trial
        All that there is to do.
    data : Data
        The rows.
    n_jobs : int or None
        Jobs of the backend in force.

    Yields
    ------
    list of Trial
        A trained chunk, as it comes.

    Raises
    ------
    Exception
        What the work raised, or what the backend did where nothing comes back any more.
    """
    waiting = {trial.key: trial for trial in trials}
    n_losses = 0
    while waiting:
        failed: Exception | None = None
        lost: Exception | None = None
        outcomes: Any = ()
        try:
            outcomes = _outcomes(work, chunks(list(waiting.values())), data, n_jobs)
            for outcome in outcomes:
                if isinstance(outcome, _Failed):
                    failed = outcome.error
                    break
                if isinstance(outcome, list):  # else a worker ended with the chunk in its hands
                    for trial in outcome:
                        del waiting[trial.key]
                    n_losses = 0
                    yield outcome
        except Exception as error:  # a backend's own
            lost = error
        finally:
            _end(outcomes)
        if failed is not None:
            raise failed
        if waiting:
            n_losses += 1
            if n_losses > MOST_LOSSES:
                raise lost or RuntimeError(
                    f"{len(waiting)} nets did not come back from joblib's workers, which were "
                    f"given them {n_losses} times. Look at what ends the workers; n_jobs=None "
                    "needs none."
                )
            warnings.warn(
                f"Workers were lost; {len(waiting)} nets are sent out again"
                + (f" ({type(lost).__name__})." if lost else "."),
                stacklevel=2,
            )


def _outcomes(
    work: Callable[[Sequence[Trial], Data], list[Trial]],
    chunks: list[list[Trial]],
    data: Data,
    n_jobs: int | None,
) -> Any:
    backend, _ = get_active_backend()
    streams = getattr(backend, "supports_return_generator", False)
    parallel = Parallel(n_jobs=n_jobs, return_as="generator_unordered" if streams else "list")
    # Each array is an argument of its own: backends send the same large array to a worker once.
    return parallel(
        delayed(_guarded)(work, chunk, data.X, data.y, data.targets, *data.both_weights)
        for chunk in chunks
    )


def _end(outcomes: Any) -> None:
    """Stop what is still at work, where somebody stops listening."""
    if hasattr(outcomes, "close"):
        with warnings.catch_warnings():  # joblib tells how many tasks it cancels
            warnings.simplefilter("ignore", UserWarning)
            outcomes.close()


def _guarded(
    work: Callable[[Sequence[Trial], Data], list[Trial]], chunk: list[Trial], *rows: Any
) -> list[Trial] | _Failed:
    """Do the work in a worker, and send home what it raises."""
    try:
        return work(chunk, Data(*rows))
    except Exception as error:
        return _Failed(error)
