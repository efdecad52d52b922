"""Estimators and pipelines come back from their files as they were, and go on training."""

from __future__ import annotations

import pathlib
import tempfile
import warnings
from typing import Any

import numpy as np
import pandas as pd
import pytest
import sklearn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sklearn.base import BaseEstimator
from sklearn.compose import ColumnTransformer
from sklearn.exceptions import ConvergenceWarning
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from tests.store.samples import SAMPLES, answers, labels, made, numbers, rows_of, table

import glassnet
from glassnet import LogisticRegression, MLPClassifier, TrainedModel
from glassnet.model import ACTIVATIONS
from glassnet.training import OPTIMIZERS, PLANNED, SCHEDULES

LOSSES = ("coefs_", "intercepts_", "loss_curve_")
LABELS: st.SearchStrategy[list[Any]] = st.one_of(
    st.lists(st.integers(-(2**40), 2**40), min_size=2, max_size=4, unique=True),
    st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=6),
             min_size=2, max_size=4, unique=True),
    st.just([False, True]),
    st.lists(st.floats(-9, 9).map(lambda x: round(x) / 1.0), min_size=2, max_size=4, unique=True),
)  # fmt: skip


def through_a_file(thing: Any, **options: Any) -> Any:
    with tempfile.TemporaryDirectory() as folder:
        return glassnet.load(glassnet.save(thing, pathlib.Path(folder) / "model", **options))


def quiet(call: Any, *args: Any, **more: Any) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return call(*args, **more)


def same_parameters(ours: Any, theirs: Any) -> None:
    """Assert that two objects are of one type and have the same parameters, all the way down."""
    assert type(ours) is type(theirs)
    if isinstance(ours, list | tuple):
        assert len(ours) == len(theirs)
        for our, their in zip(ours, theirs, strict=True):
            same_parameters(our, their)
    elif isinstance(ours, BaseEstimator):
        mine, other = ours.get_params(deep=False), theirs.get_params(deep=False)
        assert mine.keys() == other.keys()
        for name in mine:
            same_parameters(mine[name], other[name])
    elif isinstance(ours, np.random.RandomState):
        np.testing.assert_array_equal(ours.get_state()[1], theirs.get_state()[1])
    elif isinstance(ours, float | int | str | bool | dict | np.ndarray | type | None):
        np.testing.assert_equal(ours, theirs)


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_comes_back_as_it_was(name: str, tmp_path: pathlib.Path) -> None:
    thing, rows = made(name), rows_of(name)
    first = glassnet.save(thing, tmp_path / "first", optimizer_state=name.endswith("state"))
    loaded = glassnet.load(first)
    assert type(loaded) is type(thing)
    assert answers(loaded, rows) == answers(thing, rows)  # floats to their last bit
    if not isinstance(thing, TrainedModel):
        same_parameters(loaded, thing)
    again = glassnet.save(loaded, tmp_path / "again", optimizer_state=name.endswith("state"))
    assert again.read_bytes() == first.read_bytes()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    known=LABELS,
    is_object=st.booleans(),
    activation=st.sampled_from(sorted(ACTIVATIONS)),
    solver=st.sampled_from(["lbfgs", *OPTIMIZERS]),
    schedule=st.sampled_from(sorted(SCHEDULES)),
    dtype=st.sampled_from([np.float32, np.float64]),
    layers=st.lists(st.integers(1, 5), max_size=2),
    named=st.booleans(),
    optimizer_state=st.booleans(),
    seed=st.integers(0, 2**32 - 1) | st.none(),
)
def test_any_net_comes_back(
    known: list[Any],
    is_object: bool,
    activation: str,
    solver: str,
    schedule: str,
    dtype: type,
    layers: list[int],
    named: bool,
    optimizer_state: bool,
    seed: int | None,
) -> None:
    X: Any = numbers().astype(dtype) / np.array([1, 10, 100], dtype=dtype)
    if named:
        X = pd.DataFrame(X, columns=["a", "b", "ç d"])
    is_object = is_object and isinstance(known[0], str)  # scikit-learn takes no others
    y = np.array(
        [known[i % len(known)] for i in range(len(X))], dtype=object if is_object else None
    )
    net = MLPClassifier(
        tuple(layers),
        activation=activation,
        solver=solver,
        learning_rate=schedule,
        max_iter=2,
        random_state=seed,
    )
    quiet(net.fit, X, y)
    loaded = through_a_file(net, optimizer_state=optimizer_state)
    assert loaded.predict_proba(X).tobytes() == net.predict_proba(X).tobytes()
    assert loaded.predict_proba(X).dtype == net.predict_proba(X).dtype
    assert loaded.predict(X).tolist() == net.predict(X).tolist()
    assert loaded.classes_.dtype == net.classes_.dtype
    assert loaded.get_params() == net.get_params()
    assert hasattr(loaded, "feature_names_in_") == named
    if named:
        assert loaded.feature_names_in_.tolist() == ["a", "b", "ç d"]
        assert loaded.feature_names_in_.dtype == object
    for name in ("n_iter_", "loss_", "loss_curve_", "best_loss_", "t_", "out_activation_"):
        assert getattr(loaded, name) == getattr(net, name), name


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    known=LABELS,
    multi_class=st.sampled_from(["auto", "ovr", "multinomial"]),
    C=st.floats(1e-3, 1e3) | st.just(np.inf),
    weighted=st.booleans(),
    dtype=st.sampled_from([np.float32, np.float64]),
)
def test_any_logistic_regression_comes_back(
    known: list[Any], multi_class: str, C: float, weighted: bool, dtype: type
) -> None:
    X = numbers().astype(dtype)
    y = np.array([known[i % len(known)] for i in range(len(X))])
    weights = dict.fromkeys(y.tolist(), 1.5) if weighted else None
    logistic = LogisticRegression(multi_class=multi_class, C=C, class_weight=weights)
    quiet(logistic.fit, X, y)
    loaded = through_a_file(logistic)
    assert loaded.predict_proba(X).tobytes() == logistic.predict_proba(X).tobytes()
    assert loaded.predict(X).tolist() == logistic.predict(X).tolist()
    assert loaded.get_params() == logistic.get_params()
    assert loaded.certificate_ == logistic.certificate_
    assert loaded.certificate_.sentence() == logistic.certificate_.sentence()


