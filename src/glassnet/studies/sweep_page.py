"""A sweep as a page: the scores as a picture and as a table."""

from __future__ import annotations

__all__ = ["page_of"]

import matplotlib.pyplot as plt

import glassnet
from glassnet.pictures import SearchDisplay
from glassnet.report import (
    Code,
    FigureBlock,
    KeyFigure,
    Page,
    Paragraph,
    Section,
    Table,
    draw_figure,
    figure_block,
    literal,
)
from glassnet.studies.sweep import MODEL, RESULTS, SweepResult

LONGEST_TABLE = 30


def page_of(result: SweepResult) -> Page:
    """Compose the sweep's page."""
    table, found = result.table(), result.search.cv_results_
    n_folds, n_restarts = result.search.n_splits_, result.options.n_restarts
    figures = [
        KeyFigure(
            "Best candidate",
            f"{100 * result.search.best_score_:.1f} %",
            f"mean of {n_folds} folds, the best of {len(table)}: a little too high",
        )
    ]
    lead = [
        f"Of {len(table)} candidates, **{literal(result.best_in_words)}** is the "
        f"best by the mean accuracy of {n_folds} folds."
    ]
    if result.holdout is not None:
        rates = result.holdout
        figures.append(
            KeyFigure(
                "Held-out rows",
                f"{100 * rates.accuracy:.1f} %",
                f"{rates.correct} of {rates.rows} rows that the sweep never saw",
            )
        )
    spread = (
        "Beside it stands how much the score changes with the random start alone (standard "
        "deviation): differences smaller than that are luck."
        if n_restarts > 1
        else "One random start a candidate does not tell luck from merit: give `--restarts 3`."
    )
    shown = table.head(LONGEST_TABLE)
    names = sorted({name for each in found["params"] for name in each})
    header = ("rank", *names, "mean score", "folds ±", "starts ±", "epochs")
    lines = tuple(
        (
            str(line["rank_test_score"]),
            *(str(line[name]) for name in names),
            f"{line['mean_test_score']:.4f}",
            f"{line['std_test_score']:.4f}",
            f"{line['std_restarts_test_score']:.4f}" if n_restarts > 1 else "–",
            f"{line['mean_n_epochs']:.0f}",
        )
        for line in shown.to_dict("records")
    )
    return Page(
        title=f"A sweep over {result.model.source}",
        subtitle=f"{len(table)} candidates, {n_folds} folds, "
        f"{n_restarts} random start{'s' if n_restarts > 1 else ''} each",
        lead=tuple(lead),
        key_figures=tuple(figures),
        sections=(
            Section("Scores by parameter", "scores", (_figure(result),)),
            Section(
                "Candidates",
                "candidates",
                (
                    Paragraph(spread),
                    Table(
                        header,
                        lines,
                        f"The best {len(shown)} of {len(table)}; all are in `{RESULTS}`. Those "
                        "that were stopped on the way stand below those that were not.",
                        highlight=(0,),
                    ),
                ),
            ),
            Section(
                "Use it",
                "use",
                (Code(f"glassnet predict {MODEL} ROWS.csv"),),
            ),
        ),
        footer=f"glassnet {glassnet.__version__}, {result.seconds:.1f} s.",
    )


def _figure(result: SweepResult) -> FigureBlock:
    backend = plt.get_backend()
    plt.switch_backend("agg")
    try:
        display = SearchDisplay.from_estimator(result.search)
        drawn = draw_figure(display.figure_)
        plt.close(display.figure_)
    finally:
        plt.switch_backend(backend)
    return figure_block(
        drawn,
        title="Score against each parameter",
        alt="A panel for each searched parameter, with the mean score of every candidate.",
        caption="Each dot is a candidate; the bar is one standard deviation over the folds. Rings "
        "were stopped on the way.",
        conclusion=f"The best: {literal(result.best_in_words)}.",
    )
