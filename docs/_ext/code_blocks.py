"""Code without the empty line at its end, which doctest needs in Markdown and readers do not."""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx


def strip(app: Sphinx, document: nodes.document) -> None:
    """Take empty lines off the ends of all code blocks."""
    for block in document.findall(nodes.literal_block):
        if len(block.children) == 1 and block.rawsource == block.astext():
            block.rawsource = block.astext().rstrip()
            block.children[:] = [nodes.Text(block.rawsource)]


def setup(app: Sphinx) -> dict[str, bool]:
    """Do it when a page has been read."""
    app.connect("doctree-read", strip)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
