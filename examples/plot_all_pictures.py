"""
All pictures, a line each
=========================

Every picture of the reports, and the others, each in one line of Python. A Display holds the
numbers that it draws as attributes and the figure as ``figure_``. Those of the first two parts take
any fitted classifier, scikit-learn's too; in all of them a class has the same colour.
"""

# %%
# A net on half of the digits; how a row unrolls to a picture is in ``digits.image``.

import numpy as np
from sklearn.model_selection import train_test_split

from glassnet import (
    MLPClassifier,
    MLPClassifierCV,
    diagnose,
    learning_curve,
    load_dataset,
    rate_range,
    validation_curve,
)
from glassnet import pictures as show
from glassnet.estimators import find_label_suspects

digits = load_dataset("digits")
X, y, image = digits.X / 16, digits.y, digits.image
X_train, X_held, y_train, y_held = train_test_split(X, y, test_size=0.5, stratify=y, random_state=0)
net = MLPClassifier((12,), learning_rate_init=0.02, tol=1e-3, random_state=0, record_examples=True)
net.fit(X_train, y_train, X_val=X_held, y_val=y_held)
wrong = np.flatnonzero(net.predict(X_held) != y_held)

# %%
# How good is it, and where does it err?
# --------------------------------------
# The data.

show.SampleGridDisplay.from_images(X, image, y, n_images=49, random_state=0)

# %%
# Success of each class, on training and on held-out rows.

show.SuccessRatesDisplay.from_estimator(net, X_train, y_train, X_holdout=X_held, y_holdout=y_held)

# %%
# What is taken for what.

show.ConfusionDisplay.from_estimator(net, X_held, y_held)

# %%
# Class by class; a bar has the colour of the class that was assigned.

show.MistakesDisplay.from_estimator(net, X_held, y_held)

# %%
# The labels assigned to some rows; a cross and a frame mark a mistake.

show.PredictionPanelDisplay.from_estimator(net, X_held, y_held, image=image, rows=range(20, 45))

# %%
# Can it be believed, and can the labels?
# ---------------------------------------
# Its confidence beside how often it is right.

show.CalibrationDisplay.from_estimator(net, X_held, y_held)

# %%
# How sure it is when it is right, and when wrong.

show.ConfidenceDisplay.from_estimator(net, X_held, y_held)

# %%
# Labels that nets doubt which never saw them.

show.LabelSuspectsDisplay.from_suspects(find_label_suspects(net, X, y), X, image=image)

# %%
# How it was trained
# ------------------
# The loss, epoch by epoch.

show.LossCurveDisplay.from_estimator(net)

# %%
# Row by row: which were hard to learn, and which were lost again.

show.LedgerDisplay.from_estimator(net, X=X_train, y=y_train, image=image)

# %%
# How much is luck: eight random starts.

lucky = MLPClassifier((12,), learning_rate_init=0.02, tol=1e-3, random_state=0, n_restarts=8)
lucky.set_params(keep_restarts=True).fit(X_train, y_train)
show.RestartsDisplay.from_estimator(lucky, X_held, y_held)

# %%
# Which learning rates learn.

show.RateFinderDisplay.from_range(rate_range(X_train, y_train, MLPClassifier((12,))))

# %%
# What the doctor finds, here of a net on a table as it comes.

wine = load_dataset("wine")
unwell = MLPClassifier(solver="sgd", activation="logistic", random_state=0).fit(wine.X, wine.y)
show.FindingDisplay.from_finding(diagnose(unwell, wine.X, wine.y).first)

# %%
# Would more rows help?

small = MLPClassifier((12,), solver="lbfgs", tol=1e-2, random_state=0)
show.LearningCurveDisplay.from_curve(learning_curve(small, X_train, y_train, cv=3))

# %%
# Which value of a parameter is best?

alphas = [1e-4, 1e-2, 0.1, 1.0, 10.0]
show.ValidationCurveDisplay.from_curve(
    validation_curve(small, X_train, y_train, "alpha", alphas, cv=3)
)

# %%
# And of several at once.

grid = {"alpha": [1e-3, 0.1, 1.0], "hidden_layer_sizes": [(6,), (12,), (12, 6)]}
show.SearchDisplay.from_estimator(
    MLPClassifierCV(grid, estimator=small, cv=3).fit(X_train, y_train)
)

# %%
# What it has learned
# -------------------
# The weights into its hidden units.

show.WeightMatrixDisplay.from_estimator(net)

# %%
# The same as pictures.

show.HiddenUnitsDisplay.from_estimator(net, image=image)

# %%
# What would fire each unit most.

show.MaximalInputsDisplay.from_estimator(net, X_train, image=image)

# %%
# What each is needed for.

show.UnitAblationDisplay.from_estimator(net, X_held, y_held)

# %%
# All that there is to see of one.

show.UnitDisplay.from_estimator(net, X_train, y_train, unit=7, image=image)

# %%
# Why did a row get its label?
# ----------------------------
# A mistake, all the way through the net.

show.ExampleDisplay.from_estimator(net, X_held, y_held, row=wrong[0], image=image)

# %%
# The pixels that spoke for the label, and against it.

show.AttributionDisplay.from_estimator(net, X_held, y_held, rows=wrong[:3], image=image)

# %%
# The training rows that the net finds most like it.

show.NeighboursDisplay.from_estimator(
    net, X_train, y_train, X_held, y_held, rows=wrong[:4], image=image
)
print(f"{len(show.__all__)} pictures; {len(wrong)} of {len(y_held)} held-out rows are wrong.")
