"""Logistic regression: scikit-learn's contract, its solutions, and what it adds."""

from __future__ import annotations

import pathlib
from typing import Any

import numpy as np
import pandas as pd
import pytest
import scipy.sparse
from sklearn.callback import ScoringMonitor
from sklearn.datasets import load_breast_cancer, load_iris, load_wine
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression as Sklearn
from sklearn.metrics import log_loss
from sklearn.multiclass import OneVsRestClassifier
from sklearn.preprocessing import scale
from sklearn.utils import compute_sample_weight
from sklearn.utils.estimator_checks import parametrize_with_checks

from glassnet.estimators.logistic_parameters import SOLVERS
from glassnet.estimators.logistic_regression import LogisticRegression

IRIS, IRIS_LABELS = load_iris(return_X_y=True)
WINE, WINE_LABELS = load_wine(return_X_y=True)
CANCER, CANCER_LABELS = load_breast_cancer(return_X_y=True)
SETS = {
    "iris": (IRIS, IRIS_LABELS),
    "wine": (scale(WINE), WINE_LABELS),
    "cancer": (scale(CANCER), CANCER_LABELS),
}
TIGHT = {"tol": 1e-12, "max_iter": 100_000}
sets = pytest.mark.parametrize(("X", "y"), SETS.values(), ids=SETS)


@parametrize_with_checks(
    [
        LogisticRegression(multi_class="ovr"),
        *(LogisticRegression(solver=solver) for solver in SOLVERS),
        # Two fits of the same rows agree as well as they are asked to.
        LogisticRegression(class_weight="balanced", tol=1e-6),
    ]
)
def test_scikit_learns_checks(estimator: Any, check: Any) -> None:
    check(estimator)


def stacked(model: OneVsRestClassifier) -> tuple[Any, Any]:
    coef = np.vstack([part.coef_ for part in model.estimators_])
    return coef, np.concatenate([part.intercept_ for part in model.estimators_])


def test_its_parameters_and_defaults_are_scikit_learns() -> None:
    ours, theirs = LogisticRegression().get_params(), Sklearn().get_params()
    assert ours.pop("multi_class") == "auto"
    assert ours.pop("n_threads") is None
    assert ours == theirs


@sets
@pytest.mark.parametrize("C", [0.01, 1.0, 100.0])
def test_default_is_scikit_learns_solution(X: Any, y: Any, C: float) -> None:
    theirs = Sklearn(C=C, solver="newton-cholesky", **TIGHT).fit(X, y)
    ours = LogisticRegression(C=C, tol=1e-12).fit(X, y)
    np.testing.assert_allclose(ours.coef_, theirs.coef_, rtol=1e-6, atol=1e-8 * max(C, 1))
    np.testing.assert_allclose(ours.intercept_, theirs.intercept_, rtol=1e-6, atol=1e-7)
    np.testing.assert_allclose(ours.predict_proba(X), theirs.predict_proba(X), atol=1e-7)
    assert (ours.predict(X) == theirs.predict(X)).all()


def test_multinomial_agrees_with_lbfgs() -> None:
    X, y = SETS["wine"]
    theirs = Sklearn(solver="lbfgs", **TIGHT).fit(X, y)
    ours = LogisticRegression(multi_class="multinomial").fit(X, y)
    np.testing.assert_allclose(ours.coef_, theirs.coef_, atol=1e-5)
    np.testing.assert_allclose(ours.intercept_, theirs.intercept_, atol=1e-5)


@sets
def test_one_vs_rest_agrees_with_scikit_learns(X: Any, y: Any) -> None:
    theirs = stacked(OneVsRestClassifier(Sklearn(solver="newton-cholesky", **TIGHT)).fit(X, y))
    ours = LogisticRegression(multi_class="ovr", tol=1e-12).fit(X, y)
    np.testing.assert_allclose(ours.coef_, theirs[0], rtol=1e-6, atol=1e-8)
    np.testing.assert_allclose(ours.intercept_, theirs[1], rtol=1e-6, atol=1e-8)


