"""scikit-learn's callbacks hear of each epoch; a fit without them is what it was."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.callback import ProgressBar, ScoringMonitor
from sklearn.datasets import load_iris
from sklearn.model_selection import GridSearchCV
from sklearn.preprocessing import scale

from glassnet import MLPClassifier
from glassnet.training import available_engines

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
IRIS, SPECIES = load_iris(return_X_y=True)
IRIS = scale(IRIS)
NET: dict[str, Any] = {"hidden_layer_sizes": (5,), "random_state": 0, "max_iter": 6}


@pytest.fixture(autouse=True, params=available_engines())
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Run every test with every engine."""
    monkeypatch.setenv("GLASSNET_ENGINE", request.param)
    return request.param


class Watch:
    """A callback that keeps what it hears, and may stop the fit after some epochs."""

    def __init__(self, stops_after: int | None = None) -> None:
        self.stops_after = stops_after
        self.began: list[str] = []
        self.ended: list[tuple[str, int]] = []
        self.nets: list[Any] = []
        self.calls: list[str] = []

    def setup(self, estimator: Any, context: Any) -> None:
        self.calls.append("setup")

    def teardown(self, estimator: Any, context: Any) -> None:
        self.calls.append("teardown")

    def on_fit_task_begin(self, estimator: Any, context: Any) -> None:
        self.began.append(context.task_name)

    def on_fit_task_end(
        self, estimator: Any, context: Any, *, X: Any, y: Any, metadata: Any, fitted_estimator: Any
    ) -> bool:
        assert X is IRIS
        assert y is SPECIES
        self.metadata = metadata
        self.ended.append((context.task_name, context.task_id))
        if context.task_name == "epoch" and fitted_estimator is not None:
            self.nets.append(fitted_estimator)
        return len(self.nets) == self.stops_after


@pytest.mark.parametrize("solver", ["sgd", "adam", "lbfgs"])
def test_each_epoch_is_a_task_with_its_net(solver: str) -> None:
    watch = Watch()
    net = MLPClassifier(**NET, solver=solver).set_callbacks(watch).fit(IRIS, SPECIES)
    assert watch.calls == ["setup", "teardown"]
    assert watch.began == ["fit"] + ["epoch"] * 6
    assert watch.ended == [("epoch", i) for i in range(6)] + [("fit", 0)]
    assert np.array_equal(watch.nets[-1].coefs_[0], net.coefs_[0])
    three = MLPClassifier(**{**NET, "max_iter": 3}, solver=solver).fit(IRIS, SPECIES)
    assert np.array_equal(watch.nets[2].predict_proba(IRIS), three.predict_proba(IRIS))
    assert watch.nets[2].n_iter_ == 3
    alone = MLPClassifier(**NET, solver=solver).fit(IRIS, SPECIES)
    assert np.array_equal(alone.coefs_[0], net.coefs_[0])
    assert watch.metadata is None
    net.fit(IRIS, SPECIES, np.ones(150))
    assert list(watch.metadata) == ["sample_weight"]


def test_training_that_ends_early_ends_an_empty_task() -> None:
    watch = Watch()
    settings = {**NET, "max_iter": 300, "tol": 0.05, "n_iter_no_change": 1}
    net = MLPClassifier(**settings).set_callbacks(watch).fit(IRIS, SPECIES)
    assert len(watch.nets) == net.n_iter_ < 300
    assert len(watch.ended) == len(watch.began) == net.n_iter_ + 2


def test_a_callback_may_stop_the_fit_without_a_warning(recwarn: pytest.WarningsRecorder) -> None:
    watch = Watch(stops_after=2)
    net = MLPClassifier(**NET).set_callbacks(watch).fit(IRIS, SPECIES)
    assert net.n_iter_ == 2
    assert np.array_equal(net.coefs_[0], watch.nets[-1].coefs_[0])
    assert len(recwarn) == 0
    assert watch.ended[-1] == ("fit", 0)


def test_random_starts_are_tasks_of_their_own() -> None:
    watch = Watch()
    net = MLPClassifier(**NET, n_restarts=3).set_callbacks(watch).fit(IRIS, SPECIES)
    assert watch.began.count("random start") == 3
    assert watch.began.count("epoch") == watch.ended.count(("epoch", 5)) * 6 == 18
    assert any(np.array_equal(found.coefs_[0], net.coefs_[0]) for found in watch.nets)


def test_partial_fit_tells_nobody() -> None:
    watch = Watch()
    net = MLPClassifier(**NET).set_callbacks(watch)
    net.partial_fit(IRIS, SPECIES, classes=[0, 1, 2])
    assert watch.calls == []


def test_what_a_callback_raises_comes_through_and_it_is_torn_down() -> None:
    class Fails(Watch):
        def on_fit_task_end(self, estimator: Any, context: Any) -> bool:  # type: ignore[override]
            raise LookupError("no room")

    watch = Fails()
    with pytest.raises(LookupError, match="no room"):
        MLPClassifier(**NET).set_callbacks(watch).fit(IRIS, SPECIES)
    assert watch.calls == ["setup", "teardown"]


def test_scikit_learns_own_callbacks(capsys: pytest.CaptureFixture[str]) -> None:
    monitor = ScoringMonitor(scoring="accuracy")
    net = MLPClassifier(**NET).set_callbacks(monitor, ProgressBar())
    net.fit(IRIS, SPECIES, X_val=IRIS, y_val=SPECIES)
    assert "MLPClassifier - fit" in capsys.readouterr().out
    log = [row for row in monitor.get_logs().data if row["task_name"] == "epoch"]
    assert [row["accuracy"] for row in log] == net.validation_scores_


def test_a_search_hands_its_callbacks_down(capsys: pytest.CaptureFixture[str]) -> None:
    search = GridSearchCV(MLPClassifier(**NET), {"alpha": [0.1, 1.0]}, cv=2)
    search.set_callbacks(ProgressBar(max_propagation_depth=None)).fit(IRIS, SPECIES)
    out = capsys.readouterr().out
    assert "GridSearchCV" in out
    assert "MLPClassifier" in out


def test_frames_reach_scikit_learns_monitor_with_their_names() -> None:
    frame = pd.DataFrame(IRIS, columns=["a", "b", "c", "d"])
    monitor = ScoringMonitor(scoring="accuracy")
    net = MLPClassifier(**NET).set_callbacks(monitor).fit(frame, SPECIES)  # no warning of names
    log = [row for row in monitor.get_logs().data if row["task_name"] == "epoch"]
    assert log[-1]["accuracy"] == net.score(frame, SPECIES)
