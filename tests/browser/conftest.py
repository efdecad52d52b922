"""A browser to read pages with: Chromium, driven by Playwright; skipped where either is absent."""

from __future__ import annotations

import pathlib
import shutil
import sys
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pytest

from glassnet.studies import StudyResult, study

# `make browser` puts Playwright there, beside the environment and not in it.
SITE = pathlib.Path(__file__).resolve().parents[2] / "build" / "browser-site"
WIDE, PHONE = (1280, 900), (375, 740)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    if SITE.is_dir() and str(SITE) not in sys.path:
        sys.path.append(str(SITE))
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="needs Playwright: make browser installs it"
    )
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("needs Chromium: apt-get install chromium")
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield opened
        opened.close()


class Reader:
    """A page in a window; `check` fails where its console told of a fault or it asked outside."""

    def __init__(self, browser: Any, report: pathlib.Path, **context: Any) -> None:
        width, height = context.pop("size", WIDE)
        self._context = browser.new_context(viewport={"width": width, "height": height}, **context)
        self.page = self._context.new_page()
        self.page.set_default_timeout(10_000)
        self.faults: list[str] = []
        self.requests: list[str] = []
        self.page.on("console", lambda message: self.faults.append(message.text))
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.goto(report.as_uri())

    def close(self) -> None:
        self._context.close()

    def check(self) -> None:
        assert self.faults == []
        assert {url.split(":")[0] for url in self.requests} <= {"file", "data"}


@pytest.fixture
def read(browser: Any) -> Iterator[Any]:
    readers: list[Reader] = []

    def opened(report: pathlib.Path, **context: Any) -> Any:
        readers.append(Reader(browser, report, **context))
        return readers[-1].page

    yield opened
    for reader in readers:
        reader.check()
        reader.close()


@pytest.fixture(scope="session")
def pictures() -> StudyResult:
    return study("digits", hidden_layer_sizes=(12,), max_iter=60, seed=1)


@pytest.fixture(scope="session")
def rows() -> StudyResult:
    """Study 300 rows of numbers and text, with gaps and names that would break a careless page."""
    random = np.random.RandomState(0)
    label = random.randint(3, size=300)
    income = 1000.0 * label + random.normal(scale=700, size=300)
    age = random.uniform(20, 60, size=300)
    age[::17] = np.nan
    town = np.where(random.uniform(size=300) < 0.6, np.array(["A", "B", "C"])[label], "</script>")
    kind = np.array(["low", "<b>middle</b>", "high & mighty"])[label]
    table = pd.DataFrame({"income": income, "age": age, "town": town, "kind": kind})
    return study(table, target="kind", hidden_layer_sizes=(6,), learning_rate_init=0.3)


@pytest.fixture(scope="session")
def picture_report(pictures: StudyResult, tmp_path_factory: Any) -> pathlib.Path:
    return pictures.write(tmp_path_factory.mktemp("pictures"))


@pytest.fixture(scope="session")
def row_report(rows: StudyResult, tmp_path_factory: Any) -> pathlib.Path:
    return rows.write(tmp_path_factory.mktemp("rows"))
