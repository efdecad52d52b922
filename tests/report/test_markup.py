from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glassnet.report import inline_markup, literal

HOSTILE = st.text(alphabet=st.sampled_from(list("\\`*<>&\"' ab")), max_size=40) | st.text()
OUR_TAGS = re.compile(r"</?(?:strong|code)>")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("**bold** and `code`", "<strong>bold</strong> and <code>code</code>"),
        ("a ** alone", "a ** alone"),
        ("**a** **b", "<strong>a</strong> **b"),
        ("**see `x`**", "<strong>see <code>x</code></strong>"),
        ("`a ** b ** c`", "<code>a ** b ** c</code>"),
        ("`unclosed", "`unclosed"),
        (r"\*\*no\*\* \`no\`", "**no** `no`"),
        (r"`C:\data`", r"<code>C:\data</code>"),
        (r"`a \` b`", "<code>a ` b</code>"),
        ("*one* _two_ [x](y)", "*one* _two_ [x](y)"),
        ("<b>&\"'", "&lt;b&gt;&amp;&#34;&#39;"),
        ("`<script>`", "<code>&lt;script&gt;</code>"),
        ("", ""),
    ],
)
def test_marks_and_only_they_become_tags(text, expected):
    assert inline_markup(text) == expected


@given(HOSTILE)
def test_nothing_but_our_tags_is_markup(text):
    rendered = inline_markup(text)
    assert not set(OUR_TAGS.sub("", rendered)) & set("<>\"'")
    assert rendered.count("<strong>") == rendered.count("</strong>")
    assert rendered.count("<code>") == rendered.count("</code>")


@given(HOSTILE, HOSTILE)
def test_a_literal_is_shown_as_it_is_inside_any_marks(text, other):
    assert html.unescape(inline_markup(literal(text))) == text
    assert (
        inline_markup(f"**{literal(text)}**") == f"<strong>{inline_markup(literal(text))}</strong>"
    )
    if other:
        shown = inline_markup(f"`{literal(other)}`")
        assert html.unescape(shown.removeprefix("<code>").removesuffix("</code>")) == other


def test_long_hostile_text_takes_linear_work():
    text = "`" + "\\" * 100_001 + "a"  # would not end if the pattern could backtrack
    assert inline_markup(text).endswith("a")
