"""What every test may use: the folder of real data, and the rule that skips where it is absent."""

from __future__ import annotations

import pathlib

import pytest

SHARED_DATA = pathlib.Path(__file__).resolve().parents[2] / "shared" / "data"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if SHARED_DATA.is_dir():
        return
    skip = pytest.mark.skip(reason=f"needs the real data in {SHARED_DATA}, which is absent here")
    for item in items:
        if "shared_data" in item.keywords:
            item.add_marker(skip)


@pytest.fixture(scope="session")
def shared_data() -> pathlib.Path:
    """Return the folder of real data; only for tests marked ``shared_data``."""
    return SHARED_DATA
