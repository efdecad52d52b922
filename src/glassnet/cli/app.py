"""The group of all commands, and what becomes of their failures."""

from __future__ import annotations

__all__ = ["cli", "main"]

import errno
import os
import platform
import warnings
from importlib import import_module
from importlib.util import find_spec
from typing import Any, NoReturn, TextIO, final

import click

import glassnet
from glassnet.cli.output import say_warning
from glassnet.errors import DataError, GlassnetError, nearest_name

# In the order in which one meets them; each is a module of this package.
COMMANDS = ("study", "doctor", "fit", "sweep", "predict", "evaluate", "show", "convert")
REFERENCE = "reference (NumPy)"

INTERRUPTED = 130


@final
class _UserFailure(click.ClickException):
    """What the user can mend, as one line: ``Error: ...``."""

    exit_code = 2


@final
class _OurFailure(click.ClickException):
    """What the user cannot mend, as one line."""

    exit_code = 1


@final
class _Commands(click.Group):
    """Imports a command's module when the command is called or help on it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of `COMMANDS`."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"glassnet.cli.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find a command; name the nearest one where it is mistyped."""
        if args and not args[0].startswith("-") and args[0] not in COMMANDS:
            near = nearest_name(args[0], COMMANDS)
            known = f" There are {', '.join(COMMANDS)}."
            ctx.fail(f"There is no command {args[0]!r}.{near or known}")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; every failure becomes a sentence and an exit code."""
        try:
            with warnings.catch_warnings():
                warnings.showwarning = _show_warning
                return super().invoke(ctx)
        except GlassnetError as error:
            from glassnet.cli.wording import in_options

            raise _UserFailure(in_options(str(error))) from error
        except KeyboardInterrupt:
            click.echo("Interrupted.", err=True)
            ctx.exit(INTERRUPTED)
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except Exception as error:
            if isinstance(error, OSError) and error.errno == errno.ENAMETOOLONG:
                raise _UserFailure(f"The name is too long for a file: {error.filename}.") from error
            if os.environ.get("GLASSNET_DEBUG"):
                raise
            what = " ".join(str(error).split())[:300] or "no more is known"
            raise _OurFailure(
                f"glassnet failed in a way it should not: {type(error).__name__}: {what}. "
                "Set GLASSNET_DEBUG=1 and run it again for a traceback, and please report it."
            ) from error


def _show_warning(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    """Show a warning as one line, without the place in the code that gave it."""
    from glassnet.cli.wording import in_options

    say_warning(in_options(str(message)))


def _print_version(ctx: click.Context, _: click.Parameter, asked: bool) -> None:
    if not asked or ctx.resilient_parsing:
        return
    from importlib.metadata import version  # takes as long as all of click

    try:
        engines = engines_in_words()
    except GlassnetError as error:
        raise _UserFailure(str(error)) from None
    click.echo(f"glassnet {glassnet.__version__}")
    click.echo(f"Python {platform.python_version()}")
    click.echo(f"scikit-learn {version('scikit-learn')}")
    click.echo(f"engines {engines}")
    ctx.exit()


def engines_in_words() -> str:
    """Name the engines that can train here, the one that does first.

    Raises
    ------
    DataError
        If an environment variable asks for an engine or an instruction set that is not there.
    """
    chosen = None
    if os.environ.get("GLASSNET_ENGINE"):  # else there is nothing to ask, and the import takes long
        from glassnet.training import choose_engine

        chosen = choose_engine().name
    if find_spec("glassnet._core") is None:
        return f"{REFERENCE}; the native one, which needs a C++20 compiler, was not built"
    from glassnet import _core

    n_threads = _core.default_threads()
    try:
        isa = _core.isa()
    except ValueError as error:
        raise DataError(str(error)) from None
    native = f"native ({isa}, {n_threads} thread{'s' if n_threads > 1 else ''})"
    if chosen == "reference":
        return f"{REFERENCE}, which GLASSNET_ENGINE asks for, {native}"
    return f"{native}, {REFERENCE}"


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
    help="Print the versions of glassnet, Python, scikit-learn and the engine.",
)
def cli() -> None:
    """A neural net you can see through.

    Train a classifier on a labelled table or small images, and see how well it does, where it
    errs and what it learned.
    """


def main() -> NoReturn:
    """Run the command line and leave with its exit code: 0, 2 for mistakes in what was given."""
    cli(prog_name="glassnet")
    raise SystemExit(0)
