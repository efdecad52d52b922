"""Training many trials together, in this process or in others."""

from __future__ import annotations

__all__ = ["train_trials", "trained"]

import copy
import math
import time
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
from joblib import effective_n_jobs
from numpy.typing import NDArray

from glassnet.estimators.memory import training_bytes
from glassnet.model import Member, Population
from glassnet.search.spreading import spread
from glassnet.search.trial import Data, Trial
from glassnet.training import Fit, Monitor, Stop, choose_engine
from glassnet.training.dropout import dropout_seed

# Bytes that the nets of one population may take to train.
MOST_BYTES = 2**28
# Chunks for each worker, where there are several: those that end early take another one.
CHUNKS_A_WORKER = 4


def train_trials(
    trials: Sequence[Trial],
    data: Data,
    scorer: Callable[..., float],
    share: float,
    *,
    scores_training: bool = False,
    n_jobs: int | None = None,
    n_threads: int | None = None,
    chunk_size: int | None = None,
    monitor: Monitor | None = None,
) -> Iterator[list[Trial]]:
    """Train trials up to a share of their epochs and score them, in chunks.

    Parameters
    ----------
    trials : sequence of Trial
        They go on from where they are.
    data : Data
        The rows; with several jobs they are sent to each worker once.
    scorer : callable
        ``scorer(net, X, y)``.
    share : float
        Of each trial's `max_iter`, in (0, 1]. One that cannot pause is trained to its end.
    scores_training : bool, default=False
        Whether the rows that they train on are scored too.
    n_jobs : int or None, default=None
        Jobs of joblib, by whatever backend is in force. With one, chunks are trained in this
        process, on several threads.
    n_threads : int or None, default=None
        Threads of each job.
    chunk_size : int or None, default=None
        Most trials that are trained together; None for as many as is fastest.
    monitor : Monitor or None, default=None
        Hears of every epoch, with one job.

    Yields
    ------
    list of Trial
        A chunk, trained; which trials share a chunk changes nothing in them.
    """
    workers = effective_n_jobs(n_jobs)
    cut = partial(_chunks, workers=workers, most=chunk_size)
    if workers == 1:
        for chunk in cut(trials):
            yield trained(chunk, data, scorer, share, scores_training, n_threads, monitor)
        return
    work = partial(
        trained,
        scorer=scorer,
        share=share,
        scores_training=scores_training,
        n_threads=n_threads,
    )
    yield from spread(work, cut, trials, data, n_jobs)


def _chunks(trials: Sequence[Trial], workers: int, most: int | None) -> list[list[Trial]]:
    """Put trials of one shape together, as many as memory allows and workers make sensible."""
    kinds: dict[Any, list[Trial]] = defaultdict(list)
    for trial in trials:
        kinds[trial.network, trial.dtype].append(trial)
    if most is None:
        share = 1 if workers == 1 else 1 / (workers * CHUNKS_A_WORKER)
        most = math.ceil(len(trials) * share)
    found = []
    for (network, dtype), members in kinds.items():
        fitting = max(1, MOST_BYTES // training_bytes(network, dtype, 1))
        size = min(most, fitting)
        found += [members[i : i + size] for i in range(0, len(members), size)]
    # The longest first, so that the last to end are short.
    return sorted(found, key=lambda chunk: -len(chunk) * chunk[0].network.n_parameters)


def trained(
    chunk: Sequence[Trial],
    data: Data,
    scorer: Callable[..., float],
    share: float,
    scores_training: bool = False,
    n_threads: int | None = None,
    monitor: Monitor | None = None,
) -> list[Trial]:
    """Train trials of one shape as one population up to a share of their epochs; score them.

    Raises
    ------
    KeyboardInterrupt
        If somebody stops the training.
    """
    members = [replace(trial.member, max_iter=_epochs(trial, share)) for trial in chunk]
    begun = [copy.deepcopy(member.random_state) for member in members]
    network, dtype = chunk[0].network, chunk[0].dtype
    start = time.perf_counter()
    fits = (
        choose_engine(n_threads)
        .train(
            Population(network, tuple(members)), data.X, data.targets, dtype=dtype, monitor=monitor
        )
        .fits
    )
    seconds = time.perf_counter() - start
    if any(fit.stop is Stop.INTERRUPTED for fit in fits):
        raise KeyboardInterrupt
    work = np.array(
        [fit.n_iter * trial.n_trained_rows for fit, trial in zip(fits, chunk, strict=True)]
    )
    spent = seconds * work / max(work.sum(), 1)
    return [
        _scored(_advanced(trial, fit, stream, float(own)), data, scorer, scores_training)
        for trial, fit, stream, own in zip(chunk, fits, begun, spent, strict=True)
    ]


def _epochs(trial: Trial, share: float) -> int:
    """Return the epochs that are left up to a share of all."""
    if not trial.can_pause:
        return trial.max_iter
    return max(1, math.ceil(share * trial.max_iter) - trial.n_epochs)


def _advanced(trial: Trial, fit: Fit, stream: np.random.RandomState, seconds: float) -> Trial:
    """Return a trial as training leaves it, ready to go on.

    Each epoch orders the rows of the last one anew; training that goes on must find them so. The
    random stream as it was before says how they lie.
    """
    net = copy.copy(trial.net)
    by_score = net.early_stopping and trial.member.validation_rows is not None
    net._adopt(trial.network, fit, net.coefs_[0].dtype, by_score=by_score)
    net.n_iter_ = len(net.loss_curve_)
    is_over = fit.stop is not Stop.MAX_ITER or net.n_iter_ >= trial.max_iter
    is_over = is_over or not trial.can_pause
    member = replace(
        trial.member,
        rows=trial.member.rows if is_over else _order_after(trial.member, stream, fit.n_iter),
        start=fit.parameters,
        optimizer_state=fit.optimizer_state,
        progress=fit.progress,
    )
    return replace(
        trial,
        net=net,
        member=member,
        is_over=is_over,
        fit_seconds=trial.fit_seconds + seconds,
    )


def _order_after(member: Member, stream: np.random.RandomState, n_epochs: int) -> NDArray[np.intp]:
    """Return a member's rows as they lie after some epochs of a call that began with a stream."""
    rows = member.rows
    assert rows is not None
    if not member.shuffle:
        return rows
    dropout_seed(replace(member, random_state=stream))  # is drawn before the first epoch
    for _ in range(n_epochs):
        rows = rows[stream.permutation(len(rows))]
    return rows


def _scored(trial: Trial, data: Data, scorer: Callable[..., float], scores_training: bool) -> Trial:
    """Return a trial with its scores; NaN where the net is no good."""
    net = trial.net
    if not all(np.isfinite(part).all() for part in (*net.coefs_, *net.intercepts_)):
        return replace(trial, score=np.nan, train_score=np.nan)
    start = time.perf_counter()
    with warnings.catch_warnings():  # each of many nets would repeat what a scorer warns of
        warnings.simplefilter("ignore")
        score = data.scored(scorer, net, trial.test_rows)
        train_score = data.scored(scorer, net, trial.trained_rows) if scores_training else np.nan
    seconds = trial.score_seconds + time.perf_counter() - start
    return replace(trial, score=score, train_score=train_score, score_seconds=seconds)
