"""Newton's method: derivatives, independence of members, weights, rows, sparse rows, limits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pytest
import scipy.optimize
import scipy.sparse
from numpy.typing import NDArray
from sklearn.datasets import load_breast_cancer, load_digits

from glassnet.model import Member, Network, Population
from glassnet.training import ReferenceEngine, available_engines, newton
from glassnet.training.conjugate_gradient import conjugate_gradient
from glassnet.training.design import Design
from glassnet.training.linear_loss import LINEAR_LOSSES
from glassnet.training.newton import Newton, train_newton
from glassnet.training.newton_step import newton_step
from glassnet.training.newton_tasks import HessianProduct, Look, Problem, System
from glassnet.training.preconditioner import (
    CholeskyPreconditioner,
    ConstantFactors,
    DiagonalPreconditioner,
    Preconditioner,
    Preparation,
    sample,
)
from glassnet.training.products import BlockProducts
from glassnet.training.result import Fit, Stop
from glassnet.training.workers import Workers

DIGITS, LABELS = load_digits(return_X_y=True)
X, Y = DIGITS[:400] / 16, np.eye(10)[LABELS[:400]]
OVR = Network((64, 1), output="logistic")
SOFTMAX = Network((64, 10), output="softmax")
outputs = pytest.mark.parametrize("output", ["logistic", "softmax"])
intercepts = pytest.mark.parametrize("intercept", [True, False])


def blocks(n_threads: int) -> Callable[..., Any]:
    return BlockProducts


def native(n_threads: int) -> Callable[..., Any]:
    from glassnet.training.native.linear_products import NativeProducts

    return partial(NativeProducts, n_threads=n_threads)


# Who multiplies with X; every test below is run for each.
MAKERS = {"reference": blocks} | ({"native": native} if "native" in available_engines() else {})
making = list(MAKERS.values())[:1]


@pytest.fixture(autouse=True, params=MAKERS)
def _engine(request: pytest.FixtureRequest) -> None:
    making[:] = [MAKERS[request.param]]


def member(**more: Any) -> Member:
    settings = {"solver": Newton(), "random_state": np.random.RandomState(0), "alpha": 1.0}
    return Member(**{**settings, "max_iter": 100, **more})


def train(network: Network, *members: Member, data: Any = X, y: Any = Y, **more: Any) -> Any:
    n_threads = more.setdefault("n_threads", 2)
    more["make_products"] = making[0](n_threads)
    return train_newton(Population(network, members), data, y, **more).fits


def same_bits(one: Fit, other: Fit) -> bool:
    return np.array_equal(one.parameters, other.parameters) and one.loss_curve == other.loss_curve


def small_problem(output: str, intercept: bool) -> tuple[Problem, NDArray[Any]]:
    random = np.random.RandomState(0)
    rows, q = random.normal(size=(30, 4)), 1 if output == "logistic" else 3
    y = np.eye(3)[random.randint(0, 3, 30)][:, :q]
    design = Design(rows, intercept, make_products=making[0](2))
    penalty = np.full((4 + intercept, 1), 0.7)
    loss = LINEAR_LOSSES[output]
    problem = Problem(design, design, loss, y, random.uniform(0, 2, 30), penalty, None)
    return problem, random.normal(size=(4 + intercept, q))


def look(problem: Problem, theta: NDArray[Any]) -> Look:
    seen = Look(problem, theta)
    with Workers(several=False) as workers:
        problem.exact.products.serve([seen], workers)
    return seen


@outputs
@intercepts
def test_the_objective_is_as_written(output: str, intercept: bool) -> None:
    problem, theta = small_problem(output, intercept)
    Z = problem.exact._X @ theta[:4] + (theta[4] if intercept else 0)
    if output == "logistic":
        losses = np.logaddexp(0, Z)[:, 0] - problem.Y[:, 0] * Z[:, 0]
    else:
        losses = np.log(np.exp(Z).sum(axis=1)) - (problem.Y * Z).sum(axis=1)
    expected = problem.s @ losses + 0.35 * (theta**2).sum()
    assert look(problem, theta).objective == pytest.approx(expected, rel=1e-12)


@outputs
@intercepts
def test_gradient_agrees_with_finite_differences(output: str, intercept: bool) -> None:
    problem, theta = small_problem(output, intercept)
    numeric = scipy.optimize.approx_fprime(
        theta.ravel(), lambda t: look(problem, t.reshape(theta.shape)).objective, 1e-6
    )
    np.testing.assert_allclose(look(problem, theta).gradient.ravel(), numeric, atol=2e-4)


@outputs
@intercepts
def test_hessian_product_agrees_with_finite_differences(output: str, intercept: bool) -> None:
    problem, theta = small_problem(output, intercept)
    V = np.random.RandomState(1).normal(size=theta.shape)
    here = look(problem, theta)
    curvature = problem.loss.curvature(here.P, problem.s, np.dtype(np.float64))
    task = HessianProduct(problem.exact, curvature, problem.penalty, V)
    with Workers(several=False) as workers:
        problem.exact.products.serve([task], workers)
    step = 1e-6
    ahead, behind = look(problem, theta + step * V), look(problem, theta - step * V)
    numeric = (ahead.gradient - behind.gradient) / (2 * step)
    np.testing.assert_allclose(task.product, numeric, rtol=1e-6, atol=1e-7)


@outputs
@intercepts
@pytest.mark.parametrize("to_container", [np.asarray, scipy.sparse.csr_array])
def test_the_exact_step_solves_the_newton_equation(
    output: str, intercept: bool, to_container: Any
) -> None:
    """H times the step, by HessianProduct, is minus the gradient."""
    problem, theta = small_problem(output, intercept)
    design = Design(to_container(problem.exact._X), intercept, make_products=making[0](2))
    problem = problem._replace(exact=design)
    here = look(problem, problem.loss.centred(theta))
    step = newton_step(here)
    curvature = problem.loss.curvature(here.P, problem.s, np.dtype(np.float64))
    task = HessianProduct(design, curvature, problem.penalty, step)
    with Workers(several=False) as workers:
        design.products.serve([task], workers)
    np.testing.assert_allclose(task.product, -here.gradient, atol=1e-10)
    assert np.abs(step).max() > 0.1


@outputs
def test_the_exact_step_is_the_shortest_where_the_hessian_is_singular(output: str) -> None:
    problem, theta = small_problem(output, intercept=False)
    twice = Design(np.hstack([problem.exact._X, problem.exact._X]), intercept=False)
    free = problem._replace(exact=twice, penalty=np.zeros((8, 1)))
    here = look(free, np.vstack([theta, theta]))
    step = newton_step(here)
    np.testing.assert_allclose(step[:4], step[4:], atol=1e-9)
    assert np.isfinite(step).all()


@pytest.mark.parametrize("alpha", [1.0, 1e-4])
@pytest.mark.parametrize(
    "network", [Network((10, 1), output="logistic"), Network((10, 4), output="softmax")]
)
def test_both_ways_to_step_lead_to_the_same_optimum(
    monkeypatch: pytest.MonkeyPatch, network: Network, alpha: float
) -> None:
    data, y = X[:, 20:30], np.eye(4)[LABELS[:400] % 4][:, : network.layer_sizes[1]]
    (direct,) = train(network, member(alpha=alpha, tol=1e-10), data=data, y=y)
    monkeypatch.setattr("glassnet.training.newton_step._MOST_PARAMETERS", 0)
    (iterative,) = train(network, member(alpha=alpha, tol=1e-10), data=data, y=y)
    assert direct.stop is iterative.stop is Stop.CONVERGED
    np.testing.assert_allclose(direct.parameters, iterative.parameters, rtol=1e-7, atol=1e-9)
    assert not np.array_equal(direct.parameters, iterative.parameters)


def test_a_members_result_does_not_depend_on_its_neighbours() -> None:
    one = member(target=3)
    (alone,) = train(OVR, one)
    among = train(
        OVR,
        member(target=0, alpha=1e-3),
        one,
        member(target=3, solver=Newton(fit_intercept=False)),
        member(target=5, max_iter=2),
        member(target=7, rows=np.arange(300)),
    )
    assert same_bits(alone, among[1])


@pytest.mark.parametrize("network", [OVR, SOFTMAX], ids=["ovr", "softmax"])
def test_a_members_result_does_not_depend_on_the_number_of_threads(
    monkeypatch: pytest.MonkeyPatch, network: Network
) -> None:
    monkeypatch.setattr("glassnet.training.products._BLOCK_BYTES", 2**13)  # many blocks
    monkeypatch.setattr(newton, "_WORTH_THREADS", 0)
    members = [member(target=c) for c in range(3)] if network is OVR else [member()]
    results = [train(network, *members, n_threads=n_threads) for n_threads in (1, 2, 5)]
    for other in results[1:]:
        assert all(same_bits(a, b) for a, b in zip(results[0], other, strict=True))


def test_the_engine_trains_it() -> None:
    fits = ReferenceEngine().train(
        Population(OVR, (member(target=2),)), X, Y, dtype=np.dtype(np.float32)
    )
    making[:] = [blocks]
    assert same_bits(fits.fits[0], train(OVR, member(target=2))[0])


@pytest.mark.parametrize("network", [OVR, SOFTMAX], ids=["ovr", "softmax"])
def test_rows_and_weights(network: Network) -> None:
    target = 4 if network is OVR else None
    tight = member(target=target, tol=1e-12)
    times = np.random.RandomState(0).randint(0, 3, len(X))
    chosen = np.flatnonzero(np.arange(len(X)) % 3)
    weighted, some = train(
        network,
        replace(tight, row_weights=times.astype(float)),
        replace(tight, rows=chosen),
    )
    (repeated,) = train(network, tight, data=np.repeat(X, times, 0), y=np.repeat(Y, times, 0))
    (cut,) = train(network, tight, data=X[chosen], y=Y[chosen])
    np.testing.assert_allclose(weighted.parameters, repeated.parameters, atol=1e-9)
    assert weighted.loss == pytest.approx(repeated.loss, rel=1e-12)
    np.testing.assert_allclose(some.parameters, cut.parameters, atol=1e-9)


@pytest.mark.parametrize("network", [OVR, SOFTMAX], ids=["ovr", "softmax"])
@pytest.mark.parametrize("fit_intercept", [True, False])
def test_sparse_rows_give_the_same(network: Network, fit_intercept: bool) -> None:
    target = 4 if network is OVR else None
    one = member(target=target, tol=1e-12, solver=Newton(fit_intercept=fit_intercept))
    (dense,), (sparse,) = (
        train(network, one, data=data) for data in (X, scipy.sparse.csr_array(X))
    )
    np.testing.assert_allclose(dense.parameters, sparse.parameters, atol=1e-9)
    assert bool(dense.parameters[-1]) is fit_intercept


def test_penalised_intercept_is_a_constant_column() -> None:
    (fit,) = train(OVR, member(target=1, tol=1e-12, solver=Newton(intercept_penalty=0.25)))
    with_column = np.column_stack([X, np.full(len(X), 2.0)])
    (other,) = train(
        Network((65, 1), output="logistic"),
        member(target=1, tol=1e-12, solver=Newton(fit_intercept=False)),
        data=with_column,
    )
    np.testing.assert_allclose(fit.parameters[:64], other.parameters[:64], atol=1e-9)
    assert fit.parameters[64] == pytest.approx(2 * other.parameters[64], abs=1e-9)


def test_softmax_parameters_sum_to_zero_over_the_classes() -> None:
    (fit,) = train(SOFTMAX, member(start=np.ones(SOFTMAX.n_parameters)))
    assert np.abs(SOFTMAX.coefs(fit.parameters)[0].sum(axis=1)).max() < 1e-12
    assert abs(SOFTMAX.intercepts(fit.parameters)[0].sum()) < 1e-12
    (fresh,) = train(SOFTMAX, member())
    np.testing.assert_allclose(fit.parameters, fresh.parameters, atol=1e-6)


def test_float32_directions_give_way_to_float64(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two columns that agree to 1e-7 cannot be told apart in float32."""
    monkeypatch.setattr("glassnet.training.newton_step._MOST_PARAMETERS", 0)
    random = np.random.RandomState(0)
    base, between = random.normal(size=(300, 3)), random.normal(size=(300, 1))
    y = (between + random.normal(size=(300, 1)) > 0).astype(float)
    network, free = Network((4, 1), output="logistic"), member(alpha=0.0, tol=1e-6)
    twins = np.column_stack([base, base[:, :1] + 1e-7 * between])
    (easy,) = train(network, free, data=np.column_stack([base, between]), y=y)
    (hard,) = train(network, free, data=twins, y=y)
    assert hard.stop is Stop.CONVERGED
    assert hard.loss == pytest.approx(easy.loss, rel=1e-9)
    assert hard.parameters[3] == pytest.approx(1e7 * easy.parameters[3], rel=1e-6)


