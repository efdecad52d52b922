"""glassnet's own classes, as model files hold them."""

from __future__ import annotations

__all__ = ["GLASSNET"]

from itertools import pairwise
from typing import Any

import numpy as np
import scipy.sparse as sp

from glassnet.data import Preprocessor
from glassnet.data.net_inputs import NetInputs
from glassnet.data.preprocessing_state import State, build_transformer
from glassnet.data.preprocessor import SCALES
from glassnet.errors import ModelFileError
from glassnet.estimators.auto_mlp import AutoMLPClassifier
from glassnet.estimators.auto_rehearsal import Rehearsed
from glassnet.estimators.logistic_regression import LogisticRegression
from glassnet.estimators.mlp_classifier import MLPClassifier
from glassnet.estimators.mlp_parameters import hidden_layers
from glassnet.estimators.mlp_regressor import OUTPUT_OF_LOSS, MLPRegressor
from glassnet.estimators.restarts import Restart
from glassnet.estimators.targets import Labels
from glassnet.evaluation.certificate import Certificate, ClassCertificate
from glassnet.model import CLASS_OUTPUTS, OUTPUTS, Network, Progress
from glassnet.store.kinds import (
    FLAG,
    INTEGER,
    LABELS,
    NAMES,
    NUMBER,
    TEXT,
    Array,
    Kind,
    ListOf,
    OneOf,
    Part,
    TupleOf,
    Word,
    or_none,
)
from glassnet.store.known import Known
from glassnet.store.known_sklearn import COMMON, FEATURES
from glassnet.training.optimizers.adam import AdamState
from glassnet.training.optimizers.sgd import SgdState

_COEFS = Array("f", (None, None), computes=True)
_INTERCEPTS = Array("f", (None,), computes=True)

# What every net has, whatever it predicts.
NET: dict[str, Kind] = {
    **FEATURES,
    "coefs_": ListOf(_COEFS, "layers"),
    "intercepts_": ListOf(_INTERCEPTS, "layers"),
    "n_layers_": INTEGER,
    "n_outputs_": INTEGER,
    "out_activation_": Word(frozenset(OUTPUTS)),
    "n_iter_": INTEGER,
    "loss_": NUMBER,
    "loss_curve_": ListOf(NUMBER),
    "best_loss_": or_none(NUMBER),
    "best_validation_score_": or_none(NUMBER),
    "validation_scores_": or_none(ListOf(NUMBER)),
    "t_": INTEGER,
    "progress": Part((Progress,)),
}
NET_OPTIONAL: dict[str, Kind] = {
    **COMMON,
    "restarts_": ListOf(Part((Restart,))),
    "validation_loss_curve_": or_none(ListOf(NUMBER)),
    "train_score_curve_": or_none(ListOf(NUMBER)),
}
NET_STATE: dict[str, Kind] = {"optimizer_state": Part((AdamState, SgdState))}
NET_NAMES = {"_progress": "progress", "_optimizer_state": "optimizer_state", "_labels": "labels"}
NET_DERIVED = frozenset(["examples_"])  # as large as the rows are many


def check_layers(net: Any) -> None:
    """Check the parameter whose constraint says least."""
    hidden_layers(net.hidden_layer_sizes)


def check_net(net: Any) -> None:
    """Check that the layers of a net fit each other and what is kept of its training."""
    sizes = (net.n_features_in_, *(len(intercept) for intercept in net.intercepts_))
    network = Network(tuple(int(size) for size in sizes), net.activation, net.out_activation_)
    shapes = list(pairwise(sizes))
    if not shapes or [coef.shape for coef in net.coefs_] != shapes:
        raise ModelFileError("the coefs and intercepts of its layers do not fit each other")
    for curve in ("validation_loss_curve_", "train_score_curve_"):  # not in older files
        if not hasattr(net, curve):
            setattr(net, curve, None)
    net.examples_ = None
    if net.n_layers_ != len(sizes) or net.n_outputs_ != sizes[-1]:
        raise ModelFileError("its numbers of layers and outputs are not those of its coefs")
    p = (network.n_parameters,)
    memory = net._optimizer_state
    held = [] if memory is None else list(vars(memory).values())
    for array in [*held, net._progress.best_parameters]:
        if isinstance(array, np.ndarray) and array.shape != p:
            raise ModelFileError("what it keeps of its training is of another net")
    stopped_by_score = net.best_validation_score_ is not None and net.best_loss_ is None
    if net._progress.best_parameters is None and stopped_by_score:
        # Training that stops early leaves the best parameters as the net's own.
        best = network.pack(net.coefs_, net.intercepts_, net.coefs_[0].dtype)
        object.__setattr__(net._progress, "best_parameters", best)


