"""The search trains the nets that scikit-learn's would, and stops the hopeless ones."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
import scipy.sparse
from joblib import parallel_config
from scipy.stats import loguniform
from sklearn.base import clone
from sklearn.datasets import load_digits, make_multilabel_classification
from sklearn.exceptions import ConvergenceWarning, FitFailedWarning
from sklearn.model_selection import GridSearchCV, GroupKFold
from sklearn.neural_network import MLPClassifier as SklearnMLPClassifier
from sklearn.utils.estimator_checks import parametrize_with_checks

from glassnet import MLPClassifier, MLPClassifierCV

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")

SPACE = {
    "hidden_layer_sizes": [(8,), (16,)],
    "learning_rate_init": [0.001, 0.01],
    "alpha": [1e-4, 1.0],
}


@pytest.fixture(scope="module")
def digits() -> tuple[np.ndarray, np.ndarray]:
    X, y = load_digits(return_X_y=True)
    return X[:600] / 16, y[:600]


# What both have, and here the search gets.
OF_THE_SEARCH = {"n_restarts", "n_threads", "random_state", "scoring", "verbose"}


def searched(X: Any, y: Any, space: Any = SPACE, **given: Any) -> MLPClassifierCV:
    names = set(MLPClassifier().get_params()) - OF_THE_SEARCH
    own = {name: given.pop(name) for name in set(given) & names}
    net = MLPClassifier(**({"max_iter": 9, "random_state": 0} | own))
    return MLPClassifierCV(space, estimator=net, **({"cv": 3} | given)).fit(X, y)


def test_the_scores_are_those_of_scikit_learns_search(digits: Any) -> None:
    X, y = digits
    rival = GridSearchCV(
        SklearnMLPClassifier(max_iter=9, random_state=0), SPACE, cv=3, return_train_score=True
    ).fit(X, y)
    ours = searched(X, y, halving=None, precision="float64", return_train_score=True)
    for name in rival.cv_results_:
        assert name in ours.cv_results_
        if name.endswith("_score") and not name.startswith(("mean_score", "std_score")):
            np.testing.assert_allclose(ours.cv_results_[name], rival.cv_results_[name], atol=1e-12)
    assert ours.cv_results_["params"] == rival.cv_results_["params"]
    assert ours.best_params_ == rival.best_params_
    assert ours.best_score_ == pytest.approx(rival.best_score_)
    assert (ours.predict(X) == rival.predict(X)).all()
    np.testing.assert_allclose(ours.predict_proba(X), rival.predict_proba(X), atol=1e-9)


@pytest.mark.parametrize(
    "own",
    [
        {"early_stopping": True},
        {"solver": "lbfgs"},
        {"learning_rate": "cosine"},
        {"class_weight": "balanced"},
        {"dropout": 0.2, "label_smoothing": 0.1, "solver": "adamw"},
        {"solver": "sgd", "learning_rate": "adaptive", "tol": 0.1, "n_iter_no_change": 1},
    ],
    ids=lambda own: "-".join(map(str, own.values())),
)
def test_each_net_is_the_one_that_a_fit_of_its_fold_gives(digits: Any, own: Any) -> None:
    X, y = digits
    space = {"learning_rate_init": [0.001, 0.01]}
    ours = searched(X, y, space, halving=None, **own)
    rival = GridSearchCV(MLPClassifier(max_iter=9, random_state=0, **own), space, cv=3).fit(X, y)
    for i in range(3):
        name = f"split{i}_test_score"
        np.testing.assert_array_equal(ours.cv_results_[name], rival.cv_results_[name])


def test_weights_of_rows_reach_their_folds(digits: Any) -> None:
    X, y = digits
    weights = np.random.RandomState(0).uniform(0, 3, len(y))
    net = MLPClassifier(max_iter=9, random_state=0)
    space = {"class_weight": [None, "balanced"]}
    ours = MLPClassifierCV(space, estimator=net, cv=3, halving=None).fit(X, y, weights)
    rival = GridSearchCV(net, space, cv=3).fit(X, y, sample_weight=weights)
    np.testing.assert_array_equal(
        ours.cv_results_["mean_test_score"], rival.cv_results_["mean_test_score"]
    )
    assert (ours.best_estimator_.coefs_[0] == rival.best_estimator_.coefs_[0]).all()
    ours.set_params(scoring=lambda net, X, y: net.score(X, y))
    with pytest.warns(UserWarning, match="does not take sample_weight"):
        ours.fit(X, y, weights)


def test_the_best_of_a_search_with_halving_were_trained_to_the_end_as_without(digits: Any) -> None:
    X, y = digits
    whole = searched(X, y, halving=None)
    halved = searched(X, y, halving=2)
    rungs = halved.cv_results_["rung"]
    assert sorted(rungs) == [0] * 4 + [1] * 2 + [2] * 2
    np.testing.assert_array_equal(halved.cv_results_["mean_n_epochs"][rungs == 2], 9)
    # 9 epochs by shares of 1/4, 1/2, 1
    np.testing.assert_array_equal(halved.cv_results_["mean_n_epochs"][rungs == 0], 3)
    scores = halved.cv_results_["mean_test_score"]
    np.testing.assert_array_equal(
        scores[rungs == 2], whole.cv_results_["mean_test_score"][rungs == 2]
    )
    ranks = halved.cv_results_["rank_test_score"]
    assert ranks[rungs == 2].max() < ranks[rungs == 1].min()
    assert ranks[rungs == 1].max() < ranks[rungs == 0].min()
    for rung in range(3):
        here = rungs == rung
        assert (np.argsort(ranks[here]) == np.argsort(-scores[here], kind="stable")).all()


def test_candidates_that_cannot_pause_are_never_stopped(digits: Any) -> None:
    X, y = digits
    space = [
        {"learning_rate_init": [1e-5, 1e-4, 1e-3, 1e-2]},
        {"learning_rate": ["cosine"], "learning_rate_init": [1e-6]},
    ]
    found = searched(X, y, space, halving=2, solver="adam").cv_results_
    assert found["rung"][-1] == 2
    np.testing.assert_array_equal(found["mean_n_epochs"][-1], 9)
    assert sorted(found["rung"][:4]) == [0, 0, 1, 2]


def test_restarts_are_averaged_and_their_spread_is_told(digits: Any) -> None:
    X, y = digits
    space = {"alpha": [1e-4, 1.0]}
    several = searched(X, y, space, n_restarts=3, halving=None)
    one = searched(X, y, space, halving=None)
    found = several.cv_results_
    assert (found["std_restarts_test_score"] > 0).all()
    assert (one.cv_results_["std_restarts_test_score"] == 0).all()
    # The first start is the single one; so the mean of three lies within what two more may add.
    gap = np.abs(found["mean_test_score"] - one.cv_results_["mean_test_score"])
    assert (gap <= 3 * found["std_restarts_test_score"]).all()


@pytest.mark.parametrize("backend", ["loky", "threading"])
def test_jobs_change_nothing(digits: Any, backend: str) -> None:
    X, y = digits
    alone = searched(X, y, halving=2)
    with parallel_config(backend, n_jobs=2):
        spread = searched(X, y, halving=2, n_jobs=2)
    for name in ("mean_test_score", "std_test_score", "rung", "rank_test_score"):
        np.testing.assert_array_equal(spread.cv_results_[name], alone.cv_results_[name])


def test_sparse_rows_and_several_labels(digits: Any) -> None:
    X, y = digits
    dense = searched(X, y, precision="float64")
    sparse = searched(scipy.sparse.csc_matrix(X), y, precision="float64")
    np.testing.assert_allclose(
        sparse.cv_results_["mean_test_score"], dense.cv_results_["mean_test_score"], atol=1e-12
    )
    X, Y = make_multilabel_classification(200, random_state=0)
    space = {"alpha": [0.001, 0.1]}
    ours = searched(X, Y, space, halving=None)
    rival = GridSearchCV(MLPClassifier(max_iter=9, random_state=0), space, cv=3).fit(X, Y)
    np.testing.assert_array_equal(
        ours.cv_results_["mean_test_score"], rival.cv_results_["mean_test_score"]
    )


def test_distributions_are_drawn_and_groups_kept_together(digits: Any) -> None:
    X, y = digits
    space = {"learning_rate_init": loguniform(1e-4, 1e-1), "alpha": [0.0, 0.1]}
    net = MLPClassifier(max_iter=3, random_state=0)
    search = MLPClassifierCV(
        space,
        estimator=net,
        n_candidates=5,
        cv=GroupKFold(2),
        scoring="neg_log_loss",
        random_state=1,
    )
    groups = np.arange(len(y)) % 7
    found = search.fit(X, y, groups=groups).cv_results_
    again = clone(search).fit(X, y, groups=groups).cv_results_
    assert len(found["params"]) == 5
    assert found["params"] == again["params"]
    assert (found["mean_test_score"] < 0).all()
    chosen = search.predict_proba(X)[np.arange(len(y)), y]
    assert search.score(X, y) == pytest.approx(float(np.log(chosen).mean()), rel=1e-5)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"space": {"alpha": loguniform(0.1, 1)}}, "alpha are distributions.*n_candidates"),
        ({"space": {}}, "no candidates"),
        ({"space": {"rate": [1]}}, "rate: MLPClassifier has no such parameter"),
        ({"space": {"alpha": [-1.0]}}, "'alpha' parameter of MLPClassifier must be"),
        ({"halving": 1.0}, "'halving' parameter of MLPClassifierCV must be"),
    ],
)
def test_what_cannot_be_searched_is_told(digits: Any, given: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        MLPClassifierCV(**({"space": SPACE} | given)).fit(*digits)


def test_candidates_that_diverge_rank_last(digits: Any) -> None:
    X, y = digits
    space = {"learning_rate_init": [1e30, 0.01]}
    with pytest.warns(FitFailedWarning, match="1 of 2 candidates diverged"):
        found = searched(X * 1e3, y, space, solver="sgd", halving=None)
    assert np.isnan(found.cv_results_["mean_test_score"][0])
    assert found.best_index_ == 1
    with pytest.raises(ValueError, match="None of the 1 candidates has a score"):
        searched(X * 1e3, y, {"learning_rate_init": [1e30]}, solver="sgd")


def test_an_interrupted_search_keeps_what_it_has(digits: Any) -> None:
    class Impatient:
        """Ends everything at the second comparison."""

        def recalls(self, trial: Any, rung: int) -> None:
            return None

        def hears(self, trials: Any, rung: int) -> None:
            if rung == 1:
                raise KeyboardInterrupt

        def cuts(self, going_on: Any, rung: int) -> None:
            pass

    search = MLPClassifierCV(
        SPACE, estimator=MLPClassifier(max_iter=9, random_state=0), cv=3, halving=2
    )
    with pytest.warns(UserWarning, match="interrupted by user"):
        search.fit_followed(*digits, listener=Impatient())
    assert np.isfinite(search.cv_results_["mean_test_score"]).all()
    assert search.best_params_ in search.cv_results_["params"]
    with pytest.raises(AttributeError, match="no fitted net"):
        search.predict(digits[0])


def test_a_search_without_refit_finds_parameters_alone(digits: Any) -> None:
    search = searched(*digits, {"alpha": [0.1, 1.0]}, refit=False)
    assert search.best_params_ in ({"alpha": 0.1}, {"alpha": 1.0})
    with pytest.raises(AttributeError, match="no fitted net"):
        search.predict_proba(digits[0])


def test_it_says_what_it_does(digits: Any, capsys: pytest.CaptureFixture[str]) -> None:
    searched(*digits, {"alpha": [0.1, 1.0]}, halving=2).score(*digits)
    assert capsys.readouterr().out == ""
    MLPClassifierCV(
        {"alpha": [0.1, 1.0]},
        estimator=MLPClassifier(max_iter=4, random_state=0),
        cv=2,
        halving=2,
        verbose=True,
    ).fit(*digits)
    assert "1 candidates go on" in capsys.readouterr().out


@parametrize_with_checks(
    [
        MLPClassifierCV(
            {"alpha": [1e-4, 1e-2]},
            estimator=MLPClassifier((16,), learning_rate_init=0.03, random_state=0),
            cv=2,
        )
    ]
)
def test_scikit_learns_checks(estimator: Any, check: Any) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        check(estimator)
