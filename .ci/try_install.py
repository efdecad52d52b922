"""What an installed glassnet must do: train a net, and name the engine that is to be there.

    python try_install.py native

The one argument is the engine to expect: native, or reference where there was no compiler.
"""

from __future__ import annotations

import importlib.util
import subprocess
import sys

from sklearn.datasets import load_iris

from glassnet import MLPClassifier


def main(engine: str) -> None:
    """Raise AssertionError where the installed package is not what it should be."""
    is_built = importlib.util.find_spec("glassnet._core") is not None
    assert is_built == (engine == "native"), f"native engine built: {is_built}"
    if is_built:
        importlib.import_module("glassnet._core")
    X, y = load_iris(return_X_y=True)
    net = MLPClassifier((10,), learning_rate_init=0.05, max_iter=500, random_state=0).fit(X, y)
    assert net.score(X, y) > 0.9
    command = [sys.executable, "-m", "glassnet", "--version"]
    version = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    print(version, end="")
    assert any(line.startswith("engine") and engine in line for line in version.splitlines())


if __name__ == "__main__":
    main(sys.argv[1])
