"""The study's report in a browser: what one clicks is what the study found."""

from __future__ import annotations

import csv
import io
import pathlib
import urllib.parse
from typing import Any

import numpy as np
import pytest
from tests.browser.conftest import PHONE, SITE

from glassnet.studies import StudyResult


def held_out(result: StudyResult) -> tuple[Any, Any, Any]:
    """Return the held-out rows with their true and assigned classes, by position."""
    rows, reading = result.split.holdout, result.net_reading
    classes = result.dataset.classes
    truth = np.searchsorted(classes, np.asarray(result.dataset.y)[rows])
    return rows, truth, np.searchsorted(classes, reading.predicted[rows])


@pytest.mark.parametrize("kind", ["pictures", "rows"])
def test_a_confusion_cell_shows_its_rows(kind: str, read: Any, request: Any) -> None:
    result = request.getfixturevalue(kind)
    page = read(request.getfixturevalue(kind.removesuffix("s") + "_report"))
    counts = result.net_reading.holdout_confusion.counts.copy()
    np.fill_diagonal(counts, 0)
    i, j = np.unravel_index(counts.argmax(), counts.shape)
    matrix = page.locator("#net .matrix")
    cell = matrix.locator("tbody tr").nth(i).locator("td").nth(j).locator("button")
    names = result.dataset.class_names
    assert cell.get_attribute("aria-label").startswith(f"true {names[i]}, taken for {names[j]}: ")
    cell.click()
    panel = page.locator("#net .explorer:has(.matrix) > .panel")
    rows, truth, assigned = held_out(result)
    inside = rows[(truth == i) & (assigned == j)]
    said = result.net_reading.probabilities[inside, j]
    order = inside[np.argsort(-said, kind="stable")]
    shown = [text.split(",")[0] for text in panel.locator(".card .which").all_inner_texts()]
    assert shown == [f"row {row}" for row in order[:12]]
    panel.locator(".card button").first.click()
    detail = panel.locator(".detail")
    values = [
        float(text.rstrip("%\u00a0 ")) for text in detail.locator(".bars .value").all_inner_texts()
    ]
    p = result.net_reading.probabilities[order[0]]
    assert values[0] == pytest.approx(100 * p.max(), abs=0.06)
    assert detail.locator(".bars li.true .name").inner_text().startswith(names[i])
    near = detail.locator(".near .which").all_inner_texts()
    train = result.split.train
    X = result.preprocessor.transform(result.dataset.X)
    distances = np.linalg.norm(X[train] - X[order[0]], axis=1)
    assert near == [f"row {row}" for row in train[np.argsort(distances, kind="stable")[:4]]]


def test_mistakes_are_sorted_and_filtered(
    read: Any, rows: StudyResult, row_report: pathlib.Path
) -> None:
    page = read(row_report)
    table = page.locator("#net .explorer", has=page.get_by_role("heading", name="Every mistake"))
    numbers, truth, assigned = held_out(rows)
    wrong = numbers[truth != assigned]
    surest = rows.net_reading.probabilities[wrong].max(axis=1)

    def listed(column: int) -> list[str]:
        return table.locator(f"tbody tr > td:nth-child({column + 2})").all_inner_texts()

    assert listed(0) == [f"{row}" for row in wrong[np.argsort(-surest, kind="stable")]]
    table.get_by_role("button", name="its probability").click()
    falling = listed(3)
    assert falling == sorted(falling, reverse=True)
    table.get_by_role("button", name="its probability").click()
    assert listed(3) == falling[::-1]
    assert table.locator("th[aria-sort=ascending]").inner_text().startswith("its probability")
    first = rows.dataset.class_names[truth[truth != assigned][0]]
    table.get_by_label("Only with true").select_option(first)
    count = int((truth[truth != assigned] == truth[truth != assigned][0]).sum())
    assert listed(1) == [first] * count
    assert table.get_by_role("status").inner_text().startswith(f"{count} row")
    table.locator("tbody button").first.click()
    assert table.locator("tr.opened .detail h4").count() == 1


def test_a_unit_opens(read: Any, pictures: StudyResult, picture_report: pathlib.Path) -> None:
    page = read(picture_report)
    page.get_by_role("button", name="unit 5", exact=False).first.click()
    panel = page.locator("#inside .explorer:has(.units) > .panel")
    assert panel.locator("h4").inner_text().startswith("Unit 5")
    depth = pictures.depth
    assert depth is not None
    profile = depth.profiles[5]
    near = panel.locator(".near").first.locator(".which").all_inner_texts()
    assert near == [f"row {row}" for row in depth.rows[profile.most]]
    votes = panel.locator(".columns.three .bars .value").all_inner_texts()
    expected = dict(profile.votes)
    read_votes = [float(text.replace("−", "-")) for text in votes]
    names = pictures.dataset.class_names
    assert read_votes == pytest.approx([expected[name] for name in names], abs=0.006)
    lost = panel.locator(".bars").last.locator(".value").all_inner_texts()
    changes = 100 * depth.ablation.changes[5]
    assert [float(t.replace("−", "-")) for t in lost] == pytest.approx(changes, abs=0.06)


