"""The links on a real Asterisk with real phones: what the fakes and the recorded sessions say is still so."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from cti.commands import Answer, Bridge, HangUp, PickUp, Play, Remember, ReturnToDialplan, StartMusic
from cti.edge.ari import Timing
from cti.edge.counters import Tally
from cti.edge.driving import SignTiming
from cti.edge.inspection import inspect_ami, inspect_ari
from cti.edge.pbx import Pbx
from cti.edge.trace import replay
from cti.events import (
    AnyPbxEvent,
    CallArrived,
    CommandFailed,
    LegAnswered,
    LegEnded,
    LegsBridged,
    LegSeen,
    PbxLost,
    PbxSynchronized,
    PbxTaken,
    PhoneReachable,
    PhoneUnreachable,
)
from cti.model import CallerId, Endpoint, HangupCause, LegId, PlaybackId, Recording
from tests.cti.record_traces import CALLER, TRACES, phone_comes_and_goes, play
from tests.cti.sessions import ALICE, MUSIC, SERVICE_NUMBER, SESSIONS, Stage
from tests.cti.world import (
    NODE,
    Inbox,
    RecordingsOnly,
    ami_of,
    ari_link,
    ari_of,
    password_of,
    running,
)
from tests.parts.asterisk import Asterisk
from tests.parts.sip import SipPhones
from tests.parts.sound import hears_tone, tone, write_wav

pytestmark = [pytest.mark.asterisk, pytest.mark.phones]


def shape(events: list[AnyPbxEvent]) -> list[tuple[str, str]]:
    """Events without what differs from one run to the next."""
    return [(type(event).__name__, str(event.cause) if isinstance(event, LegEnded) else "") for event in events]


def recorded_shape(name: str) -> list[tuple[str, str]]:
    events = json.loads((TRACES / f"{name}.events.json").read_text(encoding="utf-8"))
    return [
        (event["type"], str(HangupCause(event["cause"])) if event["type"] == "LegEnded" else "") for event in events
    ]


@pytest.mark.parametrize("session", SESSIONS, ids=lambda session: session.__name__)
async def test_this_asterisk_behaves_as_the_recorded_one(
    session: Callable[[Stage], Awaitable[None]], asterisk: Asterisk, sip_phones: SipPhones, tmp_path: Path
) -> None:
    path = tmp_path / "trace.jsonl"
    events = await play(session, asterisk, sip_phones, path)
    assert shape(events) == recorded_shape(session.__name__)
    assert [event for _, event in replay(path)] == events
    assert "callwright-" not in asterisk.console("bridge show all"), "no bridge may be left behind"


async def test_phones_that_come_and_go_are_seen(asterisk: Asterisk, sip_phones: SipPhones, tmp_path: Path) -> None:
    events = await phone_comes_and_goes(asterisk, sip_phones, tmp_path / "trace.jsonl")
    bob = [event for event in events if getattr(event, "endpoint", "") == "PJSIP/bob"]
    bob_at = Endpoint("PJSIP/bob")
    assert bob == [PhoneUnreachable(NODE, bob_at), PhoneReachable(NODE, bob_at), PhoneUnreachable(NODE, bob_at)]


async def test_a_new_process_finds_who_talks_and_they_go_on_talking(asterisk: Asterisk, sip_phones: SipPhones) -> None:
    alice = await sip_phones.phone("alice", password_of(asterisk, "alice"))
    caller = await sip_phones.caller(CALLER)
    first = Inbox()
    link = ari_link(ari_of(asterisk), first)
    async with running(link.run):
        await first.until(PbxSynchronized)
        stage = Stage(link, first, caller, alice)
        call, arrival = await stage.arrive()
        stage.answer(arrival.leg)
        link.send(StartMusic(first.command_id(), arrival.leg, MUSIC))  # nobody stops it: the bridge has to
        link.send(Remember(first.command_id(), arrival.leg, '{"name":"张伟","queue":"billing"}'))
        answered, leg = await stage.talk(arrival)
        call.say(tone(440, 8))
        answered.say(tone(660, 8))
        await hears_tone(call, 660)
        await hears_tone(answered, 440)
    second = Inbox()
    link = ari_link(ari_of(asterisk), second)
    async with running(link.run):
        legs = {seen.leg: seen for seen in (await second.until(PbxSynchronized)).legs}
        assert legs == {
            arrival.leg: LegSeen(arrival.leg, True, (leg,), '{"name":"张伟","queue":"billing"}', arrival),
            leg: LegSeen(leg, True, (arrival.leg,), "agent"),
        }
        await hears_tone(call, 660)
        await hears_tone(answered, 440)
        await call.hang_up()
        assert await second.until(LegEnded) == LegEnded(arrival.leg, HangupCause.NORMAL)
        link.send(HangUp(second.command_id(), leg))
        assert await second.until(LegEnded) == LegEnded(leg, HangupCause.NORMAL)
        await stage.settle()
    assert "callwright-" not in asterisk.console("bridge show all")


async def test_a_new_process_finds_a_phone_that_still_rings(asterisk: Asterisk, sip_phones: SipPhones) -> None:
    alice = await sip_phones.phone("alice", password_of(asterisk, "alice"))
    caller = await sip_phones.caller(CALLER)
    first = Inbox()
    link = ari_link(ari_of(asterisk), first)
    async with running(link.run):
        await first.until(PbxSynchronized)
        stage = Stage(link, first, caller, alice)
        _, arrival = await stage.arrive()
        ringing, leg = await stage.ring_alice(arrival)
    second = Inbox()
    link = ari_link(ari_of(asterisk), second)
    async with running(link.run):
        legs = (await second.until(PbxSynchronized)).legs
        assert set(legs) == {LegSeen(arrival.leg, False, arrival=arrival), LegSeen(leg, False, memory="agent")}
        await ringing.answer()
        assert await second.until(LegAnswered) == LegAnswered(leg)
        link.send(Bridge(second.command_id(), arrival.leg, arrival.call, (leg,)))
        await second.until(LegsBridged)
        for each in (arrival.leg, leg):
            link.send(HangUp(second.command_id(), each))
            await second.until(LegEnded)


async def test_the_newer_process_takes_over_and_the_older_one_when_that_is_gone(
    asterisk: Asterisk, sip_phones: SipPhones
) -> None:
    older, newer = Inbox(), Inbox()
    timing = Timing(signs=SignTiming(every=0.1, look=0.1, silence=0.5))
    link = ari_link(ari_of(asterisk), older, timing=timing)
    async with running(link.run):
        await older.until(PbxSynchronized)
        async with running(ari_link(ari_of(asterisk), newer, timing=timing, seed=2).run):
            await newer.until(PbxSynchronized)
            await older.until(PbxTaken)
            call = await (await sip_phones.caller(CALLER)).dial(SERVICE_NUMBER)
            leg = (await newer.until(CallArrived)).leg
            await asyncio.sleep(1.5)
        assert [type(event) for event in newer.events] == [PbxSynchronized, CallArrived]
        assert [type(event) for event in older.events] == [PbxSynchronized, PbxTaken]
        assert [seen.leg for seen in (await older.until(PbxSynchronized)).legs] == [leg]
        link.send(HangUp(older.command_id(), leg))
        await older.until(LegEnded)
        await call.ended()


async def test_a_dialplan_that_cannot_put_him_through_leaves_him_to_us(own_asterisk: Asterisk) -> None:
    own_asterisk.console("dialplan remove context callwright-transfer")
    inbox = Inbox()
    link = ari_link(ari_of(own_asterisk), inbox)
    async with running(link.run), SipPhones(own_asterisk.site.sip.port) as phones:
        await inbox.until(PbxSynchronized)
        call = await (await phones.caller(CALLER)).dial(SERVICE_NUMBER)
        leg = (await inbox.until(CallArrived)).leg
        link.send(Answer(inbox.command_id(), leg))
        link.send(ReturnToDialplan(inbox.command_id(), leg, "200"))
        failed = await inbox.until(CommandFailed)
        assert (type(failed.command), failed.trouble) == (ReturnToDialplan, False)
        low = write_wav(own_asterisk.sounds / "low.wav", tone(440, 2))
        link.send(Play(inbox.command_id(), leg, PlaybackId("pbx1/p1"), (Recording(str(low.with_suffix(""))),)))
        await hears_tone(call, 440)
        await call.hang_up()
        assert await inbox.until(LegEnded) == LegEnded(leg, HangupCause.NORMAL)


async def ami_connects(tally: Tally, times: int) -> None:
    """AMI has connected so often; that it has is no event."""
    async with asyncio.timeout(10):
        while tally.total("ami_connections") < times:  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def test_both_links_survive_the_end_of_asterisk(own_asterisk: Asterisk) -> None:
    inbox, tally = Inbox(), Tally()
    pbx = Pbx(NODE, ari_of(own_asterisk), ami_of(own_asterisk), inbox.deliver, RecordingsOnly(), tally)
    async with running(pbx.run), SipPhones(own_asterisk.site.sip.port) as phones:
        await inbox.until(PbxSynchronized)
        await (await phones.caller(CALLER)).dial(SERVICE_NUMBER)
        await inbox.until(CallArrived)
        await ami_connects(tally, 1)
        own_asterisk.kill()
        await inbox.until(PbxLost)
        own_asterisk.start()
        assert (await inbox.until(PbxSynchronized, timeout=20)).legs == ()
        await ami_connects(tally, 2)
    assert pbx.ami_trouble == ""
    assert tally.total("ari_connections") == tally.total("ami_connections") == 2


async def test_prompts_of_several_files_and_names_with_a_path_are_played(
    asterisk: Asterisk, sip_phones: SipPhones
) -> None:
    low, high = (
        write_wav(asterisk.sounds / "low.wav", tone(440, 1)),
        write_wav(asterisk.sounds / "high.wav", tone(660, 1)),
    )
    inbox = Inbox()
    link = ari_link(ari_of(asterisk), inbox)
    async with running(link.run):
        await inbox.until(PbxSynchronized)
        call = await (await sip_phones.caller(CALLER)).dial(SERVICE_NUMBER)
        leg = (await inbox.until(CallArrived)).leg
        sounds = tuple(Recording(str(path.with_suffix(""))) for path in (low, high))
        link.send(Play(inbox.command_id(), leg, PlaybackId("pbx1/p1"), sounds))
        await hears_tone(call, 440)
        await hears_tone(call, 660)
        link.send(HangUp(inbox.command_id(), leg))
        await inbox.until(LegEnded)


async def test_a_phone_without_the_right_to_be_told_refuses_to_pick_up(asterisk: Asterisk) -> None:
    inbox = Inbox()
    pbx = Pbx(NODE, ari_of(asterisk), ami_of(asterisk), inbox.deliver, RecordingsOnly(), Tally())
    async with running(pbx.run):
        await inbox.until(PbxSynchronized)
        while not pbx.sees_phones:  # noqa: ASYNC110 -- that AMI is back is no event
            await asyncio.sleep(0.02)
        command = PickUp(inbox.command_id(), LegId("pbx1/none"), ALICE)
        pbx.send(command)
        assert (await inbox.until(CommandFailed)).command == command


async def test_an_inspection_tells_what_is_there(asterisk: Asterisk, sip_phones: SipPhones) -> None:
    await sip_phones.phone("alice", password_of(asterisk, "alice"))
    facts = await inspect_ari(ari_of(asterisk))
    assert int(facts.version.partition(".")[0]) >= 20
    assert {"res_ari_channels.so", "app_stasis.so", "res_pjsip.so"} < facts.modules
    assert facts.clock_ahead is not None
    assert abs(facts.clock_ahead) < 2
    assert (facts.phones["PJSIP/alice"], facts.phones["PJSIP/web-bob"]) == (True, False)
    assert (await inspect_ami(ami_of(asterisk))).version


def test_every_caller_is_heard_of_with_his_number() -> None:
    for name in (session.__name__ for session in SESSIONS):
        arrivals = [event for _, event in replay(TRACES / f"{name}.jsonl") if isinstance(event, CallArrived)]
        assert {(one.caller, one.dialled) for one in arrivals} == {(CallerId(CALLER), SERVICE_NUMBER)}
        assert len(arrivals) == (2 if name == "caller_is_put_through_to_nobody" else 1), name
