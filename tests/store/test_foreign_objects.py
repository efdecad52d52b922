"""What cannot be saved, and files of objects that are none: a sentence or two, and nothing else."""

from __future__ import annotations

import json
import pathlib
import re
import struct
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import safetensors.numpy
from safetensors import safe_open
from sklearn.compose import ColumnTransformer
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier as SklearnMLP
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer, LabelEncoder, OneHotEncoder, StandardScaler
from tests.store.samples import labels, made, numbers

import glassnet
from glassnet import LogisticRegression, MLPClassifier
from glassnet.errors import DataError, ModelFileError, OutputError
from glassnet.store import objects, save


class Mine(StandardScaler):
    """A class of the user's own."""


def endless() -> Pipeline:
    pipeline = Pipeline([("scale", StandardScaler())])
    pipeline.steps.append(("again", pipeline))
    return pipeline


def with_attribute(thing: Any, name: str, value: Any) -> Any:
    setattr(thing, name, value)
    return thing


def fitted() -> MLPClassifier:
    return made("net")


REFUSED: dict[str, tuple[Callable[[], Any], str]] = {
    "a function": (lambda: FunctionTransformer(np.log1p), r"a function \(log1p\).* holds no code"),
    "a step that is a function": (
        lambda: make_pipeline(FunctionTransformer(lambda X: X), StandardScaler()),
        r"func of FunctionTransformer cannot be saved: it is a function \(<lambda>\)",
    ),
    "columns by a function": (
        lambda: ColumnTransformer([("a", "drop", lambda X: [0])]), "transformers of ColumnTransf"
    ),
    "names by a function": (
        lambda: OneHotEncoder(feature_name_combiner=lambda name, value: name), "feature_name_comb"
    ),
    "another estimator": (lambda: KNeighborsClassifier(), "KNeighborsClassifier of sklearn cannot"),
    "scikit-learn's own net": (lambda: SklearnMLP(), "MLPClassifier of sklearn cannot be saved"),
    "a class of one's own": (lambda: Mine(), r"Mine \(a class of your own\) cannot be saved"),
    "no estimator": (lambda: {"a": 1}, "dict cannot be saved: a model file holds AutoMLPC"),
    "a class": (lambda: MLPClassifier, "cannot be saved"),
    "a place for a cache": (
        lambda: Pipeline([("a", StandardScaler())], memory="cache"), "is a place on this machine"
    ),
    "an attribute that nobody knows": (
        lambda: with_attribute(StandardScaler(), "note", 1), "has the attribute 'note'"
    ),
    "another random stream": (
        lambda: MLPClassifier(random_state=np.random.RandomState(np.random.PCG64(1))), "MT19937"
    ),
    "labels that are tuples": (
        lambda: with_attribute(LabelEncoder(), "classes_", np.array([(1,), None], dtype=object)),
        "not tuple",
    ),
    "dates": (
        lambda: with_attribute(LabelEncoder(), "classes_", np.array(["2020"], "datetime64[D]")),
        r"type datetime64\[D\]",
    ),
    "text that is none": (lambda: Pipeline([("\udcff", StandardScaler())]), "no valid text"),
    "parts without end": (endless, "without end"),
    "a net that was changed by hand": (
        lambda: with_attribute(fitted(), "coefs_", [np.zeros((3, 4)), np.zeros((5, 3))]),
        "coefs and intercepts of its layers do not fit each other",
    ),
    "weights that are not finite": (
        lambda: with_attribute(fitted(), "coefs_", [np.full((3, 4), np.nan), np.zeros((4, 3))]),
        "coefs_ of glassnet.MLPClassifier is of another type or size",
    ),
    "more processes than sense": (
        lambda: ColumnTransformer([("a", "drop", [0])], n_jobs=10**6), "n_jobs .* more than 256"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_saved_is_refused(name: str, tmp_path: pathlib.Path) -> None:
    make, match = REFUSED[name]
    path = tmp_path / "model"
    path.write_bytes(b"before")
    with pytest.raises(DataError, match=match) as caught:
        save(make(), path)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 700
    assert path.read_bytes() == b"before"


def test_a_trained_model_is_saved_without_its_optimizer(tmp_path: pathlib.Path) -> None:
    with pytest.raises(DataError, match="Save its estimator"):
        save(made("model-net"), tmp_path / "model", optimizer_state=True)


def test_a_description_too_long(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = save(fitted(), tmp_path / "model")
    monkeypatch.setattr(objects, "LONGEST_DESCRIPTION", 1000)
    with pytest.raises(DataError, match="more than 1000"):
        save(fitted(), tmp_path / "again")
    fails(path, "description takes")


def test_a_folder_that_is_not_there(tmp_path: pathlib.Path) -> None:
    with pytest.raises(OutputError, match="does not exist"):
        save(fitted(), tmp_path / "nowhere" / "model")


def test_load_model_says_who_reads_it(tmp_path: pathlib.Path) -> None:
    with pytest.raises(ModelFileError, match=r"Read it with glassnet\.load\."):
        glassnet.load_model(save(fitted(), tmp_path / "model"))


def fails(path: pathlib.Path, match: str) -> None:
    with pytest.raises(ModelFileError, match=match) as caught:
        glassnet.load(path)
    text = str(caught.value)
    assert str(path) in text
    assert "\n" not in text
    assert len(text) < 600, text


def changed(path: pathlib.Path, change: Any) -> None:
    """Change what a file says of its object, or its arrays, and write it again."""
    with safe_open(path, framework="numpy") as file:
        record = json.loads(file.metadata()["glassnet"])
        arrays = {name: file.get_tensor(name) for name in sorted(file.keys())}
    change(record["object"], arrays)
    path.write_bytes(safetensors.numpy.save(arrays, {"glassnet": json.dumps(record)}))


def put(*keys: Any) -> Any:
    """Make a change that puts the last of `keys` at the place that the others name."""

    def change(record: Any, _: Any) -> None:
        *places, last, value = keys
        for place in places:
            record = record[place]
        record[last] = value

    return change


def array(name: str, value: Any) -> Any:
    return lambda _, arrays: arrays.update({name: value})


STATE = ("fitted", "optimizer_state")
RANDOM = {"key": {"array": "more"}, "pos": 0, "has_gauss": 0, "gauss": 0.0}


def stream(shape: int = 624, dtype: type = np.uint32, **different: Any) -> Any:
    """Make a change that puts a random state there."""

    def change(record: Any, arrays: Any) -> None:
        record["parameters"]["random_state"] = {"random_state": {**RANDOM, **different}}
        arrays["more"] = np.arange(shape, dtype=dtype)

    return change


CHANGES: dict[str, tuple[Any, str]] = {
    "another class": (put("class", "os.system"), "'os.system' is not one that a model file may"),
    "nearly a class": (put("class", "glassnet.MLPClasifier"), "Did you mean 'glassnet.MLPClassif"),
    "an abstract class": (put("class", "sklearn.BaseEstimator"), "not one that a model file"),
    "no class": (put("class", None), "of which class"),
    "a part for the whole": (put("class", "glassnet.Progress"), "has no parameters"),
    "an unknown parameter": (put("parameters", "warmth", 3), "no parameters warmth"),
    "a parameter out of range": (put("parameters", "alpha", -1), "'alpha' parameter"),
    "a parameter of another type": (put("parameters", "solver", [1]), "'solver' parameter"),
    "layers that are none": (put("parameters", "hidden_layer_sizes", ["a"]), "broken"),
    "too many threads": (put("parameters", "n_threads", 10**9), "n_threads .* more than 256"),
    "a foreign object": (put("parameters", "random_state", {"eval": "1"}), "no meaning"),
    "a foreign type": (put("parameters", "alpha", {"type": "os"}), "'os' is none of"),
    "an object as parameter": (
        put("parameters", "alpha", {"class": "sklearn.StandardScaler", "parameters": {},
                                    "fitted": {}}), "'alpha' parameter"),
    "a random state out of its bounds": (stream(pos=9999), "random state"),
    "a random state before its start": (stream(pos=-1), "random state"),
    "a random state of another length": (stream(623), "random state"),
    "a random state of another type": (stream(dtype=np.int64), "random state"),
    "a random state that is true": (stream(pos=True), "random state"),
    "an unknown attribute": (put("fitted", "__class__", 3), "no attribute '__class__'"),
    "a method replaced": (put("fitted", "predict", 3), "no attribute 'predict'"),
    "a missing attribute": (lambda record, _: record["fitted"].pop("t_"), "lacks t_"),
    "an attribute of another type": (put("fitted", "n_iter_", "many"), "n_iter_ of glassnet.MLP"),
    "a flag for a number": (put("fitted", "n_iter_", True), "n_iter_"),
    "labels out of number": (put("fitted", "classes_", {"values": ["a"], "dtype": "U1"}),
                             "labels are not those of its outputs"),
    "labels of another type": (put("fitted", "classes_", {"values": ["a", 1], "dtype": "U1"}),
                               "not of the type"),
    "an unknown output": (put("fitted", "out_activation_", "step"), "out_activation_"),
    "other layers": (put("fitted", "n_layers_", 9), "numbers of layers"),
    "other features": (put("fitted", "n_features_in_", 9), "do not fit each other"),
    "an array named twice": (put("fitted", "coefs_", 1, {"array": "coefs_.0"}), "named twice"),
    "an array named nowhere": (array("more", np.zeros(3)), "belong nowhere: more"),
    "a missing array": (lambda _, arrays: arrays.pop("coefs_.1"), "'coefs_.1' is missing"),
    "another shape": (array("coefs_.0", np.zeros((4, 3))), "do not fit each other"),
    "another type of array": (array("coefs_.0", np.zeros((3, 4), np.int32)), "coefs_ of glassn"),
    "a value that is not finite": (array("coefs_.0", np.full((3, 4), np.inf)), "coefs_ of glass"),
    "moments of another net": (array("optimizer_state.mean", np.zeros(9)), "square of glassnet"),
    "moments of another net, all": (
        lambda _, arrays: arrays.update({f"optimizer_state.{name}": np.zeros(9)
                                         for name in ("mean", "square")}), "of another net"),
    "a state that is none": (put(*STATE, {"scalar": 1, "dtype": "int64"}), "optimizer_state"),
    "a scratch that is given": (put(*STATE, "fitted", "_scratch", 1), "no attribute '_scratch'"),
    "deep nesting": (put("parameters", "alpha", json.loads("[" * 900 + "]" * 900)), "broken"),
    "requests of no method": (put("requests", {"burn": {"a": True}}), "unknown method 'burn'"),
    "requests of a private": (put("requests", {"owner": {"a": True}}), "unknown method 'owner'"),
    "requests of no metadata": (put("requests", {"fit": {"colour": True}}), "no metadata 'colour'"),
    "no fitted attributes at all": (lambda record, _: record.pop("fitted"), "lacks its fitted"),
}  # fmt: skip


@pytest.fixture
def path(tmp_path: pathlib.Path) -> pathlib.Path:
    return save(made("net-adam-state"), tmp_path / "model", optimizer_state=True)


@pytest.mark.parametrize("name", CHANGES)
def test_a_changed_object(path: pathlib.Path, name: str) -> None:
    change, match = CHANGES[name]
    changed(path, change)
    fails(path, match)


def test_what_was_changed_loads_when_it_is_not_changed(path: pathlib.Path) -> None:
    changed(path, lambda *_: None)
    assert glassnet.load(path).predict(numbers()).shape == (24,)
    changed(path, stream(pos=624))
    assert isinstance(glassnet.load(path).random_state, np.random.RandomState)


def test_a_function_in_a_file_is_refused(tmp_path: pathlib.Path) -> None:
    path = save(FunctionTransformer(), tmp_path / "model")
    assert glassnet.load(path).func is None
    for value in ("print", {"type": "int"}):
        changed(path, put("parameters", "func", value))
        fails(path, "is broken: (The 'func' parameter|a FunctionTransformer with a function is)")


def test_steps_that_are_none(tmp_path: pathlib.Path) -> None:
    path = save(make_pipeline(StandardScaler(), LogisticRegression()), tmp_path / "model")
    whole = path.read_bytes()
    step = {"class": "sklearn.LabelEncoder", "parameters": {}, "fitted": {}}
    for steps in (
        [], 3, ["scale"], [{"tuple": ["a"]}], [{"tuple": [1, None]}], [{"tuple": ["a", "drop"]}],
        [{"tuple": ["a", None]}] * 2, [{"tuple": ["a", 3]}], [{"tuple": ["a", {"type": "int"}]}],
        [{"tuple": ["a", {**step, "class": "glassnet.LogisticRegression"}]},
         {"tuple": ["b", None]}],
    ):  # fmt: skip
        changed(path, put("parameters", "steps", steps))
        fails(path, "is broken")
        path.write_bytes(whole)
    changed(path, put("parameters", "memory", "somewhere"))
    fails(path, "no parameters memory")


def test_flags_that_are_neither_true_nor_false(tmp_path: pathlib.Path) -> None:
    path = save(LabelEncoder().fit([False, True]), tmp_path / "model")
    content = bytearray(path.read_bytes())
    (length,) = struct.unpack("<Q", content[:8])
    assert bytes(content[8 + length :]).rstrip(b"\0") == b"\0\1"
    content[8 + length + 1] = 2
    path.write_bytes(content)
    fails(path, "neither true nor false")


def test_a_wide_text_takes_no_memory(tmp_path: pathlib.Path) -> None:
    path = save(LabelEncoder().fit(labels().astype(str)), tmp_path / "model")
    changed(path, put("fitted", "classes_", "dtype", "U999999"))
    assert glassnet.load(path).classes_.itemsize < 400


def test_types_of_arrays_that_numpy_does_not_have(path: pathlib.Path) -> None:
    content = path.read_bytes()
    assert content.count(b'"F64"') > 3
    path.write_bytes(re.sub(rb'"dtype":"I64"', b'"dtype":"C64"', content, count=1))
    fails(path, "NumPy does not have|truncated or damaged")
