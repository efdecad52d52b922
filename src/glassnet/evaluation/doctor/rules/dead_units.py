"""Hidden units that never fire."""

from __future__ import annotations

from typing import final

import numpy as np

from glassnet.evaluation.doctor.finding import Finding
from glassnet.evaluation.doctor.notes import CaseNotes
from glassnet.evaluation.doctor.rules.units import BOUNDED, SHARE, unit_bars

CONSTANT = 1e-6


@final
class DeadUnits:
    """A third of a layer's units, or more, give the same for every training row.

    A relu unit whose input is negative for all rows passes on no gradient, so it stays as it is:
    it is dead (A. Maas, A. Hannun and A. Ng, "Rectifier nonlinearities improve neural network
    acoustic models", 2013). Too large steps and unscaled columns drive units there. A few are
    common and harmless; see the limit's measurements in `rules.units`.
    """

    name = "dead_units"
    needs = ("activations",)

    def examine(self, notes: CaseNotes) -> Finding | None:
        """Count units without a spread."""
        layers = notes.activations or ()
        activation = str(notes.parameters.get("activation", "relu"))
        if not layers or activation in BOUNDED:
            return None
        counts = [int(np.sum(np.ptp(layer, axis=0) <= CONSTANT)) for layer in layers]
        sizes = [layer.shape[1] for layer in layers]
        worst = int(np.argmax([count / size for count, size in zip(counts, sizes, strict=True)]))
        if counts[worst] < SHARE * sizes[worst]:
            return None
        rate = float(notes.parameters.get("learning_rate_init", 0.001))
        return Finding(
            rule=self.name,
            severity="warning",
            sentence=f"{counts[worst]} of the {sizes[worst]} {activation} units of hidden layer "
            f"{worst + 1} are dead: they give the same for all {len(layers[worst])} rows that were "
            "looked at, and learn nothing any more.",
            advice="Scale the columns if they are not, lower the rate, or use leaky_relu, whose "
            "units cannot die.",
            suggested={"activation": "leaky_relu"} if activation == "relu" else {},
            evidence={"dead": counts, "units": sizes, "learning_rate_init": rate},
            picture=unit_bars("Dead units", counts, sizes),
        )
