"""Headless figures, closed after each test; overlaps are measured on the drawn figure."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.axis import Axis
from matplotlib.figure import Figure, SubFigure
from matplotlib.image import AxesImage
from matplotlib.text import Text
from sklearn.datasets import load_digits, load_wine
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier


@pytest.fixture(autouse=True)
def _headless() -> Iterator[None]:
    before = mpl.get_backend()
    plt.switch_backend("Agg")
    yield
    plt.close("all")
    plt.switch_backend(before)


@pytest.fixture(scope="session")
def digits():
    X, y = load_digits(return_X_y=True)
    return X[:400], y[:400]


@pytest.fixture(scope="session")
def logistic(digits):
    return LogisticRegression(C=0.001, max_iter=1000).fit(*digits)


@pytest.fixture(scope="session")
def net(digits):
    return MLPClassifier((9,), solver="lbfgs", max_iter=3000, random_state=0).fit(*digits)


@pytest.fixture(scope="session")
def wine_net():
    data = load_wine()
    X = (data.data - data.data.mean(0)) / data.data.std(0)
    return MLPClassifier((20,), solver="lbfgs", max_iter=3000, random_state=0).fit(X, data.target)


def _misplaced(figure: Figure, texts: Iterable[Text]) -> list[tuple[str, str]]:
    """Lay the figure out; return pairs of texts that overlap, and texts cut off at its edge."""
    figure.draw_without_rendering()
    shown = [text for text in texts if text.get_visible() and text.get_text().strip()]
    boxes = [(text.get_text(), *text.get_window_extent().extents) for text in shown]
    found = [
        (a, b)
        for (a, ax0, ay0, ax1, ay1), (b, bx0, by0, bx1, by1) in itertools.combinations(boxes, 2)
        if min(ax1, bx1) - max(ax0, bx0) > 0.5 and min(ay1, by1) - max(ay0, by0) > 0.5
    ]
    right, top = figure.bbox.x1 + 1, figure.bbox.y1 + 1
    found += [
        (name, "cut off")
        for name, x0, y0, x1, y1 in boxes
        if x0 < -1 or y0 < -1 or x1 > right or y1 > top
    ]
    return found


def _tick_labels(axis: Axis) -> list[Text]:
    """Return the labels of the ticks within view: the others are not drawn."""
    low, high = sorted(axis.get_view_interval())
    axis.get_ticklabels(which="both")  # puts the ticks at their places
    ticks = [*axis.get_major_ticks(), *axis.get_minor_ticks()]
    return [
        label
        for tick in ticks
        if low <= tick.get_loc() <= high
        for label in (tick.label1, tick.label2)
        if label.get_visible()
    ]


def _texts_of(figure: Figure) -> list[Text]:
    """Return all that a figure says: titles, labels, ticks within view, legends, notes."""
    parts: list[Figure | SubFigure] = [figure]
    texts: list[Text] = []
    for part in parts:
        parts += part.subfigs
        texts += part.texts
        for legend in part.legends:
            texts += [*legend.get_texts(), legend.get_title()]
    for ax in figure.axes:
        texts += [ax.title, ax._left_title, ax._right_title, *ax.texts]
        if legend := ax.get_legend():
            texts += [*legend.get_texts(), legend.get_title()]
        for axis in (ax.xaxis, ax.yaxis):
            if ax.axison and axis.get_visible():
                texts += [axis.label, axis.get_offset_text(), *_tick_labels(axis)]
    return texts


def _clashes(figure: Figure) -> list[tuple[str, str]]:
    """Lay a figure out; return its texts that overlap each other or leave it."""
    figure.draw_without_rendering()
    return _misplaced(figure, _texts_of(figure))


def _tiles(drawn: AxesImage) -> dict[tuple[int, int], np.ndarray]:
    """Cut a sheet into its pictures, in reading order: x and y of the upper left corner, cells."""
    sheet = np.ma.filled(drawn.get_array(), np.nan)
    there = sheet[..., 3] > 0 if sheet.ndim == 3 else ~np.isnan(sheet)

    def runs(line: np.ndarray) -> np.ndarray:
        return np.flatnonzero(np.diff(line, prepend=False, append=False)).reshape(-1, 2)

    return {
        (int(left), int(top)): sheet[top:bottom, left:right]
        for top, bottom in runs(there.any(axis=1))
        for left, right in runs(there.any(axis=0))
        if there[top:bottom, left:right].all()
    }


def _random_labels(k: int, n: int = 4000, seed: int = 0):
    """Return labels and predictions, about one in six wrong, most to one other class."""
    rng = np.random.default_rng(seed)
    true = rng.integers(k, size=n)
    usual = (true * 7 + 3) % k
    wrong = np.where(rng.random(n) < 0.7, usual, rng.integers(k, size=n))
    return true, np.where(rng.random(n) < 0.16, wrong, true)


LONG_NAMES = (
    "administrative office worker", "craft & repair", "executive, managerial position",
    "farming $ and $ fishing", "armed forces", "handlers and cleaners of all sorts",
)  # fmt: skip


def _long_names(k: int) -> list[str]:
    return [f"{LONG_NAMES[i % 6]} {i}" for i in range(k)]


# The tests import nothing from here, since pytest's importlib mode has no module to import from.


@pytest.fixture(scope="session")
def misplaced():
    return _misplaced


@pytest.fixture(scope="session")
def clashes():
    return _clashes


@pytest.fixture(scope="session")
def tick_labels():
    return _tick_labels


@pytest.fixture(scope="session")
def tiles():
    return _tiles


@pytest.fixture(scope="session")
def random_labels():
    return _random_labels


@pytest.fixture(scope="session")
def long_names():
    return _long_names
