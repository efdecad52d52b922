"""
The digits, studied in one call
===============================

`glassnet.study` holds rows out, fits a one-vs-rest logistic regression and a net, and measures both
on the same held-out rows. Everything it says and draws can be had piece by piece.
"""

# %%
# The whole story of scikit-learn's 1797 digits, in a few seconds.

from glassnet import study
from glassnet.pictures import (
    LossCurveDisplay,
    PredictionPanelDisplay,
    SampleGridDisplay,
    SuccessRatesDisplay,
)

result = study("digits")
digits = result.dataset
print(f"{len(result.split.train)} training rows, {len(result.split.holdout)} held-out rows")

# %%
# A look at the data
# ------------------
# The data set knows the shape of its pictures and their pixel order, so they are drawn upright.

SampleGridDisplay.from_images(digits.X, digits.image, digits.y, n_images=40, random_state=0)

# %%
# Did the net converge?
# ---------------------
# Each attempt says why it ended, and what the next one changes.

for attempt in result.attempts:
    print(f"rate {attempt.learning_rate_init:g}: {attempt.convergence.sentence}")

LossCurveDisplay.from_curves(
    {
        f"rate {fit.learning_rate_init:g}, at most {fit.max_iter} epochs": fit.loss_curve
        for fit in result.attempts
    }
)

# %%
# How well does it do?
# --------------------
# Training rows beside held-out rows, each class with the 95 % intervals of its rates. With 18
# held-out rows a class, the intervals are wide: that is what 180 rows can tell.

net = result.net_reading
print(net.gap.sentence)
SuccessRatesDisplay.from_rates({"training rows": net.train, "held-out rows": net.holdout})

# %%
# Which is better?
# ----------------
# Both models answered the same rows, so only the rows that one of them alone gets right count.

print(result.comparison.sentence)

# %%
# The mistakes
# ------------
# The held-out rows that the net gets wrong, the surest first, and some that it gets right, with the
# probability it gave to its answer.

mistakes = [mistake.row for mistake in net.mistakes]
others = [row for row in result.split.holdout if row not in mistakes]
PredictionPanelDisplay.from_predictions(
    digits.X,
    digits.y,
    net.predicted,
    image=digits.image,
    probability=net.probabilities.max(axis=1),
    rows=[*mistakes, *others][:20],
)
