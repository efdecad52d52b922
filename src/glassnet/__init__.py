"""A neural net you can see through.

Train a classifier on a labelled table or small images, and see how well it does, where it errs and
what it learned. Every public name is here; each is imported when it is first used, so that
``import glassnet`` takes no time.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from glassnet.data import Dataset, ImageShape, load_dataset
    from glassnet.estimators import LogisticRegression, MLPClassifier, TrainedModel
    from glassnet.store import convert_theta, load_model, save_model
    from glassnet.study import StudyResult, study

__version__ = "0.1.0"

__all__ = [
    "Dataset",
    "ImageShape",
    "LogisticRegression",
    "MLPClassifier",
    "StudyResult",
    "TrainedModel",
    "__version__",
    "convert_theta",
    "load_dataset",
    "load_model",
    "save_model",
    "study",
]

# The floor that each public name lives on.
_FLOORS = {
    "Dataset": "data",
    "ImageShape": "data",
    "LogisticRegression": "estimators",
    "MLPClassifier": "estimators",
    "StudyResult": "study",
    "TrainedModel": "estimators",
    "convert_theta": "store",
    "load_dataset": "data",
    "load_model": "store",
    "save_model": "store",
    "study": "study",
}


def __getattr__(name: str) -> Any:
    floor = _FLOORS.get(name)
    if floor is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{floor}"), name)
    globals()[name] = value  # found at once from now on
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
