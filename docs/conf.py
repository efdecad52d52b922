"""How Sphinx builds the documentation: `make docs`.

Nothing is fetched from outside, neither when it is built nor when it is read: the theme brings its
own fonts and scripts, formulas are MathML, and no inventory of other projects is asked for.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

from glassnet import __version__

project = "glassnet"
author = "the glassnet developers"
copyright = author
release = version = __version__

extensions = [
    "code_blocks",
    "mathml",
    "myst_parser",
    "numpydoc",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.viewcode",
    "sphinx_gallery.gen_gallery",
]
templates_path = ["_templates"]
exclude_patterns = ["_ext", "_templates", "gallery/*.ipynb"]
default_role = "py:obj"  # `name` in a docstring is a name of Python, a link where it has a page

# Pages in Markdown, formulas between dollars.
myst_enable_extensions = ["deflist", "dollarmath"]
myst_dmath_double_inline = True
myst_heading_anchors = 3
html_math_renderer = "mathml"

# Pages from docstrings.
autosummary_generate = True
toc_object_entries_show_parents = "hide"
autodoc_typehints = "none"  # the types stand in the docstrings
autodoc_member_order = "bysource"
numpydoc_show_class_members = False

# The examples: those called plot_* run while the pages are built.
sphinx_gallery_conf = {
    "examples_dirs": "../examples",
    "gallery_dirs": "gallery",
    "filename_pattern": r"/plot_",
    "ignore_pattern": r"digits_2016\.py$",  # somebody else's notebook, which a test runs
    "within_subsection_order": "gallery_order.StoryOrder",
    "doc_module": ("glassnet",),
    "backreferences_dir": "generated/backreferences",
    "capture_repr": (),
    "image_srcset": ["2x"],
    "min_reported_time": 1e9,
    "write_computation_times": False,
    "show_memory": False,
    "show_signature": False,
    "download_all_examples": False,
    "plot_gallery": "True",
}

html_theme = "pydata_sphinx_theme"
html_title = "glassnet"
html_static_path = ["_static"]
html_css_files = ["glassnet.css"]
html_show_sourcelink = False
html_copy_source = False
# Pages without pages below them have no use for a list of those.
html_sidebars = {
    page: []
    for page in (
        "index",
        "study",
        "coming-from-scikit-learn",
        "commands",
        "model-files",
        "changelog",
    )
}
html_theme_options = {
    "logo": {"text": "glassnet"},
    "header_links_before_dropdown": 6,
    "navbar_end": ["theme-switcher"],
    "navbar_persistent": ["search-button"],
    "navbar_align": "left",
    "secondary_sidebar_items": {"**": ["page-toc"], "index": []},
    "footer_start": ["copyright"],
    "footer_end": ["theme-version"],
    "show_prev_next": True,
}


def leave_out_foreign(
    app: Sphinx, what: str, name: str, member: Any, skip: bool, options: Any
) -> bool | None:
    """Leave out what scikit-learn and Python give to our classes, and describe themselves."""
    made = re.fullmatch(r"set_\w+_request", name.rpartition(".")[2])  # by scikit-learn, in our name
    code = getattr(member, "fget", None) or getattr(member, "func", None) or member
    ours = str(getattr(code, "__module__", "")).startswith("glassnet")
    return True if made or (what == "class" and not ours) else None


def setup(app: Sphinx) -> None:
    """Connect what is above."""
    app.connect("autodoc-skip-member", leave_out_foreign)
