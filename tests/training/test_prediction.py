"""Forward passes of every engine: the same outputs, whatever the rows come as."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import scipy.sparse
from hypothesis import given, settings
from hypothesis import strategies as st

from glassnet.model import ACTIVATIONS, OUTPUTS, Network
from glassnet.training import Engine, available_engines
from glassnet.training.engines import ENGINES as MAKERS

ENGINES: list[Engine] = [MAKERS[name](2) for name in available_engines()]
engines = pytest.mark.parametrize("engine", ENGINES, ids=lambda e: e.name)


def net(sizes: tuple[int, ...], dtype: Any = np.float64, **more: Any) -> tuple[Network, Any, Any]:
    random = np.random.RandomState(0)
    network = Network(sizes, **more)
    coefs = [random.normal(size=shape).astype(dtype) for shape in network.shapes]
    return network, coefs, [random.normal(size=h).astype(dtype) for h in sizes[1:]]


def by_hand(network: Network, coefs: Any, intercepts: Any, X: Any) -> Any:
    a = np.asarray(X, dtype=np.float64)
    for coef, intercept in zip(coefs[:-1], intercepts[:-1], strict=True):
        a = a @ coef + intercept
        network.hidden.apply(a)
    a = a @ coefs[-1] + intercepts[-1]
    network.out.apply(a)
    return a


@engines
@pytest.mark.parametrize("activation", list(ACTIVATIONS))
@pytest.mark.parametrize("output", list(OUTPUTS))
@pytest.mark.parametrize("n", [1, 3, 700])
def test_outputs_are_those_of_the_formula(
    engine: Engine, activation: str, output: str, n: int
) -> None:
    network, coefs, intercepts = net((6, 9, 5, 3), activation=activation, output=output)
    X = np.random.RandomState(1).normal(size=(n, 6))
    found = engine.predict(network, coefs, intercepts, X, dtype=np.dtype(np.float64))
    np.testing.assert_allclose(found, by_hand(network, coefs, intercepts, X), rtol=1e-12)
    single = engine.predict(network, coefs, intercepts, X, dtype=np.dtype(np.float32))
    assert single.dtype == np.float64
    most = 1e30  # of exp: float32 knows no more than 3e38
    np.testing.assert_allclose(
        np.minimum(single, most), np.minimum(found, most), rtol=1e-3, atol=1e-5
    )


@engines
@settings(deadline=None, max_examples=40)
@given(
    n=st.integers(1, 300),
    order=st.sampled_from("CF"),
    step=st.integers(1, 2),
    rows=st.sampled_from([np.float32, np.float64, np.int16, np.uint8]),
    weights=st.sampled_from([np.float32, np.float64]),
    arithmetic=st.sampled_from([np.float32, np.float64]),
)
def test_any_layout_and_dtype_gives_the_same_outputs(
    engine: Engine, n: int, order: Any, step: int, rows: Any, weights: Any, arithmetic: Any
) -> None:
    network, coefs, intercepts = net((8, 6, 4), weights)
    X = np.random.RandomState(n).randint(0, 3, size=(n * step, 8 * step)).astype(rows, order=order)
    X = X[::step, ::step]
    X.flags.writeable = False
    found = engine.predict(network, coefs, intercepts, X, dtype=np.dtype(arithmetic))
    assert found.shape == (n, 4)
    assert found.dtype == np.result_type(rows, weights)
    np.testing.assert_allclose(found, by_hand(network, coefs, intercepts, X), rtol=1e-3, atol=1e-5)


@engines
@pytest.mark.parametrize("form", [scipy.sparse.csr_matrix, scipy.sparse.csc_array])
def test_sparse_rows_give_the_same_outputs(engine: Engine, form: Any) -> None:
    network, coefs, intercepts = net((40, 6, 4))
    X = np.random.RandomState(1).normal(size=(300, 40)) * (
        np.random.RandomState(2).rand(300, 40) < 0.1
    )
    dtype = np.dtype(np.float64)
    dense = engine.predict(network, coefs, intercepts, X, dtype=dtype)
    sparse = engine.predict(network, coefs, intercepts, form(X), dtype=dtype)
    np.testing.assert_allclose(sparse, dense, rtol=1e-12)
