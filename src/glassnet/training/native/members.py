"""Members as the core takes them, and fits as it gives them back."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet import _core
from glassnet.model import Member, Network, Population, Progress, initial_parameters
from glassnet.model.random import mt19937_state, set_mt19937_state
from glassnet.training.dropout import dropout_seed
from glassnet.training.ledger import OpenLedger
from glassnet.training.native.arrays import as_read
from glassnet.training.optimizers import Adam, AdamW, Sgd, resumed
from glassnet.training.optimizers.adam import AdamState
from glassnet.training.optimizers.sgd import SgdState
from glassnet.training.reference import Lbfgs
from glassnet.training.reference.stopping import plateau_message
from glassnet.training.result import Fit, Stop
from glassnet.training.schedules import PLANNED, Adaptive, Constant, InvScaling
from glassnet.training.schedules.steps import warmup_steps

ACTIVATIONS = {
    "identity", "logistic", "tanh", "relu", "leaky_relu", "elu", "gelu", "silu", "softplus",
}  # fmt: skip
OUTPUTS = {"softmax", "logistic", "identity", "exp"}
SCHEDULES = (Constant, InvScaling, Adaptive, *PLANNED)
STOCHASTIC = (Sgd, Adam, AdamW)


def lacks(population: Population, y: NDArray[Any]) -> str | None:
    """Name the first part that the core does not have, or None."""
    network = population.network
    if network.activation not in ACTIVATIONS:
        return f"activation {network.activation!r}"
    if network.output not in OUTPUTS:
        return f"output {network.output!r}"
    if network.output == "softmax" and not _one_class_each(y):
        return "softmax output for rows of other than one class"
    for member in population.members:
        solver: Any = member.solver
        if not isinstance(solver, (*STOCHASTIC, Lbfgs)):
            return f"solver {solver.name!r}"
        if not isinstance(solver, Lbfgs) and not isinstance(solver.schedule, SCHEDULES):
            return f"schedule {solver.schedule.name!r}"
        if not isinstance(member.random_state._bit_generator, np.random.MT19937):
            return "random stream but MT19937"
    return None


def _one_class_each(y: NDArray[Any]) -> bool:
    return bool((y.sum(axis=1) == 1).all() and (y.max(axis=1) == 1).all())


def described(
    network: Network,
    member: Member,
    dtype: np.dtype[Any],
    n_rows: int,
    ledger: OpenLedger | None,
) -> _core.Member:
    """Return a member as the core takes it, where X has n_rows rows; it writes the ledger."""
    solver: Any = member.solver
    theta = (
        initial_parameters(network, member.random_state, dtype)
        if member.start is None
        else as_read(member.start, dtype)
    )
    seed = dropout_seed(member)
    key, pos = mt19937_state(member.random_state)
    progress = member.progress
    return _core.Member(
        solver=solver.name,
        schedule=solver.schedule.name,
        **_settings(solver),
        **_plan(member, n_rows),
        **_memory(member, dtype),
        alpha=float(member.alpha),
        max_iter=int(member.max_iter),
        tol=float(member.tol),
        n_iter_no_change=float(member.n_iter_no_change),
        batch_size=int(member.batch_size),
        shuffle=bool(member.shuffle),
        label_smoothing=float(member.label_smoothing),
        dropout=float(member.dropout),
        dropout_seed=seed,
        clip_norm=np.inf if member.clip_norm is None else float(member.clip_norm),
        rows=numbers(member.rows),
        validation_rows=numbers(member.validation_rows),
        validation_stops=bool(member.validation_stops),
        scores_training=bool(member.scores_training),
        scored_by_listener=member.scorer is not None,
        row_weights=contiguous(member.row_weights, np.dtype(np.float64)),
        target=member.target,
        key=key,
        pos=pos,
        theta=theta,
        best_loss=float(progress.best_loss),
        best_score=float(progress.best_score),
        best_parameters=contiguous(progress.best_parameters, dtype),
        epochs_without_improvement=int(progress.epochs_without_improvement),
        rows_seen=int(progress.rows_seen),
        ledger_losses=None if ledger is None else ledger.losses,
        ledger_rights=None if ledger is None else ledger.rights,
    )


def _settings(solver: Any) -> dict[str, Any]:
    """Return the numbers of a solver and its schedule, by the core's names."""
    names = ("learning_rate_init", "weight_decay")
    given: dict[str, Any] = {name: float(getattr(solver, name)) for name in names}
    if isinstance(solver, Sgd):
        given["momentum"] = float(solver.momentum)
        given["nesterovs_momentum"] = bool(solver.nesterovs_momentum)
    else:
        given |= {name: float(getattr(solver, name)) for name in ("beta_1", "beta_2", "epsilon")}
    if isinstance(solver.schedule, InvScaling):
        given["power_t"] = float(solver.schedule.power_t)
    return given


