"""The reference engine: plain NumPy, the truth that fast engines are tested against."""

from glassnet.training.reference.engine import ReferenceEngine
from glassnet.training.reference.lbfgs import Lbfgs
from glassnet.training.reference.propagation import Propagation, forward, forward_layers

__all__ = ["Lbfgs", "Propagation", "ReferenceEngine", "forward", "forward_layers"]
