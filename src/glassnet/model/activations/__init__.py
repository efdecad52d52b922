"""Activations of hidden units: one class a file, listed here once."""

from glassnet.model.activations.base import Activation, SlopeFromInput, SlopeFromOutput
from glassnet.model.activations.elu import Elu
from glassnet.model.activations.gelu import Gelu
from glassnet.model.activations.identity import Identity
from glassnet.model.activations.leaky_relu import LeakyRelu
from glassnet.model.activations.logistic import Logistic
from glassnet.model.activations.relu import Relu
from glassnet.model.activations.silu import Silu
from glassnet.model.activations.softplus import Softplus
from glassnet.model.activations.tanh import Tanh

__all__ = ["ACTIVATIONS", "Activation", "SlopeFromInput", "SlopeFromOutput"]

ACTIVATIONS: dict[str, Activation] = {
    part.name: part
    for part in (
        Identity(),
        Logistic(),
        Tanh(),
        Relu(),
        LeakyRelu(),
        Elu(),
        Gelu(),
        Silu(),
        Softplus(),
    )
}
