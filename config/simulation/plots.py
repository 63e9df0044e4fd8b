"""Plots of figures over the day, as SVG that takes its colours from the page it stands in."""

import math
from collections.abc import Iterator, Sequence
from html import escape

import msgspec

WIDTH, HEIGHT = 560.0, 230.0
LEFT, RIGHT, TOP, BOTTOM = 44.0, 10.0, 12.0, 24.0
MOST_LABELS = 10


class Series(msgspec.Struct, frozen=True):
    """One line or one colour of bars: a value for each interval, NaN where there is none."""

    kind: str
    """The class of its elements: `a`, `b`..."""
    values: Sequence[float]
    doubts: Sequence[float] = ()
    """How far each may be off either way, drawn as a band."""
    notes: Sequence[str] = ()
    """What is told of each where one points at it."""


class Axis(msgspec.Struct, frozen=True):
    """The intervals, and how far the values go."""

    labels: Sequence[str]
    top: float

    def x(self, position: float) -> float:
        """Of an interval; whole numbers are their beginnings."""
        return LEFT + (WIDTH - LEFT - RIGHT) * position / len(self.labels)

    def y(self, value: float) -> float:
        """Of a value."""
        return TOP + (HEIGHT - TOP - BOTTOM) * (1 - min(max(value, 0.0), self.top) / self.top)


def lines(labels: Sequence[str], series: Sequence[Series], most: float = math.inf) -> str:
    """Lines with their bands; nothing is drawn above `most`."""
    reach = [
        value + (doubt if math.isfinite(doubt) else 0)
        for one in series
        for value, doubt in zip(one.values, one.doubts or [0.0] * len(one.values), strict=True)
        if math.isfinite(value)
    ]
    axis = Axis(labels, _nice(min(max(reach, default=1.0), most)))
    parts = [*_frame(axis), *(part for one in series for part in _line(axis, one))]
    return _svg(parts)


def bars(labels: Sequence[str], stacked: Sequence[Series]) -> str:
    """Bars whose parts stand on each other."""
    sums = [
        sum(value for value in column if math.isfinite(value))
        for column in zip(*(s.values for s in stacked), strict=True)
    ]
    axis = Axis(labels, _nice(max(sums, default=1.0)))
    parts = list(_frame(axis))
    floor = [0.0] * len(labels)
    for one in stacked:
        for index, value in enumerate(one.values):
            if math.isfinite(value) and value > 0:
                top, bottom = axis.y(floor[index] + value), axis.y(floor[index])
                left, right = axis.x(index + 0.12), axis.x(index + 0.88)
                box = f'x="{left:.1f}" y="{top:.1f}" width="{right - left:.1f}" height="{bottom - top:.1f}"'
                parts.append(f'<rect class="{one.kind}" {box}>{_note(one, index)}</rect>')
                floor[index] += value
    return _svg(parts)


def _frame(axis: Axis) -> Iterator[str]:
    for step in range(5):
        value = axis.top * step / 4
        at = axis.y(value)
        yield f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{at:.1f}" y2="{at:.1f}"/>'
        yield f'<text class="tick" x="{LEFT - 6}" y="{at + 4:.1f}" text-anchor="end">{value:g}</text>'
    every = math.ceil(len(axis.labels) / MOST_LABELS)
    for index in range(0, len(axis.labels), every):
        where = f'x="{axis.x(index + 0.5):.1f}" y="{HEIGHT - 6}" text-anchor="middle"'
        yield f'<text class="tick" {where}>{escape(axis.labels[index])}</text>'


def _line(axis: Axis, series: Series) -> Iterator[str]:
    for stretch in _stretches(series.values):
        if series.doubts:
            upper = [(axis.x(i + 0.5), axis.y(series.values[i] + _known(series.doubts[i]))) for i in stretch]
            lower = [(axis.x(i + 0.5), axis.y(series.values[i] - _known(series.doubts[i]))) for i in reversed(stretch)]
            yield f'<polygon class="band {series.kind}" points="{_points([*upper, *lower])}"/>'
        middle = [(axis.x(i + 0.5), axis.y(series.values[i])) for i in stretch]
        yield f'<polyline class="line {series.kind}" points="{_points(middle)}"/>'
        for index, (x, y) in zip(stretch, middle, strict=True):
            yield f'<circle class="dot {series.kind}" cx="{x:.1f}" cy="{y:.1f}" r="3">{_note(series, index)}</circle>'


def _stretches(values: Sequence[float]) -> list[list[int]]:
    """The places of values that follow each other without a gap."""
    found: list[list[int]] = [[]]
    for index, value in enumerate(values):
        if math.isfinite(value):
            found[-1].append(index)
        elif found[-1]:
            found.append([])
    return [stretch for stretch in found if stretch]


def _known(doubt: float) -> float:
    return doubt if math.isfinite(doubt) else 0.0


def _points(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def _note(series: Series, index: int) -> str:
    return f"<title>{escape(series.notes[index])}</title>" if series.notes else ""


def _nice(reach: float) -> float:
    """The next round number above, whose quarters are round too."""
    if reach <= 0:
        return 1.0
    size = 10.0 ** math.floor(math.log10(reach))
    steps = (1.0, 1.2, 1.6, 2.0, 3.0, 4.0, 6.0, 8.0)
    return size * next((step for step in steps if size * step >= reach * 0.999), 10.0)


def _svg(parts: Sequence[str]) -> str:
    return f'<svg viewBox="0 0 {WIDTH:g} {HEIGHT:g}" role="img">{"".join(parts)}</svg>'
