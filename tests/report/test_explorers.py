"""The parts of a page that one explores: their data, what is read without a script, the script."""

from __future__ import annotations

import base64
import io
import json
import re
import shutil
import subprocess
from typing import Any

import numpy as np
import pytest
from PIL import Image

from glassnet.report import (
    ConfusionExplorer,
    Details,
    ExampleColumn,
    Examples,
    ExampleTable,
    ExampleWalk,
    Interval,
    IntervalTable,
    Line,
    LineChart,
    Page,
    Predictions,
    Reliability,
    ReliabilityChart,
    Section,
    Spoken,
    Table,
    TableColumn,
    UnitExplorer,
    UnitView,
    render_page,
)
from glassnet.report.frame import Frame
from glassnet.report.payload import Payload
from glassnet.report.scripts import bundled_script, modules
from glassnet.report.sprites import sprite_of

EVIL = "</script><b>&'\"\u2028"
P = np.array([[0.7, 0.3], [0.4, 0.6], [0.9, 0.1]])


def examples(pictures: bool = True, **change: Any) -> Examples:
    images = np.arange(3 * 4, dtype=np.uint8).reshape(3, 2, 2) if pictures else None
    column = ExampleColumn(EVIL, ("10", EVIL), np.array([0, 1, 1]))
    parts: dict[str, Any] = {
        "classes": ("yes", EVIL),
        "numbers": np.array([7, 300, 12]),
        "truth": np.array([0, 0, 1]),
        "sets": ("held-out", "training"),
        "set_of": np.array([0, 0, 1]),
        "images": images,
        "columns": () if pictures else (column,),
        "neighbours": np.array([[2], [-1]]),
    }
    return Examples(**{**parts, **change})


def confusion(these: Examples | None = None) -> ConfusionExplorer:
    counts = np.array([[1, 1], [0, 5]])
    return ConfusionExplorer(
        "Confusion", "Caption.", counts, these or examples(), Predictions("net", P), np.arange(2)
    )


def table(these: Examples | None = None) -> ExampleTable:
    return ExampleTable(
        "Mistakes",
        "Caption.",
        these or examples(),
        Predictions("net", P),
        np.array([1]),
        (TableColumn("true", np.array([1]), "class"), TableColumn("p", np.array([0.25]), "share")),
        download=("list.csv", f"a,b\n1,{EVIL}\n"),
    )


def walk(these: Examples | None = None, width: int = 4) -> ExampleWalk:
    values = np.linspace(-2, 1, 2 * width).reshape(2, width)
    return ExampleWalk(
        "Walk", "Caption.", these or examples(), Predictions("net", P), np.array([1, 0]),
        np.array([[0.0, 1.0], [0.5, 0.5]]), np.array([[-1.0, 2.0], [0.1, 0.2]]),
        (Spoken("gradient", values),), ("unit 0", "unit 1"),
        np.arange(255 * 3).reshape(255, 3).astype(np.uint8),
    )  # fmt: skip


def units(these: Examples | None = None) -> UnitExplorer:
    view = UnitView(
        "unit 0", ("dead",), f"It is dead {EVIL}.", (("width", 1.5),), (("width", "3"),),
        np.array([0]), np.array([2]), np.array([1.0, -1.0]), np.array([0.0, np.nan]),
        np.array([[1, 0], [0, 2]]), 0.0, 1.0,
    )  # fmt: skip
    return UnitExplorer("Units", "Caption.", these or examples(), (view,))


def page_of(*blocks: Any) -> str:
    return render_page(Page("t", sections=(Section("s", "s", blocks),)))


def data_in(html: str) -> dict[str, Any]:
    (text,) = re.findall(r'<script type="application/json" id="_data">(.*?)</script>', html)
    return json.loads(text)


def array(encoded: dict[str, Any]) -> np.ndarray:
    raw = base64.b64decode(encoded["bytes"])
    return np.frombuffer(raw, dtype=f"<{encoded['type']}").reshape(encoded["shape"])


def test_what_several_parts_use_is_in_the_page_once() -> None:
    these, said = examples(), Predictions("net", P)
    blocks = [
        ConfusionExplorer("a", "b", np.eye(2, dtype=int), these, said, np.arange(2))
        for _ in range(3)
    ]
    html = page_of(blocks[0], Details("more", tuple(blocks[1:])))
    data = data_in(html)
    assert len(data["shared"]) == 2
    assert [block["examples"] for block in data["blocks"]] == [0, 0, 0]
    assert html.count("data:image/png;base64,") == 1
    assert [int(n) for n in re.findall(r'data-block="(\d)"', html)] == [0, 1, 2]


