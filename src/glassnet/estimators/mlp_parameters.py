"""The parameters of the nets: what may be set, and how a set of them becomes a solver."""

from __future__ import annotations

from collections.abc import Iterable
from numbers import Integral, Real
from typing import Any

import numpy as np
from sklearn.metrics import get_scorer_names
from sklearn.utils._param_validation import Interval, Options, StrOptions

from glassnet.model import ACTIVATIONS, Solver
from glassnet.training import OPTIMIZERS, PLANNED, SCHEDULES, InvScaling, Lbfgs, Schedule

STOCHASTIC_SOLVERS = tuple(OPTIMIZERS)

PARAMETER_CONSTRAINTS: dict[str, list[Any]] = {
    "hidden_layer_sizes": ["array-like", Interval(Integral, 1, None, closed="left")],
    "activation": [StrOptions(set(ACTIVATIONS))],
    "solver": [StrOptions({"lbfgs", *OPTIMIZERS})],
    "alpha": [Interval(Real, 0, None, closed="left")],
    "batch_size": [StrOptions({"auto"}), Interval(Integral, 1, None, closed="left")],
    "learning_rate": [StrOptions(set(SCHEDULES))],
    "learning_rate_init": [Interval(Real, 0, None, closed="neither")],
    "power_t": [Interval(Real, 0, None, closed="left")],
    "max_iter": [Interval(Integral, 1, None, closed="left")],
    "shuffle": ["boolean"],
    "random_state": ["random_state"],
    "tol": [Interval(Real, 0, None, closed="left")],
    "verbose": ["verbose"],
    "warm_start": ["boolean"],
    "momentum": [Interval(Real, 0, 1, closed="both")],
    "nesterovs_momentum": ["boolean"],
    "early_stopping": ["boolean"],
    "validation_fraction": [Interval(Real, 0, 1, closed="left")],
    "beta_1": [Interval(Real, 0, 1, closed="left")],
    "beta_2": [Interval(Real, 0, 1, closed="left")],
    "epsilon": [Interval(Real, 0, None, closed="neither")],
    "n_iter_no_change": [Interval(Integral, 1, None, closed="left"), Options(Real, {np.inf})],
    "max_fun": [Interval(Integral, 1, None, closed="left")],
    "weight_decay": [Interval(Real, 0, None, closed="left"), None],
    "warmup": [
        Interval(Real, 0, 1, closed="left"),
        Interval(Integral, 1, None, closed="left"),
        None,
    ],
    "clip_norm": [Interval(Real, 0, None, closed="neither"), None],
    "dropout": [Interval(Real, 0, 1, closed="left")],
    "label_smoothing": [Interval(Real, 0, 1, closed="left")],
    "precision": [StrOptions({"auto", "float32", "float64"})],
    "n_restarts": [Interval(Integral, 1, None, closed="left")],
    "keep_restarts": ["boolean"],
    "class_weight": [dict, list, StrOptions({"balanced"}), None],
    "scoring": [StrOptions(set(get_scorer_names())), callable, None],
    "record_train_score": ["boolean", StrOptions({"auto"})],
    "record_examples": ["boolean"],
    "n_threads": [Interval(Integral, 1, None, closed="left"), None],
}


def solver_of(estimator: Any) -> Solver:
    """Return the solver that an estimator's parameters describe."""
    if estimator.solver == "lbfgs":
        return Lbfgs(max_fun=estimator.max_fun)
    given: dict[str, Any] = {
        "learning_rate_init": estimator.learning_rate_init,
        "schedule": schedule_of(estimator),
    }
    if estimator.weight_decay is not None:
        given["weight_decay"] = estimator.weight_decay
    is_sgd = estimator.solver == "sgd"
    own = ["momentum", "nesterovs_momentum"] if is_sgd else ["beta_1", "beta_2", "epsilon"]
    given |= {name: getattr(estimator, name) for name in own}
    return OPTIMIZERS[estimator.solver](**given)


def schedule_of(estimator: Any) -> Schedule:
    """Return the schedule that an estimator's parameters describe."""
    make = SCHEDULES[estimator.learning_rate]
    if make in PLANNED:
        return make() if estimator.warmup is None else make(warmup=estimator.warmup)
    if estimator.solver != "sgd":  # like scikit-learn's, the others keep their rate
        return SCHEDULES["constant"]()
    return make(power_t=estimator.power_t) if make is InvScaling else make()


def hidden_layers(sizes: int | Iterable[int]) -> tuple[int, ...]:
    """Return the hidden layers' sizes as a tuple; refuse a layer without units, or of 3.5."""
    layers = tuple(sizes) if isinstance(sizes, Iterable) else (sizes,)
    if not all(isinstance(size, Integral) for size in layers):
        raise TypeError(f"hidden_layer_sizes must be whole numbers, got {list(layers)}.")
    if any(size <= 0 for size in layers):
        raise ValueError(
            f"hidden_layer_sizes must be > 0, got {list(layers)}: "
            "give each hidden layer at least one unit, or leave the layer out."
        )
    return tuple(int(size) for size in layers)


# So few rows take no time in float64 either, and one rounding more or less shows in their results.
FEW_ROWS = 100


def arithmetic(precision: str, solver: str, n_rows: float) -> np.dtype[Any]:
    """Return the dtype to compute in.

    Parameters
    ----------
    precision : {"auto", "float32", "float64"}
        "auto" is float32 for the stochastic solvers, but for few rows.
    solver : str
        Name of the solver.
    n_rows : float
        Rows to train on or to predict.
    """
    if precision == "auto":
        is_fast = solver in STOCHASTIC_SOLVERS and n_rows > FEW_ROWS
        precision = "float32" if is_fast else "float64"
    return np.dtype(precision)
