"""The doctor on data sets: what is tried, in which order, and what becomes of it."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from glassnet.data import load_dataset
from glassnet.errors import DataError
from glassnet.evaluation.doctor import RULES
from glassnet.studies import StudyResult, study
from glassnet.studies.doctor import Consultation, consult
from glassnet.studies.findings_page import findings_section
from glassnet.studies.run import _Silent

PLAIN = {"hidden_layer_sizes": (20,), "max_iter": 300, "learning_rate_init": 0.01}


def sick_table() -> pd.DataFrame:
    """Return 600 rows with a column that gives the label away, and 150 copies of them."""
    random = np.random.RandomState(0)
    X = random.normal(size=(600, 4))
    kind = np.where(X[:, 0] + X[:, 1] + 0.6 * random.normal(size=600) > 0, "yes", "no")
    table = pd.DataFrame(X, columns=["a", "b", "c", "d"]).assign(
        town=random.choice(["Ulm", "Köln"], 600), paid=np.where(kind == "yes", "1", "0"), kind=kind
    )
    return pd.concat([table, table[:150]], ignore_index=True)


def visit(source: object, attempts: int = 4, **given: object) -> Consultation:
    target = "kind" if isinstance(source, pd.DataFrame) else None
    dataset = load_dataset(source, target=target)
    return consult(dataset, attempts=attempts, monitor=_Silent(), **given)  # type: ignore[arg-type]


def test_rows_are_mended_before_the_net() -> None:
    found = visit(sick_table(), parameters=PLAIN, holdout=0.2)
    assert [each.finding.rule for each in found.treatments[:2]] == ["leaking_columns", "duplicates"]
    assert found.treatments[0].changed == {"drop": ["paid"]}
    first, second, third = found.visits[:3]
    assert first.outcome.holdout is not None
    assert second.outcome.holdout is not None
    assert first.outcome.holdout.accuracy == 1.0
    assert second.outcome.holdout.accuracy < 0.95  # honest now
    assert "paid" not in second.case.dataset.feature_names
    np.testing.assert_array_equal(first.holdout, second.holdout)
    assert third.case.dataset.n_rows == 600
    last = {finding.rule for finding in found.visits[-1].diagnosis}
    assert not {"leaking_columns", "duplicates"} & last


def test_unscaled_columns_are_scaled_and_the_rest_mends_itself() -> None:
    found = visit("wine", scale="none", parameters={"max_iter": 300})
    assert found.treatments[0].changed == {"scale": "standard"}
    assert {"unscaled", "dead_units"} <= {each.rule for each in found.visits[0].diagnosis}
    assert found.visits[1].diagnosis.is_healthy
    assert len(found.visits) == 2
    sentence = found.treatments[0].sentence()
    assert sentence.startswith("Unscaled, so columns were scaled (standard). Before: 94.4 %")


def test_a_single_attempt_tries_nothing() -> None:
    found = visit("wine", attempts=1, scale="none")
    assert (len(found.visits), found.treatments) == (1, ())


def test_an_advice_is_not_tried_twice_and_attempts_are_counted() -> None:
    found = visit("digits", attempts=3, parameters={"solver": "sgd", "activation": "logistic"})
    assert len(found.visits) <= 3
    rates = [visit.case.parameters.get("learning_rate_init", 0.001) for visit in found.visits]
    assert rates[:2] == [0.001, 0.1]
    assert len({str(visit.case.parameters) for visit in found.visits}) == len(found.visits)


def test_held_out_rows_stop_no_fit() -> None:
    parameters = {**PLAIN, "early_stopping": True}
    found = visit("digits", attempts=1, parameters=parameters, holdout=0.2)
    net = found.visits[0].estimator
    held = found.visits[0].holdout
    assert len(net.validation_scores_) == net.n_iter_
    # The rows that stopped it are a tenth of the training rows, none of those held out.
    score = net.score(found.visits[0].preprocessor.transform(
        found.visits[0].case.dataset.X)[held], found.visits[0].case.dataset.y[held])  # fmt: skip
    assert score not in net.validation_scores_


def test_a_diverged_net_is_treated_like_any_other() -> None:
    parameters = {
        "solver": "sgd", "learning_rate_init": 1e9, "activation": "identity",
        "hidden_layer_sizes": (50,),
    }  # fmt: skip
    found = visit("digits", attempts=2, parameters=parameters)
    before, after = found.visits[0].outcome, found.visits[1].outcome
    assert before.train is None
    assert before.sentence().startswith("training diverged")
    assert found.treatments[0].changed == {"learning_rate_init": 1e8}
    assert after.seconds > 0


def test_without_held_out_rows_training_rows_are_told() -> None:
    found = visit("iris", attempts=1, holdout=0.0, parameters=PLAIN)
    assert "of the training rows right" in found.visits[0].outcome.sentence()
    assert "duplicates" in found.visits[0].diagnosis.not_examined


def test_parameters_that_no_net_takes() -> None:
    with pytest.raises(DataError, match="alpha"):
        visit("iris", parameters={"alpha": -1.0})


def test_a_study_tells_what_it_followed(digits: StudyResult) -> None:
    first, *_ = digits.treatments
    assert len(digits.treatments) == len(digits.attempts) - 1
    assert first.finding.rule == "plateau"
    assert first.changed == {"learning_rate_init": digits.attempts[1].learning_rate_init}
    assert first.before.holdout is not None
    assert first.before.holdout.accuracy == digits.attempts[0].holdout_accuracy
    assert first.after.epochs == len(digits.attempts[1].loss_curve)
    assert set(digits.diagnosis.examined) | set(digits.diagnosis.not_examined) == set(RULES)
    for attempt in digits.attempts:
        assert len(attempt.holdout_loss_curve) == len(attempt.loss_curve)


def test_a_studys_numbers_hold_the_findings() -> None:
    result = study(sick_table(), target="kind", hidden_layer_sizes=(8,))
    told = json.loads(json.dumps(result.metrics()))["models"]["net"]["diagnosis"]
    assert told["findings"][0]["rule"] == "leaking_columns"
    assert told["findings"][0]["preparation"] == {"drop": ["paid"]}
    assert "What the doctor found" in result.account()
    drawn: list[str] = []
    section = findings_section(result, lambda picture: drawn.append(picture.name) or picture)  # type: ignore[arg-type,func-returns-value,return-value]
    assert section.anchor == "doctor"
    assert drawn[:2] == ["doctor-1-leaking-columns", "doctor-2-duplicates"]
    assert len(section.blocks) >= 5


def test_a_healthy_study_says_so() -> None:
    result = study("wine", learning_rate_init=0.3, hidden_layer_sizes=(10,), max_iter=600)
    assert result.diagnosis.is_healthy
    assert "What the doctor found" not in result.account()
