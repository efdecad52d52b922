"""What the schedules that change the rate at every step have in common."""

from __future__ import annotations

import math
from numbers import Integral


def warmup_steps(warmup: float, total: int) -> int:
    """Return the steps of a warm-up: a whole number as it is, or a share of all, rounded."""
    steps = int(warmup) if isinstance(warmup, Integral) else round(warmup * total)
    return min(steps, total)


def along_cosine(high: float, low: float, share: float) -> float:
    """Return what lies at a share of the way from `high` to `low`, along half a cosine."""
    return low + (high - low) * 0.5 * (1 + math.cos(math.pi * share))


def share_of_rest(step: int, warmup: int, total: int) -> float:
    """Return how far a step is on the way from the end of the warm-up to the end of all."""
    return min((step - warmup) / max(total - warmup, 1), 1.0)
