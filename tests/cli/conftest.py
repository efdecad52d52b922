"""A runner of commands in an empty folder, and a model that all tests may read."""

from __future__ import annotations

import os
import pathlib
import subprocess
import sys
from collections.abc import Callable

import numpy as np
import pytest
from click.testing import CliRunner, Result

from glassnet.cli.app import cli

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that runs a command, in an empty folder, in this process."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GLASSNET_DEBUG", raising=False)
    monkeypatch.setenv("COLUMNS", "100")

    def invoke(*arguments: str | os.PathLike[str]) -> Result:
        return CliRunner().invoke(cli, [str(argument) for argument in arguments])

    return invoke


@pytest.fixture
def shell(tmp_path: pathlib.Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Return a function that runs ``python -m glassnet`` in an empty folder."""

    def call(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "glassnet", *arguments],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            check=False,
        )

    return call


@pytest.fixture(scope="session")
def iris_model(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """Fit iris once, by the command."""
    path = tmp_path_factory.mktemp("model") / "iris.safetensors"
    arguments = ["fit", "iris", "--model-out", str(path), "--model", "logistic", "--seed", "3"]
    result = CliRunner().invoke(cli, arguments)
    assert result.exit_code == 0, result.output
    return path


@pytest.fixture
def table(tmp_path: pathlib.Path) -> pathlib.Path:
    """Write a small table with text, gaps and labels in the column "kind"."""
    random = np.random.RandomState(0)
    lines = ["age,town,kind"]
    for i in range(80):
        age = "" if i % 9 == 0 else f"{random.uniform(20, 60) + 40 * (i % 2):.1f}"
        lines.append(
            f"{age},{'Ulm' if random.uniform() < 0.5 else 'Köln'},{'old' if i % 2 else 'young'}"
        )
    path = tmp_path / "table.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
