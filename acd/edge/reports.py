"""Reports on a centre: joins what the plan says (zone, thresholds, groups) with what storage keeps."""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from acd.edge.behind.contacts import Conditions, ContactBehind, contacts_behind, of_figure
from acd.edge.behind.segments import Behind, SegmentBehind, segments_behind
from acd.edge.behind.stays import StayBehind, Window, of_team, stays_behind
from acd.edge.database import Database
from acd.edge.report_details import ReportDetails, in_group
from acd.edge.report_reader import ReportReader, reading
from acd.edge.revision_reader import RevisionReader
from acd.edge.tables import interactions
from acd.edge.visit_reader import contacts
from acd.plan import CenterPlan
from acd.reports.books import Books
from acd.reports.calendar import Every, Finder, Interval, Range, RangeMistake, day_at, intervals_of
from acd.reports.contacts import RESOLVED_WITHIN, Resolution
from acd.reports.flow_labels import with_labels
from acd.reports.flow_tables import About
from acd.reports.flows import FlowBooks, FlowReport, Sought, Split
from acd.reports.opening import OfContacts, OfSegments, OfStays, Opening
from acd.reports.report import By, Form, Report, report_of
from acd.reports.service_levels import GenesysSwitches
from acd.reports.teams import NO_TEAM, Teams
from acd.reports.thresholds import Thresholds

MOST_ROWS = 1000
"""Rows behind a figure told at once; whoever wants more asks for a shorter time."""
MOST_CELLS = 300_000
"""Intervals times agents and queues: what memory there is for. 1,000 agents by quarters of an hour for three days."""


class Wanted(msgspec.Struct, frozen=True, tag=True):
    """What somebody asks for."""

    days: Range
    every: Every = Every.HALF
    by: By = By.QUEUE
    switches: GenesysSwitches = GenesysSwitches()
    within: float | None = None
    """Seconds of the service level, for all queues; each its own, if nothing is said."""


class FlowsWanted(msgspec.Struct, frozen=True, tag=True):
    """The same of how callers fared in the flows."""

    days: Range
    split: tuple[Split, ...] = ()
    of: About = About.FLOWS
    """In a table; all else has both."""


class Line(msgspec.Struct, frozen=True):
    """A line of a report: what it is about, from `start` to just before `end`."""

    by: By
    name: str
    start: float
    end: float


class Opened(msgspec.Struct, frozen=True):
    """What stands behind a figure of a line, in order of time."""

    kind: Literal["segments", "contacts", "stays"]
    rows: Sequence[SegmentBehind] | Sequence[ContactBehind] | Sequence[StayBehind]
    """`MOST_ROWS` at most."""
    count: int
    """How many there are."""
    seconds: float | None = None
    """Of all stays together; the others are not time."""


