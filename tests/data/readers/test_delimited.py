"""CSV and TSV: what is found out about them, and every way in which they can be wrong."""

from __future__ import annotations

import csv
import gzip
import io

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from glassnet.data import load_dataset
from glassnet.data.readers import files
from glassnet.errors import DataError


@pytest.fixture
def write(tmp_path):
    def _write(text, name="t.csv"):
        path = tmp_path / name
        data = text if isinstance(text, bytes) else text.encode()
        path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
        return path

    return _write


ROWS = [[1.5, 2.0, 0], [3.0, 4.5, 1], [5.0, 6.0, 0], [7.0, 8.0, 1]]


@pytest.mark.parametrize("separator", [",", "\t", ";", " ", "  ", ", "])
@pytest.mark.parametrize("header", [True, False])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("name", ["t.csv", "t.tsv.gz"])
def test_separators_headers_line_ends_and_gzip(write, separator, header, end, name) -> None:
    lines = [separator.join(map(str, row)) for row in ROWS]
    lines = [separator.join(["a", "b", "kind"]), *lines] if header else lines
    data = load_dataset(write(end.join(lines) + end, name), target="kind" if header else -1)
    assert data.X.tolist() == [row[:2] for row in ROWS]
    assert data.y.tolist() == [0, 1, 0, 1]
    assert data.y.dtype == np.int64
    assert data.feature_names == (("a", "b") if header else ("x0", "x1"))
    assert data.target == ("kind" if header else None)
    assert data.name == name


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    rows=st.integers(1, 4).flatmap(
        lambda d: st.lists(
            st.lists(st.floats(-1e9, 1e9, allow_subnormal=False), min_size=d + 1, max_size=d + 1),
            min_size=1,
            max_size=9,
        )
    ),
    header=st.booleans(),
    separator=st.sampled_from(",;\t "),
)
def test_numbers_come_back(write, rows, header, separator) -> None:
    lines = [separator.join(map(repr, row)) for row in rows]
    if header:
        lines.insert(0, separator.join(f"c{i}" for i in range(len(rows[0]))))
    data = load_dataset(write("\n".join(lines)), require_labels=False)
    np.testing.assert_allclose(data.X, rows, rtol=1e-12, atol=0)
    assert data.y is None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.lists(
        st.tuples(
            st.text("abc ,;\t\"'\n", min_size=1).map(lambda text: f"v{text}v"),
            st.integers(-99, 99),
            st.sampled_from(["yes", "no"]),
        ),
        min_size=3,
        max_size=8,
    )
)
def test_quoted_text_comes_back(write, rows) -> None:
    file = io.StringIO()
    writer = csv.writer(file, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n")
    writer.writerows([("text", "number", "y"), *rows])
    data = load_dataset(write(file.getvalue()), require_labels=False, header=True)
    assert data.X["text"].tolist() == [text for text, _, _ in rows]
    assert data.X["number"].tolist() == [number for _, number, _ in rows]
    assert data.y.tolist() == [label for _, _, label in rows]


def test_mixed_table_with_marks_of_missing_values(write) -> None:
    data = load_dataset(write("age, job, y\n1, cook, a\n?, ?, b\n3, , a\n, cook, b\n"))
    assert data.is_mixed
    np.testing.assert_array_equal(data.X["age"], [1, np.nan, 3, np.nan])
    assert data.X["job"].isna().tolist() == [False, True, True, False]
    assert data.X["job"].dtype == object
    assert data.y.tolist() == ["a", "b", "a", "b"]


@pytest.mark.parametrize("column", ["target", "label", "class", "y", "Class"])
def test_usual_names_of_labels_are_found(write, column) -> None:
    data = load_dataset(write(f"a,{column}\n1,u\n2,v\n3,u\n4,v\n"))
    assert data.target == column
    assert data.classes.tolist() == ["u", "v"]


def test_header_option_overrides_the_look(write) -> None:
    path = write("1,2,3\n4,5,0\n6,7,0\n8,9,1\n1,1,1\n")
    assert load_dataset(path, target=2, header=False, require_labels=False).n_rows == 5
    data = load_dataset(path, target="3", header=True)
    assert data.feature_names == ("1", "2")
    assert data.n_rows == 4


def test_headerless_table_with_text_labels(write) -> None:
    data = load_dataset(
        write("5.1,3.5,setosa\n4.9,3.0,virginica\n5,3,setosa\n5,2,virginica\n"), target="2"
    )
    assert data.X.shape == (4, 2)
    assert data.class_names == ("setosa", "virginica")


def test_table_of_text_alone_has_a_header_when_its_cells_do_not_recur(write) -> None:
    data = load_dataset(write("shape,class\nround,bad\nflat,good\nround,bad\nflat,good\n"))
    assert data.feature_names == ("shape",)
    plain = load_dataset(write("round,bad\nflat,good\nround,bad\nflat,good\n"), target=1)
    assert plain.n_rows == 4


def test_decimal_commas(write) -> None:
    data = load_dataset(write("a;b;y\n1,5;2,25;0\n3,5;4;1\n1,0;2;0\n3;4;1\n"))
    assert data.X.tolist() == [[1.5, 2.25], [3.5, 4], [1, 2], [3, 4]]


def test_pandas_index_is_left_out_and_other_unnamed_columns_stay(write) -> None:
    data = load_dataset(write(",a,y\n0,5,u\n1,6,v\n2,7,u\n3,8,v\n"))
    assert data.feature_names == ("a",)
    other = load_dataset(write(",a,y\n9,5,u\n1,6,v\n2,7,u\n3,8,v\n"))
    assert other.feature_names == ("column 1", "a")


def test_byte_order_mark_and_comment_sign_before_the_names(write) -> None:
    assert load_dataset(write("\ufeffa,y\n1,0\n2,1\n3,0\n4,1\n")).feature_names == ("a",)
    assert load_dataset(write("# a,y\n1,0\n2,1\n3,0\n4,1\n")).feature_names == ("a",)


def test_truth_values_are_numbers_as_features_and_text_as_labels(write) -> None:
    data = load_dataset(write("a,y\nTrue,False\nFalse,True\nTrue,False\nTrue,True\n"))
    assert data.X.tolist() == [[1], [0], [1], [1]]
    assert data.classes.tolist() == ["False", "True"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty"),
        (" \n\n", "is empty"),
        ("a,b,y\n", "no rows"),
        ("1|2\n3|4\n", r"one column only; '\|' may be meant"),
        ("1\n2\n3\n", "one column only"),
        ("1,2,3\n4,5,6\n7,8\n1,1,1\n", "Line 3 of .* has 2 values where the others have 3"),
        ("1 2 3\n4 5 6\n\n7 8\n1 1 1\n", "Line 4 of .* has 2 values where the others have 3"),
        ('a,y\n"u,v",1\n2,3,4\n5,6\n', "Line 3 of .* has 3 values where the others have 2"),
        ("1,2,0\n3,x,1\n5,6,0\n", r"row 2, column 2 holds 'x' where numbers"),
        ("x,2,0\n3,4,1\n5,6,0\n", r"row 1, column 1 holds 'x'.*header=True"),
        ("a,b,y\n1,2,0\n3,oops,1\n5,6,0\n", r"row 2, column 'b' holds 'oops'"),
        ("a,a,y\n1,2,0\n3,4,1\n", "more than one column called 'a'"),
        ("a,b,y\n1,2,0\n3,inf,1\n5,6,0\n", "infinite value in row 2, column 'b'"),
        ("a,b,y\n1,2,0\n3,1e999,1\n5,6,0\n", "infinite value in row 2, column 'b'"),
        ("a,b,y\n1,2,0\n3,4,\n5,6,0\n", r"column 'y'\) are missing in row 2"),
        ("a,b,y\n1,2,0\n3,4,0\n5,6,0\n", "All 3 rows"),
        ("a,b,y\n1,2,0\n3,4,0\n5,6,1\n", "Class '1' of t.csv has one row only"),
        ("a,b,y\n1,2,.5\n3,4,0\n5,6,1\n", "row 1 holds 0.5"),
        ("a,b,kind\n1,2,0\n3,4,0\n", r"no labels.*columns: a, b, kind"),
        ("1,2\n3,4\n", "no labels.*2 columns"),
        (b"\xff\xfea\x00,\x00", "not UTF-8"),
        (b"a,b\n1,\x00\n", "not a text file"),
        ('a,b\n1,"2\n' + "3,4\n" * 40000, "cannot be read as separated values"),
    ],
)
def test_bad_files(write, text, message) -> None:
    with pytest.raises(DataError, match=message) as caught:
        load_dataset(write(text))
    assert len(str(caught.value)) < 500


