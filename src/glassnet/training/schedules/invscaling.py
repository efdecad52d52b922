"""A learning rate that shrinks with the rows seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final


@final
@dataclass(frozen=True)
class InvScaling:
    """rate(t) = learning_rate_init / (t + 1)^power_t after t training rows, as scikit-learn's."""

    power_t: float = 0.5
    name: str = "invscaling"

    def at_step(self, rate: float, initial_rate: float, step: int, total: int) -> float:
        """Return the rate as it is."""
        return rate

    def after_epoch(self, rate: float, initial_rate: float, rows_seen: int) -> float:
        """Return the rate after `rows_seen` rows."""
        return float(initial_rate / (rows_seen + 1) ** self.power_t)

    def on_plateau(self, rate: float) -> float | None:
        """Stop."""
        return None
