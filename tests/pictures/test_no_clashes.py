"""No text of a picture hides another or is cut off, with few and many classes and long names."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pytest

from glassnet import pictures as show
from glassnet.data import ImageShape
from glassnet.estimators import MLPClassifier
from glassnet.evaluation import LearningCurve, ValidationCurve, label_suspects
from glassnet.evaluation.doctor import Bars, Curves, Finding
from glassnet.evaluation.rate_range import judge_rates

NAMES = (
    "x",
    "administrative office workers",
    "craft & repair",
    "executives, managerial positions of very large organisations",
    "farming $ and $ fishing",
    "armed forces",
)
TABLE = 14  # columns
SHAPES = {2: ImageShape(8, 8), 10: ImageShape(20, 20, pixel_order="F"), 26: ImageShape(64, 64),
          100: ImageShape(32, 32, 3)}  # fmt: skip


@dataclass(frozen=True)
class Case:
    """Rows of k classes with long names, pictures or a table, and a net that errs often."""

    X: np.ndarray
    y: np.ndarray
    net: Any
    image: ImageShape | None
    class_names: list[str]
    feature_names: list[str] | None

    @property
    def wrong(self) -> np.ndarray:
        return np.flatnonzero(self.net.predict(self.X) != self.y)


@functools.cache
def case(k: int, is_image: bool) -> Case:
    rng = np.random.default_rng(k)
    image = SHAPES[k] if is_image else None
    d = image.n_pixels if image else TABLE
    centres = rng.random((k, d)) ** 3
    y = np.r_[np.arange(k), rng.integers(k, size=200)]
    X = np.clip(centres[y] + 0.7 * rng.normal(size=(len(y), d)), 0, 1)
    net = MLPClassifier((6,), solver="lbfgs", max_iter=8, tol=1.0, random_state=0).fit(X, y)
    return Case(
        X=X,
        y=y,
        net=net,
        image=image,
        class_names=[f"{NAMES[i % 6]} {i}"[-60:] for i in range(k)],
        feature_names=None if image else [f"{NAMES[i % 6]} {i}" for i in range(d)],
    )


def panels(c: Case) -> dict[str, Any]:
    """Return what the pictures of pictures or of features ask for."""
    return {"image": c.image, "feature_names": c.feature_names}


OF_CLASSES = {
    "rates": lambda c: show.SuccessRatesDisplay.from_estimator(
        c.net, c.X[::2], c.y[::2], X_holdout=c.X[1::2], y_holdout=c.y[1::2],
        class_names=c.class_names,
    ),
    "confusion": lambda c: show.ConfusionDisplay.from_estimator(
        c.net, c.X, c.y, class_names=c.class_names
    ),
    "mistakes": lambda c: show.MistakesDisplay.from_estimator(
        c.net, c.X, c.y, class_names=c.class_names
    ),
    "ablation": lambda c: show.UnitAblationDisplay.from_estimator(
        c.net, c.X, c.y, class_names=c.class_names, max_units=4
    ),
    "ledger": lambda c: show.LedgerDisplay.from_ledger(
        np.outer([3.0, 1.0, 0.3], np.linspace(0.1, 1, len(c.y))), X=c.X, y=c.y, image=c.image,
        classes=c.net.classes_, class_names=c.class_names,
    ),
}  # fmt: skip
OF_ROWS = {
    "unit": lambda c: show.UnitDisplay.from_estimator(
        c.net, c.X, c.y, unit=1, class_names=c.class_names, **panels(c)
    ),
    "units": lambda c: show.HiddenUnitsDisplay.from_estimator(c.net, **panels(c)),
    "maximal": lambda c: show.MaximalInputsDisplay.from_estimator(
        c.net, c.X, layer=1, class_names=c.class_names, **panels(c)
    ),
    "example": lambda c: show.ExampleDisplay.from_estimator(
        c.net, c.X, c.y, row=c.wrong[0], class_names=c.class_names, **panels(c)
    ),
    "attributions": lambda c: show.AttributionDisplay.from_estimator(
        c.net, c.X, c.y, rows=c.wrong[:2], class_names=c.class_names, **panels(c)
    ),
    "neighbours": lambda c: show.NeighboursDisplay.from_estimator(
        c.net, c.X[20:], c.y[20:], c.X, c.y, rows=range(5), image=c.image,
        class_names=c.class_names,
    ),
    "suspects": lambda c: show.LabelSuspectsDisplay.from_suspects(
        label_suspects(c.y, c.net.predict_proba(c.X), c.net.classes_, c.class_names),
        c.X if c.image else None, image=c.image,
    ),
}  # fmt: skip
OF_IMAGES = {
    "panel": lambda c: show.PredictionPanelDisplay.from_estimator(
        c.net, c.X, c.y, image=c.image, class_names=c.class_names, random_state=0
    ),
    "grid": lambda c: show.SampleGridDisplay.from_images(
        c.X, c.image, c.y, classes=c.net.classes_, class_names=c.class_names, random_state=0
    ),
}


LONG = "estimator__step_with_a_very_long_name__alpha"
SCORES = np.linspace(0.7, 0.9, 8)[:, np.newaxis, np.newaxis] * [[[1.0], [1.05]]]
OTHERS = {
    "loss": lambda: show.LossCurveDisplay.from_curves(
        {f"{LONG} {i}": np.geomspace(1, 10.0**-i, 20) for i in range(5)}
    ),
    "held-out loss": lambda: show.LossCurveDisplay.from_curves(
        {LONG: [1e-5, 0.9e-5, 0.8e-5]}, held_out=[1.2e-5, 1e-5, 1.1e-5]
    ),
    "learning": lambda: show.LearningCurveDisplay.from_curve(
        LearningCurve(np.unique(np.geomspace(100, 60000, 8).astype(int)), SCORES, SCORES, LONG)
    ),
    "validation": lambda: show.ValidationCurveDisplay.from_curve(
        ValidationCurve(LONG, tuple((50 * i,) * 4 for i in range(1, 9)), SCORES, SCORES, LONG)
    ),
    "search": lambda: show.SearchDisplay.from_results(
        {
            "params": [
                {LONG: 10.0**-i, f"{LONG}_b": (100, 50, i), f"{LONG}_c": "invscaling" * (i + 1),
                 f"{LONG}_d": 0.001 + 0.002 * i} for i in range(6)
            ],
            "mean_test_score": SCORES[:6, 0, 0], "std_test_score": np.full(6, 0.02),
            "rank_test_score": np.arange(6, 0, -1),
        }
    ),
    "restarts": lambda: show.RestartsDisplay.from_values(
        np.linspace(0.91, 0.97, 40) ** 3, kept=39, n_rows=100000, what="balanced accuracy"
    ),
    "calibration": lambda: show.CalibrationDisplay.from_predictions(*UNSURE, n_bins=20),
    "confidence": lambda: show.ConfidenceDisplay.from_predictions(*UNSURE),
    "bars": lambda: show.FindingDisplay.from_finding(
        finding(Bars(LONG * 2, "size", (LONG * 2, "b", "c"), (8e5, 3.0, 2.0), 2.5, "median", (0,)))
    ),
    "curves": lambda: show.FindingDisplay.from_finding(
        finding(Curves(LONG * 2, "loss", {"a": np.arange(9.0), "b": np.ones(9)}, 3, LONG))
    ),
    "rate finder": lambda: show.RateFinderDisplay.from_range(
        judge_rates(np.geomspace(1e-5, 10, 13), np.r_[np.linspace(2, 0.3, 10), 8, np.inf, np.inf],
                    epochs=5, baseline_loss=2.3)
    ),
}  # fmt: skip
UNSURE = (np.arange(300) % 10, np.random.default_rng(0).dirichlet(np.full(10, 0.2), 300))


def finding(picture: Bars | Curves) -> Finding:
    return Finding("unscaled", "warning", "A sentence.", "An advice.", picture=picture)


@pytest.mark.parametrize("k", [2, 10, 26, 100])
@pytest.mark.parametrize("name", [*OF_CLASSES, *OF_ROWS, *OF_IMAGES])
def test_pictures_of_images(name, k, clashes):
    display = {**OF_CLASSES, **OF_ROWS, **OF_IMAGES}[name](case(k, is_image=True))
    assert clashes(display.figure_) == []


@pytest.mark.parametrize("k", [10, 100])
@pytest.mark.parametrize("name", OF_ROWS)
def test_pictures_of_tables(name, k, clashes):
    display = OF_ROWS[name](case(k, is_image=False))
    assert clashes(display.figure_) == []


@pytest.mark.parametrize("name", OTHERS)
def test_other_pictures_with_long_names(name, clashes):
    assert clashes(OTHERS[name]().figure_) == []


@pytest.mark.parametrize("is_image", [True, False])
def test_pictures_of_weights(is_image, clashes):
    c = case(10, is_image)
    display = show.WeightMatrixDisplay.from_estimator(c.net, feature_names=c.feature_names)
    assert clashes(display.figure_) == []


def test_what_overlaps_or_leaves_the_figure_is_found(clashes):
    figure, ax = plt.subplots(figsize=(3, 2))
    ax.set_xticks([0.0, 0.1], ["a long name", "another"])
    ax.set_xlim(0, 1)
    ax.set_title("a title that goes on and on beyond the edge of the figure", loc="left")
    found = clashes(figure)
    assert ("a long name", "another") in found
    assert any(pair[1] == "cut off" for pair in found)
