"""Scripts and notebooks that import from scikit-learn get our classes, unchanged."""

from __future__ import annotations

__all__ = ["patch_sklearn", "run_script", "unpatch_sklearn"]

import logging
import os
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple, final

import glassnet

_LOGGER = logging.getLogger("glassnet")

# The packages of which we have classes. What else is in them stays scikit-learn's.
_PACKAGES = {
    "sklearn.neural_network": ("MLPClassifier", "MLPRegressor"),
    "sklearn.linear_model": ("LogisticRegression", "LogisticRegressionCV"),
}
# They mean scikit-learn's own classes when they name them.
_LEFT_ALONE = ("sklearn", "glassnet")


class _Replacement(NamedTuple):
    """A name in a module that stands for our class now."""

    module: ModuleType
    name: str
    theirs: type
    ours: type


_replacements: list[_Replacement] = []
_handler: logging.Handler | None = None


def patch_sklearn(*, verbosity: int = 0) -> None:
    """Let scikit-learn's names stand for our classes, where we have them.

    After it, ``from sklearn.neural_network import MLPClassifier`` and ``from sklearn.linear_model
    import LogisticRegression`` give ours, as does the name of every class that we have, and so do
    these names in modules that imported them before, a notebook's own among them. All other
    classes stay scikit-learn's. A penalty that only scikit-learn's solvers know is left to them.

    Estimators that exist already stay what they are. Ours are pickled under their own names, and
    load whether scikit-learn is patched or not. A second call sets the verbosity, and replaces
    what has become scikit-learn's again, as by a notebook's reload.

    It patches this process and those forked from it. A process that starts afresh, as joblib's
    loky and multiprocessing's "spawn" have them, trains the estimators that it is sent, ours too;
    but the modules that it imports get scikit-learn's classes there, unless they patch themselves.

    Parameters
    ----------
    verbosity : int, default=0
        At 1, what is left to scikit-learn is written to stderr. It is logged in any case, by the
        logger "glassnet" at level INFO.

    Returns
    -------
    None

    Examples
    --------
    >>> import glassnet
    >>> glassnet.patch_sklearn()
    >>> from sklearn.linear_model import LogisticRegression
    >>> LogisticRegression(solver="liblinear", multi_class="ovr")
    LogisticRegression(multi_class='ovr', solver='liblinear')
    >>> glassnet.unpatch_sklearn()
    """
    _listen(verbosity)
    known = {each.ours: each.theirs for each in _replacements}
    for package_name, names in _PACKAGES.items():
        package = import_module(package_name)
        covered = [name for name in names if name in glassnet.__all__]
        for name in covered:
            there, ours = getattr(package, name), getattr(glassnet, name)
            _replace(package, known.get(there, there), ours)
        if not known:
            told = " and ".join(covered) + (" is" if len(covered) == 1 else " are")
            _LOGGER.info("of %s, %s glassnet's, all else scikit-learn's", package_name, told)


def unpatch_sklearn() -> None:
    """Give scikit-learn its names back.

    Every name that `patch_sklearn` replaced is what it was, unless somebody else has changed it
    since. Modules that imported our classes in between keep them, as all estimators do.

    Returns
    -------
    None
    """
    while _replacements:
        module, name, theirs, ours = _replacements.pop()
        if vars(module).get(name) is ours:
            setattr(module, name, theirs)
    _listen(0)


def run_script(path: str | Path, arguments: Sequence[str] = ()) -> dict[str, Any]:
    """Run a script as ``python script.py`` does, with our classes under scikit-learn's names.

    This is ``python -m glassnet script.py``. As with ``python script.py`` the process is the
    script's from then on: its module stays ``__main__`` and scikit-learn stays patched, for its
    threads and for what it does at exit.

    Parameters
    ----------
    path : str or Path
        The script.
    arguments : sequence of str, default=()
        What it finds in ``sys.argv`` after its own name.

    Returns
    -------
    dict
        The script's names.

    """
    patch_sklearn(verbosity=1 if _handler else 0)
    file = os.path.abspath(path)  # with its links, as python has it
    script = ModuleType("__main__")
    loader = _ScriptLoader("__main__", file)
    vars(script).update(__file__=file, __loader__=loader)
    sys.argv = [str(path), *arguments]
    sys.modules["__main__"] = script
    loader.exec_module(script)
    return vars(script)


@final
class _ScriptLoader(SourceFileLoader):
    """Runs a script as python does: without a file of bytecode beside it."""

    def path_stats(self, path: str) -> Mapping[str, Any]:
        raise OSError("a script is read anew each time")


def _replace(package: ModuleType, theirs: type, ours: type) -> None:
    """Let a class's names in the package and in all modules of others stand for ours."""
    modules = [module for module in sys.modules.values() if isinstance(module, ModuleType)]
    others = (module for module in modules if module.__name__.split(".")[0] not in _LEFT_ALONE)
    for module in [package, *others]:
        for found in [key for key, value in vars(module).items() if value is theirs]:
            setattr(module, found, ours)
            _replacements.append(_Replacement(module, found, theirs, ours))


def _listen(verbosity: int) -> None:
    """Write to stderr what is logged, or no longer."""
    global _handler
    if verbosity > 0 and _handler is None:
        _handler = logging.StreamHandler()
        _handler.setFormatter(logging.Formatter("glassnet: %(message)s"))
        _LOGGER.addHandler(_handler)
        _LOGGER.setLevel(logging.INFO)
    elif verbosity <= 0 and _handler is not None:
        _LOGGER.removeHandler(_handler)
        _LOGGER.setLevel(logging.NOTSET)
        _handler = None
