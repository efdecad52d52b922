"""glassnet beside scikit-learn, in one run: the same work, alternately, medians and ratios.

    python benchmarks/speed.py [--rounds 5] [--data FOLDER] [CASE ...]

Both sides get the same arguments and the same float64 rows. Each side is run once to warm up, then
both in turn, `--rounds` times; a line prints the medians and their ratio, how many times sooner
glassnet is done. A ratio below 1 is marked. FOLDER holds X.csv and y.csv (5000 images of 20x20
pixels); where it is absent, made-up rows of the same shape stand in.
"""

from __future__ import annotations

import argparse
import pathlib
import platform
import statistics
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import sklearn
from sklearn.datasets import load_breast_cancer, load_digits, load_iris
from sklearn.linear_model import LogisticRegression as ScikitLogistic
from sklearn.multiclass import OneVsRestClassifier
from sklearn.neural_network import MLPClassifier as ScikitMLP

from glassnet import LogisticRegression, MLPClassifier

DATA = pathlib.Path(__file__).resolve().parents[2] / "shared" / "data"
THE_NET = {
    "hidden_layer_sizes": (40,),
    "activation": "logistic",
    "solver": "sgd",
    "learning_rate_init": 1.0,
    "tol": 0.0,  # so that both sides run all epochs
    "n_iter_no_change": 1000,
}


@dataclass(frozen=True)
class Case:
    """One piece of work, done by both sides."""

    name: str
    theirs: Callable[[], Any]
    ours: Callable[[], Any]
    agree: Callable[[Any, Any], str]


def images(folder: pathlib.Path) -> tuple[np.ndarray, np.ndarray, str]:
    """Return 5000 images, read or made up, with the name of where they are from."""
    if (folder / "X.csv").exists():
        X = pd.read_csv(folder / "X.csv", header=None).to_numpy(dtype=np.float64)
        y = pd.read_csv(folder / "y.csv", header=None).to_numpy().ravel()
        return X, y, "5000 digit images"
    random = np.random.RandomState(0)
    y = np.repeat(np.arange(10), 500)
    X = np.maximum(random.normal(size=(10, 400))[y] + random.normal(scale=2, size=(5000, 400)), 0)
    return X / X.max(), y, "5000 made-up rows"


def nets(name: str, X: np.ndarray, y: np.ndarray, **parameters: Any) -> Case:
    """Return a case that fits the same net on both sides."""

    def fit(make: Callable[..., Any]) -> Callable[[], Any]:
        return lambda: make(random_state=0, **parameters).fit(X, y)

    def agree(theirs: Any, ours: Any) -> str:
        return f"loss {theirs.loss_:.5f} / {ours.loss_:.5f}, {theirs.n_iter_}/{ours.n_iter_} epochs"

    return Case(name, fit(ScikitMLP), fit(MLPClassifier), agree)


def one_vs_rest(X: np.ndarray, y: np.ndarray, where: str) -> Case:
    """Return the case of ten logistic regressions on the same rows."""

    def theirs() -> Any:
        return OneVsRestClassifier(ScikitLogistic(solver="liblinear")).fit(X, y)

    def ours() -> Any:
        return LogisticRegression(solver="liblinear", multi_class="ovr").fit(X, y)

    def agree(theirs: Any, ours: Any) -> str:
        coefs = [np.r_[each.coef_[0], each.intercept_[0]] for each in theirs.estimators_]
        mine = np.column_stack([ours.coef_, ours.intercept_])
        norms = [gradient_norm(X, y, ours.classes_, W) for W in (np.array(coefs), mine)]
        return f"largest gradient norm {norms[0]:.2g} / {norms[1]:.2g}"

    return Case(f"one-vs-rest, {where}, liblinear's problem", theirs, ours, agree)


def gradient_norm(X: np.ndarray, y: np.ndarray, classes: np.ndarray, W: np.ndarray) -> float:
    """Return the largest gradient norm of liblinear's problems (C = 1) at W (k, d + 1)."""
    rows = np.column_stack([X, np.ones(len(X))])
    errors = 1 / (1 + np.exp(-rows @ W.T)) - (y[:, np.newaxis] == classes)
    return float(np.linalg.norm(W.T + rows.T @ errors, axis=0).max())


def cases(folder: pathlib.Path) -> list[Case]:
    X, y, where = images(folder)
    digits, iris, cancer = (
        load(return_X_y=True) for load in (load_digits, load_iris, load_breast_cancer)
    )
    return [
        nets(f"net 400-40-10, {where}, sgd, 200 epochs", X, y, max_iter=200, **THE_NET),
        nets("digits, default parameters, 100 epochs", *digits, max_iter=100, n_iter_no_change=100),
        nets("iris, default parameters", *iris),
        nets("breast cancer, (20,), sgd", *cancer, hidden_layer_sizes=(20,), solver="sgd"),
        nets("digits, lbfgs", *digits, solver="lbfgs"),
        one_vs_rest(X, y, where),
    ]


def seconds(work: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    made = work()
    return time.perf_counter() - start, made


def compare(case: Case, rounds: int) -> tuple[float, float, str]:
    """Return the median seconds of both sides, and how well their results agree."""
    theirs, ours = case.theirs(), case.ours()
    said = case.agree(theirs, ours)
    times = [(seconds(case.theirs)[0], seconds(case.ours)[0]) for _ in range(rounds)]
    their_times, our_times = zip(*times, strict=True)
    return statistics.median(their_times), statistics.median(our_times), said


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("only", nargs="*", metavar="CASE", help="cases whose name holds this")
    parser.add_argument("--rounds", type=int, default=5, help="counted runs of each side")
    parser.add_argument("--data", type=pathlib.Path, default=DATA, help="folder of X.csv, y.csv")
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    print(f"scikit-learn {sklearn.__version__}, NumPy {np.__version__}, {platform.machine()}")
    print(f"{'work':<58} {'theirs':>9} {'ours':>9} {'ratio':>7}   agreement (theirs / ours)")
    for case in cases(asked.data):
        if asked.only and not any(word in case.name for word in asked.only):
            continue
        theirs, ours, said = compare(case, asked.rounds)
        mark = "" if theirs > ours else "  SLOWER"
        print(
            f"{case.name:<58} {theirs:>8.3f}s {ours:>8.3f}s {theirs / ours:>6.1f}x   {said}{mark}",
            flush=True,
        )


if __name__ == "__main__":
    main()
