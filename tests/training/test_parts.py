"""Parts beyond scikit-learn's: decay, schedules by step, clipping, dropout, smoothed labels.

Each does what its formula says, and does it alike in every engine, for any number of threads.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn.datasets import load_digits

from glassnet.model import ACTIVATIONS, Member, Network, Population, initial_parameters
from glassnet.training import (
    OPTIMIZERS,
    SCHEDULES,
    Adam,
    AdamW,
    Constant,
    Cosine,
    Engine,
    Fit,
    Lbfgs,
    OneCycle,
    Sgd,
    available_engines,
)
from glassnet.training.dropout import Dropout, dropout_seed
from glassnet.training.engines import ENGINES as MAKERS
from glassnet.training.reference import Propagation

ENGINES: list[Engine] = [MAKERS[name](None) for name in available_engines()]
F32, F64 = np.dtype(np.float32), np.dtype(np.float64)
DIGITS, LABELS = load_digits(return_X_y=True)
X, Y = DIGITS[:600] / 16, np.eye(10)[LABELS[:600]]
NETWORK = Network((64, 37, 20, 10), "tanh")

engines = pytest.mark.parametrize("engine", ENGINES, ids=lambda e: e.name)
needs_native = pytest.mark.skipif(
    "native" not in available_engines(), reason="the native engine was not built here"
)


def train(engine: Engine, solver: Any, network: Network = NETWORK, **more: Any) -> Fit:
    settings = {"max_iter": 3, "batch_size": 50, **more}
    dtype, y = settings.pop("dtype", F64), settings.pop("y", Y)
    member = Member(solver, np.random.RandomState(settings.pop("seed", 0)), **settings)
    (fit,) = engine.train(Population(network, (member,)), X, y, dtype=dtype).fits
    return fit


def start(network: Network = NETWORK) -> np.ndarray:
    return initial_parameters(network, np.random.RandomState(0), F64)


def agrees(native: Fit, reference: Fit) -> None:
    np.testing.assert_allclose(native.loss_curve, reference.loss_curve, rtol=1e-9)
    apart = np.abs(native.parameters - reference.parameters).max()
    assert apart <= 1e-9 * np.abs(reference.parameters).max()


PARTS: dict[str, dict[str, Any]] = {
    "adamw": {"solver": AdamW(0.01)},
    "adam with decay": {"solver": Adam(0.01, weight_decay=0.3)},
    "sgd with decay": {"solver": Sgd(0.1, weight_decay=0.3), "alpha": 0.5},
    "cosine": {"solver": Sgd(0.2, schedule=Cosine(0.25))},
    "one cycle": {"solver": AdamW(0.01, schedule=OneCycle(7))},
    "smoothing": {"solver": Sgd(0.1), "label_smoothing": 0.2},
    "dropout": {"solver": Adam(0.01), "dropout": 0.3},
    "clipping": {"solver": Sgd(0.5), "clip_norm": 0.1, "alpha": 0.1},
    "clipping adam": {"solver": Adam(0.01, epsilon=1e-3, weight_decay=0.1), "clip_norm": 0.1},
    "all": {
        "solver": AdamW(0.01, schedule=OneCycle()),
        "label_smoothing": 0.1,
        "dropout": 0.2,
        "clip_norm": 0.5,
        "row_weights": np.random.RandomState(0).uniform(0, 2, size=600),
    },
}
parts = pytest.mark.parametrize("part", PARTS.values(), ids=list(PARTS))


@needs_native
@parts
@pytest.mark.parametrize("batch_size", [50, 600])  # one chunk of rows, and several
def test_native_follows_the_reference(part: dict[str, Any], batch_size: int) -> None:
    native, reference = (train(e, **part, batch_size=batch_size, max_iter=6) for e in ENGINES)
    agrees(native, reference)
    plain = train(ENGINES[1], type(part["solver"])(), batch_size=batch_size, max_iter=6)
    assert not np.allclose(plain.parameters, reference.parameters, rtol=1e-6)


@needs_native
@pytest.mark.parametrize("activation", list(ACTIVATIONS))
@pytest.mark.parametrize("dropout", [0.0, 0.4])
def test_native_follows_the_reference_with_every_activation(
    activation: str, dropout: float
) -> None:
    network = Network((64, 21, 8, 10), activation)
    native, reference = (
        train(e, Sgd(0.05, schedule=Cosine()), network, dropout=dropout) for e in ENGINES
    )
    agrees(native, reference)


@needs_native
@pytest.mark.parametrize("output", ["logistic", "identity", "exp"])
def test_native_follows_the_reference_with_every_output(output: str) -> None:
    y = X[:, 2:6] * 3 if output != "logistic" else X[:, 2:6] > 0.5
    network = Network((64, 11, 4), "elu", output)
    settings = {"dropout": 0.1, "label_smoothing": 0.3, "clip_norm": 1.0, "y": y}
    native, reference = (train(e, AdamW(0.01), network, **settings) for e in ENGINES)
    agrees(native, reference)


@needs_native
@parts
@pytest.mark.parametrize("dtype", [F32, F64], ids=str)
def test_same_bits_for_any_number_of_threads(part: dict[str, Any], dtype: np.dtype[Any]) -> None:
    one, *others = (
        train(MAKERS["native"](n), **part, dtype=dtype, batch_size=300) for n in (1, 2, 5)
    )
    for many in others:
        assert np.array_equal(one.parameters, many.parameters)
        assert one.loss_curve == many.loss_curve


@engines
@parts
def test_float32_follows_within_rounding(engine: Engine, part: dict[str, Any]) -> None:
    single, double = (train(engine, **part, dtype=dtype) for dtype in (F32, F64))
    np.testing.assert_allclose(single.loss_curve, double.loss_curve, rtol=1e-4)


# Weight decay


@engines
@pytest.mark.parametrize("rows", [40, 500])
@pytest.mark.parametrize("solver", list(OPTIMIZERS))
def test_decay_shrinks_the_coefs_alone_whatever_the_batch(
    engine: Engine, solver: str, rows: int
) -> None:
    rate, decay, n_coef = 0.02, 0.7, NETWORK.n_coef
    settings = {"max_iter": 1, "batch_size": rows, "rows": np.arange(rows), "start": start()}
    make = OPTIMIZERS[solver]
    plain, decayed = (
        train(engine, make(rate, weight_decay=d), **settings).parameters for d in (0.0, decay)
    )
    np.testing.assert_allclose(
        decayed[:n_coef] - plain[:n_coef], -rate * decay * start()[:n_coef], atol=1e-14
    )
    assert np.array_equal(decayed[n_coef:], plain[n_coef:])


@engines
def test_adamw_takes_the_steps_of_its_paper(engine: Engine) -> None:
    settings = {"max_iter": 1, "batch_size": 600, "shuffle": False, "alpha": 0.0}
    rate, decay = 0.01, 0.2
    theta = start()
    passes = Propagation(NETWORK, theta, 0.0, 600)
    passes.loss_and_gradient(X, Y)
    g = passes.gradient
    m, v = 0.1 * g, 0.001 * g * g
    bias = np.sqrt(1 - 0.999) / (1 - 0.9)
    expected = theta - rate * bias * m / (np.sqrt(v) + 1e-8)
    expected[: NETWORK.n_coef] -= rate * decay * theta[: NETWORK.n_coef]
    fit = train(engine, AdamW(rate, weight_decay=decay), start=theta, **settings)
    np.testing.assert_allclose(fit.parameters, expected, rtol=1e-9, atol=1e-12)


def test_the_defaults_of_decay() -> None:
    assert {name: make().weight_decay for name, make in OPTIMIZERS.items()} == {
        "sgd": 0.0,
        "adam": 0.0,
        "adamw": 0.01,
    }


# Schedules


def test_cosine_rises_in_a_line_and_falls_to_nothing() -> None:
    rates = [Cosine(4).at_step(0.0, 2.0, t, 20) for t in range(20)]
    np.testing.assert_allclose(rates[:5], [0.5, 1.0, 1.5, 2.0, 2.0])
    assert rates[12] == pytest.approx(1.0)  # half-way down
    assert 0 < rates[-1] < 0.02
    assert rates[4:] == sorted(rates[4:], reverse=True)
    assert Cosine().at_step(0.0, 2.0, 0, 20) == 2.0


def test_one_cycle_goes_up_and_down_once() -> None:
    rates = [OneCycle().at_step(0.0, 2.0, t, 100) for t in range(100)]
    assert rates[0] == pytest.approx(2.0 / 25)
    assert rates[15] == pytest.approx((2.0 + 2.0 / 25) / 2)
    assert max(rates) == rates[30] == 2.0
    assert 2.0 / 25e4 < rates[-1] < 0.01
    assert rates[:31] == sorted(rates[:31])
    assert rates[30:] == sorted(rates[30:], reverse=True)


@pytest.mark.parametrize("name", list(SCHEDULES))
def test_schedules_without_a_plan_leave_the_rate_of_a_step(name: str) -> None:
    if name not in ("cosine", "one_cycle"):
        assert SCHEDULES[name]().at_step(0.3, 0.7, 4, 9) == 0.3


@engines
@pytest.mark.parametrize("schedule", [Cosine(0.5), OneCycle(), Constant()])
def test_the_last_rate_is_that_of_the_last_step(engine: Engine, schedule: Any) -> None:
    fit = train(engine, Adam(0.01, schedule=schedule), max_iter=4, rows=np.arange(170))
    state: Any = fit.optimizer_state
    assert state.learning_rate == pytest.approx(schedule.at_step(0.01, 0.01, 15, 16), rel=1e-12)


# Clipping


@engines
def test_a_clipped_step_is_as_long_as_said(engine: Engine) -> None:
    settings = {"max_iter": 1, "batch_size": 600, "shuffle": False, "start": start(), "alpha": 0.3}
    solver = Sgd(1.0, momentum=0.0)
    free = train(engine, solver, **settings).parameters - start()
    length = np.linalg.norm(free)
    for most in (length / 3, length * 2):
        clipped = train(engine, solver, clip_norm=most, **settings).parameters - start()
        assert np.linalg.norm(clipped) == pytest.approx(min(most, length), rel=1e-9)
        np.testing.assert_allclose(
            clipped * length / min(most, length), free, rtol=1e-6, atol=1e-12
        )


# Dropout


def test_dropout_is_by_chance_and_keeps_the_mean() -> None:
    dropout = Dropout(0.3, 12345)
    dropout.step_begins()
    factors = dropout.factors(0, (400, 300), F64)
    assert set(np.unique(factors)) == {0.0, 1 / 0.7}
    assert factors.mean() == pytest.approx(1, abs=0.005)
    left_out = factors == 0
    # Neither rows nor units nor neighbours have anything to do with each other.
    assert left_out.mean(axis=0) == pytest.approx(0.3, abs=0.11)
    assert left_out.mean(axis=1) == pytest.approx(0.3, abs=0.12)
    for shifted in (left_out[1:], left_out[:, 1:], dropout.factors(1, (400, 300), F64) == 0):
        same = left_out[: shifted.shape[0], : shifted.shape[1]]
        assert (same & shifted).mean() == pytest.approx(0.09, abs=0.005)
    dropout.step_begins()
    assert not np.array_equal(dropout.factors(0, (400, 300), F64), factors)
    assert np.array_equal(
        dropout.factors(0, (9, 8), F64), dropout.factors(0, (400, 300), F64)[:9, :8]
    )


def test_the_seed_of_dropout_comes_from_the_stream_and_moves_on() -> None:
    member = Member(Adam(), np.random.RandomState(3), dropout=0.5)
    first, second = dropout_seed(member), dropout_seed(member)
    assert first != second
    again = Member(Adam(), np.random.RandomState(3), dropout=0.5)
    assert dropout_seed(again) == first
    plain = Member(Adam(), np.random.RandomState(3))
    assert dropout_seed(plain) == 0
    assert plain.random_state.randint(9) == np.random.RandomState(3).randint(9)


@pytest.mark.parametrize("activation", list(ACTIVATIONS))
def test_the_gradient_is_that_of_the_units_that_stay(activation: str) -> None:
    random = np.random.RandomState(0)
    network = Network((5, 6, 4, 3), activation)
    theta = initial_parameters(network, random, F64)
    rows, y = random.normal(size=(7, 5)), np.eye(3)[random.randint(3, size=7)]

    def passes() -> Propagation:  # whose first step always leaves out the same units
        return Propagation(network, theta, 0.1, 7, dropout=Dropout(0.4, 8))

    own = passes()
    own.loss_and_gradient(rows, y)
    numeric, h = np.empty_like(theta), 1e-6
    for i, value in enumerate(theta.copy()):
        theta[i] = value + h
        above = passes().loss_and_gradient(rows, y)
        theta[i] = value - h
        below = passes().loss_and_gradient(rows, y)
        theta[i] = value
        numeric[i] = (above - below) / (2 * h)
    np.testing.assert_allclose(own.gradient, numeric, rtol=2e-5, atol=1e-8)


@engines
def test_dropout_is_not_in_predicting_and_not_in_scores(engine: Engine) -> None:
    rows, kept = np.arange(500), np.arange(500, 600)
    fit = train(
        engine, Adam(0.01), dropout=0.5, rows=rows, validation_rows=kept, max_iter=12,
        n_iter_no_change=50,
    )  # fmt: skip
    outputs = engine.predict(
        NETWORK, NETWORK.coefs(fit.parameters), NETWORK.intercepts(fit.parameters), X[kept],
        dtype=F64,
    )  # fmt: skip
    assert (outputs.argmax(axis=1) == LABELS[kept]).mean() == max(fit.validation_scores) > 0.8


# Smoothed labels


@engines
@pytest.mark.parametrize("output", ["softmax", "logistic"])
def test_smoothed_labels_are_other_targets(engine: Engine, output: str) -> None:
    """One epoch's loss, of one batch, is that of the formula; for lbfgs the one at its start."""
    network = Network((64, 7, 10), "relu", output)
    theta, s = start(network), 0.3
    a = engine.predict(network, network.coefs(theta), network.intercepts(theta), X, dtype=F64)
    if output == "softmax":
        loss = -((0.7 * Y + s / 10) * np.log(a)).sum(axis=1).mean()
    else:
        t = 0.7 * Y + s / 2
        loss = -(t * np.log(a) + (1 - t) * np.log(1 - a)).sum(axis=1).mean()
    fit = train(
        engine, Sgd(0.1), network, start=theta, label_smoothing=s, batch_size=600, max_iter=1,
        alpha=0.0,
    )  # fmt: skip
    assert fit.loss == pytest.approx(loss, rel=1e-12)


@engines
@pytest.mark.parametrize("output", ["softmax", "logistic"])
def test_lbfgs_learns_smoothed_labels(engine: Engine, output: str) -> None:
    """The mean prediction of an intercept is the mean target."""
    network = Network((64, 10), "relu", output)
    fit = train(engine, Lbfgs(), network, label_smoothing=0.4, max_iter=400, tol=1e-8, alpha=1.0)
    a = engine.predict(
        network, network.coefs(fit.parameters), network.intercepts(fit.parameters), X, dtype=F64
    )
    targets = 0.6 * Y + (0.04 if output == "softmax" else 0.2)
    np.testing.assert_allclose(a.mean(axis=0), targets.mean(axis=0), atol=1e-3)
    assert a.max() < 0.95
