"""Recorded sessions of a real Asterisk, each beside what it must give. And the recording itself."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from cti.asterisk.ami_packets import Packet
from cti.asterisk.ari_objects import Snapshot
from cti.commands import Answer, Play
from cti.edge.trace import BadTrace, Recorder, read, replay
from cti.events import (
    AnyPbxEvent,
    CallArrived,
    CommandFailed,
    LegEnded,
    PbxLost,
    PbxSynchronized,
    PhoneBusy,
    PhoneFree,
    PhoneReachable,
)
from cti.model import CommandId, LegId, PlaybackId, Recording, Speech
from tests.cti.fake_ari import stasis_start
from tests.cti.record_traces import TRACES, events_of
from tests.cti.world import NODE

_NAMES = sorted(path.stem for path in TRACES.glob("*.jsonl"))
LEG = LegId("pbx1/1.1")


@pytest.mark.parametrize("name", _NAMES)
def test_a_recorded_session_means_what_it_meant(name: str) -> None:
    expected = json.loads((TRACES / f"{name}.events.json").read_text(encoding="utf-8"))
    assert events_of(TRACES / f"{name}.jsonl") == expected


def test_every_session_is_there_with_its_events() -> None:
    assert len(_NAMES) >= 12
    assert {path.name.removesuffix(".events.json") for path in TRACES.glob("*.events.json")} == set(_NAMES)


def ticking(seconds: list[float]) -> Callable[[], float]:
    def clock() -> float:
        seconds[0] += 0.5
        return seconds[0]

    return clock


def recorded(path: Path) -> None:
    command = Play(CommandId("c1"), LEG, PlaybackId("p1"), (Recording("beep"), Speech("你好", "zh")))
    with Recorder(path, NODE, "callwright", ticking([1000.0])) as recorder:
        recorder.reconciled(Snapshot())
        recorder.ari(json.dumps(stasis_start("1.1"), indent=1))
        recorder.ari("{ not json\n\ud800")
        recorder.asked(command)
        recorder.accepted(command)
        recorder.asked(Answer(CommandId("c2"), LEG))
        recorder.refused(Answer(CommandId("c2"), LEG), "409")
        recorder.ami(Packet((("Event", "DeviceStateChange"), ("Device", "PJSIP/alice"), ("State", "INUSE"))))
        recorder.ami(Packet((("Event", "Newchannel"),)))
        recorder.ami_lost()
        recorder.sweep()
        recorder.repaired(Snapshot())
        recorder.lost("gone")


KINDS: list[type[AnyPbxEvent]] = [
    PbxSynchronized,
    CallArrived,
    CommandFailed,
    PhoneReachable,
    PhoneBusy,
    PhoneFree,
    LegEnded,
    PbxLost,
]


def test_what_was_recorded_is_told_again_with_its_times(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    recorded(path)
    told = list(replay(path))
    assert [type(event) for _, event in told] == KINDS
    assert told[0][0] == 1000.5
    assert told[-1][0] == 1006.5
    assert len(path.read_bytes().splitlines()) == 14


def test_a_torn_last_line_costs_that_line_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    recorded(path)
    whole = path.read_bytes()
    for length in range(len(whole) - 40, len(whole) + 1):
        path.write_bytes(whole[:length])
        kinds = [type(event) for _, event in replay(path)]
        assert kinds in (KINDS, KINDS[:-1])


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "does not begin as a trace"),
        (b"hello\n", "does not begin as a trace"),
        (b'{"kind":"header","version":99,"node":"n","app":"a"}\n', "version 99"),
        (
            b'{"kind":"header","version":1,"node":"n","app":"a"}\nrubbish\n{"kind":"lost","at":1,"reason":""}\n',
            "line 2",
        ),
    ],
)
def test_what_is_no_trace_is_said_so(tmp_path: Path, content: bytes, complaint: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(content)
    with pytest.raises(BadTrace, match=complaint):
        read(path)


def test_nothing_is_written_after_the_end(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "a.jsonl", NODE, "callwright", ticking([0.0]))
    recorder.close()
    recorder.lost("too late")
    assert len((tmp_path / "a.jsonl").read_bytes().splitlines()) == 1
