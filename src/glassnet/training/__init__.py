"""How populations are trained: the engine protocol, its engines, optimizers and schedules."""

from glassnet.training.engine import Engine, Monitor
from glassnet.training.engines import available_engines, choose_engine
from glassnet.training.newton import Newton
from glassnet.training.optimizers import OPTIMIZERS, Adam, Sgd
from glassnet.training.reference import Lbfgs, ReferenceEngine, forward, forward_layers
from glassnet.training.result import Fit, Result, Stop
from glassnet.training.schedules import SCHEDULES, Adaptive, Constant, InvScaling

__all__ = [
    "OPTIMIZERS",
    "SCHEDULES",
    "Adam",
    "Adaptive",
    "Constant",
    "Engine",
    "Fit",
    "InvScaling",
    "Lbfgs",
    "Monitor",
    "Newton",
    "ReferenceEngine",
    "Result",
    "Sgd",
    "Stop",
    "available_engines",
    "choose_engine",
    "forward",
    "forward_layers",
]
