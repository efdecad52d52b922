"""A certificate for a fitted logistic regression: how far from the exact optimum at most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.special import expit

from glassnet.evaluation.certificate_bounds import (
    Bounds,
    Fitted,
    bounds,
    bounds_of_all,
    row_norms,
)


@dataclass(frozen=True)
class ClassCertificate:
    """What is certain about one class.

    Attributes
    ----------
    label : str
        The class; of two classes the second, whose probability the model gives.
    gradient_norm : float
        Norm of the objective's gradient at the fit (multinomial: of this class's part).
    excess : float
        The objective is above its minimum by at most this. Multinomial: the objective is one
        for all classes, and so is this bound, as the next two are.
    coef_distance : float
        The coefs are at most this far from the optimum's, in Euclidean norm.
    intercept_distance : float
        The same for the intercept.
    predicted : int
        Rows that the model assigns to this class.
    undecided : int
        How many of them the exact optimum could assign to another class.
    """

    label: str
    gradient_norm: float
    excess: float
    coef_distance: float
    intercept_distance: float
    predicted: int
    undecided: int


@dataclass(frozen=True)
class Certificate:
    """How far a fitted logistic regression is from the exact optimum, at most.

    The bounds are proven, rounding included; `glassnet.evaluation.certificate_bounds` has the
    derivation. They are infinite where the objective has no penalty (C infinite).

    Attributes
    ----------
    kind : str
        "one-vs-rest" (two classes as well) or "multinomial".
    rows : int
        Training rows.
    undecided : int
        Training predictions that the exact optimum could make differently.
    classes : tuple of ClassCertificate
        One a class; for two classes one, of the second class, that counts all rows.
    """

    kind: str
    rows: int
    undecided: int
    classes: tuple[ClassCertificate, ...]

    @property
    def gradient_norm(self) -> float:
        """The largest gradient norm of a class."""
        return max(entry.gradient_norm for entry in self.classes)

    @property
    def excess(self) -> float:
        """The largest bound on a class's distance from the minimum of its objective."""
        return max(entry.excess for entry in self.classes)

    @property
    def proves_all(self) -> bool:
        """Whether the exact optimum would give every training row the same label as this fit."""
        return self.undecided == 0

    def sentence(self) -> str:
        """Say it in words."""
        if not np.isfinite(self.excess):
            return (
                "Nothing is certain about the distance from the optimum: "
                "without a penalty, or this far away, the gradient proves nothing."
            )
        verdict = (
            "no training prediction would change at the exact optimum"
            if self.proves_all
            else f"at most {self.undecided} of {self.rows} training predictions could change "
            "at the exact optimum"
        )
        return (
            f"The loss is at most {self.excess:.1g} above its minimum, "
            f"the largest gradient norm is {self.gradient_norm:.1g}; {verdict}."
        )

    def to_dict(self) -> dict[str, Any]:
        """Return plain types for JSON; infinite bounds become None."""
        return {
            "kind": self.kind,
            "rows": self.rows,
            "undecided": self.undecided,
            "classes": [
                {
                    key: None if isinstance(value, float) and not np.isfinite(value) else value
                    for key, value in asdict(entry).items()
                }
                for entry in self.classes
            ],
        }


def certify_one_vs_rest(
    X: Any,
    Y: NDArray[Any],
    weights: NDArray[Any],
    coef: NDArray[Any],
    intercept: NDArray[Any],
    *,
    alpha: float,
    intercept_penalty: float | None,
    labels: Sequence[str],
) -> Certificate:
    """Certify one-vs-rest logistic regressions, or one of two classes.

    The objective of class c is ``sum_i s_ic loss_ic + alpha/2 (|w_c|² + intercept_penalty
    b_c²)``, scikit-learn's and liblinear's divided by C, with alpha = 1/C.

    Parameters
    ----------
    X : ndarray or sparse matrix of shape (n, d)
        Training rows.
    Y : ndarray of shape (n, q)
        Targets of 0 and 1, a column a class; one column for two classes.
    weights : ndarray of shape (n, q)
        Weight of each row in each class's objective.
    coef : ndarray of shape (q, d)
        Coefs.
    intercept : ndarray of shape (q,)
        Intercepts.
    alpha : float
        Strength of the penalty.
    intercept_penalty : float or None
        Penalty of the intercept relative to that of the coefs; None where there is none and
        `intercept` is 0.
    labels : sequence of str
        What to call each of the q classes.

    Returns
    -------
    Certificate
        One entry a column of Y.

    Examples
    --------
    >>> X, Y = np.array([[-1.0], [1.0]]), np.array([[0.0], [1.0]])
    >>> found = certify_one_vs_rest(
    ...     X, Y, np.ones((2, 1)), np.array([[0.8]]), np.zeros(1),
    ...     alpha=1.0, intercept_penalty=0.0, labels=["1"],
    ... )
    >>> found.undecided, round(found.classes[0].excess, 5)
    (0, 0.01619)
    """
    X, norms = _prepare(X)
    beta = _beta(alpha, intercept_penalty)
    coef, intercept = np.asarray(coef, float), np.asarray(intercept, float)
    linear = np.asarray(X @ coef.T)
    Z = linear + intercept
    with np.errstate(over="ignore", invalid="ignore"):  # one product for all classes
        by_loss = np.asarray(X.T @ (weights * (expit(Z) - Y)))
    found = bounds_of_all(
        [
            Fitted(
                X,
                norms,
                Y[:, [c]],
                weights[:, c],
                coef[[c]],
                intercept[[c]],
                alpha,
                beta,
                linear[:, [c]],
                by_loss[:, [c]],
            )
            for c in range(Y.shape[1])
        ]
    )
    radius = np.column_stack([entry.scores for entry in found])
    return _assemble("one-vs-rest", found, labels, *_decide(Z, radius))


