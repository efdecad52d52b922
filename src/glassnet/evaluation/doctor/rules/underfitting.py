"""The model cannot even follow its own training rows."""

from __future__ import annotations

from typing import Any, final

import numpy as np

from glassnet.evaluation.comparison import compare
from glassnet.evaluation.doctor.finding import Bars, Finding
from glassnet.evaluation.doctor.naming import percent
from glassnet.evaluation.doctor.notes import CaseNotes

STRONG_PENALTY = 0.01


@final
class Underfitting:
    """It gets fewer of its own training rows right than another model gets of rows it never saw.

    The other model is fitted quickly and asked by cross-validation; both are compared on the same
    training rows by the exact McNemar test, at 5 % (see `glassnet.evaluation.compare`). What
    cannot be known from the columns, the other model does not know either, so noise is not taken
    for underfitting. A fit that has not converged is not judged: its rate comes first.
    """

    name = "underfitting"
    needs = ("predicted", "reference", "reference_rows")

    def examine(self, notes: CaseNotes) -> Finding | None:
        """Compare both models on the training rows."""
        assert notes.predicted is not None
        assert notes.reference is not None
        found = notes.convergence
        if found is not None and found.reason != "converged":
            return None
        rows = notes.reference_rows
        assert rows is not None
        both = compare(notes.y[rows], notes.predicted[rows], notes.reference)
        if both.low <= 0:
            return None
        mine = (both.both_right + both.only_first) / both.rows
        other = (both.both_right + both.only_second) / both.rows
        advice, suggested = _way_out(notes)
        return Finding(
            rule=self.name,
            severity="warning",
            sentence=f"The model gets {percent(mine)} of {both.rows} rows right that it was "
            f"trained on; {notes.reference_name} gets {percent(other)} of them right without "
            "having seen them. There is more in the columns than this model can hold.",
            advice=advice,
            suggested=suggested,
            evidence={"train": mine, "reference": other, "p_value": both.p_value},
            picture=Bars(
                f"Success on {both.rows} training rows",
                "share that is right",
                ("this model", f"{notes.reference_name}, not having seen them"),
                (mine, other),
            ),
        )


def _way_out(notes: CaseNotes) -> tuple[str, dict[str, Any]]:
    """Return what holds the model back, in the order in which it should go."""
    given = notes.parameters
    if float(given.get("alpha", 0.0)) >= STRONG_PENALTY:
        alpha = float(f"{float(given['alpha']) / 100:.0e}")
        return f"Lower the penalty alpha from {given['alpha']:g} to {alpha:g}.", {"alpha": alpha}
    if float(given.get("dropout", 0.0)) > 0:
        return f"Leave out the dropout of {given['dropout']:g}.", {"dropout": 0.0}
    if "hidden_layer_sizes" in given:
        layers = np.atleast_1d(np.asarray(given["hidden_layer_sizes"], dtype=np.int64)).tolist()
        larger = tuple(int(max(4 * h, 20)) for h in layers) or (100,)
        return (
            f"Give the net more hidden units, such as {', '.join(map(str, larger))}.",
            {"hidden_layer_sizes": larger},
        )
    return "Use a model that can bend more, such as a net with hidden units.", {}
