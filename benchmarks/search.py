"""A search of 60 candidates as one population beside scikit-learn's grid search on both cores.

    python benchmarks/search.py [--rounds 1] [--candidates 60] [--data FOLDER]

Both search the same candidates on the same five folds of optdigits (3823 rows of 64 pixels), each
with the same most epochs; scikit-learn's `GridSearchCV` over its `MLPClassifier` has two jobs. The
search is timed with all nets trained to their end, which finds the same scores, and with halving,
its default. Then all that is found is fitted to the 3823 rows and judged on the 1797 others.
FOLDER holds tables/optdigits.npz; where it is absent, scikit-learn's digits stand in.
"""

from __future__ import annotations

import argparse
import pathlib
import statistics
import time
import warnings
from typing import Any

import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import GridSearchCV, StratifiedKFold, train_test_split
from sklearn.neural_network import MLPClassifier as SklearnMLPClassifier

from data import FOLDER
from glassnet import MLPClassifier, MLPClassifierCV

SPACE = {
    "hidden_layer_sizes": [(25,), (50,), (100,), (50, 50), (100, 50)],
    "learning_rate_init": [0.0003, 0.001, 0.003, 0.01],
    "alpha": [1e-4, 1e-2, 1.0],
}
EPOCHS = 60


def rows(folder: pathlib.Path) -> tuple[Any, ...]:
    """Return the rows to search with and those to judge by."""
    path = folder / "tables" / "optdigits.npz"
    if not path.exists():
        X, y = load_digits(return_X_y=True)
        X, X_test, y, y_test = train_test_split(X, y, test_size=0.3, random_state=0, stratify=y)
        return X / 16, y, X_test / 16, y_test
    with np.load(path, allow_pickle=False) as found:
        X, y = found["X"] / 16.0, found["y"]
        train, test = found["train_idx"], found["test_idx"]
    return X[train], y[train], X[test], y[test]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--candidates", type=int, default=60)
    parser.add_argument("--data", type=pathlib.Path, default=FOLDER)
    given = parser.parse_args()
    warnings.simplefilter("ignore")
    X, y, X_test, y_test = rows(given.data)
    n_rates = max(1, given.candidates // 15)
    space = SPACE | {"learning_rate_init": SPACE["learning_rate_init"][:n_rates]}
    cv = StratifiedKFold(5, shuffle=True, random_state=0)
    common = {"max_iter": EPOCHS, "random_state": 0}
    sides: dict[str, Any] = {
        "scikit-learn's GridSearchCV, n_jobs=2": lambda: GridSearchCV(
            SklearnMLPClassifier(**common), space, cv=cv, n_jobs=2
        ),
        "MLPClassifierCV(halving=None)": lambda: MLPClassifierCV(
            space, estimator=MLPClassifier(**common), cv=cv, halving=None
        ),
        "MLPClassifierCV()": lambda: MLPClassifierCV(
            space, estimator=MLPClassifier(**common), cv=cv
        ),
    }
    times: dict[str, list[float]] = {name: [] for name in sides}
    found: dict[str, Any] = {}
    for _ in range(given.rounds):
        for name, make in sides.items():
            start = time.perf_counter()
            found[name] = make().fit(X, y)
            times[name].append(time.perf_counter() - start)
    rival = statistics.median(next(iter(times.values())))
    n_candidates = len(next(iter(found.values())).cv_results_["params"])
    print(f"{n_candidates} candidates, 5 folds, {len(y)} rows, {EPOCHS} epochs at most")
    for name, search in found.items():
        seconds = statistics.median(times[name])
        print(
            f"{name:40} {seconds:8.2f} s  {rival / seconds:6.1f}x   "
            f"best {search.best_score_:.4f}, held-out {search.score(X_test, y_test):.4f}  "
            f"{search.best_params_}"
        )


if __name__ == "__main__":
    main()