@sets
@pytest.mark.parametrize("intercept_scaling", [1.0, 0.3, 10.0])
def test_liblinears_problem(X: Any, y: Any, intercept_scaling: float) -> None:
    options = {"solver": "liblinear", "intercept_scaling": intercept_scaling, "C": 0.7}
    inner = Sklearn(tol=1e-10, max_iter=10_000, **options)
    theirs = stacked(OneVsRestClassifier(inner).fit(X, y))
    ours = LogisticRegression(tol=1e-10, **options).fit(X, y)
    np.testing.assert_allclose(ours.coef_, theirs[0], rtol=1e-5, atol=1e-7)
    np.testing.assert_allclose(ours.intercept_, theirs[1], rtol=1e-5, atol=1e-7)


def test_without_intercept() -> None:
    X, y = SETS["cancer"]
    theirs = Sklearn(solver="newton-cholesky", fit_intercept=False, **TIGHT).fit(X, y)
    ours = LogisticRegression(fit_intercept=False, tol=1e-12).fit(X, y)
    np.testing.assert_allclose(ours.coef_, theirs.coef_, rtol=1e-6, atol=1e-8)
    assert ours.intercept_ == [0.0]


def test_without_penalty() -> None:
    X, y = scale(IRIS[50:, :2]), IRIS_LABELS[50:]  # these two classes overlap
    theirs = Sklearn(C=np.inf, solver="newton-cholesky", **TIGHT).fit(X, y)
    ours = LogisticRegression(C=np.inf).fit(X, y)
    np.testing.assert_allclose(ours.coef_, theirs.coef_, rtol=1e-5)
    assert ours.certificate_.excess == np.inf


