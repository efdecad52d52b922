"""The picture of a search shows each candidate where it belongs."""

from __future__ import annotations

from collections.abc import Iterator

import matplotlib.pyplot as plt
import numpy as np
import pytest
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV

from glassnet.errors import DataError
from glassnet.pictures import SearchDisplay


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    plt.close("all")


FOUND = {
    "params": [
        {"alpha": 1e-4, "layers": (8, 4), "kind": "a"},
        {"alpha": 1e-2, "layers": (16,), "kind": "a"},
        {"alpha": 1.0, "layers": (8,), "kind": "a"},
    ],
    "mean_test_score": np.array([0.8, 0.9, np.nan]),
    "std_test_score": np.array([0.1, 0.02, np.nan]),
    "rank_test_score": np.array([2, 1, 3]),
    "rung": np.array([0, 1, 1]),
}


def test_each_candidate_stands_at_its_value_and_score() -> None:
    display = SearchDisplay.from_results(FOUND)
    assert list(display.parameters) == ["alpha", "layers"]  # kind is the same in all
    first, second = display.axes_
    assert first.get_xscale() == "log"
    stopped, whole, best = (line for line in first.lines if line.get_linestyle() == "None")
    np.testing.assert_array_equal(stopped.get_xydata(), [[1e-4, 0.8]])
    np.testing.assert_array_equal(whole.get_xydata(), [[1e-2, 0.9]])
    np.testing.assert_array_equal(best.get_xydata(), [[1e-2, 0.9]])
    assert stopped.get_markerfacecolor() == "white"
    assert [tick.get_text() for tick in second.get_xticklabels()] == ["8", "16", "8 × 4"]
    places = {tuple(line.get_xydata()[0]) for line in second.lines if len(line.get_xydata()) == 1}
    assert {(2.0, 0.8), (1.0, 0.9)} <= places
    assert display.figure_.get_suptitle() == "3 candidates, best score 0.9"


def test_scikit_learns_searches_have_one_too() -> None:
    X, y = load_iris(return_X_y=True)
    search = GridSearchCV(LogisticRegression(max_iter=500), {"C": [0.01, 1.0], "solver": ["lbfgs"]})
    display = SearchDisplay.from_estimator(search.fit(X, y))
    assert display.best == search.best_index_
    assert display.is_whole.all()
    np.testing.assert_array_equal(display.scores, search.cv_results_["mean_test_score"])
    assert [ax.get_xlabel() for ax in display.axes_] == ["C"]


def test_a_search_that_was_not_made_has_no_picture() -> None:
    with pytest.raises(DataError, match="has no cv_results_"):
        SearchDisplay.from_estimator(GridSearchCV(LogisticRegression(), {}))
    with pytest.raises(DataError, match="a candidate with a score"):
        SearchDisplay(scores=[np.nan], spreads=[0], parameters={"C": [1]}, is_whole=[True], best=0)
