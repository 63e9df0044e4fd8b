"""Killed between any two things that we say: each stay in a queue has one outcome, in storage and on the board.

What we say goes two ways that do not wait for each other: commands to the PBX (among them the note on the caller's
leg), facts to the disk. So after a kill the leg may know more than storage, or less. Here every call is killed after
every command and every fact, in all combinations that may be, and the next process goes on with what is left.
"""

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import select

from acd.edge.database import Database
from acd.edge.history_facts import Fact, fact_of
from acd.edge.history_orphans import close_orphans
from acd.edge.history_reader import HistoryReader
from acd.edge.history_sql import write_facts
from acd.edge.tables import visits
from acd.floor import Output
from acd.model import AgentId
from acd.remembered import AgentRemembered
from acd.requests import BecomeReady
from cti.commands import Command
from cti.events import AnyPbxEvent, CallArrived, PbxSynchronized
from cti.model import CallerId, CallId, HangupCause, LegId
from tests.acd.centre import Centre
from tests.acd.company import BILLING, PRODUCTS, company, queue
from tests.acd.edge.history.books import nobody_listens
from tests.acd.model_pbx import ModelPbx

CALLER = LegId("pbx1/in-1")
LOST = (0, 1, 2, 4)
"""Facts that the kill takes from storage: the last 20 milliseconds."""
DAY = 86_400.0


class World:
    """A centre and its PBX, with every fact and every command in the order in which they were said."""

    def __init__(self, number: int = 0) -> None:
        """On a day of its own, so that many share one database."""
        plan = company(queue(BILLING, tell_if_nobody=True, max_wait=60.0), queue(PRODUCTS))
        self.began = 1_800_000_000.0 + DAY * number
        self.centre = Centre(plan, f"w{number}", self.began)
        self.pbx = ModelPbx()
        self.facts: list[Fact] = []
        self.tell(self.pbx.seen())

    def tell(self, *messages: AnyPbxEvent) -> None:
        """The PBX has news."""
        for message in messages:
            self.centre.tell(message)
            self.take()

    def take(self) -> None:
        """Carry on by what the brain has said."""
        said, self.centre.said = self.centre.said, []
        for one in said:
            self.note(one)

    def note(self, one: Output) -> None:
        """A command waits for the PBX, a fact for the disk."""
        if isinstance(one, Command):
            self.pbx.todo.append(one)
        elif (fact := fact_of(one)) is not None:
            self.facts.append(fact)

    def work(self) -> None:
        """The PBX does all that it was told, and we hear of it."""
        while self.pbx.todo:
            self.tell(*self.pbx.carry_out())

    # -- what people do --------------------------------------------------------------------------------------------

    def ready(self, name: str) -> None:
        """An agent begins."""
        self.centre.ready(name)
        self.take()

    def dial(self) -> None:
        """The caller is in the menu."""
        arrival = CallArrived(CallId(CALLER), CALLER, CallerId("+493012345"), "1000")
        self.pbx.arrive(arrival)
        self.tell(arrival)

    def press(self) -> None:
        """He wants billing."""
        self.centre.press(CALLER, "1")
        self.take()

    def pick_up(self) -> None:
        """The phone that rings is answered."""
        for leg in self.pbx.ringing[:1]:
            self.tell(*self.pbx.pick_up(leg))

    def hang_up(self) -> None:
        """The caller goes."""
        if CALLER in self.pbx.legs:
            self.tell(*self.pbx.end(CALLER, HangupCause.NORMAL))

    def agent_hangs_up(self) -> None:
        """The agent goes."""
        for leg in [leg for leg in self.pbx.legs if leg != CALLER]:
            self.tell(*self.pbx.end(leg, HangupCause.NORMAL))

    def wait(self, seconds: float) -> None:
        """Time passes."""
        self.centre.wait(seconds)
        self.take()

    def done(self) -> None:
        """The agent has written it up."""
        self.centre.tell(BecomeReady(self.centre.request_id(), AgentId("anna")))
        self.take()

    # -- the kill --------------------------------------------------------------------------------------------------

    def killed(self, done: int, lost: int) -> None:
        """`done` more commands are carried out, `lost` facts are lost; the next process finds the rest."""
        for _ in range(done):
            self.pbx.carry_out()
        self.pbx.todo.clear()
        del self.facts[len(self.facts) - lost :]
        before = self.centre
        self.centre = before.successor(3.0)
        for name, agent in before.center.agents.items():
            self.centre.tell(AgentRemembered(name, agent.state, agent.phone.kind))
        self.take()


Step = Callable[[World], None]

