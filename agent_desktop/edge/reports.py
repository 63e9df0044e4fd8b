"""Figures of past days for supervisors: reports, the segments behind each figure, and one contact with all its reasons.

/api/reports              figures per interval; JSON or CSV
/api/reports/segments     what stands behind one of them; JSON or CSV
/api/reports/menu         where callers left the dialogues
/api/reports/resolution   who had to call again
/api/reports/contact      everything about one contact, and why each agent was asked
"""

import asyncio
import math
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import date
from typing import Annotated, Literal, TypeVar

import msgspec
import structlog
from aiohttp import web

from acd.edge.database import DatabaseMisconfigured, DatabaseUnavailable
from acd.edge.history_reader import HistoryReader
from acd.edge.report_details import Behind, SegmentBehind
from acd.edge.report_process import ReportBroken, ReportProcesses
from acd.edge.reports import Reports, Wanted
from acd.model import AgentId, InteractionId
from acd.reports.calendar import Every, Range, RangeMistake
from acd.reports.contacts import MOST_DAYS_AFTER, RESOLVED_WITHIN
from acd.reports.export import table_csv
from acd.reports.opening import opening
from acd.reports.report import By
from acd.reports.service_levels import GenesysSwitches
from agent_desktop.edge.guard import Refusal, Who, json_response
from agent_desktop.people import Role

AT_ONCE = 1
"""Reports that are counted at a time: each has the processor for seconds, which calls need, too."""
LOOK_EVERY = 0.5
"""Seconds between two looks whether somebody still waits for his report."""
MARK = "\ufeff".encode()
"""By which spreadsheets know UTF-8."""
READ_WITHIN = 150.0
"""Seconds in which a report is read that has been made; as all else (see `door`)."""
MOST_WAITING = 8
"""Supervisors who wait for theirs; another one is asked to come back."""

log = structlog.stdlib.get_logger(__name__)

Seconds = Annotated[float, msgspec.Meta(ge=0, le=86_400)]
Name = Annotated[str, msgspec.Meta(max_length=100, pattern=r"^[^\x00]*$")]
"""PostgreSQL takes no NUL."""


class _Days(msgspec.Struct, forbid_unknown_fields=True):
    from_: date = msgspec.field(name="from", default=date.min)
    to: date = date.min

    def range(self, today: date) -> Range:
        """Today if nothing is said, one day if only the first is."""
        first = today if self.from_ == date.min else self.from_
        days = Range(first, first if self.to == date.min else self.to)
        days.check()
        return days


class _Figures(_Days, forbid_unknown_fields=True):
    every: Every = Every.HALF
    by: By = By.QUEUE
    within: Seconds | None = None
    flow_outs: bool = False
    without_short: bool = False
    without_abandoned: bool = False
    format: Literal["json", "csv"] = "json"


class _Segments(msgspec.Struct, forbid_unknown_fields=True):
    start: float
    end: float
    by: By
    name: Name = ""
    figure: Name = "entered"
    format: Literal["json", "csv"] = "json"


class _Resolution(_Days, forbid_unknown_fields=True):
    within: Annotated[int, msgspec.Meta(ge=1, le=MOST_DAYS_AFTER)] = RESOLVED_WITHIN


class _Contact(msgspec.Struct, forbid_unknown_fields=True):
    id: Name