def test_unknown_target(write) -> None:
    path = write("age,income\n1,a\n2,b\n3,a\n4,b\n")
    with pytest.raises(DataError, match=r"no column 'incme'. Did you mean 'income'\?"):
        load_dataset(path, target="incme")
    with pytest.raises(DataError, match=r"no column 'zzz'. It has age, income"):
        load_dataset(path, target="zzz")
    with pytest.raises(DataError, match="position from 0 to 1"):
        load_dataset(write("1,2\n3,4\n"), target=2)
    later = load_dataset(path, target="incme", require_labels=False)
    assert later.y is None
    assert later.n_columns == 2


def test_header_is_searched_in_the_first_lines_only_and_the_rest_still_counts(write) -> None:
    lines = ["1,2,0"] * 40000 + ["3,late,1"]
    with pytest.raises(DataError, match="row 40001, column 2 holds 'late'"):
        load_dataset(write("\n".join(lines)), target=-1)


def test_broken_and_overlong_gzip(write, monkeypatch) -> None:
    path = write("1,2\n" * 100, "t.csv.gz")
    whole = path.read_bytes()
    for broken in (whole[:-12], b"no gzip", whole[:15] + b"\0\0" + whole[17:]):
        path.write_bytes(broken)
        with pytest.raises(DataError, match="not a whole gzip file"):
            load_dataset(path)
    path.write_bytes(whole)
    monkeypatch.setattr(files, "EXPANDED_LIMIT", 100)
    with pytest.raises(DataError, match="expands to more than"):
        load_dataset(path)


@pytest.mark.shared_data
def test_the_documents_rows(shared_data) -> None:
    data = load_dataset(
        shared_data / "X.csv", labels=shared_data / "y.csv", image_shape="20x20", pixel_order="F"
    )
    assert data.X.shape == (5000, 400)
    assert data.class_names == tuple(map(str, range(1, 11)))
    assert np.bincount(data.y).tolist() == [0] + [500] * 10
    assert 0.5 < data.describe().zero_share < 0.6
    # Strokes stand upright only in the right order: ones (label 1) are higher than wide.
    ones = data.image.to_images(data.X[data.y == 1]).mean(axis=0)
    assert ones.max(axis=1)[4:16].min() > ones.max(axis=0)[4:16].min()


@pytest.mark.shared_data
def test_adult(shared_data) -> None:
    data = load_dataset(shared_data / "tables" / "adult.csv", target="income")
    assert data.X.shape == (48842, 14)
    assert data.class_names == ("<=50K", ">50K")
    found = data.describe()
    assert found.missing_columns == ("workclass", "occupation", "native-country")
    assert found.missing_values == 6465
    assert len(found.text_columns) == 8
