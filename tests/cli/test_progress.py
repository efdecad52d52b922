"""Progress: there after a while, on terminals only, and gone at the end."""

from __future__ import annotations

import io
import time

import pytest
from rich.console import Console

from glassnet.cli.progress import TrainingProgress, working


def terminal(is_one: bool = True) -> tuple[Console, io.StringIO]:
    stream = io.StringIO()
    return Console(file=stream, force_terminal=is_one, width=100, color_system=None), stream


def wait_for(stream: io.StringIO, text: str) -> str:
    """Wait until a text was drawn, a second at most."""
    for _ in range(100):
        if text in stream.getvalue():
            break
        time.sleep(0.01)
    return stream.getvalue()


def test_a_training_shows_epochs_and_loss() -> None:
    console, stream = terminal()
    with TrainingProgress("Training", 50, delay=0, console=console) as progress:
        progress.epoch_ends(0, 20, 0.123456, None)
        drawn = wait_for(stream, "epoch 20 of 50, loss 0.1235")
    assert "Training" in drawn
    assert "epoch 20 of 50, loss 0.1235" in drawn


def test_members_and_steps() -> None:
    console, stream = terminal()
    with TrainingProgress("Studying", 50, members=2, delay=0, console=console) as progress:
        progress.epoch_ends(0, 30, 0.5, None)
        progress.epoch_ends(1, 5, 0.25, None)
        assert "epoch 35 of 100, loss 0.25" in wait_for(stream, "epoch 35")
        progress.step("Neural net")
        progress.says(0, "done")
        progress.epoch_ends(0, 1, 2.0, None)
        assert "Neural net" in wait_for(stream, "epoch 1 of")


@pytest.mark.parametrize(("is_terminal", "delay"), [(True, 60.0), (False, 0.0)])
def test_short_work_and_files_see_nothing(is_terminal: bool, delay: float) -> None:
    console, stream = terminal(is_terminal)
    with TrainingProgress("Training", 5, delay=delay, console=console) as progress:
        progress.epoch_ends(0, 1, 0.5, None)
    with working("Reading", delay=delay, console=console):
        time.sleep(0.02)
    assert stream.getvalue() == ""


def test_a_spinner_says_what_is_done_and_goes() -> None:
    console, stream = terminal()
    with working("Reading X.csv", delay=0, console=console):
        assert "Reading X.csv" in wait_for(stream, "Reading X.csv")
    assert stream.getvalue().endswith("\x1b[2K")  # the line is cleared


def test_a_failure_takes_the_display_away() -> None:
    console, stream = terminal()

    def read() -> None:
        with working("Reading", delay=0, console=console):
            wait_for(stream, "Reading")
            raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        read()
    length = len(stream.getvalue())
    time.sleep(0.15)
    assert len(stream.getvalue()) == length
