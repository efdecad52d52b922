"""scikit-learn's tools, and others' built on it, give with our estimators what they should.

Where a tool is scikit-learn's, the oracle is the same tool around scikit-learn's own estimator: in
float64 our nets take its steps, and a logistic regression has one optimum.
"""

from __future__ import annotations

import pathlib
import sys
from collections.abc import Callable
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from sklearn import config_context, linear_model, neural_network
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import ColumnTransformer
from sklearn.datasets import load_wine
from sklearn.ensemble import (
    AdaBoostClassifier,
    BaggingClassifier,
    StackingClassifier,
    VotingClassifier,
)
from sklearn.feature_selection import SelectFromModel
from sklearn.inspection import partial_dependence, permutation_importance
from sklearn.model_selection import (
    GridSearchCV,
    cross_val_predict,
    cross_validate,
    learning_curve,
)
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler, scale

import glassnet

# `make shap` puts SHAP there, beside the environment and not in it.
SHAP_SITE = pathlib.Path(__file__).resolve().parents[2] / "build" / "shap-site"

WINE, CULTIVARS = load_wine(return_X_y=True)
WINE = scale(WINE)
FRAME, NAMES = load_wine(return_X_y=True, as_frame=True)
NAMES = NAMES.map({0: "Barolo", 1: "Grignolino", 2: "Barbera"})

NET = {"hidden_layer_sizes": (6,), "random_state": 0, "tol": 0.01, "learning_rate_init": 0.02}
TIGHT = {"solver": "newton-cholesky", "tol": 1e-10}
PAIRS = {
    "net": (
        glassnet.MLPClassifier(precision="float64", **NET),
        neural_network.MLPClassifier(**NET),
    ),
    "logistic": (glassnet.LogisticRegression(), linear_model.LogisticRegression(**TIGHT)),
}
pairs = pytest.mark.parametrize(("ours", "theirs"), PAIRS.values(), ids=PAIRS)


def agree(use: Callable[[Any], Any], ours: Any, theirs: Any) -> Any:
    """Assert that a tool gives the same numbers with both; return ours."""
    found, expected = use(clone(ours)), use(clone(theirs))
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-7)
    return found


def table() -> pd.DataFrame:
    """Return a table with a column of text and gaps in none."""
    frame = FRAME.iloc[:, :5].copy()
    frame["strength"] = np.where(frame["alcohol"] > 13, "strong", "light")
    return frame


@pairs
def test_pipeline_and_column_transformer(ours: Any, theirs: Any) -> None:
    frame = table()
    numbers = list(frame.columns[:5])

    def use(model: Any) -> Any:
        columns = [("numbers", StandardScaler(), numbers), ("text", OneHotEncoder(), ["strength"])]
        fitted = make_pipeline(ColumnTransformer(columns), model).fit(frame, NAMES)
        assert fitted.classes_.tolist() == ["Barbera", "Barolo", "Grignolino"]
        assert fitted[-1].n_features_in_ == 7
        return fitted.predict_proba(frame)

    assert agree(use, ours, theirs).shape == (178, 3)


@pytest.mark.parametrize(
    ("pair", "grid"),
    [
        ("net", {"mlpclassifier__hidden_layer_sizes": [(3,), (4, 2)]}),
        ("logistic", {"logisticregression__C": [1e-3, 1.0]}),
    ],
)
def test_grid_search(pair: str, grid: dict[str, Any]) -> None:
    def use(model: Any) -> Any:
        search = GridSearchCV(make_pipeline(StandardScaler(), model), grid, cv=3)
        search.fit(FRAME, NAMES)
        chosen = search.best_estimator_[-1].get_params()
        (name, value), *_ = search.best_params_.items()
        assert chosen[name.split("__")[1]] == value
        return [*search.cv_results_["mean_test_score"], search.best_index_]

    agree(use, *PAIRS[pair])


@pairs
def test_cross_val_predict_in_processes_and_threads(ours: Any, theirs: Any) -> None:
    import joblib

    def use(model: Any) -> Any:
        return cross_val_predict(model, WINE, CULTIVARS, cv=4, method="predict_proba")

    alone = agree(use, ours, theirs)
    for backend in ("loky", "threading"):
        with joblib.parallel_config(backend, n_jobs=2):
            np.testing.assert_array_equal(use(ours), alone)


class WithScores(neural_network.MLPClassifier):
    """scikit-learn's net with the scores before its softmax, which it keeps to itself."""

    def decision_function(self, X: Any) -> Any:
        (first, last), (start, end) = self.coefs_, self.intercepts_
        return np.maximum(X @ first + start, 0) @ last + end


@pairs
@pytest.mark.parametrize("method", ["sigmoid", "isotonic"])
def test_calibration(ours: Any, theirs: Any, method: str) -> None:
    """The scores are calibrated where there are any."""
    if isinstance(theirs, neural_network.MLPClassifier):
        theirs = WithScores(**NET)

    def use(model: Any) -> Any:
        model = CalibratedClassifierCV(model, method=method, cv=3)
        return model.fit(WINE, CULTIVARS).predict_proba(WINE)

    agree(use, ours, theirs)


def test_voting_and_stacking() -> None:
    for tool in (VotingClassifier, StackingClassifier):
        made = []
        for which in (0, 1):
            models = [(name, clone(pair[which])) for name, pair in PAIRS.items()]
            more: dict[str, Any] = {"voting": "soft"}
            if tool is StackingClassifier:
                more = {"cv": 3, "final_estimator": clone(PAIRS["logistic"][which])}
            made.append(tool(models, **more).fit(WINE, CULTIVARS).predict_proba(WINE))
        np.testing.assert_allclose(*made, rtol=1e-5, atol=1e-7)


