"""How the figures of simulated days are told: in which unit, with how many digits, and which way is better."""

import math
from collections.abc import Iterator
from datetime import datetime
from enum import Enum
from zoneinfo import ZoneInfo

import msgspec

from acd.simulation.estimates import Estimate
from acd.simulation.figures import EVERYWHERE, WHOLE, Estimates, Place
from config.simulation.runs import Runs
from config.simulation.scenario import Scenario


class Unit(Enum):
    """What a number is."""

    CALLS = "calls"
    SHARE = "%"
    SECONDS = "s"


class Told(msgspec.Struct, frozen=True):
    """One figure."""

    name: str
    heading: str
    phrase: str
    unit: Unit
    better: int
    """1: more is better, -1: less is, 0: neither."""


FIGURES = (
    Told("entered", "calls", "calls in the queue", Unit.CALLS, 0),
    Told("answered", "answered", "calls answered", Unit.CALLS, 1),
    Told("service_level", "in time", "service level", Unit.SHARE, 1),
    Told("mean_wait", "mean wait", "mean wait", Unit.SECONDS, -1),
    Told("median_wait", "median", "median wait", Unit.SECONDS, -1),
    Told("p90_wait", "P90", "P90 of the wait", Unit.SECONDS, -1),
    Told("abandon_rate", "abandoned", "share of callers who give up", Unit.SHARE, -1),
    Told("occupancy", "occupancy", "occupancy", Unit.SHARE, 0),
    Told("occupancy_spread", "spread", "spread of the occupancy over agents", Unit.SHARE, -1),
)


def number(value: float, unit: Unit, *, signed: bool = False) -> str:
    """One number, without its unit; a dash for none."""
    if math.isnan(value):
        return "-"
    scaled = value * 100 if unit is Unit.SHARE else value
    digits = 0 if unit is Unit.CALLS and abs(scaled) >= 100 else 1
    return f"{scaled:+,.{digits}f}" if signed else f"{scaled:,.{digits}f}"


def with_doubt(of: Estimate, unit: Unit, *, signed: bool = False) -> str:
    """A number and how far it may be off."""
    told = number(of.mean, unit, signed=signed)
    return told if math.isnan(of.half_width) else f"{told} ±{number(of.half_width, unit)}"


def interval_name(scenario: Scenario, interval: int) -> str:
    """When an interval begins, on the centre's clock."""
    at = scenario.grid.start + interval * scenario.grid.length
    return f"{datetime.fromtimestamp(at, ZoneInfo(scenario.zone)):%H:%M}"


def changes(runs: Runs) -> Iterator[str]:
    """What the second centre does to the callers of the first, in words; only what is not chance."""
    one, other = runs.centres
    before, after, more = one.figures, other.figures, runs.changes
    said = False
    for place in more:
        if place.interval != WHOLE:
            continue
        for told in FIGURES:
            by = more[place][told.name]
            if by.differs and told.name != "entered":
                said = True
                yield _change(place, told, before, after, by)
    if not said:
        yield "Nothing that could not be chance. More runs (--runs) show smaller differences."


def _change(place: Place, told: Told, before: Estimates, after: Estimates, by: Estimate) -> str:
    where = "all queues" if place.queue == EVERYWHERE else str(place.queue)
    verdict = {0: "", 1: ": better", -1: ": worse"}[told.better * (1 if by.mean > 0 else -1)]
    unit = {Unit.CALLS: " calls", Unit.SHARE: " points", Unit.SECONDS: " s"}[told.unit]
    sign = " %" if told.unit is Unit.SHARE else ""
    was, is_ = (number(of[place][told.name].mean, told.unit) for of in (before, after))
    return (
        f"{where}: {told.phrase} {was}{sign} -> {is_}{sign} ({with_doubt(by, told.unit, signed=True)}{unit}){verdict}"
    )
