"""The ARI link on a real socket: in step after each interruption, events kept back meanwhile, the older process
fenced off."""

import asyncio
from typing import Any

import pytest
from structlog.testing import capture_logs

from cti.edge.ari import AriLink, Timing
from cti.edge.ari_rest import AriAddress
from cti.edge.counters import Tally
from cti.edge.errors import NotAsterisk, PbxMisconfigured, TooOld, WrongPassword
from cti.events import (
    AnyPbxEvent,
    CallArrived,
    KeyPressed,
    LegEnded,
    LegSeen,
    PbxLost,
    PbxSynchronized,
)
from cti.model import CallerId, CallId, HangupCause, LegId
from tests.cti.fake_ari import Answer, FakeAri, caller_channel, event, phone_channel, stasis_start
from tests.cti.hole import Hole
from tests.cti.world import NODE, Inbox, RecordingsOnly, ari_link, running

ARRIVAL = CallArrived(CallId("pbx1/1.1"), LegId("pbx1/1.1"), CallerId("+15550100"), "5551000")


async def test_it_says_who_it_is_in_a_header_and_never_in_the_address() -> None:
    inbox = Inbox()
    async with FakeAri() as ari, running(ari_link(ari.address, inbox).run):
        assert await inbox.until(PbxSynchronized) == PbxSynchronized(NODE, ())
        assert all(headers["Authorization"].startswith("Basic ") for headers in ari.headers)
        assert not any("word" in str(asked) or "api_key" in str(asked) for asked in ari.asked)
        asked = await ari.was_asked("GET", "/events")
        assert asked.query["app"] == "callwright"


async def test_only_events_that_we_understand_are_sent_for() -> None:
    inbox = Inbox()
    async with FakeAri() as ari, running(ari_link(ari.address, inbox).run):
        await inbox.until(PbxSynchronized)
        asked = await ari.was_asked("PUT", "/applications/callwright/eventFilter")
        kinds = {allowed["type"] for allowed in asked.body["allowed"]}
        assert {"StasisStart", "ApplicationReplaced"} < kinds
        assert "ChannelVarset" not in kinds


async def test_events_that_come_during_the_snapshot_are_told_after_it() -> None:
    inbox = Inbox()
    async with FakeAri() as ari:
        seen = asyncio.Event()
        ari.will_answer("GET", "/channels", Answer(body=[caller_channel("1.0")], when=seen))
        ari.subscribed = ["1.0"]
        async with running(ari_link(ari.address, inbox).run):
            await ari.was_asked("GET", "/channels")
            await ari.say(stasis_start("1.0"))  # the snapshot has him already
            await ari.say(stasis_start("1.1"))
            await ari.say(event("ChannelDtmfReceived", digit="1", channel={"id": "1.0"}))
            await asyncio.sleep(0.05)
            assert inbox.events == []
            seen.set()
            await inbox.until(KeyPressed)
    synchronized, *rest = inbox.events
    assert isinstance(synchronized, PbxSynchronized)
    assert [leg.leg for leg in synchronized.legs] == ["pbx1/1.0"]
    assert rest == [ARRIVAL, KeyPressed(LegId("pbx1/1.0"), "1")]


async def test_after_an_interruption_it_tells_who_lives() -> None:
    inbox = Inbox()
    async with FakeAri() as ari, running(ari_link(ari.address, inbox).run):
        await inbox.until(PbxSynchronized)
        await ari.say(stasis_start("1.1"))
        await inbox.until(CallArrived)
        ari.channels = [
            caller_channel("1.2", memory='{"queue":"billing"}'),
            phone_channel("leg-1", answered=True),
            phone_channel("leg-2", answered=False, memory="-"),
            {"id": "9.9", "state": "Up", "dialplan": {"app_name": "Queue", "app_data": "callwright-fallback"}},
        ]
        ari.bridges = [{"id": "callwright-1.2", "channels": ["1.2", "leg-1"]}]
        await ari.cut()
        assert isinstance(await inbox.until(PbxLost), PbxLost)
        synchronized = await inbox.until(PbxSynchronized)
    caller, agent = LegId("pbx1/1.2"), LegId("pbx1/leg-1")
    arrival = CallArrived(CallId(caller), caller, CallerId("+15550100"), "5551000")
    assert synchronized.legs == (
        LegSeen(caller, answered=True, bridged_with=(agent,), memory='{"queue":"billing"}', arrival=arrival),
        LegSeen(agent, answered=True, bridged_with=(caller,), memory="agent"),
        LegSeen(LegId("pbx1/leg-2"), answered=False),
    )


