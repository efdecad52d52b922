"""The flat vector of parameters and its views."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import r2_score
from sklearn.neural_network import MLPClassifier as ScikitMLP

from glassnet.model import (
    ACTIVATIONS,
    CLASS_OUTPUTS,
    OUTPUTS,
    Network,
    SlopeFromOutput,
    initial_parameters,
)

layer_sizes = st.lists(st.integers(1, 6), min_size=2, max_size=5).map(tuple)


@given(layer_sizes)
def test_views_cover_theta_once_and_in_order(sizes: tuple[int, ...]) -> None:
    network = Network(sizes)
    theta = np.arange(network.n_parameters, dtype=float)
    parts = [*network.coefs(theta), *network.intercepts(theta)]
    assert np.array_equal(np.concatenate([part.ravel() for part in parts]), theta)
    assert [coef.shape for coef in network.coefs(theta)] == network.shapes
    assert [len(b) for b in network.intercepts(theta)] == list(sizes[1:])


@given(layer_sizes)
def test_views_write_through_to_theta(sizes: tuple[int, ...]) -> None:
    network = Network(sizes)
    theta = np.zeros(network.n_parameters)
    for coef in network.coefs(theta):
        coef += 1
    for intercept in network.intercepts(theta):
        intercept += 2
    assert (theta[: network.n_coef] == 1).all()
    assert (theta[network.n_coef :] == 2).all()


@given(layer_sizes, st.integers(0, 100))
def test_pack_undoes_the_views(sizes: tuple[int, ...], seed: int) -> None:
    network = Network(sizes)
    theta = np.random.RandomState(seed).normal(size=network.n_parameters)
    again = network.pack(network.coefs(theta), network.intercepts(theta), theta.dtype)
    assert np.array_equal(again, theta)


def test_pack_refuses_arrays_of_another_shape() -> None:
    network = Network((2, 3, 1))
    with pytest.raises(ValueError, match="broadcast"):
        network.pack([np.ones((5, 3)), np.ones((3, 1))], [np.ones(3), np.ones(1)], np.dtype(float))


@pytest.mark.parametrize("activation", ["identity", "logistic", "tanh", "relu"])
def test_initial_parameters_are_scikit_learns_draws(activation: str) -> None:
    X, y = np.eye(6), np.arange(6) % 3
    scikit = ScikitMLP((5, 4), activation=activation, random_state=7)
    scikit._random_state = np.random.RandomState(7)
    scikit._label_binarizer = type("Binarizer", (), {"y_type_": "multiclass"})
    scikit._initialize(np.zeros((6, 3)), [6, 5, 4, 3], X.dtype)
    network = Network((6, 5, 4, 3), activation)
    theta = initial_parameters(network, np.random.RandomState(7), np.dtype(float))
    for ours, theirs in zip(network.coefs(theta), scikit.coefs_, strict=True):
        assert np.array_equal(ours, theirs)
    for ours, theirs in zip(network.intercepts(theta), scikit.intercepts_, strict=True):
        assert np.array_equal(ours, theirs)
    assert set(y) == {0, 1, 2}


KNOWN = {
    "identity": lambda z: z,
    "logistic": lambda z: 1 / (1 + np.exp(-z)),
    "tanh": np.tanh,
    "relu": lambda z: np.where(z > 0, z, 0),
    "leaky_relu": lambda z: np.where(z > 0, z, 0.01 * z),
    "elu": lambda z: np.where(z > 0, z, np.exp(z) - 1),
    "gelu": lambda z: z * scipy.stats.norm.cdf(z),
    "silu": lambda z: z / (1 + np.exp(-z)),
    "softplus": lambda z: np.log(1 + np.exp(z)),
}


@pytest.mark.parametrize("name", list(ACTIVATIONS))
def test_activation_and_its_derivative(name: str) -> None:
    activation, z = ACTIVATIONS[name], np.linspace(-4, 4, 41) + 0.013
    a = z.copy()
    activation.apply(a)
    # Of gelu this is the form with a tanh, near the one with the normal distribution.
    np.testing.assert_allclose(
        a, KNOWN[name](z), rtol=1e-12, atol=5e-4 if name == "gelu" else 1e-15
    )
    h = 1e-6
    above, below = z + h, z - h
    activation.apply(above)
    activation.apply(below)
    slope = (above - below) / (2 * h)
    delta = np.full_like(z, 3.0)
    if isinstance(activation, SlopeFromOutput):
        activation.times_derivative(a, delta)
    else:
        activation.slope(z, delta)
        delta *= 3.0
    np.testing.assert_allclose(delta, 3.0 * slope, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("name", list(ACTIVATIONS))
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_activations_are_right_far_out_and_do_not_warn(name: str, dtype: type) -> None:
    a = np.array([-2000.0, -80.0, -0.0, 80.0, 2000.0], dtype=dtype)
    ACTIVATIONS[name].apply(a)
    assert a.dtype == dtype
    assert np.isfinite(a).all()
    exact = {"leaky_relu": -20, "elu": -1, "gelu": 0, "silu": 0, "softplus": 0, "relu": 0}
    if name in exact:
        assert a[0] == exact[name]
        assert a[4] == 2000


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_logistic_is_right_far_out_and_does_not_warn(dtype: type) -> None:
    a = np.array([-2000.0, -80.0, 0.0, 80.0, 2000.0], dtype=dtype)
    ACTIVATIONS["logistic"].apply(a)
    assert a[[0, 2, 4]].tolist() == [0, 0.5, 1]
    assert a[1] == pytest.approx(np.exp(-80.0), rel=1e-5)


def test_softmax_loss_of_known_numbers() -> None:
    z = np.log([[1.0, 2.0, 5.0], [3.0, 3.0, 2.0]]) + 700  # the maximum is taken off first
    OUTPUTS["softmax"].apply(z)
    np.testing.assert_allclose(z, [[1 / 8, 2 / 8, 5 / 8], [3 / 8, 3 / 8, 2 / 8]])
    y = np.array([[0.0, 0, 1], [1, 0, 0]])
    np.testing.assert_allclose(OUTPUTS["softmax"].losses(z, y), -np.log([5 / 8, 3 / 8]))
    assert OUTPUTS["softmax"].correct(z, y).tolist() == [True, True]
    assert OUTPUTS["softmax"].correct(z, y[::-1]).tolist() == [False, False]


def test_logistic_loss_of_known_numbers() -> None:
    a = np.array([[0.25, 0.9], [0.5, 0.2]])
    y = np.array([[0.0, 1.0], [1.0, 1.0]])
    expected = [-np.log(0.75) - np.log(0.9), -np.log(0.5) - np.log(0.2)]
    np.testing.assert_allclose(OUTPUTS["logistic"].losses(a, y), expected)
    assert OUTPUTS["logistic"].correct(a, y).tolist() == [True, False]


@pytest.mark.parametrize("name", sorted(CLASS_OUTPUTS))
def test_a_hopeless_prediction_costs_much_but_not_infinity(name: str) -> None:
    a, y = np.array([[1.0, 0.0]]), np.array([[0.0, 1.0]])
    loss = OUTPUTS[name].losses(a, y)
    assert np.isfinite(loss).all()
    assert loss[0] >= -np.log(np.finfo(float).eps)


def test_losses_and_scores_of_numbers() -> None:
    a, y = np.array([[1.0, 2.0], [3.0, 1.0], [2.0, 4.0]]), np.array([[2.0, 2], [0, 4], [1, 3]])
    np.testing.assert_allclose(OUTPUTS["identity"].losses(a, y), [0.5, 9.0, 1.0])
    deviance = [2 * np.log(2) - 1, 3 + 4 * np.log(4) - 3, 1 + np.log(0.5) + 1 + 3 * np.log(0.75)]
    np.testing.assert_allclose(OUTPUTS["exp"].losses(a, y), deviance)
    weights = np.array([1.0, 2.0, 3.0])
    expected = r2_score(y, a, sample_weight=weights)
    assert OUTPUTS["identity"].score(a, y, weights) == pytest.approx(expected)
    assert OUTPUTS["exp"].score(a, y, np.zeros(3)) == pytest.approx(r2_score(y, a))
