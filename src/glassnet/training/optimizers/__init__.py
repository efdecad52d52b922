"""Stochastic optimizers: one class a file, listed here once."""

from collections.abc import Callable

from glassnet.training.optimizers.adam import Adam
from glassnet.training.optimizers.adamw import AdamW
from glassnet.training.optimizers.base import Optimizer, OptimizerState, resumed
from glassnet.training.optimizers.sgd import Sgd

__all__ = ["OPTIMIZERS", "Adam", "AdamW", "Optimizer", "OptimizerState", "Sgd", "resumed"]

OPTIMIZERS: dict[str, Callable[..., Optimizer]] = {"sgd": Sgd, "adam": Adam, "adamw": AdamW}
