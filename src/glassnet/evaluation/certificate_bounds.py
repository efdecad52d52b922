r"""How far a fitted logistic regression is from the exact optimum, at most: the derivation.

Shapes: n rows x_i (d,), q outputs (1: one class against the rest; k: multinomial), scores
``z_i = W x_i + b (q,)``, probabilities p_i, targets y_i, weights s_i >= 0. The objective is

    F(W, b) = sum_i s_i loss(z_i, y_i) + alpha/2 |W|² + beta/2 |b|²,      alpha, beta >= 0,

(w, b) is where the fit ended, (w*, b*) the optimum, Γ_w and Γ_b bound the norms of the gradient's
two parts at (w, b). Three facts carry all bounds.

**1. Strong convexity** (Boyd and Vandenberghe, "Convex optimization", 2004, 9.1.2). If f is
m-strongly convex, then f(w) - f* <= |∇f(w)|² / (2 m), and, from
m |w - w*|² <= ∇f(w)·(w - w*), |w - w*| <= |∇f(w)| / m.

**2. The curvature changes slowly** (Bach, "Self-concordant analysis for logistic regression",
Electron. J. Stat. 4, 2010). Along a move of the scores by h, the third derivative of the loss is
at most osc(h) times the second, where osc(h) = |h| for one output and max h - min h <= √2 |h| for
softmax (there it is the third cumulant of bounded variables). So the curvature J of a row obeys
exp(-osc h) J(z) <= J(z + h) <= exp(osc h) J(z).

**3. A root is near where a slope is steep.** Let g be the gradient in the intercepts at scores
z, and λ > 0 the smallest eigenvalue of its derivative sum_i s_i J_i (for softmax: across the
direction of equal shifts, which changes nothing). For the root at distance t, fact 2 gives
|g| >= λ t (1 - exp(-c t)) / (c t) with c = 1 (one output) or √2 (softmax), hence

    t <= root_distance(|g|, λ) = -log(1 - c |g| / λ) / c     where c |g| < λ.

**Penalised intercept, or none.** F is 1-strongly convex in the norm
|(W, b)|² = alpha |W|² + beta |b|². With ρ² = Γ_w²/alpha + Γ_b²/beta, fact 1 gives: excess at
most ρ²/2, coefs within ρ/√alpha, intercepts within ρ/√beta, and by Cauchy and Schwarz a score
within ρ sqrt(|x_i|²/alpha + 1/beta), a difference of two classes' scores within √2 times that.

**Unpenalised intercept.** φ(W) = min_b F(W, b) is alpha-strongly convex, since a convex function
stays convex when minimised over some of its variables. First b is replaced by a better intercept
for the same w, at distance m, found by Newton's method; Γ_w and Γ_b are those at the new b. The
gradient of φ at w is that of F at (w, b̂), b̂ the best intercept for w, which fact 3 puts within
δ of b; on the way the gradient in W changes by at most δ sum_i s_i |x_i| |J_i|, where
|J_i| <= min(J_max, exp(c δ) J_i) by fact 2, J_max = 1/4 (sigmoid) or 1/2 (softmax). Call the sum
Γ. Then coefs lie within r = Γ/alpha, and the excess is at most Γ²/(2 alpha) + Γ_b' (m + δ), Γ_b'
the gradient at the intercept as fitted (this part by convexity in b).

The optimal scores are z_i + ΔW (x_i - c) + τ with τ = Δb + ΔW c, for any centre c. The rows move
by at most e_i = |x_i - c| r; after this move the gradient in the intercepts is at most
Γ_b + sum_i s_i |J_i| e_i, and its slope at least that of sum_i s_i exp(-c e_i) J_i. So fact 3
bounds |τ|, and a score is at most e_i + |τ| + m from the fitted one. For one output c is the
curvature's mean row; then sum_i s_i J_i (x_i - c) = 0, the first-order part of the gradient
vanishes, and what is left is at most sum_i s_i exp(e_i) J_i e_i² / 2, as the loss's third
derivative is below its second.

**Rounding.** What is computed in float64 is off by at most Higham's γ_n = n u / (1 - n u)
("Accuracy and stability of numerical algorithms", 2002, 3.1) times the sum of the terms' sizes;
every bound below includes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.special import expit, softmax

_EPS = float(np.finfo(np.float64).eps)


@dataclass(frozen=True, eq=False)
class Bounds:
    """What is certain about one problem.

    Attributes
    ----------
    gradient_norm : float
        Norm of the whole gradient, as computed.
    excess : float
        Largest possible distance of the objective from its minimum.
    coef : float
        Largest possible distance of the coefs from the optimum's (Frobenius norm).
    intercept : float
        The same of the intercepts; multinomial: up to a shift of all by the same number.
    scores : ndarray of shape (n,)
        How far a row's score can be from the optimum's; multinomial: how far the difference of
        two classes' scores.
    class_gradient_norms : ndarray of shape (q,)
        Norm of each output's part of the gradient.
    """

    gradient_norm: float
    excess: float
    coef: float
    intercept: float
    scores: NDArray[np.float64]
    class_gradient_norms: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Fitted:
    """One problem and where its fit ended.

    Attributes
    ----------
    X : ndarray or sparse matrix of shape (n, d)
        Rows, float64.
    row_norms : ndarray of shape (n,)
        Euclidean norms of the rows.
    Y : ndarray of shape (n, q)
        Targets.
    s : ndarray of shape (n,)
        Weights.
    coef : ndarray of shape (q, d)
        Coefs.
    intercept : ndarray of shape (q,)
        Intercepts.
    alpha : float
        Penalty of the coefs.
    beta : float
        Penalty of the intercepts, infinite without intercepts.
    linear : ndarray of shape (n, q)
        X W', the scores without intercepts.
    by_loss : ndarray of shape (d, q) or None
        The gradient of the loss alone in W', where it is known.
    """

    X: Any
    row_norms: NDArray[np.float64]
    Y: NDArray[np.float64]
    s: NDArray[np.float64]
    coef: NDArray[np.float64]
    intercept: NDArray[np.float64]
    alpha: float
    beta: float
    linear: NDArray[np.float64]
    by_loss: NDArray[np.float64] | None = None


def row_norms(X: Any) -> NDArray[np.float64]:
    """Return the Euclidean norm of each row of X, dense or sparse, rounded up."""
    if sp.issparse(X):
        squares = np.asarray(X.multiply(X).sum(axis=1)).ravel()
    else:
        squares = np.einsum("ij,ij->i", X, X)
    norms: NDArray[np.float64] = np.sqrt(squares) * (1 + _gamma(X.shape[1]))
    return norms


def _gamma(n: int) -> float:
    return (n + 8) * _EPS  # twice Higham's, with room for a few more operations


def _lengths(X: Any) -> tuple[int, int]:
    """Return the most terms in a product with a row, and with a column, of X."""
    if not sp.issparse(X):
        return X.shape[1], X.shape[0]
    in_columns = np.bincount(X.indices, minlength=1)
    return int(np.diff(X.indptr).max(initial=0)), int(in_columns.max())


def root_distance(gradient: float, slope: float, c: float) -> float:
    """Return fact 3's bound on the distance of the root, infinite where it says nothing."""
    if gradient == 0:
        return 0.0
    if not c * gradient < slope:
        return float("inf")
    return float(-np.log1p(-c * gradient / slope) / c) * (1 + 8 * _EPS)


