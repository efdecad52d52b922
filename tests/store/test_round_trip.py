"""What is saved is loaded: the same bits, names, and types."""

from __future__ import annotations

import json
import pathlib
import struct
import tempfile
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors import safe_open

from glassnet.data import Dataset, Preprocessor
from glassnet.errors import DataError, OutputError
from glassnet.estimators.logistic_regression import LogisticRegression
from glassnet.estimators.mlp_classifier import MLPClassifier
from glassnet.estimators.trained import TrainedModel
from glassnet.evaluation import success_rates
from glassnet.model import ACTIVATIONS
from glassnet.store import load_model, save_model

Fit = Callable[[Dataset, Any], TrainedModel]
Table = Callable[..., Dataset]
LABELS: st.SearchStrategy[list[Any]] = st.one_of(
    st.lists(st.integers(-(2**40), 2**40), min_size=2, max_size=5, unique=True),
    st.lists(
        st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=6),
        min_size=2,
        max_size=5,
        unique=True,
    ),
)


def round_trip(model: TrainedModel) -> TrainedModel:
    with tempfile.TemporaryDirectory() as folder:
        return load_model(save_model(model, pathlib.Path(folder) / "model.safetensors"))


def same(loaded: TrainedModel, model: TrainedModel, rows: Dataset) -> None:
    """Assert that two models are the same in all that can be seen."""
    assert type(loaded.estimator) is type(model.estimator)
    assert loaded.predict_proba(rows).tobytes() == model.predict_proba(rows).tobytes()
    assert loaded.predict(rows).dtype == model.predict(rows).dtype
    np.testing.assert_array_equal(loaded.predict(rows), model.predict(rows))
    assert loaded.classes.dtype == model.classes.dtype
    np.testing.assert_array_equal(loaded.classes, model.classes)
    assert loaded.estimator.get_params() == model.estimator.get_params()
    for name in (
        "class_names", "feature_names", "image", "source", "target", "seed", "holdout", "train",
    ):  # fmt: skip
        assert getattr(loaded, name) == getattr(model, name), name
    assert dict(loaded.versions) == dict(model.versions)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    labels=LABELS,
    is_net=st.booleans(),
    activation=st.sampled_from(sorted(ACTIVATIONS)),
    layers=st.lists(st.integers(1, 5), max_size=2),
    seed=st.integers(0, 2**32 - 1),
)
def test_a_loaded_model_predicts_the_same_bits(
    fitted: Fit,
    mixed_table: Table,
    labels: list[Any],
    is_net: bool,
    activation: str,
    layers: list[int],
    seed: int,
) -> None:
    rows = mixed_table(seed % 1000, tuple(labels))
    estimator = (
        MLPClassifier(tuple(layers), activation=activation, max_iter=2, random_state=seed)
        if is_net
        else LogisticRegression(C=1 + seed % 7)
    )
    model = fitted(rows, estimator)
    same(round_trip(model), model, rows)


@pytest.mark.parametrize("multi_class", ["ovr", "multinomial"])
@pytest.mark.parametrize("classes", [(0, 1), (0, 1, 2), ("no", "yes"), (False, True)])
def test_logistic_regressions_of_both_kinds(
    fitted: Fit, mixed_table: Table, multi_class: str, classes: tuple[Any, ...]
) -> None:
    rows = mixed_table(3, classes)
    model = fitted(rows, LogisticRegression(multi_class=multi_class))
    same(round_trip(model), model, rows)


def test_parameters_without_a_plain_json_type_come_back(fitted: Fit, mixed_table: Table) -> None:
    rows = mixed_table(1, (1, 2))
    model = fitted(rows, LogisticRegression(C=np.float64(2.0), class_weight={1: 2.0, 2: 0.5}))
    assert round_trip(model).estimator.class_weight == {1: 2.0, 2: 0.5}
    net = fitted(rows, MLPClassifier((3,), n_iter_no_change=np.inf, max_iter=2))
    assert round_trip(net).estimator.n_iter_no_change == np.inf
    drawn = fitted(rows, MLPClassifier((3,), random_state=np.random.RandomState(3), max_iter=2))
    assert round_trip(drawn).estimator.random_state is None  # its state has no JSON type
    assert round_trip(drawn).seed is None


