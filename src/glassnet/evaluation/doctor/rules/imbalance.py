"""A rare class that the model passes over."""

from __future__ import annotations

from typing import final

import numpy as np

from glassnet.evaluation.doctor.finding import Finding
from glassnet.evaluation.doctor.naming import percent
from glassnet.evaluation.doctor.notes import CaseNotes
from glassnet.evaluation.doctor.rules.too_few_rows import class_bars

RATIO = 10.0


@final
class ClassImbalance:
    """A class has a tenth of the rows of the largest, or less, and does worse than the rest.

    The 95 % interval of its success must lie wholly below the success on all rows, on held-out
    rows, or on training rows where none are held out. A mean loss counts rows, so a rare class
    counts little; but imbalance alone does no harm where classes are apart (N. Japkowicz and S.
    Stephen, "The class imbalance problem", 2002), so unlike counts alone are not reported.
    """

    name = "class_imbalance"
    needs = ("predicted",)

    def examine(self, notes: CaseNotes) -> Finding | None:
        """Look at the success of rare classes."""
        counts = notes.counts
        rates = notes.holdout_rates or notes.rates
        if rates is None:
            return None
        largest = int(np.argmax(counts))
        poor = [
            i
            for i, rate in enumerate(rates.classes)
            if rate.rows and counts[i] * RATIO <= counts[largest] and rate.high < rates.accuracy
        ]
        if not poor:
            return None
        worst = min(poor, key=lambda i: (rates.classes[i].rate or 0.0, counts[i]))
        rate = rates.classes[worst]
        where = "held-out" if notes.holdout_rates is not None else "training"
        others = f" (and {len(poor) - 1} more rare classes likewise)" if len(poor) > 1 else ""
        takes = "class_weight" in notes.parameters
        is_weighted = takes and notes.parameters["class_weight"] is not None
        return Finding(
            rule=self.name,
            severity="warning",
            sentence=f"Class {notes.class_names[worst]} has {counts[worst]} training rows, "
            f"{notes.class_names[largest]} {counts[largest]}; {rate.correct} of its {rate.rows} "
            f"{where} rows are right ({percent(rate.rate or 0.0, 0)}, of all "
            f"{percent(rates.accuracy)}){others}. The rate of all rows hides it.",
            advice="It is weighted already; collect more of its rows."
            if is_weighted
            else "Give every class the same total weight: it costs a few rows of the large ones.",
            suggested={"class_weight": "balanced"} if takes and not is_weighted else {},
            evidence={
                "class": notes.class_names[worst],
                "rows": int(counts[worst]),
                "largest": int(counts[largest]),
                "rate": rate.rate,
                "accuracy": rates.accuracy,
            },
            picture=class_bars(notes),
        )