@pytest.mark.parametrize("class_weight", ["balanced", {0: 3.0, 2: 0.2}])
def test_class_weights_of_one_vs_rest(class_weight: Any) -> None:
    X, y = SETS["wine"]
    X, y = X[20:], y[20:]
    ours = LogisticRegression(multi_class="ovr", class_weight=class_weight, tol=1e-12).fit(X, y)
    for c, label in enumerate(ours.classes_):
        kind = y == label
        weights = compute_sample_weight(class_weight, kind if class_weight == "balanced" else y)
        theirs = Sklearn(solver="newton-cholesky", **TIGHT).fit(X, kind, sample_weight=weights)
        np.testing.assert_allclose(ours.coef_[[c]], theirs.coef_, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("multi_class", ["ovr", "multinomial"])
@pytest.mark.parametrize("solver", SOLVERS)
def test_weights_are_repetitions(multi_class: str, solver: str) -> None:
    X, y = SETS["wine"]
    times = np.random.RandomState(0).randint(0, 4, len(y))
    model = LogisticRegression(multi_class=multi_class, solver=solver, tol=1e-12)
    weighted = model.fit(X, y, sample_weight=times)
    coef, intercept = weighted.coef_, weighted.intercept_
    repeated = model.fit(np.repeat(X, times, axis=0), np.repeat(y, times))
    np.testing.assert_allclose(coef, repeated.coef_, rtol=1e-8, atol=1e-10)
    np.testing.assert_allclose(intercept, repeated.intercept_, rtol=1e-8, atol=1e-10)


@pytest.mark.parametrize("multi_class", ["ovr", "multinomial"])
@pytest.mark.parametrize("to_sparse", [scipy.sparse.csr_array, scipy.sparse.csc_matrix])
def test_sparse_rows(multi_class: str, to_sparse: Any) -> None:
    X, y = SETS["wine"]
    X = np.where(np.abs(X) < 0.7, 0.0, X)
    model = LogisticRegression(multi_class=multi_class, tol=1e-12)
    dense = model.fit(X, y)
    coef, undecided = dense.coef_, dense.certificate_.undecided
    sparse = model.fit(to_sparse(X), y)
    np.testing.assert_allclose(coef, sparse.coef_, rtol=1e-8, atol=1e-10)
    assert sparse.certificate_.undecided == undecided
    assert (sparse.predict(to_sparse(X)) == sparse.predict(X)).all()


def test_more_columns_than_a_factorisation_pays_for() -> None:
    random = np.random.RandomState(0)
    X = scipy.sparse.random_array((300, 3000), density=0.01, rng=0, format="csr")
    y = (X @ random.normal(size=3000) > 0).astype(int)
    theirs = Sklearn(C=10.0, **TIGHT).fit(X, y)
    ours = LogisticRegression(C=10.0).fit(X, y)
    np.testing.assert_allclose(ours.coef_, theirs.coef_, atol=1e-5)
    assert ours.certificate_.proves_all


@pytest.mark.parametrize("multi_class", ["ovr", "multinomial"])
def test_the_number_of_threads_changes_no_bit(multi_class: str) -> None:
    random = np.random.RandomState(0)
    X = random.normal(size=(3000, 60))
    y = np.argmax(X[:, :4] + random.normal(size=(3000, 4)), axis=1)
    fits = [
        LogisticRegression(multi_class=multi_class, n_threads=n_threads).fit(X, y)
        for n_threads in (1, 2, 3)
    ]
    for other in fits[1:]:
        np.testing.assert_array_equal(fits[0].coef_, other.coef_)
        np.testing.assert_array_equal(fits[0].intercept_, other.intercept_)
    with pytest.raises(ValueError, match="'n_threads' parameter"):
        LogisticRegression(n_threads=0).fit(X, y)


def test_labels_may_be_text() -> None:
    X, y = SETS["wine"]
    names = np.array(["red", "white", "rosé"])
    model = LogisticRegression(multi_class="ovr").fit(X, names[y])
    assert model.classes_.tolist() == ["red", "rosé", "white"]
    assert [entry.label for entry in model.certificate_.classes] == ["red", "rosé", "white"]
    assert (
        model.predict(X) == names[LogisticRegression(multi_class="ovr").fit(X, y).predict(X)]
    ).all()


def test_float32_rows_give_float32_coefs() -> None:
    X, y = SETS["wine"]
    model = LogisticRegression().fit(X.astype(np.float32), y)
    assert model.coef_.dtype == model.intercept_.dtype == np.float32
    np.testing.assert_allclose(model.coef_, LogisticRegression().fit(X, y).coef_, atol=1e-5)


def test_one_vs_rest_probabilities_are_normalised_sigmoids() -> None:
    X, y = SETS["wine"]
    model = LogisticRegression(multi_class="ovr").fit(X, y)
    theirs = OneVsRestClassifier(Sklearn(**TIGHT)).fit(X, y)
    np.testing.assert_allclose(model.predict_proba(X), theirs.predict_proba(X), atol=1e-6)
    np.testing.assert_allclose(np.exp(model.predict_log_proba(X)), model.predict_proba(X))
    far = model.predict_log_proba(1e4 * X)  # every sigmoid is 0 in float64
    assert np.isfinite(far).all()
    np.testing.assert_allclose(np.exp(far).sum(axis=1), 1.0)


def test_two_classes_are_one_sigmoid_whatever_is_asked() -> None:
    X, y = SETS["cancer"]
    models = [LogisticRegression(multi_class=kind).fit(X, y) for kind in ("ovr", "multinomial")]
    np.testing.assert_array_equal(models[0].coef_, models[1].coef_)
    assert models[1].coef_.shape == (1, 30)


def test_max_iter_may_be_a_whole_float() -> None:
    X, y = SETS["cancer"]
    model = LogisticRegression(max_iter=np.ceil(10**6 / len(y))).fit(X, y)
    assert model.n_iter_[0] > 2
    with pytest.raises(ValueError, match=r"whole number, got 2\.5"):
        LogisticRegression(max_iter=2.5).fit(X, y)


def test_too_few_iterations_warn_and_the_certificate_says_how_far() -> None:
    X, y = SETS["wine"]
    with pytest.warns(ConvergenceWarning, match="3 of 3 problems did not converge.*max_iter = 2"):
        early = LogisticRegression(max_iter=2, multi_class="ovr").fit(X, y)
    optimum = LogisticRegression(multi_class="ovr").fit(X, y)
    assert early.n_iter_.tolist() == [2, 2, 2]
    assert early.certificate_.excess > 1e6 * optimum.certificate_.excess


def test_warm_start_goes_on() -> None:
    X, y = SETS["wine"]
    model = LogisticRegression(warm_start=True, multi_class="ovr").fit(X, y)
    coef = model.coef_
    model.fit(X, y)
    assert model.n_iter_.max() == 0
    np.testing.assert_array_equal(model.coef_, coef)
    fresh = LogisticRegression(multi_class="ovr", C=1.1).fit(X, y)
    assert model.set_params(C=1.1).fit(X, y).n_iter_.sum() < fresh.n_iter_.sum()
    np.testing.assert_allclose(model.coef_, fresh.coef_, atol=1e-6)


def test_verbose_prints_each_iteration(capsys: pytest.CaptureFixture[str]) -> None:
    X, y = SETS["cancer"]
    model = LogisticRegression(verbose=1).fit(X, y)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("Problem 0, iteration 1, loss = 0.")
    assert len(lines) == model.n_iter_[0] + 1
    assert "the gradient is small enough" in lines[-1]


class Recorder:
    """A callback of scikit-learn's protocol that may stop the fit after some iterations."""

    def __init__(self, n_iterations: float = np.inf) -> None:
        self.n_iterations = n_iterations
        self.begun: list[str] = []
        self.losses: list[float] = []

    def setup(self, estimator: Any, context: Any) -> None: ...

    def teardown(self, estimator: Any, context: Any) -> None: ...

    def on_fit_task_begin(self, estimator: Any, context: Any) -> None:
        self.begun.append(context.task_name)

    def on_fit_task_end(
        self, estimator: Any, context: Any, *, X: Any, y: Any, fitted_estimator: Any
    ) -> bool:
        if fitted_estimator is not None:
            self.losses.append(log_loss(y, fitted_estimator.predict_proba(X)))
        return len(self.losses) >= self.n_iterations


@pytest.mark.parametrize("solver", ["lbfgs", "liblinear"])
def test_callbacks_see_each_iteration(solver: str) -> None:
    X, y = SETS["wine"]
    watch = Recorder()
    model = LogisticRegression(solver=solver, C=100.0).set_callbacks(watch).fit(X, y)
    n_iterations = model.n_iter_.max()
    assert watch.begun == ["fit"] + [f"{solver}-iter"] * (n_iterations + 1)
    assert len(watch.losses) == n_iterations + 1  # and once for the whole
    assert watch.losses[0] > 10 * watch.losses[-1]
    assert watch.losses[-1] == log_loss(y, model.predict_proba(X))
    plain = LogisticRegression(solver=solver, C=100.0).fit(X, y)
    np.testing.assert_array_equal(plain.coef_, model.coef_)


def test_callbacks_see_frames_as_they_were_given() -> None:
    X, y = SETS["wine"]
    frame = pd.DataFrame(X, columns=[f"x{i}" for i in range(X.shape[1])])
    monitor = ScoringMonitor(scoring="accuracy")
    model = LogisticRegression().set_callbacks(monitor).fit(frame, y)  # no warning of names
    assert monitor.get_logs().data[-1]["accuracy"] == model.score(frame, y)


def test_a_callback_may_stop_the_fit() -> None:
    X, y = SETS["wine"]
    watch = Recorder(n_iterations=2)
    model = LogisticRegression().set_callbacks(watch).fit(X, y)  # no ConvergenceWarning
    assert model.n_iter_.tolist() == [2]
    with pytest.warns(ConvergenceWarning):
        short = LogisticRegression(max_iter=2).fit(X, y)
    np.testing.assert_array_equal(short.coef_, model.coef_)


def test_liblinears_coefs_are_float64() -> None:
    X, y = SETS["wine"]
    model = LogisticRegression(solver="liblinear").fit(X.astype(np.float32), y)
    assert model.coef_.dtype == model.intercept_.dtype == np.float64


def test_no_iteration_leaves_zeros() -> None:
    X, y = SETS["wine"]
    with pytest.warns(ConvergenceWarning, match=r"lbfgs failed to converge\."):
        model = LogisticRegression(max_iter=0).fit(X, y)
    assert not model.coef_.any()
    np.testing.assert_allclose(model.predict_proba(X), 1 / 3)
    assert model.n_iter_.tolist() == [0]


def test_l1_is_scikit_learns() -> None:
    X, y = SETS["wine"]
    options = {"l1_ratio": 1.0, "C": 0.3, "solver": "liblinear", "random_state": 0}
    theirs = stacked(OneVsRestClassifier(Sklearn(**options)).fit(X, y))
    ours = LogisticRegression(**options).fit(X, y)
    np.testing.assert_allclose(ours.coef_, theirs[0], atol=1e-12)
    assert (ours.coef_ == 0).sum() > 5
    assert ours.certificate_ is None
    options = {"l1_ratio": 0.5, "C": 0.3, "solver": "saga", "random_state": 0, "max_iter": 2000}
    theirs = Sklearn(**options).fit(X, y)
    ours = LogisticRegression(**options).fit(X, y)
    np.testing.assert_allclose(ours.coef_, theirs.coef_, atol=1e-12)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"l1_ratio": 0.5}, "needs solver='saga', got solver='lbfgs'"),
        ({"l1_ratio": 1}, "needs solver='liblinear' or 'saga'"),
        ({"dual": True}, "dual=True exists for solver='liblinear'"),
        ({"solver": "liblinear", "C": np.inf}, "needs a penalty, got C=np.inf"),
        ({"C": 0.0}, "'C' parameter"),
        ({"multi_class": "all"}, "'multi_class' parameter"),
        ({"solver": "newton"}, "'solver' parameter"),
    ],
)
def test_refused_parameters(parameters: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        LogisticRegression(**parameters).fit(IRIS, IRIS_LABELS)


def test_negative_weights_and_one_class_are_refused() -> None:
    with pytest.raises(ValueError, match=r"[Nn]egative"):
        LogisticRegression().fit(IRIS, IRIS_LABELS, sample_weight=-np.ones(150))
    with pytest.raises(ValueError, match="only one class: 4"):
        LogisticRegression().fit(IRIS, np.full(150, 4))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"penalty": "l2"}, {}),
        ({"penalty": None}, {"C": np.inf}),
        ({"penalty": "l1", "solver": "saga", "l1_ratio": 1}, {"l1_ratio": 1, "solver": "saga"}),
        ({"l1_ratio": None}, {}),
        ({"n_jobs": 2}, {}),
    ],
)
def test_deprecated_parameters_warn_and_work(old: dict[str, Any], new: dict[str, Any]) -> None:
    X, y = scale(IRIS[50:, :2]), IRIS_LABELS[50:]
    options = {"random_state": 0, "max_iter": 500}
    with pytest.warns(FutureWarning, match="deprecated"):
        asked = LogisticRegression(**old, **options).fit(X, y)
    np.testing.assert_array_equal(asked.coef_, LogisticRegression(**new, **options).fit(X, y).coef_)


