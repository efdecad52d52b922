"""Examples all the way through the net."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from glassnet.evaluation import walk_through
from glassnet.pictures.theme import DIVERGING
from glassnet.report import ExampleWalk, Spoken
from glassnet.studies.depth import fitted_net
from glassnet.studies.sections.story import Story
from glassnet.studies.shown import MOST_UNITS

MOST_EXAMPLES, MOST_VALUES = 1000, 500_000  # of attributions in the page
COLOURS = 255


def walk_block(story: Story) -> ExampleWalk:
    """Return held-out rows on their way through the net; those it errs on or is unsure of first."""
    result, shown = story.result, story.shown
    X = np.asarray(
        result.preprocessor.transform(result.dataset.subset(shown.rows[: shown.held_out]).X)
    )
    positions = _chosen(story)
    net = fitted_net(result.net)
    walked = walk_through(net, X[positions], result.dataset.classes, result.dataset.class_names)
    h = len(walked[0].votes)
    spoken = tuple(
        Spoken(name, _by_input(story, np.stack([getattr(each, attribute) for each in walked])))
        for name, attribute in (
            ("Gradient times input", "gradient_x_input"),
            ("Integrated gradients", "integrated_gradients"),
        )
    )
    activations = [each.activations[-1] if each.activations else np.empty(0) for each in walked]
    one_layer = len(result.net.coefs_) == 2
    what = "pixels" if result.dataset.image else "columns"
    return ExampleWalk(
        title="One example, all the way through",
        caption=f"What goes in; which {what} spoke for the label assigned (orange, to the right) "
        "and against it (blue), by two methods; what the hidden units add to that label's score; "
        "what comes out. Integrated gradients add up to the whole score.",
        examples=shown.examples,
        predictions=shown.predictions[result.net_reading.name],
        shown=positions,
        activations=np.stack(activations),
        votes=np.stack([each.votes for each in walked]),
        spoken=spoken,
        units=tuple(f"unit {j}" for j in range(h)),
        palette=np.asarray(DIVERGING(np.linspace(0, 1, COLOURS), bytes=True))[:, :3],
        pictures=_unit_pictures(story, h) if one_layer else None,
    )


def _chosen(story: Story) -> NDArray[np.intp]:
    """Return the positions of the rows to walk: the net's surest mistakes first."""
    shown, r = story.shown, story.shown.held_out
    p = np.array(shown.predictions[story.result.net_reading.name].probabilities[:r])
    truth = np.asarray(shown.examples.truth[:r], dtype=np.intp)
    own = np.take_along_axis(p, truth[:, None], axis=1)[:, 0]
    np.put_along_axis(p, truth[:, None], -1.0, axis=1)
    order = np.argsort(own - p.max(axis=1), kind="stable")
    width = len(shown.examples.columns)
    if shown.examples.images is not None:
        width = int(np.prod(shown.examples.images.shape[1:3]))
    return order[: min(MOST_EXAMPLES, max(MOST_VALUES // width, 20))]


def _by_input(story: Story, values: NDArray[np.floating]) -> NDArray[np.float64]:
    """Sum what prepared columns (w, d_out) say over pixels' channels, or over table columns."""
    result, dataset = story.result, story.result.dataset
    total = np.zeros((len(values), dataset.n_columns))
    np.add.at(total.T, result.preprocessor.origins(), values.T)
    if dataset.image is not None:
        images = dataset.image.to_images(total)
        grey = images.sum(axis=3) if images.ndim == 4 else images
        return np.ascontiguousarray(grey.reshape(len(values), -1))
    place = {name: j for j, name in enumerate(dataset.feature_names)}
    return total[:, [place[column.name] for column in story.shown.examples.columns]]


def _unit_pictures(story: Story, h: int) -> NDArray[np.uint8] | None:
    return story.unit_pictures if h <= MOST_UNITS else None