@pytest.mark.parametrize("network", [OVR, SOFTMAX], ids=["ovr", "softmax"])
def test_rough_gradients_lead_to_the_same_optimum(
    monkeypatch: pytest.MonkeyPatch, network: Network
) -> None:
    one = member(target=4 if network is OVR else None, tol=1e-8)
    (exact,) = train(network, one)
    monkeypatch.setattr("glassnet.training.newton_member._WORTH_ROUGH", 0)
    (rough,) = train(network, one)
    assert rough.stop is Stop.CONVERGED
    assert rough.loss_curve[0] != exact.loss_curve[0]
    np.testing.assert_allclose(rough.parameters, exact.parameters, atol=1e-9)


@pytest.mark.parametrize("limits", [{"max_iter": 2}, {"tol": 0.3}], ids=["max_iter", "tol"])
def test_who_ends_on_a_rough_gradient_is_told_by_float64(
    monkeypatch: pytest.MonkeyPatch, limits: dict[str, float]
) -> None:
    monkeypatch.setattr("glassnet.training.newton_member._WORTH_ROUGH", 0)
    (fit,) = train(OVR, member(target=1, **limits))
    assert fit.stop is (Stop.MAX_ITER if "max_iter" in limits else Stop.CONVERGED)
    assert fit.n_iter > 0
    z = X @ fit.parameters[:64] + fit.parameters[64]
    expected = np.mean(np.logaddexp(0, z) - Y[:, 1] * z)
    expected += 0.5 * np.sum(fit.parameters[:64] ** 2) / len(X)
    assert fit.loss == pytest.approx(expected, rel=1e-12)


