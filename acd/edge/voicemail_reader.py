"""Questions to storage about the messages that callers have left."""

import asyncio
from collections.abc import Collection, Sequence
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.exc import SQLAlchemyError

from acd.edge.database import Database
from acd.edge.tables import voicemails
from acd.model import QueueName, VoicemailId
from acd.tasks.kept_voicemails import KeptVoicemail

TIMEOUT = 15.0

MOST = 500
"""Messages in one list, the newest."""

_NOT_REMOVED = voicemails.c.removed_at.is_(None)
_UNFINISHED = and_(_NOT_REMOVED, voicemails.c.file == "", voicemails.c.lost_at.is_(None))
_TO_SHOW = and_(_NOT_REMOVED, voicemails.c.ended.is_not(None))


class VoicemailReader:
    """What was told a moment ago may be missing. All raise the errors of `acd.edge.database`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def one(self, voicemail: VoicemailId) -> KeptVoicemail | None:
        """A message; None if there is none, or it was removed."""
        found = await self._all(select(voicemails).where(_TO_SHOW, voicemails.c.id == voicemail))
        return found[0] if found else None

    async def listed(self, queues: Collection[QueueName] | None, *, done: bool) -> list[KeptVoicemail]:
        """The newest messages of these queues (None: of all, and of none), those done among them or not."""
        conditions: list[ColumnElement[bool]] = [_TO_SHOW]
        if queues is not None:
            conditions.append(voicemails.c.queue.in_(queues))
        if not done:
            conditions.append(voicemails.c.done_at.is_(None))
        question = select(voicemails).where(*conditions).order_by(voicemails.c.began.desc())
        return await self._all(question.limit(MOST))

    async def unfinished(self, before: float) -> list[KeptVoicemail]:
        """Whose file is not with us although a process that ended before that time may have wanted it; oldest first."""
        question = select(voicemails).where(_UNFINISHED, voicemails.c.began < before)
        return await self._all(question.order_by(voicemails.c.began))

    async def to_do(self, before: float) -> list[KeptVoicemail]:
        """Left before that time, and nobody has dealt with it; oldest first."""
        there = or_(voicemails.c.file != "", voicemails.c.lost_at.is_not(None))
        question = select(voicemails).where(_TO_SHOW, there, voicemails.c.done_at.is_(None))
        return await self._all(question.where(voicemails.c.began < before).order_by(voicemails.c.began))

    async def older_than(self, at: float) -> list[KeptVoicemail]:
        """Some that began before, and are not removed."""
        old = or_(voicemails.c.file != "", voicemails.c.ended.is_not(None))
        question = select(voicemails).where(_NOT_REMOVED, old, voicemails.c.began < at)
        return await self._all(question.order_by(voicemails.c.began).limit(MOST))

    async def _all(self, question: Select[Any]) -> list[KeptVoicemail]:
        try:
            async with asyncio.timeout(TIMEOUT), self._database.engine.connect() as connection:
                rows: Sequence[Any] = (await connection.execute(question)).all()
        except (SQLAlchemyError, OSError) as error:
            raise self._database.explained(error) from error
        return [msgspec.convert(_plain(row._mapping), KeptVoicemail) for row in rows]


def _plain(row: Any) -> dict[str, Any]:  # noqa: ANN401 - a row of SQLAlchemy, by name
    """What has not happened is 0; SQLAlchemy's own names are a kind of `str` that msgspec does not take."""
    return {str(name): 0.0 if value is None else value for name, value in row.items()}
