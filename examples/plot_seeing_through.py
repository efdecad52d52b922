"""
Seeing through a net
====================

Whether a net's confidence can be believed, which labels it doubts, what each hidden unit does and
what it is for, and why one row got its label: each is one line, on any fitted net, ours or
scikit-learn's, and on a pipeline that ends in one. A Display's numbers are its attributes.
"""

# %%
# A small net on half of the digits; what follows is of the other half, which it has never seen.

import numpy as np
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from glassnet import MLPClassifier, load_dataset
from glassnet.estimators import find_label_suspects
from glassnet.pictures import (
    AttributionDisplay,
    CalibrationDisplay,
    ConfidenceDisplay,
    ExampleDisplay,
    LabelSuspectsDisplay,
    LossCurveDisplay,
    MaximalInputsDisplay,
    NeighboursDisplay,
    UnitAblationDisplay,
    UnitDisplay,
)

digits = load_dataset("digits")
X_train, X_held, y_train, y_held = train_test_split(
    digits.X / 16, digits.y, test_size=0.5, stratify=digits.y, random_state=0
)
net = MLPClassifier((16,), learning_rate_init=0.02, max_iter=400, random_state=0)
net.fit(X_train, y_train, X_val=X_held, y_val=y_held)

# %%
# The loss, beside that of rows it does not train on
# --------------------------------------------------
# From the mark on, the net learns its training rows by heart.

LossCurveDisplay.from_estimator(net)

# %%
# Can its confidence be believed?
# -------------------------------
# On the diagonal it can. The expected calibration error is the mean distance from it.

display = CalibrationDisplay.from_estimator(net, X_held, y_held)
print(display.calibration.sentence())

# %%
# How sure it is of what it gets right, and of what it gets wrong.

ConfidenceDisplay.from_estimator(net, X_held, y_held)

# %%
# Which labels does it doubt?
# ---------------------------
# Twenty labels are made wrong. Five nets, each trained without a fifth of the rows, are asked about
# that fifth; any classifier of scikit-learn's would do.

rng = np.random.default_rng(0)
wrong = rng.choice(len(digits.y), 20, replace=False)
labels = np.array(digits.y)
labels[wrong] = (labels[wrong] + rng.integers(1, 10, 20)) % 10
suspects = find_label_suspects(net, digits.X / 16, labels)
LabelSuspectsDisplay.from_suspects(suspects, digits.X, image=digits.image)
found = {suspect.row for suspect in suspects.suspects[:25]} & set(wrong.tolist())
print(f"{len(found)} of the 20 wrong labels are among the first 25 suspects.")

# %%
# One hidden unit
# ---------------
# Its weights, the input that would fire it most, the rows that do and those that do least; then, by
# class, its activation, what the net loses without it, and its vote.

UnitDisplay.from_estimator(net, X_train, y_train, unit=7, image=digits.image)

# %%
# All of them: what would fire each most, among inputs that are as near to the data's mean as a
# usual row.

MaximalInputsDisplay.from_estimator(net, X_train, image=digits.image)

# %%
# And what each is needed for.

UnitAblationDisplay.from_estimator(net, X_held, y_held)

# %%
# One row, all the way through
# ----------------------------
# A mistake: the activation of each unit, their votes, the probabilities, and which pixels spoke for
# the label it got.

mistakes = np.flatnonzero(net.predict(X_held) != y_held)
ExampleDisplay.from_estimator(net, X_held, y_held, row=mistakes[0], image=digits.image)

# %%
# The pixels that spoke for and against, in two ways. Integrated gradients add up to the whole
# difference from a blank image.

AttributionDisplay.from_estimator(net, X_held, y_held, rows=mistakes[:3], image=digits.image)

# %%
# What the net takes these rows to be like: the nearest training rows in its hidden layer.

NeighboursDisplay.from_estimator(
    net, X_train, y_train, X_held, y_held, rows=mistakes[:4], image=digits.image
)

# %%
# A table
# -------
# The same, with the features' names in the place of pictures.

wine = load_dataset("wine")
pipeline = make_pipeline(
    StandardScaler(), MLPClassifier((4,), solver="lbfgs", alpha=1.0, random_state=0)
)
pipeline.fit(wine.X, wine.y)
names = {"feature_names": wine.feature_names, "class_names": wine.class_names}
UnitDisplay.from_estimator(pipeline, wine.X, wine.y, unit=1, **names)

# %%

ExampleDisplay.from_estimator(pipeline, wine.X, wine.y, row=70, **names)
