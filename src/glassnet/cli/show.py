"""``glassnet show``: what is in a model file."""

from __future__ import annotations

__all__ = ["command"]

import io
import shutil
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from glassnet.cli.output import check_output_file, rates_table, say
from glassnet.errors import OutputError

if TYPE_CHECKING:
    from glassnet.estimators.trained import TrainedModel

LISTED = 20  # names, before the rest is only counted
INDENT = 13  # where the account of a part begins


@click.command("show", short_help="Describe a model file, or draw its hidden units.")
@click.argument("model")
@click.option(
    "--units", metavar="PATH", help="Draw what each hidden unit looks for (.png, .svg or .pdf)."
)
def command(model: str, units: str | None) -> None:
    """Describe the model in the file MODEL: its net, classes, preparation, training and success."""
    from glassnet.store import load_model

    if units is not None:
        check_output_file(units, model)
    trained = load_model(model)
    width = shutil.get_terminal_size().columns
    for line in _account(Path(model), trained):
        say(textwrap.fill(line, width, subsequent_indent=" " * INDENT))
    measured = {"training": trained.train, "held out": trained.holdout}
    rates = {name: plain for name, plain in measured.items() if plain is not None}
    if rates:
        say()
        say(rates_table(rates))
    if units is not None:
        _draw_units(trained, units)
        say(f"Wrote {units}.")


def _account(path: Path, trained: TrainedModel) -> Iterator[str]:
    """Describe the model, a line a part."""
    from glassnet.data.dataset import generated_names

    yield f"{path.name}: {_kind(trained)}, {path.stat().st_size / 1000:.0f} kB"
    yield f"classes      {len(trained.classes)}: {_listed(_class_names(trained))}"
    names = trained.feature_names
    if trained.image is not None:
        listed = " pixels"
    elif names == generated_names(len(names)):
        listed = " without names"
    else:
        listed = f": {_listed(names)}"
    yield f"columns      {len(names)}{listed}"
    if trained.image is not None:
        order = "row by row" if trained.image.pixel_order == "C" else "column by column"
        yield f"images       {trained.image}, unrolled {order} ({trained.image.pixel_order})"
    for line in trained.preprocessor.describe():
        yield f"preparation  {line}"
    if trained.versions:
        labels = f", labels from column {trained.target!r}" if trained.target else ""
        yield f"trained on   {trained.source}{labels}"
        yield f"training     {_training(trained)}"
        yield f"versions     {', '.join(f'{name} {is_}' for name, is_ in trained.versions.items())}"
    else:
        yield f"trained      elsewhere; converted from {trained.source}"


def _kind(trained: TrainedModel) -> str:
    from glassnet.estimators.auto_mlp import AutoMLPClassifier
    from glassnet.estimators.mlp_classifier import MLPClassifier

    estimator = trained.estimator
    if isinstance(estimator, AutoMLPClassifier):
        net = estimator.nets_[0]
        layers = [net.coefs_[0].shape[0], *(len(b) for b in net.intercepts_)]
        return f"{len(estimator.nets_)} neural nets {'-'.join(map(str, layers))}, averaged"
    if not isinstance(estimator, MLPClassifier):
        return f"logistic regression ({estimator.multi_class}) of {estimator.coef_.size} weights"
    layers = [estimator.coefs_[0].shape[0], *(len(b) for b in estimator.intercepts_)]
    weights = sum(coef.size for coef in estimator.coefs_) + sum(layers[1:])
    return (
        f"neural net {'-'.join(map(str, layers))}, {estimator.activation} units, "
        f"{estimator.out_activation_} output, {weights} weights"
    )


def _class_names(trained: TrainedModel) -> list[str]:
    labels = map(str, trained.classes.tolist())
    return [
        name if name == label else f"{label} ({name})"
        for label, name in zip(labels, trained.class_names, strict=True)
    ]


def _listed(names: list[str] | tuple[str, ...]) -> str:
    rest = len(names) - LISTED
    return ", ".join(names[:LISTED]) + (f" and {rest} more" if rest > 0 else "")


def _training(trained: TrainedModel) -> str:
    """Name what differs from the default parameters, and how the training ended."""
    import numpy as np

    estimator = trained.estimator
    defaults = type(estimator)().get_params(deep=False)
    changed = [
        f"{name}={value!r}"
        for name, value in estimator.get_params(deep=False).items()
        if value != defaults[name]
    ]
    said = [", ".join(changed) or "default parameters"]
    n_iter = int(np.max(np.append(estimator.n_iter_, 0)))
    if n_iter:
        said.append(f"{n_iter} iterations")
    loss = getattr(estimator, "loss_", np.nan)
    if np.isfinite(loss):
        said.append(f"loss {loss:.4g}")
    return "; ".join(said)


def _draw_units(trained: TrainedModel, path: str) -> None:
    import matplotlib

    matplotlib.use("agg")  # a file is drawn, no window
    from glassnet.files import atomic_write_bytes
    from glassnet.pictures import HiddenUnitsDisplay

    kind = Path(path).suffix.lower().lstrip(".")
    if kind not in ("png", "svg", "pdf"):
        raise OutputError(f"{path} must end in .png, .svg or .pdf, the kinds that are drawn.")
    is_plain = len(trained.feature_names) == trained.preprocessor.get_feature_names_out().size
    names = trained.preprocessor.get_feature_names_out()
    inputs = getattr(trained.estimator, "inputs_", None)
    if inputs is not None:
        is_plain &= inputs.n_out == inputs.n_features
        names = inputs.names_out(names)
    display = HiddenUnitsDisplay.from_estimator(
        trained.estimator,
        image=trained.image if is_plain else None,
        feature_names=[str(name) for name in names],
    )
    content = io.BytesIO()
    display.figure_.savefig(content, format=kind)
    atomic_write_bytes(path, content.getvalue())
