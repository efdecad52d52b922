"""A path of C by cross-validation, warm and all folds together, beside scikit-learn's.

    python benchmarks/logistic_path.py [--rounds 1] [--folds 3] [--data FOLDER]

Both search the same ten values of C on the same folds, each at its defaults; scikit-learn's
`LogisticRegressionCV` is timed with one job and, on the larger rows, with two. The last columns
say how far each side's coefs, of all folds and C, are from the optimum of ``tol=1e-8``, and the
C that each of them picks. FOLDER holds the images of the document (X.csv, y.csv); where they are
absent, rows of the same shape are made up.
"""

from __future__ import annotations

import argparse
import os
import pathlib
import statistics
import time
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from sklearn.datasets import load_breast_cancer, load_digits, load_iris, load_wine
from sklearn.linear_model import LogisticRegressionCV as ScikitLogisticCV
from sklearn.preprocessing import StandardScaler

from data import FOLDER, Rows, images
from glassnet import LogisticRegressionCV


def tables(folder: pathlib.Path) -> Iterator[Rows]:
    """Return the rows, the smallest first."""
    for load, name in (
        (load_iris, "iris"),
        (load_wine, "wine"),
        (load_breast_cancer, "breast cancer"),
        (load_digits, "digits"),
    ):
        X, y = load(return_X_y=True)
        yield Rows(StandardScaler().fit_transform(X), y, name)
    yield images(folder)


def seconds(make: Callable[[], Any], rows: Rows, rounds: int) -> tuple[float, Any]:
    """Return the median time of a search, and the last."""
    times = []
    found = None
    for _ in range(rounds):
        start = time.perf_counter()
        found = make().fit(rows.X, rows.y)
        times.append(time.perf_counter() - start)
    return statistics.median(times), found


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--folds", type=int, default=3)
    parser.add_argument("--data", type=pathlib.Path, default=FOLDER)
    parser.add_argument("--only", help="names of rows that hold this word")
    given = parser.parse_args()
    warnings.simplefilter("ignore")
    common = {
        "cv": given.folds,
        "l1_ratios": (0,),
        "scoring": "accuracy",
        "use_legacy_attributes": False,
    }
    LogisticRegressionCV(**common).fit(*load_iris(return_X_y=True))  # what is loaded once
    print(f"{'':20}{'scikit-learn':>26}{'glassnet':>10}{'ratio':>8}   from the optimum       C")
    for rows in tables(given.data):
        if given.only and given.only not in rows.name:
            continue
        ours, mine = seconds(lambda: LogisticRegressionCV(**common), rows, given.rounds)
        one, rival = seconds(lambda: ScikitLogisticCV(**common), rows, given.rounds)
        two = np.inf
        if len(rows.y) > 1000:
            two, _ = seconds(lambda: ScikitLogisticCV(**common, n_jobs=2), rows, given.rounds)
        exact = LogisticRegressionCV(**common, tol=1e-8).fit(rows.X, rows.y)
        distances = [np.abs(m.coefs_paths_ - exact.coefs_paths_).max() for m in (rival, mine)]
        jobs = f"{one:.2f} s" + (f", 2 jobs {two:.2f} s" if np.isfinite(two) else "")
        print(
            f"{rows.name:20}{jobs:>26}{ours:8.2f} s{min(one, two) / ours:7.1f}x   "
            f"{distances[0]:.0e} / {distances[1]:.0e}   {rival.C_:.3g} / {mine.C_:.3g}",
            flush=True,
        )
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


if __name__ == "__main__":
    main()