@pairs
def test_boosting_bagging_and_selection(ours: Any, theirs: Any) -> None:
    """Row weights, subsets of rows, and coef_ as others read it."""
    ensembles = [AdaBoostClassifier, BaggingClassifier]
    for ensemble in ensembles:
        agree(
            lambda model, make=ensemble: (
                make(model, n_estimators=2, random_state=0).fit(WINE, CULTIVARS).predict_proba(WINE)
            ),
            ours,
            theirs,
        )
    if hasattr(theirs, "C"):
        agree(lambda model: SelectFromModel(model).fit(WINE, CULTIVARS).get_support(), ours, theirs)


@pairs
def test_permutation_importance_and_partial_dependence(ours: Any, theirs: Any) -> None:
    def importance(model: Any) -> Any:
        model.fit(WINE, CULTIVARS)
        return permutation_importance(model, WINE, CULTIVARS, random_state=0).importances

    def dependence(model: Any) -> Any:
        return partial_dependence(model.fit(WINE, CULTIVARS), WINE, [6], grid_resolution=5)[
            "average"
        ]

    assert agree(importance, ours, theirs).max() > 0.02
    assert np.ptp(agree(dependence, ours, theirs)) > 0.02


@pairs
def test_learning_curve(ours: Any, theirs: Any) -> None:
    def use(model: Any) -> Any:
        sizes = [0.3, 1.0]
        return np.vstack(
            learning_curve(
                model, WINE, CULTIVARS, train_sizes=sizes, cv=3, shuffle=True, random_state=0
            )[1:]
        )

    curves = agree(use, ours, theirs)
    assert curves[3].mean() > 0.9  # held-out rate with all rows


@pairs
@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_set_output_and_feature_names(ours: Any, theirs: Any, library: str) -> None:
    module = pytest.importorskip(library)
    frame = module.DataFrame(FRAME.to_dict(orient="list"))
    labels = NAMES.to_numpy()

    def use(model: Any) -> Any:
        scaler = StandardScaler().set_output(transform=library)
        fitted = make_pipeline(scaler, model).fit(frame, labels)
        assert fitted[-1].feature_names_in_.tolist() == FRAME.columns.tolist()
        return fitted.predict_proba(frame)

    agree(use, ours, theirs)
    model = clone(ours).fit(frame.head(150), labels[:150])
    assert model.predict(frame).shape == (178,)
    reversed_columns = frame[list(FRAME.columns[::-1])]
    with pytest.raises(ValueError, match="feature names should match"):
        model.predict(reversed_columns)
    with pytest.warns(UserWarning, match="does not have valid feature names"):
        model.predict(FRAME.to_numpy())


@pairs
def test_sample_weights_are_routed(ours: Any, theirs: Any) -> None:
    weights = np.where(CULTIVARS == 1, 5.0, 0.5)

    def use(model: Any) -> Any:
        model.set_fit_request(sample_weight=True).set_score_request(sample_weight=True)
        scaler = StandardScaler().set_fit_request(sample_weight=False)
        pipeline = make_pipeline(scaler, model)
        for params in ({"sample_weight": weights}, {}):
            result = cross_validate(
                pipeline, WINE[:, :3], CULTIVARS, params=params, cv=3, return_estimator=True
            )
            yield [*result["test_score"], result["estimator"][0][-1].score(WINE[:, :3], CULTIVARS)]

    with config_context(enable_metadata_routing=True):
        weighted, plain = agree(lambda model: list(use(model)), ours, theirs)
    assert not np.allclose(weighted, plain)


def test_shap_explains_probabilities() -> None:
    if SHAP_SITE.is_dir() and str(SHAP_SITE) not in sys.path:
        sys.path.append(str(SHAP_SITE))
    shap = pytest.importorskip("shap", reason="SHAP is not installed: make shap does so")
    for ours, _ in PAIRS.values():
        model = clone(ours).fit(WINE, CULTIVARS)
        background, asked = WINE[::20], WINE[:4]
        for explainer in (
            shap.explainers.Permutation(model.predict_proba, background, seed=0),
            shap.KernelExplainer(model.predict_proba, background, seed=0),
        ):
            explained = explainer(asked)
            total = explained.base_values + explained.values.sum(axis=1)
            np.testing.assert_allclose(total, model.predict_proba(asked), atol=1e-6)


@pytest.mark.filterwarnings("ignore")  # its own, of libraries that went on since it was written
def test_yellowbrick_draws_our_confusions() -> None:
    reason = "Yellowbrick is not installed"
    classifier = pytest.importorskip("yellowbrick.classifier", reason=reason)

    def rate_and_counts(model: Any) -> tuple[float, Any]:
        visualizer = classifier.ConfusionMatrix(clone(model))
        visualizer.fit(WINE[::2], CULTIVARS[::2])
        rate = visualizer.score(WINE[1::2], CULTIVARS[1::2])
        plt.close("all")
        return rate, visualizer.confusion_matrix_

    for ours, theirs in PAIRS.values():
        try:
            rate, counts = rate_and_counts(theirs)
        except Exception as error:
            pytest.skip(f"this Yellowbrick does not know scikit-learn's own estimators: {error}")
        assert rate_and_counts(ours)[0] == rate
        np.testing.assert_array_equal(rate_and_counts(ours)[1], counts)


def test_skops_keeps_our_estimators() -> None:
    io = pytest.importorskip("skops.io", reason="skops is not installed")
    for ours, _ in PAIRS.values():
        model = clone(ours).fit(WINE, CULTIVARS)
        stored = io.dumps(model)
        foreign = io.get_untrusted_types(data=stored)
        assert all(name.startswith("glassnet.") for name in foreign)
        again = io.loads(stored, trusted=foreign)
        np.testing.assert_array_equal(again.predict_proba(WINE), model.predict_proba(WINE))
