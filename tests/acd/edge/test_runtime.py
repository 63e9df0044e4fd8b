"""The runtime: order of what it tells, timers, and what it does about mistakes of ours."""

import asyncio
from collections.abc import Sequence

from acd.center import ContactCenter
from acd.edge.clock import Clock
from acd.edge.runtime import Runtime
from acd.events import ReservationMade
from acd.floor import Output
from acd.model import AgentId, PhoneKind, RequestId
from acd.requests import BecomeReady, LogIn
from acd.told import DesktopConnected
from cti.commands import AnyCommand, Play, Ring
from cti.events import CallArrived, CommandFailed, KeyPressed, PbxSynchronized
from cti.model import CallerId, CallId, LegId
from tests.acd.company import BILLING, NODE, PRODUCTS, company, queue

LEG = LegId(f"{NODE}/in-1")
ARRIVAL = CallArrived(CallId(LEG), LEG, CallerId("+4930"), "1000")


class Office:
    """A runtime whose neighbours write down what they are told."""

    def __init__(self, ring_timeout: float = 15.0) -> None:
        plan = company(queue(BILLING, ring_timeout=ring_timeout), queue(PRODUCTS))
        self.told: list[tuple[str, str]] = []
        self.runtime = Runtime(ContactCenter(plan, "t"), Clock())
        self.runtime.desktops.append(self.desktop)
        self.runtime.others.append(self.storage)
        self.runtime.senders[NODE] = self.send

    def desktop(self, outputs: Sequence[Output], _now: float) -> None:
        self.told += [("desktop", type(one).__name__) for one in outputs]

    def storage(self, outputs: Sequence[Output], _now: float) -> None:
        self.told += [("storage", type(one).__name__) for one in outputs]

    def send(self, command: AnyCommand) -> None:
        self.told.append(("pbx", type(command).__name__))

    def anna_is_ready(self) -> None:
        anna = AgentId("anna")
        self.runtime.post(PbxSynchronized(NODE, ()))
        self.runtime.post(DesktopConnected(anna))
        self.runtime.post(LogIn(RequestId("1"), anna, PhoneKind.DESK))
        self.runtime.post(BecomeReady(RequestId("2"), anna))


async def test_the_desktop_knows_before_the_pbx_is_told() -> None:
    office = Office()
    office.anna_is_ready()
    office.runtime.post(ARRIVAL)
    office.runtime.post(KeyPressed(LEG, "1"))
    told = office.told
    assert told.index(("desktop", ReservationMade.__name__)) < told.index(("pbx", Ring.__name__))
    assert told.index(("pbx", Ring.__name__)) < told.index(("storage", ReservationMade.__name__))
    office.runtime.close()


async def test_deadlines_come_by_themselves() -> None:
    office = Office(ring_timeout=0.05)
    office.anna_is_ready()
    office.runtime.post(ARRIVAL)
    office.runtime.post(KeyPressed(LEG, "1"))
    async with asyncio.timeout(2):
        while ("desktop", "ReservationEnded") not in office.told:  # noqa: ASYNC110 - time passes by itself
            await asyncio.sleep(0.01)
    office.runtime.close()


async def test_what_is_posted_by_a_listener_comes_after_the_message_in_hand() -> None:
    office = Office()
    office.runtime.post(PbxSynchronized(NODE, ()))
    posted: list[bool] = []

    def impatient(outputs: Sequence[Output], _now: float) -> None:
        if not posted and any(isinstance(one, Play) for one in outputs):
            posted.append(True)
            office.runtime.post(KeyPressed(LEG, "1"))

    office.runtime.desktops.insert(0, impatient)
    office.runtime.post(ARRIVAL)
    kinds = [kind for who, kind in office.told if who == "desktop"]
    assert kinds.index("Answer") < kinds.index("Play") < kinds.index("StopPlayback")
    office.runtime.close()


async def test_a_listener_that_fails_harms_nobody_else() -> None:
    office = Office()

    def broken(_outputs: Sequence[Output], _now: float) -> None:
        raise ZeroDivisionError

    office.runtime.desktops.insert(0, broken)
    office.runtime.post(PbxSynchronized(NODE, ()))
    office.runtime.post(ARRIVAL)
    assert ("pbx", "Answer") in office.told
    assert office.runtime.failures == 1
    office.runtime.close()


async def test_a_fault_of_the_brain_is_counted_and_the_next_message_is_served() -> None:
    office = Office()
    office.runtime.post("nonsense")  # type: ignore[arg-type]
    office.runtime.post(object())  # type: ignore[arg-type]
    office.runtime.post(PbxSynchronized(NODE, ()))
    office.runtime.post(ARRIVAL)
    assert ("pbx", "Answer") in office.told
    office.runtime.close()


async def test_a_command_that_cannot_be_given_has_failed_and_stops_nothing_else() -> None:
    office = Office()
    office.anna_is_ready()
    given: list[AnyCommand] = []

    def broken(command: AnyCommand) -> None:
        given.append(command)
        if isinstance(command, Ring):
            raise OSError("the disk is full")

    office.runtime.senders[NODE] = broken
    office.runtime.post(ARRIVAL)
    office.runtime.post(KeyPressed(LEG, "1"))
    assert ("storage", "ReservationMade") in office.told
    assert ("desktop", "ReservationEnded") in office.told, "the brain has heard of it"
    assert office.runtime.failures == 1
    office.runtime.close()


async def test_a_command_that_fails_while_it_is_given_is_heard_of_after_the_message_in_hand() -> None:
    office = Office()
    office.anna_is_ready()

    def refuses(command: AnyCommand) -> None:
        office.told.append(("pbx", type(command).__name__))
        if isinstance(command, Ring):
            office.runtime.post(CommandFailed(command, "not connected"))

    office.runtime.senders[NODE] = refuses
    office.runtime.post(ARRIVAL)
    office.runtime.post(KeyPressed(LEG, "1"))
    told = office.told
    assert told.index(("storage", "ReservationMade")) < told.index(("desktop", "ReservationEnded"))
    office.runtime.close()


async def test_nothing_is_taken_after_the_end() -> None:
    office = Office()
    office.runtime.close()
    office.runtime.post(ARRIVAL)
    assert office.told == []
