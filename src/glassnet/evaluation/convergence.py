"""Why a fit did or did not converge, and what to change."""

from __future__ import annotations

__all__ = ["Convergence", "diagnose_convergence"]

from dataclasses import dataclass, field
from math import ceil, log10, sqrt
from typing import Literal

import numpy as np
import numpy.typing as npt

from glassnet.errors import DataError
from glassnet.evaluation.plain import Plain

Reason = Literal["converged", "slow", "oscillating", "diverged", "stalled"]

# Largest rate that is worth suggesting: sgd's step is rate * gradient, adam's is about the rate
# itself in every weight, so that 0.1 is already large.
LARGEST_RATE = {"sgd": 1.0, "adam": 0.1, "adamw": 0.1}
LARGEST_FACTOR = {"sgd": 1000.0, "adam": 10.0, "adamw": 10.0}
NEARLY_DONE = 3.0  # a fall per epoch below 3 tol: a few more epochs will do
BEGUN_SHARE, FACTOR_BEFORE = 0.5, 100.0  # above half of the loss the end is not in sight
LEARNT_SHARE = 0.05  # less than this share of the loss removed: nothing was learnt
RISING_SHARE, WOBBLE_SHARE = 0.25, 0.02


@dataclass(frozen=True)
class Convergence(Plain):
    """How a fit ended.

    Attributes
    ----------
    converged : bool
        Whether the solver stopped by its own rule before the last epoch it was allowed.
    reason : {"converged", "slow", "oscillating", "diverged", "stalled"}
        What the loss curve shows. Only "converged" needs no change: a solver also stops by its own
        rule when its loss bounces or never falls.
    n_iter : int
        Epochs.
    first_loss, last_loss : float or None
        Loss of the first and of the last epoch; None where it is not finite.
    fall_per_epoch : float or None
        Mean fall of the loss over the last epochs.
    sentence : str
        What happened, in words.
    advice : str
        What to change, in words; empty where nothing needs to change.
    suggested : dict
        The same as parameters, e.g. ``{"learning_rate_init": 0.1}``; empty where nothing needs to
        change or no parameter would help.
    """

    converged: bool
    reason: Reason
    n_iter: int
    first_loss: float | None
    last_loss: float | None
    fall_per_epoch: float | None
    sentence: str
    advice: str
    suggested: dict[str, float | int] = field(default_factory=dict)


