from __future__ import annotations

import itertools

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_rgb

from glassnet.data import ImageShape
from glassnet.pictures import SampleGridDisplay
from glassnet.pictures.theme import (
    CLASSES,
    DIVERGING,
    OKABE_ITO,
    SEQUENTIAL,
    class_colour,
    colours,
    plain_text,
)

# G. M. Machado, M. M. Oliveira, L. A. F. Fernandes (2009), severity 1, on linear RGB.
DEFICIENCY = {
    "none": np.eye(3),
    "protan": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deutan": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritan": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}


def seen(colour, kind):
    """Return the CIE Lab coordinates of a colour as that kind of vision sees it."""
    rgb = np.array(to_rgb(colour))
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    linear = np.clip(np.array(DEFICIENCY[kind]) @ linear, 0, 1)
    to_xyz = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    xyz = np.array(to_xyz) @ linear / [0.9505, 1.0, 1.089]
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("kind", DEFICIENCY)
def test_every_vision_tells_the_signs_and_the_first_colours_apart(kind):
    assert np.linalg.norm(seen(DIVERGING(0.25), kind) - seen(DIVERGING(0.75), kind)) > 40
    for i, a in enumerate(OKABE_ITO[:4]):
        for b in OKABE_ITO[i + 1 : 4]:
            assert np.linalg.norm(seen(a, kind) - seen(b, kind)) > 9


def test_scales_are_ordered_by_lightness():
    light = [seen(SEQUENTIAL(x), "none")[0] for x in np.linspace(0, 1, 21)]
    assert np.all(np.diff(light) < 0)
    diverging = [seen(DIVERGING(x), "none")[0] for x in np.linspace(0, 1, 41)]
    assert np.argmax(diverging) == 20
    assert np.all(np.diff(diverging[:20]) > 0)
    assert np.all(np.diff(diverging[21:]) < 0)


def test_colours_are_distinct_and_stay_the_same():
    assert colours(3) == colours(8)[:3]
    for n in (1, 8, 9, 26, 100):
        assert len(set(colours(n))) == n


@pytest.mark.parametrize("kind", DEFICIENCY)
def test_every_vision_tells_ten_classes_apart(kind):
    near = [
        np.linalg.norm(seen(a, kind) - seen(b, kind)) for a, b in itertools.combinations(CLASSES, 2)
    ]
    assert min(near) > 14


def test_a_class_has_its_own_colour_and_no_roles_one():
    found = [class_colour(i) for i in range(300)]
    assert found[:10] == [colour.lower() for colour in CLASSES]
    assert len(set(found)) == 300
    assert not set(found) & {colour.lower() for colour in OKABE_ITO}
    for i, colour in enumerate(found):  # not lost on white
        assert np.linalg.norm(seen(colour, "none") - seen("white", "none")) > 10, i


def test_plain_text_cuts_the_middle_and_disarms_mathematics():
    assert plain_text("short") == "short"
    assert plain_text("two\nlines") == "two lines"
    cut = plain_text("handlers and cleaners of all sorts 19", 20)
    assert len(cut) == 20
    assert cut.startswith("handlers")
    assert cut.endswith("orts 19")
    assert plain_text("$a$") == r"\$a\$"


def test_the_callers_settings_are_left_alone(digits):
    before = dict(mpl.rcParams)
    SampleGridDisplay.from_images(digits[0], ImageShape(8, 8), n_images=4)
    assert dict(mpl.rcParams) == before
    assert len(plt.get_fignums()) == 1
