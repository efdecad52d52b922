"""Options that several commands share, and how their text becomes values."""

from __future__ import annotations

__all__ = [
    "FEWEST",
    "NET_PARAMETERS",
    "OPTION_OF",
    "RegistryChoice",
    "data_options",
    "load",
    "load_for",
    "net_options",
    "net_parameters",
    "seed_option",
    "source_argument",
    "split_options",
]

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar, final

import click
from click.shell_completion import CompletionItem

from glassnet.errors import nearest_name

if TYPE_CHECKING:
    from glassnet.data import Dataset
    from glassnet.estimators.trained import TrainedModel

Command = TypeVar("Command", bound=Callable[..., Any])
FEWEST = click.IntRange(min=1)


@final
class RegistryChoice(click.ParamType):  # type: ignore[type-arg]
    """One of the names in a registry, which is imported only when a value is there to check.

    Parameters
    ----------
    module, registry : str
        Where the registry is; its keys are the choices.
    further : sequence of str
        Choices besides.
    """

    name = "name"

    def __init__(self, module: str, registry: str, further: Sequence[str] = ()) -> None:
        self._module, self._registry, self._further = module, registry, tuple(further)

    @property
    def choices(self) -> tuple[str, ...]:
        """The names."""
        return (*getattr(import_module(self._module), self._registry), *self._further)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Accept a name of the registry."""
        if value in self.choices:
            return str(value)
        near = nearest_name(str(value), self.choices)
        self.fail(f"{value!r} is none of {', '.join(self.choices)}.{near}", param, ctx)

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Complete a name."""
        return [CompletionItem(name) for name in self.choices if name.startswith(incomplete)]


@final
class _Layers(click.ParamType):  # type: ignore[type-arg]
    """Units of each hidden layer: ``40``, or ``100,50``."""

    name = "units"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, ...]:
        """Read whole numbers apart by commas."""
        if isinstance(value, tuple):
            return value
        try:
            layers = tuple(int(part) for part in str(value).split(","))
        except ValueError:
            layers = (0,)
        if min(layers) < 1:
            self.fail(
                f"{value!r} is no list of layers: write the units of each hidden layer, such as "
                "40 or 100,50.",
                param,
                ctx,
            )
        return layers


@final
class _Batch(click.ParamType):  # type: ignore[type-arg]
    """Rows a batch: a number, or ``auto``."""

    name = "rows"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> int | str:
        """Read a positive whole number or the word."""
        if value == "auto":
            return "auto"
        try:
            rows = int(value)
        except ValueError:
            rows = 0
        if rows < 1:
            self.fail(
                f"{value!r} is no number of rows: write a whole number from 1 on, or auto.",
                param,
                ctx,
            )
        return rows


@final
class _Warmup(click.ParamType):  # type: ignore[type-arg]
    """Steps of a warm-up: a share of all steps, or their number."""

    name = "steps"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float | int:
        """Read a share below 1, or a whole number."""
        try:
            steps = float(value)
        except ValueError:
            steps = -1.0
        if not (0 <= steps < 1 or (steps >= 1 and steps.is_integer())):
            self.fail(
                f"{value!r} is no warm-up: write a share of all steps, such as 0.1, or their "
                "number, such as 500.",
                param,
                ctx,
            )
        return int(steps) if steps >= 1 else steps


def _decorate(command: Command, options: Sequence[Callable[[Any], Any]]) -> Command:
    """Apply options so that help lists them in their order."""
    for option in reversed(options):
        command = option(command)
    return command


def source_argument(command: Command) -> Command:
    """Add the argument SOURCE."""
    return click.argument("source")(command)


_DATA = {
    "target": click.option(
        "--target",
        metavar="COLUMN",
        help="Column with the labels: its name, or its position from 0 where columns have no "
        "names (-1 is the last). In a file of several arrays, the array's name.",
    ),
    "labels": click.option(
        "--labels", metavar="FILE", help="File with the labels, where SOURCE has none."
    ),
    "header": click.option(
        "--header/--no-header",
        default=None,
        help="Whether the first line of a text file names the columns.  [default: look]",
    ),
    "image_shape": click.option(
        "--image-shape",
        metavar="SHAPE",
        help="Shape of the picture that a row unrolls to: 20x20, or 28x28x3 for colour.",
    ),
    "pixel_order": click.option(
        "--pixel-order",
        type=click.Choice(["C", "F"], case_sensitive=False),
        help="Whether rows hold pictures row by row (C) or column by column (F).  "
        "[default: F for .mat files, else C]",
    ),
    "drop": click.option(
        "--drop",
        metavar="COLUMNS",
        help="Columns to leave out, apart by commas: by their names, or x0, x1, ... where they "
        "have none.",
    ),
    "class_names": click.option(
        "--class-names",
        metavar="NAMES",
        help="What to call the classes, apart by commas, in the order of the sorted labels.",
    ),
}


def data_options(without: Sequence[str] = ()) -> Callable[[Command], Command]:
    """Add the options that say how SOURCE is read, but for some; `load` takes them."""
    chosen = [option for name, option in _DATA.items() if name not in without]
    return lambda command: _decorate(command, chosen)


def load(source: str, **options: Any) -> Dataset:
    """Read SOURCE as the data options say, with a sign of life where it takes long."""
    from glassnet.cli.progress import working
    from glassnet.data import load_dataset

    with working(f"Reading {source}"):
        return load_dataset(source, **options)