ANSWERED: Sequence[Step] = (
    lambda world: world.ready("anna"),
    World.dial,
    World.work,
    World.press,
    World.work,
    World.pick_up,
    World.work,
    lambda world: world.wait(30),
    World.hang_up,
    World.work,
    World.done,
)
ABANDONED: Sequence[Step] = (
    lambda world: world.ready("dan"),
    lambda world: world.ready("anna"),
    World.dial,
    World.press,
    World.work,
    lambda world: world.wait(8),
    World.hang_up,
)
NOBODY_THERE: Sequence[Step] = (World.dial, World.work, World.press, World.work, World.hang_up)
TOO_LONG: Sequence[Step] = (
    lambda world: world.ready("anna"),
    World.dial,
    World.press,
    World.work,
    lambda world: world.wait(61),
    World.work,
    World.hang_up,
)
CALLS = {"answered": ANSWERED, "abandoned": ABANDONED, "nobody there": NOBODY_THERE, "too long": TOO_LONG}

AFTERWARDS: dict[str, Sequence[Step]] = {
    "he goes": (World.hang_up,),
    "he goes on": (World.work, World.press, World.work, World.pick_up, World.work, World.hang_up),
    "the agent goes": (World.agent_hangs_up, World.work, World.hang_up),
}


class Kill(NamedTuple):
    """After so many steps of a call, with so many commands carried out since and so many facts lost."""

    steps: int
    done: int
    lost: int


def kills(call: Sequence[Step]) -> Iterator[Kill]:
    """Every point."""
    for steps in range(1, len(call) + 1):
        world = World()
        for step in call[:steps]:
            step(world)
        for done in range(len(world.pbx.todo) + 1):
            for lost in LOST:
                if lost <= len(world.facts):
                    yield Kill(steps, done, lost)


@pytest.fixture
async def storage(tmp_path: Path) -> AsyncIterator[Database]:
    """One database for all the calls of a test."""
    database = Database(f"sqlite:///{tmp_path}/centre.db")
    await database.prepare()
    yield database
    await database.close()


@pytest.mark.parametrize("afterwards", AFTERWARDS)
@pytest.mark.parametrize("call", CALLS)
async def test_each_stay_has_one_outcome(storage: Database, call: str, afterwards: str) -> None:
    for number, kill in enumerate(kills(CALLS[call])):
        await check(storage, killed(call, kill, number), AFTERWARDS[afterwards], f"{call}, {kill}")


@pytest.mark.parametrize("afterwards", AFTERWARDS)
async def test_an_agent_who_hangs_up_meanwhile(storage: Database, afterwards: str) -> None:
    for number, kill in enumerate(kills(ANSWERED)):
        world = killed("answered", kill, number)
        for leg in [leg for leg in world.pbx.legs if leg != CALLER]:
            world.pbx.end(leg, HangupCause.NORMAL)
        await check(storage, world, AFTERWARDS[afterwards], str(kill))


def killed(call: str, kill: Kill, number: int) -> World:
    """What is left after it."""
    world = World(number)
    for step in CALLS[call][: kill.steps]:
        step(world)
    world.killed(kill.done, kill.lost)
    return world


async def check(storage: Database, world: World, afterwards: Sequence[Step], where: str) -> None:
    """The next process takes up what is left, and all comes to its end."""
    started_at = world.centre.now
    world.centre.now += 1
    seen = world.pbx.seen()
    assert isinstance(seen, PbxSynchronized)
    world.tell(seen)
    still = world.centre.center.survivors()
    async with storage.engine.begin() as connection:
        await write_facts(connection, world.facts)
        await close_orphans(connection, still, started_at, nobody_listens, started_at)
    world.facts.clear()
    reader = HistoryReader(storage)
    world.centre.tell(await reader.figures(world.began, started_at, {}, still))
    for step in afterwards:
        step(world)
    world.wait(1000)
    for leg in list(world.pbx.legs):
        if leg in world.pbx.legs:
            world.tell(*world.pbx.end(leg, HangupCause.NORMAL))
    world.wait(1000)
    async with storage.engine.begin() as connection:
        await write_facts(connection, world.facts)
    ledger = await reader.ledger(world.began)
    assert ledger.balanced, (where, ledger)
    assert not await reader.open_interactions(), where
    (billing,) = ledger.queues or (None,)
    figures = world.centre.center.queues[BILLING].figures
    assert figures.balanced(0), where
    counted = {outcome.value: getattr(figures.tally, outcome.value) for outcome in billing.outcomes} if billing else {}
    assert figures.entered == (billing.entered if billing else 0), where
    assert counted == ({one.value: n for one, n in billing.outcomes.items()} if billing else {}), where
    assert billing is None or billing.still_open == 0, where
    await check_visits(storage, where, whole="lost=0" in where)


async def check_visits(storage: Database, where: str, *, whole: bool) -> None:
    """Each node that a caller has visited was left, once, and before he came to the next; all of them are there, if no
    fact was lost."""
    async with storage.engine.connect() as connection:
        rows = list(await connection.execute(select(visits).order_by(visits.c.interaction, visits.c.position)))
    assert all(row.left is not None and row.left >= row.entered for row in rows), where
    for before, after in pairwise(rows):
        if before.interaction == after.interaction:
            assert before.left <= after.entered, where
            assert not whole or before.position + 1 == after.position, where
