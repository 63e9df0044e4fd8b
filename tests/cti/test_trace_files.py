"""Traces on disks that play tricks."""

import stat
from pathlib import Path

from cti.edge.trace import Recorder
from cti.model import NodeName


def test_a_full_disk_ends_the_recording_and_nothing_else() -> None:
    with Recorder(Path("/dev/full"), NodeName("pbx1"), "callwright", lambda: 0.0) as recorder:
        recorder.sweep()
        recorder.ari('{"type": "StasisStart"}')


def test_a_trace_is_for_its_owner_only(tmp_path: Path) -> None:
    with Recorder(tmp_path / "a.jsonl", NodeName("pbx1"), "callwright", lambda: 0.0):
        assert stat.S_IMODE((tmp_path / "a.jsonl").stat().st_mode) == 0o600
