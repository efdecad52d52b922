"""Several random starts: the first is a single fit's, the best is kept."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.datasets import load_digits

from glassnet.estimators import MLPClassifier
from glassnet.estimators.restarts import best_restart
from glassnet.model import Progress
from glassnet.training import Fit, Stop, available_engines

X, Y = load_digits(return_X_y=True)
X, Y = X[:300] / 16, Y[:300]
pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")


@pytest.fixture(autouse=True, params=available_engines())
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("GLASSNET_ENGINE", request.param)
    return request.param


def net(**parameters: object) -> MLPClassifier:
    return MLPClassifier((6,), **{"max_iter": 8, "random_state": 5, **parameters})


@pytest.mark.parametrize("solver", ["sgd", "adam", "lbfgs"])
def test_the_first_start_is_the_single_fit(solver: str) -> None:
    single = net(solver=solver).fit(X, Y)
    many = net(solver=solver, n_restarts=3, keep_restarts=True).fit(X, Y)
    assert many.restarts_[0].seed == 5
    assert many.restarts_[0].loss == single.loss_
    for mine, theirs in zip(many.restarts_[0].coefs, single.coefs_, strict=True):
        np.testing.assert_array_equal(mine.astype(theirs.dtype), theirs)


def test_a_further_start_is_the_fit_of_its_seed() -> None:
    many = net(n_restarts=3, keep_restarts=True).fit(X, Y)
    second = many.restarts_[1]
    alone = net(random_state=second.seed).fit(X, Y)
    assert alone.loss_ == second.loss
    np.testing.assert_array_equal(second.coefs[0].astype(float), alone.coefs_[0])


def test_the_lowest_loss_is_kept() -> None:
    many = net(n_restarts=6).fit(X, Y)
    losses = [restart.loss for restart in many.restarts_]
    assert len(set(losses)) == 6
    assert many.loss_ == min(losses)
    assert many.restarts_[0].coefs is None


def test_the_best_score_is_kept_where_there_is_one() -> None:
    many = net(n_restarts=5, early_stopping=True, max_iter=30).fit(X, Y)
    scores = [restart.score for restart in many.restarts_]
    assert many.best_validation_score_ == max(scores)


def test_a_start_that_diverges_is_not_the_best() -> None:
    losses = []
    for rate in (0.1, 1e30):
        many = net(solver="sgd", n_restarts=2, learning_rate_init=rate, alpha=10.0)
        if rate == 0.1:
            losses = [restart.stop for restart in many.fit(X, Y).restarts_]
        else:
            with pytest.raises(ValueError, match="diverged"):
                many.fit(X, Y)
            assert {restart.stop for restart in many.restarts_} == {"diverged"}
    assert "diverged" not in losses


def test_restarts_leave_the_random_state_where_a_single_fit_does() -> None:
    states = [np.random.RandomState(4), np.random.RandomState(4)]
    net(random_state=states[0]).fit(X, Y)
    net(random_state=states[1], n_restarts=4).fit(X, Y)
    assert states[0].randint(1 << 30) == states[1].randint(1 << 30)


def test_going_on_has_no_restarts() -> None:
    many = net(n_restarts=3, warm_start=True).fit(X, Y)
    before = many.restarts_
    many.fit(X, Y)
    assert many.restarts_ is before
    assert len(many.loss_curve_) == 16


def test_a_start_that_was_interrupted_before_its_first_epoch_is_not_the_best() -> None:
    def fit(loss: float, best_score: float) -> Fit:
        progress = Progress(best_score=best_score)
        curve = [] if np.isnan(loss) else [loss]
        return Fit(np.zeros(3), loss, curve, len(curve), Stop.INTERRUPTED, "", progress=progress)

    untrained = fit(np.nan, -np.inf)
    fits = [untrained, fit(0.5, 0.7), untrained, fit(0.2, 0.6)]
    assert best_restart(fits, by_score=False) == 3
    assert best_restart(fits, by_score=True) == 1
    assert best_restart([untrained, untrained], by_score=True) == 0
