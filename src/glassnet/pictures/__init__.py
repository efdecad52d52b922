"""Numbers in, matplotlib figures out: Display classes in scikit-learn's manner.

A Display holds the numbers that it draws as attributes; ``plot()`` draws them into new or given
axes and returns the Display with ``figure_`` and ``ax_`` (or ``axes_``). Nothing here fits a model
or reads a file. Figures are made with pyplot, so that notebooks show them: close them with
``matplotlib.pyplot.close(display.figure_)`` when many are made.
"""

from glassnet.pictures.ablation import UnitAblationDisplay
from glassnet.pictures.attributions import AttributionDisplay
from glassnet.pictures.calibration import CalibrationDisplay, ConfidenceDisplay
from glassnet.pictures.confusion import ConfusionDisplay
from glassnet.pictures.example import ExampleDisplay
from glassnet.pictures.finding import FindingDisplay
from glassnet.pictures.hidden_units import HiddenUnitsDisplay
from glassnet.pictures.learning import LearningCurveDisplay, ValidationCurveDisplay
from glassnet.pictures.ledger import LedgerDisplay
from glassnet.pictures.loss_curve import LossCurveDisplay
from glassnet.pictures.maximal_inputs import MaximalInputsDisplay
from glassnet.pictures.mistakes import MistakesDisplay
from glassnet.pictures.neighbours import NeighboursDisplay
from glassnet.pictures.prediction_panel import PredictionPanelDisplay
from glassnet.pictures.rate_finder import RateFinderDisplay
from glassnet.pictures.restarts import RestartsDisplay
from glassnet.pictures.sample_grid import SampleGridDisplay
from glassnet.pictures.search import SearchDisplay
from glassnet.pictures.success_rates import SuccessRatesDisplay
from glassnet.pictures.suspects import LabelSuspectsDisplay
from glassnet.pictures.unit import UnitDisplay
from glassnet.pictures.weight_matrix import WeightMatrixDisplay

__all__ = [
    "AttributionDisplay",
    "CalibrationDisplay",
    "ConfidenceDisplay",
    "ConfusionDisplay",
    "ExampleDisplay",
    "FindingDisplay",
    "HiddenUnitsDisplay",
    "LabelSuspectsDisplay",
    "LearningCurveDisplay",
    "LedgerDisplay",
    "LossCurveDisplay",
    "MaximalInputsDisplay",
    "MistakesDisplay",
    "NeighboursDisplay",
    "PredictionPanelDisplay",
    "RateFinderDisplay",
    "RestartsDisplay",
    "SampleGridDisplay",
    "SearchDisplay",
    "SuccessRatesDisplay",
    "UnitAblationDisplay",
    "UnitDisplay",
    "ValidationCurveDisplay",
    "WeightMatrixDisplay",
]
