"""The page's JavaScript: small ES modules in `page/`, put together into one inline module.

A page that is one file cannot import others. The modules are written as such all the same, with
``import`` and ``export``, each readable and testable by itself; here each becomes a function that
is called once and returns what it exports, after those that it imports.
"""

from __future__ import annotations

__all__ = ["bundled_script", "modules"]

import functools
import importlib.resources
import re

_IMPORT = re.compile(r'^import (\{[^}]*\}) from "\./([a-z]+)\.js";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export ((?:function|class|const) (\w+))", re.MULTILINE)
_ENTRY = "main"


def modules() -> dict[str, str]:
    """Return the text of every module by its name."""
    folder = importlib.resources.files("glassnet.report").joinpath("page")
    return {
        file.name.removesuffix(".js"): file.read_text(encoding="utf-8")
        for file in sorted(folder.iterdir(), key=lambda file: file.name)
        if file.name.endswith(".js")
    }


@functools.cache
def bundled_script() -> str:
    """Return all modules as one, the entry last.

    Raises
    ------
    ValueError
        If modules import each other in a circle.
    """
    texts, ordered, waiting = modules(), dict[str, str](), list[str]()

    def place(name: str) -> None:
        if name in waiting:
            raise ValueError(f"The page's modules import in a circle: {waiting}.")
        if name in ordered:
            return
        waiting.append(name)
        for _, other in _IMPORT.findall(texts[name]):
            place(other)
        waiting.pop()
        ordered[name] = _as_function(name, texts[name])

    place(_ENTRY)
    return "\n".join(ordered.values())


def _as_function(name: str, text: str) -> str:
    """Return a module as a constant that holds its exports."""
    exported = ", ".join(found for _, found in _EXPORT.findall(text))
    body = _EXPORT.sub(r"\1", _IMPORT.sub(r"const \1 = $\2;\n", text)).strip()
    return f"const ${name} = (() => {{\n{body}\nreturn {{ {exported} }};\n}})();\n"
