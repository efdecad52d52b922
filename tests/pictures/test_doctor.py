"""Findings and range tests, drawn: the numbers on the axes are those that were found."""

from __future__ import annotations

import numpy as np
import pytest

from glassnet.errors import DataError
from glassnet.evaluation.doctor import Bars, Curves, Finding
from glassnet.evaluation.rate_range import judge_rates
from glassnet.pictures import FindingDisplay, RateFinderDisplay
from glassnet.pictures.theme import TRAIN, WRONG


def finding(picture: Bars | Curves | None) -> Finding:
    return Finding("unscaled", "warning", "A sentence.", "An advice.", picture=picture)


def test_bars_are_the_values_with_the_culprits_marked() -> None:
    bars = Bars("Columns", "size", ("income $", "b", "c"), (800.0, 3.0, 2.0), 2.5, "median", (0,))
    display = FindingDisplay.from_finding(finding(bars))
    drawn = display.ax_.patches
    assert [bar.get_width() for bar in drawn] == [800.0, 3.0, 2.0]
    assert [bar.get_facecolor() for bar in drawn] == [
        (*(int(c[i : i + 2], 16) / 255 for i in (1, 3, 5)), 1.0) for c in (WRONG, TRAIN, TRAIN)
    ]
    assert [text.get_text() for text in display.ax_.get_yticklabels()] == [r"income \$", "b", "c"]
    assert display.ax_.get_xlabel() == "size (dashed: median)"
    assert [text.get_text() for text in display.ax_.texts] == ["800", "3", "2"]


def test_shares_are_percents_up_to_one() -> None:
    bars = Bars("Success", "share that is right", ("training rows", "held-out rows"), (1.0, 0.567))
    display = FindingDisplay.from_finding(finding(bars))
    assert display.ax_.get_xlim() == (0, 1)
    assert [text.get_text() for text in display.ax_.texts] == ["100.0 %", "56.7 %"]


def test_curves_leave_gaps_where_losses_are_not_finite() -> None:
    curves = {"training rows": np.array([1.0, 0.1, np.inf]), "held-out rows": np.array([1.0, 0.5])}
    display = FindingDisplay.from_finding(finding(Curves("Loss", "loss", curves, 2, "lowest")))
    first, second, mark = display.ax_.get_lines()
    np.testing.assert_array_equal(np.asarray(first.get_ydata()), [1.0, 0.1, np.nan])
    np.testing.assert_array_equal(np.asarray(second.get_xdata()), [1, 2])
    assert np.asarray(mark.get_xdata()).tolist() == [2, 2]
    legend = display.ax_.get_legend()
    assert legend is not None
    assert legend.get_texts()[-1].get_text() == "lowest (epoch 2)"


def test_a_finding_without_numbers_has_no_picture() -> None:
    with pytest.raises(DataError, match="has no picture"):
        FindingDisplay.from_finding(finding(None))


def test_twelve_long_names_do_not_overlap(misplaced, tick_labels) -> None:
    names = tuple(f"a column with a name that goes on and on, number {i}" for i in range(12))
    bars = Bars("The largest of 40 columns", "root mean square", names, tuple(range(1, 13)))
    display = FindingDisplay.from_finding(finding(bars))
    ax = display.ax_
    texts = [*tick_labels(ax.yaxis), *tick_labels(ax.xaxis), ax.xaxis.label]
    assert misplaced(display.figure_, [*texts, ax._left_title]) == []


def test_the_range_test_marks_what_was_found() -> None:
    rates, losses = [1e-3, 1e-2, 1e-1, 1.0, 10.0], [2.3, 1.0, 0.3, 8.0, np.inf]
    found = judge_rates(rates, losses, epochs=5, baseline_loss=2.3)
    display = RateFinderDisplay.from_range(found)
    np.testing.assert_array_equal(
        np.asarray(display.line_.get_ydata()), [2.3, 1.0, 0.3, np.nan, np.nan]
    )
    assert display.is_off.tolist() == [False, False, False, True, True]
    assert display.ax_.get_xscale() == "log"
    texts = [text.get_text() for text in display.ax_.get_legend().get_texts()]
    assert texts == [
        "classes' shares alone", "after 5 epochs", "far above, or diverged", "suggested: 0.03",
    ]  # fmt: skip


def test_a_range_test_in_which_nothing_learns() -> None:
    found = judge_rates([0.1, 1.0], [np.inf, np.inf], epochs=5, baseline_loss=1.1)
    display = RateFinderDisplay.from_range(found)
    assert display.top == pytest.approx(1.25 * 1.1)
