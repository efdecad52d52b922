"""``glassnet fit``: train a model and write it to a file."""

from __future__ import annotations

__all__ = ["command"]

import warnings
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from glassnet.cli.options import (
    RegistryChoice,
    data_options,
    load,
    net_options,
    net_parameters,
    source_argument,
    split_options,
)
from glassnet.cli.output import check_output_file, rates_table, say, say_warning, wrapped
from glassnet.cli.wording import in_options, option_for
from glassnet.errors import DataError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from glassnet.estimators.mlp_classifier import MLPClassifier
    from glassnet.estimators.trained import Classifier


@click.command("fit", short_help="Train a model and write it to a file.")
@source_argument
@click.option(
    "--model-out", required=True, metavar="PATH", help="Where to write the model (.safetensors)."
)
@click.option(
    "--model",
    type=click.Choice(["net", "logistic", "auto"]),
    default="net",
    show_default=True,
    help="A neural net, logistic regression, or nets with nothing to tune.",
)
@data_options()
@split_options
@click.option(
    "--scale",
    type=RegistryChoice("glassnet.data.preprocessor", "SCALES"),
    default="auto",
    show_default=True,
    help="How numbers are scaled, as measured on the training rows: such as standard, each column "
    "to mean 0 and deviation 1, or pixels, all columns alike.",
)
@net_options()
@click.option(
    "--C",
    "C",
    type=click.FloatRange(0, min_open=True),
    default=1.0,
    show_default=True,
    help="Inverse strength of the L2 penalty of the logistic regression.",
)
@click.option(
    "--multi-class",
    type=click.Choice(["ovr", "multinomial"]),
    default="ovr",
    show_default=True,
    help="How logistic regression tells several classes apart: each from the rest, or all at once.",
)
@click.option(
    "--time-budget",
    type=click.FloatRange(0, min_open=True),
    metavar="SECONDS",
    help="Seconds that the training of --model auto may take.",
)
@click.pass_context
def command(ctx: click.Context, /, source: str, model_out: str, model: str, **values: Any) -> None:
    """Train a model on SOURCE and write it to a file.

    SOURCE is a table (CSV, Parquet, .mat, .npz, ...), a folder of images with one subfolder a
    label, or the name of a built-in set (digits, iris, wine, breast_cancer).

    A share of the rows is held out. Text, missing values and scales are prepared as measured on
    the training rows alone, and success is measured on both. Ctrl-C ends the training and keeps
    the model as it is then.
    """
    import numpy as np

    from glassnet.data import Preprocessor
    from glassnet.estimators.holdout import split_rows
    from glassnet.estimators.trained import TrainedModel
    from glassnet.evaluation import success_rates
    from glassnet.store import save_model

    holdout, seed, scale = values.pop("holdout"), values.pop("seed"), values.pop("scale")
    net = net_parameters(values)
    own: dict[str, dict[str, Any]] = {
        "net": net,
        "logistic": {name: values.pop(name) for name in ("C", "multi_class")},
        "auto": {"time_budget": values.pop("time_budget")},
    }
    _check_options(ctx, model, own)
    check_output_file(model_out, source, values["labels"] or source)
    dataset = load(source, **values)
    say(wrapped("\n".join(dataset.describe().sentences())))
    y = np.asarray(dataset.y)
    train_rows, held_out_rows = split_rows(y, holdout, seed)
    train = dataset.subset(train_rows)
    preprocessor = Preprocessor.for_dataset(train, "none" if model == "auto" else scale)
    preprocessor.fit(train.X)
    say(wrapped("\n".join(preprocessor.describe())))
    estimator = _estimator(model, own[model], seed)
    _fit(estimator, preprocessor.transform(train.X), y[train_rows])

    trained = TrainedModel.of(dataset, preprocessor, estimator)
    rates = {
        name: success_rates(
            y[rows], trained.predict(dataset.subset(rows)), dataset.classes, dataset.class_names
        ).to_dict()
        for name, rows in (("training", train_rows), ("held out", held_out_rows))
        if len(rows)
    }
    trained = replace(trained, train=rates["training"], holdout=rates.get("held out"))
    say()
    say(rates_table(rates))
    say()
    path = save_model(trained, model_out)
    say(f"Wrote {path} ({Path(path).stat().st_size / 1000:.0f} kB).")


def _check_options(ctx: click.Context, model: str, own: Mapping[str, Mapping[str, Any]]) -> None:
    """Refuse options of other kinds of models, which would do nothing."""
    of_others = {name for options in own.values() for name in options} - own[model].keys()
    if model == "auto":
        of_others.add("scale")  # it scales by itself
    for parameter in ctx.command.params:
        given = ctx.get_parameter_source(parameter.name or "")
        if parameter.name in of_others and given is not click.core.ParameterSource.DEFAULT:
            raise click.UsageError(f"{parameter.opts[0]} does nothing with --model {model}.", ctx)


def _estimator(model: str, parameters: dict[str, Any], seed: int) -> Classifier:
    from glassnet.estimators.auto_mlp import AutoMLPClassifier
    from glassnet.estimators.logistic_regression import LogisticRegression
    from glassnet.estimators.mlp_classifier import MLPClassifier

    if model == "auto":
        return AutoMLPClassifier(**parameters, random_state=seed)
    kind = MLPClassifier if model == "net" else LogisticRegression
    return kind(**parameters, random_state=seed)


def _fit(estimator: Classifier, X: NDArray[Any], y: NDArray[Any]) -> None:
    """Fit, and say how it ended."""
    from sklearn.exceptions import ConvergenceWarning

    from glassnet.cli.progress import TrainingProgress, working
    from glassnet.estimators.mlp_classifier import MLPClassifier

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("default")
        try:
            if isinstance(estimator, MLPClassifier):
                with TrainingProgress("Training", estimator.max_iter) as progress:
                    estimator.fit_monitored(X, y, progress)
            else:
                with working("Training"):
                    estimator.fit(X, y)
        except ValueError as error:  # parameters out of range, or training that diverged
            raise DataError(str(error)) from error
    is_net = isinstance(estimator, MLPClassifier)
    for warning in caught:
        if not (is_net and issubclass(warning.category, ConvergenceWarning)):
            say_warning(in_options(str(warning.message)))
    interrupted = any("interrupted" in str(warning.message) for warning in caught)
    if isinstance(estimator, MLPClassifier) and not interrupted:
        _say_how_it_ended(estimator, y)
    for each in getattr(estimator, "rehearsal_", ()):
        say(each.sentence)


def _say_how_it_ended(net: MLPClassifier, y: NDArray[Any]) -> None:
    """Say whether the training converged, and what to change where it did not."""
    import numpy as np

    from glassnet.evaluation import diagnose_convergence

    shares = np.unique_counts(y).counts / len(y)
    found = diagnose_convergence(
        net.loss_curve_,
        converged=net.n_iter_ < net.max_iter,
        max_iter=net.max_iter,
        learning_rate_init=net.learning_rate_init,
        tol=net.tol,
        n_iter_no_change=int(net.n_iter_no_change),
        solver=net.solver,
        baseline_loss=float(-(shares * np.log(shares)).sum()),
    )
    say(wrapped(found.sentence))
    if found.suggested:
        options = [option_for(name, value) for name, value in found.suggested.items()]
        say(f"Next try: {' '.join(option for option in options if option)}")
