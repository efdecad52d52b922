"""Logistic regression with scikit-learn's face, solved to its certified optimum."""

from __future__ import annotations

import warnings
from functools import cache
from typing import Any, final

import numpy as np
import scipy.sparse as sp
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, _fit_context
from sklearn.callback import CallbackSupportMixin
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import _check_sample_weight

from glassnet.estimators.checks import checked
from glassnet.estimators.logistic_l1 import fit_l1
from glassnet.estimators.logistic_parameters import (
    PARAMETER_CONSTRAINTS,
    check_indices,
    check_liblinear_range,
    found_before,
    iterations_of,
    not_converged,
    penalty_of,
    problem_weights,
)
from glassnet.estimators.logistic_predicting import LogisticPredictions
from glassnet.estimators.logistic_watching import Callbacks, Printer
from glassnet.evaluation.certificate import (
    Certificate,
    certify_multinomial,
    certify_one_vs_rest,
)
from glassnet.model import Member, Network, Population
from glassnet.training import Newton, Result, Stop, choose_engine


@final
class LogisticRegression(CallbackSupportMixin, LogisticPredictions, BaseEstimator):
    """Logistic regression: one-vs-rest or multinomial, with a certificate of its optimum.

    It has scikit-learn 1.9's parameters and attributes, `multi_class`, `n_threads` and
    `certificate_`. All one-vs-rest classes are solved together on one X, to the accuracy of
    float64, by a Newton method.

    With weights s_i of the rows, the coefs w and the intercept b of each class minimise::

        C sum_i s_i loss_i(w, b) + |w|² / 2

    with the log loss of a sigmoid that tells the class from the rest (one-vs-rest), or of a
    softmax over all classes together (multinomial).

    Parameters
    ----------
    penalty : {'l1', 'l2', 'elasticnet', None}, default='l2'
        Deprecated as in scikit-learn 1.8: use `l1_ratio` and `C`.
    C : float, default=1.0
        Inverse of the strength of the penalty; np.inf for none.
    l1_ratio : float, default=0.0
        Share of the L1 norm in the penalty. Anything but 0 is handed to scikit-learn's own
        solvers 'liblinear' and 'saga', one-vs-rest a class at a time; there is no certificate.
    dual : bool, default=False
        Accepted for solver='liblinear'; the dual problem has the same solution.
    tol : float, default=1e-4
        The gradient norm must fall to ``tol²`` times that of the best constant model, or
        as far as float64 allows; this is far below where liblinear stops at the same `tol`.
    fit_intercept : bool, default=True
        Whether there is an intercept.
    intercept_scaling : float, default=1
        For solver='liblinear': b is penalised as ``(b / intercept_scaling)² / 2``.
    class_weight : dict, 'balanced' or None, default=None
        Weight of each class, multiplied with the rows'. 'balanced' gives both sides of a
        one-vs-rest problem, or all classes of a multinomial one, the same total.
    random_state : int, RandomState or None, default=None
        Used by scikit-learn's solvers where l1_ratio is not 0.
    solver : {'lbfgs', 'liblinear', 'newton-cg', 'newton-cholesky', 'sag', 'saga'}, \
            default='lbfgs'
        The name chooses the problem, not the algorithm: 'liblinear' means liblinear's, whose
        intercept is penalised, and the others the problem with a free intercept.
    max_iter : int, default=100
        Most iterations; a float of integral value is accepted.
    verbose : int, default=0
        Whether to print the objective after each iteration.
    warm_start : bool, default=False
        Whether to start from the solution of the previous fit.
    n_jobs : None
        Deprecated as in scikit-learn 1.8; without effect.
    n_threads : int or None, default=None
        Threads to use; None for the cores that this process may use. The result is the same,
        bit for bit, for any number.
    multi_class : {'auto', 'ovr', 'multinomial'}, default='auto'
        How several classes are told apart. 'auto' is 'ovr' for solver='liblinear' and
        'multinomial' for the others, so that the results are scikit-learn's. Two classes are
        one sigmoid whatever is chosen.

    Attributes
    ----------
    classes_ : ndarray of shape (k,)
        Class labels.
    coef_ : ndarray of shape (k, d), or (1, d) for two classes
        Weights of the features, in the dtype of X; float64 for solver='liblinear'.
    intercept_ : ndarray of shape (k,) or (1,)
        Intercepts.
    n_iter_ : ndarray of int of shape (k,) for one-vs-rest, else (1,)
        Iterations.
    certificate_ : Certificate or None
        How far each class is from its exact optimum at most, and how many training predictions
        could still change; None where l1_ratio is not 0. In the scale of the objective divided
        by C.
    n_features_in_ : int
        Features.
    feature_names_in_ : ndarray of str
        Column names, where X was a frame with string names.

    References
    ----------
    R.-E. Fan, K.-W. Chang, C.-J. Hsieh, X.-R. Wang, C.-J. Lin, "LIBLINEAR: a library for large
    linear classification", JMLR 9, 2008.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from glassnet import LogisticRegression
    >>> X, y = load_iris(return_X_y=True)
    >>> model = LogisticRegression(multi_class="ovr").fit(X, y)
    >>> round(model.score(X, y), 3)
    0.953
    >>> model.certificate_.undecided
    0
    """

    _parameter_constraints = PARAMETER_CONSTRAINTS

    @classmethod
    @cache
    def _get_param_names(cls) -> list[str]:
        return super()._get_param_names()  # which reads the signature at every call: 0.1 ms

    def __init__(
        self,
        penalty: str | None = "deprecated",
        *,
        C: float = 1.0,
        l1_ratio: float | None = 0.0,
        dual: bool = False,
        tol: float = 1e-4,
        fit_intercept: bool = True,
        intercept_scaling: float = 1,
        class_weight: Any = None,
        random_state: int | np.random.RandomState | None = None,
        solver: str = "lbfgs",
        max_iter: float = 100,
        verbose: int = 0,
        warm_start: bool = False,
        n_jobs: int | None = None,
        multi_class: str = "auto",
        n_threads: int | None = None,
    ) -> None:
        self.penalty = penalty
        self.C = C
        self.l1_ratio = l1_ratio
        self.dual = dual
        self.tol = tol
        self.fit_intercept = fit_intercept
        self.intercept_scaling = intercept_scaling
        self.class_weight = class_weight
        self.random_state = random_state
        self.solver = solver
        self.max_iter = max_iter
        self.verbose = verbose
        self.warm_start = warm_start
        self.n_jobs = n_jobs
        self.multi_class = multi_class
        self.n_threads = n_threads

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(
        self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None
    ) -> LogisticRegression:
        """Fit to rows and their labels.

        Parameters
        ----------
        X : array-like or sparse matrix of shape (n, d)
            The rows. A sparse matrix stays sparse.
        y : array-like of shape (n,)
            Their labels.
        sample_weight : array-like of shape (n,), default=None
            Weight of each row, not negative; None for 1 each.

        Returns
        -------
        LogisticRegression
            The model itself.

        Raises
        ------
        ValueError
            Where the rows or the parameters cannot be used.
        """
        penalty, max_iter = penalty_of(self), iterations_of(self.max_iter)
        rows, labels = checked(self, X, y, reset=True, multi_output=False)
        check_indices(self.solver, rows)
        rows = rows.tocsr() if sp.issparse(rows) else np.ascontiguousarray(rows)
        check_classification_targets(labels)
        if self.solver == "liblinear":
            check_liblinear_range(rows)
        classes = np.unique(labels)
        if len(classes) < 2:
            raise ValueError(
                "Logistic regression needs rows of at least two classes, "
                f"but there is only one class: {classes[0]}."
            )
        row_weights = None
        if sample_weight is not None:
            row_weights = _check_sample_weight(
                sample_weight, rows, dtype=np.float64, ensure_non_negative=True
            )
        one_vs_rest = len(classes) == 2 or self._one_vs_rest()
        problems = classes if one_vs_rest and len(classes) > 2 else classes[1:]
        weights = problem_weights(
            self.class_weight, classes, labels, row_weights, len(problems) == len(classes)
        )
        targets = problems if one_vs_rest else classes
        Y = (labels[:, None] == targets).astype(np.float64)
        self.classes_ = classes
        callbacks = None
        if hasattr(self, "_skl_callbacks"):
            metadata = None if sample_weight is None else {"sample_weight": sample_weight}
            data = {"X": X, "y": y, "metadata": metadata}
            callbacks = Callbacks(self, data, max_iter, Printer() if self.verbose else None)
        if penalty.l1_ratio == 0:
            self._fit_newton(rows, Y, weights, 1 / penalty.C, max_iter, callbacks)
        else:
            chosen = {"C": penalty.C, "l1_ratio": penalty.l1_ratio, "max_iter": max_iter}
            own = [labels] if len(weights) == 1 else list(Y.T)
            known = found_before(self, rows.shape[1], len(targets))
            found = fit_l1(rows, own, weights, known, **self.get_params() | chosen)
            self.coef_, self.intercept_, self.n_iter_ = found
            self.certificate_: Certificate | None = None
        if callbacks:
            callbacks.fit_ends()
        return self

    def _fit_newton(
        self,
        X: Any,
        Y: NDArray[np.float64],
        weights: list[NDArray[np.float64]],
        alpha: float,
        max_iter: int,
        callbacks: Callbacks | None,
    ) -> None:
        """Train a member a one-vs-rest problem, or one of all classes; certify the result."""
        single = len(weights) == 1
        network = Network(
            (X.shape[1], Y.shape[1] if single else 1),
            output="logistic" if not single or Y.shape[1] == 1 else "softmax",
        )
        # liblinear's are float64 whatever X is; the others' have its dtype.
        dtype = np.dtype(np.float64) if self.solver == "liblinear" else X.dtype

        def attributes(parameters: NDArray[Any]) -> dict[str, NDArray[Any]]:
            if single:
                coef = network.coefs(parameters[0])[0].T
                intercept = network.intercepts(parameters[0])[0]
            else:
                coef, intercept = parameters[:, :-1], parameters[:, -1]
            named = {"coef_": coef, "intercept_": intercept}
            with np.errstate(over="ignore"):
                return {name: np.ascontiguousarray(a, dtype=dtype) for name, a in named.items()}

        monitor: Callbacks | Printer | None = callbacks or (Printer() if self.verbose else None)
        if callbacks:
            callbacks.as_attributes = attributes
        intercept_penalty = self.intercept_scaling**-2 if self.solver == "liblinear" else 0.0
        starts = self._starts(X.shape[1], Y.shape[1], single, network, max_iter)
        solver = Newton(self.fit_intercept, intercept_penalty)
        nothing_drawn = np.random.RandomState(0)
        members = tuple(
            Member(
                solver=solver,
                random_state=nothing_drawn,
                alpha=alpha,
                max_iter=max_iter,
                tol=self.tol,
                row_weights=row_weights,
                target=None if single else c,
                start=starts[c],
            )
            for c, row_weights in enumerate(weights)
        )
        X64 = X.astype(np.float64, copy=False)
        result = choose_engine(self.n_threads).train(
            Population(network, members), X64, Y, dtype=np.dtype(np.float64), monitor=monitor
        )
        for name, value in attributes(result.parameters).items():
            setattr(self, name, value)
        self.n_iter_ = np.array([fit.n_iter for fit in result.fits], dtype=np.int32)
        self.certificate_ = self._certify(
            X64, Y, weights, alpha, intercept_penalty if self.fit_intercept else None
        )
        if not (callbacks and callbacks.stopped):
            self._warn_unless_converged(result)

    def _starts(
        self, d: int, q: int, single: bool, network: Network, max_iter: int
    ) -> list[NDArray[Any] | None]:
        """Return the parameters that each member starts from; None leaves it to the solver."""
        n_members = 1 if single else q
        known = found_before(self, d, q)
        if known is None:
            # As in scikit-learn, zeros are what max_iter=0 leaves.
            return [None if max_iter else np.zeros(network.n_parameters)] * n_members
        coef, intercept = known
        if single:
            return [np.concatenate([coef.T.ravel(), intercept])]
        return list(np.column_stack([coef, intercept]))

    def _certify(
        self,
        X: Any,
        Y: NDArray[np.float64],
        weights: list[NDArray[np.float64]],
        alpha: float,
        intercept_penalty: float | None,
    ) -> Certificate:
        multinomial = Y.shape[1] > len(weights)
        certify = certify_multinomial if multinomial else certify_one_vs_rest
        return certify(
            X,
            Y,
            weights[0] if multinomial else np.column_stack(weights),
            self.coef_,
            self.intercept_,
            alpha=alpha,
            intercept_penalty=intercept_penalty,
            labels=[str(label) for label in self.classes_[-Y.shape[1] :]],
        )

    def _warn_unless_converged(self, result: Result) -> None:
        failures = [fit for fit in result.fits if fit.stop is not Stop.CONVERGED]
        if not failures:
            return
        if any(fit.stop is Stop.INTERRUPTED for fit in failures):
            warnings.warn("Training interrupted by user; the coefs stay as they are.", stacklevel=5)
            return
        warnings.warn(
            f"{not_converged(self.solver, iterations_of(self.max_iter))} "
            f"{len(failures)} of {len(result.fits)} problems did not converge: "
            f"{failures[0].message}. Raise max_iter ({self.max_iter}), scale the features or "
            f"strengthen the penalty (lower C={self.C:g}); certificate_ says how far it is.",
            ConvergenceWarning,
            stacklevel=5,
        )
