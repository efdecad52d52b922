"""The study's pictures: what each one shows, what to conclude, and how it is drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure

from glassnet.pictures import (
    ConfusionDisplay,
    HiddenUnitsDisplay,
    LossCurveDisplay,
    SampleGridDisplay,
    SuccessRatesDisplay,
    WeightMatrixDisplay,
)
from glassnet.report import literal
from glassnet.studies.net import converged_in_words
from glassnet.studies.result import ModelReading, StudyResult

N_SAMPLES = 100
TRAINING, HELD_OUT = "training rows", "held-out rows"


@dataclass(frozen=True)
class Picture:
    """One picture of the story.

    Attributes
    ----------
    name : str
        The name of its files, after a number.
    title, alt, caption, conclusion : str
        What the report says of it; see `glassnet.report.FigureBlock`.
    draw : callable
        Returns the figure.
    fit : bool, default=False
        Whether it has no small labels and may shrink to any screen.
    """

    name: str
    title: str
    alt: str
    caption: str
    conclusion: str
    draw: Callable[[], Figure]
    fit: bool = False


def sample_picture(result: StudyResult) -> Picture | None:
    """Return the grid of sample images, or None where rows are not images."""
    dataset = result.dataset
    if dataset.image is None:
        return None
    X = np.asarray(dataset.X)
    n = min(N_SAMPLES, dataset.n_rows)
    return Picture(
        "samples",
        f"{n} images, drawn at random",
        f"A grid of {n} images drawn at random from {dataset.name}.",
        f"{n} of the {dataset.n_rows} rows, each unrolled to {dataset.image} pixels "
        f'in pixel order "{dataset.image.pixel_order}".',
        "If the pictures look scrambled or lie on their side, the pixel order or the shape is "
        "wrong: give the other `--pixel-order`.",
        lambda: (
            SampleGridDisplay.from_images(
                X, image=dataset.image, n_images=n, random_state=result.options.seed
            ).figure_
        ),
        fit=True,
    )


def file_pictures(result: StudyResult) -> list[Picture]:
    """Return the pictures that lie beside the page as files; the page says the same in its own way.

    The pictures are for slides and papers; what the page holds can be clicked.
    """
    pictures = []
    for slug, reading in zip(("logistic", "net"), result.readings, strict=True):
        pictures += [_rates(slug, reading), _confusion(slug, reading)]
    return [*pictures, loss_picture(result), comparison_picture(result), *units_picture(result)]


def _rates(slug: str, reading: ModelReading) -> Picture:
    rates = {TRAINING: reading.train, HELD_OUT: reading.holdout}
    return Picture(
        f"{slug}-rates",
        f"Success by class: {reading.name}",
        f"Success rate of {reading.name} for each class, on training and on held-out rows.",
        "The share of each class's rows that get the right label, on the rows that the model was "
        "fitted to and on rows that it never saw. The whiskers are 95 % Wilson intervals: few "
        "rows, wide whiskers.",
        literal(reading.gap.sentence),
        lambda: SuccessRatesDisplay.from_rates(rates).figure_,
    )


def _confusion(slug: str, reading: ModelReading) -> Picture:
    counts = reading.holdout_confusion
    worst = counts.likeliest_mistake()
    return Picture(
        f"{slug}-confusion",
        f"Confusion matrix: {reading.name}",
        f"Confusion matrix of {reading.name} on held-out rows.",
        "Each held-out row counted by its true class (down) and the label it was assigned "
        "(across). The diagonal is right; all else is a mistake, the darker the larger its share "
        "of the true class.",
        f"The likeliest mistake is to take {literal(worst.true)} for {literal(worst.predicted)}: "
        f"{worst.count} of {worst.rows} rows, {100 * worst.count / worst.rows:.0f} %."
        if worst
        else "All held-out rows lie on the diagonal.",
        lambda: ConfusionDisplay.from_confusion(counts).figure_,
    )


def loss_picture(result: StudyResult) -> Picture:
    """Return the loss curves of all attempts."""
    attempts = result.attempts
    curves = {
        f"attempt {number}: rate {attempt.learning_rate_init:g}": np.array(attempt.loss_curve)
        for number, attempt in enumerate(attempts, start=1)
    }
    if held_out := attempts[result.kept].holdout_loss_curve:
        curves[f"attempt {result.kept + 1}, held-out rows"] = np.array(held_out)
    return Picture(
        "net-loss",
        "Loss, epoch by epoch",
        f"Loss by epoch in {len(attempts)} attempts.",
        "The loss that training makes small, after each pass over the training rows, and the log "
        "loss of the held-out rows.",
        literal(converged_in_words(attempts[result.kept].convergence)),
        lambda: LossCurveDisplay.from_curves(curves).figure_,
    )


def comparison_picture(result: StudyResult) -> Picture:
    """Return both models' success by class on the same held-out rows."""
    rates = {reading.name: reading.holdout for reading in result.readings}
    return Picture(
        "comparison",
        "Both models on the same held-out rows",
        "Success rate of both models for each class on the same held-out rows.",
        f"The share of each class's held-out rows that get the right label "
        f"({result.comparison.rows} rows in all), with 95 % intervals.",
        literal(result.comparison.sentence),
        lambda: SuccessRatesDisplay.from_rates(rates).figure_,
    )


def weights_picture(result: StudyResult) -> Picture:
    """Return the matrix of the first layer's weights."""
    coef, image = result.net.coefs_[0], result.dataset.image
    names = tuple(result.preprocessor.get_feature_names_out())
    return Picture(
        "net-weights",
        "The weights of the first layer",
        f"Matrix of the weights from {coef.shape[0]} inputs to {coef.shape[1]} hidden units.",
        "Each line is a hidden unit, each column an input; the scale is centred at zero.",
        "Inputs whose column is pale everywhere are not used: for images these are the "
        "borders, which are blank in nearly every picture."
        if image
        else "Inputs whose column is pale everywhere are hardly used.",
        lambda: (
            WeightMatrixDisplay.from_weights(coef, feature_names=None if image else names).figure_
        ),
    )


def units_picture(result: StudyResult) -> list[Picture]:
    """Return the picture of the hidden units; none for a net without."""
    if not result.units:
        return []
    coef, image = result.net.coefs_[0], result.dataset.image
    names = tuple(result.preprocessor.get_feature_names_out())
    return [
        Picture(
            "net-units",
            "What each hidden unit looks for",
            f"The incoming weights of {coef.shape[1]} hidden units.",
            "Each hidden unit's weights, on a scale that all units share.",
            literal(max(result.units, key=lambda unit: unit.norm).sentence()),
            lambda: (
                HiddenUnitsDisplay.from_weights(
                    coef, image=image, feature_names=None if image else names
                ).figure_
            ),
            fit=image is not None,
        )
    ]
