"""From a page to one HTML file that needs nothing else: no network, no other file."""

from __future__ import annotations

__all__ = ["render_page", "write_page"]

import base64
import functools
import hashlib
import os
import re
import urllib.parse
from collections.abc import Iterator
from pathlib import Path

import jinja2
import jinja2.runtime
from markupsafe import Markup

from glassnet.files import atomic_write_text
from glassnet.report.blocks import Block, Details, FigureBlock, Page
from glassnet.report.charts import LineChart, ReliabilityChart
from glassnet.report.drawing import draw_lines, draw_reliability
from glassnet.report.markup import inline_markup
from glassnet.report.payload import Payload
from glassnet.report.scripts import bundled_script

# Characters that HTML forbids (controls, non-characters) or UTF-8 cannot write (surrogates).
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
# What may stand unquoted in a data URI: all that SVG uses often but for < > # % and line ends.
_URI_SAFE = " !$()*+,-./:;=?@[]_~"


def render_page(page: Page) -> str:
    """Render a page as one self-contained HTML document.

    It reads on a phone, on a wide screen and on paper, in light and in dark, and holds its
    pictures inside. Its parts are explored by one script, and all of it reads without. Its content
    security policy forbids every other script and every network request.

    Parameters
    ----------
    page : Page
        What to show. All text in it is escaped.

    Returns
    -------
    str
        The document. The same page always gives the same text.

    Examples
    --------
    >>> html = render_page(Page("Cats & dogs", lead=("**97 %** of held-out rows are right.",)))
    >>> "<title>Cats &amp; dogs</title>" in html, "<strong>97 %</strong>" in html
    (True, True)
    """
    payload = Payload()
    numbers = {
        id(block): payload.add(block)  # type: ignore[arg-type]
        for block in _all_blocks(tuple(b for section in page.sections for b in section.blocks))
        if hasattr(block, "widget")
    }
    script = bundled_script()
    template = _environment().get_template("page.html.jinja")
    html = template.render(
        page=page, payload=payload, numbers=numbers, script=script, script_hash=_hash(script)
    )
    return _FORBIDDEN.sub("\ufffd", html)


def _all_blocks(blocks: tuple[Block, ...]) -> Iterator[Block]:
    """Yield blocks and those folded away in them."""
    for block in blocks:
        yield block
        if isinstance(block, Details):
            yield from _all_blocks(block.blocks)


def _hash(script: str) -> str:
    """Return the only script that the page may run, as its policy names it."""
    digest = hashlib.sha256(script.encode("utf-8")).digest()
    return f"sha256-{base64.b64encode(digest).decode('ascii')}"


def write_page(page: Page, path: str | os.PathLike[str]) -> Path:
    """Render a page and write it, whole or not at all.

    Parameters
    ----------
    page : Page
        What to show.
    path : str or path
        The HTML file. Its folder must exist.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    OutputError
        If the file cannot be written. What was there before is untouched.
    """
    return atomic_write_text(path, render_page(page))


def _data_uri(figure: FigureBlock) -> str:
    """Put a picture into a URI; SVG as text, since base64 would make it a third larger."""
    if figure.mime == "image/png":
        return f"data:image/png;base64,{base64.b64encode(figure.content).decode('ascii')}"
    return f"data:image/svg+xml,{urllib.parse.quote(figure.content, safe=_URI_SAFE)}"


def _csv_uri(text: str) -> str:
    """Put a CSV file into a URI, with the mark that spreadsheets know UTF-8 by."""
    return f"data:text/csv;charset=utf-8,{urllib.parse.quote(chr(0xFEFF) + text, safe='')}"


def _template_of(block: Block) -> str:
    return f"blocks/{type(block).__name__}.html.jinja"


def _draw(chart: LineChart | ReliabilityChart) -> Markup:
    return draw_lines(chart) if isinstance(chart, LineChart) else draw_reliability(chart)


@jinja2.pass_context
def _number_in_payload(context: jinja2.runtime.Context, block: Block) -> int:
    return int(context["numbers"][id(block)])


@functools.cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("glassnet.report", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        inline_markup=inline_markup,
        data_uri=_data_uri,
        csv_uri=_csv_uri,
        template_of=_template_of,
        draw=_draw,
        number_in_payload=_number_in_payload,
    )
    return environment
