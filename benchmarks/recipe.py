"""What each constant of AutoMLPClassifier is worth: one change at a time, against the recipe.

    python benchmarks/recipe.py [CHANGE ...] [--rows 3000] [--seeds 3] [--tables NAME ...]
                                [--data FOLDER] [--keep FILE]

For each change a line prints the geometric mean over tables and seeds of its error and its log loss
over those of the recipe (above 1 is worse), the standard error of the first in log units, over the
tables, and how its time compares. Both see the same rows with the same seeds. `--keep` is a file of
results that are there already, one JSON object a line; without it, everything is run anew.
"""

from __future__ import annotations

import argparse
import json
import pathlib
import time
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
from sklearn.metrics import log_loss
from tables import TABLES, Table, tables

from data import FOLDER
from glassnet import AutoMLPClassifier
from glassnet.estimators.auto_recipe import Recipe

# The courses of the recipe, to be changed.
LONG, DROPPED, SHORT, NOISY = (list(course) for course in Recipe().courses)


def with_decay(decay: float) -> dict[str, Any]:
    """Return the courses with another weight decay."""
    return {"courses": [[*c[:3], decay, *c[4:]] for c in (LONG, DROPPED, SHORT, NOISY)]}


def with_length(epochs: int, least_steps: int) -> dict[str, Any]:
    """Return the courses but the short one with another length."""
    changed = [[epochs, least_steps, *c[2:]] for c in (LONG, DROPPED, NOISY)]
    return {"courses": [*changed[:2], SHORT, changed[2]]}


NO_REHEARSAL = {"least_rehearsed": 10**9}
CHANGES: dict[str, dict[str, Any]] = {
    "the recipe": {},
    "one net": {"members": 1},
    "two nets": {"members": 2},
    "eight nets": {"members": 8},
    "one hidden layer": {"hidden": (256,), "rehearsed_hidden": (128,)},
    "three hidden layers": {"hidden": (256,) * 3, "rehearsed_hidden": (128,) * 3},
    "128 units a layer": {"hidden": (128, 128)},
    "512 units a layer": {"hidden": (512, 512)},
    "256 units in the rehearsal": {"rehearsed_hidden": (256, 256)},
    "four nets a trial": {"rehearsed_nets": 4},
    "no rehearsal": NO_REHEARSAL,
    "no rehearsal, no pieces": {**NO_REHEARSAL, "pieces": 0},
    "no rehearsal, dropout 0.3": {**NO_REHEARSAL, "courses": [DROPPED], "judge": 0},
    "no rehearsal, 20 epochs": {**NO_REHEARSAL, "courses": [SHORT], "judge": 0},
    "without the second course": {"courses": [LONG, SHORT, NOISY], "judge": 0},
    "without the third course": {"courses": [LONG, DROPPED, NOISY]},
    "without the noisy course": {"courses": [LONG, DROPPED, SHORT]},
    "the third course judges pieces": {"judge": 2},
    "noise 0.1": {"noise": 0.1},
    "noise 0.4": {"noise": 0.4},
    "three copies": {"copies": 3},
    "80 epochs": with_length(80, 1500),
    "20 epochs": with_length(20, 750),
    "3000 steps at least": with_length(40, 3000),
    "relu": {"activation": "relu"},
    "gelu": {"activation": "gelu"},
    "Glorot's initial weights": {"initial": "glorot"},
    "rate 0.002": {"learning_rate": 2e-3},
    "rate 0.008": {"learning_rate": 8e-3},
    "beta_2 0.999": {"beta_2": 0.999},
    "no weight decay": with_decay(0.0),
    "weight decay 0.1": with_decay(0.1),
    "no warm-up": {"warmup": 0.0},
    "gradient norm at most 1": {"clip_norm": 1.0},
    "batch 64": {"batch": 64},
    "batch 256": {"batch": 256},
    "no label smoothing": {"label_smoothing": 0.0},
    "label smoothing 0.1": {"label_smoothing": 0.1},
    "no common ranges": {"shares_ranges": False},
    "no squashing": {"squash": 0.0},
    "no pieces": {"pieces": 0},
    "4 pieces": {"pieces": 4},
    "16 pieces": {"pieces": 16},
}


