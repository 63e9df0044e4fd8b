"""Figures of past days for supervisors: reports, what stands behind each figure, and one contact with all its reasons.

/api/reports              figures per interval; JSON or CSV
/api/reports/segments     what stands behind one of them; JSON or CSV
/api/reports/flows        how callers fared in the flows, and at each of their nodes; JSON or CSV
/api/reports/resolution   who had to call again
.../flows/contacts, .../resolution/contacts   what stands behind one of their figures; JSON or CSV
/api/reports/contact      everything about one contact, and why each agent was asked
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from datetime import date
from typing import Annotated, Literal

import msgspec
import structlog
from aiohttp import web
from msgspec import UNSET, UnsetType

from acd.edge.database import DatabaseMisconfigured, DatabaseUnavailable
from acd.edge.history_reader import HistoryReader
from acd.edge.report_process import ReportBroken, ReportProcesses
from acd.edge.reports import FlowsWanted, Line, Reports, Wanted
from acd.model import AgentId, InteractionId
from acd.reports.calendar import Every, Range, RangeMistake
from acd.reports.contacts import MOST_DAYS_AFTER, RESOLVED_WITHIN
from acd.reports.flow_tables import About
from acd.reports.flows import Sought, Split
from acd.reports.opening import FIGURES, opening
from acd.reports.report import By
from acd.reports.service_levels import GenesysSwitches
from agent_desktop.edge.files import MARK, csv_headers, opened_response
from agent_desktop.edge.guard import Refusal, Who, asked, json_response
from agent_desktop.people import Role
from ivr.files.mistakes import instead, quoted

AT_ONCE = 1
"""Reports that are counted at a time: each has the processor for seconds, which calls need, too."""
LOOK_EVERY = 0.5
"""Seconds between two looks whether somebody still waits for his report."""
READ_WITHIN = 150.0
"""Seconds in which a report is read that has been made; as all else (see `door`)."""
MOST_WAITING = 8
"""Supervisors who wait for theirs; another one is asked to come back."""

log = structlog.stdlib.get_logger(__name__)

Seconds = Annotated[float, msgspec.Meta(ge=0, le=86_400, title="seconds")]
Instant = Annotated[float, msgspec.Meta(ge=-86_400, le=250_000_000_000, title="seconds since 1970")]
Name = Annotated[str, msgspec.Meta(max_length=100, pattern=r"^[^\x00]*$", title="a name, without NUL,")]
"""PostgreSQL takes no NUL."""


class _Days(msgspec.Struct):
    from_: date | UnsetType = msgspec.field(name="from", default=UNSET)
    to: date | UnsetType = UNSET

    def range(self, today: date) -> Range:
        """Today if nothing is said, one day if only the first is."""
        first = today if self.from_ is UNSET else self.from_
        days = Range(first, first if self.to is UNSET else self.to)
        if self.from_ is UNSET and days.last < today:
            raise RangeMistake(f"`to` is {days.last}, and without `from` the first day is today, {today}")
        days.check()
        return days


class _Figures(_Days):
    every: Every = Every.HALF
    by: By = By.QUEUE
    within: Seconds | UnsetType = UNSET
    flow_outs: bool = False
    without_short: bool = False
    without_abandoned: bool = False
    format: Literal["json", "csv"] = "json"


class _Segments(msgspec.Struct):
    start: Instant
    end: Instant
    by: By
    name: Name = ""
    figure: Name = "entered"
    format: Literal["json", "csv"] = "json"


class _Flows(_Days):
    day: bool = False
    version: bool = False
    entry_point: bool = False
    queue: bool = False
    agent: bool = False
    of: About = About.FLOWS
    """In CSV; JSON has both."""
    format: Literal["json", "csv"] = "json"

    def split(self) -> tuple[Split, ...]:
        """What has lines of its own."""
        return tuple(one for one in Split if getattr(self, one.value))


class _Resolution(_Days):
    within: Annotated[int, msgspec.Meta(ge=1, le=MOST_DAYS_AFTER, title="a number of days")] = RESOLVED_WITHIN


class _Sought(_Days):
    flow: Name = ""
    node: Name = ""
    version: Name | UnsetType = UNSET
    entry_point: Name | UnsetType = UNSET
    queue: Name | UnsetType = UNSET
    agent: Name | UnsetType = UNSET
    figure: Name = ""
    way: Name = ""
    format: Literal["json", "csv"] = "json"

    def sought(self) -> Sought:
        """Of all versions, entry points, queues and agents, where none is named."""
        named = (self.version, self.entry_point, self.queue, self.agent)
        version, entry_point, queue, agent = (None if one is UNSET else one for one in named)
        return Sought(self.flow, self.node, version, entry_point, queue, agent, self.figure, self.way)


class _Group(_Resolution):
    group: Name = ""
    figure: Literal[
        "closed", "followed", "young", "unknown", "resolution", "declared", "solved", "declared_resolution"
    ] = "closed"
    format: Literal["json", "csv"] = "json"


class _Contact(msgspec.Struct):
    id: Name


class ReportDesk:
    """The routes. `who` tells who asks, or refuses him; `now` is the wall clock."""

    def __init__(
        self,
        reports: Reports,
        processes: ReportProcesses,
        history: HistoryReader,
        now: Callable[[], float],
        *,
        read_within: float = READ_WITHIN,
    ) -> None:
        self._reports = reports
        self._processes = processes
        self._history = history
        self._now = now
        self._read_within = read_within
        self._counting = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0

    def routes(self, who: Who) -> list[web.RouteDef]:
        """For supervisors only."""

        def route(path: str, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> web.RouteDef:
            async def guarded(request: web.Request) -> web.StreamResponse:
                if (await who(request)).role is not Role.SUPERVISOR:
                    raise Refusal(403, "not_allowed", "Reports are for supervisors.")
                try:
                    return await handler(request)
                except RangeMistake as mistake:
                    raise Refusal(400, "bad_request", f"Wrong days (`from`, `to`): {mistake}.") from mistake
                except ReportBroken as error:
                    raise Refusal(500, "internal", "The report could not be made; the log says why.") from error
                except (DatabaseUnavailable, DatabaseMisconfigured) as error:
                    raise ConnectionError(str(error)) from error  # told by `readable_errors`

            return web.get(path, guarded)

        return [
            route("/api/reports", self.figures),
            route("/api/reports/segments", self.segments),
            route("/api/reports/flows", self.flows),
            route("/api/reports/flows/contacts", self.flow_contacts),
            route("/api/reports/resolution", self.resolution),
            route("/api/reports/resolution/contacts", self.resolution_contacts),
            route("/api/reports/contact", self.contact),
        ]

    async def figures(self, request: web.Request) -> web.StreamResponse:
        """A report."""
        figures = asked(request, _Figures)
        days = figures.range(self._reports.today(self._now()))
        switches = GenesysSwitches(figures.flow_outs, figures.without_short, figures.without_abandoned)
        within = None if figures.within is UNSET else figures.within
        wanted = Wanted(days, figures.every, figures.by, switches, within)
        self._reports.check(wanted)
        making = self._processes.report(wanted, self._now(), figures.format)
        async with self._turn(request), _while_there(request), making as pieces:
            name = f"{figures.by.value}-{days.first}-{days.last}"
            return await _sent(request, pieces, *_headers(figures.format, name), self._read_within)

    async def segments(self, request: web.Request) -> web.StreamResponse:
        """What stands behind a figure."""
        cell = asked(request, _Segments)
        if cell.end < cell.start:
            raise Refusal(400, "bad_request", "`end` is before `start`.")
        if (found := opening(cell.figure)) is None:
            raise Refusal(400, "bad_request", _hinted(f"`figure` is {quoted(cell.figure)}", cell.figure, FIGURES))
        if cell.by not in found.lines:
            valid = ", ".join(one.value for one in By if one in found.lines)
            text = f"`figure` is {quoted(cell.figure)}, which no {_told(cell.by)} has; expected `by` one of {valid}."
            raise Refusal(400, "bad_request", text)
        async with self._turn(request):
            line = Line(cell.by, cell.name, cell.start, cell.end)
            opened = await self._reports.behind(line, found, self._now())
        if not opened.count:
            self._check_name(cell)
        return opened_response(opened, cell.format)

    async def flows(self, request: web.Request) -> web.StreamResponse:
        """How callers fared in the flows."""
        question = asked(request, _Flows)
        days = question.range(self._reports.today(self._now()))
        wanted = FlowsWanted(days, question.split(), question.of)
        making = self._processes.report(wanted, self._now(), question.format)
        name = f"{question.of.value}-{days.first}-{days.last}"
        async with self._turn(request), _while_there(request), making as pieces:
            return await _sent(request, pieces, *_headers(question.format, name), self._read_within)

    async def flow_contacts(self, request: web.Request) -> web.StreamResponse:
        """What stands behind a figure of a flow, or of one of its nodes."""
        asking = asked(request, _Sought)
        days = asking.range(self._reports.today(self._now()))
        sought = asking.sought()
        if asking.figure and asking.figure not in sought.figures:
            text = f"`figure` is {quoted(asking.figure)}"
            raise Refusal(400, "bad_request", _hinted(text, asking.figure, sought.figures))
        async with self._turn(request), _while_there(request):
            return opened_response(await self._reports.behind_flow(days, sought, self._now()), asking.format)

    async def resolution(self, request: web.Request) -> web.StreamResponse:
        """Who had to call again."""
        question = asked(request, _Resolution)
        days = question.range(self._reports.today(self._now()))
        async with self._turn(request):
            groups = await self._reports.resolution(days, self._now(), question.within)
        shares = [{"resolution": one.share, "declared_resolution": one.declared_share} for one in groups]
        told = [{**msgspec.structs.asdict(one), **share} for one, share in zip(groups, shares, strict=True)]
        return json_response({"groups": told})

    async def resolution_contacts(self, request: web.Request) -> web.StreamResponse:
        """What stands behind a figure of a group."""
        asking = asked(request, _Group)
        days = asking.range(self._reports.today(self._now()))
        if asking.group not in (groups := self._reports.groups):
            raise Refusal(400, "bad_request", _hinted(f"`group` is {quoted(asking.group)}", asking.group, groups))
        async with self._turn(request):
            about = (asking.group, asking.figure, self._now(), asking.within)
            return opened_response(await self._reports.behind_group(days, *about), asking.format)

    async def contact(self, request: web.Request) -> web.StreamResponse:
        """One contact; for each reservation also who else was passed over, by reason."""
        found = await self._history.interaction(InteractionId(asked(request, _Contact).id))
        if found is None:
            raise Refusal(404, "not_found", "There is no such contact.")
        passed: dict[str, Mapping[str, tuple[AgentId, ...]]] = {}
        for held in found.reservations:
            if held.decision is not None:
                roster = await self._history.roster(held.decision.roster)
                passed[held.id] = held.decision.passed(roster) if roster else {}
        return json_response({"contact": found, "passed": passed})

    def _check_name(self, cell: _Segments) -> None:
        """Nothing is kept under a name. One of former days may well have none in the time; so it is told only of names
        that nothing has now."""
        if cell.by is By.CENTRE or cell.name in (names := self._reports.names(cell.by)):
            return
        text = f"`name` is {quoted(cell.name)}; there is no such {_told(cell.by)} now, nor anything of one in this time"
        raise Refusal(400, "bad_request", _hinted(text, cell.name, names))

    @asynccontextmanager
    async def _turn(self, request: web.Request) -> AsyncIterator[None]:
        if self._waiting >= MOST_WAITING:
            raise Refusal(503, "busy", "Many reports are being made. Please try again.", seconds=10)
        self._waiting += 1
        try:
            async with self._counting:
                if not _is_there(request):
                    raise ConnectionResetError
                yield
        finally:
            self._waiting -= 1


def _is_there(request: web.Request) -> bool:
    return request.transport is not None and not request.transport.is_closing()


@asynccontextmanager
async def _while_there(request: web.Request) -> AsyncIterator[None]:
    """What takes long is broken off when its browser has gone."""
    working = asyncio.current_task()
    assert working is not None  # noqa: S101 - for the type checker: this is a coroutine
    gone = False

    async def watch() -> None:
        nonlocal gone
        while _is_there(request):  # noqa: ASYNC110 - aiohttp tells nobody
            await asyncio.sleep(LOOK_EVERY)
        gone = True
        working.cancel()

    watching = asyncio.create_task(watch())
    try:
        yield
    except asyncio.CancelledError:
        if not gone:
            raise
        working.uncancel()
        raise ConnectionResetError from None
    finally:
        watching.cancel()


async def _sent(
    request: web.Request, pieces: AsyncIterator[bytes], headers: Mapping[str, str], first: bytes, within: float
) -> web.StreamResponse:
    """Who does not read it within that time is cut off, for others wait for their turn. So is a report that breaks off:
    half of one that looks whole would be believed."""
    response = web.StreamResponse(headers=headers)
    await response.prepare(request)
    try:
        async with asyncio.timeout(within):
            if first:
                await response.write(first)
            async for piece in pieces:
                await response.write(piece)
            await response.write_eof()
    except (ReportBroken, TimeoutError) as error:
        log.warning("a report was not handed over whole", reason=str(error) or "it is not read")
        if request.transport is not None:
            request.transport.abort()
        raise ConnectionResetError from error
    return response


def _headers(form: Literal["json", "csv"], name: str) -> tuple[Mapping[str, str], bytes]:
    """And what the body begins with."""
    if form == "json":
        return {"Content-Type": "application/json"}, b""
    return csv_headers(f"callwright-{name}.csv"), MARK


def _hinted(text: str, name: str, valid: Collection[str]) -> str:
    hint = instead(name, valid)
    return f"{text}; {hint}{'' if hint.endswith('?') else '.'}"


def _told(by: By) -> str:
    return by.value.replace("_", " ")
