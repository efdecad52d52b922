"""Estimators of every sort that a model file may hold, small; and how the kept files were written.

`python tests/store/samples.py` writes a file of each sample that has none yet, and what it
predicts, to tests/store/files. A file that is there is never written again: it must load for ever.
"""

from __future__ import annotations

import json
import pathlib
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer, make_column_selector
from sklearn.impute import SimpleImputer
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import (
    LabelBinarizer,
    LabelEncoder,
    MaxAbsScaler,
    MinMaxScaler,
    Normalizer,
    OneHotEncoder,
    OrdinalEncoder,
    RobustScaler,
    StandardScaler,
)

import glassnet
from glassnet import (
    AutoMLPClassifier,
    Dataset,
    LogisticRegression,
    MLPClassifier,
    MLPRegressor,
    TrainedModel,
)
from glassnet.data import Preprocessor

FILES = pathlib.Path(__file__).parent / "files"
N = 24


def numbers() -> np.ndarray:
    """Return rows (24, 3) that no random stream could change."""
    i = np.arange(N * 3, dtype=np.float64).reshape(N, 3)
    return np.round(np.sin(i * i) * [1, 10, 100], 6)


def table() -> pd.DataFrame:
    """Return a table of numbers with gaps and of text."""
    rows = pd.DataFrame(numbers(), columns=["age", "height", "income"])
    rows.loc[::5, "age"] = np.nan
    rows["town"] = np.array([["Ulm", "Köln", "Aachen"][i * i % 3] for i in range(N)], dtype=object)
    rows["car"] = np.array(
        ["bus" if i == 7 else "abc"[i * i % 7 % 3] for i in range(N)], dtype=object
    )
    return rows


def labels(k: int = 3) -> np.ndarray:
    """Return labels (24,) of k classes that the numbers tell apart."""
    return np.digitize(numbers()[:, 0], np.linspace(-1, 1, k + 1)[1:-1])


def _words(k: int = 3) -> np.ndarray:
    return np.array(["low", "middle", "high"])[labels(k)]


def _net(**parameters: Any) -> MLPClassifier:
    return MLPClassifier((4,), **{"max_iter": 3, "random_state": 0, **parameters})


def _auto(**recipe: Any) -> AutoMLPClassifier:
    recipe = {
        "members": 2,
        "hidden": (3,),
        "courses": ((2, 2, 0.1),),
        "judge": 0,
        "pieces": 2,
        **recipe,
    }
    return AutoMLPClassifier(random_state=0, recipe=recipe)


def _encoded() -> Pipeline:
    """Return a pipeline of all that prepares tables."""
    age = make_pipeline(SimpleImputer(add_indicator=True), StandardScaler())
    towns = OneHotEncoder(handle_unknown="ignore", drop=None, sparse_output=False)
    cars = OneHotEncoder(max_categories=3, handle_unknown="infrequent_if_exist")
    order = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1)
    columns = ColumnTransformer(
        [
            ("age", age, ["age"]),
            ("town", towns, ["town"]),
            ("car", cars, make_column_selector("car", dtype_include=object)),
            ("order", order, ["town"]),
            ("height", "passthrough", ["height"]),
        ],
        remainder=RobustScaler(quantile_range=(10.0, 90.0)),
    )
    return Pipeline([("columns", columns), ("net", _net(activation="tanh"))])


def _trained(estimator: Any) -> TrainedModel:
    rows = Dataset.from_arrays(table(), _words(), name="table.csv", target="kind")
    preprocessor = Preprocessor.for_dataset(rows).fit(rows.X)
    return TrainedModel.of(
        rows, preprocessor, estimator.fit(preprocessor.transform(rows.X), rows.y)
    )


def _sparsified() -> LogisticRegression:
    return LogisticRegression(solver="saga", l1_ratio=1, C=0.05, random_state=0).fit(
        numbers() / [1, 10, 100], labels()
    ).sparsify()  # fmt: skip


def _gaps() -> np.ndarray:
    rows = numbers()
    rows[::4, 1] = np.nan
    return rows


