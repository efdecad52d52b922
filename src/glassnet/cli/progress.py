"""Signs of life on the terminal, for work that takes more than a second."""

from __future__ import annotations

__all__ = ["TrainingProgress", "working"]

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Timer
from typing import Any, Self, final

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

DELAY = 1.0  # seconds; what is over sooner needs no bar


@final
class _Delayed:
    """A rich progress display on stderr that appears after a while, and only on a terminal."""

    def __init__(self, columns: list[ProgressColumn], console: Console | None, delay: float):
        console = console or Console(stderr=True)
        self.progress = Progress(*columns, console=console, transient=True)
        self._timer = Timer(delay, self.progress.start) if console.is_terminal else None

    def start(self) -> None:
        if self._timer is not None:
            self._timer.daemon = True
            self._timer.start()

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer.join()
            self.progress.stop()


@contextmanager
def working(what: str, *, delay: float = DELAY, console: Console | None = None) -> Iterator[None]:
    """Show a spinner with the time it takes, while the block runs.

    Parameters
    ----------
    what : str
        What is being done, such as "Reading X.csv".
    delay : float, default=1.0
        Seconds before it appears.
    console : Console, default=None
        Where; by default stderr. Nothing is shown where that is no terminal.
    """
    columns = [SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn()]
    display = _Delayed(columns, console, delay)
    display.progress.add_task(what, total=None)
    display.start()
    try:
        yield
    finally:
        display.stop()


@final
class TrainingProgress:
    """A monitor of the training: epochs done, the loss, the time left.

    A context manager; give it to ``fit_monitored``.

    Parameters
    ----------
    what : str
        What is trained, such as "net".
    epochs : int
        Most epochs of a member.
    members : int, default=1
        Members that are trained.
    delay : float, default=1.0
        Seconds before the bar appears.
    console : Console, default=None
        Where; by default stderr. Nothing is shown where that is no terminal.
    """

    def __init__(
        self,
        what: str,
        epochs: int,
        *,
        members: int = 1,
        delay: float = DELAY,
        console: Console | None = None,
    ) -> None:
        columns = [
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("epochs, loss {task.fields[loss]:.4g},"),
            TimeRemainingColumn(),
            TextColumn("left"),
        ]
        self._display = _Delayed(columns, console, delay)
        self._task = self._display.progress.add_task(
            what, total=epochs * members, loss=float("nan")
        )
        self._epochs: dict[int, int] = {}

    def __enter__(self) -> Self:
        """Start the clock."""
        self._display.start()
        return self

    def __exit__(self, *_: Any) -> None:
        """Take the bar away."""
        self._display.stop()

    def epoch_ends(self, member: int, epoch: int, loss: float, score: float | None) -> None:
        """Move the bar on."""
        self._epochs[member] = epoch
        done = sum(self._epochs.values())
        self._display.progress.update(self._task, completed=done, loss=loss)

    def says(self, member: int, message: str) -> None:
        """Hear a message; how training ended is told by the estimator."""
