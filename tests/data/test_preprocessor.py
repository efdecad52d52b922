"""Imputing, encoding and scaling; and back from plain types, bit for bit."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.impute import SimpleImputer
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from glassnet.data import Dataset, ImageShape, Preprocessor
from glassnet.data.preprocessing_state import MAX_VALUES
from glassnet.errors import DataError, ModelFileError

MIXED = pd.DataFrame(
    {
        "job": np.array(["cook", "smith", np.nan, "cook"], dtype=object),
        "age": [30.0, np.nan, 50.0, 40.0],
        "pay": [1.0, 2.0, 3.0, 6.0],
    }
)


def test_mixed_table_by_hand() -> None:
    made = Preprocessor().fit(MIXED)
    out = made.transform(MIXED)
    assert made.get_feature_names_out().tolist() == [
        *("age", "pay", "age is missing"),
        *("job=(missing)", "job=cook", "job=smith"),
    ]
    np.testing.assert_allclose(out[:, 0], np.array([-1, 0, 1, 0]) / np.sqrt(2 / 3), atol=1e-15)
    np.testing.assert_allclose(out[:, 1], (MIXED["pay"] - 3) / np.sqrt(3.5), atol=1e-15)
    assert out[:, 2].tolist() == [0, 1, 0, 0]
    assert out[:, 3:].tolist() == [[0, 1, 0], [0, 0, 1], [1, 0, 0], [0, 1, 0]]
    assert out.flags.c_contiguous
    assert out.dtype == np.float64


def test_agrees_with_scikit_learns_transformers_one_by_one() -> None:
    random = np.random.RandomState(0)
    numbers = random.standard_normal((50, 3))
    numbers[random.uniform(size=(50, 3)) < 0.2] = np.nan
    numbers[:, 2] = random.standard_normal(50)
    text = random.choice(["a", "b", "c"], size=50).astype(object)
    frame = pd.DataFrame(numbers, columns=["p", "q", "r"]).assign(t=text)
    out = Preprocessor("standard").fit_transform(frame)
    gaps = np.isnan(numbers[:, :2]).astype(float)
    scaled = SimpleImputer(strategy="constant", fill_value=0.0).fit_transform(
        StandardScaler().fit_transform(numbers)
    )
    hot = OneHotEncoder(sparse_output=False).fit_transform(text[:, None])
    np.testing.assert_allclose(out, np.hstack([scaled, gaps, hot]), atol=1e-12)


def test_pixels_share_one_factor() -> None:
    X = np.array([[0.0, 128.0], [64.0, 255.0]])
    made = Preprocessor("pixels").fit(X)
    np.testing.assert_allclose(made.transform(X), X / 255)
    assert made.transform([[510.0, 0.0]]).tolist() == [[2.0, 0.0]]
    assert made.describe() == [
        "All pixels are shifted and scaled alike, from the training range 0 to 255 to the range "
        "0 to 1."
    ]


def test_none_leaves_numbers_and_imputes_the_mean() -> None:
    X = np.array([[1.0, 2.0], [3.0, 4.0]])
    assert Preprocessor("none").fit_transform(X).tolist() == X.tolist()
    holes = np.array([[1.0, 2.0], [3.0, np.nan], [5.0, 4.0]])
    assert Preprocessor("none").fit_transform(holes).tolist() == [[1, 2, 0], [3, 3, 1], [5, 4, 0]]


@pytest.mark.parametrize(
    ("high", "image", "scale"),
    [(1.0, True, "none"), (1.9, True, "none"), (16.0, True, "pixels"), (16.0, False, "standard")],
)
def test_auto_looks_at_images_and_their_range(high, image, scale) -> None:
    X = np.array([[0.0, high, 0.0, 0.0]])
    data = Dataset.from_arrays(X, image=ImageShape(2, 2) if image else None)
    assert Preprocessor.for_dataset(data).scale == scale
    assert Preprocessor.for_dataset(data, "none").scale == "none"
    assert Preprocessor.for_dataset(data).fit(X).feature_names_in_.tolist() == list(
        data.feature_names
    )


def test_unknown_values_are_zeros_and_further_columns_are_left_out() -> None:
    made = Preprocessor("none").fit(MIXED)
    later = pd.DataFrame(
        {"other": [9.0], "pay": [1.0], "age": [np.nan], "job": np.array(["king"], dtype=object)}
    )
    assert made.transform(later).tolist() == [[40.0, 1.0, 1.0, 0.0, 0.0, 0.0]]


def test_missing_columns_are_named() -> None:
    made = Preprocessor().fit(MIXED)
    with pytest.raises(DataError, match=r"lacks column 'age'.*Did you mean 'agee'\?"):
        made.transform(MIXED.rename(columns={"age": "agee"}))
    with pytest.raises(DataError, match=r"lacks 2 columns \('job', 'age'\)"):
        made.transform(MIXED[["pay"]])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"pay": np.array(["a", "b", "c", "d"], dtype=object)}, "'pay' holds text"),
        ({"pay": [1.0, 2.0, np.inf, 3.0]}, "'pay' holds infinite values"),
    ],
)
def test_bad_values_at_transform(change, message) -> None:
    with pytest.raises(DataError, match=message):
        Preprocessor().fit(MIXED).transform(MIXED.assign(**change))


@pytest.mark.parametrize(
    ("X", "scale", "message"),
    [
        ([[1.0]], "big", "'big' is unknown"),
        ([[np.inf]], "auto", "infinite"),
        ([["a"]], "auto", "not numbers"),
        ([1.0], "auto", "rows and columns"),
        (MIXED, "pixels", "is for images"),
        (np.zeros((0, 2)), "auto", "no training rows"),
        ([[1e200], [-1e200]], "standard", "'x0' holds values too large"),
        ([[1e308], [-1e308]], "pixels", "'x0' holds values too large"),
    ],
)
def test_bad_fits(X, scale, message) -> None:
    with pytest.raises(DataError, match=message):
        Preprocessor(scale).fit(X)


def test_another_number_of_columns() -> None:
    made = Preprocessor().fit(np.zeros((2, 3)))
    for X in (np.zeros((2, 2)), pd.DataFrame(np.zeros((2, 2)))):
        with pytest.raises(DataError, match="2 columns, but the model was trained on 3"):
            made.transform(X)


def test_columns_without_a_value_in_training_give_zeros() -> None:
    frame = pd.DataFrame({"a": [np.nan, np.nan], "t": np.array([np.nan] * 2, dtype=object)})
    made = Preprocessor().fit(frame)
    assert made.transform(frame).tolist() == [[0, 1, 1], [0, 1, 1]]
    later = pd.DataFrame({"a": [2.0], "t": np.array(["new"], dtype=object)})
    assert made.transform(later).tolist() == [[2.0, 0.0, 0.0]]


def test_identifiers_stay_bounded_and_are_said() -> None:
    names = np.array([f"id{i:03}" for i in range(150)] + ["id149"] * 2, dtype=object)
    made = Preprocessor().fit(pd.DataFrame({"id": names}))
    out = made.transform(pd.DataFrame({"id": names}))
    assert out.shape == (152, MAX_VALUES)
    assert "id=id149" in made.get_feature_names_out()
    assert "'id' has 150 values; only the 100 most frequent" in " ".join(made.describe())


def test_missing_numbers_in_an_array_seen_first_at_predict_become_the_mean() -> None:
    made = Preprocessor("standard").fit(np.array([[1.0, 5.0], [3.0, 9.0]]))
    assert made.transform(np.array([[np.nan, 9.0]])).tolist() == [[0.0, 1.0]]


def test_single_copy_path_is_the_transformers_bit_for_bit() -> None:
    X = np.random.RandomState(1).standard_normal((30, 4)) * 1e3
    made = Preprocessor("standard").fit(X)
    frame = pd.DataFrame(X, columns=["x0", "x1", "x2", "x3"])
    np.testing.assert_array_equal(made.transform(X), made.transform(frame))


def test_it_is_a_scikit_learn_transformer() -> None:
    copy = clone(Preprocessor("pixels", feature_names=("a", "b")))
    assert copy.get_params() == {"scale": "pixels", "feature_names": ("a", "b")}
    with pytest.raises(ValueError, match="not fitted"):
        copy.transform([[1.0, 2.0]])


CELL = st.one_of(st.none(), st.text(max_size=4))
NUMBER = st.one_of(st.just(np.nan), st.floats(-1e100, 1e100))


@st.composite
def tables(draw: st.DrawFn) -> pd.DataFrame:
    n = draw(st.integers(1, 6))
    columns = {}
    for place in range(draw(st.integers(1, 4))):
        if draw(st.booleans()):
            cells = draw(st.lists(CELL, min_size=n, max_size=n))
            columns[f"t{place}"] = np.array([np.nan if c is None else c for c in cells], object)
        else:
            columns[f"n{place}"] = np.array(draw(st.lists(NUMBER, min_size=n, max_size=n)))
    return pd.DataFrame(columns)


@settings(deadline=None, max_examples=60)
@given(frame=tables(), scale=st.sampled_from(["none", "standard"]))
def test_json_round_trip_is_bit_for_bit(frame, scale) -> None:
    made = Preprocessor(scale).fit(frame)
    again = Preprocessor.from_dict(json.loads(json.dumps(made.to_dict())))
    out = made.transform(frame)
    assert again.transform(frame).tobytes() == out.tobytes()
    assert np.isfinite(out).all()
    assert again.get_feature_names_out().tolist() == made.get_feature_names_out().tolist()
    assert out.shape[1] == len(made.get_feature_names_out())
    assert again.to_dict() == made.to_dict()
    assert again.describe() == made.describe()


def _broken(*path, value):
    state = Preprocessor("standard").fit(MIXED).to_dict()
    state = json.loads(json.dumps(state))
    part = state
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = value
    return state


@pytest.mark.parametrize(
    "state",
    [
        {},
        [],
        _broken("scale", value="auto"),
        _broken("scale", value=3),
        _broken("extra", value=1),
        _broken("names", value=["job", "age"]),
        _broken("names", value=["job", "age", "age"]),
        _broken("names", value=[]),
        _broken("numbers", "fill", value=[1.0]),
        _broken("numbers", "fill", value=[1.0, "2"]),
        _broken("numbers", "shift", value=[1.0, float("nan")]),
        _broken("numbers", "factor", value=[1.0, 0.0]),
        _broken("numbers", "names", value=["age", "job"]),
        _broken("texts", 0, "values", value=[]),
        _broken("texts", 0, "values", value=["b", "a"]),
        _broken("texts", 0, "values", value=["a", "a"]),
        _broken("texts", 0, "values", value=[f"{i:03}" for i in range(MAX_VALUES + 1)]),
        _broken("texts", 0, "n_distinct", value=1),
        _broken("texts", value={}),
    ],
)
def test_foreign_states_are_refused(state) -> None:
    with pytest.raises(ModelFileError, match="The preprocessing in the model file is broken"):
        Preprocessor.from_dict(state)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=3),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["names", "numbers", "texts", "scale"]), inner)
        ),
    )
)
def test_anything_else_is_refused_with_a_sentence(plain) -> None:
    with pytest.raises(ModelFileError):
        Preprocessor.from_dict(plain)


def test_prepared_columns_know_where_they_come_from() -> None:
    table = pd.DataFrame({"kind": ["a", "b", "a"], "age": [1.0, np.nan, 3.0], "size": [2.0, 4, 6]})
    fitted = Preprocessor("standard").fit(table)
    names = fitted.get_feature_names_out().tolist()
    assert names == ["age", "size", "age is missing", "kind=a", "kind=b"]
    assert fitted.origins().tolist() == [1, 2, 1, 0, 0]
    back = fitted.restore(fitted.transform(table))
    np.testing.assert_allclose(back[:, :2], [[1, 2], [2, 4], [3, 6]])
    assert back[:, 2:].tolist() == [[0, 1, 0], [1, 0, 1], [0, 1, 0]]
