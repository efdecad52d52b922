"""The rows that the benchmarks work on: read where they are, else made up in the same shape."""

from __future__ import annotations

import pathlib
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import scipy.sparse

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "shared" / "data"


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows with their labels, and where they are from."""

    X: Any
    y: np.ndarray
    name: str


def images(folder: pathlib.Path) -> Rows:
    """Return 5000 images of 20x20 pixels, ten classes."""
    if (folder / "X.csv").exists():
        X = pd.read_csv(folder / "X.csv", header=None).to_numpy(dtype=np.float64)
        y = pd.read_csv(folder / "y.csv", header=None).to_numpy().ravel()
        return Rows(np.ascontiguousarray(X), y, "5000 digit images")
    return made_up(5000, 400, "5000 made-up rows")


def mnist(folder: pathlib.Path) -> Rows:
    """Return 60000 images of 28x28 pixels, ten classes."""
    path = folder / "mnist.npz"
    if path.exists():
        with np.load(path) as arrays:
            X = arrays["X_train"].reshape(60000, 784) / 255.0
            return Rows(X, arrays["y_train"].astype(int), "MNIST")
    return made_up(60000, 784, "60000 made-up rows")


def made_up(n: int, d: int, name: str, classes: int = 10) -> Rows:
    """Return rows of classes that overlap, more than half of their elements zero."""
    random = np.random.RandomState(0)
    y = np.arange(n) % classes
    centres = random.normal(size=(classes, d))
    X = np.maximum(centres[y] + random.normal(scale=2, size=(n, d)), 0)
    return Rows(X / X.max(), y, name)


def sparse(n: int = 8000, d: int = 20000, filled: float = 0.004) -> Rows:
    """Return sparse rows, as counts of words are, with five classes that they tell apart."""
    random = np.random.RandomState(0)
    X = scipy.sparse.random(n, d, filled, format="csr", random_state=random)
    y = (X @ random.normal(size=(d, 5))).argmax(axis=1)
    return Rows(X, y, f"sparse {n}x{d}, {filled:.1%} full")