def _curvature_matrix(p: NDArray[Any], weights: NDArray[Any]) -> NDArray[Any]:
    """Return sum_i weights_i J_i (q, q).

    For softmax, equal shifts of all scores have eigenvalue 0 and change nothing; here they get
    the trace, so that they are out of the way: not the smallest, and the matrix not singular.
    """
    if p.shape[1] == 1:
        return np.atleast_2d(weights @ (p * (1 - p)))
    J: NDArray[Any] = np.diag(weights @ p) - (p * weights[:, None]).T @ p
    return J + np.trace(J) / len(J)


def _slope(p: NDArray[Any], weights: NDArray[Any], error: float) -> float:
    """Return a lower bound of the smallest eigenvalue of sum_i weights_i J_i."""
    J = _curvature_matrix(p, weights)
    rounding = _gamma(len(p)) * float(np.trace(J)) * len(J)
    return float(np.linalg.eigvalsh(J)[0]) - rounding - error


@dataclass(frozen=True, eq=False)
class _Gradient:
    """The gradient at the fit with all that the bounds need of it."""

    p: NDArray[np.float64]  # (n, q)
    p_error: NDArray[np.float64]  # (n,): rounding of a row's p, in norm
    z_error: NDArray[np.float64]  # (n,)
    curvature: NDArray[np.float64]  # (n,): trace of J_i, at least its norm
    norms: NDArray[np.float64]  # (q,)
    coef: float  # Γ_w
    intercept: float  # Γ_b


def _probabilities(fit: Fitted) -> NDArray[np.float64]:
    Z = fit.linear + fit.intercept
    p: NDArray[np.float64] = expit(Z) if Z.shape[1] == 1 else softmax(Z, axis=1)
    return p