def test_arrays_are_as_small_as_their_numbers() -> None:
    shared = data_in(page_of(confusion()))["shared"]
    first, second = shared
    assert first["numbers"]["type"] == "u2"
    assert array(first["numbers"]).tolist() == [7, 300, 12]
    assert first["truth"]["type"] == "u1"
    assert array(first["neighbours"]).tolist() == [[2], [-1]]
    np.testing.assert_allclose(array(second["probabilities"]) / 65535, P, atol=1e-5)
    assert array(second["assigned"]).tolist() == [0, 1, 0]


def test_no_text_leaves_the_data() -> None:
    these = examples(pictures=False)
    html = page_of(confusion(these), table(these), walk(these, 1), units(these))
    assert html.count("</script>") == 2
    assert EVIL not in html
    data = data_in(html)
    assert data["shared"][0]["classes"][1] == EVIL
    assert data["shared"][0]["columns"][0]["values"] == ["10", EVIL]
    assert data["blocks"][3]["units"][0]["sentence"] == f"It is dead {EVIL}."


def test_a_sheet_holds_its_pictures_in_reading_order() -> None:
    images = np.random.RandomState(0).randint(256, size=(5, 3, 4, 3)).astype(np.uint8)
    sprite = sprite_of(images)
    with Image.open(io.BytesIO(sprite.png)) as sheet:
        pixels = np.asarray(sheet)
    for i, image in enumerate(images):
        line, column = divmod(i, sprite.columns)
        assert np.array_equal(pixels[3 * line : 3 * line + 3, 4 * column : 4 * column + 4], image)
    assert sprite == sprite_of(images)


def test_pictures_too_large_for_a_page_are_averaged() -> None:
    images = np.full((60, 300, 300), 9, dtype=np.uint8)
    images[:, ::2] = 11
    sprite = sprite_of(images)
    assert (sprite.height, sprite.width) == (150, 150)
    with Image.open(io.BytesIO(sprite.png)) as sheet:
        assert np.asarray(sheet)[0, 0] == 10


def test_the_static_page_says_what_the_data_say() -> None:
    html = page_of(confusion(), table(), walk(), units())
    cells = re.findall(r'<td class="(right|wrong)" style="--s:(\d+)%">(\d+)</td>', html)
    assert cells == [("right", "49", "1"), ("wrong", "49", "1"), ("right", "80", "5")]
    assert '<td class="right">0.250</td>' in html
    assert 'aria-label="row 300, a true yes"' in html
    assert "Row 300: a true yes" in html
    assert ">dead</span>" in html
    link = re.search(r'download="list.csv" href="(data:text/csv;charset=utf-8,[^"<>]*)"', html)
    assert link is not None


def test_a_table_without_rows_says_so() -> None:
    none = np.empty(0, dtype=int)
    html = page_of(
        ExampleTable("M", "c", examples(), Predictions("n", P), none, (), empty="None at all.")
    )
    assert "None at all." in html
    assert "<table" not in html


