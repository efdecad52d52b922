"""What a learning-rate schedule is to an optimizer."""

from __future__ import annotations

from typing import Protocol


class Schedule(Protocol):
    """How the learning rate changes while a net learns.

    Attributes
    ----------
    name : str
        What the user calls it.
    """

    @property
    def name(self) -> str:
        """What the user calls it."""
        ...

    def at_step(self, rate: float, initial_rate: float, step: int, total: int) -> float:
        """Return the rate of a step, of which there are at most `total` in this training call."""
        ...

    def after_epoch(self, rate: float, initial_rate: float, rows_seen: int) -> float:
        """Return the rate of the next epoch, `rows_seen` training rows after the start."""
        ...

    def on_plateau(self, rate: float) -> float | None:
        """Return a smaller rate to go on with when progress has stopped, or None to stop."""
        ...