class Reports:
    """Of one centre. All raise the errors of `acd.edge.database`, and `RangeMistake` for days that cannot be."""

    def __init__(self, database: Database, plan: Callable[[], CenterPlan]) -> None:
        """`plan`: as it is when somebody asks."""
        self._database = database
        self._reader = ReportReader(database)
        self._details = ReportDetails(database)
        self._revisions = RevisionReader(database)
        self._plan = plan

    @property
    def zone(self) -> ZoneInfo:
        """In which days begin and end."""
        return ZoneInfo(self._plan().zone)

    def today(self, now: float) -> date:
        """The centre's."""
        return day_at(now, self.zone)

    def names(self, by: By) -> Collection[str]:
        """What the plan names of that kind; the centre has none, nor has who is in no team."""
        plan = self._plan()
        match by:
            case By.QUEUE:
                return [str(queue) for queue in plan.queues]
            case By.AGENT:
                return [str(agent) for agent in plan.agents]
            case By.TEAM:
                return {NO_TEAM, *plan.teams.values()}
            case By.ENTRY_POINT:
                return list(plan.entry_points)
            case By.CENTRE:
                return [""]

    def check(self, wanted: Wanted) -> tuple[Interval, ...]:
        """The intervals, if there are not too many of them."""
        plan = self._plan()
        intervals = intervals_of(wanted.days, wanted.every, self.zone)
        cells = len(intervals) * (len(plan.agents) + len(plan.queues))
        if cells > MOST_CELLS:
            text = f"{len(intervals)} intervals of {len(plan.agents)} agents are too many at once"
            raise RangeMistake(f"{text}; ask for fewer days or longer intervals")
        return intervals

    async def report(self, wanted: Wanted, now: float) -> Report:
        """The report; what is not over yet counts until `now`."""
        intervals = self.check(wanted)
        books = Books(intervals, await self._in_time(wanted.within), await self._teams())
        await self._reader.fill(books, now)
        form = Form(wanted.every, wanted.by, self._plan().zone, wanted.switches)
        # In a thread: with a thousand agents it takes longer than a call may wait.
        return await asyncio.to_thread(report_of, books, form)

    async def behind(self, line: Line, opening: Opening, now: float, most: int = MOST_ROWS) -> Opened:
        """What stands behind a figure of that line; what is not over yet counts until `now`."""
        match opening:
            case OfSegments():
                behind = Behind(line.start, line.end, **msgspec.structs.asdict(opening))
                return Opened("segments", *await self.segments(line.by, line.name, behind, most))
            case OfContacts():
                entry_points = (line.name,) if line.by is By.ENTRY_POINT else None
                conditions = of_figure(line.start, line.end, entry_points, opening)
                return await self._contacts(conditions, now, most)
            case OfStays():
                windows = await self._windows(line)
                async with reading(self._database) as connection:
                    return Opened("stays", *await stays_behind(connection, windows, opening, now, most))

    async def segments(
        self, by: By, name: str, behind: Behind, most: int = MOST_ROWS
    ) -> tuple[list[SegmentBehind], int]:
        """Those of the line `name` of a report `by` something; `behind` says when, and which."""
        if by is By.TEAM:
            behind = msgspec.structs.replace(behind, team=name, spells=(await self._teams()).spells)
        async with reading(self._database) as connection:
            return await segments_behind(connection, _narrowed(by, name, behind), most)

    async def behind_flow(self, days: Range, sought: Sought, now: float, most: int = MOST_ROWS) -> Opened:
        """The contacts behind a figure of a flow, or of one of its nodes; each once, however often it counts there."""
        async with reading(self._database) as connection:
            those = contacts(connection, *self._span(days), sought.flow, sought.node)
            found = [contact[0].interaction async for contact in those if sought.counts(contact)]
        opened = await self._contacts([interactions.c.id.in_(found[:most])], now, most)
        return msgspec.structs.replace(opened, count=len(found))

    async def behind_group(self, days: Range, group: str, figure: str, now: float, within: int) -> Opened:
        """The contacts behind a figure of first contact resolution; `group` is one of `groups`."""
        start, end = self._span(days)
        return await self._contacts(in_group(self.groups[group], start, end, figure, days=within, now=now), now)

    async def _contacts(self, conditions: Conditions, now: float, most: int = MOST_ROWS) -> Opened:
        async with reading(self._database) as connection:
            return Opened("contacts", *await contacts_behind(connection, conditions, now, most))

    async def _windows(self, line: Line) -> Sequence[Window]:
        if line.by is By.TEAM:
            return list(of_team(line.name, (await self._teams()).spells, line.start, line.end))
        return [Window(line.start, line.end, (line.name,) if line.by is By.AGENT else None)]

    async def flows(self, days: Range, split: Collection[Split] = ()) -> FlowReport:
        """How callers fared in the flows, whose contacts began on these days."""
        intervals = intervals_of(days, Every.DAY, self.zone)
        books = FlowBooks(Finder(intervals), split)
        async with reading(self._database) as connection:
            async for contact in contacts(connection, intervals[0].start, intervals[-1].end):
                books.contact(contact)
        report = await asyncio.to_thread(books.report, await self._revisions.versions())
        return with_labels(report, self._plan().flows)

    async def resolution(self, days: Range, now: float, within: int = RESOLVED_WITHIN) -> tuple[Resolution, ...]:
        """First contact resolution per group of queues; `within` days."""
        start, end = self._span(days)
        return tuple(
            [
                await self._details.resolution(group, queues, start, end, days=within, now=now)
                for group, queues in sorted(self.groups.items())
            ]
        )

    def _span(self, days: Range) -> tuple[float, float]:
        intervals = intervals_of(days, Every.DAY, self.zone)
        return intervals[0].start, intervals[-1].end

    async def _in_time(self, within: float | None) -> Thresholds:
        """As it was then; where no revision tells, as it is now."""
        if within is not None:
            return Thresholds([], within)
        now = {str(queue): seconds for queue, seconds in self._plan().service_levels.items()}
        return Thresholds(await self._revisions.service_levels() or [(0.0, now)])

    @property
    def groups(self) -> Mapping[str, list[str]]:
        """Queues of one matter, by its name."""
        groups: dict[str, list[str]] = {}
        for queue in self._plan().queues.values():
            groups.setdefault(queue.group or queue.name, []).append(queue.name)
        return groups

    async def _teams(self) -> Teams:
        """Over all time; where no revision was ever kept, as they are now."""
        now = {str(agent): team for agent, team in self._plan().teams.items()}
        return Teams(await self._revisions.teams() or [(0.0, now)])


def _narrowed(by: By, name: str, behind: Behind) -> Behind:
    match by:
        case By.QUEUE:
            return msgspec.structs.replace(behind, queues=(name,))
        case By.AGENT:
            return msgspec.structs.replace(behind, agents=(name,))
        case By.ENTRY_POINT:
            return msgspec.structs.replace(behind, entry_points=(name,))
        case By.CENTRE | By.TEAM:
            return behind
