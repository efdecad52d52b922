"""How the cost of an epoch grows: rows, features, units, members, each doubled in turn.

    python benchmarks/scaling.py [--rounds 3] [--out scaling.png]

Prints the milliseconds of an epoch at each size and the exponent of the last doublings, log2 of
their ratio: 1 is linear. Draws them, beside scikit-learn's.
"""

from __future__ import annotations

import argparse
import statistics
import time
import warnings
from collections.abc import Callable
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from sklearn.neural_network import MLPClassifier as ScikitMLP

from glassnet import MLPClassifier

EPOCHS = 4
BASE = {"rows": 4000, "features": 100, "units": 50, "members": 1}
DOUBLINGS = {
    "rows": [1000, 2000, 4000, 8000, 16000, 32000],
    "features": [25, 50, 100, 200, 400, 800],
    "units": [16, 32, 64, 128, 256, 512],
    "members": [1, 2, 4, 8, 16, 32],
}


def epoch_seconds(make: Callable[..., Any], size: dict[str, int], rounds: int) -> float:
    """Return the seconds of an epoch of all members, the fixed cost of a fit taken off."""
    random = np.random.RandomState(0)
    X = random.normal(size=(size["rows"], size["features"]))
    y = (X[:, :5].argmax(axis=1)).astype(int)

    def fit(epochs: int) -> float:
        more = {} if make is ScikitMLP else {"n_restarts": size["members"]}
        net = make(
            (size["units"],),
            max_iter=epochs,
            tol=0.0,
            n_iter_no_change=EPOCHS + 1,
            random_state=0,
            **more,
        )
        start = time.perf_counter()
        net.fit(X, y)
        return time.perf_counter() - start

    fit(1)
    taken = statistics.median(fit(EPOCHS + 1) - fit(1) for _ in range(rounds)) / EPOCHS
    return taken * (size["members"] if make is ScikitMLP else 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3, help="counted runs of each size")
    parser.add_argument("--out", default="scaling.png", help="picture to write")
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    figure, axes = plt.subplots(1, 4, figsize=(14, 3.6), layout="constrained", sharey=True)
    figure.suptitle(
        "Time per epoch (adam, {rows} rows, {features} features, {units} units)".format(**BASE)
    )
    print(f"{'':<10} {'size':>6} {'theirs':>10} {'ours':>10} {'ratio':>7} {'exponent':>9}")
    for ax, (name, sizes) in zip(axes, DOUBLINGS.items(), strict=True):
        times: dict[str, list[float]] = {"scikit-learn": [], "glassnet": []}
        for size in sizes:
            chosen = BASE | {name: size}
            times["scikit-learn"].append(epoch_seconds(ScikitMLP, chosen, asked.rounds))
            times["glassnet"].append(epoch_seconds(MLPClassifier, chosen, asked.rounds))
            theirs, ours = (times[side][-1] for side in times)
            before = times["glassnet"][-2] if len(times["glassnet"]) > 1 else np.nan
            print(
                f"{name:<10} {size:>6} {theirs * 1e3:>8.2f}ms {ours * 1e3:>8.2f}ms "
                f"{theirs / ours:>6.1f}x {np.log2(ours / before):>9.2f}",
                flush=True,
            )
        for (side, seconds), colour, mark in zip(
            times.items(), ("#0072B2", "#D55E00"), ("o", "s"), strict=True
        ):
            ax.loglog(sizes, np.array(seconds) * 1e3, color=colour, marker=mark, label=side)
        ax.loglog(
            sizes,
            times["glassnet"][0] * 1e3 * np.array(sizes) / sizes[0],
            color="0.6",
            linestyle=":",
            label="linear",
        )
        ax.set_xlabel(name)
        ax.set_xticks(sizes, [str(size) for size in sizes])
        ax.minorticks_off()
    axes[0].set_ylabel("milliseconds per epoch")
    axes[0].legend()
    figure.savefig(asked.out, dpi=110)


if __name__ == "__main__":
    main()
