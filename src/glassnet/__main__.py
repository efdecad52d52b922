"""``python -m glassnet``: the command line, or a script that imports from scikit-learn.

``python -m glassnet study …`` is ``glassnet study …``. ``python -m glassnet [-v] script.py …`` runs
a script as ``python script.py …`` does, with our classes under scikit-learn's names; -v tells what
stays scikit-learn's.
"""

from __future__ import annotations

import sys
from pathlib import Path


def main(arguments: list[str]) -> None:
    """Run what the arguments ask for."""
    verbose = arguments[:1] in (["-v"], ["--verbose"])
    script, *rest = [*arguments[verbose:], ""]
    if not script.endswith(".py"):
        from glassnet.cli import main

        main()
    if not Path(script).is_file():
        print(f"Error: There is no script {script!r}.", file=sys.stderr)
        raise SystemExit(2)
    from glassnet.drop_in import patch_sklearn, run_script

    patch_sklearn(verbosity=int(verbose))
    if not sys.flags.safe_path:  # the script's folder in the place of the current one
        sys.path[0] = str(Path(script).resolve().parent)
    run_script(script, rest[:-1])


if __name__ == "__main__":
    main(sys.argv[1:])
