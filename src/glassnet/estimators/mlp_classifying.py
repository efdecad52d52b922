"""What tells classes apart in a net: labels become its targets, its outputs labels."""

from __future__ import annotations

from abc import ABC
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import ClassifierMixin
from sklearn.utils import column_or_1d
from sklearn.utils.validation import check_is_fitted

from glassnet.estimators.checks import checked
from glassnet.estimators.class_weights import net_weights
from glassnet.estimators.mlp_base import BaseMLP
from glassnet.estimators.mlp_parameters import arithmetic
from glassnet.estimators.targets import Labels


class ClassifyingMLP(ClassifierMixin, BaseMLP, ABC):
    """A net whose targets are classes."""

    class_weight: Any
    classes_: Any
    _labels: Labels

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """Return the class of each row.

        Parameters
        ----------
        X : array-like or sparse matrix of shape (n, d)
            The rows.

        Returns
        -------
        ndarray of shape (n,) or (n, k)
            Labels; a 0/1 matrix for a multilabel net.
        """
        check_is_fitted(self)
        return self._labels.read(self._forward(X))

    def predict_proba(self, X: ArrayLike) -> NDArray[Any]:
        """Return each row's probability of each class.

        Parameters
        ----------
        X : array-like or sparse matrix of shape (n, d)
            The rows.

        Returns
        -------
        ndarray of shape (n, k)
            Probabilities, classes in the order of `classes_`.
        """
        check_is_fitted(self)
        a = self._forward(X)
        if self.out_activation_ == "softmax" and self._is_computed_narrower(a):
            a /= a.sum(axis=1, keepdims=True)  # 1 to float32's digits alone, which log_loss refuses
        return np.hstack([1 - a, a]) if self.n_outputs_ == 1 else a

    def decision_function(self, X: ArrayLike) -> NDArray[Any]:
        """Return each row's scores: the outputs before their softmax or sigmoids.

        `predict_proba` is their softmax, or their sigmoids.

        Parameters
        ----------
        X : array-like or sparse matrix of shape (n, d)
            The rows.

        Returns
        -------
        ndarray of shape (n,) or (n, k)
            For two classes, the score of the second, above 0 where it is predicted; else a score
            a class or label, in the order of `classes_`.
        """
        check_is_fitted(self)
        z = self._forward(X, raw=True)
        return z[:, 0] if self.n_outputs_ == 1 else z

    def predict_log_proba(self, X: ArrayLike) -> NDArray[Any]:
        """Return the logarithm of `predict_proba`; a probability of 0 gives -inf."""
        probabilities = self.predict_proba(X)
        with np.errstate(divide="ignore"):
            return np.log(probabilities, out=probabilities)

    def _is_computed_narrower(self, outputs: NDArray[Any]) -> bool:
        """Say whether outputs (n, k) have a wider dtype than the arithmetic that gave them."""
        return arithmetic(self.precision, self.solver, len(outputs)).itemsize < outputs.itemsize

    def _validate_input(
        self, X: Any, y: Any, *, incremental: bool, reset: bool
    ) -> tuple[Any, NDArray[Any], str]:
        X, y = checked(self, X, y, reset=reset)
        if y.ndim == 2 and y.shape[1] == 1:
            y = column_or_1d(y, warn=True)
        if not hasattr(self, "classes_") or not (self.warm_start or incremental):
            self._labels = Labels.of(y)
            self.classes_ = self._labels.classes
        else:
            self._check_classes(Labels.of(y).classes)
        return X, self._labels.targets(y), self._labels.output

    def _validate_given(self, X: Any, y: Any) -> tuple[Any, NDArray[Any]]:
        X, y = checked(self, X, y, reset=False)
        if y.ndim == 2 and y.shape[1] == 1:
            y = column_or_1d(y, warn=True)
        labels = Labels.of(y)
        unknown = np.setdiff1d(labels.classes, self.classes_)
        if len(unknown) or labels.multilabel != self._labels.multilabel:
            raise ValueError(
                f"`y_val` has classes {labels.classes}, where `y` has {self.classes_}: the rows to "
                "validate on need labels of the same kind."
            )
        return X, self._labels.targets(y)

    def _labels_of(self, y: NDArray[Any]) -> NDArray[Any]:
        return self._labels.read(y)

    def _weigh(
        self, y: NDArray[Any], weights: NDArray[Any] | None, *, incremental: bool
    ) -> NDArray[Any] | None:
        if incremental and isinstance(self.class_weight, str):
            raise ValueError(
                f"class_weight={self.class_weight!r} needs all rows, partial_fit sees some: give a "
                "dict, such as scikit-learn's compute_class_weight finds for all of them."
            )
        return net_weights(self.class_weight, self._labels, y, weights)

    def _check_classes(self, classes: NDArray[Any]) -> None:
        """Refuse labels that the net which is there does not know."""
        if self.warm_start and set(classes) != set(self.classes_):
            raise ValueError(
                "warm_start can only be used where `y` has the same classes as in the previous "
                f"call to fit. Previously got {self.classes_}, `y` has {classes}."
            )
        unknown = np.setdiff1d(classes, self.classes_)
        if len(unknown):
            raise ValueError(
                f"`y` has classes not in `self.classes_`: {unknown} are not among {self.classes_}."
            )

    def _stratify(self, y: NDArray[Any]) -> NDArray[Any] | None:
        # As scikit-learn: balanced for two classes, since the targets then are one column.
        return y if y.shape[1] == 1 else None

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        tags.classifier_tags.multi_label = True
        return tags
