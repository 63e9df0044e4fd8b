"""Commands over ARI on a real socket: in order for each leg, never twice where that would matter, failures told."""

import asyncio
from collections.abc import AsyncIterator

import pytest_asyncio

from cti.asterisk.ari_requests import AriRequest
from cti.commands import Answer as AnswerCommand
from cti.commands import (
    AnyCommand,
    Bridge,
    HangUp,
    Play,
    Remember,
    ReturnToDialplan,
    Ring,
    StartMusic,
    StopMusic,
    StopPlayback,
)
from cti.edge.ari import AriLink
from cti.edge.ari_rest import DEADLINE
from cti.edge.counters import Tally
from cti.edge.errors import VoiceFailed
from cti.events import CallArrived, CommandFailed, LegAnswered, LegsBridged, PbxLost, PbxSynchronized
from cti.model import CallerId, CallId, CommandId, Endpoint, LegId, PlaybackId, Recording, Sound, Speech
from tests.cti.fake_ari import NOTHING, Answer, FakeAri, caller_channel, event, stasis_start
from tests.cti.world import Inbox, ari_link, running

LEG, OTHER, AGENT = LegId("pbx1/1.1"), LegId("pbx1/1.2"), LegId("pbx1/leg-1")
CALL = CallId("pbx1/1.1")
REFUSED = Answer(409, {"message": "Channel not in Stasis application"})
BROKEN = Answer(0)


class SlowVoice:
    """Takes its time for words, and cannot say some at all."""

    def __init__(self) -> None:
        self.ready = asyncio.Event()

    async def media(self, sound: Sound) -> str:
        match sound:
            case Speech(text=""):
                raise VoiceFailed("nothing to say")
            case Speech(language="tlh"):
                raise KeyError(sound.language)
            case Speech(text=text):
                await self.ready.wait()
                return f"sound:/prompts/{text}"
            case Recording(name=name):
                return f"sound:{name}"


class Bench:
    """A link that is connected to a fake ARI."""

    def __init__(self, ari: FakeAri, link: AriLink, inbox: Inbox, voice: SlowVoice, tally: Tally) -> None:
        self.ari = ari
        self.link = link
        self.inbox = inbox
        self.voice = voice
        self.tally = tally
        self.first = len(ari.orders())

    def send(self, *commands: AnyCommand) -> None:
        for command in commands:
            self.link.send(command)

    def orders(self) -> list[str]:
        """What the fake was told since the link connected."""
        return self.ari.orders()[self.first :]

    async def fails(self) -> CommandFailed:
        return await self.inbox.until(CommandFailed)


@pytest_asyncio.fixture
async def bench() -> AsyncIterator[Bench]:
    inbox, voice, tally = Inbox(), SlowVoice(), Tally()
    async with FakeAri() as ari:
        link = ari_link(ari.address, inbox, voice=voice, counters=tally)
        async with running(link.run):
            await inbox.until(PbxSynchronized)
            yield Bench(ari, link, inbox, voice, tally)


def command_id(number: int = 1) -> CommandId:
    return CommandId(f"c{number}")


def a_ring(endpoint: str = "PJSIP/alice") -> Ring:
    return Ring(command_id(), AGENT, CALL, Endpoint(endpoint), CallerId("+15550100", 'An "odd" <name>'), 20.0, "agent")


