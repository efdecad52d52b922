"""AdamW: Adam with a weight decay of its own."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, final

from numpy.typing import NDArray

from glassnet.training.optimizers.adam import AdamState
from glassnet.training.schedules import Constant, Schedule


@final
@dataclass(frozen=True)
class AdamW:
    """Adam with decoupled weight decay, on by default.

    As `Adam` with a `weight_decay` of 0.01; see `Optimizer` for what it does.

    (Loshchilov and Hutter, "Decoupled weight decay regularization", ICLR 2019.)
    """

    learning_rate_init: float = 0.001
    beta_1: float = 0.9
    beta_2: float = 0.999
    epsilon: float = 1e-8
    weight_decay: float = 0.01
    schedule: Schedule = field(default_factory=Constant)
    name: str = "adamw"

    def begin(self, theta: NDArray[Any]) -> AdamState:
        """Return a state before the first step."""
        return AdamState(self, theta)
