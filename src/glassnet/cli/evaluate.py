"""``glassnet evaluate``: the success of a model on labelled rows."""

from __future__ import annotations

__all__ = ["command"]

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click

from glassnet.cli.options import data_options, load_for, source_argument
from glassnet.cli.output import rates_table, say, wrapped
from glassnet.errors import DataError, nearest_name

if TYPE_CHECKING:
    from glassnet.evaluation import ConfusedPair

MOST_PAIRS = 5


@click.command("evaluate", short_help="Print the success rates of a model on labelled rows.")
@click.argument("model")
@source_argument
@data_options(without=("class_names", "drop"))
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
    say(rates_table({dataset.name: rates.to_dict()}))
    pairs = _distinct(counts.top_pairs(2 * MOST_PAIRS))[:MOST_PAIRS]
    if pairs:
        say("\nMost often mistaken:")
    for pair in pairs:
        say(f"  {pair.sentence()}")
    if dataset.name == trained.source:
        say()
        say(
            wrapped(
                f"The model was trained on {trained.source} too. On rows it has seen, success is "
                f"higher than it will be on new ones{_held_out(trained.holdout)}."
            )
        )


def _distinct(pairs: Iterable[ConfusedPair]) -> list[ConfusedPair]:
    """Leave out a pair whose reverse came before: its sentence tells both."""
    told: dict[frozenset[str], ConfusedPair] = {}
    for pair in pairs:
        told.setdefault(frozenset({pair.true, pair.predicted}), pair)
    return list(told.values())


def _held_out(rates: dict[str, Any] | None) -> str:
    return (
        ""
        if rates is None
        else f"; on rows held out of the training it was {rates['accuracy']:.3f}"
    )
