"""Searches on several workers, of whom some are killed, end as they would have alone."""

from __future__ import annotations

import os
import pathlib
import signal
import warnings
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import cloudpickle
import numpy as np
import pytest
from joblib import parallel_config
from sklearn.datasets import load_digits

from glassnet import MLPClassifier, MLPClassifierCV
from glassnet.search.spreading import spread
from glassnet.search.trial import Data

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")

SPACE = {"hidden_layer_sizes": [(8,), (16,)], "learning_rate_init": [0.001, 0.003, 0.01, 0.03]}
COMPARED = ("mean_test_score", "std_test_score", "rung", "rank_test_score", "mean_n_epochs")


class Killer:
    """Kills a worker as soon as one chunk has come back."""

    def __init__(self, kill: Callable[[], None]) -> None:
        self.kill, self.has_killed = kill, False

    def recalls(self, trial: Any, rung: int) -> None:
        return None

    def hears(self, trials: Any, rung: int) -> None:
        if not self.has_killed:
            self.has_killed = True
            self.kill()

    def cuts(self, going_on: Any, rung: int) -> None:
        pass


@pytest.fixture(scope="module")
def digits() -> tuple[np.ndarray, np.ndarray]:
    X, y = load_digits(return_X_y=True)
    return X / 16, y


def search(n_jobs: int | None = None) -> MLPClassifierCV:
    net = MLPClassifier(max_iter=12, random_state=0)
    return MLPClassifierCV(SPACE, estimator=net, cv=3, n_jobs=n_jobs, n_restarts=2)


@pytest.fixture(scope="module")
def alone(digits: Any) -> dict[str, Any]:
    return search().fit(*digits).cv_results_


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    distributed = pytest.importorskip("distributed", reason="needs dask's distributed")
    settings = {"n_workers": 2, "threads_per_worker": 1, "processes": True}
    with (
        distributed.LocalCluster(**settings, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client


def assert_same(found: dict[str, Any], alone: dict[str, Any]) -> None:
    for name in COMPARED:
        np.testing.assert_array_equal(found[name], alone[name])


def test_dask_finds_the_same(digits: Any, alone: dict[str, Any], client: Any) -> None:
    with parallel_config("dask"):
        found = search().fit(*digits).cv_results_
    assert_same(found, alone)


def test_rows_are_sent_once_and_chunks_are_small(
    digits: Any, client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    X, y = digits
    rows = np.tile(X, (1, 16)).astype(np.float32)  # 7 MB
    scattered, chunks = [], []
    scatter, submit = client.scatter, client.submit

    def scatters(what: Any, **given: Any) -> Any:
        scattered.append(what)
        return scatter(what, **given)

    def submits(work: Any, *, tasks: Any, **given: Any) -> Any:
        # What stands for scattered rows are futures, which travel as names.
        chunks.append([part for _, args, _ in tasks for part in args if isinstance(part, list)])
        assert not any(isinstance(part, np.ndarray) for _, args, _ in tasks for part in args)
        return submit(work, tasks=tasks, **given)

    monkeypatch.setattr(client, "scatter", scatters)
    monkeypatch.setattr(client, "submit", submits)
    with parallel_config("dask"):
        MLPClassifierCV(
            {"alpha": [1e-4, 1e-3, 1e-2, 1e-1]},
            estimator=MLPClassifier((2,), max_iter=1, random_state=0),
            cv=2,
            halving=None,
        ).fit(rows, y)
    assert [part.nbytes for part in scattered].count(rows.nbytes) == 1
    assert sum(len(trials) for parts in chunks for trials in parts) == 8
    assert all(len(cloudpickle.dumps(parts)) < rows.nbytes / 20 for parts in chunks)


@pytest.mark.parametrize("n_killed", [1, 2])
def test_dask_survives_the_loss_of_workers(
    digits: Any, alone: dict[str, Any], client: Any, n_killed: int
) -> None:
    def kill() -> None:
        for pid in list(client.run(os.getpid).values())[:n_killed]:
            os.kill(pid, signal.SIGKILL)

    killer = Killer(kill)
    with parallel_config("dask"), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Workers were lost")
        found = search().fit_followed(*digits, listener=killer).cv_results_
    assert killer.has_killed
    assert_same(found, alone)


def test_processes_of_this_machine_may_be_killed_too(
    digits: Any, alone: dict[str, Any], tmp_path: pathlib.Path
) -> None:
    # Killed at its work, by itself: from outside it might be hit while it sends a result, which
    # joblib would go on reading for ever.
    has_killed = tmp_path / "killed"

    def deadly_once(net: Any, X: Any, y: Any) -> float:
        try:
            has_killed.touch(exist_ok=False)
        except FileExistsError:
            return float(net.score(X, y))
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError("not reached")

    searcher = search(n_jobs=2).set_params(scoring=deadly_once)
    with pytest.warns(UserWarning, match="nets are sent out again"):
        found = searcher.fit(*digits).cv_results_
    assert has_killed.exists()
    assert_same(found, alone)


def test_what_the_work_raises_is_raised_at_once(digits: Any) -> None:
    def angry(net: Any, X: Any, y: Any) -> float:
        raise ZeroDivisionError("no score today")

    with pytest.raises(ZeroDivisionError, match="no score today"):
        search(n_jobs=2).set_params(scoring=angry).fit(*digits)


def test_work_that_never_comes_back_is_given_up() -> None:
    trial = SimpleNamespace(key=(0, 0, 0))
    sent = []

    def loses(chunk: Any, data: Any) -> Any:
        sent.append(chunk)

    found = spread(loses, lambda trials: [list(trials)], [trial], Data(None, None, None), 1)
    with (
        pytest.warns(UserWarning, match="1 nets are sent out again"),
        pytest.raises(RuntimeError, match="given them 4 times"),
    ):
        next(found)
    assert len(sent) == 4
