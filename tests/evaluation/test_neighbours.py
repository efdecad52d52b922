"""The nearest training examples."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse

from glassnet.errors import DataError
from glassnet.evaluation import nearest_examples

EXAMPLES = np.array([[0.0, 0.0], [3.0, 4.0], [0.0, 1.0], [10.0, 0.0]])


def test_rows_and_distances():
    found = nearest_examples(EXAMPLES, [[0.0, 0.0], [9.0, 0.0]], n_neighbors=2)
    assert found.rows.tolist() == [[0, 2], [3, 1]]
    np.testing.assert_allclose(found.distances, [[0.0, 1.0], [1.0, np.hypot(6, 4)]])


def test_a_row_is_not_its_own_neighbour():
    found = nearest_examples(EXAMPLES, EXAMPLES[[0, 3]], n_neighbors=3, itself=[0, 3])
    assert found.rows.tolist() == [[2, 1, 3], [1, 0, 2]]
    mixed = nearest_examples(EXAMPLES, EXAMPLES[[0, 3]], n_neighbors=2, itself=[0, -1])
    assert mixed.rows.tolist() == [[2, 1], [3, 1]]


def test_doubles_are_neighbours_of_each_other():
    doubles = np.zeros((5, 2))
    found = nearest_examples(doubles, doubles[:2], n_neighbors=2, itself=[0, 1])
    for own, rows in zip([0, 1], found.rows, strict=True):
        assert own not in rows
    np.testing.assert_array_equal(found.distances, 0.0)


def test_few_examples_sparse_rows_and_none():
    assert nearest_examples(EXAMPLES[:2], EXAMPLES[:1], n_neighbors=9).rows.shape == (1, 2)
    sparse = scipy.sparse.csr_matrix(EXAMPLES)
    assert nearest_examples(sparse, sparse[[1]], n_neighbors=1).rows.tolist() == [[1]]
    assert nearest_examples(EXAMPLES, np.empty((0, 2))).rows.shape == (0, 4)


def test_what_cannot_be_found():
    with pytest.raises(DataError, match="among 1 examples"):
        nearest_examples(EXAMPLES[:1], EXAMPLES[:1], itself=[0])
    with pytest.raises(DataError, match="2 own numbers were given for 1"):
        nearest_examples(EXAMPLES, EXAMPLES[:1], itself=[0, 1])
