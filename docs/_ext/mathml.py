"""Formulas as MathML, written when the pages are built.

Browsers draw MathML themselves: no script, no font and no address outside is needed to read a
formula, and it can be read aloud. docutils translates the TeX; what it does not know is a warning,
which the build takes as an error.
"""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from docutils.utils.math import MathError
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number
from sphinx.writers.html5 import HTML5Translator

LOGGER = logging.getLogger(__name__)


def bars(found: re.Match[str]) -> str:
    """Return a bar of an absolute value or a norm: not stretched, and no room around it."""
    form = ' form="prefix"' if "mathopen" in found[1] else ""
    if "stretchy" not in found[1] and not form:  # docutils tells \\rvert from | by this alone
        form = ' form="postfix"'
    return f'<mo stretchy="false" lspace="0" rspace="0"{form}>|</mo>'


def formula(node: Any, *, as_block: bool) -> str:
    """Return a node's formula in MathML; warn of TeX that cannot be translated."""
    try:
        return re.sub(r"<mo([^>]*)>\|</mo>", bars, tex2mathml(node.astext(), as_block=as_block))
    except (MathError, IndexError) as error:  # docutils fails both ways
        LOGGER.warning("no MathML for %r: %s", node.astext(), error, location=node)
        return f"<code>{node.astext()}</code>"


def visit_inline(translator: HTML5Translator, node: nodes.math) -> None:
    """Write a formula within a line."""
    translator.body.append(formula(node, as_block=False))
    raise nodes.SkipNode


def visit_block(translator: HTML5Translator, node: nodes.math_block) -> None:
    """Write a formula on lines of its own, with its number where it has one."""
    translator.body.append(translator.starttag(node, "div", CLASS="math"))
    if node["number"]:
        number = get_node_equation_number(translator, node)
        translator.body.append(f'<span class="eqno">({number})</span>')
    translator.body.append(formula(node, as_block=True) + "</div>\n")
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, bool]:
    """Make it Sphinx's `html_math_renderer` "mathml"."""
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
