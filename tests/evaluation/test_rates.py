from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from glassnet.errors import DataError
from glassnet.evaluation import overfitting_gap, success_rates, wilson_interval


def rates_of(correct: int, rows: int):
    y = np.zeros(rows, int)
    return success_rates(y, np.where(np.arange(rows) < correct, 0, 1), classes=[0, 1])


def test_counts_rates_and_intervals():
    rates = success_rates([1, 1, 1, 2, 2, 10], [1, 1, 2, 2, 2, 1], classes=[1, 2, 10])
    assert (rates.rows, rates.correct) == (6, 4)
    assert rates.accuracy == pytest.approx(4 / 6)
    assert (rates.low, rates.high) == wilson_interval(4, 6)
    assert [(r.label, r.rows, r.correct) for r in rates.classes] == [
        ("1", 3, 2), ("2", 2, 2), ("10", 1, 0),
    ]  # fmt: skip
    assert [r.rate for r in rates.classes] == [2 / 3, 1.0, 0.0]
    assert (rates.classes[0].low, rates.classes[0].high) == wilson_interval(2, 3)


def test_a_class_without_rows_has_no_rate_rather_than_nan():
    absent = success_rates(["a", "b"], ["a", "b"], classes=["a", "b", "c"]).classes[2]
    assert absent.rate is None
    assert (absent.rows, absent.low, absent.high) == (0, 0.0, 1.0)
    assert absent.sentence() == "c: no rows"


def test_names_and_kinds_of_labels():
    named = success_rates([0, 1], [0, 0], classes=[0, 1], class_names=["no", "yes"])
    assert [r.label for r in named.classes] == ["no", "yes"]
    text = success_rates(pd.Series(["a", "b"]), np.array(["a", "a"], object), np.array(["a", "b"]))
    assert text.correct == 1
    assert success_rates([True, False], [True, True], [False, True]).correct == 1


def test_sentences():
    assert rates_of(488, 500).classes[0].sentence() == (
        "0: 0.976, 488 of 500 rows (95 % interval 0.959 to 0.986)"
    )
    assert rates_of(3, 4).sentence().endswith("; the weakest class is 0, 3 of 4.")
    assert "weakest" not in rates_of(4, 4).sentence()


def test_to_dict_is_json():
    rates = success_rates([1, 1], [1, 2], classes=np.array([1, 2]))
    plain = rates.to_dict()
    assert json.loads(json.dumps(plain)) == plain
    assert plain["classes"][0]["correct"] == 1
    assert plain["classes"][1]["rate"] is None
    assert set(plain["classes"][0]) == {"label", "rows", "correct", "rate", "low", "high"}


@pytest.mark.parametrize(
    ("y_true", "y_pred", "classes", "names", "message"),
    [
        ([1, 2], [1], [1, 2], None, "assigned labels are 1 but the other labels are 2"),
        ([1, 3], [1, 1], [1, 2], None, r"true labels hold 3 \(row 1\)"),
        ([1, 2], [1, "x"], [1, 2], None, "none of the 2 classes"),
        ([1, 2], [1, 2], [1, 2], ["one"], "1 class names were given for 2 classes"),
        ([], [], [1, 2], None, "no rows"),
        ([[1], [2]], [1, 2], [1, 2], None, "one label a row"),
    ],
)
def test_what_does_not_fit_is_refused(y_true, y_pred, classes, names, message):
    with pytest.raises(DataError, match=message):
        success_rates(y_true, y_pred, classes, names)


def test_the_gap_of_the_document_is_overfitting():
    gap = overfitting_gap(rates_of(4500, 4500), rates_of(468, 500))
    assert gap.gap == pytest.approx(0.064)
    assert 0.04 < gap.low < gap.gap < gap.high < 0.1
    assert "100.0 % of its training rows right but 93.6 % of the held-out rows" in gap.sentence
    assert "overfits by 6.4 percentage points" in gap.sentence
    assert gap.to_dict()["sentence"] == gap.sentence


def test_a_small_gap_proves_nothing_either_way():
    gap = overfitting_gap(rates_of(93, 100), rates_of(18, 20), "the net")
    assert gap.sentence.startswith("The net gets 93.0 % of its training rows right")
    assert gap.low < 0 < gap.high
    assert "Chance alone could explain" in gap.sentence
    assert f"nor do they rule out {100 * gap.high:.1f}" in gap.sentence


def test_a_gap_the_other_way_is_not_overfitting():
    gap = overfitting_gap(rates_of(700, 1000), rates_of(990, 1000))
    assert gap.high < 0
    assert "no overfitting to see" in gap.sentence


def test_one_mistake_of_a_handful_is_not_called_overfitting() -> None:
    train = success_rates([0] * 27 + [1] * 27, [0] * 27 + [1] * 27, classes=[0, 1])
    holdout = success_rates([0] * 4 + [1] * 3, [0] * 5 + [1] * 2, classes=[0, 1])
    gap = overfitting_gap(train, holdout)
    assert gap.low > 0
    assert "overfits" not in gap.sentence
    assert "Chance alone could explain" in gap.sentence
