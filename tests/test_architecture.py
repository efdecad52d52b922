"""The house: a floor imports only from floors below it, and no part is in two places."""

from __future__ import annotations

import ast
import pathlib

import pytest

SOURCE = pathlib.Path(__file__).resolve().parents[1] / "src" / "glassnet"

# Floor of each module or package directly below glassnet; its public face may import anything.
FLOORS = {
    "errors": 0,
    "files": 1,
    "data": 1,
    "model": 2,
    "training": 3,
    "evaluation": 4,
    "estimators": 5,
    "pictures": 5,
    "drop_in": 6,
    "report": 6,
    "search": 6,
    "store": 6,
    "studies": 7,
    "cli": 8,
}
FACE = {"__init__", "__main__"}
# What may be written and read only in one floor.
RESERVED = {
    "matplotlib": {"pictures", "report", "studies", "cli"},
    "click": {"cli"},
    "rich": {"cli"},
    "jinja2": {"report"},
    "safetensors": {"store"},
    "msgspec": {"data", "evaluation", "store", "cli"},
    "PIL": {"data", "report"},
}
# Formats that run code when they are read stay out of the product.
FORBIDDEN = {"pickle", "marshal", "shelve", "dill", "cloudpickle"}
FILES = sorted(SOURCE.rglob("*.py"))


def part_of(path: pathlib.Path) -> str:
    return path.relative_to(SOURCE).with_suffix("").parts[0]


def imports_of(path: pathlib.Path) -> list[tuple[int, str]]:
    """Return (line, module) of every import, wherever it stands in the file."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno} imports relatively; write the full name"
            found.append((node.lineno, node.module or ""))
            if node.module == "glassnet":
                found += [(node.lineno, f"glassnet.{alias.name}") for alias in node.names]
    return found


def test_every_part_has_a_floor() -> None:
    assert {part_of(path) for path in FILES} - FACE == set(FLOORS)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_imports_go_down(path: pathlib.Path) -> None:
    part = part_of(path)
    if part in FACE:
        return
    for line, module in imports_of(path):
        if not module.startswith("glassnet."):
            continue
        target = module.split(".")[1]
        if target in FLOORS and target != part:
            assert FLOORS[target] < FLOORS[part], (
                f"{path}:{line}: {part} (floor {FLOORS[part]}) imports {module} "
                f"(floor {FLOORS[target]}); move what is shared down."
            )


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_libraries_stay_in_their_rooms(path: pathlib.Path) -> None:
    for line, module in imports_of(path):
        library = module.split(".")[0]
        rooms = RESERVED.get(library)
        assert rooms is None or part_of(path) in rooms, f"{path}:{line} imports {library}"
        assert library not in FORBIDDEN, f"{path}:{line} imports {library}"
        assert module != "sklearn.externals", f"{path}:{line}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_files_stay_short(path: pathlib.Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_nothing_is_evaluated(path: pathlib.Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in {"eval", "exec", "compile", "__import__"}, (
                f"{path}:{node.lineno} calls {node.func.id}"
            )
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            name = f"{node.value.id}.{node.attr}"
            assert name not in {"joblib.load", "joblib.dump", "pd.eval", "pd.read_pickle"}, (
                f"{path}:{node.lineno} uses {name}"
            )


def test_the_tests_mirror_the_floors() -> None:
    floors = {p.name for p in (SOURCE.parents[1] / "tests").iterdir() if p.is_dir()}
    packages = {name for name in FLOORS if (SOURCE / name).is_dir()}
    assert packages <= floors
