"""The contacts behind a figure, each with how it ended and what the customer did last in the dialogue."""

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import Column, ColumnElement, ScalarSelect, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from acd.edge.tables import interactions, path_steps
from acd.reports.opening import OfContacts

Conditions = Sequence[ColumnElement[bool]]


class ContactBehind(msgspec.Struct, frozen=True):
    """One contact behind a figure."""

    interaction: str
    entry_point: str
    started: float
    ended: float | None
    outcome: str | None
    """A value of `InteractionOutcome`; None: it is not over."""
    lasted: float
    """Seconds; until now, if it is not over."""
    caller: str
    customer: str
    flow: str
    node: str
    """The last at which the customer did something; empty: nowhere, or it is not over."""
    label: str
    """What people call that node."""
    verified: bool
    """Whether he has proved that he is that customer."""


def of_figure(start: float, end: float, entry_points: tuple[str, ...] | None, opening: OfContacts) -> Conditions:
    """Contacts that began from `start` to just before `end` by one of these entry points (None: by any)."""
    conditions = [interactions.c.started >= start, interactions.c.started < end]
    if entry_points is not None:
        conditions.append(interactions.c.entry_point.in_(entry_points))
    over, is_open = interactions.c.outcome.in_(opening.outcomes), interactions.c.outcome.is_(None)
    conditions.append(or_(over, is_open) if opening.or_open else over)
    return conditions


async def contacts_behind(
    connection: AsyncConnection, conditions: Conditions, now: float, most: int
) -> tuple[list[ContactBehind], int]:
    """In order of their beginning, `most` at most; and how many there are."""
    question = (
        select(
            interactions,
            of_last_step(path_steps.c.flow).label("flow"),
            of_last_step(path_steps.c.node).label("node"),
            of_last_step(path_steps.c.label).label("label"),
        )
        .where(*conditions)
        .order_by(interactions.c.started, interactions.c.id)
        .limit(most)
    )
    count = await connection.scalar(select(func.count()).select_from(interactions).where(*conditions))
    return [_behind(row, now) for row in await connection.execute(question)], count or 0


def of_last_step(column: Column[Any]) -> ScalarSelect[Any]:
    """Something of the last step of a contact; NULL if he did nothing."""
    return (
        select(column)
        .where(path_steps.c.interaction == interactions.c.id)
        .order_by(path_steps.c.position.desc())
        .limit(1)
        .scalar_subquery()
    )


def _behind(row: Any, now: float) -> ContactBehind:  # noqa: ANN401 - SQLAlchemy's row
    return ContactBehind(
        row.id,
        row.entry_point,
        row.started,
        row.ended,
        row.outcome,
        max(0.0, (now if row.ended is None else row.ended) - row.started),
        row.caller_number,
        row.customer,
        row.flow or "",
        row.node or "",
        row.label or "",
        row.verified,
    )
