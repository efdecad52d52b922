"""What logistic regressions predict, however they were fitted."""

from __future__ import annotations

__all__ = ["LogisticPredictions"]

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import log_expit, logsumexp
from sklearn.linear_model._base import LinearClassifierMixin, SparseCoefMixin


class LogisticPredictions(LinearClassifierMixin, SparseCoefMixin):
    """Predictions from `coef_` and `intercept_`, and from what `multi_class` and `solver` mean."""

    multi_class: str
    solver: str

    def _one_vs_rest(self) -> bool:
        if self.multi_class == "auto":
            return self.solver == "liblinear"
        return self.multi_class == "ovr"

    def predict_log_proba(self, X: ArrayLike) -> NDArray[Any]:
        """Return the logarithms of `predict_proba` (n, k), exact where those are tiny."""
        scores = self.decision_function(X)
        if scores.ndim == 1:
            return np.column_stack([log_expit(-scores), log_expit(scores)])
        if self._one_vs_rest():
            scores = log_expit(scores)
        normalised: NDArray[Any] = scores - logsumexp(scores, axis=1, keepdims=True)
        return normalised

    def predict_proba(self, X: ArrayLike) -> NDArray[Any]:
        """Return each row's probability of each class.

        Multinomial: the softmax of the scores. One-vs-rest: each class's sigmoid, divided by
        their sum.

        Parameters
        ----------
        X : array-like or sparse matrix of shape (n, d)
            The rows.

        Returns
        -------
        ndarray of shape (n, k)
            Probabilities, classes in the order of `classes_`.
        """
        return np.exp(self.predict_log_proba(X))

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        return tags
