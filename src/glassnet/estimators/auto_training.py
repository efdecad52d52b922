"""The nets of `AutoMLPClassifier`: planned, trained together, and put in order."""

from __future__ import annotations

__all__ = ["PLANNED", "Clock", "member_of", "step_seconds", "train_nets"]

import time
import warnings
from collections.abc import Sequence
from typing import final

import numpy as np

from glassnet.estimators.auto_noise import StockedRows
from glassnet.estimators.auto_recipe import Course, Plan, Recipe
from glassnet.estimators.memory import check_memory
from glassnet.estimators.mlp_classifier import MLPClassifier
from glassnet.estimators.restored import restored_net
from glassnet.estimators.targets import Labels
from glassnet.model import INITIAL, Member, Network, Population, random_state_of
from glassnet.training import Engine, Fit, Monitor, Stop, choose_engine

# Steps that a trial takes, and the share of the time that is planned with: steps differ.
_TRIAL_STEPS = 24
PLANNED = 0.9


@final
class Clock:
    """The time that a fit has, from now on.

    Parameters
    ----------
    seconds : float or None
        None for no limit.
    """

    def __init__(self, seconds: float | None) -> None:
        self._seconds, self._start = seconds, time.perf_counter()

    @property
    def left(self) -> float:
        """Seconds that are left."""
        if self._seconds is None:
            return np.inf
        return self._seconds - (time.perf_counter() - self._start)


@final
class _Deadline:
    """Stops the training when the time is over, and passes on what it hears."""

    def __init__(self, clock: Clock, other: Monitor | None) -> None:
        self._clock, self._other = clock, other
        self.is_over = False

    def epoch_ends(self, member: int, epoch: int, loss: float, score: float | None) -> None:
        if self._other is not None:
            self._other.epoch_ends(member, epoch, loss, score)
        if self._clock.left <= 0:
            self.is_over = True
            raise KeyboardInterrupt

    def says(self, member: int, message: str) -> None:
        if self._other is not None:
            self._other.says(member, message)


def train_nets(
    recipe: Recipe,
    courses: Sequence[Course],
    stock: StockedRows,
    labels: Labels,
    *,
    random_state: np.random.RandomState,
    clock: Clock,
    n_threads: int | None,
    monitor: Monitor | None,
) -> list[MLPClassifier]:
    """Train the members of a recipe.

    Parameters
    ----------
    recipe : Recipe
        The constants.
    courses : sequence of Course
        How long, and how much is left out; one a member.
    stock : StockedRows
        The nets' inputs, float32, and what the rows are, 0 and 1.
    labels : Labels
        The classes.
    random_state : RandomState
        Draws the members' seeds.
    clock : Clock
        The time there is.
    n_threads : int or None
        Threads to use.
    monitor : Monitor or None
        Hears of every epoch.

    Returns
    -------
    list of MLPClassifier
        The members that got so far that they are worth asking, in order.

    Raises
    ------
    ValueError
        Where training diverged.
    """
    sizes = (stock.X.shape[1], *recipe.hidden, stock.targets.shape[1])
    network = Network(sizes, recipe.activation, labels.output)
    check_memory(network, np.dtype(np.float32), recipe.members)
    engine, has_limit = choose_engine(n_threads), bool(np.isfinite(clock.left))
    plans = [(course, course.plan(stock.n, recipe, stock.copies)) for course in courses]
    if has_limit:
        seconds, at_once = step_seconds(recipe, network, engine, stock)
        plans = recipe.in_time(plans, PLANNED * max(clock.left, 0.0), seconds, at_once)
    seeds = random_state.randint(np.iinfo(np.int32).max, size=len(plans)).tolist()
    members = [
        member_of(recipe, course, plan, network, seed, stock)
        for seed, (course, plan) in zip(seeds, plans, strict=True)
    ]
    deadline = _Deadline(clock, monitor)
    result = engine.train(
        Population(network, tuple(members)),
        stock.X,
        stock.targets,
        dtype=np.dtype(np.float32),
        monitor=deadline if has_limit else monitor,
    )
    interrupted = any(fit.stop is Stop.INTERRUPTED for fit in result.fits)
    if interrupted and not deadline.is_over:
        warnings.warn("Training interrupted by user; the model stays as it is.", stacklevel=5)
    return [
        restored_net(
            recipe.net_parameters(*plans[place], seeds[place]),
            coefs=network.coefs(fit.parameters),
            intercepts=network.intercepts(fit.parameters),
            classes=labels.classes,
            output=labels.output,
            n_iter=fit.n_iter,
            loss=fit.loss,
            loss_curve=fit.loss_curve,
        )
        for place, fit in _worth_asking(members, result.fits)
    ]


def member_of(
    recipe: Recipe, course: Course, plan: Plan, network: Network, seed: int, stock: StockedRows
) -> Member:
    """Return a member that is to be trained on some or all of the rows that its course sees."""
    random_state = random_state_of(seed)
    start = INITIAL[recipe.initial](network, random_state, np.dtype(np.float32))
    n_seen = stock.seen_by(course)
    rows = None
    if plan.rows < n_seen:
        rows = random_state.choice(n_seen, plan.rows, replace=False)
    elif n_seen < stock.n * stock.copies:
        rows = np.arange(n_seen)
    return Member(
        solver=recipe.solver(course),
        random_state=random_state,
        alpha=0.0,
        max_iter=plan.epochs,
        tol=0.0,
        n_iter_no_change=np.inf,
        batch_size=plan.batch,
        label_smoothing=recipe.label_smoothing,
        dropout=course.dropout,
        clip_norm=recipe.clip_norm,
        rows=rows,
        start=start,
    )


def step_seconds(
    recipe: Recipe, network: Network, engine: Engine, stock: StockedRows
) -> tuple[float, int]:
    """Return the time of a step of one member, and how many members are trained at once."""
    at_once = max(1, min(recipe.members, getattr(engine, "threads", 1)))
    batch = min(recipe.batch, stock.n)
    n = min(stock.n, _TRIAL_STEPS * batch)
    trial, course = Plan(1, n, batch), recipe.all_courses()[0]
    few = StockedRows(stock.X[:n], stock.targets[:n], n, 1)
    members = [member_of(recipe, course, trial, network, seed, few) for seed in range(at_once)]
    best = np.inf
    for _ in range(2):  # the first wakes threads and fills caches
        start = time.perf_counter()
        population = Population(network, tuple(members))
        engine.train(population, few.X, few.targets, dtype=np.dtype(np.float32))
        best = min(best, time.perf_counter() - start)
    return best / trial.steps, at_once


def _worth_asking(members: Sequence[Member], fits: Sequence[Fit]) -> list[tuple[int, Fit]]:
    """Return the places of members that got half as far as the furthest, and did not diverge."""
    shares = [fit.n_iter / member.max_iter for member, fit in zip(members, fits, strict=True)]
    found = [
        (place, fit)
        for place, fit in enumerate(fits)
        if 2 * shares[place] >= max(shares) and np.isfinite(fit.parameters).all()
    ]
    if not found:
        raise ValueError("Training diverged: all nets have parameters that are not finite.")
    return found
