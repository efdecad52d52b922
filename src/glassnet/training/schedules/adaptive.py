"""A learning rate that is cut when progress stops."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

SMALLEST_RATE = 1e-6


@final
@dataclass(frozen=True)
class Adaptive:
    """The rate is divided by 5 at each plateau; training stops once it is 1e-6 or less.

    The factor and the bound are scikit-learn's.
    """

    name: str = "adaptive"

    def at_step(self, rate: float, initial_rate: float, step: int, total: int) -> float:
        """Return the rate as it is."""
        return rate

    def after_epoch(self, rate: float, initial_rate: float, rows_seen: int) -> float:
        """Return the rate as it is."""
        return rate

    def on_plateau(self, rate: float) -> float | None:
        """Return a fifth of the rate, or None once it is too small to matter."""
        return None if rate <= SMALLEST_RATE else rate / 5.0
