"""The inline mark-up of sentences: bold, code, and nothing else.

``**bold**`` and a pair of backticks mean what they do in Markdown; a backslash before a star, a
backtick or a backslash takes its meaning away. All other characters stand for themselves, and
marks that find no partner do too, so that any text whatever gives safe HTML.
"""

from __future__ import annotations

__all__ = ["inline_markup", "literal"]

import re

from markupsafe import Markup, escape

# The alternatives inside backticks exclude each other, so matching takes linear time on any text.
_TOKEN = re.compile(
    r"\\(?P<escaped>[\\`*])"
    r"|`(?P<code>(?:\\[\\`*]|\\(?![\\`*])|[^`\\])+)`"
    r"|(?P<bold>\*\*)"
)
_ESCAPED = re.compile(r"\\([\\`*])")
_SPECIAL = re.compile(r"[\\`*]")


def literal(text: str) -> str:
    r"""Write a text so that `inline_markup` shows it as it is, be it a stranger's class name.

    Examples
    --------
    >>> print(literal("2**3 `x`"))
    2\*\*3 \`x\`
    """
    return _SPECIAL.sub(r"\\\g<0>", text)


def inline_markup(text: str) -> Markup:
    """Turn a sentence into HTML.

    Examples
    --------
    >>> print(inline_markup("**92.6 %** with `tol=1e-4` & <no> more"))
    <strong>92.6 %</strong> with <code>tol=1e-4</code> &amp; &lt;no&gt; more
    """
    parts: list[Markup] = []
    opened: int | None = None
    end = 0
    for token in _TOKEN.finditer(text):
        parts.append(escape(text[end : token.start()]))
        end = token.end()
        if token["escaped"]:
            parts.append(escape(token["escaped"]))
        elif token["code"]:
            code = escape(_ESCAPED.sub(r"\1", token["code"]))
            parts.append(Markup("<code>{}</code>").format(code))
        elif opened is None:
            opened = len(parts)
            parts.append(Markup("**"))  # stays, unless a second pair of stars follows
        else:
            parts[opened] = Markup("<strong>")
            parts.append(Markup("</strong>"))
            opened = None
    parts.append(escape(text[end:]))
    return Markup("").join(parts)
