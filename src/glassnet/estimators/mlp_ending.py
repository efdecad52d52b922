"""What is said where the training of a net did not end as it should."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.exceptions import ConvergenceWarning

from glassnet.training import Fit, Stop

_UP_TO_THE_CALLER = 6  # of fit: the frames between


@dataclass(frozen=True)
class Settings:
    """The parameters of a net that its ending may be owed to."""

    solver: str
    max_iter: int
    learning_rate_init: float


def say_how_it_ended(
    fit: Fit, theta: NDArray[Any], settings: Settings, *, incremental: bool, stopped: bool
) -> None:
    """Warn or fail where training did not end as it should.

    Parameters
    ----------
    fit : Fit
        What training gave back.
    theta : ndarray of shape (p,)
        Its parameters, in the dtype of X.
    settings : Settings
        The net's.
    incremental : bool
        Whether it was one of many calls of ``partial_fit``.
    stopped : bool
        Whether a callback stopped it.

    Raises
    ------
    ValueError
        If training diverged and no net is left.
    """
    is_lbfgs, is_finite = settings.solver == "lbfgs", bool(np.isfinite(theta).all())
    lower = f" or lower learning_rate_init ({settings.learning_rate_init:g})"
    way_out = f"Scale the features{'' if is_lbfgs else lower}."
    # The net of the best validation score may be older than the infinite loss, and whole.
    is_kept = is_finite and fit.progress.best_parameters is not None
    if not is_finite or (fit.stop is Stop.DIVERGED and not is_kept):
        raise ValueError(
            "Solver produced non-finite parameter weights. The input data may contain large values "
            f"and need to be preprocessed: training diverged after {fit.n_iter} "
            f"{'iterations' if is_lbfgs else 'epochs'}. {way_out}"
        )
    if fit.stop is Stop.DIVERGED:
        _warn(
            f"Training diverged after {fit.n_iter} epochs (the loss became {fit.loss}); the net of "
            f"the best validation score is kept. {way_out}",
            ConvergenceWarning,
        )
    elif fit.stop is Stop.INTERRUPTED and not stopped:
        _warn("Training interrupted by user; the net stays as it is.", UserWarning)
    elif fit.stop in (Stop.MAX_ITER, Stop.NO_DESCENT) and not incremental:
        _warn(_why_not_converged(fit, settings), ConvergenceWarning)


def _warn(sentence: str, category: type[Warning]) -> None:
    warnings.warn(sentence, category, stacklevel=_UP_TO_THE_CALLER)


def _why_not_converged(fit: Fit, settings: Settings) -> str:
    """Say in a sentence or two what stopped the training before it converged."""
    if settings.solver == "lbfgs":
        return (
            f"lbfgs stopped before it converged (max_iter={settings.max_iter}, "
            f"{fit.n_iter} iterations): {fit.message}. Raise max_iter or scale the features."
        )
    curve = fit.loss_curve[-11:]
    slope = (curve[0] - curve[-1]) / max(len(curve) - 1, 1)
    return (
        f"Stochastic solver: maximum iterations ({settings.max_iter}) reached before the training "
        f"loss settled; it is {fit.loss:.4g} and changed by {-slope:.2g} an epoch at the end. "
        "Raise max_iter or change learning_rate_init."
    )