TEXTS = ["town", "car"]
SAMPLES: dict[str, tuple[Callable[[], Any], Callable[[], Any]]] = {
    "net": (lambda: _net().fit(numbers(), _words()), numbers),
    "net-two-classes": (lambda: _net(activation="logistic").fit(numbers(), labels(2)), numbers),
    "net-multilabel": (
        lambda: _net(solver="lbfgs").fit(numbers(), np.eye(3, dtype=int)[labels()] + 0),
        numbers,
    ),
    "net-float32": (
        lambda: _net(precision="float32").fit(numbers().astype(np.float32), labels()),
        lambda: numbers().astype(np.float32),
    ),
    "net-adam-state": (lambda: _net().fit(numbers(), labels()), numbers),
    "net-sgd-state": (
        lambda: _net(solver="sgd", learning_rate="adaptive", random_state=np.random.RandomState(5))
        .fit(numbers(), _words()),
        numbers,
    ),
    "net-early-stopping": (
        lambda: _net(early_stopping=True, validation_fraction=0.3, warm_start=True)
        .fit(table()[["height", "income"]], labels()),
        lambda: table()[["height", "income"]],
    ),
    "net-restarts": (
        lambda: _net(n_restarts=2, keep_restarts=True).fit(numbers(), labels()), numbers
    ),
    "auto-table": (lambda: _auto().fit(table(), _words()), table),
    "auto-numbers": (
        lambda: _auto(least_rehearsed=10, courses=((2, 2, 0.0), (3, 3, 0.1)))
        .fit(numbers(), labels(2)),
        numbers,
    ),
    "net-numbers": (
        lambda: MLPRegressor(hidden_layer_sizes=(4,), max_iter=3, random_state=0)
        .fit(numbers(), numbers() / [1, 10, 100]),
        numbers,
    ),
    "net-counts": (
        lambda: MLPRegressor("poisson", (4,), solver="lbfgs", random_state=0)
        .fit(numbers() / 100, labels()),
        lambda: numbers() / 100,
    ),
    "net-unfitted": (lambda: _net(n_iter_no_change=np.inf), numbers),
    "logistic-ovr": (
        lambda: LogisticRegression(multi_class="ovr").fit(numbers(), _words()), numbers
    ),
    "logistic-multinomial": (
        lambda: LogisticRegression(class_weight={0: 1.0, 1: 2.0, 2: 3.0}).fit(numbers(), labels()),
        numbers,
    ),
    "logistic-two-classes": (
        lambda: LogisticRegression(C=np.inf, tol=1e-2).fit(numbers(), labels(2) == 1), numbers
    ),
    "logistic-sparse": (_sparsified, numbers),
    "pipeline-table": (lambda: _encoded().fit(table(), _words()), table),
    "pipeline-preprocessor": (
        lambda: make_pipeline(Preprocessor("standard"), LogisticRegression())
        .fit(table(), labels()),
        table,
    ),
    "model-net": (lambda: _trained(_net()), table),
    "model-logistic": (lambda: _trained(LogisticRegression()), table),
    "standard-scaler": (lambda: StandardScaler().fit(numbers()), numbers),
    "minmax-scaler": (lambda: MinMaxScaler((-1, 1), clip=True).fit(numbers()), numbers),
    "maxabs-scaler": (
        lambda: MaxAbsScaler().set_output(transform="pandas").fit(table()[["income"]]),
        lambda: table()[["income"]],
    ),
    "robust-scaler": (lambda: RobustScaler().fit(numbers()), numbers),
    "normalizer": (lambda: Normalizer("l1").fit(numbers()), numbers),
    "imputer": (lambda: SimpleImputer(strategy="median", add_indicator=True).fit(_gaps()), _gaps),
    "imputer-text": (
        lambda: SimpleImputer(missing_values=None, strategy="most_frequent").fit(table()[TEXTS]),
        lambda: table()[TEXTS],
    ),
    "one-hot-encoder": (
        lambda: OneHotEncoder(drop="if_binary", dtype=np.float32).fit(table()[TEXTS]),
        lambda: table()[TEXTS],
    ),
    "ordinal-encoder": (
        lambda: OrdinalEncoder(encoded_missing_value=-1).fit(_gaps()[:, 1:2]),
        lambda: _gaps()[:, 1:2],
    ),
    "label-binarizer": (lambda: LabelBinarizer(neg_label=-1).fit(_words()), _words),
    "label-encoder": (lambda: LabelEncoder().fit(_words()), _words),
}  # fmt: skip


def made(name: str) -> Any:
    """Return a sample."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return SAMPLES[name][0]()


def rows_of(name: str) -> Any:
    """Return the rows of a sample."""
    return SAMPLES[name][1]()


def answers(thing: Any, rows: Any) -> dict[str, Any]:
    """Return all that an object says of rows, in plain types."""
    if isinstance(thing, TrainedModel):
        rows = Dataset.from_arrays(rows, None)
    found = {}
    for method in ("predict", "predict_proba", "decision_function", "transform"):
        if hasattr(thing, method) and not (
            isinstance(thing, MLPClassifier) and not hasattr(thing, "coefs_")
        ):
            said = getattr(thing, method)(rows)
            said = said.toarray() if hasattr(said, "toarray") else np.asarray(said)
            found[method] = said.tolist()
    return found


def write() -> None:
    """Write the files that are not there yet, and what they predict."""
    FILES.mkdir(exist_ok=True)
    for name in SAMPLES:
        file = FILES / f"{name}.safetensors"
        if file.exists():
            continue
        thing = made(name)
        if isinstance(thing, TrainedModel):
            glassnet.save(thing, file)
        else:
            glassnet.save(thing, file, optimizer_state=name.endswith("-state"))
        text = json.dumps(answers(thing, rows_of(name)), ensure_ascii=False)
        file.with_suffix(".json").write_text(text + "\n", encoding="utf-8")
        print(f"{file.name}: {file.stat().st_size} bytes")


if __name__ == "__main__":
    write()