async def test_each_command_becomes_the_request_that_asterisk_documents(bench: Bench) -> None:
    playback = PlaybackId("pbx1/p-1")
    bench.send(
        AnswerCommand(command_id(), LEG),
        Play(command_id(), LEG, playback, (Recording("hello"), Recording("world"))),
        StopPlayback(command_id(), LEG, playback),
        StartMusic(command_id(), LEG, "callwright"),
        StopMusic(command_id(), LEG),
        Remember(command_id(), LEG, "waits"),
        HangUp(command_id(), LEG),
    )
    await bench.ari.was_asked("DELETE", "/channels/1.1")
    assert bench.orders() == [
        "POST /channels/1.1/answer",
        "POST /channels/1.1/play/pbx1%2Fp-1",
        "DELETE /playbacks/pbx1%2Fp-1",
        "POST /channels/1.1/moh",
        "DELETE /channels/1.1/moh",
        "POST /channels/1.1/variable",
        "DELETE /channels/1.1",
    ]
    assert bench.ari.all_asked("POST", "/channels/1.1/moh")[0].query == {"mohClass": "callwright"}
    assert bench.ari.all_asked("POST", "/channels/1.1/variable")[0].body == {"variable": "CALLWRIGHT", "value": "waits"}


async def test_a_phone_is_rung_with_all_it_needs(bench: Bench) -> None:
    bench.send(a_ring())
    asked = await bench.ari.was_asked("POST", "/channels/leg-1")
    assert asked.query == {}
    assert asked.body == {
        "endpoint": "PJSIP/alice",
        "app": "callwright",
        "appArgs": "leg",
        "callerId": '"An odd name" <+15550100>',
        "timeout": 20,
        "variables": {"CALLWRIGHT": "agent"},
    }


async def test_commands_of_one_leg_wait_for_each_other_and_those_of_another_do_not(bench: Bench) -> None:
    answered = asyncio.Event()
    bench.ari.will_answer("POST", "/channels/1.1/answer", Answer(204, when=answered))
    bench.send(AnswerCommand(command_id(1), LEG), StartMusic(command_id(2), LEG), AnswerCommand(command_id(3), OTHER))
    await bench.ari.was_asked("POST", "/channels/1.2/answer")
    await asyncio.sleep(0.05)
    assert not bench.ari.all_asked("POST", "/channels/1.1/moh")
    answered.set()
    await bench.ari.was_asked("POST", "/channels/1.1/moh")


async def test_a_bridge_waits_for_both_legs_and_holds_them_until_it_is_done(bench: Bench) -> None:
    rung, added = asyncio.Event(), asyncio.Event()
    bench.ari.will_answer("POST", "/channels/leg-1", Answer(200, {}, when=rung))
    bench.ari.will_answer("POST", "/bridges/callwright-1.1/addChannel", Answer(204, when=added))
    bench.send(a_ring(), Bridge(command_id(2), LEG, CALL, (AGENT,)), HangUp(command_id(3), AGENT))
    await bench.ari.was_asked("POST", "/channels/leg-1")
    await asyncio.sleep(0.05)
    assert bench.orders() == ["POST /channels/leg-1"]
    rung.set()
    asked = await bench.ari.was_asked("POST", "/bridges/callwright-1.1/addChannel")
    assert asked.query == {"channel": "1.1,leg-1"}
    await asyncio.sleep(0.05)
    assert not bench.ari.all_asked("DELETE", "/channels/leg-1")
    added.set()
    await bench.ari.was_asked("DELETE", "/channels/leg-1")
    assert bench.orders() == [
        "POST /channels/leg-1",
        "DELETE /channels/1.1/moh",
        "POST /bridges/callwright-1.1",
        "POST /bridges/callwright-1.1/addChannel",
        "DELETE /channels/leg-1",
    ]


async def test_a_bridge_that_is_there_already_is_used(bench: Bench) -> None:
    bench.ari.will_answer("POST", "/bridges/callwright-1.1", Answer(409, {"message": "Bridge already exists"}))
    bench.send(Bridge(command_id(), LEG, CALL, (AGENT,)))
    await bench.ari.was_asked("POST", "/bridges/callwright-1.1/addChannel")


