"""Files written once, which must load for ever and predict what they predicted then."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from tests.store.samples import FILES, SAMPLES, answers, numbers, rows_of, table

import glassnet
from glassnet import LogisticRegression, MLPClassifier, TrainedModel, load_model
from glassnet.store.decoding import Decoder
from glassnet.store.table import BY_CLASS

KEPT = sorted(file.stem for file in FILES.glob("*.safetensors"))
FIRST = {"version1-net", "version1-logistic", "version1-images"}


def rows_for(name: str) -> Any:
    if name == "version1-images":
        return np.repeat(numbers() / [1, 10, 100], 2, axis=1)
    return table() if name in FIRST else rows_of(name)


def test_every_sample_has_its_file() -> None:
    assert set(KEPT) == {*SAMPLES, *FIRST}


@pytest.mark.parametrize("name", KEPT)
def test_a_kept_file_predicts_what_it_predicted(name: str) -> None:
    thing = glassnet.load(FILES / f"{name}.safetensors")
    then = json.loads((FILES / f"{name}.json").read_text(encoding="utf-8"))
    now = answers(thing, rows_for(name))
    assert now.keys() >= then.keys()  # a net could not say its scores once
    # Other processors and engines add up in another order.
    near = {"rtol": 1e-5, "atol": 1e-7} if name == "net-float32" else {"rtol": 1e-6, "atol": 1e-9}
    for method, said in then.items():
        if np.array(said).dtype.kind == "f":
            np.testing.assert_allclose(now[method], said, **near)
        else:
            assert now[method] == said


@pytest.mark.parametrize("name", sorted(FIRST))
def test_files_of_version_1_are_models(name: str) -> None:
    model = load_model(FILES / f"{name}.safetensors")
    assert isinstance(model, TrainedModel)
    if name == "version1-images":
        assert (str(model.image), model.class_names) == ("3x2", ("five", "six", "seven"))
        assert model.image.pixel_order == "F"
    else:
        assert model.class_names == ("high", "low", "middle")
        assert model.target == "kind"


def test_kept_files_hold_what_they_were_saved_with() -> None:
    net = glassnet.load(FILES / "net-sgd-state.safetensors")
    assert isinstance(net, MLPClassifier)
    assert (net.solver, net.learning_rate, net.max_iter, net.n_iter_) == ("sgd", "adaptive", 3, 3)
    assert net.classes_.tolist() == ["high", "low", "middle"]
    assert net._optimizer_state.velocity.shape == (31,)
    logistic = glassnet.load(FILES / "logistic-ovr.safetensors")
    assert isinstance(logistic, LogisticRegression)
    assert logistic.certificate_ is not None
    assert (logistic.certificate_.kind, logistic.certificate_.rows) == ("one-vs-rest", 24)
    restarts = glassnet.load(FILES / "net-restarts.safetensors").restarts_
    assert [restart.seed for restart in restarts] == [0, 209652396]
    assert restarts[1].coefs[0].shape == (3, 4)


def test_all_the_classes_of_the_table_are_in_kept_files() -> None:
    text = "".join((FILES / f"{name}.safetensors").read_bytes().decode("latin1") for name in KEPT)
    for known in BY_CLASS.values():
        assert f'\\"class\\":\\"{known.name}\\"' in text, known.name


def test_the_page_names_all_that_a_file_may_hold() -> None:
    page = (FILES.parents[2] / "docs" / "model-files.md").read_text(encoding="utf-8")
    for known in BY_CLASS.values():
        assert f"`{known.short_name}`" in page or not known.is_estimator, known.name
    for keys in Decoder({})._readers:
        assert any(f'`{{"{key}": ' in page for key in keys), keys
