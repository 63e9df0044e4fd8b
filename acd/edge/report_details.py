"""Figures that take several steps or contacts of a customer: where callers left the menu, who had to call again."""

from collections import Counter
from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, ScalarSelect, and_, case, exists, func, or_, select

from acd.edge.behind.contacts import Conditions, of_last_step
from acd.edge.database import Database
from acd.edge.report_reader import reading, streamed
from acd.edge.tables import interactions, path_steps, segments, wrap_ups
from acd.model import InteractionOutcome
from acd.reports.contacts import BEFORE_THE_FIRST, NodeFlow, Resolution

DAY = 86_400.0


class ReportDetails:
    """Raises the errors of `acd.edge.database`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def nodes(self, start: float, end: float) -> tuple[NodeFlow, ...]:
        """Of contacts that began in the time, most visited first. The steps of a contact are kept when it is over."""
        of_time = _began(start, end)
        in_flow = select(func.count()).where(of_time, _in_a_flow())
        visits = (
            select(path_steps.c.flow, path_steps.c.node, func.count(func.distinct(path_steps.c.interaction)))
            .join_from(interactions, path_steps, path_steps.c.interaction == interactions.c.id)
            .where(of_time)
            .group_by(path_steps.c.flow, path_steps.c.node)
        )
        gone = select(of_last_step(path_steps.c.flow), of_last_step(path_steps.c.node)).where(of_time, _has_gone())
        async with reading(self._database) as connection:
            visited = {("", BEFORE_THE_FIRST): await connection.scalar(in_flow) or 0}
            visited |= {(row[0], row[1]): row[2] for row in await connection.execute(visits)}
            left = Counter([(flow or "", node or BEFORE_THE_FIRST) async for flow, node in streamed(connection, gone)])
        flows = [NodeFlow(of[1], count, left[of], of[0]) for of, count in visited.items()]
        return tuple(sorted(flows, key=lambda flow: (-flow.visited, flow.flow, flow.node)))

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


def at_node(start: float, end: float, flow: str, node: str, figure: str) -> Conditions:
    """The contacts that `figure` of this node counts: `visited`, `left`, or `drop_off`, a share of the visited."""
    if figure == "left":
        flow_of, node_of = (
            func.coalesce(of_last_step(column), "") for column in (path_steps.c.flow, path_steps.c.node)
        )
        return [_began(start, end), _has_gone(), flow_of == flow, node_of == node]
    if node == BEFORE_THE_FIRST:
        return [_began(start, end), _in_a_flow()]
    step = (path_steps.c.interaction == interactions.c.id, path_steps.c.flow == flow, path_steps.c.node == node)
    return [_began(start, end), exists().where(*step)]


def in_group(queues: Sequence[str], start: float, end: float, figure: str, *, days: int, now: float) -> Conditions:
    """The contacts that `figure` of a group of queues counts; a share is one of `closed` or `declared`."""
    counted = _of_group(queues, days, now)
    return [*_closed(queues, start, end), counted[SHARES.get(figure, figure)]]


SHARES = {"resolution": "closed", "declared_resolution": "declared"}
"""Of what a share is one."""


def _began(start: float, end: float) -> ColumnElement[bool]:
    return and_(interactions.c.started >= start, interactions.c.started < end)


def _in_a_flow() -> ColumnElement[bool]:
    outcome = interactions.c.outcome
    return and_(outcome.is_not(None), outcome != InteractionOutcome.REJECTED.value)


def _has_gone() -> ColumnElement[bool]:
    return interactions.c.outcome == InteractionOutcome.ABANDONED_IN_FLOW.value


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
