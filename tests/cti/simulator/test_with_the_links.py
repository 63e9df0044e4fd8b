"""The links that drive a real Asterisk drive the embedded PBX, and do not notice."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from random import Random

from cti.commands import Answer, Bridge, HangUp, PickUp, Play, Remember, ReturnToDialplan, Ring, StartMusic
from cti.edge.ami import AmiAddress
from cti.edge.ari_rest import AriAddress
from cti.edge.counters import Tally
from cti.edge.pbx import Pbx
from cti.edge.simulated_pbx import EmbeddedPbx
from cti.edge.simulated_voice import SimulatedVoice
from cti.events import (
    CallArrived,
    KeyPressed,
    LegAnswered,
    LegEnded,
    LegRinging,
    LegsBridged,
    PbxLost,
    PbxSynchronized,
    PbxTaken,
    PhoneBusy,
    PhoneFree,
    PhoneReachable,
    PhoneUnreachable,
    PlaybackEnded,
)
from cti.model import CallerId, CallId, Endpoint, HangupCause, LegId, PlaybackId, Speech
from cti.simulator.callers import CallerState, Script, Step
from cti.simulator.phones import Habit, Reaction
from cti.simulator.settings import PbxSettings, services
from tests.cti.world import NODE, Inbox

NUMBER = "5551000"
ANN = CallerId("+15550100", "Ann")
ALICE = Endpoint("PJSIP/alice")
MENU = Speech("For billing press one.", "en")
SETTINGS = PbxSettings(services=services(NUMBER), key_seconds=0.01)


class Site:
    """The embedded PBX, the links to it, and what they deliver."""

    def __init__(self, pbx: EmbeddedPbx) -> None:
        self.pbx = pbx
        self.inbox = Inbox()
        self.links = self.new_links(self.inbox)

    def new_links(self, inbox: Inbox) -> Pbx:
        settings = self.pbx.settings
        ari = AriAddress(self.pbx.ari_url, settings.user, settings.password)
        ami = AmiAddress("127.0.0.1", self.pbx.ami_port, settings.ami_user, settings.ami_password)
        return Pbx(NODE, ari, ami, inbox.deliver, SimulatedVoice(), Tally(), random=Random(1))

    async def arrival(self) -> LegId:
        return (await self.inbox.until(CallArrived)).leg

    async def phone_is_known(self) -> None:
        if not any(isinstance(event, PhoneReachable) for event in self.inbox.events):
            await self.inbox.until(PhoneReachable)

    def ring(self, caller: LegId) -> LegId:
        leg = self.inbox.new_leg()
        call = _call(caller)
        self.links.send(Ring(self.inbox.command_id(), leg, call, ALICE, ANN, 20.0))
        return leg

    async def talk(self) -> tuple[LegId, LegId]:
        self.pbx.dial(NUMBER, ANN)
        caller = await self.arrival()
        self.links.send(Answer(self.inbox.command_id(), caller))
        self.links.send(Remember(self.inbox.command_id(), caller, "talking"))
        leg = self.ring(caller)
        await self.inbox.until(LegRinging)
        self.pbx.answer("alice")
        await self.inbox.until(LegAnswered)
        self.links.send(Bridge(self.inbox.command_id(), caller, _call(caller), (leg,)))
        await self.inbox.until(LegsBridged)
        return caller, leg


def _call(leg: LegId) -> CallId:
    return CallId(leg)


@asynccontextmanager
async def site(settings: PbxSettings = SETTINGS) -> AsyncIterator[Site]:
    async with EmbeddedPbx(settings) as pbx:
        pbx.add_phone("alice")
        there = Site(pbx)
        task = asyncio.create_task(there.links.run())
        await there.inbox.until(PbxSynchronized)
        try:
            yield there
        finally:
            await there.links.close()
            await task


async def test_a_journey() -> None:
    async with site() as here:
        pbx, inbox, links = here.pbx, here.inbox, here.links
        caller = pbx.dial(NUMBER, ANN, Script((Step("1", prompt="billing", after=0.01),)))
        arrived = await inbox.until(CallArrived)
        assert (arrived.dialled, arrived.caller) == (NUMBER, ANN)
        links.send(Answer(inbox.command_id(), arrived.leg))
        links.send(Play(inbox.command_id(), arrived.leg, PlaybackId("p1"), (MENU,)))
        assert (await inbox.until(KeyPressed)).key == "1"
        assert not (await inbox.until(PlaybackEnded)).failed
        links.send(StartMusic(inbox.command_id(), arrived.leg))
        await pbx.until(lambda: pbx.hears(caller) == "music:default")
        leg = here.ring(arrived.leg)
        await inbox.until(LegRinging)
        links.send(PickUp(inbox.command_id(), leg, ALICE))
        assert (await inbox.until(LegAnswered)).leg == leg
        links.send(Bridge(inbox.command_id(), arrived.leg, arrived.call, (leg,)))
        assert set((await inbox.until(LegsBridged)).legs) == {arrived.leg, leg}
        assert (pbx.hears(caller), pbx.hears("alice")) == ("tone:alice", f"tone:{ANN.number}")
        links.send(HangUp(inbox.command_id(), leg))
        assert (await inbox.until(LegEnded)).leg == leg
        pbx.hang_up(caller)
        assert (await inbox.until(LegEnded)).leg == arrived.leg
        assert caller.hung_up_himself


async def test_how_a_phone_says_no() -> None:
    for habit, cause in (
        (Habit(Reaction.BUSY), HangupCause.BUSY),
        (Habit(Reaction.DECLINE, 0.01), HangupCause.REJECTED),
    ):
        async with site() as here:
            here.pbx.phone("alice").habit = habit
            here.pbx.dial(NUMBER, ANN)
            here.ring(await here.arrival())
            assert (await here.inbox.until(LegEnded)).cause is cause


async def test_phones_come_and_go() -> None:
    async with site() as here:
        await here.phone_is_known()
        here.pbx.unregister("alice")
        assert (await here.inbox.until(PhoneUnreachable)).endpoint == ALICE
        here.pbx.register("alice")
        assert (await here.inbox.until(PhoneReachable)).endpoint == ALICE


async def test_phones_in_use_are_seen_whosoever_call_it_is() -> None:
    async with site() as here:
        await here.phone_is_known()
        here.pbx.begin_own_call("alice")
        assert await here.inbox.until(PhoneBusy) == PhoneBusy(NODE, ALICE)
        here.pbx.end_own_call("alice")
        assert await here.inbox.until(PhoneFree) == PhoneFree(NODE, ALICE)
        await here.talk()
        assert PhoneBusy(NODE, ALICE) in here.inbox.events[here.inbox.events.index(PhoneFree(NODE, ALICE)) :]
        here.pbx.hang_up_phone("alice")
        await here.inbox.until(PhoneFree)


async def test_a_cut_socket_ends_no_call() -> None:
    async with site() as here:
        caller, leg = await here.talk()
        here.pbx.drop_event_sockets()
        await here.inbox.until(PbxLost)
        legs = {seen.leg: seen for seen in (await here.inbox.until(PbxSynchronized)).legs}
        assert set(legs) == {caller, leg}
        assert legs[caller].memory == "talking"
        assert legs[caller].bridged_with == (leg,)
        here.pbx.hang_up_phone("alice")
        assert (await here.inbox.until(LegEnded)).leg == leg


async def test_a_restart_of_the_pbx_ends_all() -> None:
    async with site() as here:
        await here.talk()
        await here.pbx.restart(down=0.05)
        await here.inbox.until(PbxLost)
        assert (await here.inbox.until(PbxSynchronized)).legs == ()


async def test_a_second_process_takes_over() -> None:
    async with site() as here:
        other = Inbox()
        links = here.new_links(other)
        task = asyncio.create_task(links.run())
        await other.until(PbxSynchronized)
        await here.inbox.until(PbxTaken)
        here.pbx.dial(NUMBER, ANN)
        await other.until(CallArrived)
        await links.close()
        await task


async def test_a_caller_is_given_back() -> None:
    async with site() as here:
        caller = here.pbx.dial(NUMBER, ANN)
        leg = await here.arrival()
        here.links.send(ReturnToDialplan(here.inbox.command_id(), leg))
        await here.pbx.until(lambda: here.pbx.hears(caller) == "sound:pls-hold-while-try")
        assert caller.state is CallerState.CONNECTED
