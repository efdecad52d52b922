from __future__ import annotations

import dataclasses

import pytest

from glassnet.report import FigureBlock, KeyFigure, Note, Page, Section, Table

PNG = b"\x89PNG\r\n\x1a\n...."


@pytest.mark.parametrize("anchor", ["", "Data", "9", "a b", "a_b", "é", "a\n", 'a"'])
def test_anchors_are_plain(anchor):
    with pytest.raises(ValueError, match="anchor"):
        Section("t", anchor, ())


def test_anchors_are_unique():
    with pytest.raises(ValueError, match="More than one section has the anchor 'data'"):
        Page("t", sections=(Section("a", "data", ()), Section("b", "data", ())))


@pytest.mark.parametrize(
    ("content", "mime"),
    [
        (PNG, "image/svg+xml"),
        (b"<svg/>", "image/png"),
        (b"", "image/png"),
        (b"<p>", "image/svg+xml"),
        (b"\xff\xd8\xff", "image/jpeg"),
    ],
)
def test_a_picture_is_what_it_says(content, mime):
    with pytest.raises(ValueError, match="is not image/"):
        FigureBlock("t", content, "alt", "caption", mime=mime)


def test_a_figure_needs_an_alt_text():
    assert FigureBlock("t", PNG, "alt", "c", mime="image/png").content == PNG
    with pytest.raises(ValueError, match="needs an alt text"):
        FigureBlock("t", PNG, " ", "c", mime="image/png")


def test_notes_have_three_kinds():
    with pytest.raises(ValueError, match="not 'bad'"):
        Note("bad", "x")


def test_columns_of_numbers_stand_right():
    rows = (
        ("10", "97.6 %", "-1e-3", "9 (of 10)", "", "a", "3 rows"),
        ("9", "100 %", "−2", "< 0.001", "–", "2", "4"),
    )
    table = Table(tuple("abcdefg"), rows)
    assert table.columns == ("left", "right", "right", "left", "right", "left", "left")
    assert Table(("a", "b"), ()).columns == ("left", "left")
    assert Table(("a",), (("1",),), alignments=("center",)).columns == ("center",)


def test_highlights_are_rows_or_cells():
    table = Table(("a", "b"), (("1", "2"), ("3", "4")), highlight=(0, (1, 1)))
    stressed = [[table.stressed(row, column) for column in range(2)] for row in range(2)]
    assert stressed == [[True, True], [False, True]]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"rows": (("1",),)}, "does not have 2 cells"),
        ({"alignments": ("left",)}, "2 columns need as many"),
        ({"highlight": (1,)}, "highlight 1 lies outside"),
        ({"highlight": ((0, 2),)}, "outside"),
        ({"highlight": (-1,)}, "outside"),
    ],
)
def test_tables_are_checked(change, words):
    with pytest.raises(ValueError, match=words):
        dataclasses.replace(Table(("a", "b"), (("1", "2"),)), **change)


def test_blocks_are_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        KeyFigure("a", "b").value = "c"
