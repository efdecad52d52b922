"""What each command prints and writes."""

from __future__ import annotations

import io
import json
import pathlib
import re
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from click.testing import Result

from glassnet import AutoMLPClassifier, MLPClassifier, load_dataset, load_model
from glassnet.cli.app import cli
from glassnet.cli.fit import command as fit_command
from glassnet.data import Preprocessor
from glassnet.estimators.auto_recipe import Recipe
from glassnet.estimators.holdout import split_rows

Run = Callable[..., Result]


def ok(result: Result) -> str:
    assert result.exit_code == 0, result.output
    assert "Traceback" not in result.output
    return result.stdout


def test_fit_writes_the_model_that_python_would_fit(run: Run) -> None:
    ok(run("fit", "iris", "--model-out", "m.safetensors", "--hidden", "5,3", "--solver", "sgd",
           "--learning-rate", "0.2", "--max-iter", "30", "--seed", "4", "--holdout", "0.2",
           "--alpha", "0.01", "--batch-size", "16", "--activation", "tanh",
           "--schedule", "adaptive"))  # fmt: skip
    model, iris = load_model("m.safetensors"), load_dataset("iris")
    train, held_out = split_rows(np.asarray(iris.y), 0.2, 4)
    part = iris.subset(train)
    preprocessor = Preprocessor.for_dataset(part).fit(part.X)
    net = MLPClassifier(
        (5, 3), activation="tanh", solver="sgd", alpha=0.01, batch_size=16, max_iter=30,
        learning_rate="adaptive", learning_rate_init=0.2, random_state=4,
    )  # fmt: skip
    with pytest.warns(UserWarning, match="maximum iterations"):
        net.fit(preprocessor.transform(part.X), part.y)
    for ours, theirs in zip(model.estimator.coefs_, net.coefs_, strict=True):
        np.testing.assert_array_equal(ours, theirs)
    assert model.estimator.get_params() == net.get_params()
    assert model.train is not None
    assert model.holdout is not None
    right = int(np.sum(net.predict(preprocessor.transform(iris.X[held_out])) == iris.y[held_out]))
    assert (model.holdout["rows"], model.holdout["correct"]) == (30, right)
    assert model.train["rows"] == 120
    assert model.class_names == ("setosa", "versicolor", "virginica")


def test_fit_prints_both_rates_side_by_side(run: Run) -> None:
    text = ok(run("fit", "iris", "--model-out", "m", "--model", "logistic"))
    assert "iris: 150 rows, 4 columns." in text
    assert re.search(r"^class +training +held out$", text, re.M)
    model = load_model("m")
    assert model.train is not None
    assert model.holdout is not None
    for rates in (model.train, model.holdout):
        last = rates["classes"][2]
        counts = rf"{last['correct']} of +{last['rows']}  {last['rate']:.3f} \({last['low']:.3f}"
        assert re.search(rf"^virginica .*{counts}", text, re.M), text
        assert re.search(rf"^all .*{rates['correct']} of +{rates['rows']}", text, re.M), text
    assert re.search(r"^Wrote m \(\d+ kB\)\.$", text, re.M)


def test_fit_says_why_it_did_not_converge_and_what_to_try(run: Run) -> None:
    result = run("fit", "iris", "--model-out", "m", "--max-iter", "20", "--learning-rate", "1e-3")
    text = ok(result)
    assert "Not converged: the loss went from" in text
    assert re.search(r"^Next try: --learning-rate 0\.01$", text, re.M)
    assert result.stderr == ""


def test_fit_without_holdout(run: Run) -> None:
    text = ok(run("fit", "iris", "--model-out", "m", "--model", "logistic", "--holdout", "0"))
    assert "held out" not in text
    model = load_model("m")
    assert model.holdout is None
    assert model.train is not None
    assert model.train["rows"] == 150


