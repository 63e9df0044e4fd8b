"""What listening to Asterisk costs: CPU time for one event of ARI, and of AMI, from its bytes to our own words.

ARI's frames are recorded ones of a real Asterisk (`tests/cti/traces`). AMI's go through the fenced panoramisk, as in
production; the large one, of a kind that we do not need, is there because a busy PBX sends many such.
"""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

from bench.figures import Figure, Part, Say, clock_cost, figure, settled_memory, times
from bench.sockets import compare_clients
from cti.asterisk.ami_messages import decode_packet
from cti.asterisk.ami_packets import Packet
from cti.asterisk.ari_events import decode_event
from cti.asterisk.understanding import Irrelevant, NotUnderstood
from cti.edge.ami_panoramisk import FencedManager
from cti.edge.trace import AcceptedEntry, AnyEntry, AriEntry, AskedEntry, Header, ReconciledEntry, RefusedEntry, read
from cti.model import NodeName
from cti.phones import Phones
from cti.tracker import Tracker

TRACES = Path(__file__).parents[1] / "tests" / "cti" / "traces"
EVENTS = 20_000

_GREETING = b"Asterisk Call Manager/11.0.0\r\n"
_LARGE = "".join(
    f"{line}\r\n"
    for line in (
        "Event: BridgeEnter",
        "Privilege: call,all",
        "BridgeUniqueid: 9a1c7a3c-3a0e-4c05-9f68-1f4bd9a0a3b7",
        "BridgeType: basic",
        "BridgeTechnology: simple_bridge",
        "BridgeCreator: <unknown>",
        "BridgeName: <unknown>",
        "BridgeNumChannels: 1",
        "BridgeVideoSourceMode: none",
        "Channel: PJSIP/callwright-trunk-00000002",
        "ChannelState: 6",
        "ChannelStateDesc: Up",
        "CallerIDNum: +15550100",
        "CallerIDName: Ann Example",
        "ConnectedLineNum: 5551000",
        "ConnectedLineName: <unknown>",
        "Language: en",
        "AccountCode: ",
        "Context: callwright-enter",
        "Exten: 5551000",
        "Priority: 5",
        "Uniqueid: 1795295477.2",
        "Linkedid: 1795295477.2",
        "SystemName: pbx1",
        "",
    )
).encode()
_SMALL = (
    b"Event: DeviceStateChange\r\nPrivilege: call,all\r\nDevice: PJSIP/alice\r\nState: NOT_INUSE\r\n\r\n",
    b"Event: DeviceStateChange\r\nPrivilege: call,all\r\nDevice: PJSIP/alice\r\nState: UNAVAILABLE\r\n\r\n",
)


def run(scale: float, say: Say) -> Part:
    """Both interfaces, and the two clients for ARI's socket."""
    overhead = clock_cost()
    count = times(scale, EVENTS, 200)
    with settled_memory():
        say("ARI events")
        figures = _ari(count, overhead)
        say("AMI events")
        figures += asyncio.run(_ami(count, overhead))
    say("aiohttp and websockets as clients")
    figures += compare_clients(_frames(), times(scale, 5_000, 200), times(scale, 500, 20))
    return Part("The wire: ARI and AMI", tuple(figures))


def _frames() -> list[str]:
    entries = (entry for _, trace in _traces() for entry in trace)
    return [bytes(entry.event).decode() for entry in entries if isinstance(entry, AriEntry)]


def _traces() -> list[tuple[Header, list[AnyEntry]]]:
    return [read(path) for path in sorted(TRACES.glob("*.jsonl"))]


def _ari(count: int, overhead: float) -> list[Figure]:
    decoding: list[float] = []
    tracking: list[float] = []
    traces = _traces()
    while len(decoding) < count:
        for header, entries in traces:
            for decoded, tracked in _one_session(header, entries):
                decoding.append(decoded - overhead)
                tracking.append(tracked - overhead)
    both = [decoded + tracked for decoded, tracked in zip(decoding, tracking, strict=True)]
    return [
        figure("ARI: decode one event", decoding, "us CPU"),
        figure("ARI: decode and track one event", both, "us CPU"),
    ]


def _one_session(header: Header, entries: list[AnyEntry]) -> Iterator[tuple[float, float]]:
    """Microseconds for each event: to decode it, and to find out what it means."""
    tracker = Tracker(header.node, header.app)
    for entry in entries:
        match entry:
            case AriEntry(event=raw):
                yield _one_event(tracker, bytes(raw).decode())
            case ReconciledEntry(snapshot=snapshot):
                tracker.reconcile(snapshot)
            case AskedEntry(command=command):
                tracker.asked(command)
            case AcceptedEntry(command=command):
                tracker.accepted(command)
            case RefusedEntry(command=command, reason=reason):
                tracker.refused(command, reason)
            case _:
                pass


def _one_event(tracker: Tracker, frame: str) -> tuple[float, float]:
    began = time.thread_time_ns()
    event = decode_event(frame)
    decoded = time.thread_time_ns()
    if not isinstance(event, Irrelevant | NotUnderstood):
        tracker.receive(event)
    done = time.thread_time_ns()
    return (decoded - began) / 1000, (done - decoded) / 1000


async def _ami(count: int, overhead: float) -> list[Figure]:
    phones = Phones(NodeName("pbx1"))

    def hear(packet: Packet) -> None:
        message = decode_packet(packet)
        if not isinstance(message, Irrelevant | NotUnderstood):
            phones.receive(message)

    def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(_GREETING)
        writers.append(writer)

    writers: list[asyncio.StreamWriter] = []
    server = await asyncio.start_server(greet, "127.0.0.1", 0)
    async with server:
        manager = FencedManager("127.0.0.1", server.sockets[0].getsockname()[1], hear, lambda _: None)
        await manager.open()
        large, small = [], []
        for number in range(count):
            large.append(_one_packet(manager, _LARGE) - overhead)
            small.append(_one_packet(manager, _SMALL[number % 2]) - overhead)
        manager.protocol.close()
        for writer in writers:
            writer.close()
    return [
        figure("AMI: an event of 24 headers that we do not need", large, "us CPU"),
        figure("AMI: a phone's new state, of 4 headers", small, "us CPU"),
    ]


def _one_packet(manager: FencedManager, packet: bytes) -> float:
    began = time.thread_time_ns()
    manager.protocol.data_received(packet)
    return (time.thread_time_ns() - began) / 1000
