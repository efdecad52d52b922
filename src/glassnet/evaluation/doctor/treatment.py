"""What became of an advice that was followed."""

from __future__ import annotations

__all__ = ["Outcome", "Treatment", "change_in_words"]

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, final

from glassnet.evaluation.doctor.finding import Finding
from glassnet.evaluation.plain import Plain
from glassnet.evaluation.rates import SuccessRates


@final
@dataclass(frozen=True)
class Outcome(Plain):
    """How a fit ended, in the numbers that are set side by side.

    Attributes
    ----------
    train, holdout : SuccessRates or None
        Success on training and on held-out rows; None where training diverged or no row is held
        out.
    loss : float or None
        Training loss of the last epoch; None where there is none or it is not finite.
    epochs : int or None
        Epochs or iterations.
    seconds : float
        How long the fit took.
    """

    train: SuccessRates | None
    holdout: SuccessRates | None
    loss: float | None
    epochs: int | None
    seconds: float

    def sentence(self) -> str:
        """Return the numbers in words."""
        if self.train is None:
            return f"training diverged ({self.seconds:.2f} s)"
        rates = self.holdout or self.train
        where = "held-out" if self.holdout is not None else "training"
        said = [
            f"{100 * rates.accuracy:.1f} % of the {where} rows right "
            f"(95 % interval {100 * rates.low:.1f} to {100 * rates.high:.1f})"
        ]
        if self.loss is not None:
            said.append(f"loss {self.loss:.3g}")
        if self.epochs is not None:
            said.append(f"{self.epochs} epochs")
        return ", ".join([*said, f"{self.seconds:.2f} s"])


@final
@dataclass(frozen=True, eq=False)
class Treatment(Plain):
    """A finding that was acted on, and what the fit did before and after.

    Attributes
    ----------
    finding : Finding
        What was found.
    changed : dict
        What was changed: parameters, or ``scale``, ``drop``, ``drop_duplicates`` of the rows.
    before, after : Outcome
        The fit that it was found in, and the next.
    """

    finding: Finding
    changed: dict[str, Any]
    before: Outcome
    after: Outcome

    def sentence(self) -> str:
        """Return it in words."""
        return (
            f"{self.finding.title}, so {change_in_words(self.changed)}. Before: "
            f"{self.before.sentence()}. After: {self.after.sentence()}."
        )


def change_in_words(changed: Mapping[str, Any]) -> str:
    """Return a change in words.

    Examples
    --------
    >>> change_in_words({"learning_rate_init": 0.1, "drop": ["serial"]})
    'learning_rate_init became 0.1, the column serial was left out'
    """
    said = []
    for name, value in changed.items():
        if name == "drop":
            columns = "column" if len(value) == 1 else "columns"
            was = "was" if len(value) == 1 else "were"
            said.append(f"the {columns} {', '.join(map(str, value))} {was} left out")
        elif name == "drop_duplicates":
            said.append("repeated rows were left out")
        elif name == "scale":
            said.append(f"columns were scaled ({value})")
        else:
            shown = f"{value:g}" if isinstance(value, float) else str(value)
            said.append(f"{name} became {shown}")
    return ", ".join(said)