async def test_channels_that_it_would_not_hear_of_are_subscribed_to_before_the_snapshot_counts() -> None:
    inbox = Inbox()
    async with FakeAri() as ari:
        ari.channels = [caller_channel("1.0"), phone_channel("leg-1", answered=False)]
        ari.subscribed = ["1.0"]
        async with running(ari_link(ari.address, inbox).run):
            await inbox.until(PbxSynchronized)
        asked = await ari.was_asked("POST", "/applications/callwright/subscription")
        assert asked.body == {"eventSource": ["channel:leg-1"]}
        assert len(ari.all_asked("GET", "/channels")) == 2


async def test_a_silent_pbx_is_lost_once_and_found_again() -> None:
    inbox = Inbox()
    async with FakeAri() as ari, Hole(ari.port) as hole:
        address = AriAddress(f"http://127.0.0.1:{hole.port}/ari", ari.address.user, ari.address.password)
        async with running(ari_link(address, inbox, timing=Timing(heartbeat=0.2)).run):
            await inbox.until(PbxSynchronized)
            hole.swallow = True
            lost = await inbox.until(PbxLost, timeout=1.0)
            assert "no sign of life" in lost.reason
            await asyncio.sleep(0.3)
            hole.swallow = False
            await inbox.until(PbxSynchronized)
    assert [type(each) for each in inbox.events] == [PbxSynchronized, PbxLost, PbxSynchronized]


async def test_nobody_there_is_told_once_and_tried_again() -> None:
    inbox = Inbox()
    tally = Tally()
    async with FakeAri() as ari:
        address = ari.address
    async with running(ari_link(address, inbox, counters=tally).run):
        lost = await inbox.until(PbxLost)
        assert "nothing listens" in lost.reason
        await asyncio.sleep(0.5)
        assert inbox.events == [lost]
        assert tally.total("ari_lost") > 1


async def test_an_absence_is_told_once_in_the_log_and_its_end_too() -> None:
    inbox, tally = Inbox(), Tally()
    async with FakeAri() as ari:
        address = ari.address
    with capture_logs() as logged:
        async with running(ari_link(address, inbox, counters=tally).run):
            while tally.total("ari_lost") < 3:  # noqa: ASYNC110 -- attempts are no events
                await asyncio.sleep(0.02)
            async with FakeAri(ari.port):
                await inbox.until(PbxSynchronized)
    words = [(entry["log_level"], entry["event"]) for entry in logged]
    assert words.count(("warning", "ARI not connected")) == 1
    assert words.count(("debug", "ARI still not connected")) >= 2
    (up,) = [entry for entry in logged if entry["event"] == "ARI connected"]
    assert (up["log_level"], up["version"]) == ("info", "22.10.1")
    assert up["away"].endswith(" s")


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Answer(401, {"message": "Authentication required"}), WrongPassword),
        (Answer(200, "<html>Welcome</html>"), NotAsterisk),
        (Answer(200, {"hello": "world"}), NotAsterisk),
        (Answer(404, "<html>Not found</html>", server="nginx"), NotAsterisk),
        (Answer(200, {"system": {"version": "18.9-cert3"}}), TooOld),
    ],
)
async def test_what_somebody_has_to_change_stops_it(answer: Answer, error: type[PbxMisconfigured]) -> None:
    inbox = Inbox()
    async with FakeAri() as ari:
        ari.will_answer("GET", "/asterisk/info", answer)
        with pytest.raises(error, match=r"127\.0\.0\.1"):
            await asyncio.wait_for(ari_link(ari.address, inbox).run(), 2.0)
    assert [type(each) for each in inbox.events] == [PbxLost]


