"""Rows to judge a net by while it is trained: who scores them, and what is recorded."""

from __future__ import annotations

__all__ = ["EstimatorScorer", "GivenRows", "best_of", "some_rows"]

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, final

import numpy as np
import scipy.sparse
from numpy.typing import NDArray
from sklearn.metrics import check_scoring

from glassnet.model import Network, Validation


@final
@dataclass(frozen=True, eq=False)
class GivenRows:
    """Rows with their labels and weights, as a user gives them to judge a net by."""

    X: Any
    y: Any
    weights: Any = None

    @classmethod
    def of(cls, X_val: Any, y_val: Any, sample_weight_val: Any) -> GivenRows | None:
        """Return what is given, None where nothing is.

        Raises
        ------
        ValueError
            Where only a part of it is given.
        """
        if X_val is None and y_val is None and sample_weight_val is None:
            return None
        if X_val is None or y_val is None:
            missing = " and ".join(
                name for name, value in (("X_val", X_val), ("y_val", y_val)) if value is None
            )
            raise ValueError(
                f"Rows to validate on need both X_val and y_val; {missing} is not given."
            )
        return cls(X_val, y_val, sample_weight_val)


def some_rows(
    X: Any, y: NDArray[Any], weights: NDArray[Any] | None, rows: NDArray[np.intp] | None
) -> Validation | None:
    """Return some of the rows with their targets and weights; None for none."""
    if rows is None:
        return None
    X = X.tocsr() if scipy.sparse.issparse(X) else X
    return Validation(X[rows], y[rows], None if weights is None else weights[rows])


@final
@dataclass(frozen=True, eq=False)
class EstimatorScorer:
    """Scores a net on its way with a scorer of scikit-learn's; see `glassnet.model.Scorer`.

    Attributes
    ----------
    net : estimator
        The net that is trained; it is copied, never changed.
    network : Network
        Its shape.
    scorer : callable
        ``scorer(estimator, X, y)``; it gets ``sample_weight`` too where the rows have weights.
    validation, training : Validation or None
        The rows to score, with labels (v,) or (v, k) for targets.
    """

    net: Any
    network: Network
    scorer: Callable[..., Any]
    validation: Validation | None
    training: Validation | None

    @classmethod
    def of(
        cls,
        net: Any,
        network: Network,
        validation: Validation | None,
        training: Validation | None,
    ) -> EstimatorScorer | None:
        """Return a net's own scorer for rows with targets; None where there are no rows."""
        if validation is None and training is None:
            return None
        labelled = [
            None if rows is None else replace(rows, y=net._labels_of(rows.y))
            for rows in (validation, training)
        ]
        return cls(net, network, check_scoring(net, net.scoring), *labelled)

    def __call__(self, parameters: NDArray[Any], *, training: bool) -> float:
        """Return the score of a net with parameters (p,) on the rows."""
        rows = self.training if training else self.validation
        if rows is None or not np.isfinite(parameters).all():
            return np.nan
        net = copy.copy(self.net)
        # The rows were checked and have no names any more.
        vars(net).pop("feature_names_in_", None)
        with np.errstate(over="ignore"):
            theta = parameters.astype(self.net.coefs_[0].dtype)
        net.coefs_, net.intercepts_ = self.network.coefs(theta), self.network.intercepts(theta)
        weights = {} if rows.weights is None else {"sample_weight": rows.weights}
        score = self.scorer(net, rows.X, rows.y, **weights)
        try:
            return float(score)
        except (TypeError, ValueError):
            raise ValueError(
                f"scoring must give one number, it gave {score!r}: choose one metric."
            ) from None


def best_of(scores: Sequence[float]) -> float:
    """Return the highest score that is a number; NaN where there is none."""
    return max((score for score in scores if not np.isnan(score)), default=np.nan)
