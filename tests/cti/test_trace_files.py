"""Traces on disks that play tricks."""

import json
import stat
from pathlib import Path

from cti.edge.trace import HIDDEN_KEY, AriEntry, OddAriEntry, Recorder, read
from cti.model import NodeName


def test_a_full_disk_ends_the_recording_and_nothing_else() -> None:
    with Recorder(Path("/dev/full"), NodeName("pbx1"), "callwright", lambda: 0.0) as recorder:
        recorder.sweep()
        recorder.ari('{"type": "StasisStart"}')


def test_a_trace_is_for_its_owner_only(tmp_path: Path) -> None:
    with Recorder(tmp_path / "a.jsonl", NodeName("pbx1"), "callwright", lambda: 0.0):
        assert stat.S_IMODE((tmp_path / "a.jsonl").stat().st_mode) == 0o600


def test_keys_that_may_be_of_a_pin_are_not_written(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    hides = False
    with Recorder(path, NodeName("pbx1"), "callwright", lambda: 0.0, lambda: hides) as recorder:
        recorder.ari('{"type": "ChannelDtmfReceived", "digit": "4", "channel": {"id": "1.1"}}')
        hides = True
        recorder.ari('{"type": "ChannelDtmfReceived",\n "digit": "8", "channel": {"id": "1.1"}}')
        recorder.ari('{"type": "ChannelDtmfReceived", "digit": "8", torn')
        recorder.ari('{"type": "StasisEnd", "channel": {"id": "8.1"}}')
    _, (shown, hidden, torn, other) = read(path)
    assert isinstance(shown, AriEntry)
    assert isinstance(hidden, AriEntry)
    assert json.loads(bytes(shown.event))["digit"] == "4"
    assert json.loads(bytes(hidden.event)) == {
        "type": "ChannelDtmfReceived",
        "digit": HIDDEN_KEY,
        "channel": {"id": "1.1"},
    }
    assert torn == OddAriEntry(0.0, "")
    assert isinstance(other, AriEntry)
    assert b"8.1" in bytes(other.event)
