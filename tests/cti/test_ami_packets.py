"""AMI's framing and its typed values: whole whatever way they come in pieces, and never a second action going out."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cti.asterisk.ami_messages import (
    ContactStatus,
    DeviceState,
    FullyBooted,
    PeerStatus,
    Response,
    Shutdown,
    ask_for_phones,
    decode_packet,
    login,
    ping,
)
from cti.asterisk.ami_packets import Banner, Packet, PacketReader, UnsafeHeader, serialize
from cti.asterisk.understanding import Irrelevant, NotUnderstood
from cti.events import PhoneBusy, PhoneFree, PhoneReachable, PhoneUnreachable
from cti.model import Endpoint
from cti.phones import Phones
from tests.cti.fake_ami import packet
from tests.cti.world import NODE

SESSION = (
    b"Asterisk Call Manager/11.0.0\r\n"
    + packet(Response="Success", ActionID="1", Message="Authentication accepted")
    + packet(Event="DeviceStateChange", Device="PJSIP/张伟", State="NOT_INUSE")
    + b"Event: FullyBooted\nStatus: Fully Booted\n\n"
    + b"Event: X\r\nValue: \r\nValue: a: b\r\n\r\n\n"
)


def read(*pieces: bytes) -> list[Packet | Banner | NotUnderstood]:
    reader = PacketReader()
    return [heard for piece in pieces for heard in reader.feed(piece)]


def test_a_session() -> None:
    banner, accepted, state, booted, last = read(SESSION)
    assert banner == Banner("11.0.0")
    assert accepted == Packet((("Response", "Success"), ("ActionID", "1"), ("Message", "Authentication accepted")))
    assert isinstance(state, Packet)
    assert state.get("device") == "PJSIP/张伟"
    assert booted == Packet((("Event", "FullyBooted"), ("Status", "Fully Booted")))
    assert last == Packet((("Event", "X"), ("Value", ""), ("Value", "a: b")))


@given(st.lists(st.integers(0, len(SESSION)), max_size=20).map(sorted))
def test_it_makes_no_difference_how_it_is_cut(cuts: list[int]) -> None:
    edges = [0, *cuts, len(SESSION)]
    pieces = [SESSION[a:b] for a, b in itertools.pairwise(edges)]
    assert read(*pieces) == read(SESSION)


@given(st.lists(st.binary(max_size=50)))
def test_no_bytes_raise_and_what_follows_is_read(pieces: list[bytes]) -> None:
    *_, last = read(*pieces, b"\r\n\r\n", packet(Event="FullyBooted"))
    assert last == Packet((("Event", "FullyBooted"),))


def test_neither_a_line_nor_a_packet_grows_without_end() -> None:
    assert [type(heard) for heard in read(b"x" * 70_000, b"x" * 70_000, b"\n", packet(Event="X"))].count(Packet) == 1
    endless = read(b"A: b\r\n" * 1_100)
    assert [heard.reason for heard in endless if isinstance(heard, NotUnderstood)] == ["packet without end"]


def test_an_action() -> None:
    assert serialize({"Action": "Ping", "ActionID": "1"}) == b"Action: Ping\r\nActionID: 1\r\n\r\n"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Channel", "x\r\nAction: Command"),
        ("Channel", "x\nAction: Command"),
        ("Channel", "x\r"),
        ("Channel", "x\0"),
        ("Channel", "x" * 1_024),
        ("Chan\r\nnel", "x"),
        ("Chan: nel", "x"),
        ("", "x"),
        ("Ünsafe", "x"),
    ],
)
def test_what_would_be_more_than_one_header_is_refused(name: str, value: str) -> None:
    with pytest.raises(UnsafeHeader):
        serialize({"Action": "PJSIPNotify", name: value})


def test_more_headers_than_asterisk_takes_are_refused() -> None:
    with pytest.raises(UnsafeHeader):
        serialize({f"H{number}": "" for number in range(129)})


@given(st.dictionaries(st.text(max_size=10), st.text(max_size=20), max_size=4))
def test_whatever_is_in_the_headers_one_action_goes_out(headers: dict[str, str]) -> None:
    try:
        sent = serialize({"Action": "Ping"} | headers)
    except UnsafeHeader:
        return
    assert len(read(sent)) == 1


@pytest.mark.parametrize(
    ("headers", "message"),
    [
        (
            {"Response": "Error", "ActionID": "7", "Message": "Permission denied"},
            Response("7", False, "Permission denied"),
        ),
        ({"Response": "Success"}, Response("", True, "")),
        ({"Event": "FullyBooted"}, FullyBooted()),
        ({"Event": "Shutdown", "Restart": "True"}, Shutdown(restart=True)),
        ({"Event": "Newchannel"}, Irrelevant("Newchannel")),
        ({"Event": "PeerStatus", "Peer": "PJSIP/a", "PeerStatus": "Reachable"}, PeerStatus("PJSIP/a", "Reachable")),
        ({"event": "DeviceStateChange", "DEVICE": "PJSIP/a", "State": "INUSE"}, DeviceState("PJSIP/a", "INUSE")),
        (
            {"Event": "ContactStatus", "EndpointName": "a", "ContactStatus": "Reachable", "RoundtripUsec": "2405"},
            ContactStatus("a", "", "Reachable", 0.002405),
        ),
        (
            {"Event": "ContactStatus", "EndpointName": "a", "ContactStatus": "Removed", "RoundtripUsec": "9" * 5_000},
            ContactStatus("a", "", "Removed", 0.0),
        ),
    ],
)
def test_packets_become_values(headers: dict[str, str], message: object) -> None:
    assert decode_packet(Packet(tuple(headers.items()))) == message


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({"Hello": "world"}, "neither event nor response"),
        ({"Event": "PeerStatus", "Peer": "PJSIP/a"}, "header missing"),
        ({"Event": "DeviceStateChange", "Devise": "PJSIP/a", "State": "INUSE"}, "header missing"),
    ],
)
def test_a_packet_without_what_we_need_is_not_understood(headers: dict[str, str], reason: str) -> None:
    decoded = decode_packet(Packet(tuple(headers.items())))
    assert isinstance(decoded, NotUnderstood)
    assert decoded.reason == reason


_names = st.sampled_from(
    ["Event", "Response", "Device", "State", "Peer", "PeerStatus", "EndpointName", "ContactStatus"]
)
_values = st.text(max_size=5) | st.sampled_from(["PeerStatus", "DeviceStateChange", "ContactStatus", "Shutdown"])


@given(st.lists(st.tuples(_names, _values)).map(tuple))
def test_no_packet_raises(headers: tuple[tuple[str, str], ...]) -> None:
    decode_packet(Packet(headers))


def test_our_actions_can_be_sent() -> None:
    for action in (login("callwright", "geheim"), ask_for_phones(), ping()):
        assert len(read(serialize(action))) == 1


def test_a_phone_is_reachable_or_not_and_only_news_are_told() -> None:
    phones, alice = Phones(NODE), Endpoint("PJSIP/alice")
    assert phones.receive(DeviceState(alice, "UNAVAILABLE")) == (PhoneUnreachable(NODE, alice),)
    assert phones.receive(PeerStatus(alice, "Unreachable")) == ()
    assert phones.receive(PeerStatus(alice, "Reachable")) == (PhoneReachable(NODE, alice),)
    for state in ("NOT_INUSE", "UNKNOWN", "NOT_INUSE"):
        assert phones.receive(DeviceState(alice, state)) == ()
    assert phones.receive(PeerStatus(alice, "Rejected")) == ()
    assert phones.receive(DeviceState("Queue:billing_pause_PJSIP/alice", "UNAVAILABLE")) == ()
    assert phones.receive(FullyBooted()) == ()


@pytest.mark.parametrize("state", ["RINGING", "INUSE", "BUSY", "ONHOLD", "RINGINUSE"])
def test_a_phone_in_use_is_told_once_until_it_is_free(state: str) -> None:
    phones, alice = Phones(NODE), Endpoint("PJSIP/alice")
    assert phones.receive(DeviceState(alice, state)) == (PhoneReachable(NODE, alice), PhoneBusy(NODE, alice))
    assert phones.receive(DeviceState(alice, "INUSE")) == ()
    assert phones.receive(DeviceState(alice, "NOT_INUSE")) == (PhoneFree(NODE, alice),)
    assert phones.receive(DeviceState(alice, "NOT_INUSE")) == ()


def test_a_phone_that_leaves_in_the_middle_of_a_call_is_not_believed_to_talk_for_ever() -> None:
    phones, alice = Phones(NODE), Endpoint("PJSIP/alice")
    phones.receive(DeviceState(alice, "INUSE"))
    gone = phones.receive(DeviceState(alice, "UNAVAILABLE"))
    assert gone == (PhoneUnreachable(NODE, alice), PhoneFree(NODE, alice))


def test_what_nobody_would_tell_the_end_of_is_over_when_the_connection_is_lost() -> None:
    phones, alice = Phones(NODE), Endpoint("PJSIP/alice")
    phones.receive(DeviceState(alice, "INUSE"))
    assert phones.no_longer_seen() == (PhoneFree(NODE, alice),)
    assert phones.no_longer_seen() == ()
    assert phones.receive(DeviceState(alice, "INUSE")) == (PhoneBusy(NODE, alice),)
