"""The notebook of 2016 runs unchanged, and its author's observations hold."""

from __future__ import annotations

import pathlib
import re
import sys

import matplotlib.pyplot as plt
import numpy as np
import pytest
from sklearn.exceptions import ConvergenceWarning

from glassnet import LogisticRegression, MLPClassifier, unpatch_sklearn
from glassnet.drop_in import run_script

SCRIPT = pathlib.Path(__file__).resolve().parents[1] / "examples" / "digits_2016.py"


@pytest.mark.shared_data
def test_the_notebook_of_2016(
    shared_data: pathlib.Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(shared_data)
    np.random.seed(0)  # the notebook draws from the global stream
    monkeypatch.setattr(sys, "argv", sys.argv)  # what a script takes over for good
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
    with pytest.warns(ConvergenceWarning) as heard:
        names = run_script(SCRIPT)
    unpatch_sklearn()
    plt.close("all")
    lines = capsys.readouterr().out.splitlines()
    found = [re.search(r"digit (\d+) was ([\d.]+)", line) for line in lines]
    rates = np.array([float(match[2]) for match in found if match]).reshape(4, 10)
    liblinear, sag, training, held_out = rates

    # "it's misclassified a couple things"; "did almost exactly the same as our initial attempt"
    assert isinstance(names["logregressor"], LogisticRegression)
    np.testing.assert_allclose(liblinear.mean(), 0.93, atol=0.005)
    assert np.abs(liblinear - sag).max() < 0.01
    # "we weren't able to converge" at rate 0.001; "no warning about convergence this time" at 1
    classifier = names["classifier"]
    assert isinstance(classifier, MLPClassifier)
    assert len(heard) == 1
    assert r"maximum iterations (200)" in str(heard[0].message)
    assert heard[0].filename == str(SCRIPT)
    assert classifier.learning_rate_init == 1
    assert classifier.n_iter_ < 200
    assert classifier.loss_curve_[-1] < 0.01 < classifier.loss_curve_[0]
    # "Holy crap, this machine is pretty much sentient"; "maybe we were overfitting"
    assert training.tolist() == [1.0] * 10
    fitted = names["train_X"].to_numpy(), names["train_y"]["label"].to_numpy()
    assert classifier.score(*fitted) == 1.0
    right = names["reserve_y"]["success"]
    assert len(right) == 500
    assert 0.88 < right.mean() < 0.97
    assert held_out.min() < 0.95
    # "first element of coefs_", "a vector with 40 elements"
    assert lines[-2:] == ["16000", "40"]
