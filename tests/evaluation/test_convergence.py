from __future__ import annotations

import json
import warnings

import numpy as np
import pytest
from sklearn.datasets import load_digits
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier

from glassnet.errors import DataError
from glassnet.evaluation import diagnose_convergence

EPOCHS = np.arange(200)
SLOW = 2.4 * np.exp(-0.005 * EPOCHS)  # still falling by 0.0046 an epoch, 46 tol


def test_a_slow_fit_gets_the_rate_that_the_rule_gives():
    found = diagnose_convergence(SLOW, solver="sgd", learning_rate_init=0.001)
    assert not found.converged
    assert found.reason == "slow"
    assert found.fall_per_epoch == pytest.approx((SLOW[-21] - SLOW[-1]) / 20)
    assert found.suggested == {"learning_rate_init": 0.1}
    assert "from 2.4 to 0.887 in 200 epochs and was still falling, by 0.0047" in found.sentence
    assert "from 0.001 to 0.1" in found.advice
    assert "some 1400 epochs" in found.advice


@pytest.mark.parametrize(
    ("solver", "rate", "tol", "suggested"),
    [
        ("sgd", 0.001, 1e-3, {"learning_rate_init": 0.01}),
        ("sgd", 0.0001, 1e-6, {"learning_rate_init": 0.1}),  # a factor of 1000 at most
        ("sgd", 0.1, 1e-4, {"learning_rate_init": 1.0}),  # a rate of 1 at most
        ("adam", 0.001, 1e-4, {"learning_rate_init": 0.01}),  # adam: a factor of 10 at most
        ("adam", 0.1, 1e-4, {"max_iter": 1400}),  # at its largest rate: more epochs
        ("sgd", 0.001, 2e-3, {"max_iter": 410}),  # s < 3 tol: nearly done
        ("lbfgs", 0.001, 1e-4, {"max_iter": 400}),  # no rate to change
    ],
)
def test_the_rule_by_solver_rate_and_tolerance(solver, rate, tol, suggested):
    found = diagnose_convergence(SLOW, solver=solver, learning_rate_init=rate, tol=tol)
    assert found.reason == "slow"
    assert found.suggested == suggested


def test_a_plateau_at_the_start_is_not_taken_for_the_end():
    plateau = 2.3 - 2e-4 * EPOCHS  # falls by 2 tol an epoch, but 98 % of the loss is left
    found = diagnose_convergence(plateau, solver="sgd", learning_rate_init=0.001)
    assert found.suggested == {"learning_rate_init": 0.1}
    assert "epochs" not in found.advice


def test_running_out_of_epochs_on_a_flat_end_is_not_called_falling():
    flat = np.concatenate([SLOW[:195], np.full(5, SLOW[194])])
    found = diagnose_convergence(flat, max_iter=200, solver="sgd", n_iter_no_change=4, tol=1e-2)
    assert found.sentence.startswith("Not quite converged")
    assert "max_iter" in found.suggested


def test_a_converged_fit_needs_no_advice():
    curve = 0.01 + np.exp(-0.2 * EPOCHS[:80])
    found = diagnose_convergence(curve, solver="sgd")
    assert (found.converged, found.reason, found.advice, found.suggested) == (
        True, "converged", "", {},
    )  # fmt: skip
    assert "no longer improved by tol = 0.0001 in the last 10" in found.sentence
    assert "validation" in diagnose_convergence(curve, early_stopping=True).sentence
    assert "tol" not in diagnose_convergence(curve, solver="lbfgs").sentence


def test_oscillation_lowers_the_rate_by_half_an_order():
    bouncing = 0.5 + 0.1 * (-1.0) ** EPOCHS
    for n in (200, 60):  # whether or not the solver gave up by its own rule
        found = diagnose_convergence(bouncing[:n], solver="sgd", learning_rate_init=1)
        assert found.reason == "oscillating"
        assert found.suggested == {"learning_rate_init": 0.3}
        assert "between 0.4 and 0.6" in found.sentence


@pytest.mark.parametrize("last", [np.nan, np.inf, 40.0])
def test_divergence_lowers_the_rate_tenfold(last):
    found = diagnose_convergence([2.3, 5.0, last], solver="sgd", learning_rate_init=10)
    assert found.reason == "diverged"
    assert found.suggested == {"learning_rate_init": 1.0}
    assert ("no longer finite in epoch 3" in found.sentence) == (not np.isfinite(last))
    plain = found.to_dict()
    assert json.loads(json.dumps(plain)) == plain
    assert plain["last_loss"] == (40.0 if last == 40.0 else None)


def test_a_fit_that_stopped_without_learning_is_not_called_converged():
    crawling = 2.3 - 1e-5 * EPOCHS[:12]
    found = diagnose_convergence(crawling, solver="sgd", learning_rate_init=1e-5)
    assert (found.converged, found.reason) == (True, "stalled")
    assert found.suggested == {"learning_rate_init": 0.001}
    # It fell, but only to what the classes' shares alone give: large steps, nothing learnt.
    fallen = [1.31, 1.09, 1.088] + [1.087] * 13
    found = diagnose_convergence(fallen, solver="sgd", learning_rate_init=0.01, baseline_loss=1.086)
    assert found.reason == "stalled"
    assert found.suggested == {"learning_rate_init": 0.001}
    assert (
        "Scale the features"
        in diagnose_convergence(fallen, solver="lbfgs", baseline_loss=1.086).advice
    )


def test_one_epoch_and_no_epoch():
    assert diagnose_convergence([2.3], max_iter=1).reason == "slow"
    with pytest.raises(DataError, match="one loss an epoch"):
        diagnose_convergence([])


def fit(rate: float, max_iter: int = 200) -> MLPClassifier:
    X, y = load_digits(return_X_y=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return MLPClassifier(
            (20,), activation="logistic", solver="sgd", learning_rate_init=rate,
            max_iter=max_iter, random_state=0,
        ).fit(X[:600] / 16, y[:600])  # fmt: skip


def test_following_the_advice_converges_on_a_real_fit():
    """The document's story on digits: the rate 0.001 is too small, the advice leads to an end."""
    rate, max_iter, reasons = 0.001, 200, []
    for _ in range(4):
        net = fit(rate, max_iter)
        found = diagnose_convergence(
            net.loss_curve_, solver="sgd", learning_rate_init=rate, max_iter=max_iter
        )
        reasons.append(found.reason)
        if not found.suggested:
            break
        rate = float(found.suggested.get("learning_rate_init", rate))
        max_iter = int(found.suggested.get("max_iter", max_iter))
    assert reasons[0] == "slow"
    assert reasons[-1] == "converged"
    assert net.loss_curve_[-1] < 0.05
