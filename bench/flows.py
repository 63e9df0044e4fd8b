"""Flows: what one step of a dialogue costs, and how many dialogues `callwright flow test` runs.

The demo's flows, with the dialogues that cover every way through them. The whole command is a process of its own, from
its start to its last line, with CPU time for a clock; all else is CPU time of the thread.
"""

import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import config
from bench.figures import Part, Say, clock_cost, figure, rate, settled_memory, times
from config.center_flows import CenterFlows, read_flows
from config.center_source import CenterSource
from config.flows.testing import dialogue_files, outcomes, read_scripts
from ivr.dialogue.interpreter import Dialogue
from ivr.flow.settings import FlowName
from ivr.rehearsal.reading import Script

CENTER = Path(config.__file__).parent / "demo" / "center.yaml"
DIALOGUES = 1000
RUNS = 5
CALLS = 2000
NOW = 1_800_000_000.0
CUSTOMER = {"id": "1001", "balance": "120.50", "currency": "EUR", "open_bills": "0"}


def run(scale: float, say: Say) -> Part:
    """The table."""
    centre = read_flows(CenterSource(CENTER))
    with TemporaryDirectory() as folder:
        files = _many(Path(folder))
        scripts = read_scripts(files, centre)
        say(f"{len(scripts)} dialogues in {len(files)} files")
        runs = times(scale, RUNS)
        whole = [len(scripts) / _command(folder) for _ in range(runs)]
        reading = [len(scripts) / _spent(lambda: read_scripts(files, centre)) for _ in range(runs)]
        with settled_memory():
            running = [len(scripts) / _spent(lambda: _run(scripts, centre)) for _ in range(runs)]
    say("steps")
    with settled_memory():
        steps = _steps(centre, times(scale, CALLS, 20))
    return Part(
        "Flows",
        (
            rate("`flow test`, the whole command with its start", whole, "dialogues/s", ">= 1,000"),
            rate("of it: reading files", reading, "dialogues/s"),
            rate("of it: running dialogues", running, "dialogues/s"),
            figure("one step of a dialogue", steps, "µs CPU"),
        ),
        ("A step is what the dialogue is told in a call for the balance: a key, the end of a prompt, an answer.",),
    )


def _many(folder: Path) -> list[Path]:
    """The demo's files of dialogues, as often as is needed for a thousand of them."""
    usual = dialogue_files(CENTER, ())
    count = len(read_scripts(usual, read_flows(CenterSource(CENTER))))
    files = []
    for number in range(-(-DIALOGUES // count)):
        for file in usual:
            files.append(folder / f"{number}-{file.name}")
            files[-1].write_bytes(file.read_bytes())
    return files


def _command(folder: str) -> float:
    """CPU seconds, user and system."""
    command = [sys.executable, "-m", "config", "flow", "test", folder, "--center", str(CENTER)]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, capture_output=True, cwd=CENTER.parents[2])
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _spent(what: Callable[[], object]) -> float:
    began = time.thread_time()
    what()
    return time.thread_time() - began


def _run(scripts: Sequence[Script], centre: CenterFlows) -> None:
    for outcome in outcomes(scripts, centre):
        assert outcome.mistake is None


def _steps(centre: CenterFlows, calls: int) -> list[float]:
    clock = clock_cost()
    spent: list[float] = []
    flow = centre.flows[FlowName("welcome")]
    for _ in range(calls):
        dialogue = Dialogue(flow, "en", {"caller": "+4930555010", "dialled": "1000"}, centre.flows)
        told: list[Callable[[], object]] = [
            partial(dialogue.start, NOW),
            *(partial(dialogue.key_pressed, key, NOW + 2) for key in "111001#2001"),
            partial(dialogue.answered, "verified", CUSTOMER, NOW + 3),
            partial(dialogue.prompt_ended, NOW + 6),
            partial(dialogue.prompt_ended, NOW + 9),
            partial(dialogue.key_pressed, "0", NOW + 10),
        ]
        for step in told:
            began = time.thread_time_ns()
            step()
            spent.append((time.thread_time_ns() - began) / 1000 - clock)
        assert dialogue.over
    return spent
