"""``glassnet convert``: a net given as matrices to a model file."""

from __future__ import annotations

__all__ = ["command"]

from typing import TYPE_CHECKING, Any

import click

from glassnet.cli.output import check_output_file, say

if TYPE_CHECKING:
    from numpy.typing import NDArray


@click.command("convert", short_help="Turn a net given as Theta1, Theta2, ... into a model file.")
@click.argument("source")
@click.option(
    "--out", required=True, metavar="PATH", help="Where to write the model (.safetensors)."
)
@click.option(
    "--classes",
    metavar="LABELS",
    help="The label of each output, apart by commas.  [default: 1 to k; 0,1 for a single output]",
)
@click.option(
    "--class-names",
    metavar="NAMES",
    help="What to call the classes, apart by commas, in the order of the sorted labels.",
)
@click.option(
    "--image-shape",
    metavar="SHAPE",
    help="Shape of the picture that a row unrolls to, such as 20x20.  "
    "[default: a square, where there is one of 8x8 or more]",
)
@click.option(
    "--pixel-order",
    type=click.Choice(["C", "F"], case_sensitive=False),
    help="Whether rows hold pictures row by row (C) or column by column (F).  "
    "[default: F for .mat files, C for .npz]",
)
def command(
    source: str,
    out: str,
    classes: str | None,
    class_names: str | None,
    image_shape: str | None,
    pixel_order: str | None,
) -> None:
    """Read a net of sigmoid units from SOURCE and write it as a model file.

    SOURCE is a .mat or .npz file with the matrices Theta1, Theta2, ... of a net, each (units,
    inputs + 1) with the bias in its first column, as courses on machine learning give them.
    """
    from glassnet.data.labels import integers_where_all_are
    from glassnet.store import convert_theta, save_model

    check_output_file(out, source)
    labels = None if classes is None else integers_where_all_are(_objects(classes))
    trained = convert_theta(
        source,
        labels=labels,
        class_names=None if class_names is None else [n.strip() for n in class_names.split(",")],
        image=image_shape,
        pixel_order=pixel_order,
    )
    path = save_model(trained, out)
    sizes = [trained.estimator.coefs_[0].shape[0], *(len(b) for b in trained.estimator.intercepts_)]
    shape = f", images of {trained.image} ({trained.image.pixel_order})" if trained.image else ""
    say(f"Wrote {path}: a net {'-'.join(map(str, sizes))}{shape}.")


def _objects(text: str) -> NDArray[Any]:
    import numpy as np

    return np.array([part.strip() for part in text.split(",")], dtype=object)