async def test_a_bridge_is_destroyed_when_the_last_one_has_left_it_and_not_before(bench: Bench) -> None:
    bench.send(Bridge(command_id(), LEG, CALL, (AGENT,)))
    await bench.ari.was_asked("POST", "/bridges/callwright-1.1/addChannel")
    bridge = "callwright-1.1"
    for kind, channel, inside in (
        ("ChannelEnteredBridge", "1.1", ["1.1"]),
        ("ChannelEnteredBridge", "leg-1", ["1.1", "leg-1"]),
        ("ChannelLeftBridge", "leg-1", ["1.1"]),
    ):
        await bench.ari.say(event(kind, bridge={"id": bridge, "channels": inside}, channel={"id": channel}))
    assert await bench.inbox.until(LegsBridged) == LegsBridged(CALL, (LEG, AGENT))
    await asyncio.sleep(0.05)
    assert not bench.ari.all_asked("DELETE", f"/bridges/{bridge}")
    await bench.ari.say(event("ChannelLeftBridge", bridge={"id": bridge, "channels": []}, channel={"id": "1.1"}))
    await bench.ari.was_asked("DELETE", f"/bridges/{bridge}")


async def test_a_refusal_is_told_in_asterisks_own_words(bench: Bench) -> None:
    bench.ari.will_answer("POST", "/channels/1.1/answer", REFUSED)
    command = AnswerCommand(command_id(), LEG)
    bench.send(command)
    assert await bench.fails() == CommandFailed(command, "409 Channel not in Stasis application")


async def test_who_is_gone_already_cannot_be_hung_up_and_that_is_no_failure(bench: Bench) -> None:
    gone = Answer(404, {"message": "Channel not found"})
    bench.ari.will_answer("DELETE", "/channels/1.1", gone)
    bench.ari.will_answer("DELETE", "/playbacks/p1", gone)
    bench.ari.will_answer("POST", "/channels/1.1/answer", gone)
    bench.send(
        StopPlayback(command_id(1), LEG, PlaybackId("p1")),
        HangUp(command_id(2), LEG),
        AnswerCommand(command_id(3), LEG),
    )
    assert (await bench.fails()).command.id == "c3"
    assert bench.tally.total("ari_commands_failed") == 1


async def test_a_lost_answer_is_asked_for_again_where_that_does_no_harm(bench: Bench) -> None:
    bench.ari.will_answer("POST", "/channels/1.1/answer", BROKEN, NOTHING)
    bench.send(AnswerCommand(command_id(), LEG))
    await bench.ari.was_asked("POST", "/channels/1.1/answer", times=2)
    await asyncio.sleep(0.05)
    assert bench.tally.total("ari_commands_failed") == 0


async def test_a_prompt_is_never_played_twice_nor_a_caller_given_back_twice(bench: Bench) -> None:
    bench.ari.will_answer("POST", "/channels/1.1/play/p1", BROKEN)
    bench.ari.will_answer("POST", "/channels/1.1/continue", BROKEN)
    bench.send(Play(command_id(1), LEG, PlaybackId("p1"), (Recording("hello"),)), ReturnToDialplan(command_id(2), LEG))
    assert (await bench.fails()).command.id == "c1"
    assert (await bench.fails()).command.id == "c2"
    assert bench.orders() == ["POST /channels/1.1/play/p1", "POST /channels/1.1/continue"]


async def test_a_phone_that_rings_already_is_not_rung_again(bench: Bench) -> None:
    bench.ari.will_answer("POST", "/channels/leg-1", BROKEN)
    bench.ari.will_answer("GET", "/channels/leg-1", Answer(200, {"id": "leg-1"}))
    bench.send(a_ring(), HangUp(command_id(2), AGENT))
    await bench.ari.was_asked("DELETE", "/channels/leg-1")
    assert bench.orders() == ["POST /channels/leg-1", "DELETE /channels/leg-1"]
    assert bench.tally.total("ari_commands_failed") == 0


