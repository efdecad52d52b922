"""Memory is told before it is taken."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from glassnet import MLPClassifier
from glassnet.estimators import memory
from glassnet.estimators.memory import check_memory, training_bytes
from glassnet.model import Network


def test_a_million_units_are_told_before_anything_is_allocated() -> None:
    X, y = np.zeros((10, 50_000), dtype=np.float32), np.arange(10) % 2
    tracemalloc.start()
    with pytest.raises(MemoryError, match=r"50,00\d,\d+,\d+ parameters; .* GB, and .* GB are free"):
        MLPClassifier((1_000_000,)).fit(X, y)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2**26


def test_restarts_count_as_often_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    network, single = Network((100, 1000, 1000, 10)), np.dtype(np.float32)
    one = training_bytes(network, single, 1)
    assert 40 * network.n_parameters < one < 60 * network.n_parameters
    monkeypatch.setattr(memory, "_available_bytes", lambda: 20 * one)
    check_memory(network, single, 20)
    with pytest.raises(MemoryError, match="These 21 nets have"):
        check_memory(network, single, 21)


def test_where_the_system_does_not_tell_nothing_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "_available_bytes", lambda: None)
    check_memory(Network((10, 10**9, 2)), np.dtype(np.float64), 1)
