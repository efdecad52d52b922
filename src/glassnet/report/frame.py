"""Where a chart's values stand: the scales, and round values to write beside them."""

from __future__ import annotations

__all__ = ["Frame"]

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

LEFT, RIGHT, TOP, BOTTOM = 70, 622, 16, 280


@dataclass(frozen=True)
class Frame:
    """Where a chart's values stand, in the SVG's own units."""

    left: float
    right: float
    top: float
    bottom: float
    steps: int
    low: float
    high: float
    logarithmic: bool

    @classmethod
    def of(cls, values: Sequence[float], steps: int, logarithmic: bool) -> Frame:
        """Return the frame that holds finite values over so many steps."""
        low, high = min(values), max(values)
        if logarithmic:
            low, high = low / 1.15, high * 1.15
        else:
            low, high = min(low, 0.0), high + 0.05 * (high - min(low, 0.0) or 1.0)
        return cls(LEFT, RIGHT, TOP, BOTTOM, steps, low, high, logarithmic)

    def x(self, step: float) -> float:
        """Return where a step (from 1) stands."""
        return round(self.left + (self.right - self.left) * (step - 1) / max(self.steps - 1, 1), 1)

    def y(self, value: float) -> float:
        """Return where a value stands."""
        if self.logarithmic:
            share = (log10(value) - log10(self.low)) / (log10(self.high) - log10(self.low))
        else:
            share = (value - self.low) / (self.high - self.low)
        return round(self.bottom - (self.bottom - self.top) * share, 1)

    def value_ticks(self) -> list[float]:
        """Return a few round values within the frame."""
        if not self.logarithmic:
            return _round_steps(self.low, self.high, 5)
        for factors in ((1,), (1, 3), (1, 2, 5), (1, 1.5, 2, 3, 4, 5, 6, 7, 8, 9)):
            powers = range(floor(log10(self.low)) - 1, ceil(log10(self.high)) + 1)
            ticks = [f * 10.0**p for p in powers for f in factors]
            ticks = [t for t in ticks if self.low <= t <= self.high]
            if len(ticks) >= 3:
                return ticks[:: max(1, len(ticks) // 6 + 1) if len(ticks) > 7 else 1]
        return _round_steps(self.low, self.high, 4)

    def step_ticks(self) -> list[int]:
        """Return a few round steps within the frame."""
        if self.steps == 1:
            return [1]
        ticks = [int(t) for t in _round_steps(1, self.steps, 5) if t >= 1 and t == int(t)]
        return ticks if 1 in ticks else [1, *(t for t in ticks if t > 0.08 * self.steps)]


def _round_steps(low: float, high: float, about: int) -> list[float]:
    raw = (high - low) / about
    power = 10.0 ** floor(log10(raw))
    size = next(f * power for f in (1, 2, 5, 10) if f * power >= raw)
    first, last = ceil(low / size - 1e-9), floor(high / size + 1e-9)
    return [float(f"{i * size:.12g}") for i in range(first, last + 1)]
