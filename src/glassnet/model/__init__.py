"""What is trained: network shapes, members, populations, activations, outputs; all frozen."""

from glassnet.model.activations import ACTIVATIONS, Activation, SlopeFromInput, SlopeFromOutput
from glassnet.model.initial import INITIAL, initial_parameters, normal_parameters
from glassnet.model.network import Network
from glassnet.model.outputs import CLASS_OUTPUTS, OUTPUTS, ClassOutput, Output
from glassnet.model.population import (
    Member,
    Population,
    Progress,
    Scorer,
    Solver,
    Validation,
)
from glassnet.model.random import random_state_of

__all__ = [
    "ACTIVATIONS",
    "CLASS_OUTPUTS",
    "INITIAL",
    "OUTPUTS",
    "Activation",
    "ClassOutput",
    "Member",
    "Network",
    "Output",
    "Population",
    "Progress",
    "Scorer",
    "SlopeFromInput",
    "SlopeFromOutput",
    "Solver",
    "Validation",
    "initial_parameters",
    "normal_parameters",
    "random_state_of",
]
