"""A rehearsal: how long to train, and on which inputs, as rows say that are kept aside for it."""

from __future__ import annotations

__all__ = ["Choice", "Rehearsed", "best_mix", "rehearse"]

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement
from typing import Any, final

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import train_test_split

from glassnet.data.net_inputs import NetInputs
from glassnet.estimators.auto_noise import StockedRows, copies_of, stocked
from glassnet.estimators.auto_recipe import Course, Recipe
from glassnet.estimators.auto_training import PLANNED, Clock, member_of, step_seconds
from glassnet.estimators.calibration import (
    PLAIN,
    calibrated,
    fitted_temperature,
    mean_log_loss,
    unsmoothed,
)
from glassnet.estimators.targets import Labels
from glassnet.model import Network, Population
from glassnet.training import Engine, Stop, choose_engine

_HELD_OUT = 0.2
_MOST_HELD_OUT = 4000
# A rehearsal may take this share of a time budget.
_SHARE = 0.4


@final
@dataclass(frozen=True)
class Rehearsed:
    """What came of one way to train, in a rehearsal on a part of the rows.

    Attributes
    ----------
    epochs : int
        Passes over the rows, or as many steps as they have.
    dropout : float
        Share of the hidden units left out of a step.
    weight_decay : float
        Strength of the weight decay.
    pieces : bool
        Whether columns were cut into pieces.
    temperature : float
        That which suits its probabilities best.
    log_loss, error : float
        Of the rows kept aside, with that temperature.
    chosen : bool
        Whether members are trained so.
    noisy : bool
        Whether it trained on noisy copies of the rows too.
    """

    epochs: int
    dropout: float
    weight_decay: float
    pieces: bool
    temperature: float
    log_loss: float
    error: float
    chosen: bool = False
    noisy: bool = False

    @property
    def sentence(self) -> str:
        """What was tried and what came of it."""
        inputs = "ranges cut into pieces" if self.pieces else "no pieces"
        if self.noisy:
            inputs = "noisy copies of the rows"
        return (
            f"Rehearsed {self.epochs} epochs, dropout {self.dropout:g}, weight decay "
            f"{self.weight_decay:g}, {inputs}: log loss {self.log_loss:.4f}, error {self.error:.2%}"
            + ("; chosen." if self.chosen else ".")
        )


@final
@dataclass(frozen=True)
class Choice:
    """What to train with.

    Attributes
    ----------
    inputs : NetInputs
        Makes the inputs.
    courses : tuple of Course
        One a member.
    temperature : float
        Of the average of the members' probabilities.
    """

    inputs: NetInputs
    courses: tuple[Course, ...]
    temperature: float = PLAIN


@final
@dataclass(frozen=True)
class _Measured:
    """What probabilities of the held-out rows come to."""

    temperature: float
    log_loss: float
    error: float


@final
@dataclass(frozen=True, eq=False)
class _Trial:
    """A course on some inputs, and the probabilities (v, k) that it gives the held-out rows."""

    course: Course
    inputs: NetInputs
    p: NDArray[np.float64]
    found: _Measured


