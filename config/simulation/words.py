"""How the figures of simulated days are told: in which unit, with how many digits, and which way is better."""

import math
from collections.abc import Iterator
from datetime import datetime
from enum import Enum
from zoneinfo import ZoneInfo

import msgspec

from acd.simulation.estimates import Estimate
from acd.simulation.figures import EVERYWHERE, WHOLE, Place
from config.simulation.runs import Runs
from config.simulation.scenario import Scenario


class Unit(Enum):
    """What a number is."""

    CALLS = "calls"
    SHARE = "%"
    SECONDS = "s"


class Told(msgspec.Struct, frozen=True):
    """One figure, in English and Chinese."""

    name: str
    heading: str
    phrase: str
    zh: str
    unit: Unit
    better: int
    """1: more is better, -1: less is, 0: neither."""


FIGURES = (
    Told("entered", "calls", "calls in the queue", "进入队列", Unit.CALLS, 0),
    Told("answered", "answered", "calls answered", "已接听", Unit.CALLS, 1),
    Told("service_level", "in time", "service level", "服务水平", Unit.SHARE, 1),
    Told("mean_wait", "mean wait", "mean wait", "平均等待", Unit.SECONDS, -1),
    Told("median_wait", "median", "median wait", "等待中位数", Unit.SECONDS, -1),
    Told("p90_wait", "P90", "P90 of the wait", "等待 P90", Unit.SECONDS, -1),
    Told("abandon_rate", "abandoned", "share of callers who give up", "放弃率", Unit.SHARE, -1),
    Told("overflowed", "sent on", "calls sent to another place, or away", "溢出", Unit.CALLS, 0),
    Told("occupancy", "occupancy", "occupancy", "占用率", Unit.SHARE, 0),
    Told("occupancy_spread", "spread", "spread of the occupancy over agents", "占用率离散", Unit.SHARE, -1),
)
BY_NAME = {told.name: told for told in FIGURES}


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


class Change(msgspec.Struct, frozen=True):
    """What the second centre does to one figure of the day."""

    place: Place
    told: Told
    before: Estimate
    after: Estimate
    by: Estimate

    @property
    def verdict(self) -> int:
        """1: better, -1: worse, 0: neither."""
        return self.told.better * (1 if self.by.mean > 0 else -1)

    def numbers(self) -> str:
        """From what to what, and by how much."""
        unit = self.told.unit
        sign = {Unit.CALLS: "", Unit.SHARE: " %", Unit.SECONDS: " s"}[unit]
        was, is_ = (number(of.mean, unit) for of in (self.before, self.after))
        return f"{was}{sign} -> {is_}{sign} ({with_doubt(self.by, unit, signed=True)})"


def changes(runs: Runs) -> Iterator[Change]:
    """What the second centre does to the callers of the first, over the day; only what is not chance, all together."""
    one, other = runs.centres
    before, after, more = one.figures, other.figures, runs.changes
    days = [place for place in more if place.interval == WHOLE]
    looked_at = [(place, told, more[place][told.name]) for place in days for told in FIGURES if told.name != "entered"]
    moved = [(place, told, by) for place, told, by in looked_at if by.is_known and (by.mean or by.half_width)]
    for place, told, by in moved:
        if by.differs(len(moved)):
            yield Change(place, told, before[place][told.name], after[place][told.name], by)


def sentence(change: Change) -> str:
    """In English."""
    where = "all queues" if change.place.queue == EVERYWHERE else str(change.place.queue)
    verdict = {0: "", 1: ": better", -1: ": worse"}[change.verdict]
    return f"{where}: {change.told.phrase} {change.numbers()}{verdict}"


NOTHING = "Nothing that could not be chance. More runs (--runs) show smaller differences."
