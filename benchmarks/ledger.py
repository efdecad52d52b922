"""What a ledger costs: the same fit with `record_examples` and without, in turn.

    python benchmarks/ledger.py [--rounds 15] [--threads 2] [--data FOLDER] [--only NAME]

A line prints the median times of both, the median of the rounds' ratios and their quartiles, and
how large the ledger is. The order of the two changes from round to round.
"""

from __future__ import annotations

import argparse
import pathlib
import time
import warnings
from typing import Any

import numpy as np
from sklearn.datasets import load_digits

from data import FOLDER, Rows, images
from glassnet import MLPClassifier

DOCUMENT = {
    "hidden_layer_sizes": (40,),
    "activation": "logistic",
    "solver": "sgd",
    "learning_rate_init": 1.0,
    "max_iter": 200,
    "n_iter_no_change": np.inf,
}
DEFAULT = {"max_iter": 100, "n_iter_no_change": np.inf}
LBFGS = {"solver": "lbfgs", "max_iter": 100}


def cases(folder: pathlib.Path) -> dict[str, tuple[Rows, dict[str, Any]]]:
    digits = Rows(*load_digits(return_X_y=True), "digits")
    return {
        "400-40-10, sgd, 200 epochs": (images(folder), DOCUMENT),
        "digits, default, 100 epochs": (digits, DEFAULT),
        "digits, lbfgs, 100 iterations": (digits, LBFGS),
    }


def seconds(rows: Rows, settings: dict[str, Any]) -> tuple[float, MLPClassifier]:
    net = MLPClassifier(random_state=0, **settings)
    start = time.perf_counter()
    net.fit(rows.X, rows.y)
    return time.perf_counter() - start, net


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--threads", type=int, default=None)
    parser.add_argument("--data", type=pathlib.Path, default=FOLDER, help="folder of the rows")
    parser.add_argument("--only", default="", help="the cases whose names hold this")
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    print(f"{'fit':<32} {'without':>9} {'with':>9} {'ratio':>7} {'quartiles':>13} {'ledger':>8}")
    for name, (rows, settings) in cases(asked.data).items():
        if asked.only not in name:
            continue
        given = settings | {"n_threads": asked.threads}
        times, size = [], 0
        for number in range(-1, asked.rounds):
            both = {}
            for keeps in (False, True) if number % 2 else (True, False):
                both[keeps], net = seconds(rows, given | {"record_examples": keeps})
                if keeps:
                    size = net.examples_.losses.nbytes + net.examples_.packed.nbytes
            if number >= 0:  # the first round warms up
                times.append((both[False], both[True]))
        without, kept = np.array(times).T
        low, ratio, high = np.quantile(kept / without, (0.25, 0.5, 0.75))
        print(
            f"{name:<32} {np.median(without) * 1e3:6.1f} ms {np.median(kept) * 1e3:6.1f} ms "
            f"{ratio:7.3f} {low:6.3f}-{high:.3f} {size / 2**20:5.1f} MB",
            flush=True,
        )


if __name__ == "__main__":
    main()
