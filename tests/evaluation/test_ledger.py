from __future__ import annotations

import numpy as np
import pytest
from sklearn.datasets import load_digits

from glassnet import MLPClassifier
from glassnet.errors import DataError
from glassnet.evaluation import example_histories

# Rows: kept, forgotten twice, never learned, kept aside, forgotten and wrong at the end.
RIGHT = np.array(
    [
        [0, 1, 0, 0, 0],
        [1, 0, 0, 0, 1],
        [1, 1, 0, 0, 1],
        [1, 0, 0, 0, 0],
        [1, 1, 0, 0, 0],
    ],
    dtype=bool,
)
LOSSES = np.array(
    [
        [2.0, 1.0, 3.0, np.nan, 2.5],
        [0.5, 2.0, 3.0, np.nan, 0.4],
        [0.3, 0.5, 3.5, np.nan, 0.3],
        [0.1, 1.5, 4.0, np.nan, 1.8],
        [0.1, 0.5, 4.5, np.nan, 2.0],
    ]
)
LABELS = ["a", "b", "c", "d", "e"]


def test_rows_are_kept_forgotten_or_never_learned():
    found = example_histories(LOSSES, RIGHT, LABELS)
    assert found.rows.tolist() == [0, 1, 2, 4]
    assert found.labels == ("a", "b", "c", "e")
    assert found.group.tolist() == [0, 1, 2, 1]
    assert found.first_right.tolist() == [2, 1, 0, 2]
    assert found.forgettings.tolist() == [0, 2, 0, 1]
    assert found.epochs_right.tolist() == [4, 3, 0, 2]
    assert found.right_at_end.tolist() == [True, True, False, False]
    assert found.mean_loss == pytest.approx([0.6, 1.1, 3.6, 1.4])
    assert (found.n_epochs, found.n_late) == (5, 1)
    assert found.late_loss == pytest.approx([0.1, 0.5, 4.5, 2.0])
    assert found.rows_of("forgotten").tolist() == [1, 4]
    assert found.rows_of("never learned").tolist() == [2]
    assert found.sentence == (
        "Of 4 rows, 1 were learned and right ever after, 2 were learned and lost again (3 times "
        "in all; 1 of these rows are wrong at the end), and 1 were never right in 5 epochs. "
        "The hardest is row 2 (labelled c): a loss of 3.60 on average, where the median row has "
        "1.2."
    )


def test_the_hardest_come_first():
    found = example_histories(LOSSES, RIGHT, LABELS, n_late=2)
    assert [one.row for one in found.hardest()] == [2, 4, 1, 0]
    assert [one.row for one in found.hardest(2, late=True)] == [2, 4]
    assert [one.row for one in found.hardest(group="forgotten")] == [4, 1]
    assert found.late_loss == pytest.approx([0.1, 1.0, 4.25, 1.9])
    never, lost = found.hardest(2)
    assert never.to_dict() == {
        "row": 2, "label": "c", "mean_loss": pytest.approx(3.6), "late_loss": 4.25,
        "group": "never learned", "first_right": None, "forgettings": 0, "epochs_right": 0,
        "right_at_end": False,
    }  # fmt: skip
    assert (lost.group, lost.first_right, lost.forgettings) == ("forgotten", 2, 1)
    assert found.to_dict()["forgettings"] == [0, 2, 0, 1]


def test_numbers_have_losses_alone():
    found = example_histories(LOSSES)
    assert found.group is found.forgettings is found.right_at_end is None
    assert [one.row for one in found.hardest(1)] == [2]
    assert found.hardest(1)[0].group is None
    assert found.hardest(1)[0].first_right is None
    assert found.sentence.startswith("4 rows were met in 5 epochs. The hardest is row 2: a loss")
    with pytest.raises(DataError, match="numbers are not right or wrong"):
        found.rows_of("forgotten")


def test_a_row_stays_as_it_was_while_it_is_not_met():
    losses, right = LOSSES[:, :2].copy(), RIGHT[:, :2].copy()
    losses[1, 1] = losses[2:4, 0] = np.nan  # row 1 is not met where it is wrong, row 0 where right
    right[1, 1] = False
    right[2:4, 0] = False
    found = example_histories(losses, right)
    assert found.forgettings.tolist() == [0, 1]
    assert found.epochs_right.tolist() == [2, 3]
    assert found.mean_loss == pytest.approx([2.6 / 3, 3.5 / 4])
    late = np.array([[1.0, 2.0], [np.nan, 3.0]])
    assert example_histories(late).late_loss.tolist() == [1.0, 3.0]


def test_several_labels_are_named_together():
    found = example_histories(LOSSES, RIGHT, [[1, 1], [0, 1], [0, 0], [1, 0], [1, 0]])
    assert found.labels == ("0+1", "1", "none", "0")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((LOSSES[0],), r"losses \(epochs, rows\)"),
        ((LOSSES[:0],), "of an epoch or more"),
        ((np.full((2, 3), np.nan),), "none was met"),
        ((LOSSES, RIGHT[:2]), r"shape \(2, 5\)"),
        ((LOSSES, RIGHT, ["a"]), "1 labels were given for a ledger of 5 rows"),
    ],
)
def test_what_does_not_fit_is_told(arguments, sentence):
    with pytest.raises(DataError, match=sentence):
        example_histories(*arguments)
    with pytest.raises(DataError, match="within 1 and the 5 epochs, not 6"):
        example_histories(LOSSES, n_late=6)


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_wrong_labels_are_among_the_hardest():
    X, y = load_digits(return_X_y=True)
    random = np.random.RandomState(0)
    flipped = random.choice(len(y), 18, replace=False)
    y[flipped] = (y[flipped] + random.randint(1, 10, 18)) % 10
    net = MLPClassifier((40,), max_iter=60, random_state=0, record_examples=True).fit(X / 16, y)
    found = example_histories(net.examples_.losses, net.examples_.right)
    first = {one.row for one in found.hardest(36)}
    assert len(first & set(flipped)) >= 17