@dataclass(frozen=True)
class _Curve:
    """What is measured on a loss curve."""

    losses: npt.NDArray[np.float64]
    converged: bool
    max_iter: int
    rate: float
    tol: float
    patience: int
    solver: str
    early_stopping: bool
    baseline: float

    @property
    def n_iter(self) -> int:
        return len(self.losses)

    @property
    def recent(self) -> npt.NDArray[np.float64]:
        """Losses of the last tenth of the epochs, or of the last ``patience`` if those are more."""
        return self.losses[-(max(self.patience, self.n_iter // 10) + 1) :]

    @property
    def fall(self) -> float:
        """Mean fall an epoch over the recent epochs."""
        recent = self.recent
        return float(recent[0] - recent[-1]) / max(len(recent) - 1, 1)

    @property
    def reason(self) -> Reason:
        losses, recent = self.losses, self.recent
        if not np.isfinite(losses).all() or losses[-1] > max(losses[0], self.baseline):
            return "diverged"
        if self.converged and losses.min() > (1 - LEARNT_SHARE) * self.baseline:
            return "stalled"
        steps = np.diff(recent)
        wobble = float(np.mean(np.abs(steps + self.fall))) if steps.size else 0.0
        bounces = steps.size > 0 and np.mean(steps > 0) >= RISING_SHARE
        if bounces and wobble > max(WOBBLE_SHARE * float(np.median(recent)), 10 * self.tol):
            return "oscillating"
        return "converged" if self.converged else "slow"

    @property
    def told(self) -> str:
        return (
            f"the loss went from {self.losses[0]:.3g} to {self.losses[-1]:.3g} "
            f"in {self.n_iter} epochs"
        )


def diagnose_convergence(
    loss_curve: npt.ArrayLike,
    *,
    converged: bool | None = None,
    max_iter: int = 200,
    learning_rate_init: float = 0.001,
    tol: float = 1e-4,
    n_iter_no_change: int = 10,
    solver: str = "adam",
    early_stopping: bool = False,
    baseline_loss: float | None = None,
) -> Convergence:
    r"""Say why a fit did or did not converge, and what to change.

    The curve is judged in this order:

    diverged
        A loss is not finite, or the last one is above the first and above ``baseline_loss``. A
        tenth of the rate is suggested.
    stalled
        The solver stopped by its own rule, but never removed 5 % of ``baseline_loss``: nothing was
        learnt. If no step exceeded 10 tol the rate was too small (suggested: 100 times as much),
        else too large (a tenth) or the features have unlike scales.
    oscillating
        Over the recent epochs (the last tenth, at least ``n_iter_no_change``) a quarter or more
        of the steps went up, by more than 2 % of the loss and 10 tol. Steps overshoot, and the
        noise that stochastic gradients leave in the loss is proportional to the rate. A third of
        the rate is suggested: half an order of magnitude, so that a search up and down by these
        rules does not return to a rate it tried.
    slow
        The epochs ran out while the loss was falling by s an epoch on average, recently.
    converged
        None of these.

    **How much larger a rate.** For small steps the loss depends on τ = rate × epochs alone
    (gradient flow), and gradient descent on a smooth convex loss closes on its minimum as c/τ
    (Nesterov 2004, theorem 2.1.14), so that its slope falls as 1/τ². With f times the rate the
    loss would fall at the end of as many epochs by f · s / f² = s / f an epoch; it comes to rest,
    s / f = tol, for f = s / tol. A net's loss is not convex, so only the order of magnitude is
    kept: f is rounded up to a power of ten, at most 1000 (adam: 10, since its steps do not grow
    with the gradient), and the rate is at most 1 (adam: 0.1). At the same rate the same law asks
    for √(s / tol) times as many epochs (here at least twice). That is suggested instead where
    s < 3 tol, where the rate is at its largest already, and for lbfgs, which has no rate (twice
    the epochs). The law is one of the end of a fit; a sigmoid net starts on a plateau, where a
    small slope means the opposite. While more than half of ``baseline_loss`` is left, f is
    therefore at least 100.

    Parameters
    ----------
    loss_curve : array-like (n_iter,)
        Training loss of each epoch.
    converged : bool, optional
        Whether the solver stopped by its own rule; by default whether the curve is shorter than
        ``max_iter``.
    max_iter, learning_rate_init, tol, n_iter_no_change, solver, early_stopping
        Parameters of the fit, scikit-learn's defaults.
    baseline_loss : float, optional
        Loss of always answering with the classes' shares, -Σ p ln p; by default the first loss.

    Returns
    -------
    Convergence
        Reason, sentences and suggested parameters.

    Raises
    ------
    DataError
        If the curve is empty or not one-dimensional.

    References
    ----------
    Y. Nesterov (2004), Introductory lectures on convex optimization, Kluwer.

    Examples
    --------
    >>> slow = [2.4 * 0.997**epoch for epoch in range(200)]
    >>> result = diagnose_convergence(slow, solver="sgd", learning_rate_init=0.001)
    >>> result.reason, result.suggested
    ('slow', {'learning_rate_init': 0.1})
    """
    losses = np.asarray(loss_curve, dtype=np.float64)
    if losses.ndim != 1 or not losses.size:
        raise DataError(f"A loss curve is one loss an epoch, not an array {losses.shape}.")
    curve = _Curve(
        losses=losses,
        converged=len(losses) < max_iter if converged is None else bool(converged),
        max_iter=max_iter,
        rate=float(learning_rate_init),
        tol=float(tol),
        patience=n_iter_no_change,
        solver=solver,
        early_stopping=early_stopping,
        baseline=float(losses[0] if baseline_loss is None else baseline_loss),
    )
    reason = curve.reason
    sentence, advice, suggested = _EXPLAIN[reason](curve)
    return Convergence(
        converged=curve.converged,
        reason=reason,
        n_iter=curve.n_iter,
        first_loss=_finite(losses[0]),
        last_loss=_finite(losses[-1]),
        fall_per_epoch=_finite(curve.fall),
        sentence=sentence,
        advice=advice,
        suggested=suggested,
    )


Explanation = tuple[str, str, dict[str, float | int]]


def _converged(curve: _Curve) -> Explanation:
    if curve.solver == "lbfgs":
        return f"Converged: {curve.told}.", "", {}
    if curve.early_stopping:
        return (
            f"Converged: {curve.told}, and the score on the validation rows no longer "
            f"improved by tol = {curve.tol:g} in the last {curve.patience}.",
            "",
            {},
        )
    return (
        f"Converged: {curve.told}, and no longer improved by tol = {curve.tol:g} "
        f"in the last {curve.patience}.",
        "",
        {},
    )


def _diverged(curve: _Curve) -> Explanation:
    finite = np.isfinite(curve.losses)
    if finite.all():
        sentence = f"Diverged: {curve.told}; it grew instead of falling."
    else:
        sentence = f"Diverged: the loss was no longer finite in epoch {int(np.argmin(finite)) + 1}."
    return sentence, *_smaller_rate(curve, 10.0)


def _stalled(curve: _Curve) -> Explanation:
    sentence = (
        f"Stopped without having learnt: {curve.told}, where answering with the classes' shares "
        f"alone gives {curve.baseline:.3g}."
    )
    largest_step = float(np.max(np.abs(np.diff(curve.losses)), initial=0.0))
    if curve.solver not in LARGEST_RATE or largest_step > 10 * curve.tol:
        return sentence, *_smaller_rate(curve, 10.0)
    rate = _larger_rate(curve, 100.0)
    if rate == curve.rate:
        return sentence, "Scale the features, or try another random_state.", {}
    return (
        sentence,
        f"The steps are so small that the loss hardly moved and tol = {curve.tol:g} ended the fit: "
        f"raise learning_rate_init from {curve.rate:g} to {rate:g}.",
        {"learning_rate_init": rate},
    )


def _oscillating(curve: _Curve) -> Explanation:
    recent = curve.recent
    return (
        f"Unsteady: {curve.told}, but over the last {len(recent) - 1} epochs it bounced between "
        f"{recent.min():.3g} and {recent.max():.3g}.",
        *_smaller_rate(curve, 3.0),
    )


def _slow(curve: _Curve) -> Explanation:
    ratio = curve.fall / curve.tol if curve.tol > 0 else np.inf
    if curve.fall < curve.tol:
        sentence = (
            f"Not quite converged: {curve.told}, and the epochs ran out before it was clear that "
            f"it would fall no further by tol = {curve.tol:g}."
        )
    else:
        sentence = (
            f"Not converged: {curve.told} and was still falling, by {curve.fall:.2g} an epoch; "
            f"a fit ends when that stays below tol = {curve.tol:g}."
        )
    epochs = _more_epochs(curve, ratio)
    begun = curve.losses[-1] <= BEGUN_SHARE * curve.baseline
    rate = _larger_rate(curve, ratio if begun else max(ratio, FACTOR_BEFORE))
    if (begun and ratio < NEARLY_DONE) or rate == curve.rate:
        return sentence, f"Let it run up to {epochs} epochs.", {"max_iter": epochs}
    advice = (
        f"The curve is smooth, so larger steps should hold: raise learning_rate_init from "
        f"{curve.rate:g} to {rate:g}."
    )
    if begun:
        advice += f" At the present rate it would take some {epochs} epochs."
    return sentence, advice, {"learning_rate_init": rate}


_EXPLAIN = {
    "converged": _converged,
    "diverged": _diverged,
    "stalled": _stalled,
    "oscillating": _oscillating,
    "slow": _slow,
}


def _larger_rate(curve: _Curve, ratio: float) -> float:
    """Return the rate for a factor of ``ratio``, rounded up to a power of ten and limited."""
    if curve.solver not in LARGEST_RATE:
        return curve.rate
    power = 10.0 ** ceil(log10(ratio)) if 1.0 < ratio < np.inf else 10.0
    factor = min(power, LARGEST_FACTOR[curve.solver])
    return max(curve.rate, _short(min(curve.rate * factor, LARGEST_RATE[curve.solver])))


def _smaller_rate(curve: _Curve, factor: float) -> tuple[str, dict[str, float | int]]:
    if curve.solver not in LARGEST_RATE:
        return "Scale the features: this solver has no learning rate to lower.", {}
    rate = _short(curve.rate / factor)
    return (
        f"The steps are too large: lower learning_rate_init from {curve.rate:g} to {rate:g}; "
        "if the features have unlike scales, scale them first.",
        {"learning_rate_init": rate},
    )


def _more_epochs(curve: _Curve, ratio: float) -> int:
    """Return √(s / tol) times the epochs, at least twice, and the patience, to two digits."""
    if curve.solver == "lbfgs" or not np.isfinite(ratio):
        return 2 * curve.max_iter
    epochs = curve.n_iter * max(sqrt(max(ratio, 0.0)), 2.0) + curve.patience
    unit = 10 ** max(int(log10(epochs)) - 1, 0)
    return unit * ceil(epochs / unit)


def _short(rate: float) -> float:
    """Round a rate to one digit: its order of magnitude is what matters."""
    return float(f"{rate:.0e}")


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
