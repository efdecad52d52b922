"""The inputs that fire units most, within the data's bounds."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy.optimize import minimize

from glassnet.errors import DataError
from glassnet.evaluation import FittedNet, maximal_inputs
from glassnet.evaluation.class_measures import class_measure
from glassnet.model import ACTIVATIONS

RNG = np.random.default_rng(0)
X = RNG.normal(size=(200, 6)) * [1, 2, 0.5, 1, 3, 1] + [0, 5, 0, -1, 0, 0]
X[:, 5] = 4.0  # never varies


def net_of(sizes, activation="relu"):
    rng = np.random.default_rng(3)
    return FittedNet.of(
        [rng.normal(size=s) for s in itertools.pairwise(sizes)],
        [rng.normal(size=k) for k in sizes[1:]],
        activation=activation,
        output="softmax" if sizes[-1] > 1 else "logistic",
    )


def within_bounds(found):
    std = np.where(found.std > 0, found.std, 1.0)
    away = np.linalg.norm((found.inputs - found.mean) / std, axis=1)
    inside = (found.inputs >= X.min(axis=0) - 1e-9) & (found.inputs <= X.max(axis=0) + 1e-9)
    return inside.all() and (away <= found.radius + 1e-9).all()


def test_the_first_layer_is_exact():
    """The same problem, put to a general solver."""
    net = net_of((6, 4, 3), "tanh")
    found = maximal_inputs(net, X)
    assert within_bounds(found)
    std = np.where(found.std > 0, found.std, 1.0)
    ball = {
        "type": "ineq",
        "fun": lambda x: found.radius**2 - (((x - found.mean) / std) ** 2).sum(),
    }
    for j in range(4):
        w = net.coefs[0][:, j]
        best = minimize(
            lambda x, w=w: -w @ x,
            found.mean,
            bounds=list(zip(X.min(axis=0), X.max(axis=0), strict=True)),
            constraints=[ball],
            method="SLSQP",
            options={"ftol": 1e-12, "maxiter": 500},
        )
        assert w @ found.inputs[j] == pytest.approx(-best.fun, rel=1e-6)
        reached = np.tanh(w @ found.inputs[j] + net.intercepts[0][j])
        assert found.reached[j] == pytest.approx(reached)
    np.testing.assert_allclose(found.inputs[:, 5], 4.0)
    seen = np.tanh(X @ net.coefs[0] + net.intercepts[0]).max(axis=0)
    np.testing.assert_allclose(found.largest_seen, seen)
    away = (X - found.mean) / std
    assert found.radius == pytest.approx(np.median(np.linalg.norm(away, axis=1)))


def test_a_corner_of_the_box_where_the_ball_is_large():
    net = net_of((6, 4, 3))
    found = maximal_inputs(net, X, radius=1e3)
    corner = np.where(net.coefs[0].T > 0, X.max(axis=0), X.min(axis=0))
    np.testing.assert_allclose(found.inputs, corner)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("layer", [1, 2])
def test_ascent_beats_every_row_within_the_bounds(activation, layer):
    net = net_of((6, 8, 5, 3), activation)
    found = maximal_inputs(net, X, layer=layer)
    assert within_bounds(found)

    def measure(rows, i):
        z = net.layers(rows).weighted[layer]
        return class_measure(z, np.full(len(rows), i))[0] if layer == 2 else z[:, i]

    away = np.linalg.norm((X - found.mean) / np.where(found.std > 0, found.std, 1.0), axis=1)
    near = X[away <= found.radius]
    for i in found.units:
        at = measure(found.inputs[i][None], i)[0]
        assert at >= measure(near, i).max() - 1e-9
        # No small step within the bounds does much better.
        nudged = found.inputs[i] + 0.02 * found.std * RNG.normal(size=(400, 6))
        nudged = np.clip(nudged, X.min(axis=0), X.max(axis=0))
        std = np.where(found.std > 0, found.std, 1.0)
        length = np.linalg.norm((nudged - found.mean) / std, axis=1, keepdims=True)
        shrink = np.minimum(1.0, found.radius / length)
        nudged = found.mean + shrink * (nudged - found.mean)
        usual = np.ptp(measure(near, i))
        assert measure(nudged, i).max() - at < 0.02 * usual


def test_the_classes_of_the_output():
    net = net_of((6, 5, 1), "tanh")
    found = maximal_inputs(net, X, layer=1)
    assert found.units.tolist() == [0, 1]
    p = net.probabilities(net.layers(found.inputs).scores)
    np.testing.assert_allclose(found.reached, p[[0, 1], [0, 1]])
    assert (found.reached > 0.5).all()
    np.testing.assert_allclose(
        found.largest_seen, net.probabilities(net.layers(X).scores).max(axis=0)
    )
    linear = FittedNet.of([np.eye(6)[:, :3]], [np.zeros(3)])
    (one,) = maximal_inputs(linear, X, layer=0, units=[1]).inputs
    assert one[1] > X[:, 1].mean()


def test_what_cannot_be_sought():
    net = net_of((6, 4, 3))
    with pytest.raises(DataError, match="no layer 2"):
        maximal_inputs(net, X, layer=2)
    with pytest.raises(DataError, match="numbered 0 to 3"):
        maximal_inputs(net, X, units=[-1])
    with pytest.raises(DataError, match="at least one row"):
        maximal_inputs(net, X[:0])
