from __future__ import annotations

import numpy as np
import pytest

from glassnet.errors import DataError
from glassnet.evaluation import worst_mistakes

PROBA = np.array([[0.9, 0.1, 0.0], [0.3, 0.1, 0.6], [0.2, 0.7, 0.1], [0.05, 0.05, 0.9]])


def test_the_most_confident_come_first():
    found = worst_mistakes(["c", "b", "b", "a"], PROBA, ["a", "b", "c"])
    assert [(m.row, m.true, m.predicted) for m in found] == [
        (0, "c", "a"), (3, "a", "c"), (1, "b", "c"),
    ]  # fmt: skip
    assert [m.probability for m in found] == [0.9, 0.9, 0.6]
    assert [m.probability_of_true for m in found] == [0.0, 0.05, 0.1]


def test_limit_rows_and_names():
    arguments = (["c", "b", "b", "a"], PROBA, ["a", "b", "c"], ["A", "B", "C"])
    (worst,) = worst_mistakes(*arguments, rows=[70, 71, 72, 73], limit=1)
    assert (worst.row, worst.true, worst.predicted) == (70, "C", "A")
    assert len(worst_mistakes(*arguments, limit=None)) == 3
    assert worst.to_dict() == {
        "row": 70, "true": "C", "predicted": "A", "probability": 0.9, "probability_of_true": 0.0,
    }  # fmt: skip


def test_no_mistakes_are_none():
    assert worst_mistakes(["a", "c", "b", "c"], PROBA, ["a", "b", "c"]) == ()


def test_shapes_are_checked():
    with pytest.raises(DataError, match=r"need \(4, 2\)"):
        worst_mistakes(["a"] * 4, PROBA, ["a", "b"])
    with pytest.raises(DataError, match="2 row numbers were given for 4 rows"):
        worst_mistakes(["a"] * 4, PROBA, ["a", "b", "c"], rows=[1, 2])
