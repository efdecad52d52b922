"""AutoMLPClassifier beside other models with their defaults, on the same rows, in one run.

    python benchmarks/accuracy.py [--seeds 3] [--tables NAME ...] [--models NAME ...] [--rows N]
                                  [--data FOLDER]

For each table and model a line prints the means over seeds of error, log loss, expected calibration
error and the seconds of `fit`, and below them the geometric means, over tables and seeds, of the
ratios to scikit-learn's scaled net, and the sums of the seconds. Tables come with a split, or get
one by the seed: 30 % to test on, each class in the same shares. Models take turns, so that what
else the machine does meets all of them. RealMLP is there where pytabkit is installed.
"""

from __future__ import annotations

import argparse
import pathlib
import time
import warnings
from collections import defaultdict
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

import numpy as np
import pandas as pd
from sklearn.compose import make_column_selector, make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.metrics import log_loss
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler
from tables import LARGE, TABLES, tables

from data import FOLDER
from glassnet import AutoMLPClassifier

RIVAL = "scaled MLPClassifier"


def scaled_net(X: Any, seed: int) -> Any:
    """Return scikit-learn's net behind what it needs: a scaler, and encoders for text."""
    net = MLPClassifier(random_state=seed)
    if not isinstance(X, pd.DataFrame):
        return make_pipeline(StandardScaler(), net)
    numbers = make_pipeline(SimpleImputer(), StandardScaler())
    texts = make_pipeline(
        SimpleImputer(strategy="constant", fill_value="missing"),
        OneHotEncoder(handle_unknown="ignore", sparse_output=False),
    )
    columns = make_column_transformer(
        (numbers, make_column_selector(dtype_include="number")),
        (texts, make_column_selector(dtype_exclude="number")),
    )
    return make_pipeline(columns, net)


def boosted_trees(X: Any, seed: int) -> Any:
    """Return scikit-learn's gradient boosting, which takes gaps, and text as numbers."""
    trees = HistGradientBoostingClassifier(random_state=seed)
    if not isinstance(X, pd.DataFrame):
        return trees
    texts = make_column_selector(dtype_exclude="number")
    order = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=np.nan)
    columns = make_column_transformer((order, texts), remainder="passthrough")
    trees.set_params(categorical_features=list(range(len(texts(X)))))
    return make_pipeline(columns, trees)


def auto(X: Any, seed: int) -> Any:
    """Return ours, which needs nothing."""
    return AutoMLPClassifier(random_state=seed)


def real_mlp(X: Any, seed: int) -> Any:
    """Return RealMLP with its tuned defaults."""
    from pytabkit import RealMLP_TD_Classifier  # type: ignore[import-not-found]

    return RealMLP_TD_Classifier(random_state=seed)


MODELS: dict[str, Callable[[Any, int], Any]] = {
    "AutoMLPClassifier": auto,
    RIVAL: scaled_net,
    "HistGradientBoosting": boosted_trees,
}
if find_spec("pytabkit"):
    MODELS["RealMLP-TD"] = real_mlp


def calibration_error(p: np.ndarray, is_right: np.ndarray, bins: int = 15) -> float:
    """Return the expected calibration error of the predicted classes' probabilities.

    The mean distance of confidence and success in bins of equal width, weighted by their rows
    (Guo, Pleiss, Sun and Weinberger, "On calibration of modern neural networks", ICML 2017).
    """
    confidence = p.max(axis=1)
    places = np.minimum((confidence * bins).astype(int), bins - 1)
    return float(
        sum(
            abs(confidence[places == place].sum() - is_right[places == place].sum())
            for place in np.unique(places)
        )
        / len(p)
    )


def measure(model: Any, parts: tuple[Any, Any, Any, Any]) -> dict[str, float]:
    """Fit, and return what came of it."""
    X_train, X_test, y_train, y_test = parts
    start = time.perf_counter()
    model.fit(X_train, y_train)
    seconds = time.perf_counter() - start
    p = np.asarray(model.predict_proba(X_test), np.float64)
    p /= p.sum(axis=1, keepdims=True)
    is_right = model.classes_[p.argmax(axis=1)] == y_test
    return {
        "error": 1 - float(is_right.mean()),
        "log loss": float(log_loss(y_test, p, labels=model.classes_)),
        "ece": calibration_error(p, is_right),
        "seconds": seconds,
    }


Results = dict[str, dict[tuple[str, int], dict[str, float]]]


def told(name: str, measured: list[dict[str, float]]) -> str:
    """Return a line of means."""
    error, loss, ece, seconds = (
        np.mean([each[field] for each in measured])
        for field in ("error", "log loss", "ece", "seconds")
    )
    return f"    {name:<22} {error:8.2%} {loss:9.4f} {ece:8.4f} {seconds:9.2f}"


def summary(results: Results) -> list[str]:
    """Return the lines that compare all models with scikit-learn's net."""
    lines = [
        f"{'all, over ' + RIVAL:<34} {'error':>7} {'log loss':>9} {'seconds':>8} {'in all':>9}"
    ]
    rival = results[RIVAL]
    for name, found in results.items():
        ratio = {
            field: np.exp(
                np.mean([np.log(each[field] / rival[key][field]) for key, each in found.items()])
            )
            for field in ("error", "log loss")
        }
        seconds = sum(each["seconds"] for each in found.values())
        share = seconds / sum(each["seconds"] for each in rival.values())
        lines.append(
            f"    {name:<30} {ratio['error']:7.3f} {ratio['log loss']:9.3f} {share:8.2f} "
            f"{seconds:8.1f}s"
        )
    ours = results["AutoMLPClassifier"]
    better = sum(ours[key]["error"] < rival[key]["error"] for key in rival)
    lines.append(f"fewer errors than {RIVAL} in {better} of {len(rival)} runs")
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument(
        "--tables", nargs="*", default=TABLES, choices=TABLES + LARGE, metavar="NAME"
    )
    parser.add_argument("--models", nargs="*", choices=MODELS, metavar="NAME", help="some of them")
    parser.add_argument("--rows", type=int, help="training rows at most")
    parser.add_argument("--data", type=pathlib.Path, default=FOLDER, help="folder of the rows")
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    models = {name: make for name, make in MODELS.items() if name in (asked.models or MODELS)}
    results: Results = defaultdict(dict)
    print(f"{'':26} {'error':>8} {'log loss':>9} {'ece':>8} {'seconds':>9}")
    for table in tables(asked.data, asked.tables):
        for seed in range(asked.seeds):
            parts = table.parts(seed, asked.rows)
            for name, make in models.items():
                results[name][table.name, seed] = measure(make(parts[0], seed), parts)
        n, d = parts[0].shape
        print(f"{table.name}: {n} rows of {d} columns, {len(parts[3])} to test")
        for name in models:
            measured = [results[name][table.name, seed] for seed in range(asked.seeds)]
            print(told(name, measured), flush=True)
    if {RIVAL, "AutoMLPClassifier"} <= results.keys():
        print("\n".join(summary(results)))


if __name__ == "__main__":
    main()
