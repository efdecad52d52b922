"""A learning rate that never changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final


@final
@dataclass(frozen=True)
class Constant:
    """rate(t) = learning_rate_init."""

    name: str = "constant"

    def at_step(self, rate: float, initial_rate: float, step: int, total: int) -> float:
        """Return the rate as it is."""
        return rate

    def after_epoch(self, rate: float, initial_rate: float, rows_seen: int) -> float:
        """Return the rate as it is."""
        return rate

    def on_plateau(self, rate: float) -> float | None:
        """Stop."""
        return None
