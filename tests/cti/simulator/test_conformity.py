"""The simulated PBX says what a real Asterisk 22 said, scenario by scenario: answers, events, their fields and order.

`recorded.json` is refreshed with `python -m tests.cti.simulator.record tests/cti/simulator/recorded.json`.
"""

import subprocess
import sys
from functools import cache
from pathlib import Path

import msgspec
import pytest

from tests.cti.simulator.comparison import Log
from tests.cti.simulator.scenarios import SCENARIOS
from tests.cti.simulator.simulated_run import run

RECORDED = Path(__file__).with_name("recorded.json")

SAMPLE = (
    "caller presses keys and hangs up",
    "a list of sounds",
    "sounds that cannot be played",
    "agent hangs up",
    "ringing is withdrawn",
    "away and back",
    "a variable between two prompts",
    "caller hangs up while the answer waits",
)
"""Tried on a real Asterisk each time; all of them take more than a minute."""


def logs(file: Path) -> dict[str, Log]:
    return msgspec.json.decode(file.read_bytes(), type=dict[str, Log])


@cache
def recorded() -> dict[str, Log]:
    return logs(RECORDED)


def told(log: Log) -> list[str]:
    """Events in one line each, for a readable difference."""
    return [msgspec.json.encode(event, order="sorted").decode() for event in log.events]


def same(simulated: Log, real: Log) -> None:
    assert list(simulated.answers) == list(real.answers)
    assert told(simulated) == told(real)


@pytest.mark.parametrize("name", SCENARIOS)
def test_simulated_as_recorded(name: str) -> None:
    same(run(SCENARIOS[name]), recorded()[name])


@pytest.mark.asterisk
@pytest.mark.phones
@pytest.mark.slow
def test_a_real_asterisk_still_does_so(tmp_path: Path) -> None:
    out = tmp_path / "recorded.json"
    subprocess.run([sys.executable, "-m", "tests.cti.simulator.record", out, *SAMPLE], check=True)
    for name, log in logs(out).items():
        same(run(SCENARIOS[name]), log)