@settings(max_examples=20, deadline=None)
@given(Y=st.lists(st.lists(st.integers(0, 1), min_size=3, max_size=3), min_size=24, max_size=24))
def test_several_labels_a_row(Y: list[list[int]]) -> None:
    targets = np.array([*Y[:-3], [0, 0, 1], [0, 1, 1], [1, 0, 0]])
    net = quiet(MLPClassifier((3,), max_iter=2, random_state=1).fit, numbers(), targets)
    loaded = through_a_file(net)
    assert loaded.predict(numbers()).tolist() == net.predict(numbers()).tolist()
    assert loaded.predict_proba(numbers()).tobytes() == net.predict_proba(numbers()).tobytes()


def learned(net: MLPClassifier) -> list[bytes]:
    return [np.concatenate([np.ravel(part) for part in getattr(net, name)]).tobytes()
            for name in LOSSES]  # fmt: skip


def streaming(solver: str, schedule: str, dtype: str) -> MLPClassifier:
    net = MLPClassifier(
        (6,),
        solver=solver,
        learning_rate=schedule,
        batch_size=5,
        precision=dtype,
        random_state=np.random.RandomState(3),
    )
    for _ in range(3):
        net.partial_fit(numbers(), labels(), classes=[0, 1, 2])
    return net


@pytest.mark.parametrize("engine", ["native", "reference"])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(
    ("solver", "schedule"),
    [
        ("adam", "constant"),
        ("adamw", "constant"),
        *(("sgd", name) for name, make in SCHEDULES.items() if make not in PLANNED),
    ],
)
def test_partial_fit_goes_on_as_if_it_had_never_stopped(
    monkeypatch: pytest.MonkeyPatch, engine: str, dtype: str, solver: str, schedule: str
) -> None:
    if engine == "native":
        pytest.importorskip("glassnet._core")
    monkeypatch.setenv("GLASSNET_ENGINE", engine)
    net = streaming(solver, schedule, dtype)
    loaded = through_a_file(net, optimizer_state=True)
    fresh = through_a_file(net)
    assert fresh._optimizer_state is None
    for each in (net, loaded, fresh):
        for _ in range(3):
            each.partial_fit(numbers(), labels())
    assert learned(loaded) == learned(net)
    assert loaded.t_ == net.t_ == 6 * 24
    assert learned(fresh) != learned(net)  # the optimizer had something to remember


