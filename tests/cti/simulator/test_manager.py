"""AMI: framing, login, rights, lists, and the words of Asterisk."""

from hypothesis import given
from hypothesis import strategies as st

from cti.simulator.manager import ManagerSession, encode
from tests.cti.simulator.bench_pbx import Bench

Packets = list[dict[str, str]]


def parse(data: bytes) -> Packets:
    return [
        dict(line.split(": ", 1) for line in packet.split("\r\n") if line)
        for packet in data.decode().split("\r\n\r\n")
        if packet
    ]


class Client:
    def __init__(self, bench: Bench, privileges: frozenset[str] | None = None, *, log_in: bool = True) -> None:
        self.bench = bench
        self.session = ManagerSession(bench.pbx, privileges)
        if log_in:
            answer = self.act(Action="Login", Username="callwright", Secret="simulated", ActionID="1")
            assert answer[0] == {"Response": "Success", "ActionID": "1", "Message": "Authentication accepted"}
            assert answer[1]["Event"] == "FullyBooted"

    def act(self, **headers: str) -> Packets:
        return parse(self.session.receive(encode(headers), self.bench.now))

    def events(self) -> Packets:
        events = self.bench.pbx.take_manager_events()
        return parse(b"".join(self.session.event(event) for event in events))


def test_login() -> None:
    bench = Bench()
    client = Client(bench, log_in=False)
    denied = {"Response": "Error", "ActionID": "7", "Message": "Permission denied"}
    assert client.act(Action="Ping", ActionID="7") == [denied]
    wrong = client.act(Action="Login", Username="callwright", Secret="wrong")
    assert wrong == [{"Response": "Error", "Message": "Authentication failed"}]
    assert client.session.closed
    client = Client(bench)
    assert client.act(Action="Login", Username="x")[0]["Message"] == "Already authenticated"
    assert client.act(Action="Logoff")[0] == {"Response": "Goodbye", "Message": "Thanks for all the fish."}
    assert client.session.closed
    assert bench.pbx.world.managers == 0


def test_actions() -> None:
    bench = Bench()
    bench.pbx.add_phone("alice")
    bench.pbx.add_phone("bob", registered=False)
    client = Client(bench)
    assert client.act(Action="Ping")[0]["Ping"] == "Pong"
    assert client.act(action="CoreSettings")[0]["AsteriskVersion"] == "22.10.1"
    assert client.act(Action="corestatus")[0]["CoreCurrentCalls"] == "0"
    assert client.act(Action="Nonsense")[0]["Message"].startswith("Invalid/unknown command: Nonsense.")
    assert client.act(Foo="bar")[0]["Message"] == "Missing action in request"
    devices = client.act(Action="DeviceStateList", ActionID="9")
    assert devices[0]["EventList"] == "start"
    assert [(d["Device"], d["State"]) for d in devices[1:-1]] == [
        ("PJSIP/alice", "NOT_INUSE"),
        ("PJSIP/bob", "UNAVAILABLE"),
    ]
    complete = {"Event": "DeviceStateListComplete", "EventList": "Complete", "ListItems": "2"}
    assert devices[-1] == complete | {"ActionID": "9"}
    assert all(device["ActionID"] == "9" for device in devices)
    assert [c["Endpoint"] for c in client.act(Action="PJSIPShowContacts")[1:-1]] == ["alice"]
    bench.pbx.phone("alice").register(registered=False)
    assert client.act(Action="PJSIPShowContacts")[0]["Message"] == "No Contacts found"


def test_notify_makes_the_phone_answer() -> None:
    bench = Bench()
    client = Client(bench)
    bench.ring()
    sent = client.act(Action="PJSIPNotify", Endpoint="alice", Variable="Event=talk")
    assert sent[0]["Message"] == "NOTIFY sent"
    assert "StasisStart" in bench.kinds()
    bench.ring("bob", leg="leg-2")
    sent = client.act(Action="PJSIPNotify", Channel="leg-2", Variable="Event=talk")
    assert sent[0]["Message"] == "NOTIFY sent"
    assert "StasisStart" in bench.kinds()
    assert client.act(Action="PJSIPNotify", Channel="leg-3")[0]["Response"] == "Error"
    assert client.act(Action="PJSIPNotify", Endpoint="x")[0]["Message"] == "Unable to retrieve endpoint x"
    assert client.act(Action="PJSIPNotify")[0]["Response"] == "Error"


def test_rights() -> None:
    client = Client(Bench(), frozenset({"reporting", "call"}))
    denied = {"Response": "Error", "Message": "Permission denied"}
    assert client.act(Action="PJSIPNotify", Endpoint="alice") == [denied]
    assert client.act(Action="DeviceStateList")[0]["Response"] == "Success"
    client.bench.pbx.add_phone("alice").register(registered=False)
    assert [event["Event"] for event in client.events()] == ["DeviceStateChange"], "contacts are `system`"


def test_events_of_a_phone() -> None:
    bench = Bench()
    client = Client(bench)
    alice = bench.pbx.add_phone("alice", registered=False)
    alice.told = "UNAVAILABLE"
    alice.register(registered=True)
    alice.register(registered=True)
    events = client.events()
    assert [event["Event"] for event in events] == [
        "ContactStatus",
        "PeerStatus",
        "DeviceStateChange",
        "ContactStatus",
    ]
    assert events[0]["ContactStatus"] == "NonQualified"
    bench.do("POST", "/channels/leg-1", {"endpoint": "PJSIP/alice", "app": "callwright"})
    bench.wait(1)
    alice.answer()
    alice.hang_up()
    assert [event["State"] for event in client.events()] == ["BUSY", "NOT_INUSE"]
    client.act(Action="Events", EventMask="off")
    alice.register(registered=False)
    assert client.events() == []


def test_nothing_is_made_while_nobody_listens() -> None:
    bench = Bench()
    bench.pbx.add_phone("alice").register(registered=False)
    assert bench.pbx.take_manager_events() == []


@given(st.data())
def test_cuts_anywhere(data: st.DataObject) -> None:
    """However the bytes are cut, the answers are the same."""
    stream = (
        encode({"Action": "Login", "Username": "callwright", "Secret": "simulated"})
        + b"Action: Ping\nActionID: \xe5\xbc\xa0\n\n\r\n\n"
        + encode({"Action": "Nonsense"})
    )
    whole = ManagerSession(Bench().pbx).receive(stream, 1_800_000_000.0)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=8)))
    session = ManagerSession(Bench().pbx)
    parts = [stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    assert b"".join(session.receive(part, 1_800_000_000.0) for part in parts) == whole
    assert "ActionID: 张".encode() in whole


@given(st.binary(max_size=3000))
def test_garbage(noise: bytes) -> None:
    session = ManagerSession(Bench().pbx)
    session.receive(noise, 1_800_000_000.0)
    session.receive(b"\r\n\r\n" + b"x" * 2000, 1_800_000_000.0)
