"""
A proof of how near the optimum is
==================================

A logistic regression has one optimum, and a solver that stops somewhere near it. `certificate_`
bounds how far away that is, and counts the predictions that the exact optimum could make otherwise.
"""

# %%
# Fitted to its end
# -----------------

import warnings

import matplotlib.pyplot as plt
from sklearn.exceptions import ConvergenceWarning

from glassnet import LogisticRegression, load_dataset

digits = load_dataset("digits")
X, y = digits.X / 16, digits.y
model = LogisticRegression(multi_class="ovr").fit(X, y)
print(model.certificate_.sentence())

# %%
# Stopped early
# -------------
# The same problem with fewer iterations of Newton's method. A bound needs a small gradient: at
# first nothing is proven, and then, within an iteration or two, nearly all.

iterations = list(range(1, model.n_iter_.max() + 1))
excess, undecided = [], []
for max_iter in iterations:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        stopped = LogisticRegression(multi_class="ovr", max_iter=max_iter).fit(X, y)
    excess.append(stopped.certificate_.excess)
    undecided.append(stopped.certificate_.undecided)

figure, (above, below) = plt.subplots(2, sharex=True, figsize=(7, 5), layout="constrained")
above.semilogy(iterations, excess, "o-")
above.set(ylabel="loss above its minimum,\nat most")
below.plot(iterations, undecided, "o-", color="C1")
below.set(ylabel=f"rows not proven,\nof {len(y)}", xlabel="iterations at most")

# %%
# Class by class
# --------------

for entry in model.certificate_.classes:
    print(
        f"{entry.label}: coefs within {entry.coef_distance:.0e} of the optimum's, "
        f"{entry.undecided} of {entry.predicted} rows undecided"
    )
