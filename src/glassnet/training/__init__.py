"""How populations are trained: the engine protocol, its engines, optimizers and schedules."""

from glassnet.training.engine import Engine, EpochMonitor, Monitor
from glassnet.training.engines import available_engines, choose_engine
from glassnet.training.finite import is_finite
from glassnet.training.ledger import ExampleLedger
from glassnet.training.newton import Newton
from glassnet.training.optimizers import OPTIMIZERS, Adam, AdamW, Sgd
from glassnet.training.reference import Lbfgs, ReferenceEngine, forward, forward_layers
from glassnet.training.result import Fit, Result, Stop
from glassnet.training.schedules import (
    PLANNED,
    SCHEDULES,
    Adaptive,
    Constant,
    Cosine,
    InvScaling,
    OneCycle,
    Schedule,
)

__all__ = [
    "OPTIMIZERS",
    "PLANNED",
    "SCHEDULES",
    "Adam",
    "AdamW",
    "Adaptive",
    "Constant",
    "Cosine",
    "Engine",
    "EpochMonitor",
    "ExampleLedger",
    "Fit",
    "InvScaling",
    "Lbfgs",
    "Monitor",
    "Newton",
    "OneCycle",
    "ReferenceEngine",
    "Result",
    "Schedule",
    "Sgd",
    "Stop",
    "available_engines",
    "choose_engine",
    "forward",
    "forward_layers",
    "is_finite",
]