def _gradient(fit: Fitted) -> _Gradient:
    in_row, in_column = _lengths(fit.X)
    Z = fit.linear + fit.intercept
    p = _probabilities(fit)
    R = fit.s[:, None] * (p - fit.Y)
    coef_norm = float(np.linalg.norm(fit.coef))
    pull = np.zeros_like(fit.intercept) if np.isinf(fit.beta) else fit.beta * fit.intercept
    by_loss = np.asarray(fit.X.T @ R) if fit.by_loss is None else fit.by_loss
    by_coef = by_loss.T + fit.alpha * fit.coef
    by_intercept = R.sum(axis=0) + pull
    if np.isinf(fit.beta):
        by_intercept = np.zeros_like(by_intercept)
    z_error = _gamma(in_row) * (
        fit.row_norms * coef_norm + float(np.linalg.norm(fit.intercept)) + np.abs(Z).max(axis=1)
    )
    p_error = z_error + 8 * _EPS
    r_norms = np.linalg.norm(R, axis=1)
    by_p = fit.s * p_error
    a, b = float(np.linalg.norm(by_coef)), float(np.linalg.norm(by_intercept))
    slack = 1 + _gamma(fit.X.shape[1])
    return _Gradient(
        p=p,
        p_error=p_error,
        z_error=z_error,
        curvature=(p * (1 - p)).sum(axis=1),
        norms=np.hypot(np.linalg.norm(by_coef, axis=1), by_intercept),
        coef=a * slack
        + float(fit.row_norms @ (by_p + _gamma(in_column) * r_norms))
        + 4 * _EPS * fit.alpha * coef_norm,
        intercept=0.0
        if np.isinf(fit.beta)
        else b * slack
        + float(np.sum(by_p + _gamma(len(Z)) * r_norms))
        + 4 * _EPS * float(np.linalg.norm(pull)),
    )


def bounds(fit: Fitted) -> Bounds:
    """Return what is certain about a fit; see the module's text for the derivation.

    Without strong convexity (alpha = 0) nothing is, and all bounds are infinite.
    """
    return bounds_of_all([fit])[0]