Query = TypeVar("Query", _Days, _Figures, _Segments, _Resolution, _Contact)


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
                    raise Refusal(400, "bad_request", f"Wrong days: {mistake}.") from mistake
                except ReportBroken as error:
                    raise Refusal(500, "internal", "The report could not be made; the log says why.") from error
                except (DatabaseUnavailable, DatabaseMisconfigured) as error:
                    raise ConnectionError(str(error)) from error  # told by `readable_errors`

            return web.get(path, guarded)

        return [
            route("/api/reports", self.figures),
            route("/api/reports/segments", self.segments),
            route("/api/reports/menu", self.menu),
            route("/api/reports/resolution", self.resolution),
            route("/api/reports/contact", self.contact),
        ]

    async def figures(self, request: web.Request) -> web.StreamResponse:
        """A report."""
        asked = _asked(request, _Figures)
        days = asked.range(self._reports.today(self._now()))
        switches = GenesysSwitches(asked.flow_outs, asked.without_short, asked.without_abandoned)
        wanted = Wanted(days, asked.every, asked.by, switches, asked.within)
        self._reports.check(wanted)
        making = self._processes.report(wanted, self._now(), asked.format)
        async with self._turn(request), _while_there(request), making as pieces:
            return await _sent(request, pieces, *_headers(asked, days), self._read_within)

    async def segments(self, request: web.Request) -> web.StreamResponse:
        """What stands behind a figure."""
        asked = _asked(request, _Segments)
        if not (math.isfinite(asked.start) and math.isfinite(asked.end)):
            raise Refusal(400, "bad_request", "`start` and `end` are no times.")
        if (found := opening(asked.figure)) is None:
            raise Refusal(400, "bad_request", f"No segments are behind {asked.figure!r}.")
        behind = Behind(asked.start, asked.end, **msgspec.structs.asdict(found))
        async with self._turn(request):
            those, count = await self._reports.segments(asked.by, asked.name, behind)
        if asked.format == "csv":
            return _file(_segments_csv(those), "callwright-segments.csv")
        return json_response({"segments": those, "count": count})

    async def menu(self, request: web.Request) -> web.StreamResponse:
        """Where callers left."""
        days = _asked(request, _Days).range(self._reports.today(self._now()))
        async with self._turn(request):
            nodes = await self._reports.nodes(days)
        return json_response({"nodes": [{**msgspec.structs.asdict(one), "drop_off": one.drop_off} for one in nodes]})

    async def resolution(self, request: web.Request) -> web.StreamResponse:
        """Who had to call again."""
        asked = _asked(request, _Resolution)
        days = asked.range(self._reports.today(self._now()))
        async with self._turn(request):
            groups = await self._reports.resolution(days, self._now(), asked.within)
        shares = [{"resolution": one.share, "declared_resolution": one.declared_share} for one in groups]
        told = [{**msgspec.structs.asdict(one), **share} for one, share in zip(groups, shares, strict=True)]
        return json_response({"groups": told})

    async def contact(self, request: web.Request) -> web.StreamResponse:
        """One contact; for each reservation also who else was passed over, by reason."""
        found = await self._history.interaction(InteractionId(_asked(request, _Contact).id))
        if found is None:
            raise Refusal(404, "not_found", "There is no such contact.")
        passed: dict[str, Mapping[str, tuple[AgentId, ...]]] = {}
        for held in found.reservations:
            if held.decision is not None:
                roster = await self._history.roster(held.decision.roster)
                passed[held.id] = held.decision.passed(roster) if roster else {}
        return json_response({"contact": found, "passed": passed})

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


def _headers(asked: _Figures, days: Range) -> tuple[Mapping[str, str], bytes]:
    """And what the body begins with."""
    if asked.format == "json":
        return {"Content-Type": "application/json"}, b""
    return _csv_headers(f"callwright-{asked.by.value}-{days.first}-{days.last}.csv"), MARK


def _asked(request: web.Request, kind: type[Query]) -> Query:
    try:
        return msgspec.convert(dict(request.query), kind, strict=False)
    except msgspec.ValidationError as error:
        raise Refusal(400, "bad_request", f"{error}.") from error


def _csv_headers(name: str) -> Mapping[str, str]:
    return {
        "Content-Type": "text/csv; charset=utf-8",
        "Content-Disposition": f'attachment; filename="{name}"',
    }


def _file(text: str, name: str) -> web.Response:
    return web.Response(body=MARK + text.encode(), headers=_csv_headers(name))


def _segments_csv(found: list[SegmentBehind]) -> str:
    header = ["segment", "interaction", "queue", "entered", "ended", "outcome", "wait", "agents", "talk", "caller"]
    rows = [
        [
            one.id,
            one.interaction,
            one.queue,
            one.entered,
            one.ended,
            one.outcome or "",
            one.wait,
            " ".join(one.agents),
            one.talk,
            one.caller,
        ]
        for one in found
    ]
    return table_csv(header, rows)
