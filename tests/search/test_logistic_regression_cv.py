"""The path of C gives scikit-learn's scores and coefs, and each fold its own optimum."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
import scipy.sparse
from sklearn import config_context
from sklearn.base import clone
from sklearn.datasets import load_breast_cancer, load_digits, load_iris, load_wine
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegressionCV as ScikitLogisticCV
from sklearn.model_selection import GridSearchCV, GroupKFold, KFold, LeaveOneOut
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

from glassnet import LogisticRegression, LogisticRegressionCV
from glassnet.search.logistic_path import Problems, follow, follow_all
from glassnet.training import Newton

Rows = tuple[np.ndarray, np.ndarray]
QUIET = {"l1_ratios": (0,), "scoring": None, "use_legacy_attributes": False}
TIGHT = {"tol": 1e-10, "max_iter": 100_000}


def scaled(load: Any, n: int | None = None) -> Rows:
    X, y = load(return_X_y=True)
    return StandardScaler().fit_transform(X[:n]), y[:n]


@pytest.fixture(scope="module")
def wine() -> Rows:
    return scaled(load_wine)


def searched(X: Any, y: Any, weights: Any = None, **given: Any) -> LogisticRegressionCV:
    return LogisticRegressionCV(**(QUIET | {"cv": 3} | given)).fit(X, y, weights)


def theirs(X: Any, y: Any, weights: Any = None, **given: Any) -> ScikitLogisticCV:
    tight = {"solver": "newton-cholesky"} | TIGHT
    return ScikitLogisticCV(**(QUIET | {"cv": 3} | tight | given)).fit(X, y, weights)


@pytest.mark.parametrize(
    ("load", "n"),
    [(load_iris, None), (load_wine, None), (load_breast_cancer, None), (load_digits, 300)],
    ids=["iris", "wine", "breast cancer", "digits"],
)
def test_scores_and_coefs_are_scikit_learns(load: Any, n: int | None) -> None:
    X, y = scaled(load, n)
    Cs = np.logspace(-3, 2, 6)
    ours, rival = searched(X, y, Cs=Cs, tol=1e-7), theirs(X, y, Cs=Cs)
    np.testing.assert_array_equal(ours.scores_, rival.scores_)
    assert ours.C_ == rival.C_
    np.testing.assert_allclose(ours.coef_, rival.coef_, atol=1e-5)
    np.testing.assert_allclose(ours.intercept_, rival.intercept_, atol=1e-5)
    np.testing.assert_allclose(ours.coefs_paths_, rival.coefs_paths_, atol=1e-5)
    np.testing.assert_allclose(ours.predict_proba(X), rival.predict_proba(X), atol=1e-6)
    assert ours.certificate_.proves_all


@pytest.mark.parametrize(
    "own",
    [
        {"class_weight": "balanced"},
        {"class_weight": {0: 3.0, 2: 0.5}},
        {"fit_intercept": False},
        {"scoring": "neg_log_loss"},
        {"scoring": "f1_macro"},
        {"refit": False},
        {"Cs": [3.0, 0.1, 1.0]},
        {"l1_ratios": None},
        {"use_legacy_attributes": True},
        {"use_legacy_attributes": True, "l1_ratios": None, "fit_intercept": False},
    ],
    ids=str,
)
@pytest.mark.filterwarnings("ignore:'l1_ratios=None' was deprecated")
def test_every_parameter_means_what_it_means_there(wine: Rows, own: Any) -> None:
    X, y = wine
    weights = np.random.RandomState(0).uniform(0, 3, len(y))
    # Scores that pick one of many C of the same accuracy would pick by rounding.
    given = {"Cs": [0.001, 0.1, 3.0], "tol": 1e-7} | own
    ours = searched(X, y, weights, **given)
    rival = theirs(X, y, weights, **(given | TIGHT))
    for name in ("C_", "Cs_", "coef_", "intercept_"):
        np.testing.assert_allclose(getattr(ours, name), getattr(rival, name), atol=1e-5)
    for name, atol in (("scores_", 1e-7), ("coefs_paths_", 1e-5)):
        found, expected = getattr(ours, name), getattr(rival, name)
        assert isinstance(found, dict) == isinstance(expected, dict)
        if not isinstance(found, dict):
            found, expected = {0: found}, {0: expected}
        assert found.keys() == expected.keys()
        for key in found:
            assert found[key].shape == expected[key].shape
            np.testing.assert_allclose(found[key], expected[key], atol=atol)
    assert ours.n_iter_.shape == rival.n_iter_.shape
    assert list(ours.l1_ratios_) == list(rival.l1_ratios_)
    assert np.shape(ours.l1_ratio_) == np.shape(rival.l1_ratio_)
    assert ours.score(X, y, sample_weight=weights) == pytest.approx(
        rival.score(X, y, sample_weight=weights)
    )


def test_liblinears_problem_penalises_the_intercept() -> None:
    X, y = scaled(load_breast_cancer)
    own = {"solver": "liblinear", "Cs": [0.01, 0.1], "intercept_scaling": 2.0}
    ours = searched(X, y, **own)
    rival = theirs(X, y, **(own | {"tol": 1e-9}))
    np.testing.assert_allclose(ours.coefs_paths_, rival.coefs_paths_, atol=1e-5)
    np.testing.assert_array_equal(ours.scores_, rival.scores_)


@pytest.mark.parametrize("own", [{}, {"solver": "liblinear"}, {"class_weight": {1: 2.5}}], ids=str)
def test_one_vs_rest_is_what_a_grid_search_finds(wine: Rows, own: Any) -> None:
    X, y = wine
    Cs = np.logspace(-3, 1, 4)
    ours = searched(X, y, Cs=Cs, multi_class="ovr", **own)
    model = LogisticRegression(multi_class="ovr", **own)
    rival = GridSearchCV(model, {"C": Cs}, cv=3).fit(X, y)
    for fold in range(3):
        expected = rival.cv_results_[f"split{fold}_test_score"]
        np.testing.assert_array_equal(ours.scores_[fold, 0], expected)
    assert rival.best_params_["C"] == ours.C_
    np.testing.assert_allclose(ours.coef_, rival.best_estimator_.coef_, atol=1e-6)
    np.testing.assert_allclose(ours.predict_proba(X), rival.predict_proba(X), atol=1e-6)
    assert ours.n_iter_.shape == (3, 1, 4)
    assert ours.set_params(use_legacy_attributes=True).fit(X, y).n_iter_.shape == (3, 3, 4, 1)


@pytest.mark.parametrize("multinomial", [True, False])
def test_warm_starts_find_the_same_in_fewer_iterations(multinomial: bool) -> None:
    X, y = scaled(load_digits, 400)
    Y = (y[:, None] == np.arange(10)).astype(float)
    folds = [train for train, _ in KFold(3).split(X)]
    weights = [np.ones(len(y))] * (1 if multinomial else 10)
    Cs = np.logspace(-3, 1, 9)
    paths = {
        warm: follow(Problems(X, Y, weights, Cs, Newton(), 1e-6, 100, warm=warm), folds)
        for warm in (True, False)
    }
    np.testing.assert_allclose(paths[True].coefs, paths[False].coefs, atol=1e-6)
    assert not paths[True].failures + paths[False].failures
    totals = {warm: path.n_iter.sum() for warm, path in paths.items()}
    assert totals[True] < 0.9 * totals[False], totals


def test_folds_do_not_depend_on_who_is_solved_beside_them(
    wine: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    X, y = wine
    Y = (y[:, None] == np.arange(3)).astype(float)
    problems = Problems(X, Y, [np.ones(len(y))], np.logspace(-2, 2, 3), Newton(), 1e-4, 100)
    folds = [train for train, _ in KFold(4).split(X)]
    together = follow_all(problems, folds, n_threads=2)
    jobs = follow_all(problems, folds, n_jobs=2)
    monkeypatch.setattr("glassnet.search.logistic_path.MOST_BYTES", problems.bytes_a_fold)
    alone = follow_all(problems, folds, n_threads=1)
    for path in (jobs, alone):
        np.testing.assert_array_equal(path.coefs, together.coefs)
        np.testing.assert_array_equal(path.n_iter, together.n_iter)


def test_sparse_rows_give_what_dense_ones_give() -> None:
    X, y = load_digits(return_X_y=True)
    X = X[:300] / 16
    dense = searched(X, y[:300], Cs=3)
    for kind in (scipy.sparse.csr_array, scipy.sparse.csc_array):
        sparse = searched(kind(X), y[:300], Cs=3)
        np.testing.assert_array_equal(sparse.scores_, dense.scores_)
        np.testing.assert_allclose(sparse.coef_, dense.coef_, atol=1e-6)
    assert scipy.sparse.issparse(sparse.sparsify().coef_)
    np.testing.assert_array_equal(sparse.predict(X), dense.predict(X))


def test_a_class_that_a_fold_lacks_is_known_all_the_same() -> None:
    X, y = scaled(load_iris)
    folds = [(np.arange(100), np.arange(100, 150)), (np.arange(50, 150), np.arange(50))]
    for scoring in ("accuracy", "neg_log_loss", "precision_macro"):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # precision of a class that is never predicted
            ours = searched(X, y, Cs=[0.01, 1], cv=folds, scoring=scoring)
            rival = theirs(X, y, Cs=[0.01, 1], cv=folds, scoring=scoring, solver="lbfgs", tol=1e-6)
        assert np.isfinite(ours.coefs_paths_).all()
        if scoring != "neg_log_loss":  # of a class without rows it has no limit
            np.testing.assert_allclose(ours.scores_, rival.scores_)


def test_scorers_are_told_the_positive_class() -> None:
    X, y = scaled(load_breast_cancer)
    names = np.array(["benign", "malign"])[y]
    ours = searched(X, names, Cs=[0.001, 0.1], scoring="f1")
    np.testing.assert_allclose(ours.scores_, searched(X, y, Cs=[0.001, 0.1], scoring="f1").scores_)
    assert set(ours.predict(X)) == {"benign", "malign"}


def test_leave_one_out_and_rows_named_twice() -> None:
    X, y = scaled(load_iris)
    X, y = X[::5], y[::5]
    rows = np.random.RandomState(0).randint(len(y), size=len(y))
    ours = searched(X, y, Cs=[1.0], cv=[(rows, np.arange(len(y)))], tol=1e-7)
    expected = LogisticRegression(tol=1e-7).fit(X[rows], y[rows])
    np.testing.assert_allclose(ours.coefs_paths_[0, 0, 0, :, :-1], expected.coef_, atol=1e-8)
    all_but_one = searched(X, y, Cs=[0.1, 1.0], cv=LeaveOneOut())
    assert all_but_one.scores_.shape == (30, 1, 2)
    assert set(np.unique(all_but_one.scores_)) == {0.0, 1.0}


def test_groups_reach_the_splitter_by_routing(wine: Rows) -> None:
    X, y = wine
    groups = np.arange(len(y)) % 7
    with config_context(enable_metadata_routing=True):
        ours = LogisticRegressionCV(**QUIET, Cs=2, cv=GroupKFold(3)).fit(X, y, groups=groups)
    expected = searched(X, y, Cs=2, cv=list(GroupKFold(3).split(X, y, groups)))
    np.testing.assert_array_equal(ours.scores_, expected.scores_)


@pytest.mark.parametrize("ratios", [(1,), (0, 0.5)])
def test_an_l1_norm_is_left_to_scikit_learn(wine: Rows, ratios: Any) -> None:
    X, y = wine
    own = {"l1_ratios": ratios, "solver": "saga", "Cs": [0.1, 1.0], "random_state": 0}
    loose = {"tol": 1e-3, "max_iter": 1000}
    ours, rival = searched(X, y, **own, **loose), theirs(X, y, **own, **loose)
    for name in ("coef_", "scores_", "coefs_paths_", "l1_ratio_", "C_", "n_iter_", "classes_"):
        np.testing.assert_array_equal(getattr(ours, name), getattr(rival, name))
    assert ours.certificate_ is None
    np.testing.assert_allclose(ours.predict_proba(X), rival.predict_proba(X))
    with pytest.raises(ValueError, match=r"sklearn\.linear_model\.LogisticRegressionCV"):
        searched(X, y, multi_class="ovr", **own)


def test_what_is_wrong_is_told(wine: Rows) -> None:
    X, y = wine
    with pytest.raises(ValueError, match=r"Cs must be .* positive ones, got \[0, 1\]"):
        searched(X, y, Cs=[0, 1])
    with pytest.raises(ValueError, match="must not be empty"):
        searched(X, y, l1_ratios=())
    with pytest.raises(ValueError, match="needs a penalty"):
        searched(X, y, Cs=[1, np.inf], solver="liblinear")
    with pytest.raises(ValueError, match="only one class: 1"):
        searched(X, np.ones(len(y), dtype=int))
    with pytest.warns(ConvergenceWarning, match=r"3 of 3 problems on 3 folds .* with C=1:"):
        searched(X, y, Cs=[1.0], max_iter=2, refit=False)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        LogisticRegressionCV(Cs=1).fit(X, y)
    starts = ["The default value for l1_ratios", "The default value of the parameter 'scoring'"]
    starts.append("The fitted attributes of LogisticRegressionCV")
    for warning, start in zip(caught, starts, strict=True):
        assert str(warning.message).startswith(start)
        assert warning.filename == __file__


def test_no_penalty_is_the_end_of_the_path() -> None:
    X, y = scaled(load_breast_cancer)
    X = X[:, :2]
    ours = searched(X, y, Cs=[np.inf, 1.0], tol=1e-7)
    free = LogisticRegression(C=np.inf, tol=1e-7).fit(X[190:], y[190:])
    folds = searched(X, y, Cs=[np.inf, 1.0], tol=1e-7, cv=[(np.arange(190, 569), np.arange(190))])
    np.testing.assert_allclose(folds.coefs_paths_[0, 0, 0, 0, :2], free.coef_[0], atol=1e-7)
    assert ours.C_ in (1.0, np.inf)


def test_its_face_is_scikit_learns() -> None:
    expected = ScikitLogisticCV().get_params()
    ours = LogisticRegressionCV()
    assert {name: ours.get_params()[name] for name in expected} == expected
    assert set(ours.get_params()) - set(expected) == {"multi_class", "n_threads"}
    assert clone(ours).get_params() == ours.get_params()


@pytest.mark.filterwarnings("ignore::FutureWarning")
@pytest.mark.filterwarnings("ignore:The least populated class")
@parametrize_with_checks([LogisticRegressionCV(Cs=3, cv=3)])
def test_scikit_learns_checks(estimator: Any, check: Any) -> None:
    check(estimator)