def check_classifier(net: MLPClassifier) -> None:
    """Check a net and its classes."""
    check_net(net)
    if not np.array_equal(net._labels.classes, net.classes_):
        raise ModelFileError("its labels are not those of its outputs")
    if net.out_activation_ not in CLASS_OUTPUTS:
        raise ModelFileError(f"its output {net.out_activation_!r} is not one of classes")
    k = len(net.classes_)
    outputs = k if k > 2 or net._labels.multilabel else 1
    if k < 1 or net.n_outputs_ != outputs or len(set(net.classes_.tolist())) < k:
        raise ModelFileError(f"{net.n_outputs_} outputs do not fit {k} classes")


def check_regressor(net: MLPRegressor) -> None:
    """Check a net and its output."""
    check_net(net)
    if net.out_activation_ != OUTPUT_OF_LOSS[net.loss]:
        raise ModelFileError(f"its output {net.out_activation_!r} does not fit its loss")


def check_logistic(logistic: LogisticRegression) -> None:
    """Check a logistic regression's shapes."""
    k = len(logistic.classes_)
    rows = 1 if k == 2 else k
    coef: Any = logistic.coef_
    if k < 2 or coef.shape != (rows, logistic.n_features_in_) or len(logistic.intercept_) != rows:
        raise ModelFileError(f"coefs of shape {coef.shape} do not fit {k} classes")
    if sp.issparse(coef) and not np.isfinite(coef.data).all():
        raise ModelFileError("its coefs are not finite")


def check_certificate(certificate: Certificate) -> None:
    """Check that a certificate is of some class."""
    if not certificate.classes:
        raise ModelFileError("its certificate is of no class")


def complete_adam(state: Any) -> None:
    """Give Adam its scratch room, once its moments are found to be of one size."""
    state._scratch = np.empty_like(state.mean)


def complete_preprocessor(preprocessor: Preprocessor) -> None:
    """Make the transformer out of the state."""
    state = preprocessor.state_
    if preprocessor.scale not in SCALES or state.names != tuple(preprocessor.feature_names_in_):
        raise ModelFileError("its preprocessing is of other columns or of an unknown scale")
    with np.errstate(over="ignore", invalid="ignore"):  # numbers near the largest there is
        preprocessor._transformer = build_transformer(state)


def check_recipe(auto: AutoMLPClassifier) -> None:
    """Check the constants that are other than the default ones."""
    try:
        auto.checked_recipe()
    except (TypeError, ValueError, OverflowError) as error:
        raise ModelFileError(f"its recipe is wrong: {error}") from error


def check_auto(auto: AutoMLPClassifier) -> None:
    """Check that the parts of an ensemble fit each other."""
    check_classifier_labels(auto._labels, auto.classes_)
    d = auto.n_features_in_
    if auto.preprocessor_ is not None:
        if auto.preprocessor_.n_features_in_ != d:
            raise ModelFileError("its preprocessing is of other columns")
        d = len(auto.preprocessor_.get_feature_names_out())
    if auto.inputs_.n_features != d:
        raise ModelFileError("its inputs are made of other columns")
    if not auto.nets_ or not (np.isfinite(auto.temperature_) and auto.temperature_ > 0):
        raise ModelFileError("it needs a net and a positive temperature")
    for net in auto.nets_:
        if net.n_features_in_ != auto.inputs_.n_out:
            raise ModelFileError("its nets take other inputs")
        if not np.array_equal(net.classes_, auto.classes_) or net._labels.multilabel:
            raise ModelFileError("its nets know other classes")


def check_classifier_labels(labels: Labels, classes: Any) -> None:
    """Check that labels are those of two classes or more, one a row."""
    if labels.multilabel or len(classes) < 2 or not np.array_equal(labels.classes, classes):
        raise ModelFileError("its labels are not those of its outputs")


def check_inputs(inputs: NetInputs) -> None:
    """Check the numbers that make inputs."""
    scale, spread = inputs.scale, inputs.spread
    if np.isnan(scale).any() or (scale <= 0).any() or not 0 <= inputs.squash < np.inf:
        raise ModelFileError("its scales must be positive")
    if len(inputs.edges) != len(spread) or len(set(spread.tolist())) < len(spread):
        raise ModelFileError("the pieces of its columns are not one list a column")
    if len(spread) and not (spread.min() >= 0 and spread.max() < len(scale)):
        raise ModelFileError("pieces of a column that is not there")
    if any(len(edges) < 2 or not (np.diff(edges) > 0).all() for edges in inputs.edges):
        raise ModelFileError("the pieces of a column are not in order")


