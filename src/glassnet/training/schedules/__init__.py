"""Learning-rate schedules: one class a file, listed here once."""

from collections.abc import Callable

from glassnet.training.schedules.adaptive import Adaptive
from glassnet.training.schedules.base import Schedule
from glassnet.training.schedules.constant import Constant
from glassnet.training.schedules.invscaling import InvScaling

__all__ = ["SCHEDULES", "Adaptive", "Constant", "InvScaling", "Schedule"]

SCHEDULES: dict[str, Callable[..., Schedule]] = {
    "constant": Constant,
    "invscaling": InvScaling,
    "adaptive": Adaptive,
}
