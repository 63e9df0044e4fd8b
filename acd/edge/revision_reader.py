"""Which revisions of the company's files the centre has gone by. They are counted from 1, the oldest first."""

from collections.abc import Mapping, Sequence

import msgspec
from sqlalchemy import select

from acd.edge.database import Database
from acd.edge.history_reader import ask
from acd.edge.tables import revisions
from acd.reports.teams import Members
from acd.reports.thresholds import Levels


class StoredRevision(msgspec.Struct, frozen=True):
    """One of them, without its files."""

    number: int
    at: float
    """When it took effect, in seconds since the Unix epoch."""
    by: str
    summary: str


class KeptRevision(msgspec.Struct, frozen=True):
    """One of them, with its files."""

    number: int
    since: float
    files: Mapping[str, str]


class RevisionReader:
    """Questions to storage. All raise the errors of `acd.edge.database`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def all(self) -> list[StoredRevision]:
        """The oldest first."""
        table = revisions.c
        rows = await ask(self._database, select(table.at, table.by, table.summary).order_by(table.at, table.id))
        return [StoredRevision(number, row.at, row.by, row.summary) for number, row in enumerate(rows, start=1)]

    async def files(self, number: int) -> Mapping[str, str] | None:
        """The files of a revision, `center.yaml` first; None if there is no such revision."""
        table = revisions.c
        question = select(table.files).order_by(table.at, table.id).offset(number - 1).limit(1)
        rows = await ask(self._database, question) if number > 0 else ()
        return _files(rows[0].files) if rows else None

    async def in_force(self, start: float, end: float) -> list[KeptRevision]:
        """Those by which the centre went from `start` until before `end`: the last one before, and those that came in
        between; where there was none before, the first of them counts from the start on."""
        known = [one for one in await self.all() if one.at < end]
        before = [one for one in known if one.at <= start]
        those = [*before[-1:], *(one for one in known if one.at > start)]
        files = [await self.files(one.number) or {} for one in those]
        return [KeptRevision(one.number, max(one.at, start), its) for one, its in zip(those, files, strict=True) if its]

    async def last_files(self) -> Mapping[str, str]:
        """Those of the latest revision; empty if there is none."""
        table = revisions.c
        rows = await ask(self._database, select(table.files).order_by(table.at.desc(), table.id.desc()).limit(1))
        return _files(rows[0].files) if rows else {}

    async def teams(self) -> list[tuple[float, Members]]:
        """Who was in which team from when on, in order of time; of revisions that knew it."""
        table = revisions.c
        question = select(table.at, table.teams).where(table.teams.is_not(None)).order_by(table.at, table.id)
        return [(row.at, row.teams) for row in await ask(self._database, question)]

    async def service_levels(self) -> list[tuple[float, Levels]]:
        """Seconds by queue from when on, likewise."""
        table = revisions.c
        known = select(table.at, table.service_levels).where(table.service_levels.is_not(None))
        return [(row.at, row.service_levels) for row in await ask(self._database, known.order_by(table.at, table.id))]

    async def versions(self) -> dict[tuple[str, str], tuple[int, float]]:
        """By flow and version: the number of the first revision with it, and when that took effect."""
        table = revisions.c
        rows = await ask(self._database, select(table.at, table.flows).order_by(table.at, table.id))
        first: dict[tuple[str, str], tuple[int, float]] = {}
        for number, row in enumerate(rows, start=1):
            for flow in (row.flows or {}).items():
                first.setdefault(flow, (number, row.at))
        return first


def _files(pairs: Sequence[tuple[str, str]]) -> Mapping[str, str]:
    return dict(pairs)
