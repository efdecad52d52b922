"""What may be asked of a study."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from glassnet.errors import DataError

_OF_THE_NET = (
    "hidden_layer_sizes",
    "activation",
    "solver",
    "learning_rate_init",
    "learning_rate",
    "max_iter",
    "alpha",
    "batch_size",
    "dropout",
    "weight_decay",
    "clip_norm",
    "warmup",
    "label_smoothing",
    "class_weight",
    "early_stopping",
)


@dataclass(frozen=True)
class StudyOptions:
    """Options of a study; the defaults are those of the story that it follows.

    Attributes
    ----------
    holdout : float, default=0.1
        Share of rows held out of all fitting, drawn evenly from every class, in (0, 1).
    seed : int, default=0
        Draws the held-out rows, the net's initial weights and the sample pictures.
    scale : {"auto", "none", "standard", "pixels"}, default="auto"
        How columns are scaled before fitting; see `glassnet.data.Preprocessor`.
    C : float, default=1.0
        Inverse strength of the logistic regression's L2 penalty.
    hidden_layer_sizes : tuple of int, default=(40,)
        Hidden units of the net.
    activation : str, default="logistic"
        Their activation.
    solver : str, default="sgd"
        The net's solver.
    learning_rate_init : float, default=0.001
        Learning rate of the first attempt.
    learning_rate : str, default="constant"
        Schedule of sgd's learning rate.
    max_iter : int, default=200
        Most epochs of an attempt.
    alpha : float, default=0.0001
        Strength of the net's L2 penalty.
    batch_size : int or "auto", default="auto"
        Rows a step.
    dropout, weight_decay, clip_norm, warmup, label_smoothing, class_weight
        As for `glassnet.MLPClassifier`; none by default.
    early_stopping : bool, default=False
        Whether a tenth of the training rows is kept aside, whose score stops the net's training.
    attempts : int, default=3
        How often the net is fitted at most: an attempt that does not converge is followed by
        one with what the diagnosis advises.
    more : bool, default=False
        Whether to look further: a third model without choices, the net from ten random starts, and
        on fewer rows. It takes a few times as long.
    """

    holdout: float = 0.1
    seed: int = 0
    scale: str = "auto"
    C: float = 1.0
    hidden_layer_sizes: tuple[int, ...] = (40,)
    activation: str = "logistic"
    solver: str = "sgd"
    learning_rate_init: float = 0.001
    learning_rate: str = "constant"
    max_iter: int = 200
    alpha: float = 1e-4
    batch_size: int | str = "auto"
    dropout: float = 0.0
    weight_decay: float | None = None
    clip_norm: float | None = None
    warmup: float | None = None
    label_smoothing: float = 0.0
    class_weight: Any = None
    early_stopping: bool = False
    attempts: int = 3
    more: bool = False

    def __post_init__(self) -> None:
        if not 0 < self.holdout < 1:
            raise DataError(
                f"holdout is {self.holdout:g}; it must be a share of the rows between 0 and 1, "
                "such as 0.1."
            )
        if self.attempts < 1:
            raise DataError(f"attempts is {self.attempts}; the net is fitted at least once.")

    def net_parameters(self) -> dict[str, Any]:
        """Return the parameters of the net's first attempt."""
        given = {name: getattr(self, name) for name in _OF_THE_NET}
        return {**given, "random_state": self.seed}
