"""The AMI link on a real socket. Most of these are what panoramisk 1.4 does wrong when nobody fences it in."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from structlog.testing import capture_logs

from cti.commands import PickUp
from cti.edge.ami import AmiAddress, AmiLink, AmiTiming
from cti.edge.ami_panoramisk import FencedManager
from cti.edge.counters import Tally
from cti.edge.errors import ConnectionBroken, NotAsterisk, NothingListens, PbxDown, PbxMisconfigured, WrongPassword
from cti.edge.inspection import inspect_ami
from cti.events import AnyPbxEvent, CommandFailed, PhoneBusy, PhoneFree, PhoneReachable, PhoneUnreachable
from cti.model import CommandId, Endpoint, LegId
from tests.cti.fake_ami import FakeAmi, packet, phone_state
from tests.cti.world import NODE, Inbox, ami_link, running

ALICE, BOB, CAROL = Endpoint("PJSIP/alice"), Endpoint("PJSIP/bob"), Endpoint("PJSIP/carol")
PICK_UP = PickUp(CommandId("c1"), LegId("pbx1/leg-1"), ALICE)


class Bench:
    """A link that is connected to a fake AMI and knows its phones."""

    def __init__(self, ami: FakeAmi, link: AmiLink, inbox: Inbox, tally: Tally) -> None:
        self.ami = ami
        self.link = link
        self.inbox = inbox
        self.tally = tally


@pytest_asyncio.fixture
async def bench() -> AsyncIterator[Bench]:
    inbox, tally = Inbox(), Tally()
    async with FakeAmi() as ami:
        link = ami_link(ami.address, inbox, counters=tally, timing=AmiTiming(ping=0.2, deadline=0.2))
        async with running(link.run):
            assert await inbox.until(PhoneReachable) == PhoneReachable(NODE, ALICE)
            assert await inbox.until(PhoneUnreachable) == PhoneUnreachable(NODE, BOB)
            yield Bench(ami, link, inbox, tally)


async def test_it_knows_the_phones_from_the_start_and_says_only_what_changes(bench: Bench) -> None:
    await bench.ami.was_told("DeviceStateList", times=2)
    await bench.ami.say(phone_state(ALICE, "RINGING"), phone_state(ALICE, "INUSE"), phone_state(BOB, "NOT_INUSE"))
    assert await bench.inbox.until(PhoneReachable) == PhoneReachable(NODE, BOB)
    await bench.ami.say(phone_state(ALICE, "NOT_INUSE"))
    unreachable = packet(Event="PeerStatus", ChannelType="PJSIP", Peer=ALICE, PeerStatus="Unreachable")
    await bench.ami.say(unreachable, phone_state(ALICE, "UNAVAILABLE"))
    await bench.inbox.until(PhoneUnreachable)
    assert bench.inbox.events[2:] == [
        PhoneBusy(NODE, ALICE),
        PhoneReachable(NODE, BOB),
        PhoneFree(NODE, ALICE),
        PhoneUnreachable(NODE, ALICE),
    ]


async def test_after_a_broken_connection_it_tells_what_changed_meanwhile(bench: Bench) -> None:
    bench.ami.phones = {ALICE: "UNAVAILABLE", BOB: "UNAVAILABLE", CAROL: "NOT_INUSE"}
    bench.ami.cut()
    assert await bench.inbox.until(PhoneReachable) == PhoneReachable(NODE, CAROL)
    assert bench.inbox.events[2:] == [PhoneUnreachable(NODE, ALICE), PhoneReachable(NODE, CAROL)]


async def test_a_phone_whose_last_event_was_lost_is_found_to_be_free() -> None:
    inbox = Inbox()
    async with FakeAmi() as ami, running(ami_link(ami.address, inbox, timing=AmiTiming(list_phones=0.1)).run):
        await inbox.until(PhoneReachable)
        await ami.say(phone_state(ALICE, "INUSE"))  # and is on the hook again by now
        assert await inbox.until(PhoneBusy) == PhoneBusy(NODE, ALICE)
        assert await inbox.until(PhoneFree) == PhoneFree(NODE, ALICE)


async def test_a_call_whose_end_nobody_would_tell_keeps_no_phone_busy(bench: Bench) -> None:
    bench.ami.phones = {ALICE: "INUSE", BOB: "UNAVAILABLE"}
    await bench.ami.say(phone_state(ALICE, "INUSE"))
    await bench.inbox.until(PhoneBusy)
    bench.ami.cut()
    assert await bench.inbox.until(PhoneFree) == PhoneFree(NODE, ALICE)
    assert await bench.inbox.until(PhoneBusy) == PhoneBusy(NODE, ALICE)


async def test_an_absence_is_told_once_in_the_log_and_its_end_too() -> None:
    tally = Tally()
    async with FakeAmi() as ami:
        address = ami.address
    with capture_logs() as logged:
        async with running(ami_link(address, Inbox(), counters=tally).run):
            while tally.total("ami_lost") < 3:  # noqa: ASYNC110 -- attempts are no events
                await asyncio.sleep(0.02)
            async with FakeAmi(address.port) as ami:
                await ami.was_told("DeviceStateList")
    words = [(entry["log_level"], entry["event"]) for entry in logged]
    assert words.count(("warning", "AMI not connected")) == 1
    assert words.count(("debug", "AMI still not connected")) >= 2
    (up,) = [entry for entry in logged if entry["event"] == "AMI connected"]
    assert up["log_level"] == "info"
    assert up["away"].endswith(" s")


async def test_what_comes_in_pieces_and_all_at_once_is_taken_in_all_the_same(bench: Bench) -> None:
    states = b"".join(phone_state(ALICE, state) for _ in range(500) for state in ("INUSE", "NOT_INUSE"))
    await bench.ami.say(states, phone_state(CAROL, "NOT_INUSE"))
    await bench.inbox.until(PhoneReachable)
    assert [type(event) for event in bench.inbox.events[2:-1]] == [PhoneBusy, PhoneFree] * 500


async def test_an_orderly_shutdown_is_survived_too(bench: Bench) -> None:
    await bench.ami.say(packet(Event="Shutdown", Shutdown="Cleanly", Restart="True"))
    bench.ami.cut()
    await bench.ami.was_told("Login", times=2)


async def test_a_phone_is_made_to_pick_up(bench: Bench) -> None:
    bench.link.send(PICK_UP)
    told = await bench.ami.was_told("PJSIPNotify")
    assert (told["Channel"], told["Variable"]) == ("leg-1", "Event=talk")
    await asyncio.sleep(0.05)
    assert not any(isinstance(event, CommandFailed) for event in bench.inbox.events)


async def test_a_line_end_in_a_value_does_not_become_an_action(bench: Bench) -> None:
    evil = PickUp(CommandId("c1"), LegId("pbx1/leg-1\r\n\r\nAction: Command\r\nCommand: core stop now"), ALICE)
    bench.link.send(evil)
    assert "line end" in (await bench.inbox.until(CommandFailed)).reason
    await bench.ami.was_told("Ping")
    assert {told["Action"] for told in bench.ami.actions} == {"Login", "DeviceStateList", "Ping"}


async def test_an_action_that_was_unanswered_when_the_link_broke_fails_and_is_never_sent_again(bench: Bench) -> None:
    bench.ami.unanswered = {"PJSIPNotify"}
    bench.link.send(PICK_UP)
    await bench.ami.was_told("PJSIPNotify")
    for times in (2, 3):
        bench.ami.cut()
        await bench.ami.was_told("Login", times)
    assert (await bench.inbox.until(CommandFailed)).command == PICK_UP
    await asyncio.sleep(0.05)
    assert len(bench.ami.all_told("PJSIPNotify")) == 1


async def test_a_refused_action_is_told(bench: Bench) -> None:
    bench.ami.unanswered = {"PJSIPNotify"}
    bench.link.send(PICK_UP)
    told = await bench.ami.was_told("PJSIPNotify")
    await bench.ami.say(packet(Response="Error", ActionID=told["ActionID"], Message="Permission denied"))
    assert await bench.inbox.until(CommandFailed) == CommandFailed(PICK_UP, "Permission denied")


async def test_before_it_is_connected_an_action_fails() -> None:
    inbox = Inbox()
    async with FakeAmi() as ami:
        ami_link(ami.address, inbox).send(PICK_UP)
        assert (await inbox.until(CommandFailed)).reason == "AMI is not connected"
        assert ami.actions == []


async def test_a_receiver_that_fails_costs_neither_the_link_nor_the_rest_of_the_packet() -> None:
    inbox, tally = Inbox(), Tally()

    def deliver(event: AnyPbxEvent) -> None:
        inbox.deliver(event)
        if event == PhoneReachable(NODE, ALICE):
            raise ZeroDivisionError

    async with FakeAmi() as ami, running(AmiLink(NODE, ami.address, deliver, tally).run):
        await inbox.until(PhoneUnreachable)
        assert inbox.events == [PhoneReachable(NODE, ALICE), PhoneUnreachable(NODE, BOB)]
        assert ami.connections == 1
    assert tally.total("pbx_events_not_taken") == 1


async def test_a_letter_that_tcp_cuts_in_two_stays_whole(bench: Bench) -> None:
    whole = phone_state("PJSIP/张伟", "NOT_INUSE")
    middle = whole.index("伟".encode()) + 1
    await bench.ami.say(whole[:middle], whole[middle:])
    assert await bench.inbox.until(PhoneReachable) == PhoneReachable(NODE, Endpoint("PJSIP/张伟"))


@pytest.mark.parametrize("end", [b"\r\n\n", b"\n\n", b"\n\r\n", b"\r\n\r\n\r\n"])
async def test_odd_ends_of_packets_are_ends_of_packets(bench: Bench, end: bytes) -> None:
    await bench.ami.say(phone_state(CAROL, "NOT_INUSE").removesuffix(b"\r\n\r\n") + end)
    assert await bench.inbox.until(PhoneReachable) == PhoneReachable(NODE, CAROL)


async def test_odd_packets_are_counted_and_cost_nothing(bench: Bench) -> None:
    await bench.ami.say(
        b"no colon at all\r\n\r\n",
        b"Event: DeviceStateChange\r\nDevice: PJSIP/x\r\n\r\n",
        b"Hello: world\r\n\r\n",
        b"x" * 70_000,
        b"x\r\n\r\n",
        phone_state(CAROL, "NOT_INUSE"),
    )
    assert await bench.inbox.until(PhoneReachable) == PhoneReachable(NODE, CAROL)
    reasons = {dict(labels)["reason"] for name, labels in bench.tally.counts if name == "ami_not_understood"}
    assert reasons == {"line without a colon", "header missing", "neither event nor response", "line without end"}


async def test_a_server_that_falls_silent_is_noticed(bench: Bench) -> None:
    bench.ami.mute = True
    await bench.ami.was_told("Ping", times=len(bench.ami.all_told("Ping")) + 1)
    bench.ami.mute = False
    await bench.ami.was_told("Login", times=2)


async def test_a_server_with_much_to_say_lives_though_its_answer_is_late(bench: Bench) -> None:
    bench.ami.unanswered = {"Ping"}
    for number in range(30):
        await bench.ami.say(phone_state(CAROL, "UNAVAILABLE" if number % 2 else "NOT_INUSE"))
    assert len(bench.ami.all_told("Ping")) > 1
    assert bench.ami.connections == 1


async def test_a_wrong_password_stops_it() -> None:
    async with FakeAmi() as ami:
        wrong = AmiAddress(ami.address.host, ami.address.port, ami.address.user, "wrong")
        with pytest.raises(WrongPassword, match=r"127\.0\.0\.1"):
            await asyncio.wait_for(ami_link(wrong, Inbox()).run(), 2.0)
        assert ami.connections == 1
        assert "wrong" not in repr(wrong)


async def test_a_password_that_cannot_be_one_stops_it() -> None:
    async with FakeAmi() as ami:
        wrong = AmiAddress(ami.address.host, ami.address.port, ami.address.user, "a\r\nAction: Command")
        with pytest.raises(PbxMisconfigured):
            await asyncio.wait_for(ami_link(wrong, Inbox()).run(), 2.0)
        assert ami.actions == []


async def test_a_login_that_is_refused_for_another_reason_is_tried_again() -> None:
    async with FakeAmi() as ami:
        ami.login_refusal = "Permission denied"  # too many sessions, or still starting
        busy = AmiAddress(ami.address.host, ami.address.port, ami.address.user, "wrong")
        async with running(ami_link(busy, Inbox()).run):
            await ami.was_told("Login", times=2)


async def test_once_it_is_stopped_it_connects_no_more() -> None:
    tally = Tally()
    async with FakeAmi() as ami:
        address = ami.address
    async with running(ami_link(address, Inbox(), counters=tally).run):
        await asyncio.sleep(0.3)
        assert tally.total("ami_lost") > 1
    async with FakeAmi() as another:
        await asyncio.sleep(0.3)
        assert another.connections == 0


async def test_what_is_no_ami_is_told_from_what_is_down() -> None:
    async with FakeAmi() as ami:
        assert (await inspect_ami(ami.address)).version == "11.0.0"
        ami.greeting = b"SSH-2.0-OpenSSH_9.2\r\n"
        with pytest.raises(NotAsterisk):
            await inspect_ami(ami.address)
    with pytest.raises(NothingListens):
        await inspect_ami(ami.address)


async def test_the_connection_breaks_in_the_middle_of_an_action() -> None:
    async with FakeAmi() as ami:
        manager = FencedManager(ami.address.host, ami.address.port, lambda _: None, lambda _: None)
        await manager.open()
        ami.mute = True
        waiting = asyncio.create_task(manager.act({"Action": "Originate"}))
        await ami.was_told("Originate")
        ami.cut()
        with pytest.raises(ConnectionBroken) as broken:
            await waiting
        assert isinstance(broken.value, PbxDown)
        manager.close()


async def test_the_last_header_may_be_empty() -> None:
    heard: list[str] = []
    async with FakeAmi() as ami:
        manager = FencedManager(
            ami.address.host,
            ami.address.port,
            lambda packet: heard.append(packet.get("Value", "missing")),
            lambda _: None,
        )
        await manager.open()
        await ami.say(b"Event: VarSet\r\nVariable: X\r\nValue: \r\n\r\n", b"Event: VarSet\r\nVariable: X\r\n\r\n")
        manager.close()
    assert heard == ["", "missing"]
