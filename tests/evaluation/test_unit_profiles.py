"""What hidden units do on rows: extremes, distributions by class, votes, flags."""

from __future__ import annotations

import json

import numpy as np
import pytest

from glassnet.errors import DataError
from glassnet.evaluation import FittedNet, unit_profiles

RNG = np.random.default_rng(0)


def net_of(first, out, *, activation="relu", intercepts=None):
    """Return a net of one hidden layer and two classes, one output."""
    first = np.asarray(first, dtype=float)
    h = first.shape[1]
    constants = np.zeros(h) if intercepts is None else np.asarray(intercepts, dtype=float)
    return FittedNet.of(
        [first, np.reshape(out, (h, -1))],
        [constants, np.zeros(np.reshape(out, (h, -1)).shape[1])],
        activation=activation,
        output="logistic" if np.reshape(out, (h, -1)).shape[1] == 1 else "softmax",
    )


def flags_of(net, X, layer=0):
    y = np.arange(len(X)) % net.n_classes
    return [p.flags for p in unit_profiles(net, X, y, range(net.n_classes), layer=layer)]


def test_extremes_quantiles_and_histograms():
    X = RNG.normal(size=(300, 3))
    y = RNG.integers(3, size=300)
    weights = RNG.normal(size=(3, 4))
    net = net_of(weights, RNG.normal(size=(4, 3)), activation="tanh")
    profiles = unit_profiles(net, X, y, [0, 1, 2], ["a", "b", "c"], n_extreme=5, n_bins=7)
    a = np.tanh(X @ weights)
    assert len(profiles) == 4
    for j, unit in enumerate(profiles):
        order = np.argsort(a[:, j])
        assert unit.least.tolist() == order[:5].tolist()
        assert unit.most.tolist() == order[::-1][:5].tolist()
        np.testing.assert_allclose(unit.activation_of_most, a[unit.most, j])
        np.testing.assert_allclose(unit.activation_of_least, a[unit.least, j])
        assert (unit.layer, unit.unit) == (0, j)
        assert unit.mean == pytest.approx(a[:, j].mean())
        assert unit.std == pytest.approx(a[:, j].std())
        for c in range(3):
            own = a[y == c, j]
            np.testing.assert_allclose(
                unit.quantiles[c], np.quantile(own, [0.05, 0.25, 0.5, 0.75, 0.95])
            )
            np.testing.assert_array_equal(unit.counts[c], np.histogram(own, unit.edges)[0])
        assert unit.counts.sum() == 300
        assert {name for name, _ in unit.votes} == {"a", "b", "c"}
        assert unit.flags.words() == ()
    assert json.loads(json.dumps(profiles[0].to_dict()))["unit"] == 0


def test_rows_are_told_apart_where_the_activation_is_flat():
    X = np.array([[-3.0], [-1.0], [-2.0], [1.0]])
    (unit,) = unit_profiles(net_of([[1.0]], [1.0]), X, [0, 0, 1, 1], [0, 1], n_extreme=3)
    assert unit.least.tolist() == [0, 2, 1]
    assert unit.activation_of_least.tolist() == [0.0, 0.0, 0.0]


def test_a_class_without_rows():
    (unit,) = unit_profiles(net_of([[1.0]], [1.0]), [[1.0], [2.0]], [0, 0], [0, 1])
    assert np.isnan(unit.quantiles[1]).all()
    assert unit.counts[1].sum() == 0
    assert (unit.votes[0], unit.votes[1]) == (("1", 1.0), ("0", -1.0))


