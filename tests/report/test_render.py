from __future__ import annotations

import base64
import hashlib
import html
import importlib.resources
import os
import re
import urllib.parse
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure

from glassnet.errors import OutputError
from glassnet.report import (
    Bullets,
    Code,
    Details,
    FigureBlock,
    KeyFigure,
    Note,
    Page,
    Paragraph,
    Section,
    Table,
    figure_to_png,
    figure_to_svg,
    render_page,
    write_page,
)

VOID = {"meta", "link", "img", "input"}
EVIL = "</style><script>alert(1)</script><img src=x onerror='x'>\" ' ]]> --> & {{ 7*7 }} {% x %}"


class Reader(HTMLParser):
    """Reads a page into what the tests ask about; fails where tags do not nest."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {}
        self.open: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
            self.texts.setdefault(tag, []).append("")

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        for tag in set(self.open):
            self.texts[tag][-1] += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def full_page(text: str = "text", **figure: object) -> Page:
    fig = Figure(figsize=(2, 2))
    fig.subplots().plot([1, 2])
    picture = FigureBlock(
        text, figure_to_svg(fig), text + ".", text, text, width=192, min_width=150
    )
    png = FigureBlock(text, figure_to_png(fig, 20), text + ".", text, mime="image/png")
    table = Table((text, "n"), ((text, "1"), ("b", "2")), text, highlight=((1, 1),))
    inner = Details(text, (Paragraph(text), Details(text, (Code(text),))))
    notes = tuple(Note(kind, text) for kind in ("good", "warning", "info"))
    return Page(
        title=text,
        subtitle=text,
        lead=(text, text),
        key_figures=(KeyFigure(text, text, text), KeyFigure("a", "b")),
        sections=(
            Section(text, "first", (Paragraph(text), picture, png, table)),
            Section(text, "second", (*notes, Code(text), inner, Bullets((text, text)))),
        ),
        footer=text,
        lang="en",
    )


def skeleton(page: Page) -> list[str]:
    return [tag for tag, _ in Reader(render_page(page)).tags]


def test_the_page_is_made_of_semantic_parts():
    page = Reader(render_page(full_page()))
    assert page.all("html") == [{"lang": "en"}]
    for tag, count in {
        "h1": 1, "main": 1, "nav": 1, "header": 1, "footer": 1, "section": 2, "figure": 2,
        "figcaption": 2, "table": 1, "caption": 1, "details": 2, "dl": 1, "dt": 2, "dd": 3,
    }.items():  # fmt: skip
        assert len(page.all(tag)) == count, tag
    assert [link["href"] for link in page.all("a")] == ["#_main", "#first", "#second"]
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert {"_main", "first", "second"} <= set(ids)
    assert [th["scope"] for th in page.all("th")] == ["col", "col", "row", "row"]
    assert [img["alt"] for img in page.all("img")] == ["text.", "text."]


def test_cells_stand_where_they_belong():
    text = render_page(full_page("name"))
    body = re.sub(r"\s+", " ", text[text.index("<tbody>") : text.index("</tbody>")])
    assert '<th scope="row" class="left">name</th> <td class="right">1</td>' in body
    assert '<td class="right stressed"><strong>2</strong></td>' in body


def test_an_empty_page_leaves_out_what_it_does_not_have():
    page = Reader(render_page(Page("Only a title")))
    present = {tag for tag, _ in page.tags}
    assert not present & {"nav", "footer", "dl", "section", "figure"}
    assert page.texts["title"] == ["Only a title"]


def test_pictures_are_inside_the_page_unchanged():
    page = full_page()
    svg, png = (block for block in page.sections[0].blocks if isinstance(block, FigureBlock))
    first, second = Reader(render_page(page)).all("img")
    kind, data = first["src"].split(",", 1)
    assert kind == "data:image/svg+xml"
    assert urllib.parse.unquote_to_bytes(data) == svg.content
    assert not set(data) & set("<>#\"'&\n")
    kind, data = second["src"].split(",", 1)
    assert (kind, base64.b64decode(data)) == ("data:image/png;base64", png.content)
    assert (first["width"], first["style"]) == ("192", "--smallest: 150px")
    assert "width" not in second


def test_nothing_is_fetched_and_one_script_runs():
    text = render_page(full_page())
    page = Reader(text)
    (policy,) = (meta["content"] for meta in page.all("meta") if meta.get("http-equiv"))
    assert policy.startswith("default-src 'none'; img-src data:; style-src 'unsafe-inline'; ")
    assert page.all("script") == [{"type": "module"}]
    (script,) = page.texts["script"]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}';" in policy
    for tag, attributes in page.tags:
        assert tag not in {"iframe", "object", "embed", "form", "base"}
        for name, value in attributes.items():
            assert not name.startswith("on")
            if name in {"src", "href", "srcset", "action"}:
                assert value.startswith(("data:", "#"))
    (style,) = page.texts["style"]
    assert "url(" not in style
    assert "@import" not in style


def test_hostile_text_is_shown_and_never_read():
    page = full_page(EVIL)
    assert skeleton(page) == skeleton(full_page())
    read = Reader(render_page(page))
    assert read.texts["h1"] == [EVIL]
    assert read.texts["title"] == [EVIL]
    assert read.texts["pre"] == [EVIL, EVIL]
    assert read.all("img")[0]["alt"] == EVIL + "."
    assert EVIL in read.texts["tbody"][0]


@settings(max_examples=40, deadline=None)
@given(st.text(alphabet=st.characters(exclude_characters="*`\\"), max_size=30))
def test_any_text_leaves_the_structure_alone(text):
    page = Page(
        text,
        text,
        sections=(Section(text, "a", (Table((text,), ((text,),)), Note("info", text))),),
    )
    plain = Page(
        "x", "x", sections=(Section("x", "a", (Table(("x",), (("x",),)), Note("info", "x"))),)
    )
    if text:
        assert skeleton(page) == skeleton(plain)
    render_page(page).encode("utf-8")


@pytest.mark.parametrize("bad", ["\x00", "\x1b", "\x7f", "\x85", "\udcff", "\ufffe"])
def test_characters_that_html_forbids_are_replaced(bad):
    text = render_page(Page(f"a{bad}b"))
    assert "<title>a\ufffdb</title>" in text


def test_sentences_have_marks_and_titles_have_none():
    page = Page("**t**", lead=("**l**",), sections=(Section("**s**", "s", (Paragraph("`p`"),)),))
    text = render_page(page)
    assert "<h1>**t**</h1>" in text
    assert "<strong>l</strong>" in text
    assert ">**s**</h2>" in text
    assert "<code>p</code>" in text


def test_code_keeps_its_white_space():
    code = "\n  a\n\tb  \n"
    text = render_page(Page("t", sections=(Section("s", "s", (Code(code),)),)))
    assert f"<code>{html.escape(code)}</code></pre>" in text


def test_the_same_page_gives_the_same_text():
    assert render_page(full_page()) == render_page(full_page())


def colours(scheme: str) -> dict[str, str]:
    style = importlib.resources.files("glassnet.report").joinpath("templates/page.css").read_text()
    pairs = re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", style)
    chosen = {name: light if scheme == "light" else dark for name, light, dark in pairs}
    assert len(chosen) >= 12
    return chosen


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        *(("ink", ground) for ground in ("paper", "raised", "stress-tint")),
        *(("quiet", ground) for ground in ("paper", "raised")),
        ("accent", "paper"),
        *((kind, f"{kind}-tint") for kind in ("good", "warning", "info")),
        *(("ink", f"{kind}-tint") for kind in ("good", "warning", "info")),
        *(("paper", kind) for kind in ("good", "warning", "info")),
        *((rows, "paper") for rows in ("train", "held")),
        *(("ink", ground) for ground in ("hit", "miss")),
    ],
)
def test_text_has_the_contrast_of_wcag_aa(scheme, ink, ground):
    chosen = colours(scheme)
    low, high = sorted((luminance(chosen[ink]), luminance(chosen[ground])))
    assert (high + 0.05) / (low + 0.05) >= 4.5


def test_a_page_is_written_whole(tmp_path):
    path = write_page(full_page("Größe"), tmp_path / "report.html")
    assert path.read_bytes().decode("utf-8") == render_page(full_page("Größe"))
    assert os.listdir(tmp_path) == ["report.html"]


def test_a_page_that_cannot_be_written_is_a_sentence(tmp_path):
    with pytest.raises(OutputError, match="does not exist"):
        write_page(Page("t"), tmp_path / "absent" / "report.html")
