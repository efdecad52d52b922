"""Output layers with their losses: one class a file, listed here once."""

from glassnet.model.outputs.base import Output
from glassnet.model.outputs.logistic import LogisticOutput
from glassnet.model.outputs.softmax import Softmax

__all__ = ["OUTPUTS", "Output"]

OUTPUTS: dict[str, Output] = {part.name: part for part in (Softmax(), LogisticOutput())}
