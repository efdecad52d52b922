"""From a page to one HTML file that needs nothing else: no script, no network, no other file."""

from __future__ import annotations

__all__ = ["render_page", "write_page"]

import base64
import functools
import os
import re
import urllib.parse
from pathlib import Path

import jinja2

from glassnet.files import atomic_write_text
from glassnet.report.blocks import Block, FigureBlock, Page
from glassnet.report.markup import inline_markup

# Characters that HTML forbids (controls, non-characters) or UTF-8 cannot write (surrogates).
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
# What may stand unquoted in a data URI: all that SVG uses often but for < > # % and line ends.
_URI_SAFE = " !$()*+,-./:;=?@[]_~"


def render_page(page: Page) -> str:
    """Render a page as one self-contained HTML document.

    It reads on a phone, on a wide screen and on paper, in light and in dark, and holds its
    pictures inside. Its content security policy forbids scripts and every network request.

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
    html = _environment().get_template("page.html.jinja").render(page=page)
    return _FORBIDDEN.sub("\ufffd", html)


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


def _type_name(block: Block) -> str:
    return type(block).__name__


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
        inline_markup=inline_markup, data_uri=_data_uri, type_name=_type_name
    )
    return environment
