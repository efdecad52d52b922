"""
What is taken for what
======================

Two ways to see the mistakes of a classifier: a matrix in which the mistakes, not the correct rows,
are coloured, and for each class the classes it was taken for.
"""

# %%
# A small net on digits whose held-out half shows enough mistakes to look at.

from sklearn.model_selection import train_test_split

from glassnet import MLPClassifier, load_dataset
from glassnet.evaluation import confusion
from glassnet.pictures import ConfusionDisplay, MistakesDisplay

digits = load_dataset("digits")
X_train, X_held, y_train, y_held = train_test_split(
    digits.X / 16, digits.y, test_size=0.5, stratify=digits.y, random_state=0
)
net = MLPClassifier(
    (8,), activation="logistic", solver="lbfgs", alpha=3.0, max_iter=1000, random_state=0
)
net.fit(X_train, y_train)
predicted = net.predict(X_held)

# %%
# The matrix
# ----------
# A cell's colour is its share of the true class's rows. The diagonal is grey and has no part in the
# scale: with it, a good classifier's matrix would show one dark line and nothing else.

counts = confusion(y_held, predicted, digits.classes)
ConfusionDisplay.from_confusion(counts)

# %%
# The same in words, with the other direction beside each.

print(counts.sentence())

# %%
# Class by class
# --------------

MistakesDisplay.from_confusion(counts)
