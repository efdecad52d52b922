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
    from glassnet.drop_in import patch_sklearn, unpatch_sklearn
    from glassnet.estimators.auto_mlp import AutoMLPClassifier
    from glassnet.estimators.diagnosis import diagnose
    from glassnet.estimators.logistic_regression import LogisticRegression
    from glassnet.estimators.mlp_classifier import MLPClassifier
    from glassnet.estimators.mlp_regressor import MLPRegressor
    from glassnet.estimators.populations import train_population
    from glassnet.estimators.rate_finder import rate_range
    from glassnet.estimators.trained import TrainedModel
    from glassnet.model import Member, Network
    from glassnet.search.curves import learning_curve, validation_curve
    from glassnet.search.logistic_regression_cv import LogisticRegressionCV
    from glassnet.search.mlp_classifier_cv import MLPClassifierCV
    from glassnet.store import convert_theta, load, load_model, save, save_model
    from glassnet.studies import StudyResult, study

__version__ = "0.1.0"

__all__ = [
    "AutoMLPClassifier",
    "Dataset",
    "ImageShape",
    "LogisticRegression",
    "LogisticRegressionCV",
    "MLPClassifier",
    "MLPClassifierCV",
    "MLPRegressor",
    "Member",
    "Network",
    "StudyResult",
    "TrainedModel",
    "__version__",
    "convert_theta",
    "diagnose",
    "learning_curve",
    "load",
    "load_dataset",
    "load_model",
    "patch_sklearn",
    "rate_range",
    "save",
    "save_model",
    "study",
    "train_population",
    "unpatch_sklearn",
    "validation_curve",
]

# The module that each public name comes from.
_HOMES = {
    "AutoMLPClassifier": "estimators.auto_mlp",
    "Dataset": "data",
    "ImageShape": "data",
    "LogisticRegression": "estimators.logistic_regression",
    "LogisticRegressionCV": "search.logistic_regression_cv",
    "MLPClassifier": "estimators.mlp_classifier",
    "MLPClassifierCV": "search.mlp_classifier_cv",
    "MLPRegressor": "estimators.mlp_regressor",
    "Member": "model",
    "Network": "model",
    "StudyResult": "studies",
    "TrainedModel": "estimators.trained",
    "convert_theta": "store",
    "learning_curve": "search.curves",
    "diagnose": "estimators.diagnosis",
    "load": "store",
    "load_dataset": "data",
    "load_model": "store",
    "patch_sklearn": "drop_in",
    "rate_range": "estimators.rate_finder",
    "save": "store",
    "save_model": "store",
    "study": "studies",
    "train_population": "estimators.populations",
    "unpatch_sklearn": "drop_in",
    "validation_curve": "search.curves",
}


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = value  # found at once from now on
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
