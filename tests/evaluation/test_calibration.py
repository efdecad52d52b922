"""Confidence against success."""

from __future__ import annotations

import json

import numpy as np
import pytest

from glassnet.errors import DataError
from glassnet.evaluation import calibration, wilson_interval


def two_classes(confidence):
    """Return probabilities of two classes; the first is assigned with the given confidence."""
    confidence = np.asarray(confidence)
    return np.column_stack([confidence, 1 - confidence])


def test_bins_errors_and_intervals():
    # Four rows at 0.65, two right; two rows at 0.95, both right.
    p = two_classes([0.65] * 4 + [0.95] * 2)
    found = calibration(["a", "a", "b", "b", "a", "a"], p, ["a", "b"])
    filled = [b for b in found.bins if b.rows]
    assert [(b.rows, b.correct) for b in filled] == [(4, 2), (2, 2)]
    assert [(round(b.low, 6), round(b.high, 6)) for b in filled] == [(0.6, 0.7), (0.9, 1.0)]
    assert [b.confidence for b in filled] == pytest.approx([0.65, 0.95])
    assert [b.rate for b in filled] == [0.5, 1.0]
    assert (filled[0].rate_low, filled[0].rate_high) == wilson_interval(2, 4)
    assert found.expected_error == pytest.approx((4 * 0.15 + 2 * 0.05) / 6)
    assert found.largest_error == pytest.approx(0.15)
    assert (found.rows, found.correct) == (6, 4)
    assert found.bins[0].confidence is None
    assert found.bins[0].rate is None
    assert (found.bins[0].rate_low, found.bins[0].rate_high) == (0.0, 1.0)


def test_a_bin_holds_its_upper_end():
    found = calibration([0, 0], two_classes([0.6, 1.0]), n_bins=5)
    assert [b.rows for b in found.bins] == [0, 0, 1, 0, 1]


@pytest.mark.parametrize(
    ("said", "right", "verdict", "word"),
    [(0.95, 70, "overconfident", "less"), (0.6, 90, "underconfident", "more")],
)
def test_the_verdict_and_its_sentence(said, right, verdict, word):
    y = np.array([0] * right + [1] * (100 - right))
    found = calibration(y, two_classes(np.full(100, said)))
    assert found.verdict == verdict
    assert found.sentence().startswith(f"It is {verdict}: on average it is {100 * said:.1f} % sure")
    points = abs(100 * said - right)
    assert f"{points:.1f} points {word}" in found.sentence()
    assert f"the expected calibration error is {points:.1f} points" in found.sentence()


def test_a_model_that_keeps_its_word():
    rng = np.random.default_rng(0)
    confidence = rng.uniform(0.5, 1.0, 20000)
    y = (rng.random(20000) > confidence).astype(int)
    found = calibration(y, two_classes(confidence))
    assert found.verdict == "calibrated"
    assert found.expected_error < 0.015
    assert "neither too high nor too low" in found.sentence()


def test_plain_json():
    plain = calibration([0, 1], two_classes([0.7, 0.8])).to_dict()
    assert json.loads(json.dumps(plain)) == plain
    assert len(plain["bins"]) == 10


@pytest.mark.parametrize(
    ("y", "p", "bins", "match"),
    [
        ([0, 2], two_classes([0.7, 0.8]), 10, "none of the 2 classes"),
        ([0], two_classes([0.7, 0.8]), 10, "need \\(1, 2\\)"),
        ([0, 1], [0.7, 0.8], 10, "a column a class"),
        ([0, 1], [[2.0, -1.0]] * 2, 10, "within 0 and 1"),
        ([0, 1], [[np.nan, 0.5]] * 2, 10, "within 0 and 1"),
        ([0, 1], two_classes([0.7, 0.8]), 0, "at least one bin"),
        ([], np.empty((0, 2)), 10, "at least one row"),
    ],
)
def test_what_cannot_be_judged(y, p, bins, match):
    with pytest.raises(DataError, match=match):
        calibration(y, p, n_bins=bins)
