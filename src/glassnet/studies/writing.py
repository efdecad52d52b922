"""The study's folder: report, figures, numbers, predictions, model files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import final

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from glassnet.files import atomic_folder_write
from glassnet.report import FigureBlock, draw_figure, figure_block, write_page
from glassnet.store import save_model
from glassnet.studies.figures import Picture, file_pictures
from glassnet.studies.metrics import metrics_of
from glassnet.studies.page import page_of
from glassnet.studies.result import StudyResult

REPORT = "report.html"
MODELS = {"logistic": "logistic.safetensors", "net": "net.safetensors"}


def write_study(result: StudyResult, out: Path) -> Path:
    """Write everything into a folder; see `StudyResult.write`."""
    with atomic_folder_write(out) as staging:
        folder = staging / "figures"
        folder.mkdir()
        with _headless():
            gallery = _Gallery(folder)
            page = page_of(result, gallery.render)
            for picture in file_pictures(result):
                gallery.render(picture)
        write_page(page, staging / REPORT)
        metrics = json.dumps(metrics_of(result), indent=1, allow_nan=False)
        (staging / "metrics.json").write_text(metrics + "\n", encoding="utf-8")
        predictions_of(result).to_csv(staging / "predictions.csv", index=False)
        for which, name in MODELS.items():
            save_model(result.trained_model(which), staging / name)
        if result.more is not None:
            save_model(result.more.auto, staging / "auto.safetensors")
    return out / REPORT


def predictions_of(result: StudyResult) -> pd.DataFrame:
    """Return every row's labels and probabilities, a row a line, in the order of the data.

    Columns: row (from 0), set ("train" or "holdout"), label, then for each model its label, its
    probability of it, and its probability of the true label.
    """
    dataset = result.dataset
    position = np.searchsorted(dataset.classes, np.asarray(dataset.y))
    where = np.full(dataset.n_rows, "train", dtype=object)
    where[result.split.holdout] = "holdout"
    columns = {"row": np.arange(dataset.n_rows), "set": where, "label": dataset.y}
    rows = np.arange(dataset.n_rows)
    for which, reading in zip(MODELS, result.readings, strict=True):
        chosen = np.searchsorted(dataset.classes, reading.predicted)
        columns[which] = reading.predicted
        columns[f"{which}_probability"] = reading.probabilities[rows, chosen].round(6)
        columns[f"{which}_probability_of_label"] = reading.probabilities[rows, position].round(6)
    return pd.DataFrame(columns)


@final
class _Gallery:
    """Draws pictures once, into numbered files and for the page."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._count = folder, 0

    def render(self, picture: Picture) -> FigureBlock:
        self._count += 1
        figure = picture.draw()
        drawn = draw_figure(figure)
        plt.close(figure)
        stem = f"{self._count:02d}-{picture.name}"
        (self._folder / f"{stem}.svg").write_bytes(drawn.svg)
        (self._folder / f"{stem}.png").write_bytes(drawn.png)
        return figure_block(
            drawn,
            title=picture.title,
            alt=picture.alt,
            caption=picture.caption,
            conclusion=picture.conclusion,
            fit=picture.fit,
        )


@contextmanager
def _headless() -> Iterator[None]:
    """Draw without a screen, and give the caller's backend back."""
    backend = mpl.get_backend()
    plt.switch_backend("agg")
    try:
        yield
    finally:
        plt.switch_backend(backend)