def test_interrupted_training_keeps_the_model(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from glassnet.cli.progress import TrainingProgress

    def interrupt(self: object, member: int, epoch: int, loss: float, score: object) -> None:
        if epoch == 7:
            raise KeyboardInterrupt

    monkeypatch.setattr(TrainingProgress, "epoch_ends", interrupt)
    result = run("fit", "iris", "--model-out", "m")
    text = ok(result)
    assert result.stderr == "Warning: Training interrupted by user; the net stays as it is.\n"
    assert load_model("m").estimator.n_iter_ == 7
    assert "onverged" not in text


def test_an_interrupt_elsewhere_ends_the_command(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("glassnet.data.load_dataset", interrupt)
    result = run("fit", "iris", "--model-out", "m")
    assert result.exit_code == 130
    assert result.stderr == "Interrupted.\n"
    assert not pathlib.Path("m").exists()


def test_a_mixed_table_from_fit_to_evaluate(run: Run, table: pathlib.Path) -> None:
    ok(run("fit", table, "--target", "kind", "--model-out", "m", "--model", "logistic"))
    model = load_model("m")
    assert model.target == "kind"
    found = json.loads(ok(run("evaluate", "m", table, "--json")))  # the target is remembered
    rows = load_dataset(table, target="kind")
    assert found["success"]["correct"] == int(np.sum(model.predict(rows) == rows.y))
    assert found["success"]["rows"] == 80
    assert sum(map(sum, found["confusion"]["counts"])) == 80
    unlabelled = pd.read_csv(table).drop(columns="kind")
    unlabelled.to_csv("new.csv", index=False)
    predicted = pd.read_csv(io.StringIO(ok(run("predict", "m", "new.csv"))))
    assert predicted.prediction.tolist() == model.predict(rows).tolist()
    assert list(predicted.columns) == ["row", "prediction"]
    assert predicted.row.tolist() == list(range(80))


QUICK = {"members": 2, "courses": ((3, 60, 0.1), (2, 30, 0.3)), "least_rehearsed": 300}


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the nets that need no tuning train for a moment."""
    made = Recipe.__init__
    monkeypatch.setattr(Recipe, "__init__", lambda self, **given: made(self, **{**QUICK, **given}))


@pytest.mark.usefixtures("quick")
@pytest.mark.shared_data
@pytest.mark.parametrize(
    ("name", "target", "least"), [("adult", "income", 0.8), ("bank_marketing", "y", 0.88)]
)
def test_real_mixed_tables_with_nothing_to_tune(
    run: Run, shared_data: pathlib.Path, name: str, target: str, least: float
) -> None:
    whole = pd.read_csv(shared_data / "tables" / f"{name}.csv", dtype=str)
    whole[:4000].to_csv("train.csv", index=False)
    whole[4000:5000].to_csv("new.csv", index=False)
    whole[4000:5000].drop(columns=target).to_csv("unlabelled.csv", index=False)
    said = ok(run("fit", "train.csv", "--target", target, "--model-out", "m", "--model", "auto"))
    assert said.count("Rehearsed") >= 2
    predicted = pd.read_csv(
        io.StringIO(ok(run("predict", "m", "unlabelled.csv", "--proba"))), keep_default_na=False
    )
    truth = whole[target][4000:5000].str.strip().tolist()
    right = [str(a).strip() == b for a, b in zip(predicted.prediction, truth, strict=True)]
    assert np.mean(right) > least
    p = predicted.filter(like="probability of").to_numpy()
    np.testing.assert_allclose(p.sum(axis=1), 1)
    model = load_model("m")
    rows = load_dataset("unlabelled.csv", require_labels=False)
    np.testing.assert_allclose(model.predict_proba(rows), p, rtol=1e-9)
    found = json.loads(ok(run("evaluate", "m", "new.csv", "--json")))
    assert found["success"]["correct"] == sum(right)
    assert "2 neural nets" in ok(run("show", "m"))


@pytest.mark.usefixtures("quick")
def test_nets_with_nothing_to_tune_on_images(run: Run) -> None:
    ok(run("fit", "digits", "--model-out", "m", "--model", "auto", "--time-budget", "60"))
    model = load_model("m")
    assert isinstance(model.estimator, AutoMLPClassifier)
    assert model.estimator.time_budget == 60
    ok(run("show", "m", "--units", "units.png"))
    assert pathlib.Path("units.png").stat().st_size > 10_000


@pytest.mark.parametrize(
    ("option", "model"),
    [
        ("--scale=none", "auto"),
        ("--hidden=5", "auto"),
        ("--time-budget=9", "net"),
        ("--C=2", "auto"),
    ],
)
def test_options_of_other_models_are_refused(run: Run, option: str, model: str) -> None:
    result = run("fit", "iris", "--model-out", "m", "--model", model, option)
    assert result.exit_code == 2
    assert f"{option.partition('=')[0]} does nothing with --model {model}" in result.stderr


def test_predict_with_names_and_probabilities(run: Run, iris_model: pathlib.Path) -> None:
    text = ok(run("predict", iris_model, "iris", "--proba"))
    predicted = pd.read_csv(io.StringIO(text))
    model, iris = load_model(iris_model), load_dataset("iris")
    np.testing.assert_allclose(predicted.filter(like="probability"), model.predict_proba(iris))
    assert list(predicted.columns)[3:] == [f"probability of {name}" for name in model.class_names]
    np.testing.assert_array_equal(predicted.prediction, model.predict(iris))
    assert set(predicted.name) == set(model.class_names)
    assert ok(run("predict", iris_model, "iris", "--proba", "--out", "p.csv")) == ""
    assert pathlib.Path("p.csv").read_text(encoding="utf-8") == text


def test_evaluate_prints_rates_and_mistakes(run: Run, iris_model: pathlib.Path) -> None:
    text = ok(run("evaluate", iris_model, "iris"))
    model, iris = load_model(iris_model), load_dataset("iris")
    right = int(np.sum(model.predict(iris) == iris.y))
    assert re.search(rf"^all +{right} of 150  {right / 150:.3f} \(0\.\d+ to 0\.\d+\)$", text, re.M)
    assert re.search(r"^setosa +50 of  50  1\.000 \(0\.929 to 1\.000\)$", text, re.M)
    assert re.search(r"^  v\w+ is taken for v\w+ in \d of 50 rows", text, re.M)
    assert "was trained on iris too" in text
    assert model.holdout is not None
    assert f"held out of the training it was {model.holdout['accuracy']:.3f}" in " ".join(
        text.split()
    )


def test_show_describes_the_model(run: Run, iris_model: pathlib.Path, table: pathlib.Path) -> None:
    text = ok(run("show", iris_model))
    assert "iris.safetensors: logistic regression (ovr) of 12 weights" in text
    assert "0 (setosa), 1 (versicolor), 2 (virginica)" in text
    assert re.search(r"^trained on +iris$", text, re.M)
    assert re.search(r"^versions +glassnet 0\.\d+\.\d+, python 3", text, re.M)
    assert "random_state=3" in text
    assert re.search(r"^class +training +held out$", text, re.M)
    ok(
        run(
            "fit", table, "--target", "kind", "--model-out", "m", "--hidden", "3", "--max-iter", "5"
        )
    )
    text = ok(run("show", "m"))
    assert "neural net 4-3-1, relu units, logistic output, 19 weights" in text
    assert "columns      2: age, town" in text
    assert "labels from column 'kind'" in text
    assert "Missing numbers become" in text
    assert f"5 iterations; loss {load_model('m').estimator.loss_:.4g}" in text


@pytest.mark.parametrize("kind", ["png", "svg", "pdf"])
def test_show_draws_the_units(run: Run, kind: str) -> None:
    ok(run("fit", "digits", "--model-out", "m", "--hidden", "4", "--max-iter", "2"))
    assert f"Wrote units.{kind}." in ok(run("show", "m", "--units", f"units.{kind}"))
    start = {"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF"}[kind]
    assert pathlib.Path(f"units.{kind}").read_bytes().startswith(start)


def test_convert_reads_matrices(run: Run) -> None:
    random = np.random.RandomState(0)
    np.savez("w.npz", Theta1=random.normal(size=(5, 65)), Theta2=random.normal(size=(3, 6)))
    text = ok(run("convert", "w.npz", "--out", "m", "--classes", "2, 10,1", "--pixel-order", "F"))
    assert text == "Wrote m: a net 64-5-3, images of 8x8 (F).\n"
    assert load_model("m").classes.tolist() == [1, 2, 10]
    shown = ok(run("show", "m"))
    assert "trained      elsewhere; converted from w.npz" in shown
    assert "images       8x8, unrolled column by column (F)" in shown
    ok(run("convert", "w.npz", "--out", "m", "--class-names", "a,b , c"))
    assert load_model("m").class_names == ("a", "b", "c")


def test_a_models_pixel_order_serves_rows_of_a_named_shape(run: Run) -> None:
    random = np.random.RandomState(0)
    np.savez("w.npz", Theta1=random.normal(size=(3, 65)))
    X = random.normal(size=(9, 64))
    np.savetxt("X.csv", X, delimiter=",")
    ok(run("convert", "w.npz", "--out", "m", "--pixel-order", "F"))
    plain = ok(run("predict", "m", "X.csv"))
    assert ok(run("predict", "m", "X.csv", "--image-shape", "8x8")) == plain
    turned = ok(run("predict", "m", "X.csv", "--image-shape", "8x8", "--pixel-order", "C"))
    assert turned != plain
    assert ok(run("predict", "m", "X.csv", "--pixel-order", "C")) == turned


def test_the_nets_defaults_are_the_estimators() -> None:
    above = cli.make_context("glassnet", ["fit"])
    context = fit_command.make_context("fit", ["iris", "--model-out", "m"], parent=above)
    net = MLPClassifier()
    shared = set(context.params) & set(net.get_params())
    assert len(shared) == 15
    for name in shared:
        value = context.params[name]
        assert value == getattr(net, name), name


@pytest.mark.shared_data
def test_the_courses_net_and_rows(run: Run, shared_data: pathlib.Path) -> None:
    ok(run("convert", shared_data / "ex3weights.mat", "--out", "m"))
    text = ok(run("evaluate", "m", shared_data / "X.csv", "--labels", shared_data / "y.csv"))
    assert re.search(r"^all +4631 of 5000  0\.926 \(0\.919 to 0\.933\)$", text, re.M)
