"""What the two rules about hidden units share."""

from __future__ import annotations

__all__ = ["BOUNDED", "SHARE", "unit_bars"]

from collections.abc import Sequence

from glassnet.evaluation.doctor.finding import Bars

BOUNDED = ("logistic", "tanh")
# Share of a layer's units. Healthy nets on digits, iris, wine, breast cancer and X.csv have at most
# 0.26 (digits, lbfgs until nothing is left of the loss), on the same rows unscaled 0.37 to 1.0.
SHARE = 1 / 3


def unit_bars(title: str, counts: Sequence[int], sizes: Sequence[int]) -> Bars:
    """Return the share of units a layer as a picture."""
    return Bars(
        title,
        "share of the layer's units",
        tuple(f"hidden layer {i}" for i in range(1, len(sizes) + 1)),
        tuple(count / size for count, size in zip(counts, sizes, strict=True)),
        limit=SHARE,
        limit_name="a third",
        marked=tuple(i for i, size in enumerate(sizes) if counts[i] >= SHARE * size),
    )
