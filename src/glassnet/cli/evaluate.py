"""``glassnet evaluate``: the success of a model on labelled rows."""

from __future__ import annotations

__all__ = ["command"]

import json
from typing import Any

import click

from glassnet.cli.options import data_options, load_for, source_argument
from glassnet.cli.output import rates_table, say
from glassnet.errors import DataError, nearest_name


@click.command("evaluate", short_help="Print the success rates of a model on labelled rows.")
@click.argument("model")
@source_argument
@data_options(without=("class_names",))
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
def command(model: str, source: str, as_json: bool, **values: Any) -> None:
    """Measure how often the model in the file MODEL gives the rows of SOURCE their own label.

    Prints a class a line, with counts and 95 % intervals, and the classes that are taken for each
    other most often.
    """
    from glassnet.evaluation import confusion, success_rates
    from glassnet.store import load_model

    trained = load_model(model)
    dataset = load_for(trained, source, **values)
    target = values["target"]
    if dataset.y is None and target is not None:
        near = nearest_name(target, dataset.feature_names)
        raise DataError(f"{dataset.name} has no column {target!r} to take the labels from.{near}")
    true, predicted = trained.true_labels(dataset), trained.predict(dataset)
    rates = success_rates(true, predicted, trained.classes, trained.class_names)
    counts = confusion(true, predicted, trained.classes, trained.class_names)
    if as_json:
        found = {
            "model": model,
            "source": dataset.name,
            "trained_on": trained.source,
            "success": rates.to_dict(),
            "confusion": counts.to_dict(),
        }
        say(json.dumps(found, ensure_ascii=False, indent=2))
        return
    say(rates_table({dataset.name: rates}))
    say()
    say(counts.sentence(5))
    if dataset.name == trained.source:
        say(
            f"The model was trained on {trained.source} too: on rows that it has seen, success is "
            "higher than it will be on new ones."
        )
