"""What is documented is there, and what is there is documented."""

from __future__ import annotations

import importlib.util
import inspect
import pathlib
import re
import tomllib

import pytest

import glassnet
from glassnet.cli.app import COMMANDS

ROOT = pathlib.Path(__file__).resolve().parents[1]
PUBLIC = [name for name in glassnet.__all__ if not name.startswith("__")]


def commands_page() -> str:
    spec = importlib.util.spec_from_file_location("commands_page", ROOT / "docs" / "commands.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.page()


def test_the_commands_page_is_up_to_date() -> None:
    written = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    assert written == commands_page(), "refresh it: python docs/commands.py"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_its_section(command: str) -> None:
    assert f"## glassnet {command}\n" in (ROOT / "docs" / "commands.md").read_text()


@pytest.mark.parametrize("name", PUBLIC)
def test_public_names_are_documented(name: str) -> None:
    thing = getattr(glassnet, name)
    text = inspect.getdoc(thing) or ""
    assert len(text) > 80, name
    if inspect.isfunction(thing):
        assert "Parameters\n" in text or not inspect.signature(thing).parameters, name
        assert "Returns\n" in text, name


@pytest.mark.parametrize(
    "name", ["AutoMLPClassifier", "MLPClassifier", "MLPRegressor", "LogisticRegression"]
)
def test_every_parameter_of_an_estimator_is_documented(name: str) -> None:
    estimator = getattr(glassnet, name)
    text = inspect.getdoc(estimator) or ""
    for parameter in inspect.signature(estimator).parameters:
        assert re.search(rf"(?m)^([a-zA-Z_0-9]+, )*{parameter}(, [a-zA-Z_0-9]+)* : ", text), (
            parameter
        )


def test_the_files_that_the_readme_names_are_there() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#]+)\)", readme)
    assert len(links) >= 5
    for link in links:
        assert (ROOT / link).is_file(), link


def test_the_readme_fits_a_screen() -> None:
    assert len((ROOT / "README.md").read_text().splitlines()) <= 80  # with its table of times


def test_one_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["version"] == glassnet.__version__


def test_the_lock_holds_plain_lines_for_all_that_is_needed() -> None:
    lines = (ROOT / "requirements.lock").read_text().splitlines()
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[0-9a-z.!+]+", line) for line in lines)
    locked = {re.split("==", line)[0].lower().replace("_", "-") for line in lines}
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    project = settings["project"]
    extras = {**project["optional-dependencies"]}
    del extras["docs"]  # has a lock of its own
    groups = [settings["build-system"]["requires"], *extras.values()]
    for need in [*project["dependencies"], *(n for group in groups for n in group)]:
        assert re.split("[<>=~ ]", need)[0].lower().replace("_", "-") in locked, need
