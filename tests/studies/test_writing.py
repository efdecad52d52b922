"""The study's folder: what lies in it, that it agrees with the result, that nothing is lost."""

from __future__ import annotations

import json
import pathlib
import re
from typing import Any

import numpy as np
import pandas as pd
import pytest

from glassnet.errors import OutputError
from glassnet.store import load_model
from glassnet.studies import StudyResult, study
from glassnet.studies import writing as writing_module


@pytest.fixture(scope="module")
def folder(digits: StudyResult, tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    out = tmp_path_factory.mktemp("study") / "new" / "folder"
    assert digits.write(out) == out / "report.html"
    return out


@pytest.fixture(scope="module")
def metrics(folder: pathlib.Path) -> dict[str, Any]:
    return json.loads((folder / "metrics.json").read_text())


def test_the_folder_holds_all_and_nothing_else(folder: pathlib.Path) -> None:
    assert {path.name for path in folder.iterdir()} == {
        "report.html",
        "figures",
        "metrics.json",
        "predictions.csv",
        "logistic.safetensors",
        "net.safetensors",
    }
    stems = [path.stem for path in sorted((folder / "figures").glob("*.png"))]
    assert stems == [path.stem for path in sorted((folder / "figures").glob("*.svg"))]
    assert [stem[:2] for stem in stems] == [f"{i:02d}" for i in range(1, len(stems) + 1)]
    assert {stem[3:] for stem in stems} == {
        "samples",
        *(f"logistic-{kind}" for kind in ("rates", "confusion")),
        "net-loss",
        *(f"net-{kind}" for kind in ("rates", "confusion")),
        "comparison",
        "net-weights",
        "net-units",
    }


def test_metrics_agree_with_the_result(digits: StudyResult, metrics: dict[str, Any]) -> None:
    assert metrics["data"]["rows"] == 1797
    assert metrics["data"]["columns"] == 64
    assert [c["label"] for c in metrics["data"]["classes"]] == list("0123456789")
    for which, reading in zip(("logistic", "net"), digits.readings, strict=True):
        model = metrics["models"][which]
        assert model["fit_seconds"] > 0
        for rows, rates in (("train", reading.train), ("holdout", reading.holdout)):
            assert model[rows]["accuracy"] == rates.accuracy
            assert len(model[rows]["classes"]) == 10
            for said, rate in zip(model[rows]["classes"], rates.classes, strict=True):
                assert set(said) == {"label", "rows", "correct", "rate", "low", "high"}
                assert said["correct"] / said["rows"] == said["rate"] == rate.rate
                assert said["low"] <= said["rate"] <= said["high"]
        counts = np.array(model["confusion"]["holdout"])
        assert counts.sum() == 180
        assert np.trace(counts) == reading.holdout.correct
    net = metrics["models"]["net"]
    assert net["loss_curve"] == pytest.approx(digits.net.loss_curve_)
    assert net["n_iter"] == digits.net.n_iter_
    assert len(net["attempts"]) == len(digits.attempts)
    assert isinstance(net["converged"], bool)
    assert len(metrics["models"]["logistic"]["certificate"]["classes"]) == 10
    assert metrics["comparison"]["p_value"] == digits.comparison.p_value
    assert metrics["comparison"]["sentence"] == digits.comparison.sentence


def test_predictions_are_every_rows(digits: StudyResult, folder: pathlib.Path) -> None:
    frame = pd.read_csv(folder / "predictions.csv")
    assert len(frame) == 1797
    assert np.array_equal(frame["row"][frame["set"] == "holdout"], digits.split.holdout)
    assert np.array_equal(frame["label"], digits.dataset.y)
    for which, reading in zip(("logistic", "net"), digits.readings, strict=True):
        assert np.array_equal(frame[which], reading.predicted)
        chosen = reading.probabilities.max(axis=1)
        np.testing.assert_allclose(frame[f"{which}_probability"], chosen, atol=1e-6)


@pytest.mark.parametrize("which", ["logistic", "net"])
def test_model_files_predict_as_the_study_did(
    digits: StudyResult, folder: pathlib.Path, which: str
) -> None:
    model = load_model(folder / f"{which}.safetensors")
    reading = getattr(digits, f"{which}_reading")
    assert np.array_equal(model.predict(digits.dataset), reading.predicted)
    assert model.holdout["accuracy"] == reading.holdout.accuracy


def test_the_report_is_one_offline_file_that_tells_the_story(
    digits: StudyResult, folder: pathlib.Path
) -> None:
    html = (folder / "report.html").read_text(encoding="utf-8")
    assert not re.search(r"""(src|href)=["']?(https?:)?//""", html)
    assert html.count("<script") == 2  # the data and the module that reads them
    order = ["The data", "One-vs-rest logistic regression", "The neural net", "Which is better?"]
    last = ["What the net learned", "Which labels may be wrong", "How this was measured"]
    places = [html.index(f">{title}</h2>") for title in [*order, *last]]
    assert places == sorted(places)
    assert html.count("<svg class=") == 3  # the loss curves and two reliability diagrams
    assert f"{100 * digits.net_reading.holdout.accuracy:.1f}" in html
    assert len(html) < 5_000_000


def test_a_table_has_no_image_pictures(table: StudyResult, tmp_path: pathlib.Path) -> None:
    table.write(tmp_path)
    names = {path.stem[3:] for path in (tmp_path / "figures").glob("*.png")}
    assert "samples" not in names
    assert "net-units" in names


def test_hostile_names_stay_text(tmp_path: pathlib.Path) -> None:
    X = np.random.RandomState(0).normal(size=(60, 2)) + 3 * np.repeat([[0], [1]], 30, axis=0)
    names = ["<script>alert(1)</script>", "**bold** & `code`"]
    result = study((X, np.repeat([0, 1], 30)), class_names=names, max_iter=20, attempts=1)
    html = result.write(tmp_path).read_text(encoding="utf-8")
    assert html.count("<script") == 2
    assert "&lt;script&gt;" in html
    assert r"\u003cscript\u003ealert(1)" in html
    assert "<strong>bold</strong>" not in html


def test_a_failure_loses_nothing_that_was_there(
    digits: StudyResult, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "report.html").write_text("an earlier report")
    (tmp_path / "notes.txt").write_text("mine")

    def fails(*_: Any) -> None:
        raise RuntimeError("no more")

    monkeypatch.setattr(writing_module, "save_model", fails)
    monkeypatch.setattr(writing_module, "page_of", lambda *_: None)
    monkeypatch.setattr(writing_module, "write_page", lambda _, path: path.write_text("new"))
    with pytest.raises(RuntimeError):
        digits.write(tmp_path)
    assert (tmp_path / "report.html").read_text() == "an earlier report"
    assert {path.name for path in tmp_path.iterdir()} == {"report.html", "notes.txt"}


def test_a_file_in_the_way_is_told(digits: StudyResult, tmp_path: pathlib.Path) -> None:
    (tmp_path / "taken").write_text("mine")
    with pytest.raises(OutputError, match="taken"):
        digits.write(tmp_path / "taken")
    assert (tmp_path / "taken").read_text() == "mine"


def test_the_account_names_every_class_and_both_kinds_of_rows(digits: StudyResult) -> None:
    text = digits.account()
    for reading in digits.readings:
        for mine, held in zip(reading.train.classes, reading.holdout.classes, strict=True):
            line = rf"(?m)^{mine.label} +{mine.correct}/{mine.rows} .* {held.correct}/{held.rows} "
            assert re.search(line, text), line
        assert reading.gap.sentence in text
    assert digits.comparison.sentence in text
    assert digits.attempts[0].convergence.sentence in text
    assert max(map(len, text.splitlines())) < 400
