"""Searches whose candidates are trained together."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from glassnet.search.curves import learning_curve, validation_curve
    from glassnet.search.logistic_regression_cv import LogisticRegressionCV
    from glassnet.search.mlp_classifier_cv import MLPClassifierCV
    from glassnet.search.optuna import ask_and_tell

__all__ = [
    "LogisticRegressionCV",
    "MLPClassifierCV",
    "ask_and_tell",
    "learning_curve",
    "validation_curve",
]

_HOMES = {
    "LogisticRegressionCV": "logistic_regression_cv",
    "MLPClassifierCV": "mlp_classifier_cv",
    "ask_and_tell": "optuna",
    "learning_curve": "curves",
    "validation_curve": "curves",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value  # found at once from now on
    return value
