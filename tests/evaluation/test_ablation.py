"""The net without a unit: against the whole net computed anew."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy.special import expit, log_softmax

from glassnet.errors import DataError
from glassnet.evaluation import FittedNet, ablate_units
from glassnet.model import ACTIVATIONS

RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(60, 4)), RNG.integers(3, size=60)


def net_of(sizes, activation="relu", seed=0):
    rng = np.random.default_rng(seed)
    return FittedNet.of(
        [rng.normal(size=s) for s in itertools.pairwise(sizes)],
        [rng.normal(size=k) for k in sizes[1:]],
        activation=activation,
        output="softmax" if sizes[-1] > 1 else "logistic",
    )


def scores_without(net, layer, unit, to):
    """Compute all layers anew, with the unit's activation set to one number."""
    a = X
    for number, (coef, intercept) in enumerate(zip(net.coefs, net.intercepts, strict=True)):
        a = a @ coef + intercept
        if number == net.n_hidden:
            return a
        net.network.hidden.apply(a)
        if number == layer:
            a[:, unit] = a[:, unit].mean() if to == "mean" else 0.0
    return a


@pytest.mark.parametrize("to", ["mean", "zero"])
@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("layer", [0, 1])
def test_against_the_whole_net_computed_anew(activation, layer, to):
    net = net_of((4, 5, 6, 3), activation)
    found = ablate_units(net, X, Y, [0, 1, 2], layer=layer, to=to)
    assert found.units.tolist() == list(range((5, 6)[layer]))
    for unit in found.units:
        z = scores_without(net, layer, unit, to)
        right = z.argmax(axis=1) == Y
        expected = [right[c == Y].mean() for c in range(3)]
        np.testing.assert_allclose(found.rates_without[unit], expected)
        assert found.accuracy_without[unit] == pytest.approx(right.mean())
        loss = -log_softmax(z, axis=1)[np.arange(60), Y].mean()
        assert found.loss_without[unit] == pytest.approx(loss)
    whole = net.layers(X).scores
    right = whole.argmax(axis=1) == Y
    assert found.accuracy == pytest.approx(right.mean())
    assert found.loss == pytest.approx(-log_softmax(whole, axis=1)[np.arange(60), Y].mean())
    np.testing.assert_allclose(found.changes, found.rates_without - found.rates)
    assert found.rows.tolist() == np.bincount(Y).tolist()


def test_two_classes():
    net = net_of((4, 5, 1), "tanh")
    y = (Y > 0).astype(int)
    found = ablate_units(net, X, y, [0, 1], ["no", "yes"], units=[3])
    z = scores_without(net, 0, 3, "mean")[:, 0]
    assert found.units.tolist() == [3]
    assert found.rates_without[0, 1] == pytest.approx((z[y == 1] > 0).mean())
    p = expit(z)
    expected = -(y * np.log(p) + (1 - y) * np.log(1 - p)).mean()
    assert found.loss_without[0] == pytest.approx(expected)


def test_the_sentence_names_the_class_that_loses_most():
    net = FittedNet.of([np.eye(2), np.eye(2)], [np.zeros(2), np.zeros(2)])
    rows = np.array([[5.0, 1.0], [4.0, 0.0], [0.0, 3.0], [1.0, 3.0]])
    found = ablate_units(net, rows, [0, 0, 1, 1], [0, 1], ["left", "right"], to="zero")
    assert found.rates_without.tolist() == [[0.5, 1.0], [1.0, 0.0]]
    assert found.sentence(1).startswith(
        "Without unit 1 the success rate goes from 100.0 to 50.0 % and the loss rises by "
    )
    assert found.sentence(1).endswith("; right loses most, 100.0 points.")
    same = FittedNet.of([np.eye(2), np.zeros((2, 2))], [np.zeros(2), np.zeros(2)])
    none = ablate_units(same, rows, [0, 0, 1, 1], [0, 1])
    assert none.sentence(0).endswith("; no class does worse.")


def test_a_class_without_rows_has_no_rate():
    net = net_of((4, 5, 3))
    found = ablate_units(net, X[:2], [0, 1], [0, 1, 2])
    assert np.isnan(found.rates[2])
    assert np.isnan(found.rates_without[:, 2]).all()
    assert "Without unit 0" in found.sentence(0)


def test_what_cannot_be_switched_off():
    net = net_of((4, 5, 3))
    with pytest.raises(DataError, match="'mean' or to 'zero'"):
        ablate_units(net, X, Y, [0, 1, 2], to="median")
    with pytest.raises(DataError, match="numbered 0 to 4"):
        ablate_units(net, X, Y, [0, 1, 2], units=[5])
    with pytest.raises(DataError, match="no hidden layer 1"):
        ablate_units(net, X, Y, [0, 1, 2], layer=1)
    with pytest.raises(DataError, match="came with 59 labels"):
        ablate_units(net, X, Y[1:], [0, 1, 2])
