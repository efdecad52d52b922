"""The section on how all was measured."""

from __future__ import annotations

import platform

import numpy as np
import sklearn

from glassnet.report import Bullets, Paragraph, Section
from glassnet.studies.result import StudyResult
from glassnet.studies.sections.words import capitalised, percent


def method_section(result: StudyResult) -> Section:
    """Return what was drawn, scaled and computed how."""
    options = result.options
    return Section(
        "How this was measured",
        "method",
        (
            Bullets(
                (
                    f"Held-out rows: {percent(options.holdout, 0)} of each class, drawn with seed "
                    f"{options.seed}. Scaling and encoding were fitted on training rows only.",
                    f"{capitalised(result.logistic_name)}: L2 penalty "
                    f"with C = {options.C:g}, intercepts not penalised, float64.",
                    f"Net: L2 penalty alpha = {options.alpha:g}, random state {options.seed}.",
                    "Rates have 95\u00a0% Wilson intervals, gaps Newcombe's; models are compared "
                    "with the exact McNemar test, their difference has Tango's interval.",
                    f"Python {platform.python_version()}, NumPy {np.__version__}, scikit-learn "
                    f"{sklearn.__version__}.",
                )
            ),
            Paragraph(
                "Beside this page lie `figures/` (PNG and SVG), `metrics.json` (every number), "
                "`predictions.csv` (every row's labels and probabilities) and the two model files."
            ),
        ),
    )