GLASSNET: tuple[Known, ...] = (
    Known(
        AutoMLPClassifier,
        "glassnet",
        {
            **FEATURES,
            "classes_": LABELS,
            "labels": Part((Labels,)),
            "nets_": ListOf(Part((MLPClassifier,))),
            "preprocessor_": or_none(Part((Preprocessor,))),
            "inputs_": Part((NetInputs,)),
            "temperature_": NUMBER,
            "rehearsal_": ListOf(Part((Rehearsed,))),
        },
        COMMON,
        names={"_labels": "labels"},
        check=check_recipe,
        complete=check_auto,
    ),
    Known(
        NetInputs,
        "glassnet",
        {
            "centre": Array("f", ("d",), computes=True),
            "scale": Array("f", ("d",)),
            "squash": NUMBER,
            "spread": Array("i", (None,)),
            "edges": ListOf(Array("f", (None,), computes=True)),
            "is_sparse": FLAG,
        },
        complete=check_inputs,
    ),
    Known(
        Rehearsed,
        "glassnet",
        {
            "epochs": INTEGER,
            "dropout": NUMBER,
            "weight_decay": NUMBER,
            "pieces": FLAG,
            "temperature": NUMBER,
            "log_loss": NUMBER,
            "error": NUMBER,
            "chosen": FLAG,
        },
        {"noisy": FLAG},
    ),
    Known(
        MLPClassifier,
        "glassnet",
        {**NET, "classes_": LABELS, "labels": Part((Labels,))},
        NET_OPTIONAL,
        NET_STATE,
        NET_NAMES,
        derived=NET_DERIVED,
        check=check_layers,
        complete=check_classifier,
    ),
    Known(
        MLPRegressor,
        "glassnet",
        NET,
        NET_OPTIONAL,
        NET_STATE,
        {name: kept for name, kept in NET_NAMES.items() if kept != "labels"},
        derived=NET_DERIVED,
        check=check_layers,
        complete=check_regressor,
    ),
    Known(
        LogisticRegression,
        "glassnet",
        {
            **FEATURES,
            "coef_": OneOf((_COEFS, Part((sp.csr_matrix,)))),
            "intercept_": _INTERCEPTS,
            "classes_": LABELS,
            "certificate_": or_none(Part((Certificate,))),
        },
        {**COMMON, "n_iter_": Array("iu", (None,))},
        complete=check_logistic,
    ),
    Known(
        Preprocessor,
        "glassnet",
        {**FEATURES, "feature_names_in_": NAMES, "state_": Part((State,))},
        COMMON,
        derived=frozenset(["_transformer"]),
        complete=complete_preprocessor,
    ),
    Known(Labels, "glassnet", {"classes": LABELS, "multilabel": FLAG}),
    Known(
        Progress,
        "glassnet",
        {
            "best_loss": NUMBER,
            "best_score": NUMBER,
            "epochs_without_improvement": INTEGER,
            "rows_seen": INTEGER,
        },
        state={"best_parameters": Array("f", ("p",))},
    ),
    Known(
        Restart,
        "glassnet",
        {
            "seed": or_none(INTEGER),
            "loss": NUMBER,
            "score": or_none(NUMBER),
            "n_iter": INTEGER,
            "stop": TEXT,
            "coefs": or_none(TupleOf(_COEFS)),
            "intercepts": or_none(TupleOf(_INTERCEPTS)),
        },
    ),
    Known(
        AdamState,
        "glassnet",
        {
            "learning_rate": NUMBER,
            "beta_1": NUMBER,
            "beta_2": NUMBER,
            "epsilon": NUMBER,
            "steps": INTEGER,
            "mean": Array("f", ("p",)),
            "square": Array("f", ("p",)),
        },
        names={f"_{name}": name for name in ("beta_1", "beta_2", "epsilon")},
        derived=frozenset(["_scratch"]),
        complete=complete_adam,
    ),
    Known(
        SgdState,
        "glassnet",
        {
            "learning_rate": NUMBER,
            "momentum": NUMBER,
            "nesterovs_momentum": FLAG,
            "velocity": Array("f", ("p",)),
        },
        names={"_momentum": "momentum", "_nesterov": "nesterovs_momentum"},
    ),
    Known(
        Certificate,
        "glassnet",
        {
            "kind": Word(frozenset(["one-vs-rest", "multinomial"])),
            "rows": INTEGER,
            "undecided": INTEGER,
            "classes": TupleOf(Part((ClassCertificate,))),
        },
        complete=check_certificate,
    ),
    Known(
        ClassCertificate,
        "glassnet",
        {
            "label": TEXT,
            "gradient_norm": NUMBER,
            "excess": NUMBER,
            "coef_distance": NUMBER,
            "intercept_distance": NUMBER,
            "predicted": INTEGER,
            "undecided": INTEGER,
        },
    ),
)
