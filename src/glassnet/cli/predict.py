"""``glassnet predict``: the label of each row."""

from __future__ import annotations

__all__ = ["command"]

from typing import TYPE_CHECKING, Any

import click

from glassnet.cli.options import data_options, load_for, source_argument
from glassnet.cli.output import check_output_file, say

if TYPE_CHECKING:
    from glassnet.data import Dataset
    from glassnet.estimators.trained import TrainedModel


@click.command("predict", short_help="Print the label of each row.")
@click.argument("model")
@source_argument
@click.option(
    "--out", metavar="PATH", help="Where to write the table (CSV).  [default: standard output]"
)
@click.option("--proba", is_flag=True, help="Add the probability of each class.")
@data_options(without=("labels", "class_names", "drop"))
def command(model: str, source: str, out: str | None, proba: bool, **values: Any) -> None:
    """Assign a label to each row of SOURCE with the model in the file MODEL.

    The result is a table with the columns row (counted from 0) and prediction; name where classes
    have names of their own. Labels in SOURCE are not needed; those in the column that the model
    learned from are left out.
    """
    from glassnet.files import atomic_write_text
    from glassnet.store import load_model

    if out is not None:
        check_output_file(out, model, source)
    trained = load_model(model)
    text = _table(trained, load_for(trained, source, **values), proba)
    if out is None:
        say(text, end=False)
    else:
        atomic_write_text(out, text)


def _table(trained: TrainedModel, dataset: Dataset, proba: bool) -> str:
    """Lay the predictions out as CSV."""
    import pandas as pd

    labels = trained.predict(dataset)
    columns: dict[str, Any] = {"row": range(dataset.n_rows), "prediction": labels}
    names = dict(zip(trained.classes.tolist(), trained.class_names, strict=True))
    if any(str(label) != name for label, name in names.items()):
        columns["name"] = [names[label] for label in labels.tolist()]
    table = pd.DataFrame(columns)
    if proba:
        p = trained.predict_proba(dataset)
        heads = [f"probability of {name}" for name in trained.class_names]
        table = pd.concat([table, pd.DataFrame(p, columns=heads)], axis=1)
    text: str = table.to_csv(index=False, lineterminator="\n")
    return text
