"""Traces on disks that play tricks."""

from pathlib import Path

from cti.edge.trace import Recorder
from cti.model import NodeName


def test_a_full_disk_ends_the_recording_and_nothing_else() -> None:
    with Recorder(Path("/dev/full"), NodeName("pbx1"), "callwright", lambda: 0.0) as recorder:
        recorder.sweep()
        recorder.ari('{"type": "StasisStart"}')