def _decide(
    Z: NDArray[np.float64], radius: NDArray[np.float64]
) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """Return the class (n,) that scores Z (n, q) predict, and where it is not proven.

    A class is proven where its score, less what it may be off, exceeds all other scores, plus
    what they may be off; one score, where it is off less than its distance from 0.
    """
    if Z.shape[1] == 1:
        return np.zeros(len(Z), dtype=np.intp), ~(np.abs(Z[:, 0]) > radius[:, 0])
    best = Z.argmax(axis=1)
    rows = np.arange(len(Z))
    lowest = Z[rows, best] - radius[rows, best]
    highest = Z + radius
    highest[rows, best] = -np.inf
    return best, ~(lowest > highest.max(axis=1))


def certify_multinomial(
    X: Any,
    Y: NDArray[Any],
    weights: NDArray[Any],
    coef: NDArray[Any],
    intercept: NDArray[Any],
    *,
    alpha: float,
    intercept_penalty: float | None,
    labels: Sequence[str],
) -> Certificate:
    """Certify a multinomial logistic regression of k > 2 classes.

    Parameters
    ----------
    X : ndarray or sparse matrix of shape (n, d)
        Training rows.
    Y : ndarray of shape (n, k)
        Targets of 0 and 1, a column a class.
    weights : ndarray of shape (n,)
        Weight of each row.
    coef : ndarray of shape (k, d)
        Coefs.
    intercept : ndarray of shape (k,)
        Intercepts.
    alpha, intercept_penalty, labels
        As in `certify_one_vs_rest`.

    Returns
    -------
    Certificate
        One entry a class; the bounds are those of the one objective that all share.
    """
    X, norms = _prepare(X)
    coef, intercept = np.asarray(coef, float), np.asarray(intercept, float)
    beta = _beta(alpha, intercept_penalty)
    linear = np.asarray(X @ coef.T)
    s = np.asarray(weights, float)
    joint = bounds(Fitted(X, norms, Y, s, coef, intercept, alpha, beta, linear))
    Z = linear + intercept
    ranked = np.sort(Z, axis=1)
    open_rows = ~(ranked[:, -1] - ranked[:, -2] > joint.scores)
    norms_by_class = joint.class_gradient_norms
    found = [
        Bounds(float(norm), joint.excess, joint.coef, joint.intercept, joint.scores, norms_by_class)
        for norm in norms_by_class
    ]
    return _assemble("multinomial", found, labels, Z.argmax(axis=1), open_rows)


def _prepare(X: Any) -> tuple[Any, NDArray[np.float64]]:
    X = sp.csr_array(X, dtype=np.float64) if sp.issparse(X) else np.asarray(X, float)
    with np.errstate(over="ignore"):
        return X, row_norms(X)


def _beta(alpha: float, intercept_penalty: float | None) -> float:
    return np.inf if intercept_penalty is None else alpha * intercept_penalty


def _assemble(
    kind: str,
    found: Sequence[Bounds],
    labels: Sequence[str],
    best: NDArray[np.intp],
    open_rows: NDArray[np.bool_],
) -> Certificate:
    predicted = np.bincount(best, minlength=len(found))
    undecided = np.bincount(best[open_rows], minlength=len(found))
    return Certificate(
        kind=kind,
        rows=len(best),
        undecided=int(open_rows.sum()),
        classes=tuple(
            ClassCertificate(
                label=label,
                gradient_norm=entry.gradient_norm,
                excess=entry.excess,
                coef_distance=entry.coef,
                intercept_distance=entry.intercept,
                predicted=int(predicted[c]),
                undecided=int(undecided[c]),
            )
            for c, (label, entry) in enumerate(zip(labels, found, strict=True))
        ),
    )
