"""Rows with a NaN or an infinity are found wherever it stands, by every engine."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glassnet.training import available_engines, is_finite
from glassnet.training.finite import SMALL

SHAPES = [(1, 1), (3, 5), (SMALL // 64, 64), (257, 513), (4099, 67)]


@pytest.fixture(params=available_engines())
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("GLASSNET_ENGINE", request.param)
    return str(request.param)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("odd", [np.nan, np.inf, -np.inf])
def test_one_element_is_found(engine: str, shape: tuple[int, int], dtype: type, odd: float) -> None:
    X = np.full(shape, -1.5, dtype)
    assert is_finite(X)
    for place in {0, X.size // 2, X.size - 1}:
        spoiled = X.copy()
        spoiled.flat[place] = odd
        assert not is_finite(spoiled, n_threads=2), place


def test_the_largest_numbers_are_finite_in_the_native_engine() -> None:
    pytest.importorskip("glassnet._core", reason="the native engine is not built here")
    X = np.full((SMALL // 8, 8), np.finfo(np.float64).max)
    assert is_finite(X)
    X[1, 1] = -X[1, 1]
    assert is_finite(X)


@pytest.mark.parametrize("order", ["F", "strided", "read-only"])
def test_any_layout(engine: str, order: str) -> None:
    whole = np.zeros((600, 256))
    X = {"F": np.asfortranarray(whole), "strided": whole[::2], "read-only": whole}[order]
    X.flags.writeable = order != "read-only"
    assert is_finite(X)
    X.flags.writeable = True
    X[-1, -1] = np.nan
    X.flags.writeable = order != "read-only"
    assert not is_finite(X)


def test_rows_in_the_other_byte_order(engine: str) -> None:
    X = np.ones((SMALL // 16, 16)).astype(np.dtype(np.float64).newbyteorder())
    assert is_finite(X)
    X[3, 3] = np.nan
    assert not is_finite(X)


@given(
    rows=st.integers(SMALL // 32, SMALL // 32 + 40),
    columns=st.integers(32, 45),
    place=st.floats(0, 1, exclude_max=True),
    threads=st.integers(1, 4),
)
def test_every_place_is_looked_at(rows: int, columns: int, place: float, threads: int) -> None:
    X = np.ones((rows, columns), np.float32)
    assert is_finite(X, threads)
    X.flat[int(place * X.size)] = np.inf
    assert not is_finite(X, threads)
