"""One study of digits and one of a mixed table, shared by the tests that only read them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from glassnet.studies import StudyResult, study


@pytest.fixture(scope="session")
def digits() -> StudyResult:
    return study("digits", hidden_layer_sizes=(12,), max_iter=60, seed=1)


def mixed_table() -> pd.DataFrame:
    """Return 300 rows: a number that tells, one with gaps, a text that tells a little."""
    random = np.random.RandomState(0)
    label = random.randint(3, size=300)
    income = 1000.0 * label + random.normal(scale=700, size=300)
    age = random.uniform(20, 60, size=300)
    age[::17] = np.nan
    town = np.where(random.uniform(size=300) < 0.6, np.array(["A", "B", "C"])[label], "elsewhere")
    kind = np.array(["low", "middle", "high"])[label]
    return pd.DataFrame({"income": income, "age": age, "town": town, "kind": kind})


@pytest.fixture(scope="session")
def table() -> StudyResult:
    return study(mixed_table(), target="kind", hidden_layer_sizes=(6,), learning_rate_init=0.3)
