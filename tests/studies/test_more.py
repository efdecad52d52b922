"""What a study finds where more is asked."""

from __future__ import annotations

import json
import pathlib

import numpy as np
import pytest

from glassnet import AutoMLPClassifier, MLPClassifier, load_model, study
from glassnet.studies import StudyResult


@pytest.fixture(scope="module")
def result() -> StudyResult:
    return study("iris", hidden_layer_sizes=(5,), learning_rate_init=0.1, holdout=0.3, more=True)


def test_the_third_model_has_the_same_rows(result: StudyResult) -> None:
    more, split = result.more, result.split
    assert more is not None
    X, y = np.asarray(result.dataset.X, dtype=float), np.asarray(result.dataset.y)
    auto = AutoMLPClassifier(random_state=0).fit(X[split.train], y[split.train])
    right = int((auto.predict(X[split.holdout]) == y[split.holdout]).sum())
    assert (more.holdout.correct, more.holdout.rows) == (right, len(split.holdout))
    both = more.comparison
    assert both.both_right + both.only_second == right
    assert both.both_right + both.only_first == result.net_reading.holdout.correct


def test_the_first_start_is_the_studys_net(result: StudyResult) -> None:
    assert result.more is not None
    starts = result.more.starts
    assert len(starts.values) == 10
    assert starts.kept == 0
    assert starts.values[0] == pytest.approx(result.net_reading.holdout.accuracy)
    assert len(set(starts.values)) > 1 or starts.sd == 0


def test_the_curve_is_of_training_rows_alone(result: StudyResult) -> None:
    assert result.more is not None
    curve = result.more.curve
    assert curve.sizes[-1] == len(result.split.train) * 2 // 3
    assert curve.scores.shape == (4, 3, 1)


def test_page_numbers_and_model_have_it(result: StudyResult, tmp_path: pathlib.Path) -> None:
    assert result.more is not None
    page = result.write(tmp_path).read_text(encoding="utf-8")
    assert "Can it be better?" in page
    assert result.more.curve.sentence.split(":")[0][:40] in page
    numbers = json.loads((tmp_path / "metrics.json").read_text())["more"]
    assert numbers["auto"]["holdout"]["correct"] == result.more.holdout.correct
    assert len(numbers["starts"]["values"]) == 10
    model = load_model(tmp_path / "auto.safetensors")
    held_out = result.dataset.subset(result.split.holdout)
    right = int((model.predict(held_out) == np.asarray(held_out.y)).sum())
    assert right == result.more.holdout.correct


def test_a_study_does_not_look_further_unasked() -> None:
    plain = study("iris", hidden_layer_sizes=(5,), learning_rate_init=0.5, attempts=1)
    assert plain.more is None
    assert "more" not in plain.metrics()
    assert isinstance(plain.net, MLPClassifier)
