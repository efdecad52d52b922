"""scikit-learn's names stand for our classes while it is patched, and for its own after."""

from __future__ import annotations

import importlib
import logging
import pathlib
import pickle
import subprocess
import sys
import types
from collections.abc import Iterator

import joblib
import numpy as np
import pytest
import sklearn.ensemble
import sklearn.linear_model
import sklearn.neural_network
from sklearn.base import clone
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression as Theirs
from sklearn.model_selection import cross_val_score
from sklearn.neural_network import BernoulliRBM
from sklearn.neural_network import MLPClassifier as TheirNet

import glassnet

IRIS, SPECIES = load_iris(return_X_y=True)
ORIGINAL = (Theirs, TheirNet)  # a tuple holds the classes where no module's name does


@pytest.fixture
def patched() -> Iterator[None]:
    glassnet.patch_sklearn()
    yield
    glassnet.unpatch_sklearn()


@pytest.mark.usefixtures("patched")
def test_the_names_are_ours() -> None:
    from sklearn.linear_model import LogisticRegression
    from sklearn.neural_network import MLPClassifier

    assert LogisticRegression is sklearn.linear_model.LogisticRegression
    assert LogisticRegression is glassnet.LogisticRegression
    assert sklearn.linear_model.LogisticRegressionCV is glassnet.LogisticRegressionCV
    assert MLPClassifier is sklearn.neural_network.MLPClassifier is glassnet.MLPClassifier
    # Names that were imported before, here:
    assert Theirs is glassnet.LogisticRegression
    assert TheirNet is glassnet.MLPClassifier
    # and what is not ours:
    assert sklearn.neural_network.BernoulliRBM is BernoulliRBM
    assert sklearn.linear_model.Ridge.__module__.startswith("sklearn.")


@pytest.mark.usefixtures("patched")
def test_scikit_learn_itself_keeps_its_classes() -> None:
    """Its private code is written for its own class; so are pickles of that class."""
    assert sklearn.linear_model._logistic.LogisticRegression is ORIGINAL[0]
    assert sklearn.ensemble._stacking.LogisticRegression is ORIGINAL[0]
    old = ORIGINAL[0](C=2.0).fit(IRIS, SPECIES)
    again = pickle.loads(pickle.dumps(old))
    assert type(again) is ORIGINAL[0]
    assert np.array_equal(again.coef_, old.coef_)


def test_patching_twice_is_patching_once() -> None:
    glassnet.patch_sklearn()
    glassnet.patch_sklearn()
    assert sklearn.linear_model.LogisticRegression is glassnet.LogisticRegression
    glassnet.unpatch_sklearn()
    assert sklearn.linear_model.LogisticRegression is ORIGINAL[0]
    assert sklearn.neural_network.MLPClassifier is ORIGINAL[1]
    assert (Theirs, TheirNet) == ORIGINAL
    glassnet.unpatch_sklearn()
    assert sklearn.linear_model.LogisticRegression is ORIGINAL[0]


def test_patching_again_replaces_what_a_reload_gave_back() -> None:
    glassnet.patch_sklearn()
    importlib.reload(sklearn.neural_network)
    assert sklearn.neural_network.MLPClassifier is ORIGINAL[1]
    glassnet.patch_sklearn()
    assert sklearn.neural_network.MLPClassifier is glassnet.MLPClassifier
    assert sklearn.linear_model.LogisticRegression is glassnet.LogisticRegression
    glassnet.unpatch_sklearn()
    assert sklearn.neural_network.MLPClassifier is ORIGINAL[1]
    assert (sklearn.linear_model.LogisticRegression, Theirs, TheirNet) == (ORIGINAL[0], *ORIGINAL)


def test_unpatching_leaves_what_somebody_else_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    notebook = types.ModuleType("notebook")
    notebook.model, notebook.net = ORIGINAL  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "notebook", notebook)
    glassnet.patch_sklearn()
    assert notebook.model is glassnet.LogisticRegression
    notebook.net = int  # type: ignore[attr-defined]
    glassnet.unpatch_sklearn()
    assert notebook.model is ORIGINAL[0]
    assert notebook.net is int


@pytest.mark.usefixtures("patched")
def test_estimators_survive_clone_pickle_and_processes(tmp_path: pathlib.Path) -> None:
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(solver="liblinear", multi_class="ovr").fit(IRIS, SPECIES)
    assert isinstance(model, sklearn.linear_model.LogisticRegression)
    assert isinstance(clone(model), LogisticRegression)
    joblib.dump(model, tmp_path / "model")
    copies = [pickle.loads(pickle.dumps(model)), joblib.load(tmp_path / "model")]
    with joblib.parallel_config("loky", n_jobs=2):
        scores = cross_val_score(LogisticRegression(), IRIS, SPECIES, cv=3)
    glassnet.unpatch_sklearn()
    copies += [pickle.loads(pickle.dumps(model)), joblib.load(tmp_path / "model")]
    for copy in copies:
        assert type(copy) is glassnet.LogisticRegression
        np.testing.assert_array_equal(copy.coef_, model.coef_)
    assert np.array_equal(
        scores, cross_val_score(glassnet.LogisticRegression(), IRIS, SPECIES, cv=3)
    )


