"""Labels become the targets that scikit-learn's LabelBinarizer makes, and back."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import scipy.sparse
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.preprocessing import LabelBinarizer

from glassnet.estimators.targets import Labels

LABELS = st.one_of(
    arrays(np.int64, st.integers(2, 30), elements=st.integers(-4, 4)),
    arrays("U2", st.integers(2, 30), elements=st.sampled_from(["a", "bb", "c", "é"])),
    arrays(bool, st.integers(2, 30)),
    arrays(np.float64, st.integers(2, 30), elements=st.sampled_from([0.0, 1.0, 2.0])),
    st.lists(st.sampled_from(["x", "yes", "no"]), min_size=2).map(
        lambda given: np.array(given, dtype=object)
    ),
)


@given(LABELS)
def test_targets_are_scikit_learns(y: Any) -> None:
    theirs, ours = LabelBinarizer().fit(y), Labels.of(y)
    assert np.array_equal(ours.classes, theirs.classes_)
    targets = ours.targets(y)
    assert targets.dtype == bool
    assert np.array_equal(targets, theirs.transform(y))
    assert ours.output == ("softmax" if theirs.y_type_ == "multiclass" else "logistic")


@given(LABELS)
def test_targets_read_as_outputs_give_the_labels_again(y: Any) -> None:
    labels = Labels.of(y)
    assert np.array_equal(labels.read(labels.targets(y).astype(float)), y)


@pytest.mark.parametrize("form", [np.array, scipy.sparse.csr_matrix])
def test_several_labels_a_row(form: Any) -> None:
    y = np.array([[1, 0, 1], [0, 0, 0], [1, 1, 1]])
    labels = Labels.of(form(y))
    assert labels.multilabel
    assert labels.output == "logistic"
    assert np.array_equal(labels.classes, [0, 1, 2])
    assert np.array_equal(labels.targets(form(y)), y.astype(bool))
    assert np.array_equal(labels.read(y * 0.6), y)


@pytest.mark.parametrize(
    ("y", "kind"), [([0.5, 1.2, 3.3], "continuous"), ([[1, 2], [3, 4]], "multiclass-multioutput")]
)
def test_measurements_are_refused(y: Any, kind: str) -> None:
    with pytest.raises(ValueError, match=f"Unknown label type: {kind}"):
        Labels.of(np.array(y))