def _plan(member: Member, n_rows: int) -> dict[str, Any]:
    """Return the steps that a schedule plans with, where it does."""
    schedule = member.solver.schedule  # type: ignore[attr-defined]
    if not isinstance(schedule, PLANNED):
        return {}
    rows = n_rows if member.rows is None else len(member.rows)
    total = member.max_iter * math.ceil(rows / min(member.batch_size, rows))
    return {"total_steps": total, "warmup_steps": warmup_steps(schedule.warmup, total)}


def _memory(member: Member, dtype: np.dtype[Any]) -> dict[str, Any]:
    """Return what the optimizer remembers of an earlier call."""
    solver: Any = member.solver
    state = resumed(solver, np.empty(0), member.optimizer_state)
    if state is not member.optimizer_state:
        return {"learning_rate": float(solver.learning_rate_init)}
    if isinstance(state, SgdState):
        return {
            "learning_rate": float(state.learning_rate),
            "first": contiguous(state.velocity, dtype),
        }
    if isinstance(state, AdamState):
        return {
            "learning_rate": float(state.learning_rate),
            "steps": state.steps,
            "first": contiguous(state.mean, dtype),
            "second": contiguous(state.square, dtype),
        }
    raise TypeError(f"The core does not know {type(state).__name__}.")


def numbers(rows: NDArray[Any] | None) -> NDArray[np.int64] | None:
    """Return row numbers as the core takes them."""
    return None if rows is None else as_read(rows, np.int64)


def contiguous(values: NDArray[Any] | None, dtype: np.dtype[Any]) -> NDArray[Any] | None:
    """Return values as the core takes them: C-contiguous, of the given dtype."""
    return None if values is None else as_read(values, dtype)


def fit_of(
    member: Member, found: dict[str, Any], ledger: OpenLedger | None, *, by_score: bool
) -> Fit:
    """Return the outcome that the core gives, and move the member's random state on."""
    set_mt19937_state(member.random_state, found["key"], found["pos"])
    stop, curve = Stop(found["stop"]), list(found["loss_curve"])
    best = found["best_parameters"]
    keeps_best = by_score and best is not None
    return Fit(
        parameters=best if keeps_best else found["theta"],
        loss=curve[-1] if curve else np.nan,
        loss_curve=curve,
        n_iter=len(curve),
        stop=stop,
        message=_message(member, stop, curve, by_score),
        validation_scores=list(found["validation_scores"]),
        validation_losses=list(found["validation_losses"]),
        training_scores=list(found["training_scores"]),
        examples=None if ledger is None else ledger.closed(len(curve)),
        optimizer_state=_state(member, found),
        progress=Progress(
            best_loss=found["best_loss"],
            best_score=found["best_score"],
            best_parameters=best,
            epochs_without_improvement=found["epochs_without_improvement"],
            rows_seen=found["rows_seen"],
        ),
    )


def _state(member: Member, found: dict[str, Any]) -> SgdState | AdamState:
    """Return the optimizer's memory as either engine goes on with it."""
    state: Any = member.solver.begin(found["theta"])  # type: ignore[attr-defined]
    state.learning_rate = found["learning_rate"]
    if isinstance(state, SgdState):
        state.velocity = _or(found["first"], state.velocity)
    else:
        state.steps = found["steps"]
        state.mean = _or(found["first"], state.mean)
        state.square = _or(found["second"], state.square)
    return state


def _or(values: NDArray[Any] | None, otherwise: NDArray[Any]) -> NDArray[Any]:
    return otherwise if values is None else values


def _message(member: Member, stop: Stop, curve: list[float], by_score: bool) -> str:
    """Say why a member stopped, in the reference engine's words."""
    if stop is Stop.CONVERGED:
        return plateau_message(member, None, by_score=by_score)
    if stop is Stop.DIVERGED:
        return f"The loss became {curve[-1]}. Stopping."
    if stop is Stop.INTERRUPTED:
        return "Training interrupted by user."
    return f"Reached {member.max_iter} epochs."