@pytest.mark.parametrize("kind", ["picture", "row"])
def test_an_example_walks_through(kind: str, read: Any, request: Any) -> None:
    page = read(request.getfixturevalue(f"{kind}_report"))
    walk = page.locator("#inside .explorer:has(.walk)")
    static = walk.locator(".walk").inner_text()
    walk.get_by_role("button", name="Next").click()
    heading = walk.locator("h4").inner_text()
    assert heading not in static
    assert walk.locator("canvas").count() == (2 if kind == "picture" else 0)
    walk.get_by_role("button", name="Previous").click()
    assert walk.locator("h4").inner_text() in static
    # The page without JavaScript and the page with it say the same.
    numbers = [text.replace("−", "-") for text in walk.locator(".bars .value").all_inner_texts()]
    said = [line.replace("−", "-") for line in static.splitlines()]
    assert all(any(number.replace("\u00a0", " ") == s.strip() for s in said) for number in numbers)


def test_a_row_found_elsewhere_can_be_walked(read: Any, picture_report: pathlib.Path) -> None:
    page = read(picture_report)
    page.locator("#net .matrix td.wrong button").first.click()
    page.locator("#net .panel .card button").first.click()
    button = page.get_by_role("button", name="Walk row").first
    number = button.inner_text().split()[2]
    button.click()
    assert page.locator(".walk h4").inner_text().startswith(f"Row {number}:")


def test_the_curves_are_read_by_keyboard(
    read: Any, pictures: StudyResult, picture_report: pathlib.Path
) -> None:
    page = read(picture_report)
    chart = page.locator("#net svg.chart").first
    chart.focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    kept = pictures.attempts[pictures.kept]
    said = page.locator("#net .reading").inner_text()
    assert said.startswith(f"epoch 2: training loss {float(f'{kept.loss_curve[1]:.4g}'):g}, ")
    assert f"held-out loss {float(f'{kept.holdout_loss_curve[1]:.4g}'):g}" in said
    assert chart.get_attribute("aria-valuetext") == said


def test_all_is_done_by_keyboard(read: Any, picture_report: pathlib.Path) -> None:
    page = read(picture_report)
    first = page.locator("#net .matrix button").first
    first.focus()
    page.keyboard.press("ArrowDown")
    focused = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert focused != first.get_attribute("aria-label")
    assert page.locator("#net .matrix button[tabindex='0']").count() == 1
    page.keyboard.press("Enter")
    panel = page.locator("#net .explorer:has(.matrix) > .panel")
    assert panel.is_visible()
    assert page.evaluate("document.activeElement.className") == "panel"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert panel.locator(".detail").is_visible()


def test_light_dark_and_the_system(read: Any, row_report: pathlib.Path) -> None:
    page = read(row_report, color_scheme="light")
    ground = "getComputedStyle(document.documentElement).backgroundColor"
    assert page.evaluate(ground) == "rgb(255, 255, 255)"
    page.get_by_label("dark").check(force=True)
    assert page.evaluate(ground) == "rgb(20, 24, 28)"
    page.reload()
    assert page.get_by_label("dark").is_checked()
    page.emulate_media(media="print")
    assert page.evaluate(ground) == "rgb(255, 255, 255)"
    page.emulate_media(media="screen", color_scheme="dark")
    page.get_by_label("system").check(force=True)
    assert page.evaluate(ground) == "rgb(20, 24, 28)"


@pytest.mark.parametrize("kind", ["picture", "row"])
def test_it_reads_without_javascript(kind: str, read: Any, request: Any) -> None:
    page = read(request.getfixturevalue(f"{kind}_report"), java_script_enabled=False)
    assert page.locator("#net .matrix tbody td", has_text="1").count() > 0
    assert page.locator("#net table.examples tbody tr").count() > 0
    assert page.locator(".walk .bars li").count() > 0
    assert page.locator(".live:visible, #_theme:visible, .panel:visible").count() == 0
    assert page.locator("button:visible").count() == 0
    if kind == "picture":
        size = page.locator("#net table.examples .sprite").first.bounding_box()
        assert size["width"] == size["height"] == 56


def test_suspects_are_downloaded(read: Any, rows: StudyResult, row_report: pathlib.Path) -> None:
    for enabled in (True, False):
        page = read(row_report, java_script_enabled=enabled)
        link = page.get_by_role("link", name="Download the list")
        with page.expect_download() as caught:
            link.click()
        assert caught.value.suggested_filename == "label-suspects.csv"
        text = pathlib.Path(caught.value.path()).read_text(encoding="utf-8-sig")
        listed = list(csv.DictReader(io.StringIO(text)))
        found = rows.suspects.found.suspects
        assert [int(line["row"]) for line in listed] == [each.row for each in found[:200]]
        assert listed[0]["given"] == found[0].given
        assert urllib.parse.unquote(link.get_attribute("href")).startswith("data:text/csv")


@pytest.mark.parametrize("kind", ["picture", "row"])
def test_nothing_is_wider_than_a_phone(kind: str, read: Any, request: Any) -> None:
    page = read(request.getfixturevalue(f"{kind}_report"), size=PHONE)
    page.locator("#net .matrix button").last.click()
    page.locator("button.unit").first.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("kind", ["picture", "row"])
def test_axe_finds_no_serious_fault(kind: str, scheme: str, read: Any, request: Any) -> None:
    page = read(request.getfixturevalue(f"{kind}_report"), color_scheme=scheme)
    page.locator("#net .matrix td.wrong button").first.click()
    page.locator("#net .panel .card button").first.click()
    page.locator("button.unit").first.click()
    page.locator("#suspects tbody button").first.click()
    page.get_by_role("button", name="Next").click()
    axe = SITE / "axe_playwright_python" / "axe.min.js"
    if not axe.is_file():
        pytest.skip("needs axe-playwright-python: make browser installs it")
    page.evaluate(axe.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run()")["violations"]
    serious = [f"{each['id']}: {each['help']}" for each in found
               if each["impact"] in ("serious", "critical")]  # fmt: skip
    assert serious == []
