from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glassnet.errors import DataError
from glassnet.evaluation import Confusion, confusion

DOCUMENT = Confusion(
    ("2", "5", "8"), np.array([[484, 2, 14], [6, 490, 4], [3, 4, 493]], dtype=np.int64)
)


def test_rows_are_true_and_columns_assigned():
    counts = confusion(["a", "a", "b"], ["a", "b", "b"], classes=["a", "b", "c"]).counts
    np.testing.assert_array_equal(counts, [[1, 1, 0], [0, 1, 0], [0, 0, 0]])


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=60))
def test_counts_are_those_of_a_plain_loop(pairs):
    expected = np.zeros((5, 5), int)
    for true, predicted in pairs:
        expected[true, predicted] += 1
    true, predicted = zip(*pairs, strict=True)
    np.testing.assert_array_equal(confusion(true, predicted, range(5)).counts, expected)


def test_mistakes_of_a_class_are_ranked():
    assert DOCUMENT.mistakes_of(0) == (("8", 14), ("5", 2))
    assert DOCUMENT.n_mistakes == 33


def test_top_pairs_carry_the_reverse():
    first, second = DOCUMENT.top_pairs(2)
    assert (first.true, first.predicted, first.count, first.rows) == ("2", "8", 14, 500)
    assert (first.reverse_count, first.reverse_rows) == (3, 500)
    assert (second.true, second.predicted, second.count) == ("5", "2", 6)
    assert first.sentence() == "2 is taken for 8 in 14 of 500 rows, 8 for 2 in 3"
    assert DOCUMENT.top_pairs(0) == ()
    assert len(DOCUMENT.top_pairs(99)) == 6


def test_the_likeliest_mistake_is_the_largest_share_of_a_class():
    pair = Confusion(("a", "b"), np.array([[90, 10], [3, 7]])).likeliest_mistake()
    assert pair is not None
    assert (pair.true, pair.predicted, pair.count, pair.rows) == ("b", "a", 3, 10)
    assert Confusion(("a", "b"), np.diag([3, 4])).likeliest_mistake() is None


def test_one_sided_pairs_are_those_that_the_test_tells_apart():
    # Fisher's exact test: 14 and 3 of 500, p = 0.012; 6 and 2 of 500, p = 0.29.
    (pair,) = DOCUMENT.one_sided_pairs(5)
    assert (pair.true, pair.predicted) == ("2", "8")
    assert pair.excess == pytest.approx(11 / 500)


def test_the_sentence_names_the_most_confused_and_the_most_one_sided():
    assert DOCUMENT.sentence(1) == (
        "Most often 2 is taken for 8 in 14 of 500 rows, 8 for 2 in 3. "
        "The most one-sided is 2 for 8."
    )
    assert Confusion(("a", "b"), np.diag([3, 4])).sentence() == "No row got a wrong label."


def test_two_classes_are_told_once():
    both = Confusion(("no", "yes"), np.array([[80, 20], [22, 78]]))
    assert both.sentence() == "Most often yes is taken for no in 22 of 100 rows, no for yes in 20."


def test_unequal_classes_say_both_numbers():
    unequal = Confusion(("no", "yes"), np.array([[80, 0], [5, 15]]))
    assert unequal.top_pairs(1)[0].sentence() == (
        "yes is taken for no in 5 of 20 rows, no for yes in 0 of 80"
    )


def test_a_class_without_rows_has_no_reverse():
    pair = confusion(["a"], ["b"], ["a", "b"]).top_pairs(1)[0]
    assert pair.sentence() == "a is taken for b in 1 of 1 rows"
    assert not pair.is_one_sided


def test_to_dict_is_json():
    plain = DOCUMENT.to_dict()
    assert json.loads(json.dumps(plain)) == plain
    assert plain["counts"][0] == [484, 2, 14]


def test_no_rows_are_refused():
    with pytest.raises(DataError, match="no rows"):
        confusion([], [], ["a"])