def test_unscaled_columns_with_and_without_the_factorisation(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data, labels = load_breast_cancer(return_X_y=True)
    network, y = Network((30, 1), output="logistic"), labels[:, None].astype(float)
    monkeypatch.setattr("glassnet.training.newton_step._MOST_PARAMETERS", 0)
    (fit,) = train(network, member(tol=1e-10), data=data, y=y)
    monkeypatch.setattr("glassnet.training.preconditioner.LARGEST_CHOLESKY", 5)
    monkeypatch.setattr("glassnet.training.newton.LARGEST_CHOLESKY", 5)
    (other,) = train(network, member(tol=1e-10), data=data, y=y)
    np.testing.assert_allclose(fit.parameters, other.parameters, rtol=1e-6)
    assert not np.array_equal(fit.parameters, other.parameters)


def test_the_loss_is_that_of_the_objective_and_its_curve_falls() -> None:
    (fit,) = train(OVR, member(target=1, alpha=2.0))
    z = X @ fit.parameters[:64] + fit.parameters[64]
    expected = np.mean(np.logaddexp(0, z) - Y[:, 1] * z)
    expected += np.sum(fit.parameters[:64] ** 2) / len(X)
    assert fit.loss == pytest.approx(expected, rel=1e-12)
    assert fit.loss_curve == sorted(fit.loss_curve, reverse=True)
    assert fit.n_iter == len(fit.loss_curve) > 3


def test_why_it_stops() -> None:
    (converged,) = train(OVR, member(target=1))
    assert converged.stop is Stop.CONVERGED
    assert "gradient is small enough" in converged.message
    (early,) = train(OVR, member(target=1, max_iter=2))
    assert early.stop is Stop.MAX_ITER
    assert early.n_iter == 2
    assert early.message.startswith("max_iter = 2 iterations are over, at a gradient norm of")
    (limit,) = train(OVR, member(target=1, tol=0.0))
    assert limit.stop is Stop.CONVERGED
    (none,) = train(OVR, member(target=1, max_iter=0))
    assert (none.n_iter, none.stop) == (0, Stop.MAX_ITER)
    with np.errstate(all="ignore"):
        (huge,) = train(OVR, member(target=1), data=1e307 * X)
    assert huge.stop is Stop.DIVERGED


def test_a_start_at_the_optimum_ends_there() -> None:
    (fit,) = train(OVR, member(target=1))
    (again,) = train(OVR, member(target=1, start=fit.parameters))
    assert again.n_iter == 0
    np.testing.assert_array_equal(again.parameters, fit.parameters)


class Listener:
    def __init__(self, patience: int) -> None:
        self.patience = patience
        self.heard: list[tuple[int, int, float]] = []
        self.said: list[tuple[int, str]] = []

    def epoch_ends(self, member: int, epoch: int, loss: float, score: float | None) -> None:
        self.heard.append((member, epoch, loss))
        if len(self.heard) == self.patience:
            raise KeyboardInterrupt

    def says(self, member: int, message: str) -> None:
        self.said.append((member, message))


def test_the_monitor_hears_of_every_iteration() -> None:
    listener = Listener(patience=10**6)
    fits = train(OVR, member(target=1), member(target=2), monitor=listener)
    for index, fit in enumerate(fits):
        heard = [(epoch, loss) for who, epoch, loss in listener.heard if who == index]
        assert heard == list(enumerate(fit.loss_curve, start=1))
        assert (index, fit.message) in listener.said


def test_an_interrupted_member_is_returned_as_it_stands() -> None:
    whole = train(OVR, member(target=1), member(target=2))
    listener = Listener(patience=5)
    fits = train(OVR, member(target=1), member(target=2), monitor=listener)
    for fit, full in zip(fits, whole, strict=True):
        assert fit.stop is Stop.INTERRUPTED
        assert fit.message == "interrupted"
        assert fit.loss_curve == full.loss_curve[: fit.n_iter]
        assert fit.loss == fit.loss_curve[-1]


def solve(H: NDArray[Any], rhs: NDArray[Any], precondition: Any, limit: int = 100) -> Any:
    system = conjugate_gradient(precondition, rhs, 1e-12, limit)
    V = next(system)
    while True:
        try:
            V = system.send(H @ V)
        except StopIteration as end:
            return end.value


def test_conjugate_gradients() -> None:
    random = np.random.RandomState(0)
    A = random.normal(size=(20, 20))
    H, rhs = A @ A.T + np.eye(20), random.normal(size=(20, 2))
    x, iterations = solve(H, rhs, lambda V: V)
    np.testing.assert_allclose(H @ x, rhs, atol=1e-9)
    inverse = np.linalg.inv(H)
    x, preconditioned = solve(H, rhs, lambda V: inverse @ V)
    np.testing.assert_allclose(H @ x, rhs, atol=1e-9)
    assert preconditioned <= 2 < iterations
    assert solve(H, rhs, lambda V: V, limit=3)[1] == 3


def test_conjugate_gradients_end_where_there_is_no_curvature() -> None:
    x, iterations = solve(np.zeros((2, 2)), np.ones((2, 1)), lambda V: 3 * V)
    assert (x.ravel().tolist(), iterations) == ([3.0, 3.0], 1)


def systems(output: str, dtype: type, tolerances: list[float]) -> list[System]:
    """Return systems of one design, of different curvatures, penalties and preconditioners."""
    random = np.random.RandomState(0)
    n, d, q = 300, 9, 1 if output == "logistic" else 3
    design = Design(random.normal(size=(n, d)).astype(dtype), True, make_products=making[0](2))
    made = []
    for i, tolerance in enumerate(tolerances):
        loss, s = LINEAR_LOSSES[output], random.uniform(0, 2, n)
        P = loss.evaluate(random.normal(size=(n, q)), np.zeros((n, q)), s)[0]
        penalty = np.full((d + 1, 1), 0.5 + i, dtype)
        diagonal = loss.diagonal(P, s).astype(dtype)
        preconditioner = (
            DiagonalPreconditioner(design, diagonal, penalty)
            if i % 2
            else prepared(design, diagonal[:100], penalty)
        )
        curvature = loss.curvature(P, s, np.dtype(dtype))
        rhs = random.normal(size=(d + 1, q)).astype(dtype)
        made.append(System(design, curvature, penalty, preconditioner, rhs, tolerance, 40))
    return made


def solve_systems(asked: list[System]) -> None:
    with Workers(several=False) as workers:
        asked[0].design.products.solve(asked, workers)


@outputs
@pytest.mark.parametrize(("dtype", "accuracy"), [(np.float64, 1e-9), (np.float32, 1e-4)])
def test_systems_are_solved(output: str, dtype: type, accuracy: float) -> None:
    asked = systems(output, dtype, [accuracy / 10] * 3)
    solve_systems(asked)
    for system in asked:
        task = HessianProduct(system.design, system.curvature, system.penalty, system.solution)
        with Workers(several=False) as workers:
            system.design.products.serve([task], workers)
        np.testing.assert_allclose(task.product, system.rhs, atol=accuracy)
        assert 1 < system.iterations < 40


@outputs
def test_a_systems_solution_does_not_depend_on_its_neighbours(output: str) -> None:
    tolerances = [1e-1, 1e-6, 1e-3]
    together, apart = (
        systems(output, np.float32, tolerances),
        systems(output, np.float32, tolerances),
    )
    solve_systems(together)
    for one, other in zip(together, apart, strict=True):
        solve_systems([other])
        assert one.iterations == other.iterations
        np.testing.assert_array_equal(one.solution, other.solution)
    assert len({system.iterations for system in together}) == 3


@outputs
def test_a_system_without_curvature_gets_a_descent_direction(output: str) -> None:
    asked = systems(output, np.float64, [1e-6])
    asked[0].curvature = asked[0].curvature._replace(values=asked[0].curvature.values * 0)
    asked[0].penalty = np.zeros_like(asked[0].penalty)
    solve_systems(asked)
    expected = asked[0].preconditioner(asked[0].rhs)
    np.testing.assert_allclose(asked[0].solution, expected, rtol=1e-10)
    assert asked[0].iterations == 1


def prepared(design: Design, diagonal: Any, penalty: Any) -> Preconditioner:
    preparation = Preparation(design, diagonal, penalty, all_rows=True)
    for job in preparation.jobs:
        preparation.do(job)
    preparation.finish()
    return preparation.made


def test_preconditioners_are_what_they_say() -> None:
    random = np.random.RandomState(0)
    rows = random.normal(size=(50, 3))
    design, penalty = Design(rows, True), np.array([[1.0], [1.0], [1.0], [0.0]])
    diagonal = random.uniform(0.1, 1, size=(50, 2))
    R = random.normal(size=(4, 2))
    extended = np.column_stack([rows, np.ones(50)])
    exact = prepared(design, diagonal, penalty)
    assert isinstance(exact, CholeskyPreconditioner)
    for c in range(2):
        H = (extended * diagonal[:, [c]]).T @ extended + np.diag(penalty[:, 0])
        np.testing.assert_allclose(exact(R)[:, c], np.linalg.solve(H, R[:, c]), rtol=1e-9)
    rough = DiagonalPreconditioner(design, np.ones((50, 2)), penalty)(R)
    main = (extended**2).sum(axis=0) + penalty[:, 0]
    np.testing.assert_allclose(rough, R / main[:, None], rtol=1e-12)
    nothing = Design(np.full((5, 2), np.nan), False)
    not_finite = prepared(nothing, np.ones((5, 1)), np.ones((2, 1)))
    assert isinstance(not_finite, DiagonalPreconditioner)


def test_samples_of_rows_weigh_as_much_as_all() -> None:
    random = np.random.RandomState(0)
    few = np.array([0.0, 2.0, 0.0, 1.0])
    rows, weights = sample(few, 3)
    assert (rows.tolist(), weights.tolist()) == ([1, 3], [2.0, 1.0])
    many = random.exponential(size=20_000) ** 4
    rows, weights = sample(many, 400)
    assert len(rows) <= 1024
    assert (np.diff(rows) > 0).all()
    assert weights.sum() == pytest.approx(many.sum(), rel=0.05)
    heaviest = np.argmax(many)
    assert weights[rows == heaviest].tolist() == [many[heaviest]]


def test_a_gram_matrix_of_a_sample_is_near_that_of_all_rows() -> None:
    random = np.random.RandomState(0)
    design = Design(random.normal(size=(20_000, 5)), True)
    s = random.uniform(size=20_000)
    exact, near = design.gram(np.arange(20_000), s), design.gram(*sample(s, 6))
    np.testing.assert_allclose(np.triu(near), np.triu(exact), atol=0.1 * s.sum())
    whole = np.column_stack([design._X, np.ones(20_000)])
    np.testing.assert_allclose(np.triu(exact), np.triu((whole.T * s) @ whole), atol=1e-9)


def test_constant_models_share_factors_of_like_curvature() -> None:
    design = Design(np.random.RandomState(0).normal(size=(50, 3)), False)
    shared, penalty = ConstantFactors(design, np.ones(50)), np.ones((3, 1))
    made = shared.preconditioner(np.array([0.25, 0.24, 0.1]), penalty)
    assert isinstance(made, CholeskyPreconditioner)
    assert made._factors[0] is made._factors[1]
    H = 0.125 * design._X.T @ design._X + np.eye(3)
    np.testing.assert_allclose(made(np.eye(3))[:, 2], np.linalg.inv(H)[:, 2], rtol=1e-9)


@outputs
@intercepts
def test_rough_looks_see_the_same_in_float32(output: str, intercept: bool) -> None:
    problem, theta = small_problem(output, intercept)
    problem = problem._replace(quick=problem.exact.scaled())
    fine, rough = look(problem, theta), Look(problem, theta, rough=True)
    with Workers(several=False) as workers:
        problem.quick.products.serve([rough], workers)
    np.testing.assert_allclose(rough.gradient, fine.gradient, atol=1e-4)
    assert not np.array_equal(rough.gradient, fine.gradient)
    assert rough.objective == pytest.approx(fine.objective, rel=1e-6)


@pytest.mark.parametrize("to", [np.asarray, scipy.sparse.csr_array], ids=["dense", "sparse"])
def test_scaled_designs(to: Any) -> None:
    rows = np.array([[3.0, 0.0, 1e-3], [4.0, 0.0, -1e-3]])
    design = Design(to(rows), True)
    scaled = design.scaled()
    assert scaled.dtype == np.float32
    np.testing.assert_allclose(scaled.scale.ravel(), [np.sqrt(12.5), 1, 1e-3, 1])
    gram = scaled.gram(np.arange(2), np.ones(2, np.float32))
    np.testing.assert_allclose(np.diag(gram), [2, 0, 2, 2], rtol=1e-6)
    np.testing.assert_allclose(scaled.mean_square.ravel(), [1, 0, 1, 1])


def test_workers_do_every_job_once_and_pass_errors_on() -> None:
    done: list[int] = []
    with Workers() as workers:
        workers.run(done.append, range(100))
        with pytest.raises(ZeroDivisionError):
            workers.run(lambda item: 1 / item, [1, 0, 2])
    assert sorted(done) == list(range(100))