@pytest.mark.parametrize("early_stopping", [False, True])
@pytest.mark.parametrize("solver", ["lbfgs", "sgd", "adam"])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_warm_start_goes_on_without_the_state_of_the_optimizer(
    solver: str, early_stopping: bool, dtype: type
) -> None:
    net = MLPClassifier(
        (5,),
        solver=solver,
        max_iter=4,
        early_stopping=early_stopping,
        validation_fraction=0.25,
        warm_start=True,
        random_state=np.random.RandomState(1),
    )
    X = numbers().astype(dtype)
    quiet(net.fit, X, labels())
    loaded = through_a_file(net)
    for _ in range(2):
        quiet(net.fit, X, labels())
        quiet(loaded.fit, X, labels())
        assert learned(loaded) == learned(net)
        assert loaded.validation_scores_ == net.validation_scores_


def test_curves_weights_and_scores_come_back_and_only_recorded_rows_restore_nothing() -> None:
    net = MLPClassifier(
        (5,),
        max_iter=4,
        warm_start=True,
        random_state=0,
        class_weight={1: 2.0},
        scoring="f1_macro",
    )
    X, y = numbers(), labels()
    quiet(net.fit, X, y, X_val=X[::2], y_val=y[::2])
    loaded = through_a_file(net)
    assert (loaded.class_weight, loaded.scoring) == ({1: 2.0}, "f1_macro")
    for _ in range(2):
        assert loaded.validation_loss_curve_ == net.validation_loss_curve_
        assert loaded.train_score_curve_ == net.train_score_curve_
        assert loaded.validation_scores_ == net.validation_scores_
        assert loaded._progress.best_parameters is net._progress.best_parameters is None
        for each in (net, loaded):
            quiet(each.fit, X, y, X_val=X[::2], y_val=y[::2])
        assert learned(loaded) == learned(net)


def test_a_logistic_regression_and_a_scaler_go_on() -> None:
    logistic = LogisticRegression(warm_start=True, max_iter=1, C=1e4)
    with pytest.warns(ConvergenceWarning):
        logistic.fit(numbers(), labels())
    loaded = through_a_file(logistic)
    for each in (logistic, loaded):
        quiet(each.fit, numbers(), labels())
    assert loaded.coef_.tobytes() == logistic.coef_.tobytes()
    scaler = StandardScaler().fit(numbers()[:9])
    again = through_a_file(scaler)
    for each in (scaler, again):
        each.partial_fit(numbers()[9:])
    assert again.mean_.tobytes() == scaler.mean_.tobytes()
    assert again.n_samples_seen_ == 24
    assert type(again.n_samples_seen_) is type(scaler.n_samples_seen_)


def test_a_net_without_state_is_small() -> None:
    net = quiet(MLPClassifier((100,), max_iter=30, random_state=0, early_stopping=True).fit,
                np.tile(numbers(), 20), labels())  # fmt: skip
    weights = sum(part.nbytes for part in (*net.coefs_, *net.intercepts_))
    with tempfile.TemporaryDirectory() as folder:
        small = glassnet.save(net, pathlib.Path(folder) / "small").stat().st_size
        large = glassnet.save(net, pathlib.Path(folder) / "large", optimizer_state=True)
        assert weights < small < weights + 4000
        assert 4 * weights < large.stat().st_size < 4 * weights + 5000  # m, v, the best net