async def test_a_phone_that_may_or_may_not_ring_is_made_silent(bench: Bench) -> None:
    never = asyncio.Event()
    bench.ari.will_answer("POST", "/channels/leg-1", Answer(200, {}, when=never))
    bench.send(a_ring())
    async with asyncio.timeout(2 * DEADLINE + 1):
        failed = await bench.inbox.until(CommandFailed, timeout=2 * DEADLINE + 1)
        assert "no answer" in failed.reason
        await bench.ari.was_asked("DELETE", "/channels/leg-1")
    await bench.ari.say(
        event("StasisStart", args=["leg"], channel={"id": "leg-1", "state": "Up"})
    )  # it was answered after all: the brain, which has given it up, must know, to hang it up
    await bench.ari.say(stasis_start("1.9"))
    await bench.inbox.until(CallArrived)
    assert [type(each) for each in bench.inbox.events[-3:]] == [CommandFailed, LegAnswered, CallArrived]


async def test_the_voice_makes_only_its_own_leg_wait(bench: Bench) -> None:
    bench.send(
        Play(command_id(1), LEG, PlaybackId("p1"), (Recording("ding"), Speech("hello", "en"))),
        StartMusic(command_id(2), LEG),
        AnswerCommand(command_id(3), OTHER),
    )
    await bench.ari.was_asked("POST", "/channels/1.2/answer")
    assert bench.orders() == ["POST /channels/1.2/answer"]
    bench.voice.ready.set()
    await bench.ari.was_asked("POST", "/channels/1.1/moh")
    assert bench.ari.all_asked("POST", "/channels/1.1/play/p1")[0].body == {
        "media": ["sound:ding", "sound:/prompts/hello"]
    }


async def test_a_voice_that_fails_in_whatever_way_is_told(bench: Bench) -> None:
    bench.send(Play(command_id(1), LEG, PlaybackId("p1"), (Speech("", "en"),)))
    assert (await bench.fails()).reason == "nothing to say"
    bench.send(Play(command_id(2), LEG, PlaybackId("p2"), (Speech("nuqneH", "tlh"),)))
    assert "KeyError" in (await bench.fails()).reason
    bench.send(AnswerCommand(command_id(3), LEG))
    await bench.ari.was_asked("POST", "/channels/1.1/answer")


async def test_what_must_not_reach_the_pbx_does_not(bench: Bench) -> None:
    bench.send(
        a_ring("PJSIP/alice&PJSIP/trunk/+900"),
        Remember(command_id(2), LEG, "two\r\nlines"),
        StartMusic(command_id(3), LEG, "../etc"),
        HangUp(command_id(4), LegId("pbx1/1.1?x=1\r\nHost: evil")),
    )
    for _ in range(4):
        assert "characters" in (reason := (await bench.fails()).reason) or "line ends" in reason
    assert bench.orders() == []


async def test_while_not_connected_commands_fail_at_once() -> None:
    inbox = Inbox()
    async with FakeAri() as ari:
        link = ari_link(ari.address, inbox)
        link.send(AnswerCommand(command_id(), LEG))
        assert [type(each) for each in inbox.events] == [CommandFailed]
        assert ari.asked == []


async def test_a_command_from_before_an_interruption_is_not_carried_out_after_it(bench: Bench) -> None:
    answered = asyncio.Event()
    bench.ari.channels = [caller_channel("1.1")]
    bench.ari.will_answer("POST", "/channels/1.1/answer", Answer(204, when=answered))
    bench.send(AnswerCommand(command_id(1), LEG), StartMusic(command_id(2), LEG))
    await bench.ari.was_asked("POST", "/channels/1.1/answer")
    await bench.ari.cut()
    await bench.inbox.until(PbxLost)
    await bench.inbox.until(PbxSynchronized)
    answered.set()
    failed = await bench.fails()
    assert failed.command.id == "c2"
    assert "connection was lost" in failed.reason
    assert not bench.ari.all_asked("POST", "/channels/1.1/moh")


def test_a_request_knows_its_address() -> None:
    request = AriRequest("POST", "/channels/1.1/moh", {"mohClass": "a b&c"})
    assert request.target == "/channels/1.1/moh?mohClass=a+b%26c"