async def test_an_asterisk_that_still_loads_its_modules_is_waited_for() -> None:
    inbox = Inbox()
    async with FakeAri() as ari:
        missing = Answer(404, "<html>Not found</html>")
        ari.will_answer("GET", "/asterisk/info", missing, missing, Answer(200, {"system": {"version": "20.1.0"}}))
        async with running(ari_link(ari.address, inbox).run):
            await inbox.until(PbxSynchronized)
    lost = inbox.events[0]
    assert isinstance(lost, PbxLost)
    assert "not loaded" in lost.reason


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        ("{", "not JSON"),
        ("[1]", "not an event"),
        ('{"type":"NewInAsterisk29"}', "unknown type of event"),
        ('{"type":"StasisStart"}', "field missing or of a wrong kind"),
        (b"\xff\xfe", "not text"),
    ],
)
async def test_what_it_does_not_understand_is_counted_and_costs_nothing(frame: str | bytes, reason: str) -> None:
    inbox, tally = Inbox(), Tally()
    async with FakeAri() as ari, running(ari_link(ari.address, inbox, counters=tally).run):
        await inbox.until(PbxSynchronized)
        await ari.say_raw(frame)
        await ari.say(event("ChannelVarset", variable="X", value=""))
        await ari.say(stasis_start("1.1"))
        await inbox.until(CallArrived)
    assert tally.counts["ari_not_understood", (("reason", reason),)] == tally.total("ari_not_understood") == 1


async def test_a_receiver_that_fails_does_not_cost_the_link() -> None:
    inbox, tally = Inbox(), Tally()

    def deliver(said: AnyPbxEvent) -> None:
        inbox.deliver(said)
        if isinstance(said, CallArrived):
            raise ZeroDivisionError

    async with FakeAri() as ari:
        link = AriLink(NODE, ari.address, deliver, RecordingsOnly(), tally)
        async with running(link.run):
            await inbox.until(PbxSynchronized)
            await ari.say(stasis_start("1.1"))
            await ari.say(event("ChannelDtmfReceived", digit="5", channel={"id": "1.1"}))
            await inbox.until(KeyPressed)
    assert tally.total("pbx_events_not_taken") == 1


async def test_a_sweep_mends_what_was_lost_and_counts_it() -> None:
    inbox, tally = Inbox(), Tally()
    async with FakeAri() as ari:
        link = ari_link(ari.address, inbox, counters=tally)
        async with running(link.run):
            await inbox.until(PbxSynchronized)
            await ari.say(stasis_start("1.0"))
            await inbox.until(CallArrived)
            ari.channels = [caller_channel("1.1", state="Ring")]
            ari.bridges = [{"id": "callwright-0.9", "channels": []}, {"id": "somebody-else", "channels": []}]
            await link.sweep()
            assert inbox.events[-2:] == [LegEnded(LegId("pbx1/1.0"), HangupCause.LOST), ARRIVAL]
            await ari.was_asked("DELETE", "/bridges/callwright-0.9")
            assert not ari.all_asked("DELETE", "/bridges/somebody-else")
            told = len(inbox.events)
            await link.sweep()
            assert len(inbox.events) == told
    assert tally.total("ari_repairs") == 2


async def test_sweeps_go_on_by_themselves_also_after_one_that_failed() -> None:
    inbox, tally = Inbox(), Tally()
    async with FakeAri() as ari:
        broken, found = Answer(500, {"message": ""}), Answer(body=[caller_channel("1.1")])
        ari.will_answer("GET", "/channels", Answer(body=[]), broken, found)
        ari.subscribed = ["1.1"]
        async with running(ari_link(ari.address, inbox, counters=tally, timing=Timing(sweep=0.1)).run):
            assert await inbox.until(CallArrived) == ARRIVAL
    assert [type(each) for each in inbox.events] == [PbxSynchronized, CallArrived]
    assert tally.total("ari_sweeps_failed") == 1


async def test_what_happens_during_a_sweep_is_newer_than_its_snapshot() -> None:
    inbox, tally = Inbox(), Tally()
    async with FakeAri() as ari:
        link = ari_link(ari.address, inbox, counters=tally)
        async with running(link.run):
            await inbox.until(PbxSynchronized)
            seen = asyncio.Event()
            before: list[dict[str, Any]] = []
            ari.will_answer("GET", "/channels", Answer(body=before, when=seen))
            sweep = asyncio.create_task(link.sweep())
            await ari.was_asked("GET", "/channels", times=2)
            await ari.say(stasis_start("1.1"))
            await inbox.until(CallArrived)
            seen.set()
            await sweep
    assert inbox.events[1:] == [ARRIVAL]
    assert tally.total("ari_repairs") == 0
