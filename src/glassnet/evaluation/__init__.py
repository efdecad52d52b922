"""How well a classifier does, where it errs and what it learned: arrays in, frozen dataclasses out.

Nothing here trains, draws, reads files or knows an estimator. Every result has ``to_dict()``, which
gives plain JSON types.
"""

from glassnet.evaluation.ablation import Ablation, ablate_units
from glassnet.evaluation.attributions import Attributions, attributions
from glassnet.evaluation.calibration import Calibration, CalibrationBin, calibration
from glassnet.evaluation.certificate import (
    Certificate,
    ClassCertificate,
    certify_multinomial,
    certify_one_vs_rest,
)
from glassnet.evaluation.comparison import Comparison, compare
from glassnet.evaluation.confusion import ConfusedPair, Confusion, confusion
from glassnet.evaluation.convergence import Convergence, diagnose_convergence
from glassnet.evaluation.doctor import CaseNotes, Diagnosis, Finding
from glassnet.evaluation.gap import Gap, overfitting_gap
from glassnet.evaluation.intervals import newcombe_interval, wilson_interval
from glassnet.evaluation.learning import LearningCurve, ValidationCurve
from glassnet.evaluation.ledger import (
    ExampleHistories,
    ExampleHistory,
    example_histories,
    group_curves,
)
from glassnet.evaluation.maximal_inputs import MaximalInputs, maximal_inputs
from glassnet.evaluation.mistakes import Mistake, worst_mistakes
from glassnet.evaluation.neighbours import Neighbours, nearest_examples
from glassnet.evaluation.net import FittedNet
from glassnet.evaluation.rate_range import RateRange
from glassnet.evaluation.rates import ClassRate, SuccessRates, success_rates
from glassnet.evaluation.restarts import RestartSpread, restart_spread
from glassnet.evaluation.suspects import LabelSuspect, LabelSuspects, label_suspects
from glassnet.evaluation.unit_flags import UnitFlags
from glassnet.evaluation.unit_profiles import UnitProfile, unit_profiles
from glassnet.evaluation.units import UnitSummary, hidden_units
from glassnet.evaluation.walk_through import Example, class_votes, walk_through

__all__ = [
    "Ablation",
    "Attributions",
    "Calibration",
    "CalibrationBin",
    "CaseNotes",
    "Certificate",
    "ClassCertificate",
    "ClassRate",
    "Comparison",
    "ConfusedPair",
    "Confusion",
    "Convergence",
    "Diagnosis",
    "Example",
    "ExampleHistories",
    "ExampleHistory",
    "Finding",
    "FittedNet",
    "Gap",
    "LabelSuspect",
    "LabelSuspects",
    "LearningCurve",
    "MaximalInputs",
    "Mistake",
    "Neighbours",
    "RateRange",
    "RestartSpread",
    "SuccessRates",
    "UnitFlags",
    "UnitProfile",
    "UnitSummary",
    "ValidationCurve",
    "ablate_units",
    "attributions",
    "calibration",
    "certify_multinomial",
    "certify_one_vs_rest",
    "class_votes",
    "compare",
    "confusion",
    "diagnose_convergence",
    "example_histories",
    "group_curves",
    "hidden_units",
    "label_suspects",
    "maximal_inputs",
    "nearest_examples",
    "newcombe_interval",
    "overfitting_gap",
    "restart_spread",
    "success_rates",
    "unit_profiles",
    "walk_through",
    "wilson_interval",
    "worst_mistakes",
]
