from __future__ import annotations

import json

import numpy as np
import pytest

from glassnet.errors import DataError
from glassnet.evaluation import hidden_units

COEF = np.array([[3.0, 0.0], [-4.0, 1.0], [0.0, 2.0]])
NAMES = ["width", "height", "depth"]


def test_weights_norms_shares_and_strongest_features():
    first, second = hidden_units(COEF, [0.5, -1.0], NAMES)
    np.testing.assert_array_equal(first.weights, [3.0, -4.0, 0.0])
    assert (first.unit, first.intercept, first.norm) == (0, 0.5, 5.0)
    assert first.share == pytest.approx(25 / 30)
    assert first.share + second.share == pytest.approx(1.0)
    assert first.positive == (("width", 3.0),)
    assert first.negative == (("height", -4.0),)
    assert second.positive == (("depth", 2.0), ("height", 1.0))
    assert second.negative == ()


def test_n_strongest_and_default_names():
    (unit,) = hidden_units(np.arange(-3.0, 4.0)[:, None], [0.0], n_strongest=2)
    assert unit.positive == (("x6", 3.0), ("x5", 2.0))
    assert unit.negative == (("x0", -3.0), ("x1", -2.0))
    assert unit.votes == ()


def test_votes_are_ranked():
    out = [[1.0, -2.0, 3.0], [0.0, 0.0, 1.0]]
    first, _ = hidden_units(COEF, [0, 0], coef_out=out, class_names=["a", "b", "c"])
    assert first.votes == (("c", 3.0), ("a", 1.0), ("b", -2.0))
    assert first.sentence() == (
        "Unit 0 holds 83.3 % of the layer's squared weight; it is pushed up by x0 and is pushed "
        "down by x1; when active it speaks most for c and most against b."
    )


def test_one_output_of_two_classes_votes_against_the_first():
    first, _ = hidden_units(COEF, [0, 0], coef_out=[[2.0], [-1.0]], class_names=["no", "yes"])
    assert first.sentence().endswith("when active it speaks for yes and against no.")
    assert first.votes == (("yes", 2.0), ("no", -2.0))


def test_a_layer_of_zeros_has_equal_shares():
    assert [u.share for u in hidden_units(np.zeros((3, 4)), np.zeros(4))] == [0.25] * 4


def test_to_dict_is_json():
    plain = hidden_units(COEF, [0.0, 0.0], NAMES)[0].to_dict()
    assert json.loads(json.dumps(plain)) == plain
    assert plain["weights"] == [3.0, -4.0, 0.0]
    assert plain["positive"] == [["width", 3.0]]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"intercept": [0.0]}, "weights"),
        ({"feature_names": ["a"]}, "1 names were given for 3 features"),
        ({"coef_out": [[1.0]]}, r"must be \(2, k\)"),
        ({"coef_out": np.eye(2), "class_names": ["a"]}, "1 names were given for 2 outputs"),
    ],
)
def test_shapes_are_checked(arguments, message):
    with pytest.raises(DataError, match=message):
        hidden_units(**{"coef": COEF, "intercept": [0.0, 0.0], **arguments})
