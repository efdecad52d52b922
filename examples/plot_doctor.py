"""
What is wrong with a fit
========================

The doctor reads a fit and its rows; each of its findings has a picture. And the rate finder shows
which learning rates a net can be trained with, before it is trained.
"""

# %%
# Rows as they come: one column is 300 times as large as most.

from sklearn.datasets import load_wine
from sklearn.preprocessing import scale

from glassnet import MLPClassifier, diagnose, rate_range
from glassnet.pictures import FindingDisplay, RateFinderDisplay

wine = load_wine()
X, y = wine.data, wine.target
net = MLPClassifier(solver="sgd", activation="logistic", random_state=0).fit(X, y)
diagnosis = diagnose(net, X, y, feature_names=wine.feature_names)
print(diagnosis)

# %%
# What to act on first
# --------------------
# Causes come before what they cause: unlike scales drive the units to the ends of their range.

FindingDisplay.from_finding(diagnosis.first)

# %%
# The same net on scaled rows, at many rates
# ------------------------------------------
# Within the shaded range something is learnt; the line keeps a distance from where it breaks down.

found = rate_range(scale(X), y, MLPClassifier(solver="sgd", activation="logistic"))
RateFinderDisplay.from_range(found)
print(found.sentence())

# %%
# With what both say, there is nothing left to find.

net = MLPClassifier(
    solver="sgd",
    activation="logistic",
    learning_rate_init=found.suggested,
    max_iter=1000,
    random_state=0,
)
healthy = diagnose(net.fit(scale(X), y), scale(X), y)
print(healthy)