def bounds_of_all(fits: Sequence[Fitted]) -> list[Bounds]:
    """Return what is certain about fits to the same rows, with one product for all at a time.

    All have the same penalties, and as many outputs.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        gradients = [_gradient(fit) for fit in fits]
        if fits[0].beta > 0:
            found = [
                _penalised(fit, gradient) if _says_something(fit, gradient) else None
                for fit, gradient in zip(fits, gradients, strict=True)
            ]
        else:
            found = _all_unpenalised(fits, gradients)
    return [
        entry or _nothing(fit, gradient)
        for entry, fit, gradient in zip(found, fits, gradients, strict=True)
    ]


def _says_something(fit: Fitted, gradient: _Gradient) -> bool:
    return fit.alpha != 0 and bool(np.isfinite(gradient.coef))


def _nothing(fit: Fitted, gradient: _Gradient) -> Bounds:
    norm, n = float(np.linalg.norm(gradient.norms)), fit.X.shape[0]
    return Bounds(norm, np.inf, np.inf, np.inf, np.full(n, np.inf), gradient.norms)


def _penalised(fit: Fitted, gradient: _Gradient) -> Bounds:
    rho = np.sqrt(gradient.coef**2 / fit.alpha + gradient.intercept**2 / fit.beta)
    radius = rho * np.sqrt(fit.row_norms**2 / fit.alpha + 1 / fit.beta)
    scores = radius + gradient.z_error
    if fit.coef.shape[0] > 1:
        scores *= np.sqrt(2)
    return Bounds(
        gradient_norm=float(np.linalg.norm(gradient.norms)),
        excess=float(rho**2 / 2) * (1 + 16 * _EPS),
        coef=float(rho / np.sqrt(fit.alpha)) * (1 + 16 * _EPS),
        intercept=float(rho / np.sqrt(fit.beta)) * (1 + 16 * _EPS),
        scores=scores * (1 + 16 * _EPS),
        class_gradient_norms=gradient.norms,
    )


def _better_intercept(fit: Fitted, p: NDArray[Any]) -> NDArray[Any]:
    """Return nearly the best intercept (q,) for the same coefs; how near, the bounds will tell."""
    Z = fit.linear + fit.intercept
    shift = np.zeros_like(fit.intercept)
    best, smallest = shift, np.inf
    for _ in range(5):
        residual = fit.s @ (p - fit.Y)
        if not (size := float(np.linalg.norm(residual))) < smallest:
            break
        best, smallest = shift, size
        J = _curvature_matrix(p, fit.s)
        shift = shift - np.linalg.pinv(J, hermitian=True) @ residual
        p = expit(Z + shift) if len(J) == 1 else softmax(Z + shift, axis=1)
    better: NDArray[Any] = fit.intercept + best
    return better


def _all_unpenalised(fits: Sequence[Fitted], gradients: Sequence[_Gradient]) -> list[Bounds | None]:
    found: list[Bounds | None] = [None] * len(fits)
    pairs = zip(fits, gradients, strict=True)
    some = [c for c, pair in enumerate(pairs) if _says_something(*pair)]
    if not some:
        return found
    X, q = fits[0].X, fits[0].Y.shape[1]
    betters = [replace(fits[c], intercept=_better_intercept(fits[c], gradients[c].p)) for c in some]
    residuals = [fit.s[:, None] * (_probabilities(fit) - fit.Y) for fit in betters]
    by_loss = np.asarray(X.T @ np.concatenate(residuals, axis=1))
    betters = [
        replace(fit, by_loss=by_loss[:, i * q : (i + 1) * q]) for i, fit in enumerate(betters)
    ]
    at_betters = [_gradient(fit) for fit in betters]
    weights = [fit.s * at.curvature for fit, at in zip(betters, at_betters, strict=True)]
    totals = np.array([part.sum() for part in weights])
    sums = np.asarray(X.T @ np.column_stack(weights))
    centres = np.where(totals > 0, sums / np.where(totals > 0, totals, 1), 0.0)
    along = np.asarray(X @ centres)
    for i, c in enumerate(some):
        middle = _Middle(weights[i], sums[:, i], centres[:, i], along[:, i])
        found[c] = _unpenalised(fits[c], gradients[c], betters[i], at_betters[i], middle)
    return found


def _unpenalised(
    fit: Fitted, fitted: _Gradient, better: Fitted, gradient: _Gradient, middle: _Middle
) -> Bounds | None:
    move = float(np.linalg.norm(better.intercept - fit.intercept)) * (1 + 8 * _EPS)
    one = fit.coef.shape[0] == 1
    c, most = (1.0, 0.25) if one else (np.sqrt(2), 0.5)
    J_error = 3 * gradient.p_error + 8 * _EPS
    J = gradient.curvature + J_error
    slope = _slope(gradient.p, fit.s, float(fit.s @ J_error))
    delta = root_distance(gradient.intercept, slope, c)
    if not np.isfinite(delta):
        return None
    on_the_way = np.minimum(most, np.exp(c * delta) * J)
    steepest = gradient.coef + delta * float((fit.s * fit.row_norms) @ on_the_way)
    r = steepest / fit.alpha * (1 + 16 * _EPS)

    off_centre, far = _spread(fit, middle, J_error)
    e = far * r
    moved = fit.s * np.minimum(most, np.exp(c * e) * J) * e
    drift = float(moved.sum())
    if one:
        drift = min(drift, off_centre * r + 0.5 * float(moved @ e))
    slope = _slope(gradient.p, fit.s * np.exp(-c * e), float(fit.s @ J_error))
    tau = root_distance(gradient.intercept + drift, slope, c)
    return Bounds(
        gradient_norm=float(np.linalg.norm(fitted.norms)),
        excess=(steepest**2 / (2 * fit.alpha) + fitted.intercept * (move + delta))
        * (1 + 16 * _EPS),
        coef=r,
        intercept=tau + float(np.linalg.norm(middle.centre)) * r + move,
        scores=(e + tau + move + gradient.z_error) * (c * (1 + 16 * _EPS)),
        class_gradient_norms=fitted.norms,
    )


@dataclass(frozen=True, eq=False)
class _Middle:
    """The curvature's mean row, with what it was made of."""

    weights: NDArray[np.float64]  # (n,): s_i times row i's curvature
    sums: NDArray[np.float64]  # (d,): X' weights
    centre: NDArray[np.float64]  # (d,): c
    along: NDArray[np.float64]  # (n,): X c


def _spread(
    fit: Fitted, middle: _Middle, J_error: NDArray[Any]
) -> tuple[float, NDArray[np.float64]]:
    """Return a bound on |sum_i s_i J_i (x_i - c)|, and |x_i - c|."""
    in_row, in_column = _lengths(fit.X)
    norm = float(np.linalg.norm(middle.centre))
    squares = fit.row_norms**2 - 2 * middle.along + norm**2
    lost = 4 * _gamma(max(in_row, 64)) * (fit.row_norms**2 + norm**2)
    far = np.sqrt(np.maximum(squares, 0) + lost)
    rest = float(np.linalg.norm(middle.sums - float(middle.weights.sum()) * middle.centre))
    sizes = fit.row_norms + norm
    rest += 2 * _gamma(in_column) * float(middle.weights @ sizes) + float((fit.s * J_error) @ far)
    return rest, far