def test_single_precision_stays_single(fitted: Fit, images: Dataset) -> None:
    rows = images
    model = fitted(rows, MLPClassifier((4,), max_iter=2))
    model.estimator.coefs_ = [coef.astype(np.float32) for coef in model.estimator.coefs_]
    model.estimator.intercepts_ = [b.astype(np.float32) for b in model.estimator.intercepts_]
    loaded = round_trip(model)
    assert [coef.dtype for coef in loaded.estimator.coefs_] == [np.float32, np.float32]
    assert loaded.predict_proba(rows).tobytes() == model.predict_proba(rows).tobytes()


def test_measured_rates_and_the_training_are_kept(images: Dataset, net: TrainedModel) -> None:
    rates = success_rates([5, 6, 7, 7], [5, 6, 5, 7], [5, 6, 7], net.class_names).to_dict()
    nobody = success_rates([5, 6], [5, 5], [5, 6, 7]).to_dict()  # a class without rows
    model = replace(net, train=rates, holdout=nobody)
    loaded = round_trip(model)
    same(loaded, model, images)
    assert loaded.estimator.loss_curve_ == net.estimator.loss_curve_
    assert loaded.estimator.loss_ == net.estimator.loss_
    assert loaded.estimator.n_iter_ == 3


@pytest.mark.parametrize("C", [1.0, np.inf])
def test_the_certificate_is_kept(fitted: Fit, mixed_table: Table, C: float) -> None:
    model = fitted(mixed_table(2, ("a", "b", "c")), LogisticRegression(C=C, max_iter=20))
    assert isinstance(model.estimator, LogisticRegression)
    certificate = model.estimator.certificate_
    assert certificate is not None
    assert np.isinf(certificate.excess) == np.isinf(C)
    assert round_trip(model).estimator.certificate_ == certificate


def test_a_loaded_net_can_learn_on(images: Dataset, net: TrainedModel) -> None:
    rows = images
    loaded = round_trip(net).estimator
    assert isinstance(loaded, MLPClassifier)
    before = loaded.coefs_[0].copy()
    loaded.partial_fit(rows.X, rows.y)
    assert not np.array_equal(before, loaded.coefs_[0])
    assert len(loaded.loss_curve_) == 4


def test_the_same_model_gives_the_same_bytes(net: TrainedModel, tmp_path: pathlib.Path) -> None:
    first = save_model(net, tmp_path / "first").read_bytes()
    second = save_model(load_model(tmp_path / "first"), tmp_path / "second").read_bytes()
    assert first == second


def test_the_file_is_small(net: TrainedModel, tmp_path: pathlib.Path) -> None:
    size = save_model(net, tmp_path / "model").stat().st_size
    weights = 8 * sum(part.size for part in (*net.estimator.coefs_, *net.estimator.intercepts_))
    assert weights < size < weights + 4000


def described(path: pathlib.Path) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Read a model file with safetensors and json alone."""
    with safe_open(path, framework="numpy") as file:
        return json.loads(file.metadata()["glassnet"]), {
            k: file.get_tensor(k) for k in sorted(file.keys())
        }


def prepared(record: dict[str, Any], frame: pd.DataFrame) -> np.ndarray:
    """Turn a raw table into numbers, as the format's description says."""
    numbers, columns = record["preprocessing"]["numbers"], []
    parts = zip(*(numbers[key] for key in ("names", "fill", "shift", "factor")), strict=True)
    for name, fill, shift, factor in parts:
        columns.append((frame[name].fillna(fill) - shift) / factor)
    for name, missing in zip(numbers["names"], numbers["missing"], strict=True):
        if missing:
            columns.append(frame[name].isna())
    for text in record["preprocessing"]["texts"]:
        known = frame[text["name"]].fillna("(missing)")
        columns += [known == value for value in text["values"]]
    return np.column_stack(columns).astype(float)


