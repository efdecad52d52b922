"""float32 against float64: the accuracy on held-out rows, over seeds, on five data sets.

    python benchmarks/precision.py [--seeds 10] [--data FOLDER]

The same nets are trained in both; for each data set a line prints the mean accuracy of both, the
mean difference over the seeds, and the spread (standard deviation) over the seeds of float64. The
arithmetic makes no difference where the first is small beside the second.
"""

from __future__ import annotations

import argparse
import pathlib
import warnings
from collections.abc import Iterator

import numpy as np
from sklearn.datasets import load_breast_cancer, load_digits, load_wine
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

from data import FOLDER, Rows, images
from glassnet import MLPClassifier


def data_sets(folder: pathlib.Path) -> Iterator[Rows]:
    for load, name in (
        (load_digits, "digits"),
        (load_breast_cancer, "breast cancer"),
        (load_wine, "wine"),
    ):
        yield Rows(*load(return_X_y=True), name)
    yield images(folder)
    letters = folder / "tables" / "letter.npz"
    if letters.exists():
        with np.load(letters, allow_pickle=False) as arrays:
            yield Rows(arrays["X"].astype(float), arrays["y"], "letter")


def held_out_accuracy(rows: Rows, seed: int, precision: str) -> float:
    """Return the share of held-out rows that a net with this seed gets right."""
    parts = train_test_split(rows.X, rows.y, random_state=seed, test_size=0.3, stratify=rows.y)
    scaler = StandardScaler().fit(parts[0])
    net = MLPClassifier((50,), max_iter=60, random_state=seed, precision=precision)
    return net.fit(scaler.transform(parts[0]), parts[2]).score(scaler.transform(parts[1]), parts[3])


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--data", type=pathlib.Path, default=FOLDER, help="folder of the rows")
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    print(f"{'data':<20} {'float32':>8} {'float64':>8} {'difference':>11} {'spread':>8}")
    for rows in data_sets(asked.data):
        both = np.array(
            [
                [held_out_accuracy(rows, seed, precision) for precision in ("float32", "float64")]
                for seed in range(asked.seeds)
            ]
        )
        difference = (both[:, 0] - both[:, 1]).mean()
        print(
            f"{rows.name:<20} {both[:, 0].mean():>8.4f} {both[:, 1].mean():>8.4f} "
            f"{difference:>+11.4f} {both[:, 1].std(ddof=1):>8.4f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
