"""Nets given as matrices: read, ordered, refused."""

from __future__ import annotations

import pathlib
from typing import Any

import numpy as np
import pytest
import scipy.io

from glassnet.data import Dataset, ImageShape, load_dataset
from glassnet.errors import DataError
from glassnet.store import convert_theta, load_model, save_model


def thetas(*sizes: int, seed: int = 0) -> dict[str, np.ndarray]:
    random = np.random.RandomState(seed)
    return {
        f"Theta{i + 1}": random.normal(size=(sizes[i + 1], sizes[i] + 1))
        for i in range(len(sizes) - 1)
    }


def forward(matrices: dict[str, np.ndarray], X: np.ndarray) -> np.ndarray:
    """Propagate as the course does: a column of ones first, then the sigmoid."""
    a = X
    for _, theta in sorted(matrices.items()):
        a = 1 / (1 + np.exp(-np.column_stack([np.ones(len(a)), a]) @ theta.T))
    return a


def rows(n: int, d: int) -> Dataset:
    return Dataset.from_arrays(np.random.RandomState(1).normal(size=(n, d)))


@pytest.mark.parametrize("suffix", [".mat", ".npz"])
@pytest.mark.parametrize("sizes", [(5, 4, 3), (5, 3), (5, 4, 6, 7)])
def test_outputs_and_predictions_are_those_of_the_matrices(
    tmp_path: pathlib.Path, suffix: str, sizes: tuple[int, ...]
) -> None:
    matrices = thetas(*sizes)
    path = tmp_path / f"weights{suffix}"
    (scipy.io.savemat if suffix == ".mat" else lambda p, m: np.savez(p, **m))(path, matrices)
    model, data = convert_theta(path), rows(50, 5)
    a = forward(matrices, data.X)
    np.testing.assert_allclose(model.estimator.predict_proba(data.X), a, rtol=1e-12)
    p = model.predict_proba(data)
    np.testing.assert_allclose(p, a / a.sum(axis=1, keepdims=True), rtol=1e-12)
    np.testing.assert_array_equal(model.predict(data), a.argmax(axis=1) + 1)
    np.testing.assert_array_equal(model.estimator.predict(data.X), a.argmax(axis=1) + 1)
    assert model.image is None
    assert model.source == path.name
    loaded = load_model(save_model(model, tmp_path / "model"))
    assert loaded.predict_proba(data).tobytes() == p.tobytes()


def test_labels_name_the_outputs_in_any_order(tmp_path: pathlib.Path) -> None:
    matrices = thetas(3, 4)
    np.savez(tmp_path / "w.npz", **matrices)
    data = rows(40, 3)
    digits = convert_theta(tmp_path / "w.npz", labels=[1, 2, 3, 0])
    winner = forward(matrices, data.X).argmax(axis=1)
    np.testing.assert_array_equal(digits.classes, [0, 1, 2, 3])
    np.testing.assert_array_equal(digits.predict(data), np.array([1, 2, 3, 0])[winner])
    words = convert_theta(
        tmp_path / "w.npz", labels=["d", "c", "b", "a"], class_names=["A", "B", "C", "D"]
    )
    assert words.predict(data).tolist() == [list("dcba")[i] for i in winner]
    assert words.class_names == ("A", "B", "C", "D")


@pytest.mark.parametrize("labels", [None, [5, 3]])
def test_one_output_tells_two_classes_apart(tmp_path: pathlib.Path, labels: Any) -> None:
    matrices = thetas(3, 2, 1)
    np.savez(tmp_path / "w.npz", **matrices)
    data, second = rows(40, 3), forward(thetas(3, 2, 1), rows(40, 3).X).ravel() > 0.5
    expected = np.where(second, *(1, 0) if labels is None else (3, 5))
    np.testing.assert_array_equal(
        convert_theta(tmp_path / "w.npz", labels=labels).predict(data), expected
    )


def test_two_outputs_predict_as_the_larger(tmp_path: pathlib.Path) -> None:
    matrices = thetas(3, 2)
    np.savez(tmp_path / "w.npz", **matrices)
    data = rows(60, 3)
    model = convert_theta(tmp_path / "w.npz")
    a = forward(matrices, data.X)
    np.testing.assert_array_equal(model.predict(data), a.argmax(axis=1) + 1)
    odds = a / (1 - a)  # exp(z), so that a softmax of z is odds / sum
    np.testing.assert_allclose(
        model.predict_proba(data), odds / odds.sum(axis=1, keepdims=True), rtol=1e-12
    )


