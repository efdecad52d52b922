"""Draw the README's picture: what 24 hidden units look for in scikit-learn's digits.

python docs/hidden_units.py
"""

from __future__ import annotations

import pathlib

from glassnet import MLPClassifier, load_dataset
from glassnet.pictures import HiddenUnitsDisplay

PICTURE = pathlib.Path(__file__).with_name("hidden-units.png")


def draw() -> HiddenUnitsDisplay:
    """Return the drawn units of a net that is penalised enough to show plain strokes."""
    digits = load_dataset("digits")
    net = MLPClassifier(
        (24,), activation="logistic", solver="lbfgs", alpha=30.0, max_iter=500, random_state=3
    )
    net.fit(digits.X / 16.0, digits.y)
    print(f"training rows right: {net.score(digits.X / 16.0, digits.y):.1%}")
    return HiddenUnitsDisplay.from_estimator(net, image=digits.image)


if __name__ == "__main__":
    draw().figure_.savefig(PICTURE, dpi=80, metadata={"Software": None})
