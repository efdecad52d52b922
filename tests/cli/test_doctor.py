"""``glassnet doctor``: what it prints, tries, draws and refuses."""

from __future__ import annotations

import json
import os
import pathlib
import re
from collections.abc import Callable

import pandas as pd
import pytest
from click.testing import Result

from glassnet.cli.wording import in_options, option_for

Run = Callable[..., Result]


def ok(result: Result) -> str:
    assert result.exit_code == 0, result.output
    return " ".join(result.stdout.split())


def test_it_says_what_to_change_in_options(run: Run) -> None:
    result = run("doctor", "digits", "--solver", "sgd", "--activation", "logistic")
    text = ok(result)
    assert re.search(r"digits: \d+\.\d % of the held-out rows right \(95 % interval", text)
    assert "1. ! Rate too small. Not converged" in text
    assert "raise --learning-rate from 0.001 to 0.1" in text
    assert "Next try: --learning-rate 0.1 (or let --try do it)" in text
    assert result.stderr == ""
    assert os.listdir() == []


def test_try_shows_before_and_after(run: Run) -> None:
    result = run("doctor", "wine", "--scale", "none", "--max-iter", "300", "--try")
    text = ok(result)
    assert "1. ! Unscaled. Columns have unlike scales: proline is of size" in text
    assert (
        "fit held-out rows loss epochs seconds 1. as asked 17 of 18 0.944 (0.742 to 0.990)" in text
    )
    assert re.search(r"2\. columns were scaled \(standard\) 18 of 18 1\.000", text)
    assert "After fit 2 there is nothing left to act on." in text
    lines = result.stdout.splitlines()
    head = next(line for line in lines if line.startswith("fit  "))
    row = next(line for line in lines if line.startswith("1. as asked"))
    assert head.index("held-out rows") == row.index("17 of 18")


def test_a_healthy_fit(run: Run) -> None:
    text = ok(run("doctor", "wine", "--learning-rate", "0.01", "--max-iter", "500", "--try"))
    assert "Nothing found: 12 rules looked." in text
    assert "There was no advice to try." in text


def test_rates_and_pictures(run: Run) -> None:
    text = ok(run("doctor", "wine", "--scale", "none", "--rates", "--pictures", "new/pics"))
    assert "Of the rates from 1e-05 to 10, 60 epochs each" in text
    names = sorted(os.listdir("new/pics"))
    assert names[0] == "1-unscaled.png"
    assert names[-1] == "rates.png"
    assert f"Wrote {len(names)} pictures into new/pics." in text
    for name in names:
        assert pathlib.Path("new/pics", name).read_bytes().startswith(b"\x89PNG")


def test_json_holds_everything(run: Run) -> None:
    result = run("doctor", "wine", "--scale", "none", "--try", "--rates", "--json")
    told = json.loads(result.stdout)
    assert result.exit_code == 0
    assert [visit["scale"] for visit in told["visits"]][:2] == ["none", "standard"]
    assert told["visits"][0]["diagnosis"]["findings"][0]["rule"] == "unscaled"
    assert told["treatments"][0]["changed"] == {"scale": "standard"}
    assert told["treatments"][0]["before"]["holdout"]["rows"] == 18
    assert len(told["rates"]["rates"]) == len(told["rates"]["losses"]) == 25


def test_without_held_out_rows(run: Run) -> None:
    text = ok(run("doctor", "iris", "--holdout", "0"))
    assert "Not asked, as no rows are held out: duplicates." in text


@pytest.mark.parametrize(
    ("arguments", "match"),
    [
        (("doctor", ""), "The name of the data is empty"),
        (("study", " "), "The name of the data is empty"),
        (("doctor", "iris", "--attempts", "0"), "--attempts"),
        (("doctor", "iris", "--rates", "--solver", "lbfgs"), "'lbfgs' has no learning rate"),
        (("doctor", "iris", "--batch-size", "foo"), "'foo' is no number of rows: write a whole"),
        (("doctor", "iris", "--warmup", "1.5"), "'1.5' is no warm-up"),
        (("doctor", "iris", "--warmup", "x"), "'x' is no warm-up"),
        (("doctor", "iris", "--dropout", "1"), "--dropout"),
        (("doctor", "iris", "--drop", "petal"), "no column 'petal' to leave out"),
        (("doctor", "digits", "--drop", "pixel_0_0"), "Rows of pictures are taken whole"),
        (("doctor", "iris", "--pixel-order", "F"), "give --image-shape too"),
        (("doctor", "t.csv"), "with --target .*with --labels"),
    ],
)
def test_what_it_refuses(run: Run, arguments: tuple[str, ...], match: str) -> None:
    pathlib.Path("t.csv").write_text("a,b\n1,2\n3,4\n5,7\n")
    result = run(*arguments)
    assert result.exit_code == 2
    assert re.search(match, result.stderr), result.stderr


@pytest.mark.filterwarnings("default")
def test_a_second_column_of_labels_is_told_of_and_can_be_dropped(run: Run) -> None:
    frame = pd.DataFrame({"x": [i % 7 for i in range(40)], "label": [i % 2 for i in range(40)]})
    frame.to_csv("own.csv", index=False)
    pathlib.Path("y.csv").write_text("\n".join("ab"[i % 2] for i in range(40)) + "\n")
    command = ("fit", "own.csv", "--labels", "y.csv", "--model-out", "m", "--model", "logistic")
    result = run(*command)
    assert result.exit_code == 0
    assert "own.csv's own column 'label' is used as a feature" in result.stderr
    assert "leave it out with --drop label." in result.stderr
    result = run(*command, "--drop", "label")
    assert result.stderr == ""
    assert "own.csv: 40 rows, 1 columns." in result.stdout


def test_the_new_options_reach_the_net(run: Run) -> None:
    from glassnet import load_model

    ok(run("fit", "iris", "--model-out", "m", "--dropout", "0.2", "--weight-decay", "0.001",
           "--clip-norm", "1", "--warmup", "0.1", "--schedule", "cosine", "--solver", "adamw",
           "--label-smoothing", "0.1", "--class-weight", "balanced", "--early-stopping",
           "--max-iter", "5"))  # fmt: skip
    net = load_model("m").estimator
    assert (net.dropout, net.weight_decay, net.clip_norm) == (0.2, 0.001, 1.0)
    assert (net.warmup, net.label_smoothing, net.class_weight) == (0.1, 0.1, "balanced")
    assert net.early_stopping is True


@pytest.mark.parametrize(
    ("parameter", "value", "option"),
    [
        ("learning_rate_init", 0.1, "--learning-rate 0.1"),
        ("hidden_layer_sizes", (20, 10), "--hidden 20,10"),
        ("early_stopping", True, "--early-stopping"),
        ("drop", ["a", "two words"], "--drop 'a,two words'"),
        ("class_weight", "balanced", "--class-weight balanced"),
        ("drop_duplicates", True, None),
    ],
)
def test_advice_as_options(parameter: str, value: object, option: str | None) -> None:
    assert option_for(parameter, value) == option


def test_sentences_of_python_in_the_words_of_the_command_line() -> None:
    assert in_options("Lower learning_rate_init (0.1)") == "Lower --learning-rate (0.1)"
    assert in_options("the labels with target, my_max_iter") == (
        "the labels with --target, my_max_iter"
    )
    assert in_options("target='x' says nothing") == "--target 'x' says nothing"
