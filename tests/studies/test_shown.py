"""The rows in a study's page, and what is read of the net there."""

from __future__ import annotations

import pathlib

import numpy as np
import pytest

from glassnet.estimators import MLPClassifier
from glassnet.studies import StudyResult, study
from glassnet.studies import shown as shown_module
from glassnet.studies.sections.story import Story
from glassnet.studies.sections.walk import walk_block
from glassnet.studies.shown import shown_rows


def test_held_out_rows_leave_no_trace_in_the_fit(digits: StudyResult) -> None:
    kept = digits.attempts[digits.kept]
    X = digits.preprocessor.transform(digits.dataset.X)[digits.split.train]
    y = digits.dataset.y[digits.split.train]
    again = MLPClassifier(
        (12,), activation="logistic", solver="sgd", random_state=1, max_iter=kept.max_iter,
        learning_rate_init=kept.learning_rate_init,
    )  # fmt: skip
    with pytest.warns() if not kept.convergence.converged else _nothing():
        again.fit(X, y)
    assert all(np.array_equal(a, b) for a, b in zip(again.coefs_, digits.net.coefs_, strict=True))
    assert again.loss_curve_ == list(kept.loss_curve)


class _nothing:
    def __enter__(self) -> None: ...
    def __exit__(self, *_: object) -> None: ...


def test_the_held_out_loss_is_that_of_the_held_out_rows(digits: StudyResult) -> None:
    kept = digits.attempts[digits.kept]
    rows = digits.split.holdout
    p = digits.net_reading.probabilities[rows, digits.dataset.y[rows]]
    assert len(kept.holdout_loss_curve) == len(kept.loss_curve)
    assert kept.holdout_loss_curve[-1] == pytest.approx(-np.log(p).mean(), rel=1e-4)
    assert kept.best_epoch == 1 + int(np.argmin(kept.holdout_loss_curve))


def test_neighbours_are_the_nearest_training_rows(digits: StudyResult) -> None:
    shown = shown_rows(digits)
    X = digits.preprocessor.transform(digits.dataset.X)
    train = digits.split.train
    for i in (0, 17):
        distances = np.linalg.norm(X[train] - X[shown.rows[i]], axis=1)
        nearest = train[np.argsort(distances, kind="stable")[: shown_module.NEIGHBOURS]]
        assert shown.rows[shown.examples.neighbours[i]].tolist() == nearest.tolist()
    assert set(shown.rows[: shown.held_out]) == set(digits.split.holdout)
    assert len(set(shown.rows)) == len(shown.rows)
    assert np.array_equal(shown.examples.set_of == 1, np.isin(shown.rows, train))


def test_pictures_are_upright_and_on_the_datas_scale(digits: StudyResult) -> None:
    shown = shown_rows(digits)
    assert shown.examples.images is not None
    image = digits.dataset.X[shown.rows[3]].reshape(8, 8)
    assert np.array_equal(shown.examples.images[3], np.rint(255 * image / 16))


def test_too_many_held_out_rows_are_those_in_doubt(
    digits: StudyResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shown_module, "MOST_ROWS", 40)
    shown = shown_rows(digits)
    wrong = {
        row
        for reading in digits.readings
        for row in digits.split.holdout[
            reading.predicted[digits.split.holdout] != digits.dataset.y[digits.split.holdout]
        ]
    }
    assert shown.held_out == 40
    assert wrong <= set(shown.rows[:40])


def test_a_tables_rows_are_its_own_values(table: StudyResult) -> None:
    shown = shown_rows(table)
    names = [column.name for column in shown.examples.columns]
    assert sorted(names) == ["age", "income", "town"]
    assert names[-1] == "age"  # which says nothing of the label
    town = shown.examples.columns[names.index("town")]
    age = shown.examples.columns[names.index("age")]
    for i, row in enumerate(shown.rows[:40]):
        assert town.values[town.codes[i]] == table.dataset.X["town"].iloc[row]
        value = table.dataset.X["age"].iloc[row]
        read = age.values[age.codes[i]]
        assert read == "missing" if np.isnan(value) else float(read) == pytest.approx(value, 1e-5)


@pytest.mark.parametrize("kind", ["digits", "table"])
def test_integrated_gradients_add_up_in_the_page(kind: str, request: pytest.FixtureRequest) -> None:
    result = request.getfixturevalue(kind)
    story = Story(result, shown_rows(result), lambda picture: pytest.fail(picture.name))
    walk = walk_block(story)
    first = walk.shown[0]
    p = np.asarray(walk.predictions.probabilities[first])
    k = int(p.argmax())
    log_odds = np.log(p[k] / (1 - p[k]))
    X = np.zeros((1, len(result.preprocessor.get_feature_names_out())))
    p0 = result.net.predict_proba(X)[0]
    base = np.log(p0[k] / (1 - p0[k]))
    total = walk.spoken[1].values[0].sum()
    assert total == pytest.approx(log_odds - base, abs=0.01)


def test_a_study_of_wide_nets_and_none_has_a_page(tmp_path: pathlib.Path) -> None:
    for i, layers in enumerate([(), (120,), (8, 5)]):
        result = study("iris", hidden_layer_sizes=layers, learning_rate_init=0.3, max_iter=40)
        html = result.write(tmp_path / str(i)).read_text(encoding="utf-8")
        assert "all the way through" in html
        assert ("What each hidden unit looks for" in html) == bool(layers)


@pytest.mark.shared_data
def test_a_page_of_five_thousand_pictures_is_small(
    shared_data: pathlib.Path, tmp_path: pathlib.Path
) -> None:
    result = study(
        shared_data / "X.csv", labels=shared_data / "y.csv", image_shape="20x20",
        pixel_order="F", attempts=1, max_iter=20, learning_rate_init=0.1,
    )  # fmt: skip
    assert result.write(tmp_path).stat().st_size < 5_000_000
