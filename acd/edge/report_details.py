"""Figures that take several contacts of a customer: who had to call again."""

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, ScalarSelect, and_, case, exists, func, or_, select

from acd.edge.behind.contacts import Conditions
from acd.edge.database import Database
from acd.edge.report_reader import reading
from acd.edge.tables import interactions, segments, wrap_ups
from acd.reports.contacts import Resolution

DAY = 86_400.0


class ReportDetails:
    """Raises the errors of `acd.edge.database`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def resolution(
        self, group: str, queues: Sequence[str], start: float, end: float, *, days: int, now: float
    ) -> Resolution:
        """First contact resolution of contacts that began in the time and were in one of these queues."""
        counted = _of_group(queues, days, now)
        # All in one go: what takes the time is to find who was in one of the queues.
        question = select(*(func.sum(case((condition, 1), else_=0)).label(name) for name, condition in counted.items()))
        async with reading(self._database) as connection:
            row = (await connection.execute(question.where(*_closed(queues, start, end)))).one()
        return Resolution(group, **{name: getattr(row, name) or 0 for name in counted})


def in_group(queues: Sequence[str], start: float, end: float, figure: str, *, days: int, now: float) -> Conditions:
    """The contacts that `figure` of a group of queues counts; a share is one of `closed` or `declared`."""
    counted = _of_group(queues, days, now)
    return [*_closed(queues, start, end), counted[SHARES.get(figure, figure)]]


SHARES = {"resolution": "closed", "declared_resolution": "declared"}
"""Of what a share is one."""


def _began(start: float, end: float) -> ColumnElement[bool]:
    return and_(interactions.c.started >= start, interactions.c.started < end)


def _closed(queues: Sequence[str], start: float, end: float) -> Conditions:
    was_there = exists().where(segments.c.interaction == interactions.c.id, segments.c.queue.in_(queues))
    return [_began(start, end), interactions.c.ended.is_not(None), was_there]


def _of_group(queues: Sequence[str], days: int, now: float) -> Mapping[str, ColumnElement[bool]]:
    """What first contact resolution counts, by its name in `Resolution`."""
    within = days * DAY
    is_known = or_(interactions.c.customer != "", interactions.c.caller_number != "")
    return {
        "closed": is_known,
        "followed": _came_again(queues, within),
        "young": and_(is_known, interactions.c.ended > now - within),
        "unknown": ~is_known,
        "declared": _last_said().is_not(None),
        "solved": _last_said().is_(True),
    }


def _last_said() -> ScalarSelect[bool]:
    """Whether the matter is settled, as the last agent has it who said so; NULL if nobody has."""
    return (
        select(wrap_ups.c.solved)
        .where(wrap_ups.c.interaction == interactions.c.id, wrap_ups.c.solved.is_not(None))
        .order_by(wrap_ups.c.at.desc())
        .limit(1)
        .scalar_subquery()
    )


def _came_again(queues: Sequence[str], within: float) -> ColumnElement[bool]:
    """By the CRM's id of the customer; where there is none, by his number. One look in an index each."""
    again = interactions.alias()
    later = (
        again.c.id != interactions.c.id,
        again.c.started >= interactions.c.ended,
        again.c.started <= interactions.c.ended + within,
        exists().where(segments.c.interaction == again.c.id, segments.c.queue.in_(queues)),
    )
    customer, number = interactions.c.customer, interactions.c.caller_number
    return or_(
        and_(customer != "", exists().where(again.c.customer == customer, *later)),
        and_(customer == "", number != "", exists().where(again.c.caller_number == number, *later)),
    )
