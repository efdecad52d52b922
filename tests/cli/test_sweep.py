"""``glassnet sweep``: what it searches, writes and goes on from."""

from __future__ import annotations

import os
import pathlib
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from click.testing import Result
from sklearn.model_selection import StratifiedKFold

from glassnet import MLPClassifier, MLPClassifierCV, load_dataset, load_model
from glassnet.data import Preprocessor
from glassnet.estimators.holdout import split_rows

Run = Callable[..., Result]
SMALL = ("--max-iter", "12", "--folds", "3", "--try", "learning-rate=0.001,0.01,0.1")


def test_it_finds_what_the_search_in_python_finds(run: Run) -> None:
    done = run("sweep", "iris", *SMALL, "--try", "hidden=4,6x3", "--holdout", "0.2", "--seed", "3")
    assert done.exit_code == 0, done.output
    iris = load_dataset("iris")
    train, held_out = split_rows(np.asarray(iris.y), 0.2, 3)
    part = iris.subset(train)
    prepared = Preprocessor.for_dataset(part).fit(part.X)
    search = MLPClassifierCV(
        {"learning_rate_init": [0.001, 0.01, 0.1], "hidden_layer_sizes": [(4,), (6, 3)]},
        estimator=MLPClassifier(max_iter=12, random_state=3),
        cv=StratifiedKFold(3, shuffle=True, random_state=3),
        random_state=3,
    )
    with pytest.warns(UserWarning, match="maximum iterations"):
        search.fit(prepared.transform(part.X), np.asarray(part.y))
    table = pd.read_csv("glassnet-sweep/results.csv")
    assert len(table) == 6
    assert table["rank_test_score"].is_monotonic_increasing
    assert table["mean_test_score"][0] == pytest.approx(search.best_score_)
    assert table["learning_rate_init"][0] == search.best_params_["learning_rate_init"]
    model = load_model("glassnet-sweep/net.safetensors")
    for ours, theirs in zip(model.estimator.coefs_, search.best_estimator_.coefs_, strict=True):
        np.testing.assert_array_equal(ours, theirs)
    right = int(np.sum(model.predict(iris.subset(held_out)) == np.asarray(iris.y)[held_out]))
    assert f"gets {right} of 30 held-out rows right" in " ".join(done.stdout.split())
    page = pathlib.Path("glassnet-sweep/sweep.html").read_text()
    assert "A sweep over iris" in page
    assert f"{search.best_score_:.4f}" in page


def test_a_range_is_drawn_from(run: Run) -> None:
    done = run("sweep", "iris", "--max-iter", "3", "--folds", "2", "--try", "hidden=4",
               "--try", "learning-rate=0.0001..0.1", "--try",
               "alpha=0..0.5", "--candidates", "7", "--no-halving")  # fmt: skip
    assert done.exit_code == 0, done.output
    table = pd.read_csv("glassnet-sweep/results.csv")
    assert len(table) == 7
    assert table["learning_rate_init"].between(1e-4, 0.1).all()
    assert table["alpha"].between(0, 0.5).all()
    assert (table["mean_n_epochs"] == 3).all()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (("--try", "learning-rate"), "'learning-rate' has no values"),
        (("--try", "lerning-rate=1"), "Did you mean learning-rate|none of hidden"),
        (("--try", "alpha=1..0"), "1..0 is no range of numbers"),
        (("--try", "alpha=0..1"), "say with --candidates how many"),
        (("--try", "alpha=1", "--try", "alpha=2"), "names alpha twice"),
        (("--try", "alpha=-1"), "'alpha' parameter of MLPClassifier must be"),
        (("--try", "activation=rely"), "'activation' parameter of MLPClassifier must be"),
        (("--folds", "60"), "A class has 45 rows"),
    ],
)
def test_what_cannot_be_searched_is_told(run: Run, given: tuple[str, ...], message: str) -> None:
    done = run("sweep", "iris", *given)
    assert done.exit_code == 2, done.output
    assert re.search(message, " ".join(done.stderr.split())), done.stderr
    assert "Traceback" not in done.output
    assert not pathlib.Path("glassnet-sweep/results.csv").exists()


def test_another_sweep_does_not_write_over_the_first(run: Run) -> None:
    assert run("sweep", "iris", *SMALL).exit_code == 0
    before = pathlib.Path("glassnet-sweep/results.csv").read_bytes()
    done = run("sweep", "iris", *SMALL, "--seed", "1")
    assert done.exit_code == 2
    assert "holds a search of other data or with other options" in " ".join(done.stderr.split())
    assert pathlib.Path("glassnet-sweep/results.csv").read_bytes() == before


def test_a_killed_sweep_goes_on_and_ends_the_same(run: Run, tmp_path: pathlib.Path) -> None:
    options = ("sweep", "digits", "--max-iter", "30", "--folds", "3", "--restarts", "3",
               "--try", "learning-rate=0.003,0.01,0.03", "--try", "hidden=16,24,32")  # fmt: skip
    # As the kernel would end it, in the middle of the work.
    with subprocess.Popen(
        [sys.executable, "-m", "glassnet", *options, "--out", "killed"],
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    ) as process:
        journal = tmp_path / "killed" / "journal"
        until = time.monotonic() + 120
        while len(list(journal.glob("*.npz"))) < 2 and process.poll() is None:
            assert time.monotonic() < until
            time.sleep(0.005)
        process.send_signal(signal.SIGKILL)
    written = {path: os.stat(path).st_mtime_ns for path in journal.glob("rung*.npz")}
    assert written
    assert run(*options, "--out", "killed").exit_code == 0
    assert all(os.stat(path).st_mtime_ns == at for path, at in written.items())
    assert run(*options, "--out", "whole").exit_code == 0
    ends = [pd.read_csv(f"{out}/results.csv").drop(columns="mean_fit_time") for out in
            ("killed", "whole")]  # fmt: skip
    pd.testing.assert_frame_equal(*ends, check_exact=True)
    nets = [load_model(f"{out}/net.safetensors").estimator.coefs_ for out in ("killed", "whole")]
    for killed, whole in zip(*nets, strict=True):
        np.testing.assert_array_equal(killed, whole)
