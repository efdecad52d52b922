"""The section on what the net learned: its first layer, its units, and an example's way through."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from glassnet.evaluation import UnitProfile, UnitSummary
from glassnet.report import Block, Section, UnitExplorer, UnitView
from glassnet.studies.figures import weights_picture
from glassnet.studies.sections.story import Story
from glassnet.studies.sections.walk import walk_block
from glassnet.studies.shown import MOST_UNITS, pictures_of, written

MOST_ASKED = 10  # columns of the input that would fire a unit most


def inside_section(story: Story) -> Section:
    """Return the net seen from inside."""
    blocks: list[Block] = []
    if story.result.depth is not None:
        blocks += [units_block(story), story.render(weights_picture(story.result))]
    walk = walk_block(story)
    return Section("What the net learned", "inside", (*blocks, walk))


def units_block(story: Story) -> UnitExplorer:
    """Return the units of the first hidden layer, the first hundred of very many."""
    result = story.result
    depth, image = result.depth, result.dataset.image
    assert depth is not None
    h = min(len(depth.profiles), MOST_UNITS)
    asked = result.preprocessor.restore(depth.maximal.inputs[:h])
    is_image = image is not None
    total = len(depth.profiles)
    few = "" if h == total else f" The first {h} of {total} units."
    return UnitExplorer(
        title="What each hidden unit looks for",
        caption=(
            "Each hidden unit's weights as a picture: pixels that push it on in orange, off in "
            "blue, on a scale that all units share."
            if is_image
            else "Each hidden unit with the inputs that push it on (+) or off (−) most."
        )
        + few,
        examples=story.shown.examples,
        units=tuple(
            _view(story, unit, profile, j)
            for j, (unit, profile) in enumerate(zip(result.units[:h], depth.profiles, strict=False))
        ),
        pictures=story.unit_pictures,
        asked=None if image is None else pictures_of(result.dataset, asked),
        conclusion="A unit fires on images that are bright where its picture is orange and dark "
        "where it is blue. Strokes and arcs are features; pure noise is a sign of too little "
        "training or too much freedom."
        if is_image
        else "",
    )


def _view(story: Story, unit: UnitSummary, profile: UnitProfile, j: int) -> UnitView:
    result, depth = story.result, story.result.depth
    assert depth is not None
    names = result.dataset.class_names
    votes = dict(profile.votes)
    is_image = result.dataset.image is not None
    return UnitView(
        name=f"unit {unit.unit}",
        flags=profile.flags.words(),
        sentence=f"{_sentence(unit, is_image)} {depth.ablation.sentence(j)}",
        weights=() if is_image else unit.positive + unit.negative,
        asked=() if is_image else _asked(story, depth.maximal.inputs[j]),
        most=story.shown.positions(depth.rows[profile.most]),
        least=story.shown.positions(depth.rows[profile.least]),
        votes=np.array([votes[name] for name in names] if set(votes) == set(names) else []),
        effects=depth.ablation.changes[j],
        counts=profile.counts,
        low=float(profile.edges[0]),
        high=float(profile.edges[-1]),
    )


def _sentence(unit: UnitSummary, is_image: bool) -> str:
    """Return a unit in words; of pixels a picture says more than their names."""
    return (replace(unit, positive=(), negative=()) if is_image else unit).sentence()


def _asked(story: Story, prepared: NDArray[np.float64]) -> tuple[tuple[str, str], ...]:
    """Write a prepared row (d_out,) as the table's columns that lie farthest from usual."""
    result, depth = story.result, story.result.depth
    assert depth is not None
    names = result.preprocessor.get_feature_names_out()
    away = np.abs(prepared - depth.maximal.mean) / np.where(
        depth.maximal.std > 0, depth.maximal.std, 1.0
    )
    order = np.argsort(-away, kind="stable")[:MOST_ASKED]
    original = result.preprocessor.restore(prepared[None])[0]
    return tuple((str(names[i]), written(original[i])) for i in order)
