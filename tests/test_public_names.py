"""The public names: all there, imported when used, and the version in one place."""

from __future__ import annotations

import pathlib
import subprocess
import sys
import tomllib

import pytest

import glassnet

ROOT = pathlib.Path(__file__).resolve().parents[1]


def python(code: str) -> str:
    """Run code in a fresh Python and return what it prints."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.mark.parametrize("name", sorted(glassnet.__all__))
def test_every_public_name_is_there_and_documented(name: str) -> None:
    value = getattr(glassnet, name)
    assert name in dir(glassnet)
    if name != "__version__":
        assert callable(value)
        assert value.__name__ == name
        assert value.__doc__


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Perceptron'"):
        glassnet.Perceptron  # noqa: B018


def test_study_is_the_function_whatever_was_imported_before() -> None:
    before = "import glassnet.studies; from glassnet.studies import StudyResult"
    assert python(f"{before}; from glassnet import study; print(study.__name__)") == "study"


def test_importing_glassnet_imports_nothing_heavy() -> None:
    code = "import sys, glassnet; print([m for m in ('numpy', 'sklearn') if m in sys.modules])"
    assert python(code) == "[]"


def test_the_version_is_that_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == glassnet.__version__
