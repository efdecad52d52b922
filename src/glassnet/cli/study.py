"""``glassnet study``: the whole story, from a file to a report."""

from __future__ import annotations

__all__ = ["command"]

import shutil
import webbrowser
from pathlib import Path
from typing import Any

import click

from glassnet.cli.options import (
    FEWEST,
    RegistryChoice,
    data_options,
    load,
    net_options,
    seed_option,
)
from glassnet.cli.output import say, say_warning, wrapped
from glassnet.cli.wording import in_options
from glassnet.files import check_output_folder


@click.command("study", short_help="Study a labelled data set and write a report.")
@click.argument("source", default="digits")
@data_options()
@click.option(
    "--holdout",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    default=0.1,
    show_default=True,
    metavar="SHARE",
    help="Share of the rows of each class to hold out of all fitting.",
)
@seed_option
@click.option(
    "--scale",
    type=RegistryChoice("glassnet.data.preprocessor", "SCALES"),
    default="auto",
    show_default=True,
    help="How numbers are scaled, as measured on the training rows.",
)
@net_options(hidden_layer_sizes="40", activation="logistic", solver="sgd", learning_rate_init=0.001)
@click.option(
    "--attempts",
    type=FEWEST,
    default=3,
    show_default=True,
    help="How often the net is fitted at most: an attempt that does not converge is followed by "
    "one with what its diagnosis advises.",
)
@click.option(
    "--C",
    "C",
    type=click.FloatRange(0, min_open=True),
    default=1.0,
    show_default=True,
    help="Inverse strength of the L2 penalty of the logistic regression.",
)
@click.option(
    "--more",
    is_flag=True,
    help="Look further: a third model without choices, the net from ten random starts, and on "
    "fewer rows. Takes a few times as long.",
)
@click.option(
    "--out",
    default="glassnet-study",
    show_default=True,
    metavar="DIR",
    help="Folder for the report, the figures, the numbers and the models.",
)
@click.option("--open", "opens", is_flag=True, help="Open the report in a browser.")
def command(source: str, out: str, opens: bool, **values: Any) -> None:
    """Study SOURCE and write a report.

    SOURCE is a table (CSV, Parquet, .mat, .npz, ...), a folder of images with one subfolder a
    label, or the name of a built-in set (digits, iris, wine, breast_cancer); by default digits.

    A one-vs-rest logistic regression and a neural net are fitted to the same training rows and
    measured on the same held-out rows. The report says how well both do, where they err, which
    is better, and what the net learned.
    """
    from glassnet.cli.progress import TrainingProgress, working
    from glassnet.studies import StudyOptions, study_dataset

    loading = {
        name: values.pop(name)
        for name in (
            "target",
            "labels",
            "header",
            "image_shape",
            "pixel_order",
            "class_names",
            "drop",
        )
    }
    options = StudyOptions(**values)
    check_output_folder(out)  # before the work, not after it
    dataset = load(source, **loading)
    with TrainingProgress("Studying", options.max_iter) as progress:
        result = study_dataset(dataset, options, progress)
    say(wrapped(in_options(result.account()), shutil.get_terminal_size().columns))
    with working("Drawing the report"):
        report = result.write(out)
    say(f"Wrote {report} and, beside it, figures, metrics.json, predictions.csv and both models.")
    if opens and not webbrowser.open(Path(report).resolve().as_uri()):
        say_warning(f"No browser was found to open {report}.")
