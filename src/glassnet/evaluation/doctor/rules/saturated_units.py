"""Hidden units that are stuck at an end of their range."""

from __future__ import annotations

from typing import final

import numpy as np
import numpy.typing as npt

from glassnet.evaluation.doctor.finding import Finding
from glassnet.evaluation.doctor.notes import CaseNotes
from glassnet.evaluation.doctor.rules.units import BOUNDED, SHARE, unit_bars

SLOPE, ROWS = 0.05, 0.95


@final
class SaturatedUnits:
    """A third of a layer's sigmoid or tanh units, or more, are at one end for 95 % of the rows.

    A unit is at an end where its slope is below 5 % of the largest (an activation below 0.013 or
    above 0.987; tanh: ±0.975): next to no gradient passes (X. Glorot and Y. Bengio, AISTATS 2010,
    section 3). Units that are at one end or the other according to the row are flat too, and good:
    a net on unscaled digits that gets every row right has 95 % of units flat for three quarters of
    the rows, but 5 to 8 % at one end. Nets that fail on unscaled wine and breast cancer have
    67 to 100 % of them there.
    """

    name = "saturated_units"
    needs = ("activations",)

    def examine(self, notes: CaseNotes) -> Finding | None:
        """Count units that are flat nearly everywhere."""
        layers = notes.activations or ()
        activation = str(notes.parameters.get("activation", "relu"))
        if not layers or activation not in BOUNDED:
            return None
        counts = [int(np.sum(_stuck(activation, layer) > ROWS)) for layer in layers]
        sizes = [layer.shape[1] for layer in layers]
        worst = int(np.argmax([count / size for count, size in zip(counts, sizes, strict=True)]))
        if counts[worst] < SHARE * sizes[worst]:
            return None
        return Finding(
            rule=self.name,
            severity="warning",
            sentence=f"{counts[worst]} of the {sizes[worst]} {activation} units of hidden layer "
            f"{worst + 1} are saturated: for more than 95 % of the rows they are at one end of "
            "their range, where the slope is below a twentieth of its best.",
            advice="Scale the columns if they are not; else lower the rate or use relu.",
            suggested={"activation": "relu"},
            evidence={"saturated": counts, "units": sizes},
            picture=unit_bars("Saturated units", counts, sizes),
        )


def _stuck(activation: str, a: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the share of rows (h,) for which each unit is at the end where it mostly is."""
    middle, slope = (0.5, 4 * a * (1 - a)) if activation == "logistic" else (0.0, 1 - a**2)
    flat = slope < SLOPE
    return np.maximum(np.mean(flat & (a > middle), axis=0), np.mean(flat & (a < middle), axis=0))
