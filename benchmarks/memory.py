"""Peak memory of a fit beside scikit-learn's, each in a process of its own (Linux).

    python benchmarks/memory.py [--data FOLDER]

What is counted is the process's peak during the fit over what it held before: X is there already.
"""

from __future__ import annotations

import argparse
import multiprocessing
import pathlib
import warnings
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression as ScikitLogistic
from sklearn.neural_network import MLPClassifier as ScikitMLP

from data import FOLDER, images, mnist, sparse
from glassnet import LogisticRegression, MLPClassifier

WORK: dict[str, tuple[Any, Any, dict[str, Any]]] = {
    "5000 images, (40,), sgd": (images, "net", {"hidden_layer_sizes": (40,), "solver": "sgd"}),
    "MNIST, (100,), adam": (mnist, "net", {"max_iter": 1}),
    "MNIST in float32, (100,), adam": (mnist, "net32", {"max_iter": 1}),
    "MNIST, (512, 512), adam": (mnist, "net", {"hidden_layer_sizes": (512, 512), "max_iter": 1}),
    "sparse, (100,), adam": (sparse, "net", {"max_iter": 1}),
    "5000 images, lbfgs": (images, "net", {"solver": "lbfgs", "max_iter": 10}),
    "5000 images, logistic regression": (images, "logistic", {}),
}

NOISE = 2.0  # MB that come and go with the libraries


def held(field: str) -> int:
    """Return a figure of this process's memory, in bytes."""
    status = pathlib.Path("/proc/self/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith(field))
    return int(line.split()[1]) * 1024


def measure(name: str, ours: bool, folder: pathlib.Path, results: Any) -> None:
    """Put the peak bytes of one side's fit over what was held before."""
    warnings.simplefilter("ignore")
    make, kind, parameters = WORK[name]
    rows = make() if make is sparse else make(folder)
    X = rows.X.astype(np.float32) if kind == "net32" else rows.X
    classes = {True: (MLPClassifier, LogisticRegression), False: (ScikitMLP, ScikitLogistic)}[ours]
    model = classes[kind == "logistic"](**parameters)
    few = np.random.RandomState(0).permutation(len(rows.y))[:500]
    type(model)(**parameters).fit(X[few], rows.y[few])  # libraries make their buffers
    pathlib.Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
    before = held("VmRSS")
    model.fit(X, rows.y)
    results.put(held("VmHWM") - before)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=pathlib.Path, default=FOLDER, help="folder of the rows")
    asked = parser.parse_args()
    context = multiprocessing.get_context("spawn")
    print(f"{'work':<36} {'theirs':>10} {'ours':>10}")
    for name in WORK:
        peaks = []
        for ours in (False, True):
            results = context.Queue()
            process = context.Process(target=measure, args=(name, ours, asked.data, results))
            process.start()
            process.join()
            if process.exitcode != 0:
                raise SystemExit(f"The process of {name!r} failed.")
            peaks.append(results.get() / 2**20)
        mark = "" if peaks[1] <= peaks[0] + NOISE else "  MORE"
        print(f"{name:<36} {peaks[0]:>7.1f} MB {peaks[1]:>7.1f} MB{mark}", flush=True)


if __name__ == "__main__":
    main()
