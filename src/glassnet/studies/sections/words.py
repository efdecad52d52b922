"""How the page writes shares and rates."""

from __future__ import annotations

from glassnet.evaluation import ClassRate, SuccessRates


def percent(share: float, digits: int = 1) -> str:
    """Write a share in percent."""
    return f"{100 * share:.{digits}f}\u00a0%"


def share_of(correct: int, rows: int) -> str:
    """Write a rate with its counts."""
    return f"{correct}/{rows}\u2002{percent(correct / rows)}" if rows else "no rows"


def interval_of(rates: ClassRate | SuccessRates, digits: int = 0) -> str:
    """Write a rate's interval."""
    return f"{100 * rates.low:.{digits}f}\u00a0–\u00a0{percent(rates.high, digits)}"


def capitalised(name: str) -> str:
    """Return a name as it begins a sentence."""
    return name[0].upper() + name[1:]
