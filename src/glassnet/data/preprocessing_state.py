"""What a fitted preprocessor knows: plain numbers and names, and the transformer they make."""

from __future__ import annotations

__all__ = [
    "MAX_VALUES",
    "MISSING_TEXT",
    "NumberColumns",
    "State",
    "TextColumn",
    "build_transformer",
    "frequent_values",
    "read_state",
    "write_state",
]

from typing import Any

import msgspec
import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from glassnet.data.wording import listed
from glassnet.errors import ModelFileError

# A column of identifiers must not become a column a row: memory stays bounded.
MAX_VALUES = 100
# What a missing text is called; it is a value like any other.
MISSING_TEXT = "(missing)"


class NumberColumns(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The number columns: x becomes (x - shift) / factor, and a missing x is `fill` first."""

    names: tuple[str, ...]
    fill: tuple[float, ...]
    missing: tuple[bool, ...]
    shift: tuple[float, ...]
    factor: tuple[float, ...]


class TextColumn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A text column: the values that get a column, of `n_distinct` seen in training."""

    name: str
    values: tuple[str, ...]
    n_distinct: int


class State(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All that a fitted preprocessor knows; `names` are the d columns in their order."""

    names: tuple[str, ...]
    scale: str
    numbers: NumberColumns
    texts: tuple[TextColumn, ...]

    @property
    def is_plain(self) -> bool:
        """Whether there are only number columns, none with missing values in training."""
        return not self.texts and not any(self.numbers.missing)

    def names_out(self) -> tuple[str, ...]:
        """Name the d_out columns: "age", "age is missing", "workclass=Private"."""
        numbers = self.numbers
        gaps = [n for n, missing in zip(numbers.names, numbers.missing, strict=True) if missing]
        return (
            *numbers.names,
            *(f"{name} is missing" for name in gaps),
            *(f"{text.name}={value}" for text in self.texts for value in text.values),
        )

    def origins(self) -> tuple[str, ...]:
        """Name the table's column behind each of the d_out columns."""
        numbers = self.numbers
        gaps = [n for n, missing in zip(numbers.names, numbers.missing, strict=True) if missing]
        texts = (text.name for text in self.texts for _ in text.values)
        return (*numbers.names, *gaps, *texts)

    def sentences(self) -> list[str]:
        """Say what is done to a table, a sentence a step."""
        numbers, said = self.numbers, []
        if numbers.names:
            said.append(_SCALE_SENTENCES[self.scale].format(*_range(numbers)))
        gaps = [n for n, missing in zip(numbers.names, numbers.missing, strict=True) if missing]
        if gaps:
            said.append(
                "Missing numbers become their column's training mean, and a further 0/1 column "
                f"marks them: {listed(gaps)}."
            )
        if self.texts:
            said.append(
                f"Text columns become one 0/1 column a value, "
                f"{sum(len(text.values) for text in self.texts)} in all: "
                f"{listed([text.name for text in self.texts])}. "
                "Values unseen in training are zero in all of them."
            )
        said.extend(
            f"Column {text.name!r} has {text.n_distinct} values; only the {len(text.values)} most "
            "frequent get a column. Leave it out if it identifies rows."
            for text in self.texts
            if text.n_distinct > len(text.values)
        )
        return said


_SCALE_SENTENCES = {
    "none": "Numbers are used as they are.",
    "standard": "Each number column is shifted and scaled to mean 0 and standard deviation 1 on "
    "the training rows.",
    "pixels": "All pixels are shifted and scaled alike, from the training range {0:.4g} to "
    "{1:.4g} to the range 0 to 1.",
}


def _range(numbers: NumberColumns) -> tuple[float, float]:
    return numbers.shift[0], numbers.shift[0] + numbers.factor[0]


def frequent_values(text: pd.Series[Any]) -> tuple[str, ...]:
    """Give the values that get a column: the most frequent `MAX_VALUES`, sorted by name."""
    counts = text.value_counts()
    ranked = sorted(counts.items(), key=lambda item: (-item[1], str(item[0])))
    return tuple(sorted(str(value) for value, _ in ranked[:MAX_VALUES]))


def build_transformer(state: State) -> ColumnTransformer:
    """Make scikit-learn's transformer that does what `state` says.

    The transformers are fitted on two rows that hold the state's numbers: one of the fill values
    and one with the gaps. That gives them the very same numbers again, bit for bit, through their
    public face, whether the state was just measured or was read from a file.
    """
    numbers, texts = state.numbers, state.texts
    steps: list[tuple[str, Any, list[str]]] = []
    if numbers.names:
        # Scaled after the imputer, whose indicator columns come last and stay 0 or 1.
        indicators = sum(numbers.missing)
        scaler = StandardScaler()
        imputer = SimpleImputer(strategy="mean", add_indicator=True, keep_empty_features=True)
        steps.append(
            ("numbers", Pipeline([("impute", imputer), ("scale", scaler)]), list(numbers.names))
        )
    if texts:
        encoder = OneHotEncoder(
            categories=[np.array(text.values, dtype=object) for text in texts],
            handle_unknown="ignore",
            sparse_output=False,
        )
        steps.append(("texts", encoder, [text.name for text in texts]))
    transformer = ColumnTransformer(steps, sparse_threshold=0).set_output(transform="default")
    transformer.fit(_two_rows(state))
    if numbers.names:
        fitted = transformer.named_transformers_["numbers"].named_steps["scale"]
        fitted.mean_ = np.array([*numbers.shift, *([0.0] * indicators)])
        fitted.scale_ = np.array([*numbers.factor, *([1.0] * indicators)])
        fitted.var_ = fitted.scale_**2
    return transformer


def _two_rows(state: State) -> pd.DataFrame:
    numbers = state.numbers
    columns: dict[str, Any] = {
        name: [fill, np.nan if missing else fill]
        for name, fill, missing in zip(numbers.names, numbers.fill, numbers.missing, strict=True)
    }
    for text in state.texts:
        columns[text.name] = np.array([text.values[0]] * 2, dtype=object)
    return pd.DataFrame({name: columns[name] for name in state.names})


def write_state(state: State) -> dict[str, Any]:
    """Turn the state into plain types for JSON."""
    plain: dict[str, Any] = msgspec.to_builtins(state)
    return plain


def read_state(plain: dict[str, Any]) -> State:
    """Read `write_state`'s plain types back; they may come from a hostile file.

    Raises
    ------
    ModelFileError
        When a part is missing, foreign, of another type, or sizes do not fit each other.
    """
    try:
        state = msgspec.convert(plain, State)
    except (msgspec.ValidationError, TypeError, RecursionError) as error:
        raise ModelFileError(f"The preprocessing in the model file is broken: {error}.") from error
    reason = _fault(state)
    if reason:
        raise ModelFileError(f"The preprocessing in the model file is broken: {reason}.")
    return state


def _fault(state: State) -> str | None:
    """Say what is wrong with a state that has the right types, or None."""
    numbers = state.numbers
    names = [*numbers.names, *(text.name for text in state.texts)]
    if state.scale not in _SCALE_SENTENCES:
        return f"scale {state.scale[:40]!r} is unknown"
    if not state.names or len(set(state.names)) != len(state.names):
        return "column names are absent or repeated"
    if sorted(names) != sorted(state.names):
        return "its number and text columns are not the columns of the table"
    per_column = (numbers.fill, numbers.missing, numbers.shift, numbers.factor)
    if any(len(values) != len(numbers.names) for values in per_column):
        return "there must be one mean, shift and factor for each number column"
    if not np.isfinite([*numbers.fill, *numbers.shift, *numbers.factor]).all():
        return "its numbers must be finite"
    if any(factor <= 0 for factor in numbers.factor):
        return "its scale factors must be positive"
    for text in state.texts:
        if not 1 <= len(text.values) <= MAX_VALUES or len(set(text.values)) != len(text.values):
            return f"text column {text.name[:40]!r} needs 1 to {MAX_VALUES} distinct values"
        if list(text.values) != sorted(text.values) or text.n_distinct < len(text.values):
            return f"the values of text column {text.name[:40]!r} are not in order"
    return None