def test_attributions_are_painted_on_their_own_scale() -> None:
    block = walk()
    spoken = block.spoken[0]
    assert spoken.steps.min() == -127
    assert spoken.steps.dtype == np.int8
    np.testing.assert_allclose(
        spoken.steps / 127 * spoken.scales[:, None], spoken.values, atol=spoken.scales.max() / 250
    )
    assert np.array_equal(block.painted[0, 0, 0], block.palette[0])
    assert block.strongest(0).tolist() == [1, 0]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"truth": np.array([0, 0, 2])}, "label"),
        ({"set_of": np.array([0, 0, 2])}, "set"),
        ({"truth": np.array([0, 0])}, "as many"),
        ({"neighbours": np.array([[3]])}, "neighbour"),
        ({"images": np.zeros((3, 2, 2))}, "uint8"),
    ],
)
def test_examples_are_checked(change: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        examples(**change)


def test_positions_are_checked() -> None:
    said = Predictions("net", P)
    with pytest.raises(ValueError, match="none of the 3"):
        ConfusionExplorer("a", "b", np.eye(2, dtype=int), examples(), said, np.array([3]))
    with pytest.raises(ValueError, match="2 classes"):
        ConfusionExplorer("a", "b", np.eye(3, dtype=int), examples(), said, np.array([0]))
    with pytest.raises(ValueError, match="within"):
        Predictions("net", P + 1)
    with pytest.raises(TypeError, match="cannot share"):
        Payload().share(object())


CURVES = LineChart(
    "Loss", "c", "falls", (Line("train", (1.0, 0.1, float("nan"), 0.01), "train"),), "epoch",
    "loss", logarithmic=True, mark=(0, 2, EVIL),
)  # fmt: skip


def test_lines_stand_where_their_values_are() -> None:
    frame = Frame.of([1.0, 100.0], 5, logarithmic=True)
    middle = (frame.top + frame.bottom) / 2
    assert frame.y(10.0) == pytest.approx(middle, abs=0.1)
    assert (frame.x(1), frame.x(5)) == (frame.left, frame.right)
    assert frame.value_ticks() == [1.0, 10.0, 100.0]
    assert Frame.of([0.0, 9.0], 11, logarithmic=False).value_ticks() == [0, 2, 4, 6, 8]
    assert Frame.of([1.0], 400, logarithmic=False).step_ticks() == [1, 100, 200, 300, 400]
    html = page_of(CURVES)
    drawn = html.split('class="chart"')[1]
    (path,) = re.findall(r'<path class="line train n0" d="(M[^"]*)"/>', drawn)
    assert path.count("M") == 2  # a gap where there is no value
    data = data_in(html)["blocks"][0]
    assert array(data["lines"][0]["values"])[1] == 0.1


@pytest.mark.parametrize("values", [(), (float("nan"),), (0.0, 1.0)])
def test_what_cannot_be_drawn_is_refused(values: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="chart"):
        LineChart("a", "b", "c", (Line("x", values, "train"),), "e", "l", logarithmic=True)


def test_intervals_stand_on_one_scale() -> None:
    rows = Table(("class", "rate"), (("a", "1"), ("b", "2")))
    marks = ((Interval(0.85, 0.9, 1.0, "held-out"),), (Interval(0.82, 0.82, 0.82, "train"),))
    block = IntervalTable("Rates", rows, marks)
    assert block.floor == 0.8
    assert block.place(0.9) == 50.0
    html = page_of(block)
    assert 'class="whisker held-out" style="left:25.0%;right:0.0%"' in html
    assert 'class="dot train" style="left:10.0%"' in html
    assert "whisker train" not in html.split("</style>")[1]
    with pytest.raises(ValueError, match="2 rows"):
        IntervalTable("Rates", rows, marks[:1])


def test_a_reliability_diagram_tells_its_bins() -> None:
    html = page_of(
        ReliabilityChart("R", "c", "alt", (Reliability(0.9, 1.0, 20, 0.95, 0.8, 0.6, 0.9),))
    )
    assert "20 rows said to be right with 95.0 %: 80.0 % are" in html


def test_the_script_is_whole_and_imports_nothing() -> None:
    script = bundled_script()
    assert "import " not in script
    assert "export " not in script
    assert "</" not in script
    assert all(f"const ${name} = " in script for name in modules())
    assert script.index("const $dom = ") < script.index("const $cards = ")


def test_modules_are_short_and_make_no_markup() -> None:
    for name, text in modules().items():
        assert len(text.splitlines()) <= 120, name
        assert not re.search(r"innerHTML|outerHTML|insertAdjacent|document\.write|eval\(", text)


@pytest.mark.skipif(shutil.which("node") is None, reason="needs node")
def test_every_module_is_javascript() -> None:
    for text in (*modules().values(), bundled_script()):
        command = ["node", "--check", "--input-type=module", "-"]
        done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


def test_a_circle_of_modules_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    from glassnet.report import scripts

    circle = {
        "main": 'import { a } from "./a.js";\n',
        "a": 'import { b } from "./main.js";\nexport const a = 1;\n',
    }
    monkeypatch.setattr(scripts, "modules", lambda: circle)
    scripts.bundled_script.cache_clear()
    try:
        with pytest.raises(ValueError, match="circle"):
            scripts.bundled_script()
    finally:
        scripts.bundled_script.cache_clear()
