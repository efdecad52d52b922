"""The overfitting gap: how much better a model does on the rows it was trained on."""

from __future__ import annotations

__all__ = ["Gap", "overfitting_gap"]

from dataclasses import dataclass

from scipy.stats import fisher_exact

from glassnet.evaluation.intervals import newcombe_interval
from glassnet.evaluation.plain import Plain
from glassnet.evaluation.rates import SuccessRates

SIGNIFICANT = 0.05


@dataclass(frozen=True)
class Gap(Plain):
    """Training accuracy minus held-out accuracy.

    Attributes
    ----------
    train, holdout : float
        Accuracy on training rows and on held-out rows.
    gap : float
        train - holdout.
    low, high : float
        95 % interval of the gap (Newcombe).
    sentence : str
        What that means.
    """

    train: float
    holdout: float
    gap: float
    low: float
    high: float
    sentence: str


def overfitting_gap(train: SuccessRates, holdout: SuccessRates, name: str = "the model") -> Gap:
    """Compare the accuracy on training rows with that on held-out rows.

    Parameters
    ----------
    train, holdout : SuccessRates
        Of one model, on the rows it was trained on and on rows it never saw.
    name : str, default "the model"
        What to call it.

    Returns
    -------
    Gap
        The difference with Newcombe's 95 % interval and a sentence.

    Examples
    --------
    >>> from glassnet.evaluation import success_rates
    >>> train = success_rates([0] * 400 + [1] * 100, [0] * 400 + [1] * 100, classes=[0, 1])
    >>> holdout = success_rates([0] * 40 + [1] * 10, [0] * 45 + [1] * 5, classes=[0, 1])
    >>> overfitting_gap(train, holdout).sentence
    'The model gets 100.0 % of its training rows right but 90.0 % of the held-out rows: ...'
    """
    low, high = newcombe_interval((train.correct, train.rows), (holdout.correct, holdout.rows))
    gap = train.accuracy - holdout.accuracy
    return Gap(
        train=train.accuracy,
        holdout=holdout.accuracy,
        gap=gap,
        low=low,
        high=high,
        sentence=_sentence(name[:1].upper() + name[1:], train, holdout, gap, low, high),
    )


def _sentence(
    name: str, train: SuccessRates, holdout: SuccessRates, gap: float, low: float, high: float
) -> str:
    rates = f"{train.accuracy:.1%} of its training rows right".replace("%", " %")
    held = f"{holdout.accuracy:.1%} of the held-out rows".replace("%", " %")
    interval = f"95 % interval {100 * low:.1f} to {100 * high:.1f}"
    if low > 0 and _differ(train, holdout):
        return (
            f"{name} gets {rates} but {held}: it overfits by {100 * gap:.1f} percentage points "
            f"({interval}), so expect the held-out rate, not the training rate, on new rows."
        )
    if high < 0:
        return (
            f"{name} gets {rates} and {held}: {-100 * gap:.1f} percentage points more "
            f"({interval} for training minus held-out). There is no overfitting to see; the "
            "held-out rows may be easier than the training rows."
        )
    return (
        f"{name} gets {rates} and {held}. Chance alone could explain this gap of "
        f"{100 * gap:.1f} percentage points ({interval}): {holdout.rows} held-out rows do not "
        f"show overfitting, nor do they rule out {100 * high:.1f} percentage points of it."
    )


def _differ(train: SuccessRates, holdout: SuccessRates) -> bool:
    """Say whether Fisher's exact test tells the two rates apart, too.

    With a handful of held-out rows the score interval alone would call one mistake overfitting.
    """
    table = [[rates.correct, rates.rows - rates.correct] for rates in (train, holdout)]
    return bool(fisher_exact(table).pvalue < SIGNIFICANT)