def rehearse(
    recipe: Recipe,
    inputs: NetInputs,
    numbers: Any,
    labels: Labels,
    targets: NDArray[Any],
    *,
    random_state: np.random.RandomState,
    clock: Clock,
    n_threads: int | None,
) -> tuple[Choice, list[Rehearsed]]:
    """Choose inputs and courses by what they do on rows that are kept aside.

    Two nets each are trained, and averaged. First one course chooses by its log loss whether the
    columns are cut into pieces, where that is in question; then all courses are tried on those
    inputs, and the members shared out among them so that log loss times error is least. The
    temperature is the one that suits the members together.

    Parameters
    ----------
    recipe : Recipe
        The constants.
    inputs : NetInputs
        Makes inputs, with pieces where they are possible.
    numbers : ndarray or CSR matrix of shape (n, d)
        The training rows.
    labels : Labels
        The classes.
    targets : ndarray of shape (n, k), or (n, 1) for two classes
        What the rows are, 0 and 1.
    random_state : RandomState
        Chooses rows and draws the nets.
    clock : Clock
        The time there is.
    n_threads : int or None
        Threads to use.

    Returns
    -------
    chosen : Choice
        What to train with.
    told : list of Rehearsed
        All that was tried; nothing where rows or time are too few.
    """
    copies = copies_of(recipe, inputs, numbers.shape[0])
    courses = [c for c in recipe.all_courses() if copies > 1 or not c.is_noisy]
    without = Choice(inputs, (courses[0],) * recipe.members)
    if numbers.shape[0] < recipe.least_rehearsed:
        return without, []
    engine = choose_engine(n_threads)
    stage = _Stage(recipe, numbers, labels, targets, copies, random_state, engine)
    judge = recipe.all_courses()[recipe.judge]
    others = [course for course in courses if course != judge] if inputs.edges else courses
    rounds = [[judge], [judge], others] if inputs.edges else [others]
    if np.isfinite(clock.left) and not stage.fits(rounds, inputs, clock):
        return without, []
    trials: list[_Trial] = []
    if inputs.edges:
        both = (inputs, inputs.without_pieces())
        trials = [stage.try_out([judge], each)[0] for each in both]
        inputs = min(trials, key=lambda trial: trial.found.log_loss).inputs
    if others:
        trials += stage.try_out(others, inputs)
    able = [trial for trial in trials if trial.inputs is inputs]
    mix = best_mix([trial.p for trial in able], recipe.members, stage.badness(able))
    best = [able[place] for place in mix]
    together = np.mean([trial.p for trial in best], axis=0)
    # The longest first, for all threads to end together.
    chosen = sorted((trial.course for trial in best), key=lambda course: -course.epochs)
    told = [
        Rehearsed(
            epochs=trial.course.plan(stage.n, recipe).epochs,
            dropout=trial.course.dropout,
            weight_decay=trial.course.weight_decay,
            pieces=bool(trial.inputs.edges),
            temperature=trial.found.temperature,
            log_loss=trial.found.log_loss,
            error=trial.found.error,
            chosen=trial in best,
            noisy=trial.course.is_noisy,
        )
        for trial in trials
    ]
    return Choice(inputs, tuple(chosen), stage.temperature_of(together)), told


def best_mix(
    outputs: Sequence[NDArray[np.float64]],
    members: int,
    badness: Callable[[NDArray[np.float64]], float],
) -> tuple[int, ...]:
    """Return how members are best shared out among courses, as places of `outputs`.

    Parameters
    ----------
    outputs : sequence of ndarray of shape (v, k)
        The probabilities that each course gives the held-out rows.
    members : int
        Members to share out; all ways to do so are compared.
    badness : callable
        Says of averaged probabilities (v, k) how bad they are.
    """

    def of(mix: tuple[int, ...]) -> float:
        return badness(np.mean([outputs[place] for place in mix], axis=0))

    mixes: list[tuple[int, ...]] = list(combinations_with_replacement(range(len(outputs)), members))
    return min(mixes, key=of)


