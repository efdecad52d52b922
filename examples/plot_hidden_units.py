"""
What the hidden units look for
==============================

A hidden unit computes :math:`f(\\sum_i w_i x_i + b)`: one weight a pixel, so its weights are a
picture. Orange strokes make it fire, blue ones keep it silent.
"""

# %%
# The same net twice, with next to no penalty on its weights (`alpha`) and with a strong one.

import numpy as np
from sklearn.model_selection import train_test_split

from glassnet import MLPClassifier, load_dataset
from glassnet.evaluation import hidden_units
from glassnet.pictures import HiddenUnitsDisplay

digits = load_dataset("digits")
X_train, X_held, y_train, y_held = train_test_split(
    digits.X / 16, digits.y, test_size=0.5, stratify=digits.y, random_state=0
)


def fitted(alpha: float) -> MLPClassifier:
    """Return a net of 16 hidden units, and print how well it does."""
    net = MLPClassifier(
        (16,), activation="logistic", solver="lbfgs", alpha=alpha, max_iter=1000, random_state=3
    )
    net.fit(X_train, y_train)
    training, held_out = net.score(X_train, y_train), net.score(X_held, y_held)
    print(f"alpha = {alpha:g}: {training:.1%} of the training rows, {held_out:.1%} of the held-out")
    return net


free, penalised = fitted(1e-4), fitted(3.0)

# %%
# With a strong penalty
# ---------------------
# What the task does not need has been taken away: strokes are left. One scale, centred at zero,
# serves all units; the strongest come first. `digits.image` holds the shape and the pixel order, so
# that no picture is transposed.

HiddenUnitsDisplay.from_estimator(penalised, image=digits.image)

# %%
# With next to none
# -----------------
# The weights are ten times as large, and single pixels stand out: the net has learned its training
# rows by heart, at the expense of others.

HiddenUnitsDisplay.from_estimator(free, image=digits.image)

# %%
# What a unit says
# ----------------
# Its outgoing weights are its votes: the class it speaks most for, and most against.

units = hidden_units(
    penalised.coefs_[0],
    penalised.intercepts_[0],
    coef_out=penalised.coefs_[1],
    class_names=digits.class_names,
)
for unit in sorted(units, key=lambda unit: -unit.norm)[:4]:
    (most_for, _), (most_against, _) = unit.votes[0], unit.votes[-1]
    print(f"unit {unit.unit:2d}: for {most_for}, against {most_against}")

# %%
# Rows that are no pictures
# -------------------------
# A unit is then shown as its strongest features, ranked.

wine = load_dataset("wine")
Z = (wine.X - np.mean(wine.X, axis=0)) / np.std(wine.X, axis=0)
small = MLPClassifier((4,), activation="tanh", solver="lbfgs", alpha=1.0, random_state=0)
small.fit(Z, wine.y)
HiddenUnitsDisplay.from_estimator(small, feature_names=wine.feature_names, max_bars=6)