@pytest.mark.parametrize(
    ("suffix", "d", "options", "expected"),
    [
        (".mat", 64, {}, ImageShape(8, 8, pixel_order="F")),
        (".npz", 64, {}, ImageShape(8, 8, pixel_order="C")),
        (".npz", 64, {"pixel_order": "F"}, ImageShape(8, 8, pixel_order="F")),
        (".mat", 65, {}, None),
        (".mat", 16, {}, None),
        (".mat", 16, {"image": "4x4"}, ImageShape(4, 4, pixel_order="F")),
        (".mat", 12, {"image": ImageShape(4, 3)}, ImageShape(4, 3)),
    ],
)
def test_pictures(
    tmp_path: pathlib.Path, suffix: str, d: int, options: Any, expected: ImageShape | None
) -> None:
    path = tmp_path / f"w{suffix}"
    (scipy.io.savemat if suffix == ".mat" else lambda p, m: np.savez(p, **m))(path, thetas(d, 3))
    assert convert_theta(path, **options).image == expected


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "no matrices": ({"X": np.zeros((3, 3))}, "holds none of them"),
    "a gap": ({"Theta1": np.zeros((3, 3)), "Theta3": np.zeros((3, 4))}, "only Theta1, Theta3"),
    "only the second": ({"Theta2": np.zeros((3, 4))}, "only Theta2"),
    "another width": (
        {"Theta1": np.zeros((3, 3)), "Theta2": np.zeros((2, 3))},
        "Theta2 has 3 columns, but Theta1 gives 3 units, so that 4 are needed",
    ),
    "no matrix": ({"Theta1": np.zeros((3, 3, 3))}, "must be a matrix"),
    "text": ({"Theta1": np.array([["a", "b"]])}, "must be a matrix of numbers"),
    "complex numbers": ({"Theta1": np.zeros((3, 3), complex)}, "matrix of numbers"),
    "no inputs": ({"Theta1": np.zeros((3, 1))}, "shape"),
    "missing values": ({"Theta1": np.full((3, 3), np.nan)}, "not finite"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_net_is_refused(tmp_path: pathlib.Path, name: str) -> None:
    matrices, match = BAD[name]
    np.savez(tmp_path / "w.npz", **matrices)
    with pytest.raises(DataError, match=match):
        convert_theta(tmp_path / "w.npz")


def test_bad_files_and_options(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "weights.npz"
    np.savez(path, **thetas(3, 4))
    with pytest.raises(DataError, match="4 different labels"):
        convert_theta(path, labels=[1, 2, 3])
    with pytest.raises(DataError, match="4 different labels"):
        convert_theta(path, labels=[1, 2, 3, 3])
    with pytest.raises(DataError, match="class names"):
        convert_theta(path, class_names=["a"])
    with pytest.raises(DataError, match="needs 4 columns"):
        convert_theta(path, image="2x2")
    with pytest.raises(DataError, match=r"Did you mean 'weights.npz'"):
        convert_theta(tmp_path / "weigths.npz")
    (tmp_path / "w.csv").write_text("1,2")
    with pytest.raises(DataError, match=r"\.mat or an \.npz"):
        convert_theta(tmp_path / "w.csv")
    for broken in ("w.mat", "w.npz"):
        (tmp_path / broken).write_bytes(b"broken" * 50)
        with pytest.raises(DataError, match="truncated or broken"):
            convert_theta(tmp_path / broken)
    np.savez(tmp_path / "o.npz", Theta1=np.array([[None, 1]], dtype=object))
    with pytest.raises(DataError, match="truncated or broken"):
        convert_theta(tmp_path / "o.npz")


@pytest.mark.shared_data
def test_the_courses_net_gets_its_rate(shared_data: pathlib.Path) -> None:
    model = convert_theta(shared_data / "ex3weights.mat")
    assert model.image == ImageShape(20, 20, pixel_order="F")
    assert model.classes.tolist() == list(range(1, 11))
    data = load_dataset(shared_data / "digits5000.mat")
    assert np.mean(model.predict(data) == data.y) == pytest.approx(0.926, abs=0.0005)
    shaped = load_dataset(data, image_shape="20x20", pixel_order="F")
    np.testing.assert_array_equal(model.predict(shaped), model.predict(data))
    turned = load_dataset(data, image_shape="20x20", pixel_order="C")
    assert np.mean(model.predict(turned) == data.y) < 0.2