@final
class _Stage:
    """Rows to rehearse with, in two parts."""

    def __init__(
        self,
        recipe: Recipe,
        numbers: Any,
        labels: Labels,
        targets: NDArray[Any],
        copies: int,
        random_state: np.random.RandomState,
        engine: Engine,
    ) -> None:
        self._recipe, self._labels, self._engine = recipe, labels, engine
        self._copies, self._random_state = copies, random_state
        classes = targets.argmax(axis=1) if targets.shape[1] > 1 else targets[:, 0].astype(int)
        rows = np.arange(len(classes))
        if len(rows) > recipe.most_rehearsed:
            rows = random_state.choice(rows, recipe.most_rehearsed, replace=False)
        n_held_out = min(math.ceil(_HELD_OUT * len(rows)), _MOST_HELD_OUT)
        counts = np.bincount(classes[rows])
        is_even = counts[counts > 0].min() > 1 and len(counts) <= n_held_out
        train, held_out = train_test_split(
            rows,
            test_size=n_held_out,
            random_state=random_state,
            stratify=classes[rows] if is_even else None,
        )
        self._numbers, self._held_out = numbers[train], numbers[held_out]
        self._targets, self._truth = targets[train], classes[held_out]

    @property
    def n(self) -> int:
        """Rows to train on."""
        return int(self._numbers.shape[0])

    def fits(self, rounds: list[list[Course]], inputs: NetInputs, clock: Clock) -> bool:
        """Say whether rounds of trials, one after the other, leave most of the time."""
        stock = StockedRows(inputs.apply(self._numbers), self._targets, self.n, 1)
        seconds, at_once = step_seconds(self._recipe, self._network(inputs), self._engine, stock)
        needed = 0.0
        for courses in rounds:
            steps = [course.plan(self.n, self._recipe).steps for course in courses]
            nets = self._recipe.rehearsed_nets * sum(steps)
            needed += seconds * max(nets / at_once, *steps, 0)
        return needed <= _SHARE * PLANNED * max(clock.left, 0.0)

    def try_out(self, courses: list[Course], inputs: NetInputs) -> list[_Trial]:
        """Train nets in each of the courses, and judge them."""
        recipe, random_state = self._recipe, self._random_state
        stock = stocked(
            recipe,
            courses,
            inputs,
            self._numbers,
            self._targets,
            copies=self._copies,
            random_state=random_state,
        )
        held_out = inputs.apply(self._held_out)
        network = self._network(inputs)
        members = []
        for course in courses * recipe.rehearsed_nets:
            seed = int(random_state.randint(np.iinfo(np.int32).max))
            plan = course.plan(self.n, recipe, stock.copies)
            members.append(member_of(recipe, course, plan, network, seed, stock))
        result = self._engine.train(
            Population(network, tuple(members)),
            stock.X,
            stock.targets,
            dtype=np.dtype(np.float32),
        )
        if any(fit.stop is Stop.INTERRUPTED for fit in result.fits):
            raise KeyboardInterrupt  # there is no model yet to keep
        outputs = [self._probabilities(network, fit.parameters, held_out) for fit in result.fits]
        return [
            self._tried(course, inputs, np.mean(outputs[place :: len(courses)], axis=0))
            for place, course in enumerate(courses)
        ]

    def badness(self, trials: list[_Trial]) -> Callable[[NDArray[np.float64]], float]:
        """Return what measures averaged probabilities (v, k): their log loss times error.

        A tenth less of either is worth as much. The temperature is that of all trials together.
        """
        temperature = self.temperature_of(np.mean([trial.p for trial in trials], axis=0))

        def of(p: NDArray[np.float64]) -> float:
            measured = self._measured(p, temperature)
            return measured.log_loss * max(measured.error, 1e-6)

        return of

    def temperature_of(self, p: NDArray[np.float64]) -> float:
        """Return the temperature that suits probabilities (v, k) of the held-out rows."""
        if not np.isfinite(p).all():
            return PLAIN
        return fitted_temperature(unsmoothed(p, self._recipe.label_smoothing), self._truth)

    def _probabilities(
        self, network: Network, theta: NDArray[Any], rows: Any
    ) -> NDArray[np.float64]:
        """Return a net's probabilities (n, k)."""
        coefs, intercepts = network.coefs(theta), network.intercepts(theta)
        dtype = np.dtype(np.float32)
        a = self._engine.predict(network, coefs, intercepts, rows, dtype=dtype)
        a = np.asarray(a, np.float64)
        return np.hstack([1 - a, a]) if a.shape[1] == 1 else a

    def _tried(self, course: Course, inputs: NetInputs, p: NDArray[np.float64]) -> _Trial:
        return _Trial(course, inputs, p, self._measured(p, self.temperature_of(p)))

    def _measured(self, p: NDArray[np.float64], temperature: float) -> _Measured:
        """Return what probabilities (v, k) of the held-out rows come to at a temperature."""
        if not np.isfinite(p).all():
            return _Measured(PLAIN, np.inf, 1.0)
        given = calibrated(unsmoothed(p, self._recipe.label_smoothing), temperature)
        error = float((p.argmax(axis=1) != self._truth).mean())
        return _Measured(temperature, mean_log_loss(given, self._truth), error)

    def _network(self, inputs: NetInputs) -> Network:
        recipe = self._recipe
        sizes = (inputs.n_out, *recipe.rehearsed_hidden, self._targets.shape[1])
        return Network(sizes, recipe.activation, self._labels.output)
