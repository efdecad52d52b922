"""Charts as inline SVG, its colours from the page's style and its text escaped."""

from __future__ import annotations

__all__ = ["draw_lines", "draw_reliability"]

from math import isfinite

from markupsafe import Markup

from glassnet.report.charts import LineChart, Reliability, ReliabilityChart
from glassnet.report.frame import Frame

WIDTH, HEIGHT = 640, 330
SQUARE = 420


def draw_lines(chart: LineChart) -> Markup:
    """Draw the lines, their axes and the marked point."""
    frame = chart.frame
    parts = [_axes(frame, chart.step, chart.value)]
    for number, line in enumerate(chart.lines):
        parts.append(
            Markup('<path class="line {} n{}" d="{}"/>').format(
                line.role, number, _path(frame, line.values)
            )
        )
    if chart.mark is not None:
        number, step, what = chart.mark
        x, y = frame.x(step), frame.y(chart.lines[number].values[step - 1])
        anchor = "end" if x > (frame.left + frame.right) / 2 else "start"
        shift = -8 if anchor == "end" else 8
        above = y - 12 if y - 12 > frame.top + 10 else y + 22
        parts.append(
            Markup(
                '<circle class="mark {}" cx="{}" cy="{}" r="5"/>'
                '<text class="mark-name" x="{}" y="{}" text-anchor="{}">{}</text>'
            ).format(chart.lines[number].role, x, y, x + shift, above, anchor, what)
        )
    return _svg(WIDTH, HEIGHT, chart.alt, parts)


def _path(frame: Frame, values: tuple[float, ...]) -> str:
    commands, pen = [], "M"
    for step, value in enumerate(values, start=1):
        if not isfinite(value):
            pen = "M"
            continue
        commands.append(f"{pen}{frame.x(step):g} {frame.y(value):g}")
        pen = "L"
    return "".join(commands)


def _axes(frame: Frame, across: str, up: str) -> Markup:
    parts = []
    for value in frame.value_ticks():
        y = frame.y(value)
        parts.append(
            Markup(
                '<line class="grid" x1="{}" x2="{}" y1="{}" y2="{}"/>'
                '<text x="{}" y="{}" text-anchor="end">{:g}</text>'
            ).format(frame.left, frame.right, y, y, frame.left - 8, y + 4.5, value)
        )
    for step in frame.step_ticks():
        x = frame.x(step)
        parts.append(
            Markup('<text x="{}" y="{}" text-anchor="middle">{}</text>').format(
                x, frame.bottom + 20, step
            )
        )
    middle = (frame.top + frame.bottom) / 2
    parts.append(
        Markup(
            '<line class="axis" x1="{0}" x2="{1}" y1="{2}" y2="{2}"/>'
            '<text class="axis-name" x="{1}" y="{3}" text-anchor="end">{4}</text>'
            '<text class="axis-name" x="16" y="{5}" text-anchor="middle" '
            'transform="rotate(-90 16 {5})">{6}</text>'
        ).format(frame.left, frame.right, frame.bottom, frame.bottom + 42, across, middle, up)
    )
    return Markup("").join(parts)


def draw_reliability(chart: ReliabilityChart) -> Markup:
    """Draw each bin as a point with its whisker, on the diagonal where words and facts agree."""
    parts = [
        Markup(
            '<line class="grid" x1="{0}" x2="{1}" y1="{2}" y2="{2}"/>'
            '<text x="{3}" y="{4}" text-anchor="end">{5:g} %</text>'
            '<text x="{6}" y="{7}" text-anchor="middle">{5:g} %</text>'
        ).format(_across(0), _across(1), _up(share), _across(0) - 6, _up(share) + 4.5,
                 100 * share, _across(share), _up(0) + 20)
        for share in (0.0, 0.25, 0.5, 0.75, 1.0)
    ]  # fmt: skip
    parts.append(
        Markup('<line class="diagonal" x1="{}" y1="{}" x2="{}" y2="{}"/>').format(
            _across(0), _up(0), _across(1), _up(1)
        )
    )
    most = max((each.rows for each in chart.bins), default=1)
    parts += [_bin(each, most) for each in chart.bins]
    parts.append(
        Markup(
            '<text class="axis-name" x="{}" y="{}" text-anchor="end">how sure the model is</text>'
            '<text class="axis-name" x="14" y="{}" text-anchor="middle" '
            'transform="rotate(-90 14 {})">share that is right</text>'
        ).format(_across(1), _up(0) + 42, _up(0.5), _up(0.5))
    )
    return _svg(SQUARE, SQUARE, chart.alt, parts)


def _across(share: float) -> float:
    return round(62 + (SQUARE - 92) * share, 1)


def _up(share: float) -> float:
    return round(SQUARE - 62 - (SQUARE - 92) * share, 1)


def _bin(each: Reliability, most: int) -> Markup:
    left, right, bar = _across(each.low), _across(each.high), 46 * each.rows / most
    return Markup(
        '<g><title>{}</title><rect class="rows" x="{}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>'
        '<line class="whisker" x1="{x}" x2="{x}" y1="{}" y2="{}"/>'
        '<circle class="mark held-out" cx="{x}" cy="{}" r="5"/></g>'
    ).format(
        f"{each.rows} rows said to be right with {100 * each.confidence:.1f} %: "
        f"{100 * each.share:.1f} % are",
        left + 1, _up(0) - bar, max(right - left - 2, 1), bar,
        _up(each.share_low), _up(each.share_high), _up(each.share),
        x=_across(each.confidence),
    )  # fmt: skip


def _svg(width: int, height: int, alt: str, parts: list[Markup]) -> Markup:
    return Markup(
        '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>'
    ).format(width, height, alt, Markup("").join(parts))
