"""The doctor: reads a fit and its rows, and says what is wrong and what to change.

`CaseNotes` are what it reads, `Finding` what it says; each rule is one file in `rules`.
"""

from glassnet.evaluation.doctor.examination import examine
from glassnet.evaluation.doctor.finding import Bars, Curves, Diagnosis, Finding, Severity
from glassnet.evaluation.doctor.notes import CaseNotes
from glassnet.evaluation.doctor.rule import Rule
from glassnet.evaluation.doctor.rules import RULES
from glassnet.evaluation.doctor.treatment import Outcome, Treatment, change_in_words

__all__ = [
    "RULES",
    "Bars",
    "CaseNotes",
    "Curves",
    "Diagnosis",
    "Finding",
    "Outcome",
    "Rule",
    "Severity",
    "Treatment",
    "change_in_words",
    "examine",
]
