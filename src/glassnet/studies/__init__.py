"""The study: the whole story, from a data set to an honest report."""

from glassnet.studies.options import StudyOptions
from glassnet.studies.result import (
    Attempt,
    CrossCheck,
    ModelReading,
    Split,
    StudyResult,
)
from glassnet.studies.run import StudyMonitor, study, study_dataset

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
