"""The study: the whole story, from a data set to an honest report."""

from glassnet.study.options import StudyOptions
from glassnet.study.result import (
    Attempt,
    CrossCheck,
    ModelReading,
    Split,
    StudyResult,
)
from glassnet.study.run import StudyMonitor, study, study_dataset

__all__ = [
    "Attempt",
    "CrossCheck",
    "ModelReading",
    "Split",
    "StudyMonitor",
    "StudyOptions",
    "StudyResult",
    "study",
    "study_dataset",
]