def propagated(record: dict[str, Any], arrays: dict[str, np.ndarray], a: np.ndarray) -> np.ndarray:
    """Compute probabilities, as the format's description says."""
    hidden = {
        "identity": lambda z: z,
        "logistic": lambda z: 1 / (1 + np.exp(-z)),
        "tanh": np.tanh,
        "relu": lambda z: np.maximum(z, 0),
    }[record["network"]["activation"]]
    last = len(record["network"]["layer_sizes"]) - 2
    for layer in range(last + 1):
        z = a @ arrays[f"coefs.{layer}"] + arrays[f"intercepts.{layer}"]
        a = hidden(z)
    if record["network"]["output"] == "softmax":
        return np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    a = 1 / (1 + np.exp(-z))
    return np.hstack([1 - a, a]) if a.shape[1] == 1 else a / a.sum(axis=1, keepdims=True)


@pytest.mark.parametrize("classes", [("a", "b"), ("a", "b", "c")])
@pytest.mark.parametrize(
    "estimator",
    [
        MLPClassifier((4, 3), activation="tanh", max_iter=3, random_state=0),
        MLPClassifier((4,), activation="logistic", max_iter=3, random_state=0),
        MLPClassifier((5,), max_iter=3, random_state=0),
        LogisticRegression(),
        LogisticRegression(multi_class="multinomial"),
    ],
)
def test_safetensors_and_json_alone_read_it(
    fitted: Fit,
    mixed_table: Table,
    tmp_path: pathlib.Path,
    estimator: Any,
    classes: tuple[str, ...],
) -> None:
    rows = mixed_table(4, classes)
    model = fitted(rows, estimator)
    record, arrays = described(save_model(model, tmp_path / "model.safetensors"))
    p = propagated(record, arrays, prepared(record, pd.DataFrame(rows.X)))
    np.testing.assert_allclose(p, model.predict_proba(rows), rtol=1e-9, atol=1e-12)
    labels = np.array(record["classes"]["values"])[p.argmax(axis=1)]
    np.testing.assert_array_equal(labels, model.predict(rows))
    assert record["format"] == "glassnet-model"
    assert record["version"] == 2
    assert record["target"] == "kind"


def test_the_container_is_as_described(net: TrainedModel, tmp_path: pathlib.Path) -> None:
    content = save_model(net, tmp_path / "model").read_bytes()
    (length,) = struct.unpack("<Q", content[:8])
    header = json.loads(content[8 : 8 + length])
    assert header["coefs.0"]["shape"] == [6, 4]
    start, stop = header["coefs.0"]["data_offsets"]
    coef = np.frombuffer(content[8 + length :][start:stop]).reshape(6, 4)
    np.testing.assert_array_equal(coef, net.estimator.coefs_[0])
    assert json.loads(header["__metadata__"]["glassnet"])["image"] == {
        "height": 3,
        "width": 2,
        "channels": 1,
        "pixel_order": "F",
    }


def test_a_failed_save_leaves_the_old_file(net: TrainedModel, tmp_path: pathlib.Path) -> None:
    path = save_model(net, tmp_path / "model")
    before = path.read_bytes()
    with pytest.raises(DataError, match="is no valid text"):
        save_model(replace(net, source="X\udcff.csv"), path)
    assert path.read_bytes() == before
    with pytest.raises(OutputError, match="does not exist"):
        save_model(net, tmp_path / "nowhere" / "model")
    assert [file.name for file in tmp_path.iterdir()] == ["model"]


def test_several_labels_a_row_are_refused(tmp_path: pathlib.Path) -> None:
    X, Y = np.eye(4), np.array([[0, 1], [1, 0], [1, 1], [0, 0]])
    net = MLPClassifier((2,), solver="lbfgs", max_iter=500, random_state=0).fit(X, Y)
    preprocessor = Preprocessor("none").fit(X)
    model = TrainedModel(net, preprocessor, ("a", "b", "c", "d"), ("0", "1"), None, "arrays")
    with pytest.raises(DataError, match="this one gives several"):
        save_model(model, tmp_path / "model")