@pytest.mark.usefixtures("patched")
def test_what_is_left_to_scikit_learn_is_told(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    glassnet.unpatch_sklearn()
    with caplog.at_level(logging.INFO, "glassnet"):
        glassnet.patch_sklearn()
        lasso = {"l1_ratio": 1, "solver": "liblinear", "random_state": 0}
        fitted = sklearn.linear_model.LogisticRegression(**lasso).fit(IRIS[:100], SPECIES[:100])
    assert caplog.messages == [
        "of sklearn.neural_network, MLPClassifier and MLPRegressor are glassnet's, "
        "all else scikit-learn's",
        "of sklearn.linear_model, LogisticRegression and LogisticRegressionCV are glassnet's, "
        "all else scikit-learn's",
        "LogisticRegression with l1_ratio=1 is left to scikit-learn's liblinear",
    ]
    expected = ORIGINAL[0](**lasso).fit(IRIS[:100], SPECIES[:100])
    np.testing.assert_allclose(fitted.coef_, expected.coef_, rtol=1e-9)
    assert capsys.readouterr().err == ""
    glassnet.patch_sklearn(verbosity=1)
    fitted.fit(IRIS[:100], SPECIES[:100])
    told = "glassnet: LogisticRegression with l1_ratio=1 is left to scikit-learn's liblinear\n"
    assert capsys.readouterr().err == told
    glassnet.patch_sklearn(verbosity=0)
    fitted.fit(IRIS[:100], SPECIES[:100])
    assert capsys.readouterr().err == ""


def python_m_glassnet(*arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "glassnet", *arguments]
    return subprocess.run(command, capture_output=True, text=True, **options)  # type: ignore


SCRIPT = """
import sys
from helper import make
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression, Ridge

if __name__ == "__main__":
    X, y = load_iris(return_X_y=True)
    model = make().fit(X, y)
    print(type(model).__module__, isinstance(model, LogisticRegression))
    print(Ridge.__module__, sys.argv, model.certificate_.proves_all)
    sys.exit(3)
"""
HELPER = """
from sklearn.linear_model import LogisticRegression

def make():
    return LogisticRegression(solver="liblinear", multi_class="ovr")
"""


def test_a_script_runs_unchanged(tmp_path: pathlib.Path) -> None:
    (tmp_path / "script.py").write_text(SCRIPT)
    (tmp_path / "helper.py").write_text(HELPER)  # found beside the script, as python finds it
    script = str(tmp_path / "script.py")
    done = python_m_glassnet(script, "--fast", "data.csv")
    assert done.stdout.splitlines() == [
        "glassnet.estimators.logistic_regression True",
        f"sklearn.linear_model._ridge {[script, '--fast', 'data.csv']} True",
    ]
    assert (done.returncode, done.stderr) == (3, "")
    told = python_m_glassnet("-v", script)
    assert told.stdout == done.stdout.replace(", '--fast', 'data.csv'", "")
    assert told.stderr.splitlines()[1] == (
        "glassnet: of sklearn.linear_model, LogisticRegression and LogisticRegressionCV are "
        "glassnet's, all else scikit-learn's"
    )


AFTERWARDS = """
import atexit, pickle, sys, threading, time
import sklearn.linear_model  # at exit it is too late to begin

class Held:
    size = 3

def later(who):
    from sklearn.linear_model import LogisticRegression
    held = pickle.loads(pickle.dumps(Held()))  # found in __main__
    print(who, held.size, sys.argv[1:], LogisticRegression.__module__.split(".")[0], flush=True)

def wait():
    time.sleep(0.2)
    later("thread")

atexit.register(later, "at exit")
threading.Thread(target=wait).start()
is_main = vars(sys.modules["__main__"]) is globals()
print(__file__, __name__, __spec__, __package__, sys.path[0], is_main)
"""


def test_the_process_is_the_scripts_to_its_end(tmp_path: pathlib.Path) -> None:
    (tmp_path / "script.py").write_text(AFTERWARDS)
    command = [sys.executable, "script.py", "7"]
    plain = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=True)
    ours = python_m_glassnet("script.py", "7", cwd=tmp_path)
    assert (ours.returncode, ours.stderr) == (0, "")
    assert ours.stdout.replace("glassnet", "sklearn") == plain.stdout
    assert list(tmp_path.iterdir()) == [tmp_path / "script.py"]
    assert ours.stdout.splitlines()[1:] == ["thread 3 ['7'] glassnet", "at exit 3 ['7'] glassnet"]


def test_the_scripts_folder_is_in_the_place_of_the_current_one(tmp_path: pathlib.Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "helper.py").write_text("raise SystemExit('the wrong helper')")
    (tmp_path / "script.py").write_text("import importlib.util as u; print(u.find_spec('helper'))")
    done = python_m_glassnet(str(tmp_path / "script.py"), cwd=tmp_path / "elsewhere")
    assert (done.returncode, done.stdout) == (0, "None\n")


def test_an_error_of_the_script_is_its_own(tmp_path: pathlib.Path) -> None:
    (tmp_path / "script.py").write_text("from glassnet import load_dataset\nload_dataset('no.csv')")
    done = python_m_glassnet(str(tmp_path / "script.py"))
    assert done.returncode == 1
    assert "Traceback" in done.stderr
    assert 'script.py", line 2' in done.stderr


def test_a_missing_script_and_the_command_line(tmp_path: pathlib.Path) -> None:
    missing = python_m_glassnet("no.py", cwd=tmp_path)
    assert (missing.returncode, missing.stderr) == (2, "Error: There is no script 'no.py'.\n")
    version = python_m_glassnet("--version")
    assert version.stdout.startswith(f"glassnet {glassnet.__version__}\n")
    assert python_m_glassnet("studdy").returncode == 2
