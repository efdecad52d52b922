"""The scikit-learn face: estimators to fit, and trained models to keep."""

from glassnet.estimators.logistic_regression import LogisticRegression
from glassnet.estimators.mlp_classifier import MLPClassifier
from glassnet.estimators.mlp_regressor import MLPRegressor
from glassnet.estimators.trained import TrainedModel

__all__ = ["LogisticRegression", "MLPClassifier", "MLPRegressor", "TrainedModel"]
