"""Files that are no models, or no longer: one sentence or two, and nothing else."""

from __future__ import annotations

import contextlib
import json
import pathlib
import re
from typing import Any

import numpy as np
import pytest
import safetensors.numpy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors import safe_open

from glassnet.errors import ModelFileError
from glassnet.estimators.trained import TrainedModel
from glassnet.store import load_model, save_model


@pytest.fixture
def path(tmp_path: pathlib.Path, net: TrainedModel) -> pathlib.Path:
    return save_model(net, tmp_path / "model.safetensors")


def fails(path: pathlib.Path, match: str) -> None:
    with pytest.raises(ModelFileError, match=match) as caught:
        load_model(path)
    text = str(caught.value)
    assert str(path) in text
    assert "\n" not in text
    assert len(re.findall(r"[.?]( |$)", text.replace("...", ""))) <= 3, text
    assert len(text) < 600, text


def test_a_missing_file_names_the_nearest(path: pathlib.Path) -> None:
    fails(path.with_name("modle.safetensors"), r"does not exist\. Did you mean 'model.safetensors'")


def test_a_missing_folder(path: pathlib.Path) -> None:
    fails(path.parent / "nowhere" / "model", "nor can its folder")


def test_a_folder(path: pathlib.Path) -> None:
    fails(path.parent, "is a folder")


def test_no_regular_file() -> None:
    fails(pathlib.Path("/dev/null"), "no regular file")


def test_an_empty_file(path: pathlib.Path) -> None:
    path.write_bytes(b"")
    fails(path, "is empty")


@pytest.mark.parametrize(
    "content",
    [b"a,b\n1,2\n" * 20, b"\x80\x04pickle", b"{", b"\xff" * 100, b"PK\x03\x04" + b"0" * 90],
)
def test_no_safetensors_file_at_all(path: pathlib.Path, content: bytes) -> None:
    path.write_bytes(content)
    fails(path, "is not a model file")


@pytest.mark.parametrize("kept", [9, 100, 2000, -1, -100])
def test_a_truncated_file(path: pathlib.Path, kept: int) -> None:
    path.write_bytes(path.read_bytes()[:kept])
    fails(path, "is truncated")


def test_a_longer_file(path: pathlib.Path) -> None:
    path.write_bytes(path.read_bytes() + b"0" * 8)
    fails(path, "truncated or damaged")


def test_a_header_longer_than_the_file_takes_no_memory(path: pathlib.Path) -> None:
    content = bytearray(path.read_bytes())
    content[:8] = (99_999_999).to_bytes(8, "little")
    path.write_bytes(content)
    fails(path, "is truncated: its header takes 99999999 bytes")


def test_safetensors_of_another_program(path: pathlib.Path) -> None:
    for metadata in (None, {"format": "pt"}):
        path.write_bytes(safetensors.numpy.save({"weight": np.zeros(3)}, metadata))
        fails(path, "of another program")


def changed(path: pathlib.Path, change: Any) -> None:
    """Change what a model file says, or its arrays, and write it again."""
    with safe_open(path, framework="numpy") as file:
        record = json.loads(file.metadata()["glassnet"])
        arrays = {name: file.get_tensor(name) for name in sorted(file.keys())}
    change(record, arrays)
    path.write_bytes(safetensors.numpy.save(arrays, {"glassnet": json.dumps(record)}))


def test_a_newer_version_asks_to_upgrade(path: pathlib.Path) -> None:
    changed(path, lambda record, _: record.update(version=3, optimizer={"new": "part"}))
    fails(path, r"version 3 .* Upgrade glassnet")


def put(*keys: Any) -> Any:
    """Make a change that puts the last of `keys` at the place that the others name."""

    def change(record: dict[str, Any], _: Any) -> None:
        *places, last, value = keys
        for place in places:
            record = record[place]
        record[last] = value

    return change


def drop(key: str) -> Any:
    return lambda record, _: record.pop(key)


def array(name: str, value: Any) -> Any:
    return lambda _, arrays: arrays.update({name: value})


