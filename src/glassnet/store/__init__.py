"""Model files: save a trained model, load it, read nets that others trained.

A model file is one safetensors file: 8 bytes with the length N of the header (little-endian), N
bytes of JSON, and the arrays. safetensors and json alone suffice to read and use it; nothing is
pickled, and nothing in it is code. The header's ``__metadata__`` has the key ``"glassnet"``, whose
text is JSON again:

===================  =============================================================================
``format``           ``"glassnet-model"``
``version``          1; it rises when a reader of this version could not read the file
``kind``             ``"net"`` or ``"logistic"``
``network``          ``layer_sizes`` [d, h, ..., k], ``activation`` of the hidden layers,
                     ``output`` ``"softmax"`` or ``"logistic"``
``parameters``       of the estimator, where JSON can hold them; infinity is ``"inf"``, weights
                     of classes are pairs [label, weight]
``classes``          ``dtype`` and ``values`` of the labels, sorted
``class_names``      what to call each class, in the same order
``feature_names``    the columns of the raw table, in order
``target``           the column that the labels came from, or null
``preprocessing``    from the raw table to d numbers a row, see below
``image``            ``height``, ``width``, ``channels``, ``pixel_order`` ``"C"`` (row by row) or
                     ``"F"`` (column by column) of the picture that a raw row unrolls to, or null
``source``           name of the training data
``seed``             random state of the training, or null
``n_iter``, ``loss`` epochs or iterations (a list), and the training loss at their end, or null
``train``,           success rates of the training rows and of rows held out, with counts and 95 %
``holdout``          intervals, each or null
``versions``         of the libraries that trained it
===================  =============================================================================

The arrays, float64 or float32, are ``coefs.0`` (d, h), ``intercepts.0`` (h,), ``coefs.1``, ... A
logistic regression has one layer. A net may have ``loss_curve`` (n_iter,), the training loss of
each epoch.

**From a raw row to d numbers.** ``preprocessing["numbers"]`` lists the ``names`` of the number
columns. In each, a missing value becomes its ``fill``, and then x becomes (x - shift) / factor.
These columns come first; then, for each number column whose ``missing`` is true, a column that is 1
where the value was missing and else 0; then, for each column of ``preprocessing["texts"]``, one
column for each of its ``values``, 1 where the text is that value and else 0. A missing text is
``"(missing)"``.

**From d numbers to probabilities.** a = x; for each layer z = a coefs + intercepts, and a = f(z)
with f the activation: z, 1 / (1 + exp(-z)), tanh z or max(z, 0) for identity, logistic, tanh and
relu. The last layer is the output instead. Softmax: a_c = exp(z_c) / sum_j exp(z_j). Logistic:
a = 1 / (1 + exp(-z)); a single output is the probability of the second class, and several are
divided by their sum. The prediction is the most probable class.
"""

from glassnet.store.reading import load_model
from glassnet.store.theta import convert_theta
from glassnet.store.writing import save_model

__all__ = ["convert_theta", "load_model", "save_model"]