def test_contradicting_penalties_warn() -> None:
    model = LogisticRegression(penalty="l2", l1_ratio=0.5)
    with pytest.warns(UserWarning, match="only used when penalty is"), pytest.warns(FutureWarning):
        model.fit(IRIS, IRIS_LABELS)


@pytest.fixture(scope="module")
def digits(shared_data: pathlib.Path) -> tuple[Any, Any]:
    X = pd.read_csv(shared_data / "X.csv", header=None).to_numpy(float)
    return X, pd.read_csv(shared_data / "y.csv", header=None).to_numpy().ravel()


@pytest.mark.shared_data
def test_the_documents_one_vs_rest(digits: tuple[Any, Any]) -> None:
    X, y = digits
    model = LogisticRegression(solver="liblinear", multi_class="ovr").fit(X, y)
    predicted = model.predict(X)
    rates = [np.mean(predicted[y == label] == label) for label in range(1, 11)]
    listed = [0.976, 0.914, 0.884, 0.932, 0.884, 0.950, 0.946, 0.914, 0.908, 0.990]
    np.testing.assert_allclose(rates, listed, atol=0.002 + 1e-12)

    theirs = stacked(OneVsRestClassifier(Sklearn(solver="liblinear")).fit(X, y))
    Y = (y[:, None] == model.classes_).astype(float)
    norms = []
    for coef, intercept in (theirs, (model.coef_, model.intercept_)):
        residual = 1 / (1 + np.exp(-(X @ coef.T + intercept))) - Y
        by_coef, by_intercept = residual.T @ X + coef, residual.sum(axis=0) + intercept
        norms.append(np.hypot(np.linalg.norm(by_coef, axis=1), by_intercept))
    assert (norms[1] <= norms[0]).all()
    found = [entry.gradient_norm for entry in model.certificate_.classes]
    np.testing.assert_allclose(found, norms[1], rtol=1e-3)
    assert model.certificate_.proves_all