def test_columns_in_every_way_of_naming_them() -> None:
    ways: list[Any] = [
        "age", ["age"], [0], slice(0, 1), slice("age", "height"), pd.Index(["age"]),
        np.array([True, False, False]), [True, False, False], np.array(["age"]), np.array([0]),
    ]  # fmt: skip
    rows = table()[["age", "height", "income"]].fillna(0)
    for way in ways:
        what = "passthrough" if isinstance(way, str) else StandardScaler()
        if isinstance(way, str):
            what, way = "drop", [way]
        columns = ColumnTransformer([("x", what, way)], remainder="passthrough").fit(rows)
        loaded = through_a_file(columns)
        assert loaded.transform(rows).tobytes() == columns.transform(rows).tobytes(), way
        assert loaded.get_feature_names_out().tolist() == columns.get_feature_names_out().tolist()
        found = loaded.transformers[0][2]
        assert type(found) is type(way)
        assert list(found) == list(way) if not isinstance(way, slice) else found == way


def test_categories_of_every_type() -> None:
    frames: list[Any] = [
        pd.DataFrame({"a": ["x", None, "y", np.nan], "b": [1, 2, 3, 1], "c": [True, False] * 2}),
        np.array([[1.5, np.nan], [2.5, 3.0], [np.nan, 1.0]]),
        np.array([["a", "bb"], ["cc", "d"]]),
    ]
    for rows in frames:
        encoder = OneHotEncoder(handle_unknown="ignore", drop=None).fit(rows)
        loaded = through_a_file(encoder)
        assert (loaded.transform(rows) != encoder.transform(rows)).nnz == 0
        assert [c.dtype for c in loaded.categories_] == [c.dtype for c in encoder.categories_]
    given_ = OneHotEncoder(categories=[["a", "b", "c"]]).fit([["a"], ["c"]])
    assert through_a_file(given_).categories == [["a", "b", "c"]]


def test_frames_and_metadata_requests_come_back() -> None:
    with sklearn.config_context(enable_metadata_routing=True):
        net = MLPClassifier((2,), max_iter=1).set_fit_request(sample_weight=True)
        scaler = StandardScaler().set_fit_request(sample_weight=False)
        scaler.set_output(transform="pandas")
        pipeline = make_pipeline(scaler, net)
        rows = table()[["height", "income"]]
        quiet(pipeline.fit, rows, labels())
        loaded = through_a_file(pipeline)
        assert loaded[-1].get_metadata_routing().fit.requests["sample_weight"] is True
        assert loaded[0].get_metadata_routing().fit.requests == {"sample_weight": False}
        assert isinstance(loaded[0].transform(rows), pd.DataFrame)
        quiet(lambda: loaded.fit(rows, labels(), sample_weight=np.ones(24)))


def test_pipelines_within_pipelines() -> None:
    inner = Pipeline([("a.b", StandardScaler()), ("nothing", None), ("too", "passthrough")])
    pipeline = Pipeline([("a", inner), ("a.b", StandardScaler())]).fit(numbers())
    loaded = through_a_file(pipeline)
    assert loaded.transform(numbers()).tobytes() == pipeline.transform(numbers()).tobytes()
    assert loaded["a"].steps[1:] == [("nothing", None), ("too", "passthrough")]


def test_order_f_stays_order_f() -> None:
    logistic = LogisticRegression().fit(numbers(), labels())
    logistic.coef_ = np.asfortranarray(logistic.coef_)
    loaded = through_a_file(logistic)
    assert loaded.coef_.flags.f_contiguous
    assert loaded.predict_proba(numbers()).tobytes() == logistic.predict_proba(numbers()).tobytes()


def test_callbacks_stay_with_the_session() -> None:
    scaler = StandardScaler().fit(numbers())
    scaler._skl_callbacks = [print]  # where `set_callbacks` keeps them
    loaded = through_a_file(scaler)
    assert not hasattr(loaded, "_skl_callbacks")
    assert loaded.mean_.tobytes() == scaler.mean_.tobytes()
