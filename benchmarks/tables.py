"""The labelled tables that default models are compared on, with their splits."""

from __future__ import annotations

import pathlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.model_selection import train_test_split

TABLES = (
    "X", "optdigits", "pendigits", "letter", "satimage", "spambase", "waveform40", "isolet1",
    "magic", "wine_white", "adult", "bank_marketing",
)  # fmt: skip
LARGE = ("mnist",)  # where it is asked for
TEST_SHARE = 0.3


@dataclass(frozen=True, eq=False)
class Table:
    """Labelled rows, and the split that came with them.

    Attributes
    ----------
    name : str
        What to call it.
    X : ndarray or DataFrame of shape (n, d)
        Numbers; or numbers and text, of which some are missing.
    y : ndarray of shape (n,)
        Labels.
    split : pair of ndarray or None
        Rows to train and to test on; None for a split by chance.
    """

    name: str
    X: Any
    y: NDArray[Any]
    split: tuple[NDArray[Any], NDArray[Any]] | None = None

    def parts(self, seed: int, most_rows: int | None = None) -> tuple[Any, Any, Any, Any]:
        """Return X_train, X_test, y_train, y_test.

        Where no split came with the table, the seed draws one that keeps the classes' shares. Of
        the training rows, `most_rows` are taken by chance at most.
        """
        train, test = self.split or train_test_split(
            np.arange(len(self.y)), test_size=TEST_SHARE, stratify=self.y, random_state=seed
        )
        if most_rows is not None and len(train) > most_rows:
            train, _ = train_test_split(
                train, train_size=most_rows, stratify=self.y[train], random_state=seed
            )
        rows = self.X.iloc if isinstance(self.X, pd.DataFrame) else self.X
        return rows[train], rows[test], self.y[train], self.y[test]


def tables(folder: pathlib.Path, names: Sequence[str] = TABLES) -> Iterator[Table]:
    """Read tables out of the folder of the project's data."""
    for name in names:
        if name == "X":
            X = pd.read_csv(folder / "X.csv", header=None).to_numpy(dtype=np.float64)
            y = pd.read_csv(folder / "y.csv", header=None).to_numpy().ravel()
            yield Table("X", X, y)
            continue
        if name == "mnist":
            yield mnist(folder)
            continue
        path = folder / "tables" / name
        if path.with_suffix(".csv").exists():
            # pandas reads "?", which stands for a missing text here, as text of its own.
            frame = pd.read_csv(path.with_suffix(".csv"), na_values="?", skipinitialspace=True)
            target = frame.columns[-1]
            yield Table(name, frame.drop(columns=target), frame[target].to_numpy(dtype=object))
            continue
        with np.load(path.with_suffix(".npz"), allow_pickle=False) as arrays:
            split = (arrays["train_idx"], arrays["test_idx"]) if "train_idx" in arrays else None
            yield Table(name, arrays["X"].astype(np.float64), arrays["y"], split)


def mnist(folder: pathlib.Path) -> Table:
    """Return the 60,000 training and the 10,000 test images, as they are."""
    with np.load(folder / "mnist.npz", allow_pickle=False) as arrays:
        X = np.concatenate([arrays["X_train"], arrays["X_test"]]).reshape(-1, 784)
        y = np.concatenate([arrays["y_train"], arrays["y_test"]])
    return Table("mnist", X.astype(np.float64), y, (np.arange(60_000), np.arange(60_000, len(y))))
