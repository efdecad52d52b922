"""The native engine's products beside BLAS: who multiplies rows with a layer's coefs faster.

    python benchmarks/kernels.py [--rounds 15]

A line for each shape prints the GFLOP/s of X (n, d) times W (d, h) in float32 on all cores, by our
register-blocked kernels and by NumPy's BLAS, medians, alternating; then the same where half of X is
zero, which only ours can use. Ours pack W and write the scores row by row here, which takes a third
of the time at 784 x 512; a training step does neither. The rule that the engine follows, its own
kernels for layers of any size, rests on that: whole steps of (512, 512) are faster than with BLAS
(see speed.py), and a step in BLAS would have to copy each batch's rows and pass over each matrix
once more for its activation.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from glassnet import _core

SHAPES = [
    (5000, 64, 100),
    (5000, 400, 10),
    (5000, 400, 40),
    (5000, 784, 100),
    (5000, 784, 512),
    (5000, 2048, 2048),
]


def seconds(work: Callable[[], Any]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=15)
    asked = parser.parse_args()
    threads = _core.default_threads()
    print(f"instruction set {_core.isa()}, {threads} threads, GFLOP/s")
    print(f"{'n x d x h':>16} {'zeros':>6} {'ours':>7} {'BLAS':>7} {'ratio':>6}")
    random = np.random.RandomState(0)
    for n, d, h in SHAPES:
        for zeros in (0.0, 0.5):
            X = random.normal(size=(n, d)).astype(np.float32)
            X[:, : int(zeros * d)] = 0
            W = random.normal(size=(d, h)).astype(np.float32)
            products = _core.LinearProductsSingle(_core.Rows.dense(X, True, threads), h)
            sides = (lambda p=products, W=W: p.scores(W, threads), lambda X=X, W=W: X @ W)
            np.testing.assert_allclose(sides[0](), sides[1](), rtol=1e-3, atol=1e-2)
            times = [[seconds(side) for side in sides] for _ in range(asked.rounds)]
            ours, blas = (2e-9 * n * d * h / statistics.median(t) for t in zip(*times, strict=True))
            shape = f"{n} x {d} x {h}"
            print(f"{shape:>16} {zeros:>6.0%} {ours:>7.0f} {blas:>7.0f} {ours / blas:>6.2f}")


if __name__ == "__main__":
    main()
