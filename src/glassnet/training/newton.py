"""Training of populations without hidden layer to their exact optimum: logistic regression."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from glassnet.model import Member, Population
from glassnet.training.design import Design
from glassnet.training.engine import IterateMonitor, Monitor
from glassnet.training.linear_loss import LINEAR_LOSSES
from glassnet.training.newton_member import NewtonMember, Request
from glassnet.training.newton_tasks import Look, Problem, System
from glassnet.training.preconditioner import LARGEST_CHOLESKY, ConstantFactors, Preparation
from glassnet.training.products import BlockProducts, MakeProducts
from glassnet.training.result import Fit, Result, Stop
from glassnet.training.workers import Workers

# What is served first.
_TURNS: tuple[type[Request], ...] = (Preparation, System, Look)
_WORTH_THREADS = 2**17  # elements of X; with fewer, handing over costs more than it saves


@dataclass(frozen=True)
class Newton:
    """Settings of Newton's method for a net without hidden layer.

    The objective of a member, up to the factor 1 / sum_i s_i, is

        sum_i s_i loss_i + alpha / 2 (|coefs|² + intercept_penalty |intercepts|²)

    which is scikit-learn's and liblinear's for alpha = 1 / C.

    A member stops when its gradient's norm is at most ``tol² r``, where r is the norm at the
    best constant model (coefs 0, intercepts from the classes' shares), or as small as float64
    allows. Newton's method squares its error in each of the last iterations, so that ``tol`` is
    where the last one starts; the rest costs next to nothing. At the default 1e-4 the gradient
    ends far below liblinear's at its own default.

    Attributes
    ----------
    fit_intercept : bool, default=True
        Whether there are intercepts; without, they stay 0.
    intercept_penalty : float, default=0.0
        How strongly the intercepts are penalised, relative to the coefs. liblinear's problem has
        ``1 / intercept_scaling²``.
    name : str, default="newton"
        What the user calls the solver.
    """

    fit_intercept: bool = True
    intercept_penalty: float = 0.0
    name: str = "newton"


def train_newton(
    population: Population,
    X: Any,
    y: NDArray[Any],
    monitor: Monitor | None = None,
    *,
    n_threads: int | None = None,
    make_products: MakeProducts = BlockProducts,
) -> Result:
    """Train every member of a population without hidden layer to its optimum.

    All members share one X and one float32 copy of it, and each reading of them. BLAS runs on
    one thread, and sums are cut the same way whoever computes them, so that a member's bits
    depend neither on who trains beside it nor on the number of threads.

    Parameters
    ----------
    population : Population
        The network ``(d, 1)`` with output "logistic" or ``(d, k)`` with output "softmax"; every
        member's `solver` is a `Newton`. A member with `target` c sees column c of y.
    X : ndarray or CSR matrix of shape (n, d)
        The rows; anything but float64 is converted.
    y : ndarray of shape (n, k)
        The targets of 0 and 1.
    monitor : Monitor or None
        Hears of every iteration, the objective divided by the sum of weights. Called from this
        thread alone.
    n_threads : int or None, default=None
        Threads to use; None for the cores that this process may use.
    make_products : callable, default=BlockProducts
        Given X (n, d), in float64 or float32, and whether a column of ones is appended, returns
        who multiplies with it.

    Returns
    -------
    Result
        One `Fit` a member. `Fit.loss` is the objective divided by the sum of weights.

    Examples
    --------
    >>> from glassnet.model import Network
    >>> X = np.array([[0.0], [1.0], [2.0], [3.0]])
    >>> y = np.array([[0.0], [1.0], [0.0], [1.0]])
    >>> member = Member(Newton(), np.random.RandomState(0), alpha=1.0)
    >>> result = train_newton(Population(Network((1, 1), output="logistic"), (member,)), X, y)
    >>> result.fits[0].stop.value, result.parameters.round(4)
    ('converged', array([[ 0.4529, -0.6793]]))
    """
    if any(member.record_examples for member in population.members):
        raise ValueError(
            "record_examples=True needs a solver that meets the rows epoch by epoch: 'newton' goes "
            "to the optimum in a few steps. Use 'sgd', 'adam', 'adamw' or 'lbfgs'."
        )
    X = sp.csr_array(X, dtype=np.float64) if sp.issparse(X) else np.ascontiguousarray(X, float)
    with Workers(n_threads, several=np.prod(X.shape) >= _WORTH_THREADS) as workers:
        states = _prepare(population, X, y, make_products)
        with suppress(KeyboardInterrupt):
            _run(population, states, workers, monitor)
    return Result(tuple(_fit(population, state) for state in states))


def _prepare(
    population: Population, X: Any, y: NDArray[Any], make_products: MakeProducts
) -> list[NewtonMember]:
    """Pair each member with its problem and its starting point; share what is the same."""
    loss = LINEAR_LOSSES[population.network.output]

    @cache
    def designs(intercept: bool) -> tuple[Design, Design]:
        exact = Design(X, intercept, make_products=make_products)
        return exact, exact.scaled()

    shared: dict[tuple[bool, bytes], ConstantFactors] = {}
    states = []
    for member in population.members:
        solver = member.solver
        assert isinstance(solver, Newton)
        exact, quick = designs(solver.fit_intercept)
        penalty = np.full((len(exact.scale), 1), member.alpha)
        if solver.fit_intercept:
            penalty[-1] *= solver.intercept_penalty
        s = _row_weights(member, len(y))
        key = solver.fit_intercept, s.tobytes()
        pays = len(penalty) <= LARGEST_CHOLESKY and member.start is None
        if pays and key not in shared:
            shared[key] = ConstantFactors(quick, s)
        Y = np.ascontiguousarray(y if member.target is None else y[:, [member.target]], float)
        problem = Problem(exact, quick, loss, Y, s, penalty, shared[key] if pays else None)
        start = _start(population, member, solver)
        states.append(NewtonMember(problem, start, member.tol, member.max_iter))
    return states


def _row_weights(member: Member, n: int) -> NDArray[Any]:
    """Return the weights (n,) of all rows, 0 for those the member does not train on."""
    weights = np.ones(n) if member.row_weights is None else np.asarray(member.row_weights, float)
    if member.rows is None:
        return weights
    chosen = np.zeros(n)
    chosen[member.rows] = weights[member.rows]
    return chosen


def _start(population: Population, member: Member, solver: Newton) -> NDArray[Any] | None:
    if member.start is None:
        return None
    network = population.network
    start = np.asarray(member.start, float)
    parts = network.coefs(start)
    if solver.fit_intercept:
        parts = [*parts, network.intercepts(start)[0][None, :]]
    return np.concatenate(parts)


def _run(
    population: Population, states: list[NewtonMember], workers: Workers, monitor: Monitor | None
) -> None:
    """Let all members iterate together, until the last has stopped.

    Those who are ahead wait until all have come as far: so X is read, and the threads are
    called, for many members at once.
    """
    runs = [state.run() for state in states]
    requests: dict[int, Request] = {}
    turn = list(range(len(states)))
    companion = monitor if isinstance(monitor, IterateMonitor) else None
    iteration, rounds = -1, 0
    while turn:
        for index in turn:
            seen = len(states[index].curve)
            request = next(runs[index], None)
            if request is None:
                requests.pop(index, None)
            else:
                requests[index] = request
            if monitor is not None:
                _report(index, states[index], seen, monitor)
        rounds += 1
        if companion and rounds > 1 and iteration < (now := max(len(s.curve) for s in states)):
            # The first round looks at the constant model, the second at the start.
            companion.iteration_ends(now, lambda: np.stack([_pack(population, s) for s in states]))
            iteration = now
        kind = next((k for k in _TURNS if any(isinstance(r, k) for r in requests.values())), None)
        turn = [index for index, request in requests.items() if kind and isinstance(request, kind)]
        _serve([requests[index] for index in turn], workers)


def _serve(requests: Sequence[Request], workers: Workers) -> None:
    """Do what members of the same kind of request ask for."""
    preparations = [request for request in requests if isinstance(request, Preparation)]
    workers.run(
        lambda job: job[0].do(job[1]),
        [(preparation, job) for preparation in preparations for job in preparation.jobs],
    )
    for preparation in preparations:
        preparation.finish()
    asking = [request for request in requests if not isinstance(request, Preparation)]
    for design in {id(request.design): request.design for request in asking}.values():
        own = [request for request in asking if request.design is design]
        looks = [request for request in own if isinstance(request, Look)]
        systems = [request for request in own if isinstance(request, System)]
        if looks:
            design.products.serve(looks, workers)
        if systems:
            design.products.solve(systems, workers)


def _report(index: int, state: NewtonMember, seen: int, monitor: Monitor) -> None:
    """Tell the monitor of an iteration that ended after the one last `seen`, and of the end."""
    if len(state.curve) > seen:
        total = float(state.problem.s.sum()) or 1.0
        monitor.epoch_ends(index, len(state.curve), state.curve[-1] / total, None)
    if state.stop is not None:
        monitor.says(index, state.message)


def _pack(population: Population, state: NewtonMember) -> NDArray[Any]:
    """Return where a member stands, as its network lays parameters out (p,)."""
    theta, network = state.here.theta, population.network
    d = network.layer_sizes[0]
    intercept = theta[d] if len(theta) > d else np.zeros(theta.shape[1])
    return network.pack([theta[:d]], [intercept], np.dtype(np.float64))


def _fit(population: Population, state: NewtonMember) -> Fit:
    total = float(state.problem.s.sum()) or 1.0
    # An interrupted member may have been looking at a point it has not seen yet.
    objective = state.here.objective if state.stop else (state.curve or [np.nan])[-1]
    return Fit(
        parameters=_pack(population, state),
        loss=objective / total,
        loss_curve=[value / total for value in state.curve],
        n_iter=len(state.curve),
        stop=state.stop or Stop.INTERRUPTED,
        message=state.message or "interrupted",
    )
