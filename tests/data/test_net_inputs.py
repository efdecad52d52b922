"""Inputs of nets: what becomes of numbers of any scale."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given
from hypothesis import strategies as st

from glassnet.data import net_inputs
from glassnet.data.net_inputs import InputOptions, NetInputs

PLAIN = InputOptions(pieces=0)


def measured(X: np.ndarray, options: InputOptions = PLAIN) -> NetInputs:
    return NetInputs.measure(X, options, np.random.RandomState(0))


def test_numbers_are_centred_scaled_and_squashed() -> None:
    X = np.array([[0.0], [1.0], [2.0], [3.0], [100.0]])
    found = measured(X).apply(X)
    z = (X - 2) / 2  # the median, and the distance of the quartiles
    np.testing.assert_allclose(found, z / np.sqrt(1 + (z / 3) ** 2), rtol=1e-6)
    assert found.dtype == np.float32
    assert found.max() < 3
    np.testing.assert_allclose(measured(X, InputOptions(pieces=0, squashes=0)).apply(X), z)


def test_columns_without_quartiles_apart_or_without_spread() -> None:
    X = np.zeros((9, 2))
    X[0, 0] = 10
    inputs = measured(X)
    assert inputs.scale.tolist() == [5.0, np.inf]
    np.testing.assert_allclose(inputs.apply(X)[:, 1], 0)
    assert inputs.apply(np.array([[0.0, 7.0]])).tolist() == [[0.0, 0.0]]


def test_columns_of_one_range_keep_their_common_scale() -> None:
    random = np.random.RandomState(0)
    X = random.randint(17, size=(500, 9)).astype(float)
    X[0], X[1] = 0, 16
    X[:, 3] = 0  # a pixel at the edge
    X[2:, 5] *= 0.9
    inputs = measured(X, InputOptions(pieces=16))
    varying = np.delete(X, 3, axis=1)
    deviation = np.sqrt(varying.var(axis=0).mean())
    np.testing.assert_allclose(np.delete(inputs.scale, 3), deviation)
    np.testing.assert_allclose(inputs.centre, X.mean(axis=0))
    assert inputs.n_out == 9  # they are not cut into pieces
    assert inputs.squash == 0
    apart = measured(X, InputOptions(shares_ranges=False, pieces=0))
    assert len(set(apart.scale[[0, 5]])) == 2


def test_images_share_a_range_though_their_corners_are_empty() -> None:
    random = np.random.RandomState(0)
    X = np.where(random.rand(400, 100) < 0.5, random.rand(400, 100), 0.0)
    X[0] = 1
    X[:, :35] = np.where(random.rand(400, 35) < 0.01, 0.2, 0.0)  # with ends of their own
    assert measured(X, InputOptions(pieces=16)).shares_one_range


def test_one_column_of_large_numbers_is_no_common_range() -> None:
    X = np.random.RandomState(0).rand(300, 12)
    X[:, 0] *= 1000  # it has nearly all of the deviation, between ends of its own
    assert not measured(X).shares_one_range


@pytest.mark.parametrize("change", ["few", "low", "high"])
def test_columns_that_do_not_share_a_range(change: str) -> None:
    X = np.tile(np.linspace(0.0, 10.0, 50)[:, None], (1, 7 if change == "few" else 10))
    if change == "low":
        X[:, :3] = np.maximum(X[:, :3], 2)
    if change == "high":
        X[:, :3] = np.minimum(X[:, :3], 6)
    assert measured(X).squash == 3


def test_pieces_lie_between_quantiles() -> None:
    X = np.arange(101.0)[:, None] ** 2
    inputs = measured(X, InputOptions(pieces=4))
    assert inputs.edges[0].tolist() == [0, 625, 2500, 5625, 10000]
    found = inputs.apply(np.array([[-5.0], [625.0], [4062.5], [1e9]]))[:, 1:]
    assert found.tolist() == [[0, 0, 0, 0], [1, 0, 0, 0], [1, 1, 0.5, 0], [1, 1, 1, 1]]
    assert inputs.names_out(["age"]).tolist()[1] == "age 0 to 625"


def test_a_value_that_most_rows_have_is_an_end_by_itself() -> None:
    X = np.concatenate([np.zeros(900), np.arange(1.0, 101.0)])[:, None]
    inputs = measured(X, InputOptions(pieces=4))
    np.testing.assert_allclose(inputs.edges[0], [0, 1, 34, 67, 100])


def test_a_sum_of_pieces_is_any_function_that_is_linear_between_them() -> None:
    random = np.random.RandomState(0)
    X = random.normal(size=(200, 1))
    inputs = measured(X, InputOptions(pieces=8))
    levels = random.normal(size=9)
    weights = np.diff(levels)
    rows = np.linspace(X.min(), X.max(), 50)[:, None]
    found = levels[0] + inputs.apply(rows)[:, 1:] @ weights
    np.testing.assert_allclose(found, np.interp(rows[:, 0], inputs.edges[0], levels), atol=1e-5)


def test_pieces_are_fewer_where_columns_are_many_and_none_for_few_values() -> None:
    X = np.random.RandomState(0).normal(size=(500, 20)) * np.arange(1, 21)
    X[:, 0] = np.arange(500) % 4
    inputs = measured(X, InputOptions(pieces=16, most_pieces=100))
    assert 0 not in inputs.spread
    assert {len(edges) - 1 for edges in inputs.edges} == {5}
    assert measured(X, InputOptions(pieces=16, most_pieces=30)).n_out == 20


def test_pieces_take_no_more_memory_than_they_may(monkeypatch: pytest.MonkeyPatch) -> None:
    X = np.random.RandomState(0).normal(size=(1000, 4))
    monkeypatch.setattr(net_inputs, "MOST_BYTES", 1000 * 4 * 14)
    assert measured(X, InputOptions(pieces=8)).n_out == 4 + 4 * 3


def test_many_rows_are_measured_on_some(monkeypatch: pytest.MonkeyPatch) -> None:
    X = np.random.RandomState(0).normal(size=(5000, 2))
    whole = measured(X)
    monkeypatch.setattr(net_inputs, "MOST_MEASURED", 2000)
    some = measured(X)
    assert not np.array_equal(whole.centre, some.centre)
    np.testing.assert_allclose(whole.scale, some.scale, rtol=0.1)


@given(st.integers(1, 40))
def test_chunks_of_any_size_give_the_same(elements: int) -> None:
    X = np.random.RandomState(0).normal(size=(23, 3))
    inputs = measured(X, InputOptions(pieces=4))
    whole = inputs.apply(X)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(net_inputs, "CHUNK_ELEMENTS", elements)
        np.testing.assert_array_equal(inputs.apply(X), whole)
        np.testing.assert_array_equal(inputs.apply(sp.csr_array(X)), whole)


def test_gaps_count_as_the_centre() -> None:
    X = np.arange(20.0).reshape(10, 2)
    inputs = measured(X, InputOptions(pieces=4))
    gap = inputs.apply(np.array([[np.nan, 3.0]]))
    np.testing.assert_array_equal(gap, inputs.apply(np.array([[inputs.centre[0], 3.0]])))


def test_sparse_columns_are_divided_by_their_largest_element() -> None:
    X = sp.csr_array(np.array([[0, -4.0, 0], [1.0, 2.0, 0]]))
    inputs = measured(X)
    found = inputs.apply(X)
    assert found.dtype == np.float32
    assert found.toarray().tolist() == [[0, -1, 0], [1, 0.5, 0]]
    assert X.toarray().tolist() == [[0, -4, 0], [1, 2, 0]]
