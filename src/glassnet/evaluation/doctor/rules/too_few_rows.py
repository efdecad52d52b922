"""A net with more parameters than rows that learnt its rows by heart."""

from __future__ import annotations

from typing import Any, final

import numpy as np

from glassnet.evaluation.doctor.finding import Bars, Finding
from glassnet.evaluation.doctor.naming import listed, percent
from glassnet.evaluation.doctor.notes import CaseNotes

GAP, FEWEST = 0.10, 5


@final
class TooFewRows:
    """More parameters than training rows, and a success that falls by more than 10 points.

    The count alone says little: E. Baum and D. Haussler ("What size net gives valid
    generalization?", 1989) ask for p / ε rows for p weights and an error of ε, but healthy nets
    on digits, wine and X.csv have 2 to 10 weights a row (C. Zhang and others, "Understanding deep
    learning requires rethinking generalization", ICLR 2017). So the lower end of the gap's 95 %
    interval must be above 10 points too; on those it is at most 6. A class of fewer than 5
    training rows is a note.
    """

    name = "too_few_rows"
    needs = ()

    def examine(self, notes: CaseNotes) -> Finding | None:
        """Compare the rows with the parameters, and the rates with each other."""
        gap, p, n = notes.gap, notes.n_parameters, notes.n_rows
        if gap is not None and p is not None and p > n and gap.low > GAP:
            smaller = _smaller(notes)
            advice = "More rows would help most; else fewer hidden units or a larger alpha."
            if smaller:
                advice = (
                    f"More rows would help most; else fewer hidden units, such as "
                    f"{listed([str(h) for h in smaller])}, or a larger alpha."
                )
            return Finding(
                rule=self.name,
                severity="warning",
                sentence=f"The net has {p} parameters for {n} training rows, {p / n:.1f} a row; it "
                f"gets {percent(gap.train)} of them right but {percent(gap.holdout)} of the "
                "held-out rows: it knows its rows by heart.",
                advice=advice,
                suggested={"hidden_layer_sizes": smaller} if smaller else {},
                evidence={"parameters": p, "rows": n, **_plain(gap)},
                picture=Bars(
                    "Success on training rows and on new ones",
                    "share that is right",
                    ("training rows", "held-out rows"),
                    (gap.train, gap.holdout),
                ),
            )
        return self._small_class(notes)

    def _small_class(self, notes: CaseNotes) -> Finding | None:
        counts = notes.counts
        few = np.flatnonzero(counts < FEWEST)
        if not few.size:
            return None
        named = [f"{notes.class_names[i]} ({counts[i]})" for i in few]
        return Finding(
            rule=self.name,
            severity="note",
            sentence=f"Classes of fewer than {FEWEST} training rows: {listed(named)}. What the "
            "model says of them is little more than chance.",
            advice="Collect more of their rows, or leave them out or join them with others.",
            evidence={"classes": [notes.class_names[i] for i in few]},
            picture=class_bars(notes),
        )


def class_bars(notes: CaseNotes) -> Bars:
    """Return the smallest and the largest classes as a picture."""
    order = np.argsort(notes.counts, kind="stable")
    shown = order if len(order) <= 12 else np.r_[order[:8], order[-4:]]
    return Bars(
        "Training rows of each class" if len(shown) == len(order) else "The rarest and commonest",
        "training rows",
        tuple(notes.class_names[i] for i in shown),
        tuple(float(notes.counts[i]) for i in shown),
    )


def _plain(gap: Any) -> dict[str, float]:
    return {name: getattr(gap, name) for name in ("train", "holdout", "gap", "low", "high")}


def _smaller(notes: CaseNotes) -> tuple[int, ...]:
    """Return half of the units, until there are no more parameters than rows; () for none."""
    given = notes.parameters.get("hidden_layer_sizes", (100,))
    layers = [int(h) for h in np.atleast_1d(np.asarray(given, dtype=np.int64))]
    if not layers or notes.n_parameters is None:
        return ()
    divisor = 2
    while divisor < 16 and notes.n_parameters / divisor > notes.n_rows:
        divisor *= 2
    smaller = tuple(max(h // divisor, 2) for h in layers)
    return smaller if list(smaller) != layers else ()
