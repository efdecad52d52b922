"""Memory is told before it is taken."""

from __future__ import annotations

import pathlib
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


def test_lbfgs_counts_its_steps() -> None:
    network, double = Network((100, 1000, 1000, 10)), np.dtype(np.float64)
    more = training_bytes(network, double, 1, lbfgs=True) - training_bytes(network, double, 1)
    assert more == 25 * 8 * network.n_parameters


@pytest.mark.parametrize(
    ("start", "limit", "usage"),
    [
        ("0::", "memory.max", "memory.current"),
        ("memory:", "memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes"),
    ],
)
def test_the_limits_of_cgroups_count(
    start: str, limit: str, usage: str, monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path
) -> None:
    monkeypatch.setattr(memory, "_CGROUPS", tmp_path)
    monkeypatch.setattr(memory, "_free_bytes", lambda: 10**12)
    assert memory._available_bytes() == 10**12
    own = pathlib.Path("/proc/self/cgroup")
    if not own.exists() or start not in own.read_text():
        pytest.skip("this system has no such cgroups")
    # The limit of the outermost group counts for those within.
    (tmp_path / limit).parent.mkdir(exist_ok=True)
    (tmp_path / limit).write_text("3000000000\n")
    (tmp_path / usage).write_text("1000000000\n")
    stat = (tmp_path / limit).with_name("memory.stat")
    stat.write_text("anon 400000000\ninactive_file 500000000\n")
    assert memory._available_bytes() == 2_500_000_000
    (tmp_path / limit).write_text("max\n")
    assert memory._available_bytes() == 10**12
