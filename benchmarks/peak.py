"""The native engine beside the machine: how near the nets come to its multiply-adds.

    python benchmarks/peak.py [--rounds 5] [--data FOLDER]

The peak is what NumPy's BLAS reaches with large float32 matrices, on one core and on all. A step of
a dense net multiplies each row with its coefs once on the way forward, once for their gradient, and
once for the errors below every layer but the first; two operations each. Asked are the document's
net within 1.5 times of that arithmetic at all cores' peak, and 32 of them at 80 % of it. Where rows
have zeros, the engine passes over them: the shares of the peak are of the dense net's arithmetic,
and may be above 100 %. So the same is timed with rows without zeros.
"""

from __future__ import annotations

import argparse
import os
import pathlib
import statistics
import time
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
from cases import RESTARTS, THE_NET
from threadpoolctl import threadpool_limits

from data import FOLDER, images
from glassnet import MLPClassifier

SIZE = 2048
FEATURES, UNITS, CLASSES = 400, 40, 10


def seconds(work: Callable[[], Any], rounds: int) -> float:
    """Return the median of some runs, after one that warms up."""
    work()
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def peak(threads: int, rounds: int) -> float:
    """Return the operations a second that large products reach on so many threads."""
    left, right = np.random.RandomState(0).normal(size=(2, SIZE, SIZE)).astype(np.float32)
    with threadpool_limits(threads):
        return 2 * SIZE**3 / seconds(lambda: left @ right, rounds)


def operations(rows: int, epochs: int, nets: int) -> float:
    """Return the operations of training nets of the document's shape."""
    of_row = 2 * FEATURES * UNITS + 3 * UNITS * CLASSES
    return 2.0 * of_row * rows * epochs * nets


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5, help="counted runs of each")
    parser.add_argument("--data", type=pathlib.Path, default=FOLDER, help="folder of the rows")
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    cores = (
        len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    )
    one, most = peak(1, asked.rounds), peak(cores, asked.rounds)
    print(
        f"peak of float32 products: {one / 1e9:.0f} GFLOP/s a core, {most / 1e9:.0f} on {cores}\n"
    )
    print(f"{'work':<52} {'time':>8} {'at peak':>8} {'of peak':>8}  asked")
    given = images(asked.data)
    full = np.random.RandomState(0).uniform(0.1, 1, size=given.X.shape)
    for name, X in (("digit images, many zeros", given.X), ("no zeros", full)):
        for nets, epochs, share in ((1, 200, 1 / 1.5), (RESTARTS, 20, 0.8)):
            net = MLPClassifier(**{**THE_NET, "max_iter": epochs}, random_state=0, n_restarts=nets)
            took = seconds(lambda net=net, X=X: net.fit(X, given.y), asked.rounds)
            least = operations(len(X), epochs, nets) / most
            line = f"{nets} net{'s' if nets > 1 else ''} of 400-40-10, {epochs} epochs, {name}"
            said = f"{share:.0%}" if least / took >= share else f"{share:.0%}; short of it"
            print(f"{line:<52} {took:>6.3f} s {least:>6.3f} s {least / took:>8.0%}  {said}")


if __name__ == "__main__":
    main()
