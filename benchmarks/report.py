"""How large a study's report is, and how soon Chromium has opened it.

    python benchmarks/report.py glassnet-study/report.html ...

Needs Chromium and Playwright (make browser). The time runs from the navigation's start to the end
of the page's own script: all of it can be clicked then. A fresh window each time; the median and
the worst of ten are printed.
"""

from __future__ import annotations

import os
import pathlib
import shutil
import statistics
import sys

SITE = pathlib.Path(__file__).resolve().parents[1] / "build" / "browser-site"
ROUNDS = 10
READY = "document.documentElement.classList.contains('js')"
TIME = "performance.getEntriesByType('navigation')[0].domComplete"


def main() -> None:
    sys.path.append(str(SITE))
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        for name in sys.argv[1:]:
            path, times = pathlib.Path(name).resolve(), []
            for _ in range(ROUNDS):
                context = browser.new_context(viewport={"width": 1280, "height": 900})
                page = context.new_page()
                page.goto(path.as_uri())
                assert page.evaluate(READY)
                times.append(page.evaluate(TIME))
                context.close()
            print(
                f"{name}: {path.stat().st_size / 1e6:.2f} MB, opened in "
                f"{statistics.median(times):.0f} ms (worst of {ROUNDS}: {max(times):.0f}), "
                f"load {os.getloadavg()[0]:.1f}"
            )
        browser.close()


if __name__ == "__main__":
    main()
