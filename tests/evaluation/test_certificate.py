"""Certificates hold: checked against solutions of far higher precision."""

from __future__ import annotations

import json
import pathlib
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
import scipy.sparse
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.datasets import load_breast_cancer, load_iris, load_wine
from sklearn.preprocessing import scale

from glassnet.evaluation.certificate import (
    Certificate,
    certify_multinomial,
    certify_one_vs_rest,
)
from glassnet.evaluation.certificate_bounds import root_distance
from glassnet.model import Member, Network, Population
from glassnet.training.newton import Newton, train_newton

LOADERS = {"iris": load_iris, "wine": load_wine, "cancer": load_breast_cancer}
kinds = pytest.mark.parametrize("multinomial", [False, True], ids=["ovr", "multinomial"])
# None: no intercept; 0: free; more: penalised.
penalties = pytest.mark.parametrize("intercept_penalty", [None, 0.0, 1.0, 0.01])


def targets(y: NDArray[Any]) -> NDArray[Any]:
    Y = np.eye(y.max() + 1)[y]
    return Y[:, 1:] if Y.shape[1] == 2 else Y


def fit(
    X: Any,
    Y: NDArray[Any],
    s: NDArray[Any],
    alpha: float,
    intercept_penalty: float | None,
    multinomial: bool,
    tol: float,
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return coef (q, d) and intercept (q,)."""
    solver = Newton(intercept_penalty is not None, intercept_penalty or 0.0)
    q, d = Y.shape[1], X.shape[1]
    network = Network((d, q if multinomial else 1), output="softmax" if multinomial else "logistic")
    members = [
        Member(solver, np.random.RandomState(0), alpha, 200, tol, row_weights=s, target=c)
        for c in ([None] if multinomial else range(q))
    ]
    result = train_newton(Population(network, tuple(members)), X, Y).parameters
    if multinomial:
        return network.coefs(result[0])[0].T, network.intercepts(result[0])[0]
    return result[:, :-1], result[:, -1]


def objectives(
    X: Any,
    Y: NDArray[Any],
    s: NDArray[Any],
    alpha: float,
    intercept_penalty: float | None,
    multinomial: bool,
    solution: tuple[NDArray[Any], NDArray[Any]],
) -> NDArray[Any]:
    """Return the objective of each problem in extended precision."""
    coef, intercept = (np.asarray(part, np.longdouble) for part in solution)
    rows = (X.toarray() if scipy.sparse.issparse(X) else X).astype(np.longdouble)
    Z = rows @ coef.T + intercept
    beta = alpha * (intercept_penalty or 0.0)
    if multinomial:
        largest = Z.max(axis=1, keepdims=True)
        losses = np.log(np.exp(Z - largest).sum(axis=1)) - (Y * (Z - largest)).sum(axis=1)
        penalty = alpha / 2 * (coef**2).sum() + beta / 2 * (intercept**2).sum()
        return np.array([s @ losses + penalty])
    losses = np.maximum(Z, 0) + np.log1p(np.exp(-np.abs(Z))) - Y * Z
    return s @ losses + alpha / 2 * (coef**2).sum(axis=1) + beta / 2 * intercept**2


def predicted(X: Any, solution: tuple[NDArray[Any], NDArray[Any]]) -> NDArray[Any]:
    Z = X @ solution[0].T + solution[1]
    return Z[:, 0] > 0 if Z.shape[1] == 1 else Z.argmax(axis=1)


def check(
    X: Any,
    y: NDArray[Any],
    alpha: float,
    intercept_penalty: float | None,
    multinomial: bool,
    tol: float = 1e-4,
    weights: NDArray[Any] | None = None,
) -> Certificate:
    """Certify a fit and compare with the optimum, found as exactly as float64 allows."""
    Y = targets(y)
    multinomial = multinomial and Y.shape[1] > 1
    s = np.ones(len(y)) if weights is None else weights
    problem = (X, Y, s, alpha, intercept_penalty, multinomial)
    rough, exact = fit(*problem, tol=tol), fit(*problem, tol=1e-12)
    certify: Any = certify_multinomial if multinomial else certify_one_vs_rest
    certificate = certify(
        X,
        Y,
        s if multinomial else np.repeat(s[:, None], Y.shape[1], axis=1),
        *rough,
        alpha=alpha,
        intercept_penalty=intercept_penalty,
        labels=[str(c) for c in range(Y.shape[1])],
    )
    entries = certificate.classes
    worse, best = (objectives(*problem, solution) for solution in (rough, exact))
    rounding = 100 * np.finfo(np.longdouble).eps * (s.sum() + np.abs(best))
    assert (worse - best <= np.array([e.excess for e in entries])[: len(best)] + rounding).all()
    # The reference itself is only as good as float64; its own error comes on top.
    moved = np.linalg.norm(rough[0] - exact[0], axis=1)
    own = 1e-9 * np.linalg.norm(exact[0], axis=1) + 1e-10
    assert (moved <= np.array([e.coef_distance for e in entries]) + own).all()
    shift = rough[1] - exact[1]
    own = 1e-9 * np.abs(exact[1]) + 1e-9
    assert (np.abs(shift) <= np.array([e.intercept_distance for e in entries]) + own).all()
    differing = int(np.sum(predicted(X, rough) != predicted(X, exact)))
    assert differing <= certificate.undecided <= certificate.rows == len(y)
    assert sum(e.undecided for e in entries) == certificate.undecided
    assert sum(e.predicted for e in entries) == len(y)
    return certificate


@pytest.mark.parametrize("name", LOADERS)
@pytest.mark.parametrize("scaled", [True, False], ids=["scaled", "raw"])
@kinds
@penalties
def test_it_holds_on_real_tables(
    name: str, scaled: bool, multinomial: bool, intercept_penalty: float | None
) -> None:
    X, y = LOADERS[name](return_X_y=True)
    X = scale(X) if scaled else X
    certificate = check(X, y, 1.0, intercept_penalty, multinomial)
    assert certificate.excess < 1e-6
    assert certificate.undecided <= 2  # rows on the very border
    check(X, y, 1e-3, intercept_penalty, multinomial)
    loose = check(X, y, 1.0, intercept_penalty, multinomial, tol=0.03)
    assert loose.excess > 1e3 * certificate.excess


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    n=st.integers(4, 40),
    d=st.integers(1, 6),
    k=st.integers(2, 4),
    alpha=st.sampled_from([1e-3, 0.1, 1.0, 50.0]),
    intercept_penalty=st.sampled_from([None, 0.0, 1.0]),
    multinomial=st.booleans(),
    tol=st.sampled_from([0.3, 0.03, 1e-3]),
    offset=st.sampled_from([0.0, 30.0]),
    weighted=st.booleans(),
)
def test_it_holds_on_random_problems(
    seed: int,
    n: int,
    d: int,
    k: int,
    alpha: float,
    intercept_penalty: float | None,
    multinomial: bool,
    tol: float,
    offset: float,
    weighted: bool,
) -> None:
    random = np.random.RandomState(seed)
    X = random.normal(size=(n, d)) * random.uniform(0.1, 5, size=d) + offset
    y = np.arange(n) % k
    random.shuffle(y)
    weights = random.choice([0.0, 0.5, 1.0, 3.0], size=n) if weighted else None
    if weights is not None:
        weights[np.unique(y, return_index=True)[1]] = 1.0
    check(X, y, alpha, intercept_penalty, multinomial, tol, weights)


@kinds
@penalties
def test_sparse_rows(multinomial: bool, intercept_penalty: float | None) -> None:
    X, y = load_wine(return_X_y=True)
    X = np.where(np.abs(scale(X)) < 0.7, 0.0, scale(X))
    dense = check(X, y, 1.0, intercept_penalty, multinomial)
    sparse = check(scipy.sparse.csr_array(X), y, 1.0, intercept_penalty, multinomial)
    assert sparse.undecided == dense.undecided
    for one, other in zip(sparse.classes, dense.classes, strict=True):
        assert one.gradient_norm < 1e-6
        assert other.excess < 1e-9


def entry_of(certificate: Certificate) -> Any:
    (entry,) = certificate.classes
    return entry


def test_one_column_by_hand() -> None:
    """Rows -1 and 1, labels 0 and 1, w = 0.8, no intercept: 2 (p - 1) + w is the gradient."""
    X, Y = np.array([[-1.0], [1.0]]), np.array([[0.0], [1.0]])
    certificate = certify_one_vs_rest(
        X, Y, np.ones((2, 1)), np.array([[0.8]]), np.zeros(1),
        alpha=2.0, intercept_penalty=None, labels=["yes"],
    )  # fmt: skip
    entry = entry_of(certificate)
    gradient = 2 * (1 / (1 + np.exp(-0.8)) - 1) + 2 * 0.8
    assert entry.gradient_norm == pytest.approx(gradient, rel=1e-12)
    assert entry.excess == pytest.approx(gradient**2 / 4, rel=1e-9)
    assert entry.coef_distance == pytest.approx(gradient / 2, rel=1e-9)
    assert entry.intercept_distance == 0
    assert (entry.label, entry.predicted, entry.undecided) == ("yes", 2, 0)
    assert certificate.sentence() == (
        "The loss is at most 0.2 above its minimum, the largest gradient norm is 1; "
        "no training prediction would change at the exact optimum."
    )
    assert "; at most 1 of 2 training predictions could change" in (
        replace(certificate, undecided=1).sentence()
    )


def test_far_from_the_optimum_everything_is_open() -> None:
    X, y = load_iris(return_X_y=True)
    certificate = certify_one_vs_rest(
        X, targets(y), np.ones((150, 3)), np.full((3, 4), 9.0), np.zeros(3),
        alpha=1.0, intercept_penalty=0.0, labels=["a", "b", "c"],
    )  # fmt: skip
    assert certificate.undecided == 150
    assert not certificate.proves_all


@kinds
def test_without_a_penalty_nothing_is_certain(multinomial: bool) -> None:
    X, y = load_iris(return_X_y=True)
    certify: Any = certify_multinomial if multinomial else certify_one_vs_rest
    certificate = certify(
        X, targets(y), np.ones(150 if multinomial else (150, 3)), np.zeros((3, 4)), np.zeros(3),
        alpha=0.0, intercept_penalty=0.0, labels=["a", "b", "c"],
    )  # fmt: skip
    assert certificate.undecided == 150
    assert certificate.excess == np.inf
    assert certificate.sentence().startswith("Nothing is certain")
    plain = certificate.to_dict()
    assert plain["classes"][0]["excess"] is None
    assert json.loads(json.dumps(plain, allow_nan=False)) == plain


@kinds
def test_weights_of_zero_leave_the_penalty_alone(multinomial: bool) -> None:
    X, y = load_iris(return_X_y=True)
    certify: Any = certify_multinomial if multinomial else certify_one_vs_rest
    shape = 150 if multinomial else (150, 3)
    options = {"alpha": 1.0, "labels": ["a", "b", "c"]}
    at_zero = certify(
        X, targets(y), np.zeros(shape), np.zeros((3, 4)), np.zeros(3),
        intercept_penalty=1.0, **options,
    )  # fmt: skip
    assert at_zero.excess == 0
    off = certify(
        X, targets(y), np.zeros(shape), np.ones((3, 4)), np.zeros(3),
        intercept_penalty=None, **options,
    )  # fmt: skip
    assert off.excess == pytest.approx(6.0 if multinomial else 2.0)
    # The scores of two rows that are alike tie, which proves nothing; a free intercept less.
    assert at_zero.undecided == 150


def test_the_root_of_a_steep_slope_is_near() -> None:
    """g(t) = sum of sigmoids minus a share: its root is within the bound, for all shares."""
    z = np.linspace(-2, 2, 9)
    p = 1 / (1 + np.exp(-z))
    slope = np.sum(p * (1 - p))
    for share in (0.3, 0.45, 0.5, 0.55):
        gradient = abs(np.sum(p - share))
        grid = np.linspace(-3, 3, 60_001)
        values = [abs(np.sum(1 / (1 + np.exp(-z - t)) - share)) for t in grid[::100]]
        root = abs(grid[::100][int(np.argmin(values))])
        assert root <= root_distance(gradient, slope, 1.0) + 0.01
    assert root_distance(0.0, 0.0, 1.0) == 0
    assert root_distance(1.0, 1.0, 1.0) == np.inf
    assert root_distance(0.5, 1.0, 1.0) == pytest.approx(np.log(2))


@pytest.mark.shared_data
@kinds
@pytest.mark.parametrize("intercept_penalty", [0.0, 1.0])
def test_it_holds_on_the_documents_digits(
    shared_data: pathlib.Path, multinomial: bool, intercept_penalty: float
) -> None:
    X = pd.read_csv(shared_data / "X.csv", header=None).to_numpy(float)
    y = pd.read_csv(shared_data / "y.csv", header=None).to_numpy().ravel() % 10
    certificate = check(X, y, 1.0, intercept_penalty, multinomial)
    assert certificate.undecided <= 3
    assert certificate.excess < 1e-9
