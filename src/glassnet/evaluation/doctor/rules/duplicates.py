"""Held-out rows that are among the training rows too."""

from __future__ import annotations

from typing import final

import numpy as np

from glassnet.data.row_digests import row_digests
from glassnet.evaluation.doctor.finding import Bars, Finding
from glassnet.evaluation.doctor.naming import percent
from glassnet.evaluation.doctor.notes import CaseNotes

FEWEST, NOTED, MANY = 3, 0.01, 0.05


@final
class Duplicates:
    """At least 3 held-out rows, and 1 % of them, equal a training row in every column.

    Such rows measure memory, not what the model does on new rows: with a share s of them, a
    held-out rate may be too high by up to s. From 5 % on, the interval of a few hundred held-out
    rows no longer covers that, and it is a warning; below, a note. One or two copies are chance:
    iris has one pair, digits none. (B. Barz and J. Denzler, "Do we train on test data? Purging
    CIFAR of near-duplicates", 2020, found 3 % and 10 %, and accuracies that fell without them.)
    """

    name = "duplicates"
    needs = ("X", "X_holdout")

    def examine(self, notes: CaseNotes) -> Finding | None:
        """Look for held-out rows among the training rows."""
        mine = notes.X if notes.table is None else notes.table
        held = notes.X_holdout if notes.table_holdout is None else notes.table_holdout
        known = set(row_digests(mine))
        copies = np.array([digest in known for digest in row_digests(held)], dtype=bool)
        n, total = int(copies.sum()), len(copies)
        if n < FEWEST or n < NOTED * total:
            return None
        evidence: dict[str, float | int] = {"copies": n, "held_out": total, "share": n / total}
        without = ""
        picture = None
        if notes.predicted_holdout is not None and notes.y_holdout is not None and n < total:
            right = notes.predicted_holdout == notes.y_holdout
            of_all, of_new = float(right.mean()), float(right[~copies].mean())
            evidence |= {"accuracy": of_all, "accuracy_without": of_new}
            without = (
                f" On the {total - n} others the model is right in {percent(of_new)}, "
                f"on all in {percent(of_all)}."
            )
            picture = Bars(
                "Held-out success, by whether the row was trained on too",
                "share that is right",
                (f"{n} copies", f"{total - n} new rows"),
                (float(right[copies].mean()), of_new),
            )
        return Finding(
            rule=self.name,
            severity="warning" if n >= MANY * total else "note",
            sentence=f"{n} of the {total} held-out rows ({percent(n / total)}) are copies of "
            f"training rows, so the held-out rate is partly one of training rows.{without}",
            advice="Remove repeated rows before the split, or keep all copies on one side.",
            preparation={"drop_duplicates": True},
            evidence=evidence,
            picture=picture,
        )
