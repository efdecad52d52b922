"""The constants of `AutoMLPClassifier`, all in one place, and what they come to for a table."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, final

from glassnet.data.net_inputs import InputOptions
from glassnet.model import ACTIVATIONS, INITIAL
from glassnet.training import AdamW, Cosine

__all__ = ["Course", "Plan", "Recipe"]

# Members that would get fewer steps each are left out where time is short.
FEW_STEPS = 375
# Whole epochs waste less than a tenth of the time that is planned with where there are so many.
_MANY_EPOCHS = 10


@final
@dataclass(frozen=True)
class Plan:
    """How long each member trains.

    Attributes
    ----------
    epochs : int
        Passes over the rows.
    rows : int
        Rows that a pass sees: all, but where there is no time for a whole pass.
    batch : int
        Rows a step.
    """

    epochs: int
    rows: int
    batch: int

    @property
    def steps(self) -> int:
        """Steps of each member."""
        return self.epochs * math.ceil(self.rows / self.batch)

    def shortened(self, share: float) -> Plan:
        """Return a plan with a share of the steps: of fewer epochs, or of fewer rows too."""
        if share >= 1:
            return self
        steps, per_epoch = max(1, int(share * self.steps)), math.ceil(self.rows / self.batch)
        if steps >= _MANY_EPOCHS * per_epoch:
            return Plan(steps // per_epoch, self.rows, self.batch)
        epochs = math.ceil(steps / per_epoch)
        return Plan(epochs, steps // epochs * self.batch, self.batch)


@final
@dataclass(frozen=True)
class Course:
    """One way to train, of those that a rehearsal chooses from.

    Attributes
    ----------
    epochs, least_steps : int
        Passes over the rows, and the fewest steps they may come to.
    dropout : float
        See `Member`.
    weight_decay : float, default=0.02
        See `Optimizer`.
    is_noisy : bool, default=False
        Whether it trains on noisy copies of the rows too, in as many steps.
    """

    epochs: int
    least_steps: int
    dropout: float
    weight_decay: float = 0.02
    is_noisy: bool = False

    def plan(self, n_rows: int, recipe: Recipe, copies: int = 1) -> Plan:
        """Return how long to train on so many rows, of `copies` each, where time is no matter."""
        batch = min(recipe.batch, n_rows)
        steps = max(self.least_steps, self.epochs * math.ceil(n_rows / batch))
        n_seen = n_rows * (copies if self.is_noisy else 1)
        per_epoch = math.ceil(n_seen / batch)
        return Plan(max(1, round(min(steps, recipe.most_steps) / per_epoch)), n_seen, batch)


@final
@dataclass(frozen=True)
class Recipe:
    """The constants; benchmarks/recipe.py measures what each is worth.

    Attributes
    ----------
    members : int
        Nets that are trained, whose probabilities are averaged.
    hidden : tuple of int
        Units of their hidden layers.
    activation, initial : str
        Of the hidden units; where the parameters start.
    learning_rate, beta_1, beta_2, warmup, clip_norm
        Of AdamW with a cosine schedule.
    batch : int
        Rows a step; all, where there are fewer.
    most_steps : int
        Steps of a member at most.
    courses : sequence of (epochs, least_steps, dropout, weight_decay, is_noisy)
        What a rehearsal chooses from; see `Course`. Without one, the first is taken.
    copies, noise : int, float
        How often noisy courses have each row, and the noise's deviation, as a share of the inputs'.
        They are for inputs of one range: others do without such courses.
    judge : int
        Place of the course that chooses whether columns are cut into pieces.
    rehearsed_hidden : tuple of int
        Units of the hidden layers of the nets that rehearse: fewer, since what suits them suits
        wider ones too.
    rehearsed_nets : int
        Nets of each trial of a rehearsal.
    least_rehearsed, most_rehearsed : int
        Rows below which there is no rehearsal, and rows that it is done with at most.
    label_smoothing : float
        See `Member`. What smoothing does to the probabilities is undone.
    shares_ranges, squash, pieces, most_pieces, fewest_values
        See `InputOptions`.
    """

    members: int = 4
    hidden: tuple[int, ...] = (256, 256)
    activation: str = "silu"
    initial: str = "normal"
    learning_rate: float = 4e-3
    beta_1: float = 0.9
    beta_2: float = 0.95
    warmup: float = 0.02
    clip_norm: float | None = None
    batch: int = 128
    most_steps: int = 40_000
    courses: Sequence[tuple[Any, ...]] = (
        (40, 1500, 0.05, 0.02),
        (40, 1500, 0.3, 0.02),
        (20, 300, 0.4, 0.02),
        (40, 1500, 0.05, 0.02, True),
    )
    copies: int = 6
    noise: float = 0.2
    judge: int = 1
    rehearsed_hidden: tuple[int, ...] = (128, 128)
    rehearsed_nets: int = 2
    least_rehearsed: int = 300
    most_rehearsed: int = 8_000
    label_smoothing: float = 0.03
    shares_ranges: bool = True
    squash: float = 3.0
    pieces: int = 8
    most_pieces: int = 512
    fewest_values: int = 8

    def check(self) -> None:
        """Refuse values that nothing could be trained with.

        Raises
        ------
        ValueError
            Where one is out of range.
        """
        hidden = (*self.hidden, *self.rehearsed_hidden)
        counts = (
            self.members, self.rehearsed_nets, self.copies, self.batch, self.most_steps, *hidden
        )  # fmt: skip
        courses = self.all_courses()
        if not courses or min(*counts, *(c.epochs for c in courses)) < 1:
            raise ValueError(
                "`recipe` needs a course, and members, batch, epochs and hidden units of 1 or more."
            )
        if not -len(courses) <= self.judge < len(courses):
            raise ValueError(f"`recipe` has no course {self.judge} to be the judge.")
        if courses[self.judge].is_noisy or courses[0].is_noisy:
            raise ValueError(
                "`recipe` needs a first course and a judge without noise: for some tables there "
                "are no noisy copies."
            )
        shares = (self.label_smoothing, *(course.dropout for course in courses))
        least = min(self.squash, self.pieces, self.noise)
        if not all(0 <= share < 1 for share in shares) or least < 0:
            raise ValueError(
                "`recipe` needs shares of dropout and label smoothing in [0, 1), and squash, "
                "pieces and noise of 0 or more."
            )
        if self.activation not in ACTIVATIONS or self.initial not in INITIAL:
            raise ValueError(
                f"`recipe` has the activation {self.activation!r} and the initial weights "
                f"{self.initial!r}; there are {', '.join(ACTIVATIONS)}; {', '.join(INITIAL)}."
            )

    def all_courses(self) -> list[Course]:
        """Return the courses."""
        return [Course(*course) for course in self.courses]

    def in_time(
        self,
        plans: Sequence[tuple[Course, Plan]],
        seconds: float,
        step_seconds: float,
        at_once: int,
    ) -> list[tuple[Course, Plan]]:
        """Return plans that take so many seconds at most, all together.

        Parameters
        ----------
        plans : sequence of (Course, Plan)
            The members' plans where time is no matter.
        seconds : float
            The time there is.
        step_seconds : float
            Time of a step of one member while `at_once` are trained.
        at_once : int
            Members that are trained at the same time.

        Returns
        -------
        list of (Course, Plan)
            The same where they fit. Otherwise each is shorter by the same share; and those at the
            end are left out while the others would get less than `FEW_STEPS`, as long as all
            threads have one.
        """
        kept = list(plans)
        while True:
            rounds = math.ceil(len(kept) / at_once)
            needed = step_seconds * rounds * max(plan.steps for _, plan in kept)
            share = min(1.0, seconds / needed)
            if len(kept) <= at_once or share * min(p.steps for _, p in kept) >= FEW_STEPS:
                break
            if share == 1.0:
                break
            kept = kept[: max(at_once, len(kept) - at_once)]
        return [(course, plan.shortened(share)) for course, plan in kept]

    def solver(self, course: Course) -> AdamW:
        """Return the solver of a course."""
        return AdamW(
            self.learning_rate,
            beta_1=self.beta_1,
            beta_2=self.beta_2,
            weight_decay=course.weight_decay,
            schedule=Cosine(self.warmup),
        )

    def inputs(self) -> InputOptions:
        """Return how numbers become inputs."""
        return InputOptions(
            shares_ranges=self.shares_ranges,
            squashes=self.squash,
            pieces=self.pieces,
            most_pieces=self.most_pieces,
            fewest_values=self.fewest_values,
        )

    def net_parameters(self, course: Course, plan: Plan, seed: int) -> dict[str, Any]:
        """Return the recipe by the names of `MLPClassifier`'s parameters."""
        return {
            "hidden_layer_sizes": self.hidden,
            "activation": self.activation,
            "solver": "adamw",
            "alpha": 0.0,
            "batch_size": plan.batch,
            "learning_rate": "cosine",
            "learning_rate_init": self.learning_rate,
            "warmup": self.warmup,
            "beta_1": self.beta_1,
            "beta_2": self.beta_2,
            "weight_decay": course.weight_decay,
            "clip_norm": self.clip_norm,
            "dropout": course.dropout,
            "label_smoothing": self.label_smoothing,
            "max_iter": plan.epochs,
            "precision": "float32",
            "random_state": seed,
        }
