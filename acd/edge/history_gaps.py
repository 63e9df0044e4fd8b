"""The time in which no process ran, in the agents' stays: they end with the last process, and what follows is nobody's.
And in the callers' visits of nodes: what counts is what a caller's leg says.

    the last process              alive              at         this process
    ready ------------------------|------ down ------|----------------------
    busy, and found talking ------|------ busy ------|----------------------
    logged out ----------------------------------------------------------------

What is written looks at the rows that are there, so it must come after all that was told before it. Told twice it
changes nothing: then no row of the last process is open any more, and none that is down overlaps the talk.
"""

from sqlalchemy import ColumnElement, Select, and_, case, delete, func, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from acd.edge.history_facts import Gap
from acd.edge.tables import after_call_work, agent_states, visits
from acd.events import CentreRestarted, TalkWentOn, VisitsTakenUp
from acd.people.agents import DOWN, AfterCallWork, Busy, LoggedOut, NotReady, tag

_KEY = ("agent", "since", "state", "cause", "ended")
_OUT, _BUSY = tag(LoggedOut), tag(Busy)
_GOES_ON = (tag(NotReady), tag(AfterCallWork))

_of = agent_states.c


async def write_gap(connection: AsyncConnection, gap: Gap) -> None:
    """Raises what the driver raises."""
    match gap:
        case CentreRestarted():
            await _restarted(connection, gap)
        case TalkWentOn():
            await _talked(connection, gap)
        case VisitsTakenUp():
            await _taken_up(connection, gap)


async def _restarted(connection: AsyncConnection, gap: CentreRestarted) -> None:
    """Who was not logged out is `down` from the last sign of life to the start, and what he was in is over. So is what
    he wrote up; if it is taken up again, its end is told by and by."""
    still_open = [_of.ended.is_(None), _of.since < gap.at, _of.state != _OUT]
    if gap.brief:
        still_open.append(_of.state.not_in(_GOES_ON))
    last = func.max(_of.since)
    begins: ColumnElement[float] = case((last > gap.alive, last), else_=gap.alive)
    stays = select(_of.agent, begins, literal(DOWN), literal(""), literal(gap.at)).where(*still_open)
    await _insert(connection, stays.group_by(_of.agent))
    ended = case((_of.since > gap.alive, _of.since), else_=gap.alive)
    await connection.execute(update(agent_states).where(*still_open).values(ended=ended))
    writing = after_call_work.c
    over = case((writing.since > gap.alive, writing.since), else_=gap.alive)
    await connection.execute(
        update(after_call_work).where(writing.ended.is_(None), writing.since < gap.at).values(ended=over)
    )


async def _talked(connection: AsyncConnection, gap: TalkWentOn) -> None:
    """It was known only afterwards: he has talked, and that with one caller."""
    down = and_(_of.agent == gap.agent, _of.state == DOWN, _of.ended > gap.since)
    await _insert(
        connection, select(_of.agent, _of.since, literal(_BUSY), literal(gap.interaction), _of.ended).where(down)
    )
    await connection.execute(delete(agent_states).where(down))


async def _taken_up(connection: AsyncConnection, gap: VisitsTakenUp) -> None:
    """Storage may have known more than his leg did, or less."""
    his = visits.c.interaction == gap.interaction
    await connection.execute(delete(visits).where(his, visits.c.position >= gap.count))
    left = case((visits.c.entered > gap.at, visits.c.entered), else_=gap.at)
    await connection.execute(update(visits).where(his, visits.c.left.is_(None)).values(left=left))


async def _insert(connection: AsyncConnection, stays: Select[tuple[str, float, str, str, float]]) -> None:
    """A stay of no length that began in the same instant takes the end."""
    new = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    insert = new(agent_states).from_select(_KEY, stays)
    key = [column.name for column in agent_states.primary_key.columns]
    await connection.execute(insert.on_conflict_do_update(index_elements=key, set_={"ended": insert.excluded.ended}))
