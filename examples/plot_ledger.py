"""
Hard rows, forgotten rows, and luck
===================================

With `record_examples=True` a net keeps what it says of each training row as it meets it, epoch by
epoch: its loss, and whether it is right.
"""

# %%
# Eighteen of the labels are made wrong, one in a hundred, to see whether they show.

import numpy as np
from sklearn.model_selection import train_test_split

from glassnet import MLPClassifier, load_dataset
from glassnet.evaluation import example_histories
from glassnet.pictures import LedgerDisplay, RestartsDisplay

digits = load_dataset("digits")
X, labels = digits.X / 16, np.array(digits.y)
random = np.random.RandomState(0)
flipped = random.choice(len(labels), 18, replace=False)
labels[flipped] = (labels[flipped] + random.randint(1, 10, 18)) % 10

net = MLPClassifier((40,), tol=1e-3, max_iter=300, random_state=0, record_examples=True)
net.fit(X, labels)
histories = example_histories(net.examples_.losses, net.examples_.right, labels)
print(histories.sentence)

# %%
# What the net found hard
# -----------------------
# The rows that take longest come first. Those with a wrong label are among them: the net learns the
# class's other rows first, and such a row by heart or never.

LedgerDisplay.from_estimator(net, X=X, y=labels, image=digits.image)

first = {history.row for history in histories.hardest(36)}
found = len(first & set(flipped.tolist()))
print(f"{found} of the 18 wrong labels are among the 36 hardest of {len(labels)} rows.")

# %%
# How much is luck?
# -----------------
# Twelve random starts of a net, scored on the same held-out rows. Another seed moves the result,
# and so do other rows: the second bar is what 360 rows leave open.

X_train, X_held, y_train, y_held = train_test_split(
    X, digits.y, test_size=360, stratify=digits.y, random_state=0
)
many = MLPClassifier((10,), solver="lbfgs", alpha=0.1, max_iter=1000, random_state=0)
many.set_params(n_restarts=12, keep_restarts=True).fit(X_train, y_train)
luck = RestartsDisplay.from_estimator(many, X_held, y_held)
print(luck.spread.sentence)