def test_deeper_layers_vote_for_units():
    rng = np.random.default_rng(1)
    net = FittedNet.of(
        [rng.normal(size=s) for s in ((3, 4), (4, 2), (2, 3))], [np.zeros(k) for k in (4, 2, 3)]
    )
    X, y = rng.normal(size=(20, 3)), np.arange(20) % 3
    first = unit_profiles(net, X, y, [0, 1, 2])[0]
    assert {name for name, _ in first.votes} == {"unit 0", "unit 1"}
    second = unit_profiles(net, X, y, [0, 1, 2], layer=1)
    assert len(second) == 2
    a = np.maximum(np.maximum(X @ net.coefs[0], 0) @ net.coefs[1], 0)
    assert second[1].mean == pytest.approx(a[:, 1].mean())
    with pytest.raises(DataError, match="no hidden layer 2: the net has 2"):
        unit_profiles(net, X, y, [0, 1, 2], layer=2)


@pytest.mark.parametrize("activation", ["relu", "leaky_relu", "elu", "gelu", "silu", "softplus"])
def test_dead_units(activation):
    X = RNG.normal(size=(2000, 2))
    net = net_of([[1.0, 1.0], [0.0, 1.0]], [1.0, 1.0], activation=activation, intercepts=[0, -30])
    alive, dead = flags_of(net, X)
    assert dead.words() == ("dead",)
    assert dead.flat_share == 1.0
    assert alive.words() == ()
    # One row in 500 wakes it.
    X[::500, 1] = 40.0
    assert not flags_of(net, X)[1].dead


@pytest.mark.parametrize("activation", ["logistic", "tanh"])
def test_dead_is_one_end_and_saturated_is_both(activation):
    ends = np.concatenate([RNG.uniform(1, 2, 500), RNG.uniform(-2, -1, 500)])
    X = np.column_stack([RNG.normal(size=1000), ends])
    weights = [[1.0, 0.0, 0.0], [0.0, 20.0, 20.0]]
    net = net_of(weights, [1.0, 1.0, 1.0], activation=activation, intercepts=[0, 0, 90])
    healthy, switch, stuck = flags_of(net, X)
    assert healthy.words() == ()
    assert switch.words() == ("saturated",)
    assert stuck.words() == ("dead",)
    assert (switch.flat_share, stuck.flat_share) == (1.0, 1.0)


def test_identity_units_are_never_flat():
    net = net_of([[1.0, -100.0]], [1.0, -2.0], activation="identity")
    assert [f.flat_share for f in flags_of(net, RNG.normal(size=(50, 1)))] == [0.0, 0.0]


def test_duplicates_name_each_other():
    X = RNG.normal(size=(500, 3))
    weights = np.column_stack([[1.0, 2, 0], [-2.0, -4, 0], [0.0, 0, 1], [1.0, 2, 0.05]])
    flags = flags_of(net_of(weights, [1.0, 1, 1, 1], activation="tanh"), X)
    assert flags[0].words() == ("duplicate of unit 3",)
    assert flags[3].words() == ("duplicate of unit 0",)
    assert flags[2].words() == ()
    assert not flags[1].duplicate  # steeper: its activation is another
    assert -0.99 < flags[1].correlation < -0.9
    mirrored = flags_of(net_of([[1.0, -1.0]], [1.0, 1.0], activation="tanh"), X[:, :1])
    assert mirrored[0].words() == ("duplicate of unit 1",)
    assert mirrored[0].correlation == pytest.approx(-1.0)


def test_unused_units():
    X = RNG.normal(size=(500, 2))
    out = np.array([[1.0, -1.0, 0.0], [0.001, 0.0, 0.0]])
    strong, weak = flags_of(net_of(np.eye(2), out), X)
    assert strong.words() == ()
    assert weak.words() == ("unused",)
    assert strong.influence == 1.0
    assert 0 < weak.influence < 0.01
    # The same weight to all classes says nothing.
    assert flags_of(net_of(np.eye(2), [[1.0, -1, 0], [9.0, 9, 9]]), X)[1].words() == ("unused",)


def test_what_cannot_be_described():
    net = net_of([[1.0]], [1.0])
    with pytest.raises(DataError, match="labels were given for"):
        unit_profiles(net, [[1.0]], [0, 1], [0, 1])
    with pytest.raises(DataError, match="A net of 2 classes cannot have 3"):
        unit_profiles(net, [[1.0]], [0], [0, 1, 2])
