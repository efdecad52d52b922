"""A learning rate that falls along half a cosine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from glassnet.training.schedules.steps import along_cosine, share_of_rest, warmup_steps


@final
@dataclass(frozen=True)
class Cosine:
    """The rate rises in a line for w steps, then falls to 0 along half a cosine.

    With r the highest rate, in step t = 0 ... T - 1::

        rate(t) = r (t + 1) / w                                  t < w
        rate(t) = r (1 + cos(pi (t - w) / (T - w))) / 2          t >= w

    (Loshchilov and Hutter, "SGDR: stochastic gradient descent with warm restarts", ICLR 2017,
    without restarts; the rise is that of Goyal et al., "Accurate, large minibatch SGD", 2017.)

    Attributes
    ----------
    warmup : float or int, default=0.0
        w: a share of the T steps below 1, or their number.
    """

    warmup: float = 0.0
    name: str = "cosine"

    def at_step(self, rate: float, initial_rate: float, step: int, total: int) -> float:
        """Return the rate of a step."""
        warmup = warmup_steps(self.warmup, total)
        if step < warmup:
            return initial_rate * (step + 1) / warmup
        return along_cosine(initial_rate, 0.0, share_of_rest(step, warmup, total))

    def after_epoch(self, rate: float, initial_rate: float, rows_seen: int) -> float:
        """Return the rate as it is."""
        return rate

    def on_plateau(self, rate: float) -> float | None:
        """Stop."""
        return None
