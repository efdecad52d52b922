"""A trial as plain arrays, and back: what it takes to go on another day."""

from __future__ import annotations

__all__ = ["frozen", "thawed"]

import copy
from dataclasses import fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.model import Progress
from glassnet.search.trial import Trial

Arrays = dict[str, NDArray[Any]]

_NUMBERS = ("score", "train_score", "fit_seconds", "score_seconds", "is_over")


def frozen(trial: Trial) -> Arrays:
    """Return all that training has changed in a trial, in arrays without objects."""
    member, net = trial.member, trial.net
    stream = member.random_state.get_state(legacy=False)["state"]
    found = {
        "theta": trial.network.pack(net.coefs_, net.intercepts_, net.coefs_[0].dtype),
        "loss_curve": np.asarray(net.loss_curve_),
        "rows": np.asarray(member.rows),
        "key": stream["key"],
        "pos": np.asarray(stream["pos"]),
        **{name: np.asarray(getattr(trial, name)) for name in _NUMBERS},
    }
    if not trial.is_over:
        found["start"] = np.asarray(member.start)
        found |= {f"progress.{name}": value for name, value in _plain(member.progress).items()}
        state: Any = member.optimizer_state
        found |= {
            f"optimizer.{name}": np.asarray(value)
            for name, value in vars(state).items()
            if not name.startswith("_")
        }
    return found


def _plain(progress: Progress) -> Arrays:
    values = {each.name: getattr(progress, each.name) for each in fields(progress)}
    return {name: np.asarray(value) for name, value in values.items() if value is not None}


def thawed(trial: Trial, found: Arrays) -> Trial:
    """Return a trial that has not begun as it was when `frozen` looked at it.

    Raises
    ------
    KeyError, ValueError
        If the arrays are of another trial.
    """
    network = trial.network
    theta = _like(found["theta"], (network.n_parameters,))
    net = copy.copy(trial.net)
    net.coefs_, net.intercepts_ = network.coefs(theta), network.intercepts(theta)
    net.loss_curve_ = [float(loss) for loss in found["loss_curve"]]
    net.n_iter_ = len(net.loss_curve_)
    own = trial.member.rows
    assert own is not None
    random_state = copy.deepcopy(trial.member.random_state)
    stream: Any = {"key": _like(found["key"], (624,)), "pos": int(found["pos"])}
    random_state.set_state({"bit_generator": "MT19937", "state": stream})
    member = replace(
        trial.member,
        rows=_like(found["rows"], own.shape).astype(np.intp),
        random_state=random_state,
    )
    is_over = bool(found["is_over"])
    if not is_over:
        member = replace(
            member,
            start=_like(found["start"], theta.shape),
            progress=_progress(found),
            optimizer_state=_optimizer_state(member.solver, theta, found),
        )
    numbers: dict[str, Any] = {name: float(found[name]) for name in _NUMBERS if name != "is_over"}
    return replace(trial, net=net, member=member, is_over=is_over, **numbers)


def _progress(found: Arrays) -> Progress:
    kinds: dict[str, Any] = {"epochs_without_improvement": int, "rows_seen": int}
    values = {
        name.removeprefix("progress."): value
        for name, value in found.items()
        if name.startswith("progress.")
    }
    best = values.pop("best_parameters", None)
    return Progress(
        best_parameters=best,
        **{name: kinds.get(name, float)(value) for name, value in values.items()},
    )


def _optimizer_state(solver: Any, theta: NDArray[Any], found: Arrays) -> Any:
    state = solver.begin(theta)
    public = {name: value for name, value in vars(state).items() if not name.startswith("_")}
    for name, value in public.items():
        known = found[f"optimizer.{name}"]
        is_array = isinstance(value, np.ndarray)
        setattr(state, name, _like(known, value.shape) if is_array else type(value)(known))
    return state


def _like(values: NDArray[Any], shape: tuple[int, ...]) -> NDArray[Any]:
    """Return a copy of values that have to have a shape."""
    if values.shape != shape:
        raise ValueError(f"An array of shape {values.shape} is no {shape}.")
    return np.array(values)
