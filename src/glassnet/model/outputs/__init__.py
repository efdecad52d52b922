"""Output layers with their losses: one class a file, listed here once."""

from glassnet.model.outputs.base import ClassOutput, Output
from glassnet.model.outputs.exponential import ExponentialOutput
from glassnet.model.outputs.identity import IdentityOutput
from glassnet.model.outputs.logistic import LogisticOutput
from glassnet.model.outputs.softmax import Softmax

__all__ = ["CLASS_OUTPUTS", "OUTPUTS", "ClassOutput", "Output"]

OUTPUTS: dict[str, Output] = {
    part.name: part for part in (Softmax(), LogisticOutput(), IdentityOutput(), ExponentialOutput())
}
CLASS_OUTPUTS = frozenset(name for name, part in OUTPUTS.items() if part.is_of_classes)
