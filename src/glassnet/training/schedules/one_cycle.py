"""A learning rate that rises and falls once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from glassnet.training.schedules.steps import along_cosine, share_of_rest, warmup_steps

FIRST_DIVISOR = 25.0
LAST_DIVISOR = 1e4


@final
@dataclass(frozen=True)
class OneCycle:
    """The rate rises from r / 25 to r, the highest, and falls to r / 250000, along half cosines.

    With c(high, low, s) = low + (high - low) (1 + cos(pi s)) / 2, in step t = 0 ... T - 1::

        rate(t) = c(r / 25, r, t / w)                            t < w
        rate(t) = c(r, r / 25 / 10^4, (t - w) / (T - w))         t >= w

    (Smith and Topin, "Super-convergence: very fast training of neural networks using large
    learning rates", 2018. The divisors, the cosines and the share of 0.3 are those of PyTorch's
    OneCycleLR; the momentum stays.)

    Attributes
    ----------
    warmup : float or int, default=0.3
        w: a share of the T steps below 1, or their number.
    """

    warmup: float = 0.3
    name: str = "one_cycle"

    def at_step(self, rate: float, initial_rate: float, step: int, total: int) -> float:
        """Return the rate of a step."""
        warmup, first = warmup_steps(self.warmup, total), initial_rate / FIRST_DIVISOR
        if step < warmup:
            return along_cosine(first, initial_rate, step / warmup)
        last = first / LAST_DIVISOR
        return along_cosine(initial_rate, last, share_of_rest(step, warmup, total))

    def after_epoch(self, rate: float, initial_rate: float, rows_seen: int) -> float:
        """Return the rate as it is."""
        return rate

    def on_plateau(self, rate: float) -> float | None:
        """Stop."""
        return None
