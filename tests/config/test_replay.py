"""`callwright replay DAY`: a simulated day that was stored, under the same rules and under others."""

import asyncio
import re
from pathlib import Path

import pytest

from acd.edge.database import Database
from acd.edge.history import History
from acd.edge.spool import Spool
from acd.events import CenterEvent
from acd.simulation.world import World
from config.center_file import load_center
from config.simulation.drawing import callers_of
from config.simulation.patience import Survival
from config.simulation.scenario_file import read_scenario
from tests.config.commands import run, settings
from tests.config.test_simulate import DEMO, center

DAY = "2027-03-01"
MORNING = """
hours: "09:00-11:00"
calls:
  bills: {arrivals: 27, queue: billing, patience: {is: exponential, mean: 100}}
  wares: {arrivals: 25, queue: products, patience: {is: exponential, mean: 100}}
shifts:
  early: {agents: [anna, ben, chen, dora], breaks: {lunch: "10:00-10:20"}}
  late: {agents: [emil, fang, greta, hugo], hours: "09:00-10:50", breaks: {break: "10:30-10:35"}}
answer_after: {is: lognormal, mean: 4, cv: 0.5}
missed: 0.02
"""


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Settings of a centre whose database has that day."""
    folder = tmp_path_factory.mktemp("replay")
    (folder / "data").mkdir()
    (folder / "morning.yaml").write_text(MORNING, encoding="utf-8")
    plan = load_center(DEMO)
    scenario = read_scenario(folder / "morning.yaml", [plan])
    said: list[CenterEvent] = []
    World(
        plan,
        callers_of(scenario, seed=1, run=0),
        scenario.shifts_in(plan),
        scenario.habits,
        lambda output: said.append(output) if isinstance(output, CenterEvent) else None,
    ).run()
    asyncio.run(_kept(said, folder))
    return settings(folder, center=DEMO)


async def _kept(said: list[CenterEvent], folder: Path) -> None:
    database = Database(f"sqlite:///{folder}/data/callwright.db")
    history = History(database, Spool(folder / "data" / "spool"))
    await history.start()
    for event in said:
        history.told(event)
    assert await history.flush(60.0)
    await history.stop()
    await database.close()


def counts(output: str) -> dict[str, int]:
    """How many callers, and how many of them had something else."""
    (all_, changed) = re.findall(r"For ([\d,]+) of ([\d,]+) callers", output)[0][::-1]
    kinds = re.findall(r"^ +(\d+)  another (\w+)", output, re.MULTILINE)
    return {"all": int(all_), "changed": int(changed)} | {kind: int(count) for count, kind in kinds}


def test_under_the_same_rules_the_day_is_nearly_the_same(file: str) -> None:
    result = run("replay", DAY, "--with", str(DEMO), "--config", file)
    assert result.exit_code == 0, result.output
    found = counts(result.output)
    assert found["all"] > 150
    assert found["changed"] <= 2, result.output
    answered = next(line.split()[-2:] for line in result.output.splitlines() if "answered" in line)
    assert abs(float(answered[0]) - float(answered[1])) <= 0.02 * found["all"]


def test_under_other_rules_calls_go_elsewhere(file: str, tmp_path: Path) -> None:
    other = center(tmp_path, "skills: {billing: 6, products: 7", "skills: {billing: 2, products: 7")
    result = run("replay", DAY, "--with", other, "--config", file, "--show", "3")
    assert result.exit_code == 0, result.output
    found = counts(result.output)
    assert found["agent"] > 0.1 * found["all"]
    assert found["outcome"] > 0
    told = [line for line in result.output.splitlines() if " -> " in line]
    assert len(told) == 3
    assert re.fullmatch(r"  09:\d\d:\d\d  simulated-i\d+  \w+: .* after [\d.]+ s -> \w+: .* after [\d.]+ s", told[0])
    assert not any(re.search(r"billing: answered by ben", line.partition("->")[2]) for line in told)


def test_what_cannot_be_replayed_is_told(file: str) -> None:
    nobody = run("replay", "2027-03-02", "--with", str(DEMO), "--config", file)
    assert (nobody.exit_code, "nobody came to a queue on 2027-03-02" in nobody.output) == (1, True)
    odd = run("replay", "yesterday", "--with", str(DEMO), "--config", file)
    assert (odd.exit_code, "'yesterday' is no day such as 2026-11-20" in odd.output) == (2, True)
    alone = run("replay", DAY, "--with", str(DEMO))
    assert (alone.exit_code, "--config (or CALLWRIGHT_CONFIG) is needed" in alone.output) == (2, True)


def test_the_patience_of_who_was_answered_is_that_of_the_others() -> None:
    """By hand: of five, one gives up at 10 s (4/5 stay), one is answered at 20 s, one of the three left gives up at
    30 s (4/5 x 2/3 stay), and the others are answered later."""
    patience = Survival([(10.0, True), (20.0, False), (30.0, True), (40.0, False), (50.0, False)])
    shares = [patience.still_there(wait) for wait in (0.0, 9.9, 10.0, 29.0, 30.0, 99.0)]
    assert shares == pytest.approx([1.0, 1.0, 0.8, 0.8, 0.8 * 2 / 3, 0.8 * 2 / 3])
