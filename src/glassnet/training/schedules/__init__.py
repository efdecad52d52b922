"""Learning-rate schedules: one class a file, listed here once."""

from collections.abc import Callable

from glassnet.training.schedules.adaptive import Adaptive
from glassnet.training.schedules.base import Schedule
from glassnet.training.schedules.constant import Constant
from glassnet.training.schedules.cosine import Cosine
from glassnet.training.schedules.invscaling import InvScaling
from glassnet.training.schedules.one_cycle import OneCycle

__all__ = [
    "PLANNED",
    "SCHEDULES",
    "Adaptive",
    "Constant",
    "Cosine",
    "InvScaling",
    "OneCycle",
    "Schedule",
]

SCHEDULES: dict[str, Callable[..., Schedule]] = {
    "constant": Constant,
    "invscaling": InvScaling,
    "adaptive": Adaptive,
    "cosine": Cosine,
    "one_cycle": OneCycle,
}
# Those that change the rate at every step, by a plan of all the steps that there are to come.
PLANNED = (Cosine, OneCycle)
