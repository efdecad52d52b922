"""The stub of the native engine names what the module holds."""

from __future__ import annotations

import ast
import inspect
import pathlib

import pytest

core = pytest.importorskip("glassnet._core", reason="the native engine is not built here")
STUB = pathlib.Path(__file__).resolve().parents[1] / "src" / "glassnet" / "_core.pyi"


def names_in(body: list[ast.stmt]) -> set[str]:
    named = [node for node in body if isinstance(node, ast.ClassDef | ast.FunctionDef)]
    return {node.name for node in named if not node.name.startswith("_")}


def public(names: list[str]) -> set[str]:
    return {name for name in names if not name.startswith("_")}


def test_the_stub_names_what_the_module_holds() -> None:
    stub = ast.parse(STUB.read_text(encoding="utf-8")).body
    assert names_in(stub) == public(dir(core))
    for node in stub:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            assert names_in(node.body) == public(dir(getattr(core, node.name))), node.name
            assert inspect.isclass(getattr(core, node.name))