def load_for(model: TrainedModel, source: str, **options: Any) -> Dataset:
    """Read SOURCE for a model that is there: what the options leave open is as it was trained."""
    options["target"] = options["target"] or model.target
    if model.image is not None and (options["image_shape"] or options["pixel_order"]):
        options["image_shape"] = options["image_shape"] or str(model.image)
        options["pixel_order"] = options["pixel_order"] or model.image.pixel_order
    return load(source, **options, require_labels=False)


def seed_option(command: Command) -> Command:
    """Add --seed."""
    return click.option(
        "--seed",
        type=click.IntRange(0, 2**32 - 1),
        default=0,
        show_default=True,
        help="Random state of the split and of the training; the same seed gives the same model.",
    )(command)


def split_options(command: Command) -> Command:
    """Add --holdout and --seed."""
    return _decorate(
        command,
        (
            click.option(
                "--holdout",
                type=click.FloatRange(0, 1, max_open=True),
                default=0.1,
                show_default=True,
                metavar="SHARE",
                help="Share of the rows of each class to hold out of the training, on which "
                "success is measured; 0 for none.",
            ),
            seed_option,
        ),
    )


# Option, the parameter of MLPClassifier that it sets, its type, and its help.
_NET = (
    ("--hidden", "hidden_layer_sizes", _Layers(), "Units of each hidden layer: 40, or 100,50."),
    (
        "--activation",
        "activation",
        RegistryChoice("glassnet.model", "ACTIVATIONS"),
        "Activation of the hidden units, such as relu, tanh or logistic.",
    ),
    (
        "--solver",
        "solver",
        RegistryChoice("glassnet.training", "OPTIMIZERS", ["lbfgs"]),
        "How the net learns: by batches, such as adam or sgd, or from all rows at once, lbfgs.",
    ),
    (
        "--learning-rate",
        "learning_rate_init",
        click.FloatRange(0, min_open=True),
        "Size of the steps at the start, for all solvers but lbfgs.",
    ),
    (
        "--schedule",
        "learning_rate",
        RegistryChoice("glassnet.training", "SCHEDULES"),
        "How the learning rate changes, such as constant, adaptive (sgd alone) or cosine.",
    ),
    ("--max-iter", "max_iter", FEWEST, "Epochs at most."),
    ("--alpha", "alpha", click.FloatRange(0), "Strength of the L2 penalty."),
    ("--batch-size", "batch_size", _Batch(), "Rows a step, or auto: 200, or all if fewer."),
    (
        "--dropout",
        "dropout",
        click.FloatRange(0, 1, max_open=True),
        "Probability with which a step leaves out a hidden unit of a row.",
    ),
    (
        "--weight-decay",
        "weight_decay",
        click.FloatRange(0),
        "Decay of the weights in each step, whatever the batch size.  [default: 0.01 with adamw, "
        "else 0]",
    ),
    (
        "--clip-norm",
        "clip_norm",
        click.FloatRange(0, min_open=True),
        "Most that the norm of a step's gradient may be.  [default: no limit]",
    ),
    (
        "--warmup",
        "warmup",
        _Warmup(),
        "Steps in which the schedules cosine and one_cycle raise the rate: a share, 0.1, or their "
        "number, 500.  [default: 0 for cosine, 0.3 for one_cycle]",
    ),
    (
        "--label-smoothing",
        "label_smoothing",
        click.FloatRange(0, 1, max_open=True),
        "Share of each row's label that is spread over all classes.",
    ),
    (
        "--class-weight",
        "class_weight",
        click.Choice(["balanced"]),
        "Give every class the same total weight.  [default: every row]",
    ),
    (
        "--early-stopping",
        "early_stopping",
        None,
        "Keep a tenth of the training rows aside, and stop when they get no better.",
    ),
)
_NET_DEFAULTS = {
    "hidden_layer_sizes": "100",
    "activation": "relu",
    "solver": "adam",
    "learning_rate_init": 0.001,
    "learning_rate": "constant",
    "max_iter": 200,
    "alpha": 0.0001,
    "batch_size": "auto",
    "dropout": 0.0,
    "weight_decay": None,
    "clip_norm": None,
    "warmup": None,
    "label_smoothing": 0.0,
    "class_weight": None,
    "early_stopping": False,
}


NET_PARAMETERS = tuple(name for _, name, _, _ in _NET)
# The option that gives each parameter of the net, or of reading, its value.
OPTION_OF = {
    **{name: option for option, name, _, _ in _NET},
    **{name: "--" + name.replace("_", "-") for name in _DATA},
}


def net_options(**defaults: Any) -> Callable[[Command], Command]:
    """Add the options of the net; `net_parameters` takes them.

    Parameters
    ----------
    **defaults
        Defaults other than those of `MLPClassifier`, by the names of its parameters.
    """
    options = [
        click.option(
            option,
            name,
            type=kind,
            is_flag=kind is None,
            default={**_NET_DEFAULTS, **defaults}[name],
            show_default={**_NET_DEFAULTS, **defaults}[name] is not None and kind is not None,
            help=text,
        )
        for option, name, kind, text in _NET
    ]
    return lambda command: _decorate(command, options)


def net_parameters(values: dict[str, Any]) -> dict[str, Any]:
    """Take the net's parameters out of a command's values; the rest stays there."""
    return {name: values.pop(name) for _, name, _, _ in _NET}
