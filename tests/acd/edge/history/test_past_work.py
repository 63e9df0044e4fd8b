"""After a restart the agents are as busy as they were, unless storage takes too long to say so."""

from itertools import pairwise

import pytest
from sqlalchemy import text

from acd.edge.database import Database, DatabaseUnavailable
from acd.edge.history import History
from acd.edge.history_reader import HistoryReader
from acd.events import AgentStateChanged, CenterEvent, ReservationMade
from acd.model import AgentId, InteractionId, PhoneKind, ReservationId
from acd.people.agents import AfterCallWork, Busy, LoggedOut, NotReady, Ready, Reserved
from acd.people.occupancy import PastWork
from acd.remembered import WorkRemembered
from tests.acd.centre import Centre
from tests.acd.edge.history.calls import answered_call

ANNA, BEN, CHLOE = AgentId("anna"), AgentId("ben"), AgentId("chloe")
NOW = 1_800_000_000.0


def states(agent: AgentId, *what: LoggedOut | NotReady | Ready | Reserved | Busy | AfterCallWork) -> list[CenterEvent]:
    """He was one after the other."""
    return [AgentStateChanged(agent, before, after, PhoneKind.DESK) for before, after in pairwise(what)]


def a_call(at: float, seconds: float) -> tuple[Reserved, Busy, AfterCallWork]:
    """10 s of ringing, a talk, after-call work."""
    of = InteractionId(f"i{at}")
    return (
        Reserved(at, ReservationId("r"), of, at + 15),
        Busy(at + 10, of),
        AfterCallWork(at + 10 + seconds, of, at + 40 + seconds),
    )


async def told(history: History, *events: CenterEvent) -> None:
    """And written."""
    for event in events:
        history.told(event)
    assert await history.flush(20.0)


async def test_what_they_did_in_the_last_hour(history: History, reader: HistoryReader) -> None:
    await told(
        history,
        *states(ANNA, NotReady(NOW - 9000, "signed in"), Ready(NOW - 8000), *a_call(NOW - 1000, 300), Ready(NOW - 600)),
        *states(BEN, NotReady(NOW - 900, "signed in"), Ready(NOW - 800), NotReady(NOW - 700, "lunch")),
        *states(CHLOE, Ready(NOW - 90_000), LoggedOut(NOW - 80_000)),
        *answered_call("elsewhere", NOW - 110, AgentId("dan")),  # the last thing that the queues know: NOW - 92
    )
    past = (await reader.past_work([ANNA, BEN, CHLOE], NOW, NOW - 92, 5.0)).past
    assert past == {
        ANNA: PastWork(
            (
                (NOW - 8000, NOW - 1000, False),
                (NOW - 1000, NOW - 990, True),
                (NOW - 990, NOW - 690, True),
                (NOW - 690, NOW - 600, True),
                (NOW - 600, NOW - 92, False),
            ),
            NOW - 690,
        ),
        BEN: PastWork(((NOW - 800, NOW - 700, False),), NOW - 900),
    }


async def test_the_time_in_which_we_were_down_is_nobodys(history: History, reader: HistoryReader) -> None:
    await told(history, *states(ANNA, Ready(NOW - 9000), *a_call(NOW - 4000, 100)[:2]))
    past = (await reader.past_work([ANNA], NOW, NOW - 3990, 5.0)).past[ANNA]
    assert past.spans == (), "neither the rest of the talk is known, nor who else worked since"


async def test_a_database_that_takes_too_long_does_not_hold_up_the_start(
    database: Database, history: History, reader: HistoryReader
) -> None:
    async with database.engine.connect() as connection:
        if not database.is_sqlite:
            await connection.execute(text("LOCK TABLE agent_states"))
        with pytest.raises(DatabaseUnavailable, match="in time"):
            await reader.past_work([ANNA], NOW, NOW, 0.0 if database.is_sqlite else 0.2)


def test_the_busier_one_is_spared_after_a_restart_too() -> None:
    centre = Centre(now=NOW)
    centre.connect()
    busy = PastWork(((NOW - 1000, NOW - 10, True),), NOW - 300)
    idle = PastWork(((NOW - 1000, NOW - 10, False),), NOW - 900)
    centre.tell(WorkRemembered({ANNA: busy, BEN: idle, AgentId("gone"): idle}))
    centre.ready("anna", "ben")
    centre.call_billing()
    assert centre.last(ReservationMade).agent == BEN
    assert centre.center.agents[ANNA].occupancy(NOW) == 1.0
