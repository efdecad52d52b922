"""Activations of hidden units: one class a file, listed here once."""

from glassnet.model.activations.base import Activation
from glassnet.model.activations.identity import Identity
from glassnet.model.activations.logistic import Logistic
from glassnet.model.activations.relu import Relu
from glassnet.model.activations.tanh import Tanh

__all__ = ["ACTIVATIONS", "Activation"]

ACTIVATIONS: dict[str, Activation] = {
    part.name: part for part in (Identity(), Logistic(), Tanh(), Relu())
}
