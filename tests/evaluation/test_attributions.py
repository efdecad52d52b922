"""Gradients against finite differences, and attributions that add up."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import scipy.sparse
from scipy.special import expit, softmax

from glassnet.errors import DataError
from glassnet.evaluation import FittedNet, attributions, walk_through
from glassnet.evaluation.class_measures import class_measure
from glassnet.model import ACTIVATIONS

SHAPES = {
    "linear binary": (5, 1),
    "linear three classes": (5, 3),
    "binary": (5, 4, 1),
    "three classes": (5, 4, 3),
    "deep binary": (5, 6, 4, 1),
    "deep": (5, 6, 4, 4, 3),
}
MEASURES = ("log_odds", "score", "probability")


def random_net(sizes, activation, seed=0):
    rng = np.random.default_rng(seed)
    shapes = list(itertools.pairwise(sizes))
    return FittedNet.of(
        [rng.normal(size=shape) for shape in shapes],
        [rng.normal(size=shape[1]) for shape in shapes],
        activation=activation,
        output="softmax" if sizes[-1] > 1 else "logistic",
    )


def measured(net, X, targets, of):
    return class_measure(net.layers(X).scores, targets, of)[0]


@pytest.mark.parametrize("of", MEASURES)
@pytest.mark.parametrize("sizes", SHAPES.values(), ids=SHAPES)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_gradients_agree_with_finite_differences(activation, sizes, of):
    net = random_net(sizes, activation)
    rng = np.random.default_rng(1)
    X, baseline = rng.normal(size=(7, 5)), rng.normal(size=5)
    targets = rng.integers(net.n_classes, size=7)
    found = attributions(net, X, targets, baseline=baseline, of=of)
    gradient = found.gradient_x_input / (X - baseline)
    step = 1e-6
    for i in range(5):
        shift = step * np.eye(5)[i]
        above = measured(net, X + shift, targets, of)
        difference = (above - measured(net, X - shift, targets, of)) / (2 * step)
        np.testing.assert_allclose(gradient[:, i], difference, rtol=2e-5, atol=1e-7)


@pytest.mark.parametrize("of", MEASURES)
@pytest.mark.parametrize("sizes", SHAPES.values(), ids=SHAPES)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_integrated_gradients_are_complete(activation, sizes, of):
    net = random_net(sizes, activation)
    X = np.random.default_rng(1).normal(size=(7, 5))
    found = attributions(net, X, of=of, n_steps=2000)
    np.testing.assert_allclose(
        found.integrated_gradients.sum(axis=1), found.values - found.baseline_values, atol=0.02
    )
    np.testing.assert_allclose(found.values, measured(net, X, found.targets, of))
    assert np.abs(found.gaps).max() < 0.02
    smooth = activation not in ("relu", "leaky_relu", "elu")
    if smooth:
        assert np.abs(found.gaps).max() < 1e-4


def test_the_measures_by_hand():
    z = np.array([[1.0, 2.0, 0.5]])
    p = softmax(z[0])
    target = np.array([1])
    assert class_measure(z, target, "score")[0] == 2.0
    assert class_measure(z, target, "probability")[0] == pytest.approx(p[1])
    assert class_measure(z, target)[0] == pytest.approx(np.log(p[1] / (1 - p[1])))
    one = np.array([[0.7], [0.7]])
    assert class_measure(one, np.array([0, 1]))[0].tolist() == [-0.7, 0.7]
    chances = class_measure(one, np.array([0, 1]), "probability")[0]
    np.testing.assert_allclose(chances, [1 - expit(0.7), expit(0.7)])
    huge = np.array([[1000.0, 0.0], [-1000.0, 0.0]])
    assert class_measure(huge, np.array([0, 0]))[0].tolist() == [1000.0, -1000.0]


def test_many_rows_go_through_in_parts():
    net = random_net((5, 6, 3), "tanh")
    X = np.random.default_rng(2).normal(size=(700, 5))
    whole = attributions(net, X, n_steps=64)
    alone = attributions(net, X[650:651], n_steps=64)
    np.testing.assert_allclose(whole.integrated_gradients[650], alone.integrated_gradients[0])


def test_sparse_rows_and_one_class_for_all():
    net = random_net((5, 4, 3), "relu")
    X = np.eye(5)[:3]
    found = attributions(net, scipy.sparse.csr_matrix(X), 2)
    np.testing.assert_array_equal(found.targets, [2, 2, 2])
    np.testing.assert_allclose(found.gradient_x_input, attributions(net, X, 2).gradient_x_input)
    assert (found.integrated_gradients[X == 0] == 0).all()


def test_what_cannot_be_explained():
    net = random_net((5, 4, 3), "relu")
    X = np.zeros((2, 5))
    for targets in (3, [0], [0.5, 1.0], -1):
        with pytest.raises(DataError, match="position"):
            attributions(net, X, targets)
    with pytest.raises(DataError, match="A baseline of 5 features"):
        attributions(net, X, baseline=[0.0])
    with pytest.raises(DataError, match="at least one step"):
        attributions(net, X, n_steps=0)
    with pytest.raises(DataError, match="do not fit a net of 5 features"):
        attributions(net, X[:, :2])
    with pytest.raises(DataError, match="'log_odds', 'score' or 'probability'"):
        attributions(net, X, of="odds")


def test_a_row_all_the_way_through():
    net = random_net((5, 6, 4, 3), "tanh")
    X = np.random.default_rng(3).normal(size=(2, 5))
    first, second = walk_through(
        net, X, [7, 8, 9], ["a", "b", "c"], y=[7, 9], rows=[20, 30], explain=[8, 8]
    )
    layer_1 = np.tanh(X @ net.coefs[0] + net.intercepts[0])
    layer_2 = np.tanh(layer_1 @ net.coefs[1] + net.intercepts[1])
    scores = layer_2 @ net.coefs[2] + net.intercepts[2]
    np.testing.assert_allclose(second.activations[0], layer_1[1])
    np.testing.assert_allclose(second.activations[1], layer_2[1])
    np.testing.assert_allclose(second.probabilities, softmax(scores[1]))
    assert (first.row, second.row, second.true, second.explained) == (20, 30, "c", "b")
    assert second.predicted == "abc"[scores[1].argmax()]
    expected = scores[1, 1] - (scores[1, 0] + scores[1, 2]) / 2
    constant = net.intercepts[2][1] - (net.intercepts[2][0] + net.intercepts[2][2]) / 2
    assert second.votes.sum() + constant == pytest.approx(expected)
    assert second.gap == pytest.approx(0, abs=1e-3)
    named = f"{second.predicted} ({100 * second.probabilities.max():.1f} %)"
    assert second.sentence().startswith(f"Row 30: the net says {named}, next ")


def test_votes_of_two_classes_are_the_score():
    net = random_net((5, 4, 1), "relu")
    X = np.random.default_rng(3).normal(size=(1, 5))
    score = net.layers(X).scores[0, 0] - net.intercepts[1][0]
    for label, sign in (("no", -1), ("yes", 1)):
        (example,) = walk_through(net, X, ["no", "yes"], explain=[label])
        assert example.votes.sum() == pytest.approx(sign * score)
        assert example.is_right is None
        assert example.sentence().endswith("%).")
