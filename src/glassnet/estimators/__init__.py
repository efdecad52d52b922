"""The scikit-learn face: estimators to fit, and trained models to keep."""

from glassnet.estimators.mlp_classifier import MLPClassifier

__all__ = ["MLPClassifier"]