def run(table: Table, change: dict[str, Any], seed: int, rows: int) -> dict[str, float]:
    """Return error, log loss and seconds of one fit."""
    X_train, X_test, y_train, y_test = table.parts(seed, rows)
    start = time.perf_counter()
    model = AutoMLPClassifier(random_state=seed, recipe=change).fit(X_train, y_train)
    seconds = time.perf_counter() - start
    p = model.predict_proba(X_test)
    wrong = model.classes_[p.argmax(axis=1)] != y_test
    # Half a row's error is added, so that no table counts for ever where nothing is wrong.
    return {
        "error": float((wrong.sum() + 0.5) / (len(wrong) + 1)),
        "loss": float(log_loss(y_test, p, labels=model.classes_)),
        "seconds": seconds,
    }


class Kept:
    """Results that need not be computed again."""

    def __init__(self, path: pathlib.Path | None) -> None:
        self._path = path
        lines = path.read_text().splitlines() if path is not None and path.exists() else []
        self._found = {entry["key"]: entry["result"] for entry in map(json.loads, lines)}

    def of(self, table: Table, change: dict[str, Any], seed: int, rows: int) -> dict[str, float]:
        """Return a result, that of a former run where there is one."""
        key = json.dumps([table.name, change, seed, rows], sort_keys=True)
        if key not in self._found:
            self._found[key] = run(table, change, seed, rows)
            if self._path is not None:
                with self._path.open("a") as file:
                    file.write(json.dumps({"key": key, "result": self._found[key]}) + "\n")
        return self._found[key]


def ratios(kept: Kept, asked: argparse.Namespace, change: dict[str, Any], field: str) -> np.ndarray:
    """Return the logarithms of a change's ratios to the recipe (tables, seeds)."""
    return np.array(
        [
            [
                np.log(
                    kept.of(table, change, seed, asked.rows)[field]
                    / kept.of(table, {}, seed, asked.rows)[field]
                )
                for seed in range(asked.seeds)
            ]
            for table in asked.read
        ]
    )


def lines(kept: Kept, asked: argparse.Namespace) -> Iterator[str]:
    """Yield the table, a line a change."""
    yield f"{'change':<26} {'error':>7} {'+-':>6} {'loss':>7} {'time':>6}  error by table"
    for name in asked.changes or CHANGES:
        error, loss, seconds = (
            ratios(kept, asked, CHANGES[name], field) for field in ("error", "loss", "seconds")
        )
        spread = error.mean(axis=1).std(ddof=1) / len(error) ** 0.5 if len(error) > 1 else np.nan
        means = np.exp([error.mean(), loss.mean(), seconds.mean()])
        each = " ".join(f"{value:.2f}" for value in np.exp(error.mean(axis=1)))
        yield f"{name:<26} {means[0]:7.3f} {spread:6.3f} {means[1]:7.3f} {means[2]:6.2f}  {each}"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("changes", nargs="*", choices=[*CHANGES, []], metavar="CHANGE")
    parser.add_argument("--rows", type=int, default=3000, help="training rows at most")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--tables", nargs="*", default=TABLES, choices=TABLES, metavar="NAME")
    parser.add_argument("--data", type=pathlib.Path, default=FOLDER, help="folder of the rows")
    parser.add_argument("--keep", type=pathlib.Path, help="file of results")
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    asked.read = list(tables(asked.data, asked.tables))
    print("tables:", " ".join(table.name for table in asked.read))
    kept = Kept(asked.keep)
    for line in lines(kept, asked):
        print(line, flush=True)


if __name__ == "__main__":
    main()