CHANGES = {
    "another format": (put("format", "other-model"), "format"),
    "version 0": (put("version", 0), "version"),
    "no version": (drop("version"), "version"),
    "an unknown part": (put("code", "print(1)"), "code"),
    "a missing part": (drop("classes"), "classes"),
    "an unknown kind": (put("kind", "forest"), "kind"),
    "another type": (put("feature_names", 7), "feature_names"),
    "an unknown activation": (put("network", "activation", "sine"), "'sine'"),
    "an unknown output": (put("network", "output", "step"), "'step'"),
    "no layers": (put("network", "layer_sizes", [6]), "no net"),
    "a layer of no units": (put("network", "layer_sizes", [6, 0, 3]), "no net"),
    "huge layers": (put("network", "layer_sizes", [6, 10**12, 3]), "coefs.0"),
    "outputs that do not fit": (put("network", "layer_sizes", [6, 4, 2]), "do not fit 3 classes"),
    "hidden layers of a logistic regression": (put("kind", "logistic"), "no hidden layers"),
    "an unknown parameter": (put("parameters", "warmth", 3), "warmth"),
    "a parameter out of range": (put("parameters", "alpha", -1), "alpha"),
    "a parameter of another type": (put("parameters", "solver", [1]), "solver"),
    "another activation": (put("parameters", "activation", "tanh"), "another activation"),
    "repeated classes": (put("classes", "values", [5, 5, 7]), "repeated"),
    "classes out of order": (put("classes", "values", [6, 5, 7]), "out of order"),
    "classes of another type": (put("classes", "values", ["a", "b", "c"]), "not of type int64"),
    "mixed classes": (put("classes", "values", [5, "b", 7]), "not of type int64"),
    "classes out of range": (put("classes", {"dtype": "int8", "values": [5, 6, 700]}), "bounds"),
    "an unknown type of classes": (put("classes", "dtype", "datetime64"), "dtype"),
    "too few class names": (put("class_names", ["a"]), "class names"),
    "too few feature names": (put("feature_names", ["a"]), "columns"),
    "another image": (put("image", "height", 4), "4x2"),
    "no image shape": (put("image", "channels", 2), "2"),
    "an unknown pixel order": (put("image", "pixel_order", "Z"), "pixel_order"),
    "no preprocessing": (put("preprocessing", {}), "preprocessing"),
    "another preprocessing": (put("preprocessing", "scale", "wild"), "wild"),
    "a certificate of a net": (
        put("certificate", {"kind": "multinomial", "rows": 1, "undecided": 0, "classes": []}),
        "certificate is of no logistic regression",
    ),
    "a certificate of another kind": (put("certificate", {"kind": "none"}), "certificate"),
    "rates of another type": (put("train", {"rows": "many"}), "train"),
    "deep nesting": (put("preprocessing", json.loads("[" * 900 + "]" * 900)), "preprocessing"),
    "a missing array": (lambda _, arrays: arrays.pop("coefs.1"), "coefs.1"),
    "a foreign array": (array("weights", np.zeros(3)), "weights"),
    "another shape": (array("coefs.0", np.zeros((4, 6))), r"\[4, 6\]"),
    "another type of array": (array("coefs.0", np.zeros((6, 4), np.int32)), "I32"),
    "half precision": (array("coefs.0", np.zeros((6, 4), np.float16)), "F16"),
    "a value that is not finite": (array("intercepts.1", np.array([0, np.inf, 0])), "not finite"),
    "a loss curve that is none": (array("loss_curve", np.zeros((2, 2))), "loss_curve"),
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGES)
def test_a_changed_file(path: pathlib.Path, name: str) -> None:
    change, match = CHANGES[name]
    changed(path, change)
    fails(path, match)


def test_what_was_changed_loads_when_it_is_not_changed(path: pathlib.Path) -> None:
    before = load_model(path)
    changed(path, lambda *_: None)
    assert load_model(path).class_names == before.class_names == ("five", "six", "seven")


def test_metadata_that_is_no_json(path: pathlib.Path) -> None:
    for text in ("", "{", "[]", "null", '{"format": 3, "version": 1}', "\x00", "[" * 100_000):
        path.write_bytes(safetensors.numpy.save({"a": np.zeros(1)}, {"glassnet": text}))
        fails(path, "is broken")


def test_numbers_near_the_largest_there_is_load(
    tmp_path: pathlib.Path, table_net: TrainedModel
) -> None:
    path = save_model(table_net, tmp_path / "model")
    changed(path, put("preprocessing", "numbers", "fill", [1e308, -1e308]))
    assert load_model(path).preprocessor.state_.numbers.fill == (1e308, -1e308)


def loads_or_says_why(path: pathlib.Path, content: bytes) -> None:
    path.write_bytes(content)
    with contextlib.suppress(ModelFileError):
        assert isinstance(load_model(path), TrainedModel)


@pytest.mark.parametrize("kind", ["net", "table_net", "logistic"])
def test_damage_never_does_worse(
    tmp_path: pathlib.Path, request: pytest.FixtureRequest, kind: str
) -> None:
    """Flip bytes, cut, and swap parts at random: it loads, or a sentence says why not."""
    path = save_model(request.getfixturevalue(kind), tmp_path / "model")
    whole = path.read_bytes()
    random = np.random.RandomState(0)
    for _ in range(150):
        content = bytearray(whole)
        for place in random.randint(len(whole), size=random.randint(1, 4)):
            content[place] = random.randint(256)
        loads_or_says_why(path, bytes(content))
    for _ in range(50):
        loads_or_says_why(path, whole[: random.randint(len(whole))])
    header = int.from_bytes(whole[:8], "little")
    for _ in range(150):  # digits for digits keep the JSON whole and change what it says
        content = bytearray(whole)
        digits = [i for i in range(8, 8 + header) if chr(content[i]).isdigit()]
        content[random.choice(digits)] = ord(str(random.randint(10)))
        loads_or_says_why(path, bytes(content))


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    key=st.sampled_from(
        ["kind", "network", "parameters", "classes", "class_names", "feature_names", "target",
         "preprocessing", "image", "source", "seed", "n_iter", "loss", "train", "versions"]
    ),
    value=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["dtype", "values", "height", "alpha", "x"]), inner),
        max_leaves=5,
    ),
)  # fmt: skip
def test_any_json_in_any_place(path: pathlib.Path, key: str, value: Any) -> None:
    whole = path.read_bytes()
    changed(path, put(key, value))
    loads_or_says_why(path, path.read_bytes())
    path.write_bytes(whole)
