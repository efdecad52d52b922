"""Suspected label errors."""

from __future__ import annotations

import numpy as np
import pytest

from glassnet.errors import DataError
from glassnet.evaluation import label_suspects

P = np.array([[0.7, 0.2, 0.1], [0.05, 0.9, 0.05], [0.3, 0.3, 0.4], [0.1, 0.1, 0.8]])
CLASSES = ["cat", "dog", "emu"]


def test_ranks_suggestions_and_probabilities():
    found = label_suspects(["cat", "cat", "emu", "emu"], P, CLASSES, score="normalised_margin")
    assert [each.row for each in found.suspects] == [1, 2, 0, 3]
    first = found.suspects[0]
    assert (first.rank, first.given, first.suggested) == (1, "cat", "dog")
    assert (first.probability_of_given, first.probability_of_suggested) == (0.05, 0.9)
    assert first.score == pytest.approx(-0.85)
    assert found.suspects[1].score == pytest.approx(0.1)
    assert found.suspects[1].suggested == "cat"
    assert (found.rows, found.score) == (4, "normalised_margin")


def test_the_scores_by_hand():
    y = ["cat", "cat", "emu", "emu"]
    confidence = label_suspects(y, P, CLASSES)
    assert confidence.score == "self_confidence"
    by_row = {each.row: each.score for each in confidence.suspects}
    assert by_row == {0: 0.7, 1: 0.05, 2: 0.4, 3: 0.8}
    # Thresholds: cat (0.7 + 0.05) / 2, dog none, emu (0.4 + 0.8) / 2.
    adjusted = label_suspects(y, P, CLASSES, score="adjusted_margin")
    by_row = {each.row: each.score for each in adjusted.suspects}
    assert by_row[0] == pytest.approx((0.7 - 0.375) - (0.1 - 0.6))
    assert by_row[2] == pytest.approx((0.4 - 0.6) - (0.3 - 0.375))


def test_the_confident_joint():
    # Row 1 is labelled a, but b is as probable as for the usual b.
    p = [[0.9, 0.1], [0.2, 0.8], [0.3, 0.7], [0.1, 0.9]]
    found = label_suspects(["a", "a", "b", "b"], p, ["a", "b"])
    assert found.n_confident == 1
    assert [each.row for each in found.suspects if each.is_confident] == [1]
    assert found.sentence() == (
        "1 of 4 labels is doubted; the first to check is row 1, given as a (20.0 %), where the "
        "model would say b (80.0 %)."
    )
    fine = label_suspects(["a", "b", "b", "b"], p, ["a", "b"])
    assert fine.sentence() == "None of 4 labels is doubted."


def test_numbers_names_and_limit():
    found = label_suspects([0, 0, 2, 2], P, [0, 1, 2], CLASSES, rows=[10, 11, 12, 13], limit=2)
    assert [each.row for each in found.suspects] == [11, 12]
    assert found.suspects[0].suggested == "dog"
    assert found.rows == 4


def test_of_equal_scores_the_surer_suggestion_comes_first():
    p = [[0.0, 0.5, 0.5], [0.0, 1.0, 0.0], [0.0, 0.5, 0.5]]
    assert [each.row for each in label_suspects([0, 0, 0], p).suspects] == [1, 0, 2]


def test_the_list_as_a_table():
    frame = label_suspects(["cat", "cat", "emu", "emu"], P, CLASSES).to_frame()
    assert list(frame.columns) == [
        "rank", "row", "given", "suggested", "probability_of_given", "probability_of_suggested",
        "score", "is_confident",
    ]  # fmt: skip
    assert frame["row"].tolist() == [1, 2, 0, 3]
    assert frame.to_csv(index=False).splitlines()[1] == "1,1,cat,dog,0.05,0.9,0.05,False"
    assert len(label_suspects(["cat"], P[:1], CLASSES, limit=0).to_frame().columns) == 8


def test_what_cannot_be_ranked():
    with pytest.raises(DataError, match="'self_confidence', 'normalised_margin'"):
        label_suspects([0, 0, 1, 1], P, score="guess")
    with pytest.raises(DataError, match="no other label"):
        label_suspects([0], [[1.0]])
    with pytest.raises(DataError, match="1 row numbers were given for 4"):
        label_suspects([0, 0, 1, 1], P, rows=[1])
