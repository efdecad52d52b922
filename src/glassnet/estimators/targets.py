"""Labels and targets: what a net is trained towards, and what its outputs mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, final

import numpy as np
import scipy.sparse
from numpy.typing import NDArray
from sklearn.utils.multiclass import type_of_target, unique_labels

__all__ = ["Labels"]

# Kinds of arrays whose values are classes without further look.
_CLASS_KINDS = "biuU"


@final
@dataclass(frozen=True, eq=False)
class Labels:
    """The classes of a net, and its targets (n, k) of 0 and 1.

    As scikit-learn's `LabelBinarizer` has it: one column a class, one alone for two classes,
    one a label where a row may have several. That looks at y five times, which takes longer than
    training a small net; this does so once.

    Attributes
    ----------
    classes : ndarray of shape (k,)
        The sorted labels; column numbers where a row may have several.
    multilabel : bool
        Whether a row may have several labels, or none.
    """

    classes: NDArray[Any]
    multilabel: bool = False

    @classmethod
    def of(cls, y: Any) -> Labels:
        """Find the classes in y.

        Parameters
        ----------
        y : ndarray of shape (n,), or ndarray or sparse matrix of shape (n, k)
            A label a row, or a matrix of 0 and 1.

        Raises
        ------
        ValueError
            Where y holds measurements rather than classes, or several outputs of many classes.
        """
        if y.ndim == 1 and y.dtype.kind in _CLASS_KINDS:
            return cls(np.unique(y))
        kind = type_of_target(y, input_name="y")
        if kind not in ("binary", "multiclass", "multilabel-indicator"):
            raise ValueError(
                f"Unknown label type: {kind}. A classifier needs classes, a label a row or a "
                "matrix of 0 and 1; bin measurements first, or fit a regressor."
            )
        return cls(unique_labels(y), kind == "multilabel-indicator")

    @property
    def output(self) -> str:
        """The output layer for these classes: 'softmax' or 'logistic'."""
        return "softmax" if len(self.classes) > 2 and not self.multilabel else "logistic"

    def targets(self, y: Any) -> NDArray[np.bool_]:
        """Return the targets (n, k) of labels that are all among the classes."""
        if self.multilabel:
            dense = y.toarray() if scipy.sparse.issparse(y) else y
            return np.asarray(dense, dtype=bool)
        numbers = np.searchsorted(self.classes, y)
        if len(self.classes) <= 2:
            return numbers[:, np.newaxis].astype(bool)
        targets = np.zeros((len(y), len(self.classes)), dtype=bool)
        targets[np.arange(len(y)), numbers] = True
        return targets

    def read(self, outputs: NDArray[Any]) -> NDArray[Any]:
        """Return the labels that outputs (n, k) speak for: (n,), or (n, k) of 0 and 1."""
        if self.multilabel:
            return (outputs > 0.5).astype(int)
        if outputs.shape[1] > 1:
            return self.classes[outputs.argmax(axis=1)]
        # One class alone is what every row is.
        is_last = (outputs[:, 0] > 0.5) & (len(self.classes) > 1)
        return self.classes[is_last.astype(int)]
