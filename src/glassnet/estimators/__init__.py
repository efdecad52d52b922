"""The scikit-learn face: estimators to fit, and trained models to keep.

Each is imported when it is asked for: who fits a net needs no logistic regression.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from glassnet.estimators.auto_mlp import AutoMLPClassifier
    from glassnet.estimators.cross_validation import (
        cross_validated_probabilities,
        find_label_suspects,
    )
    from glassnet.estimators.logistic_regression import LogisticRegression
    from glassnet.estimators.mlp_classifier import MLPClassifier
    from glassnet.estimators.mlp_regressor import MLPRegressor
    from glassnet.estimators.trained import TrainedModel

__all__ = [
    "AutoMLPClassifier",
    "LogisticRegression",
    "MLPClassifier",
    "MLPRegressor",
    "TrainedModel",
    "cross_validated_probabilities",
    "find_label_suspects",
]

_HOMES = {
    "AutoMLPClassifier": "auto_mlp",
    "LogisticRegression": "logistic_regression",
    "MLPClassifier": "mlp_classifier",
    "MLPRegressor": "mlp_regressor",
    "TrainedModel": "trained",
    "cross_validated_probabilities": "cross_validation",
    "find_label_suspects": "cross_validation",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value  # found at once from now on
    return value
