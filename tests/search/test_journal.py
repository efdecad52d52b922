"""A search that was killed goes on where it was, and ends as if nothing had happened."""

from __future__ import annotations

import os
import pathlib
import signal
import subprocess
import sys
import textwrap
import warnings
from typing import Any

import numpy as np
import pytest
from sklearn.datasets import load_digits

from glassnet import MLPClassifier, MLPClassifierCV
from glassnet.errors import OutputError
from glassnet.search.journal import Journal

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")

COMPARED = ("mean_test_score", "rung", "rank_test_score", "mean_n_epochs")


@pytest.fixture(scope="module")
def digits() -> tuple[np.ndarray, np.ndarray]:
    X, y = load_digits(return_X_y=True)
    return X[:600] / 16, y[:600]


class Counting:
    """Counts what is trained, and stops everything after so many chunks."""

    def __init__(self, journal: Journal, most: float = np.inf) -> None:
        self.journal, self.most, self.trained = journal, most, 0

    def recalls(self, trial: Any, rung: int) -> Any:
        return self.journal.recalls(trial, rung)

    def hears(self, trials: Any, rung: int) -> None:
        if self.trained >= self.most:
            raise KeyboardInterrupt
        self.journal.hears(trials, rung)
        self.trained += 1

    def cuts(self, going_on: Any, rung: int) -> None:
        self.journal.cuts(going_on, rung)


def search(**own: Any) -> MLPClassifierCV:
    space = {"learning_rate_init": [0.001, 0.003, 0.01, 0.03], "hidden_layer_sizes": [(8,), (12,)]}
    net = MLPClassifier(**({"max_iter": 12, "random_state": 0} | own))
    return MLPClassifierCV(space, estimator=net, cv=2, halving=2, n_restarts=2)


def chunks_of(search: MLPClassifierCV, digits: Any, listener: Any) -> dict[str, Any]:
    return search.fit_followed(*digits, listener=listener, chunk_size=4).cv_results_


@pytest.mark.parametrize(
    "own",
    [
        {},
        {"solver": "sgd", "momentum": 0.5, "learning_rate": "adaptive"},
        {"solver": "adamw", "precision": "float64", "shuffle": False},
        {"solver": "lbfgs"},
        {"early_stopping": True},
    ],
    ids=str,
)
def test_a_search_goes_on_where_it_was_stopped(
    digits: Any, tmp_path: pathlib.Path, own: dict[str, Any]
) -> None:
    whole = Counting(Journal(tmp_path / "whole", {}))
    expected = chunks_of(search(**own), digits, whole)
    n_chunks, done = whole.trained, 0
    while done < n_chunks:
        part = Counting(Journal(tmp_path / "parts", {}), most=3)
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Search interrupted")
            found = chunks_of(search(**own), digits, part)
        done += part.trained
        assert part.trained in (3, n_chunks % 3) or done == n_chunks
    for name in COMPARED:
        np.testing.assert_array_equal(found[name], expected[name])
    again = Counting(Journal(tmp_path / "parts", {}))
    chunks_of(search(**own), digits, again)
    assert again.trained == 0


def test_a_killed_process_loses_one_chunk_at_most(digits: Any, tmp_path: pathlib.Path) -> None:
    code = textwrap.dedent(
        f"""
        import sys
        from sklearn.datasets import load_digits
        sys.path.insert(0, {str(pathlib.Path(__file__).parent)!r})
        import test_journal as t
        X, y = load_digits(return_X_y=True)
        class Dying(t.Counting):
            def hears(self, trials, rung):
                super().hears(trials, rung)
                if self.trained == 5:
                    import os, signal
                    os.kill(os.getpid(), signal.SIGKILL)
        listener = Dying(t.Journal({str(tmp_path)!r}, {{}}))
        t.chunks_of(t.search(), (X[:600] / 16, y[:600]), listener)
        """
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    whole = Counting(Journal(tmp_path / "whole", {}))
    expected = chunks_of(search(), digits, whole)
    rest = Counting(Journal(tmp_path, {}))
    found = chunks_of(search(), digits, rest)
    assert rest.trained == whole.trained - 5
    for name in COMPARED:
        np.testing.assert_array_equal(found[name], expected[name])


def test_another_search_is_refused(tmp_path: pathlib.Path) -> None:
    Journal(tmp_path, {"data": "a"})
    Journal(tmp_path, {"data": "a"})
    with pytest.raises(OutputError, match="search of other data or with other options"):
        Journal(tmp_path, {"data": "b"})


@pytest.mark.parametrize("damage", ["cut", "noise", "empty", "pickle"])
def test_damaged_files_are_trained_again(digits: Any, tmp_path: pathlib.Path, damage: str) -> None:
    first = Counting(Journal(tmp_path, {}))
    expected = chunks_of(search(), digits, first)
    for path in tmp_path.glob("*.npz"):
        content = path.read_bytes()
        if damage == "cut":
            path.write_bytes(content[: len(content) // 2])
        elif damage == "noise":
            middle = len(content) // 2
            path.write_bytes(content[:middle] + os.urandom(64) + content[middle + 64 :])
        elif damage == "empty":
            path.write_bytes(b"")
        else:
            np.savez(path, keys=np.array([[0, 0, 0, 0]]), **{"0.0.0/theta": np.array([{}])})
    second = Counting(Journal(tmp_path, {}))
    found = chunks_of(search(), digits, second)
    assert second.trained > 0
    for name in COMPARED:
        np.testing.assert_array_equal(found[name], expected[name])
