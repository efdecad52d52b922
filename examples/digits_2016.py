"""A notebook of October 2016, cell by cell: "Classification with Neural Nets Using MLPClassifier".

Sonya Sawtelle's code runs as it was written; it imports from scikit-learn, whose later versions
took away what it uses. Run it in a folder with X.csv and y.csv, 5000 digits of 20 x 20 pixels:

    python -m glassnet examples/digits_2016.py

Replaced are `as_matrix` (and a Series' `reshape`), which pandas took away, `%matplotlib` and `cd`,
which only notebooks know, and the author's own module `snips`.
"""

import matplotlib.pyplot as plt
import pandas as pd
import numpy as np


class snp:
    """What the notebook uses of `snips`."""

    @staticmethod
    def newfig():
        return plt.subplots()

    @staticmethod
    def labs(xlabel, ylabel, title):
        plt.xlabel(xlabel)
        plt.ylabel(ylabel)
        plt.title(title)


# In [299]:
df_images = pd.read_csv("X.csv", header=None)
df_labels = pd.read_csv("y.csv", header=None)
df_labels.columns = ["label"]

# In [300]:
df_images.head()

# In [301]:
print(len(df_images))

# In [302]:
im = df_images.iloc[1020]  # picked a row at random
im = np.reshape(im.to_numpy(), (20, 20), order="F")
fig, ax = snp.newfig()
ax.imshow(im, interpolation="None")

# In [303]:
from numpy import random as rnd
indxs = rnd.choice(df_images.index, 100, replace=False)

fig, axs = plt.subplots(10, 10, sharex=True, sharey=True, figsize=(10,10))
axs = axs.flatten()
graymap = plt.get_cmap("gray")

for i, indx in enumerate(indxs):
    im_mat = np.reshape(df_images.iloc[indx].to_numpy(), (20, 20), order="F")
    axs[i].imshow(im_mat, cmap=graymap, interpolation="None")
    axs[i].xaxis.set_visible(False)
    axs[i].yaxis.set_visible(False)

# In [304]:
from sklearn.linear_model import LogisticRegression
logregressor = LogisticRegression(solver="liblinear", multi_class="ovr")

# In [305]:
train_y = df_labels["label"].to_numpy()
train_X = df_images.to_numpy()
logregressor.fit(train_X, train_y)

# In [306]:
indxs = rnd.choice(df_images.index, 25, replace=False)

fig, axs = plt.subplots(5, 5, sharex=True, sharey=True, figsize=(10,10))
axs = axs.flatten()
graymap = plt.get_cmap("gray")

for i, indx in enumerate(indxs):
    im_mat = np.reshape(df_images.iloc[indx].to_numpy(), (20, 20), order="F")
    labl = str(logregressor.predict(df_images.iloc[indx].to_numpy().reshape(1, -1))[0])

    axs[i].imshow(im_mat, cmap=graymap, interpolation="None")
    axs[i].annotate(labl, xy=(0.05, 0.85), xycoords="axes fraction", color="red", fontsize=18)
    axs[i].xaxis.set_visible(False)
    axs[i].yaxis.set_visible(False)

# In [307]:
df_labels["assigned"] = logregressor.predict(train_X)
df_labels["success"] = (df_labels["assigned"] == train_y)
df_labels = df_labels.rename(columns={0: "label"})
df_labels.head()

# In [308]:
for name, group in df_labels.groupby("label"):
    frac = sum(group["success"])/len(group)
    print("Success rate for labeling digit %i was %f " %(name, frac))

# In [309]:
fig, axs = plt.subplots(5, 2, sharex=False, sharey=True, figsize=(12,12))
fig.suptitle("Misclassifications For Each Digit", fontsize=18)
axs = axs.flatten()

for name, group in df_labels.groupby("label"):
    group = group[group["assigned"] != name]
    ax = axs[name-1]
    ax.hist(group["assigned"], label=("digit %i" %name), bins=np.arange(1, 11, 1)+0.5)
    ax.set_xlim([0, 11])
    ax.legend(loc="upper right")
    ax.yaxis.set_visible(False)

# In [310]:
logregressor = LogisticRegression(solver="sag", multi_class="ovr", max_iter = np.ceil(10**6 / len(train_y)))
logregressor.fit(train_X, train_y)
df_labels["success"] = (train_y == logregressor.predict(train_X))

for name, group in df_labels.groupby("label"):
    frac = sum(group["success"])/len(group)
    print("Success rate for labeling digit %i was %f " %(name, frac))

# In [314]:
from sklearn.neural_network import MLPClassifier

# In [315]:
classifier = MLPClassifier(solver="sgd")

# In [316]:
classifier.hidden_layer_sizes = (40,)
classifier.activation = "logistic"

# In [317]:
classifier.fit(train_X, train_y)

# In [318]:
fig, ax = snp.newfig()
ax.plot(classifier.loss_curve_)
snp.labs("number of steps", "loss function", "Loss During GD (Rate=0.001)")

# In [319]:
classifier.learning_rate_init = 1
classifier.fit(train_X, train_y)

# In [320]:
fig, ax = snp.newfig()
ax.plot(classifier.loss_curve_)
snp.labs("number of steps", "loss function", "Loss During GD (rate=1)")

# In [321]:
df_labels["success"] = (train_y == classifier.predict(train_X))

for name, group in df_labels.groupby("label"):
    frac = sum(group["success"])/len(group)
    print("Success rate for labeling digit %i was %f " %(name, frac))

# In [357]:
indxs = rnd.choice(df_images.index, 500, replace=False)

# To be kept in reserve
reserve_X = df_images.iloc[indxs].copy()
reserve_y = df_labels.iloc[indxs].copy()

# To be used for fitting
train_X = df_images.drop(indxs)
train_y = df_labels.drop(indxs)

classifier.fit(train_X.to_numpy(), train_y["label"].to_numpy())

# In [358]:
reserve_y["success"] = (reserve_y["label"].values == classifier.predict(reserve_X.to_numpy()))

for name, group in reserve_y.groupby("label"):
    frac = sum(group["success"])/len(group)
    print("Success rate for labeling digit %i was %f " %(name, frac))

# In [332]:
print(np.size(classifier.coefs_[0]))

# In [333]:
print(len(classifier.intercepts_[0]))

# In [334]:
fig, ax = plt.subplots(1, 1, figsize=(15,6))
ax.imshow(np.transpose(classifier.coefs_[0]), cmap=plt.get_cmap("gray"), aspect="auto")
snp.labs("Neuron in input layer", "Neuron in output layer", r"Weights $\Theta^{(1)}$")

# In [351]:
hidden_2 = np.transpose(classifier.coefs_[0])[16]

fig, ax = plt.subplots(1, figsize=(5,5))
ax.imshow(np.reshape(hidden_2, (20,20)), cmap=plt.get_cmap("gray"), aspect="auto")
snp.labs("horizontal pixel", "vertical pixel", r"17th Hidden Unit Weights $\Theta^{(1)}_1j$")
