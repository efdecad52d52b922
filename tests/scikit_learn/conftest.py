"""scikit-learn's own tests, run on our classes.

Each ``test_*.py`` here names a test file of the installed scikit-learn, the classes that take the
place of its own, and the tests that cannot pass with their reasons. The file is imported afresh
while our classes stand in scikit-learn's packages, so that its imports and its parametrizations
find them; then scikit-learn is as it was. A test in the list of exceptions must fail: one that
passes has no business there.
"""

from __future__ import annotations

import sys
import warnings
from importlib import import_module
from pathlib import Path
from types import ModuleType
from unittest import mock

import pytest


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "thread_unsafe: scikit-learn's; without effect here")


@pytest.hookimpl
def pytest_pycollect_makemodule(module_path: Path, parent: pytest.Collector) -> pytest.Module:
    module: pytest.Module = BorrowedModule.from_parent(parent, path=module_path)
    return module


class BorrowedModule(pytest.Module):
    """Collects the tests of scikit-learn that a module of ours names."""

    exceptions: dict[str, str]

    def collect(self) -> list[pytest.Item | pytest.Collector]:
        with warnings.catch_warnings():
            # Our configuration makes errors of warnings; these tests are written without that.
            warnings.simplefilter("ignore")
            return list(super().collect())

    def _getobj(self) -> ModuleType:
        settings = super()._getobj()
        self.exceptions = settings.EXCEPTIONS
        name = settings.BORROWED
        pytest.register_assert_rewrite(name)
        sys.modules.pop(name, None)
        with mock.patch.multiple(settings.PACKAGE, **settings.OURS):
            borrowed = import_module(name)
        del sys.modules[name]
        for own, value in settings.OURS.items():
            assert getattr(borrowed, own) is value
        marks = getattr(borrowed, "pytestmark", [])
        marks = marks if isinstance(marks, list) else [marks]
        borrowed.pytestmark = [pytest.mark.filterwarnings("ignore"), *marks]
        for own, value in vars(settings).items():
            if own.startswith("test_"):
                setattr(borrowed, own, value)
        return borrowed


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        module = item.getparent(BorrowedModule)
        if module is None:
            continue
        name = getattr(item, "originalname", item.name)
        reason = module.exceptions.get(item.name) or module.exceptions.get(name)
        if reason:
            item.add_marker(pytest.mark.xfail(reason=reason, strict=True))


@pytest.fixture
def borrowed(request: pytest.FixtureRequest) -> list[pytest.Function]:
    """Return all tests of the file, whichever were asked for."""
    module = request.node.getparent(BorrowedModule)
    return [item for item in module.collect() if isinstance(item, pytest.Function)]


@pytest.fixture
def global_random_seed() -> int:
    """scikit-learn's default."""
    return 42
