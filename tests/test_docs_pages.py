"""The documentation, as far as it can be checked without Sphinx."""

from __future__ import annotations

import ast
import pathlib
import re
import runpy
import tomllib
from collections.abc import Iterator
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from sklearn.base import BaseEstimator

import glassnet
from glassnet import errors, evaluation, pictures
from glassnet.evaluation.doctor import RULES

ROOT = pathlib.Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
EXAMPLES = sorted((ROOT / "examples").glob("plot_*.py"))
PAGES = sorted(
    page.relative_to(DOCS).with_suffix("").as_posix()
    for page in DOCS.rglob("*")
    if page.suffix in {".md", ".rst"}
    and page.relative_to(DOCS).parts[0] not in {"gallery", "generated", "_templates"}
)


def entries(text: str) -> set[str]:
    """Return the full names that api.rst lists."""
    module, found = "", set()
    for line in text.splitlines():
        if line.startswith(".. currentmodule::"):
            module = line.split()[-1]
        elif re.fullmatch(r"   [A-Za-z_][\w.]*", line):
            found.add(f"{module}.{line.strip()}")
    return found


API = entries((DOCS / "api.rst").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "name",
    [f"glassnet.{name}" for name in glassnet.__all__ if not name.startswith("__")]
    + [f"glassnet.evaluation.{name}" for name in evaluation.__all__]
    + [f"glassnet.pictures.{name}" for name in pictures.__all__]
    + [f"glassnet.errors.{kind.__name__}" for kind in errors.GlassnetError.__subclasses__()],
)
def test_every_public_name_has_an_api_entry(name: str) -> None:
    assert name in API, f"add it to docs/api.rst: {name}"


def test_every_api_entry_is_there() -> None:
    for name in API:
        module, _, attribute = name.rpartition(".")
        home = __import__(module, fromlist=[attribute])
        assert getattr(home, attribute).__doc__, name


def toctrees(page: pathlib.Path) -> Iterator[str]:
    """Yield the pages that a page's toctrees name, from the folder docs."""
    for body in re.findall(r"```\{toctree\}\n(.*?)```", page.read_text(encoding="utf-8"), re.S):
        for line in filter(None, body.splitlines()):
            if not line.startswith(":"):
                found = re.fullmatch(r".+ <(.+)>", line)
                target = page.parent / (found[1] if found else line)
                yield target.relative_to(DOCS).as_posix()


def test_every_page_is_in_a_toctree() -> None:
    linked = [name for page in DOCS.rglob("*.md") for name in toctrees(page)]
    assert len(linked) == len(set(linked))
    assert set(linked) == set(PAGES) - {"index"} | {"gallery/index"}


def is_estimator(thing: Any) -> bool:
    return isinstance(thing, type) and issubclass(thing, BaseEstimator)


@pytest.mark.parametrize(
    "name",
    [name for name in glassnet.__all__ if is_estimator(getattr(glassnet, name))],
)
def test_every_estimator_has_a_page_with_sources(name: str) -> None:
    slug = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "-", name).lower()
    text = (DOCS / "estimators" / f"{slug}.md").read_text(encoding="utf-8")
    assert text.startswith(f"# {name}")
    assert f"{{py:class}}`glassnet.{name}`" in text
    assert "\n$$\n" in text
    assert len(re.findall(r"(?m)^- .*(19|20)\d\d|^  .*(19|20)\d\d\.$", text)) >= 3
    for path in re.findall(r"`(\w+/[\w/]+\.py)`", text):
        assert (ROOT / "src" / "glassnet" / path).is_file(), path


@pytest.mark.parametrize("page", [page for page in PAGES if (DOCS / f"{page}.md").is_file()])
def test_links_between_pages_hold(page: str) -> None:
    path = DOCS / f"{page}.md"
    for link in re.findall(r"\]\(([^)]+)\)", path.read_text(encoding="utf-8")):
        file, _, heading = link.partition("#")
        if file.startswith(("http", "gallery/")):
            continue
        target = path.parent / file if file else path
        assert target.is_file(), link
        if heading:
            titles = re.findall(r"(?m)^#+ (.+)$", target.read_text(encoding="utf-8"))
            assert heading in {title.lower().replace(" ", "-") for title in titles}, link


def check_study(names: dict[str, Any]) -> None:
    rates = [attempt.learning_rate_init for attempt in names["result"].attempts]
    assert rates[:2] == [0.001, 0.1]
    assert names["net"].holdout.accuracy > 0.95
    assert [mistake.row for mistake in names["net"].mistakes] == names["mistakes"]


