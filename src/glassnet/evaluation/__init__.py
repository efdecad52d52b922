"""How well a classifier does, where it errs and what it learned: arrays in, frozen dataclasses out.

Nothing here trains, draws, reads files or knows an estimator. Every result has ``to_dict()``, which
gives plain JSON types.
"""

from glassnet.evaluation.certificate import (
    Certificate,
    ClassCertificate,
    certify_multinomial,
    certify_one_vs_rest,
)
from glassnet.evaluation.comparison import Comparison, compare
from glassnet.evaluation.confusion import ConfusedPair, Confusion, confusion
from glassnet.evaluation.convergence import Convergence, diagnose_convergence
from glassnet.evaluation.gap import Gap, overfitting_gap
from glassnet.evaluation.intervals import newcombe_interval, wilson_interval
from glassnet.evaluation.ledger import (
    ExampleHistories,
    ExampleHistory,
    example_histories,
    group_curves,
)
from glassnet.evaluation.mistakes import Mistake, worst_mistakes
from glassnet.evaluation.rates import ClassRate, SuccessRates, success_rates
from glassnet.evaluation.restarts import RestartSpread, restart_spread
from glassnet.evaluation.units import UnitSummary, hidden_units

__all__ = [
    "Certificate",
    "ClassCertificate",
    "ClassRate",
    "Comparison",
    "ConfusedPair",
    "Confusion",
    "Convergence",
    "ExampleHistories",
    "ExampleHistory",
    "Gap",
    "Mistake",
    "RestartSpread",
    "SuccessRates",
    "UnitSummary",
    "certify_multinomial",
    "certify_one_vs_rest",
    "compare",
    "confusion",
    "diagnose_convergence",
    "example_histories",
    "group_curves",
    "hidden_units",
    "newcombe_interval",
    "overfitting_gap",
    "restart_spread",
    "success_rates",
    "wilson_interval",
    "worst_mistakes",
]
