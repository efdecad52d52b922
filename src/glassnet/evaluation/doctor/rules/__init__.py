"""The doctor's rules: one a file, listed here once, in the order in which to act on them.

Rows come before scales, scales before rates, rates before the size of the net: what an earlier rule
finds may be the cause of what a later one does.
"""

from __future__ import annotations

__all__ = ["RULES"]

from glassnet.evaluation.doctor.rule import Rule
from glassnet.evaluation.doctor.rules.dead_units import DeadUnits
from glassnet.evaluation.doctor.rules.duplicates import Duplicates
from glassnet.evaluation.doctor.rules.imbalance import ClassImbalance
from glassnet.evaluation.doctor.rules.leaking import LeakingColumns
from glassnet.evaluation.doctor.rules.overfitting import Overfitting
from glassnet.evaluation.doctor.rules.plateau import Plateau
from glassnet.evaluation.doctor.rules.rate_too_large import RateTooLarge
from glassnet.evaluation.doctor.rules.rate_too_small import RateTooSmall
from glassnet.evaluation.doctor.rules.saturated_units import SaturatedUnits
from glassnet.evaluation.doctor.rules.too_few_epochs import TooFewEpochs
from glassnet.evaluation.doctor.rules.too_few_rows import TooFewRows
from glassnet.evaluation.doctor.rules.underfitting import Underfitting
from glassnet.evaluation.doctor.rules.unscaled import Unscaled

_ORDER: tuple[Rule, ...] = (
    LeakingColumns(),
    Duplicates(),
    Unscaled(),
    RateTooLarge(),
    RateTooSmall(),
    TooFewEpochs(),
    Plateau(),
    DeadUnits(),
    SaturatedUnits(),
    Underfitting(),
    TooFewRows(),
    Overfitting(),
    ClassImbalance(),
)
RULES: dict[str, Rule] = {rule.name: rule for rule in _ORDER}
