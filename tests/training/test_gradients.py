"""Gradients of the reference engine against finite differences."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse

from glassnet.model import ACTIVATIONS, OUTPUTS, Network, initial_parameters
from glassnet.training.reference import Propagation


def targets(output: str, random: np.random.RandomState, n: int, k: int) -> np.ndarray:
    if output == "softmax":
        return np.eye(k)[random.randint(k, size=n)]
    if output == "logistic":
        return (random.uniform(size=(n, k)) > 0.5).astype(float)
    return random.poisson(1.5, size=(n, k)) + (output == "identity") * random.normal(size=(n, k))


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("alpha", [0.0, 0.7])
@pytest.mark.parametrize("hidden", [(), (4,), (5, 3, 4)])
@pytest.mark.parametrize("output", list(OUTPUTS))
@pytest.mark.parametrize("activation", list(ACTIVATIONS))
def test_gradient(
    activation: str, output: str, hidden: tuple[int, ...], alpha: float, weighted: bool
) -> None:
    random = np.random.RandomState(0)
    n, d, k = 9, 6, 3
    network = Network((d, *hidden, k), activation, output)
    theta = initial_parameters(network, random, np.dtype(float))
    X, y = random.normal(size=(n, d)), targets(output, random, n, k)
    weights = random.uniform(0.1, 2, size=n) if weighted else None
    passes = Propagation(network, theta, alpha, n)
    passes.loss_and_gradient(X, y, weights)
    gradient = passes.gradient.copy()

    numeric, h = np.empty_like(theta), 1e-6
    for i, value in enumerate(theta.copy()):
        theta[i] = value + h
        above = passes.loss_and_gradient(X, y, weights)
        theta[i] = value - h
        below = passes.loss_and_gradient(X, y, weights)
        theta[i] = value
        numeric[i] = (above - below) / (2 * h)
    np.testing.assert_allclose(gradient, numeric, rtol=2e-5, atol=1e-8)


def test_loss_is_the_formula_of_the_docstring() -> None:
    random = np.random.RandomState(1)
    network = Network((3, 2), "relu", "softmax")
    theta = random.normal(size=network.n_parameters)
    X, y, s = random.normal(size=(5, 3)), np.eye(2)[[0, 1, 1, 0, 1]], random.uniform(size=5)
    z = X @ network.coefs(theta)[0] + network.intercepts(theta)[0]
    p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    expected = -(s * np.log(p[y == 1])).sum() / s.sum()
    expected += 0.3 / (2 * s.sum()) * (network.coefs(theta)[0] ** 2).sum()
    loss = Propagation(network, theta, 0.3, 5).loss_and_gradient(X, y, s)
    assert loss == pytest.approx(expected, rel=1e-12)


def test_sparse_rows_give_the_gradient_of_dense_ones() -> None:
    random = np.random.RandomState(2)
    network = Network((8, 4, 3), "tanh")
    theta = initial_parameters(network, random, np.dtype(float))
    X = random.normal(size=(10, 8)) * (random.uniform(size=(10, 8)) > 0.7)
    y = np.eye(3)[random.randint(3, size=10)]
    passes = Propagation(network, theta, 0.1, 10)
    dense_loss = passes.loss_and_gradient(X, y)
    dense = passes.gradient.copy()
    sparse_loss = passes.loss_and_gradient(scipy.sparse.csr_matrix(X), y)
    assert sparse_loss == pytest.approx(dense_loss, rel=1e-13)
    np.testing.assert_allclose(passes.gradient, dense, rtol=1e-12, atol=1e-15)
