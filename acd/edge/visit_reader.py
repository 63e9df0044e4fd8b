"""Reads the visits of nodes of flows, contact by contact; of those after a talk also whom the caller talked with."""

from collections.abc import AsyncIterator

from sqlalchemy import ColumnElement, case, exists, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from acd.edge.report_reader import streamed
from acd.edge.tables import interactions, segments, talks, visits
from acd.reports.journeys import VisitRow
from ivr.dialogue.visits import AFTER_TALK, SUB_FLOW


async def contacts(
    connection: AsyncConnection, start: float, end: float, flow: str = "", node: str = ""
) -> AsyncIterator[list[VisitRow]]:
    """Of each contact that began from `start` to just before `end` all visits, in order; only of those that were in the
    flow, and at its node, if they are named."""
    columns = (
        interactions.c.id,
        interactions.c.started,
        interactions.c.entry_point,
        interactions.c.outcome,
        visits.c.flow,
        visits.c.version,
        visits.c.node,
        visits.c.kind,
        visits.c.entered,
        visits.c.came,
        visits.c.left,
        visits.c.way,
        visits.c.no_inputs,
        visits.c.no_matches,
        _of_talk(segments.c.queue),
        _of_talk(talks.c.agent),
    )
    question = (
        select(*columns)
        .join_from(interactions, visits, visits.c.interaction == interactions.c.id)
        .where(interactions.c.started >= start, interactions.c.started < end)
        .order_by(interactions.c.started, interactions.c.id, visits.c.position)
    )
    if flow:
        there = visits.alias()
        was_there = exists().where(there.c.interaction == interactions.c.id, there.c.flow == flow)
        question = question.where(was_there.where(there.c.node == node) if node else was_there)
    contact: list[VisitRow] = []
    async for row in streamed(connection, question):
        visit = VisitRow(*row)
        if contact and contact[0].interaction != visit.interaction:
            yield contact
            contact = []
        if contact and visit.came in ("", SUB_FLOW):  # he is where he was
            visit = visit._replace(queue=contact[-1].queue, agent=contact[-1].agent)
        contact.append(visit)
    if contact:
        yield contact


def _of_talk(column: ColumnElement[str]) -> ColumnElement[str]:
    """Of the last talk before the visit, where a caller has come out of it; of all others nothing is looked up."""
    last = (
        select(column)
        .join_from(talks, segments, segments.c.id == talks.c.segment)
        .where(talks.c.interaction == visits.c.interaction, talks.c.started <= visits.c.entered)
        .order_by(talks.c.started.desc())
        .limit(1)
        .correlate(visits)
        .scalar_subquery()
    )
    return case((visits.c.came == AFTER_TALK, func.coalesce(last, "")), else_="")
