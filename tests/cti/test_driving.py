"""Who drives a PBX: the one who was replaced does nothing, and comes back only when nobody is left."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from cti.commands import Answer as AnswerCommand
from cti.commands import Bridge
from cti.edge.ari import AriLink, Timing
from cti.edge.ari_rest import AriAddress
from cti.edge.counters import Tally
from cti.edge.driving import SignTiming
from cti.edge.simulated_pbx import EmbeddedPbx
from cti.events import CallArrived, CommandFailed, PbxLost, PbxSynchronized, PbxTaken
from cti.model import CallerId, CallId, CommandId, LegId
from cti.simulator.settings import PbxSettings, services
from tests.cti.fake_ari import Answer, FakeAri, event
from tests.cti.world import NODE, Inbox, ari_link, running

SIGNS = SignTiming(every=0.05, look=0.03, silence=0.3)
QUICK = Timing(signs=SIGNS)
LEG = LegId("pbx1/1.1")


@asynccontextmanager
async def replaced(ari: FakeAri, inbox: Inbox) -> AsyncIterator[AriLink]:
    """A link that another process has just replaced."""
    link = ari_link(ari.address, inbox, timing=QUICK)
    async with running(link.run):
        await inbox.until(PbxSynchronized)
        await ari.say(event("ApplicationReplaced"))
        assert await inbox.until(PbxTaken) == PbxTaken(NODE)
        ari.sign = "somebody 1"
        yield link


async def test_who_drives_says_so_again_and_again() -> None:
    inbox = Inbox()
    async with FakeAri() as ari, running(ari_link(ari.address, inbox, timing=QUICK).run):
        asked = await ari.was_asked("POST", "/asterisk/variable", times=3)
        assert asked.body["variable"] == "CALLWRIGHT_DRIVER_callwright"
        signs = [sign.body["value"] for sign in ari.all_asked("POST", "/asterisk/variable")]
        assert len(set(signs)) == len(signs), "each is another, or it would not be a sign of life"
        assert len({sign.partition(" ")[0] for sign in signs}) == 1


async def test_who_was_replaced_does_nothing_more_while_the_other_lives() -> None:
    inbox = Inbox()
    async with FakeAri() as ari, replaced(ari, inbox) as link:
        done = len([asked for asked in ari.asked if asked.method != "GET"])
        link.send(AnswerCommand(CommandId("c1"), LEG))
        assert (await inbox.until(CommandFailed)).trouble
        for number in range(20):
            ari.sign = f"somebody {number}"
            await asyncio.sleep(0.03)
        assert len([asked for asked in ari.asked if asked.method != "GET"]) == done
        assert len(ari.sockets) == 1
        assert not link.connected


async def test_what_was_on_its_way_ends_where_it_is() -> None:
    inbox = Inbox()
    async with FakeAri() as ari:
        held = asyncio.Event()
        ari.will_answer("DELETE", "/channels/1.1/moh", Answer(204, when=held))
        link = ari_link(ari.address, inbox, timing=QUICK)
        async with running(link.run):
            await inbox.until(PbxSynchronized)
            link.send(Bridge(CommandId("c1"), LEG, CallId("pbx1/1.1"), (LegId("pbx1/leg-1"),)))
            await ari.was_asked("DELETE", "/channels/1.1/moh")
            await ari.say(event("ApplicationReplaced"))
            await inbox.until(PbxTaken)
            held.set()
            assert (await inbox.until(CommandFailed)).command.id == "c1"
            await asyncio.sleep(0.1)
        assert "POST /bridges/callwright-1.1" not in ari.orders()


async def test_a_driver_who_falls_silent_is_gone() -> None:
    inbox = Inbox()
    async with FakeAri() as ari, replaced(ari, inbox) as link:
        await inbox.until(PbxSynchronized)
        assert link.connected
        assert len(ari.sockets) == 2
    assert [type(each) for each in inbox.events] == [PbxSynchronized, PbxTaken, PbxSynchronized]


async def test_an_application_that_is_gone_has_no_driver() -> None:
    inbox = Inbox()
    async with FakeAri() as ari, replaced(ari, inbox):
        ari.application_lives = False
        while len(ari.sockets) == 1:
            ari.sign = f"{ari.sign}1"  # somebody drives something else with it
            await asyncio.sleep(0.02)
        ari.application_lives = True


async def test_who_leaves_no_signs_is_put_out_ever_more_rarely() -> None:
    """A tool that somebody tried: a call keeps the application listed, and nobody would take it back. But if it, too,
    comes back each time, it is not to be fought with."""
    inbox = Inbox()
    async with FakeAri() as ari, running(ari_link(ari.address, inbox, timing=QUICK).run):
        await inbox.until(PbxSynchronized)
        await ari.was_asked("POST", "/asterisk/variable")
        for times in (1, 2, 4):
            await ari.say(event("ApplicationReplaced"))
            await inbox.until(PbxTaken)
            begun = asyncio.get_running_loop().time()
            await inbox.until(PbxSynchronized, timeout=20)
            assert asyncio.get_running_loop().time() - begun >= times * SIGNS.silence


async def test_a_moment_of_silence_is_not_enough() -> None:
    inbox = Inbox()
    async with FakeAri() as ari, replaced(ari, inbox):
        for number in range(6):
            ari.sign = f"somebody {number}"
            await asyncio.sleep(0.2)
        assert len(ari.sockets) == 1


async def test_who_comes_back_from_an_interruption_looks_first_whether_another_has_begun() -> None:
    inbox = Inbox()
    async with FakeAri() as ari, running(ari_link(ari.address, inbox, timing=QUICK).run):
        await ari.was_asked("POST", "/asterisk/variable")
        ari.will_answer("POST", "/asterisk/variable", Answer(500, {"message": "no"}))
        await asyncio.sleep(0.1)
        ari.sign = "somebody 1"
        await ari.cut()
        await inbox.until(PbxLost)
        await inbox.until(PbxTaken)
        assert len(ari.sockets) == 1


async def test_after_the_end_of_asterisk_nobody_else_has_begun() -> None:
    inbox = Inbox()
    async with FakeAri() as ari, running(ari_link(ari.address, inbox, timing=QUICK).run):
        await ari.was_asked("POST", "/asterisk/variable")
        ari.sign = ""
        await ari.cut()
        await inbox.until(PbxLost)
        await inbox.until(PbxSynchronized)
    assert not any(isinstance(each, PbxTaken) for each in inbox.events)


async def test_who_has_never_driven_takes_no_old_sign_for_somebody_who_does() -> None:
    inbox = Inbox()
    async with FakeAri() as ari:
        ari.sign = "the process before us 7"
        ari.will_answer("POST", "/asterisk/variable", Answer(503, {"message": "not yet"}))
        async with running(ari_link(ari.address, inbox, timing=QUICK).run):
            await inbox.until(PbxSynchronized)
            await ari.cut()
            await inbox.until(PbxLost)
            await inbox.until(PbxSynchronized)
    assert not any(isinstance(each, PbxTaken) for each in inbox.events)


@pytest.mark.parametrize("alive", [False, True], ids=["no call lives", "a call keeps the application listed"])
async def test_two_processes_on_one_pbx_do_not_fight_for_it(alive: bool) -> None:
    older, newer, tally = Inbox(), Inbox(), Tally()
    async with EmbeddedPbx(PbxSettings(services=services("1000"))) as pbx:
        address = AriAddress(pbx.ari_url, pbx.settings.user, pbx.settings.password)
        link = ari_link(address, older, timing=QUICK, counters=tally)
        async with running(link.run):
            await older.until(PbxSynchronized)
            async with running(ari_link(address, newer, timing=QUICK, seed=2).run):
                await newer.until(PbxSynchronized)
                await older.until(PbxTaken)
                if alive:
                    pbx.dial("1000", CallerId("+15550100"))
                    await newer.until(CallArrived)
                pbx.drop_event_sockets()
                await newer.until(PbxLost)
                await newer.until(PbxSynchronized)
                await asyncio.sleep(1.0)
                assert not link.connected
                assert not any(isinstance(each, PbxTaken) for each in newer.events)
            legs = (await older.until(PbxSynchronized)).legs
            assert len(legs) == alive
    assert tally.total("ari_taken") == 1