def check_confusion(names: dict[str, Any]) -> None:
    counts = names["counts"].counts
    assert counts.sum() == len(names["y_held"])
    assert 20 < names["counts"].n_mistakes < 150  # enough to look at


def check_hidden_units(names: dict[str, Any]) -> None:
    # What the text says: the penalty costs training rows and wins held-out ones.
    free, penalised = names["free"], names["penalised"]
    assert free.score(names["X_train"], names["y_train"]) == 1.0
    assert penalised.score(names["X_train"], names["y_train"]) < 1.0
    largest = [np.abs(net.coefs_[0]).max() for net in (free, penalised)]
    assert largest[0] > 8 * largest[1]
    held_out = names["X_held"], names["y_held"]
    assert penalised.score(*held_out) > free.score(*held_out) + 0.01


def check_certificate(names: dict[str, Any]) -> None:
    assert names["undecided"][0] == len(names["y"])
    assert names["undecided"][-1] == 0
    assert names["excess"][-1] < 1e-9 < 1 < names["excess"][0]


def check_seeing_through(names: dict[str, Any]) -> None:
    assert names["net"].score(names["X_held"], names["y_held"]) > 0.9
    assert len(names["found"]) >= 15  # of 20 wrong labels
    assert len(names["mistakes"]) >= 4


def check_ledger(names: dict[str, Any]) -> None:
    assert names["found"] >= 16
    assert len(names["histories"].rows) == 1797
    spread = names["luck"].spread
    assert len(spread.values) == 12
    assert spread.values[spread.kept] == names["many"].score(names["X_held"], names["y_held"])


def check_doctor(names: dict[str, Any]) -> None:
    assert names["diagnosis"].first.rule == "unscaled"
    assert 0.1 <= names["found"].suggested <= 1
    assert names["healthy"].is_healthy


def check_all_pictures(names: dict[str, Any]) -> None:
    """Every Display that there is has its line."""
    text = (ROOT / "examples" / "plot_all_pictures.py").read_text(encoding="utf-8")
    for display in pictures.__all__:
        assert len(re.findall(rf"(?m)^show\.{display}\.from_", text)) == 1, display
    assert 20 < len(names["wrong"]) < 90  # of 899: mistakes to look at, of a net worth a look
    assert names["unwell"].score(names["wine"].X, names["wine"].y) < 0.9


def test_every_rule_of_the_doctor_is_told() -> None:
    text = (DOCS / "doctor.md").read_text(encoding="utf-8")
    assert re.findall(r"(?m)^\| `(\w+)` \|", text) == list(RULES)


CHECKS = {
    "plot_digits_study": check_study,
    "plot_confusion": check_confusion,
    "plot_doctor": check_doctor,
    "plot_hidden_units": check_hidden_units,
    "plot_seeing_through": check_seeing_through,
    "plot_ledger": check_ledger,
    "plot_logistic_certificate": check_certificate,
    "plot_all_pictures": check_all_pictures,
}


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_runs_and_draws(path: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> None:
    # In the gallery figures are closed block by block.
    with mpl.rc_context({"backend": "agg", "figure.max_open_warning": 0}):
        names = runpy.run_path(str(path))
        figures = [plt.figure(number) for number in plt.get_fignums()]
        assert figures
        for figure in figures:
            figure.canvas.draw()
        plt.close("all")
    assert capsys.readouterr().out.strip()
    CHECKS[path.stem](names)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_has_a_title_and_a_place(path: pathlib.Path) -> None:
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")), clean=True) or ""
    title, line, *_ = text.splitlines()
    assert line == "=" * len(title)
    order = (DOCS / "_ext" / "gallery_order.py").read_text(encoding="utf-8")
    assert f'"{path.name}"' in order


def test_nothing_is_fetched_from_outside() -> None:
    conf = (DOCS / "conf.py").read_text(encoding="utf-8")
    assert "intersphinx" not in conf
    assert 'html_math_renderer = "mathml"' in conf
    for path in [DOCS / "conf.py", *(DOCS / "_static").glob("*"), *(DOCS / "_ext").glob("*.py")]:
        assert "://" not in path.read_text(encoding="utf-8"), path


def test_the_docs_need_only_what_their_lock_holds() -> None:
    def locked(name: str) -> dict[str, str]:
        lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
        assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[0-9a-z.!+]+", line) for line in lines)
        pairs = (line.split("==") for line in lines)
        return {package.lower().replace("_", "-"): version for package, version in pairs}

    docs, all_else = locked("requirements-docs.lock"), locked("requirements.lock")
    assert not set(docs) & set(all_else)  # they lie beside each other on one path
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for need in project["optional-dependencies"]["docs"]:
        assert re.split("[<>=~ ]", need)[0] in docs, need
