"""The picture of luck."""

from __future__ import annotations

import numpy as np
import pytest

from glassnet import MLPClassifier, MLPRegressor
from glassnet.errors import DataError
from glassnet.pictures import RestartsDisplay

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")


def test_each_start_is_a_dot_and_the_kept_one_is_marked(misplaced):
    values = [0.90, 0.94, 0.92, np.nan, 0.9001]
    display = RestartsDisplay.from_values(values, kept=1, n_rows=400)
    np.testing.assert_array_equal(display.dots_.get_xdata(), [0.90, 0.92, 0.9001])
    np.testing.assert_allclose(display.dots_.get_ydata(), [-0.08, 0, 0.08])
    assert display.kept_.get_xdata() == [0.94]
    spread = display.spread
    seeds, rows = (line for line in display.ax_.lines if line.get_linewidth() == 5)
    ends = [spread.mean - 2 * spread.sd, spread.mean + 2 * spread.sd]
    np.testing.assert_allclose(seeds.get_xdata(), ends)
    assert list(rows.get_xdata()) == [spread.interval_low, spread.interval_high]
    labels = [label.get_text() for label in display.ax_.get_yticklabels()]
    assert labels == [
        "4 random starts", "mean ± 2 sd: another seed", "95 % interval: 400 other rows",
    ]  # fmt: skip
    assert display.ax_.get_title(loc="left") == "How much is luck? (1 of the starts diverged)"
    assert misplaced(display.figure_, display.ax_.get_yticklabels()) == []


def test_one_start_alone_has_no_bars():
    display = RestartsDisplay.from_values([0.5], what="loss")
    assert [label.get_text() for label in display.ax_.get_yticklabels()] == ["1 random start"]
    assert display.kept_ is None
    assert display.ax_.get_xlabel() == "loss"


def test_equal_starts_lie_side_by_side(misplaced):
    display = RestartsDisplay.from_values([0.9] * 40, n_rows=10)
    assert len(set(display.offsets)) == 40
    assert misplaced(display.figure_, display.ax_.get_yticklabels()) == []
    low, high = sorted(display.ax_.get_ylim())
    assert low < display.offsets.min() < display.offsets.max() < 1 + display.offsets.max() < high


def test_a_net_shows_its_starts(digits):
    X, y = digits
    settings = {"max_iter": 8, "n_restarts": 5, "random_state": 0}
    net = MLPClassifier((8,), keep_restarts=True, **settings).fit(X[:300], y[:300])
    losses = [one.loss for one in net.restarts_]
    display = RestartsDisplay.from_estimator(net)
    assert display.spread.values == tuple(losses)
    assert display.spread.kept == int(np.argmin(losses))
    assert display.spread.what == "training loss"

    held_out = RestartsDisplay.from_estimator(net, X[300:], y[300:]).spread
    assert held_out.n_rows == 100
    assert held_out.kept == display.spread.kept
    assert held_out.values[held_out.kept] == net.score(X[300:], y[300:])
    assert len(set(held_out.values)) > 1

    early = MLPClassifier((8,), early_stopping=True, **settings).fit(X, y)
    spread = RestartsDisplay.from_estimator(early).spread
    assert spread.what == "best validation accuracy"
    assert spread.values[spread.kept] == early.best_validation_score_ == spread.high
    with pytest.raises(DataError, match="keep_restarts=True"):
        RestartsDisplay.from_estimator(early, X, y)


def test_numbers_have_no_interval(digits):
    X, y = digits
    net = MLPRegressor(
        hidden_layer_sizes=(8,), max_iter=5, n_restarts=3, keep_restarts=True, random_state=0
    ).fit(X / 16, y)
    spread = RestartsDisplay.from_estimator(net, X / 16, y).spread
    assert spread.what == "held-out R²"
    assert spread.interval_low is None
    assert spread.values[spread.kept] == pytest.approx(net.score(X / 16, y))


def test_a_model_without_restarts_is_told():
    with pytest.raises(DataError, match="no restarts_ to draw"):
        RestartsDisplay.from_estimator(MLPClassifier())
