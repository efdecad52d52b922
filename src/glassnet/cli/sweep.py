"""``glassnet sweep``: search a net's parameters, all candidates together, and go on if killed."""

from __future__ import annotations

__all__ = ["command"]

import warnings
from collections.abc import Sequence
from typing import Any, final

import click

from glassnet.cli.options import (
    FEWEST,
    RegistryChoice,
    data_options,
    load,
    net_options,
    net_parameters,
    source_argument,
    split_options,
)
from glassnet.cli.output import say, say_warning, wrapped
from glassnet.cli.wording import parameter_of
from glassnet.files import check_output_folder


@final
class _Tried(click.ParamType):  # type: ignore[type-arg]
    """A parameter with values to try: ``learning-rate=0.001,0.01``, or ``alpha=1e-5..1``."""

    name = "name=values"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, Any]:
        """Read a name and its values."""
        name, sign, text = str(value).partition("=")
        if not sign or not text:
            self.fail(
                f"{value!r} has no values: write learning-rate=0.001,0.01 or "
                "learning-rate=0.0001..0.1.",
                param,
                ctx,
            )
        parameter = parameter_of(name.strip())
        low, between, high = text.partition("..")
        if between:
            return parameter, self._range(low, high, param, ctx)
        return parameter, [_value(parameter, part.strip()) for part in text.split(",")]

    def _range(self, low: str, high: str, param: Any, ctx: Any) -> Any:
        from scipy.stats import loguniform, uniform

        try:
            ends = float(low), float(high)
        except ValueError:
            ends = (1.0, 0.0)
        if not ends[0] < ends[1] < float("inf"):
            self.fail(f"{low}..{high} is no range of numbers, the lower one first.", param, ctx)
        is_wide = ends[0] > 0 and ends[1] >= 10 * ends[0]
        return loguniform(*ends) if is_wide else uniform(ends[0], ends[1] - ends[0])


def _value(parameter: str, text: str) -> Any:
    """Return a value as its parameter takes it."""
    if parameter == "hidden_layer_sizes":
        return tuple(_number(part) for part in text.split("x"))
    return None if text == "none" else _number(text)


def _number(text: str) -> Any:
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


@click.command("sweep", short_help="Search a net's parameters, all candidates together.")
@source_argument
@click.option(
    "--try",
    "tried",
    type=_Tried(),
    multiple=True,
    help="Values to try for an option of the net, apart by commas, layers by x "
    "(hidden=50,100,100x50), or a range to draw from (learning-rate=0.0001..0.1; needs "
    "--candidates). Give it several times.  [default: 3 x 4 x 3 values of hidden, learning-rate "
    "and alpha]",
)
@click.option(
    "--candidates", "n_candidates", type=FEWEST, help="Candidates to draw.  [default: all]"
)
@click.option(
    "--folds",
    type=click.IntRange(min=2),
    default=5,
    show_default=True,
    help="Folds of the cross-validation.",
)
@click.option(
    "--restarts",
    "n_restarts",
    type=FEWEST,
    default=1,
    show_default=True,
    help="Random starts of each candidate on each fold; their spread is what is luck.",
)
@click.option(
    "--halving/--no-halving",
    default=True,
    show_default=True,
    help="Whether candidates far behind are stopped on the way.",
)
@click.option("--jobs", "n_jobs", type=int, help="Processes to spread it over.  [default: threads]")
@data_options()
@split_options
@click.option(
    "--scale",
    type=RegistryChoice("glassnet.data.preprocessor", "SCALES"),
    default="auto",
    show_default=True,
    help="How numbers are scaled, as measured on the training rows.",
)
@net_options()
@click.option(
    "--out",
    default="glassnet-sweep",
    show_default=True,
    metavar="DIR",
    help="Folder for the results, and for the journal to go on from.",
)
def command(source: str, out: str, tried: Sequence[tuple[str, Any]], **values: Any) -> None:
    """Search the net's parameters on SOURCE and keep the best net.

    All candidates, folds and starts are trained together. What is done is written down in DIR:
    the same command goes on where it was stopped, by Ctrl-C or otherwise. In DIR then stand
    results.csv, a page sweep.html, and the best net, net.safetensors, measured on rows that the
    search never saw.
    """
    from sklearn.exceptions import ConvergenceWarning

    from glassnet.cli.standings import Standings
    from glassnet.studies.sweep import SweepOptions, sweep_dataset

    options: dict[str, Any] = {
        name: values.pop(name)
        for name in ("n_candidates", "folds", "n_restarts", "n_jobs", "holdout", "seed", "scale")
    }
    options["halving"] = 3.0 if values.pop("halving") else None
    space = _space(tried, options["n_candidates"])
    net = {name: value for name, value in net_parameters(values).items() if name not in space}
    check_output_folder(out)
    dataset = load(source, **values)
    if space:
        options["space"] = space
    asked = SweepOptions(parameters=net, **options)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        warnings.filterwarnings("ignore", "Search interrupted")
        with Standings(asked.space) as standings:
            try:
                result = sweep_dataset(dataset, asked, out, listener=standings)
            except KeyboardInterrupt:
                say_warning(f"Stopped. The same command goes on from what is in {out}.")
                raise
    page = result.write(out)
    say(standings.text())
    if result.holdout is not None:
        rates = result.holdout
        say(
            wrapped(
                f"The best of them, fitted to all other rows, gets {rates.correct} of "
                f"{rates.rows} held-out rows right ({100 * rates.accuracy:.1f} %)."
            )
        )
    say(f"Wrote {page} and, beside it, results.csv and net.safetensors.")


def _space(tried: Sequence[tuple[str, Any]], n_candidates: int | None) -> dict[str, Any]:
    """Return what to search, each parameter once."""
    space: dict[str, Any] = {}
    for name, of in tried:
        if name in space:
            raise click.UsageError(f"--try names {name} twice; give all its values at once.")
        space[name] = of
    if n_candidates is None and any(hasattr(of, "rvs") for of in space.values()):
        raise click.UsageError("A range has no end of values: say with --candidates how many.")
    return space
