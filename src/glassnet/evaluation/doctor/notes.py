"""What the doctor reads of a fit: arrays and numbers, each of which may be missing."""

from __future__ import annotations

__all__ = ["CaseNotes"]

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, final

import numpy as np
import numpy.typing as npt

from glassnet.evaluation.convergence import Convergence, diagnose_convergence
from glassnet.evaluation.gap import Gap, overfitting_gap
from glassnet.evaluation.rates import SuccessRates, success_rates

Floats = npt.NDArray[np.float64]


@final
@dataclass(frozen=True, eq=False)
class CaseNotes:
    """A fit and its rows, as far as they are known.

    Attributes
    ----------
    y : ndarray (n,)
        Labels of the training rows.
    classes : ndarray (k,)
        The labels, sorted.
    class_names : tuple of str (k,)
        What to call them.
    X : ndarray or CSR matrix (n, d), optional
        The training rows, as the model takes them.
    table : ndarray or DataFrame (n, D), optional
        The same rows before they were scaled and encoded, where that is known; else X.
    feature_names : tuple of str (D,), optional
        Names of the columns of `table`.
    predicted : ndarray (n,), optional
        Labels that the model assigns to the training rows.
    X_holdout, table_holdout, y_holdout, predicted_holdout : optional
        The same of held-out rows.
    parameters : mapping of str to Any
        The estimator's parameters; scikit-learn's defaults stand in for those that are missing.
    loss_curve : ndarray (n_iter,), optional
        Training loss of each epoch.
    holdout_loss_curve : ndarray (n_iter,), optional
        Loss of the held-out rows after each epoch.
    converged : bool, optional
        Whether the solver stopped by its own rule.
    diverged : bool, default=False
        Whether the parameters are no longer finite.
    activations : tuple of ndarray (r, h), optional
        Activations of each hidden layer, on r of the training rows.
    n_parameters : int, optional
        Weights and intercepts of the net.
    reference : ndarray (r,), optional
        Labels that another, quickly fitted model assigns to the training rows
        `reference_rows`, each by a fit that did not see it.
    reference_rows : ndarray of int (r,), optional
        Which rows those are.
    reference_name : str
        What to call that model.
    is_image : bool, default=False
        Whether rows are pictures, whose columns share one unit.
    """

    y: npt.NDArray[Any]
    classes: npt.NDArray[Any]
    class_names: tuple[str, ...]
    X: Any = None
    table: Any = None
    feature_names: tuple[str, ...] | None = None
    predicted: npt.NDArray[Any] | None = None
    X_holdout: Any = None
    table_holdout: Any = None
    y_holdout: npt.NDArray[Any] | None = None
    predicted_holdout: npt.NDArray[Any] | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    loss_curve: Floats | None = None
    holdout_loss_curve: Floats | None = None
    converged: bool | None = None
    diverged: bool = False
    activations: tuple[Floats, ...] | None = None
    n_parameters: int | None = None
    reference: npt.NDArray[Any] | None = None
    reference_rows: npt.NDArray[np.intp] | None = None
    reference_name: str = "a random forest"
    is_image: bool = False

    @property
    def n_rows(self) -> int:
        """Training rows."""
        return len(self.y)

    @cached_property
    def counts(self) -> npt.NDArray[np.intp]:
        """Training rows of each class (k,)."""
        return np.array([np.count_nonzero(self.y == label) for label in self.classes], np.intp)

    @cached_property
    def baseline_loss(self) -> float:
        """Loss of always answering with the classes' shares, -Σ p ln p."""
        shares = self.counts[self.counts > 0] / max(self.n_rows, 1)
        return float(-(shares * np.log(shares)).sum())

    @cached_property
    def convergence(self) -> Convergence | None:
        """How the loss curve ended; None where there is none."""
        if self.loss_curve is None or not len(self.loss_curve):
            return None
        given = self.parameters.get
        return diagnose_convergence(
            self.loss_curve,
            converged=False if self.diverged else self.converged,
            max_iter=int(given("max_iter", 200)),
            learning_rate_init=float(given("learning_rate_init", 0.001)),
            tol=float(given("tol", 1e-4)),
            n_iter_no_change=int(min(given("n_iter_no_change", 10), len(self.loss_curve))),
            solver=str(given("solver", "adam")),
            early_stopping=bool(given("early_stopping", False)),
            baseline_loss=self.baseline_loss,
        )

    @cached_property
    def rates(self) -> SuccessRates | None:
        """Success on the training rows."""
        if self.predicted is None:
            return None
        return success_rates(self.y, self.predicted, self.classes, self.class_names)

    @cached_property
    def holdout_rates(self) -> SuccessRates | None:
        """Success on the held-out rows."""
        if self.y_holdout is None or self.predicted_holdout is None or not len(self.y_holdout):
            return None
        return success_rates(self.y_holdout, self.predicted_holdout, self.classes, self.class_names)

    @cached_property
    def gap(self) -> Gap | None:
        """How much better the model does on its training rows."""
        if self.rates is None or self.holdout_rates is None:
            return None
        return overfitting_gap(self.rates, self.holdout_rates)
