"""`callwright replay DAY`: a simulated day that was stored, under the same rules and under others."""

import asyncio
import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pytest
from sqlalchemy import delete, insert

from acd.edge.database import Database
from acd.edge.recorded_day import recorded_day
from acd.edge.tables import voicemails
from acd.events import CenterEvent, RevisionBegan, TaskDone
from acd.model import InteractionId, QueueName, SegmentOutcome, VoicemailId
from acd.plan import CenterPlan
from acd.revision import Revision, RevisionId
from acd.simulation.messages import LeftMessage
from acd.simulation.recorded import RecordedDay
from acd.simulation.world import World
from config.center_file import FileMistakes, load_center, read_center
from config.center_source import CenterSource
from config.simulation.drawing import callers_of
from config.simulation.patience import Survival
from config.simulation.replaying import replayed
from config.simulation.scenario_file import read_scenario
from tests.config.commands import run, settings
from tests.config.stored import kept, revision
from tests.config.test_simulate import DEMO, center

DAY = "2027-03-01"
BILLING = QueueName("billing")
LEFT = SegmentOutcome.OVERFLOWED
MIDNIGHT = datetime(2027, 3, 1, tzinfo=ZoneInfo("Europe/Berlin")).timestamp()
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
    asyncio.run(kept(_morning(folder), folder))
    return settings(folder, center=DEMO)


def _morning(folder: Path, *later: tuple[float, CenterPlan], messages: Sequence[LeftMessage] = ()) -> list[CenterEvent]:
    """What the brain says of it."""
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
        later,
        messages,
    ).run()
    return [event for event in said if not isinstance(event, RevisionBegan)]


def counts(output: str) -> dict[str, int]:
    """How many callers there were, and for how many of them something would have been different."""
    (all_,) = re.findall(r"^([\d,]+) callers of 2027-03-01: ", output)
    changed = re.findall(r"different for ([\d,]+) of", output)
    kinds = re.findall(r"^ +(\d+)  another (\w+)", output, re.MULTILINE)
    return {"all": int(all_), "changed": int(*changed)} | {kind: int(count) for count, kind in kinds}


def truth(output: str) -> list[int]:
    """In percent: how many end as they did, with the same agent, after the same wait."""
    (line,) = [line for line in output.splitlines() if line.startswith("How true the replay is")]
    return [int(share) for share in re.findall(r"(\d+) %", line)]


def test_under_the_same_rules_nothing_is_different_and_the_day_is_as_it_was(file: str) -> None:
    result = run("replay", DAY, "--with", str(DEMO), "--config", file)
    assert result.exit_code == 0, result.output
    assert counts(result.output)["all"] > 150
    assert "nothing would have been different for any of them" in result.output
    assert " -> " not in result.output
    assert min(truth(result.output)) >= 99, result.output


def test_under_other_rules_calls_go_elsewhere(file: str, tmp_path: Path) -> None:
    other = center(tmp_path, "skills: {billing: 6, products: 7", "skills: {billing: 2, products: 7")
    result = run("replay", DAY, "--with", other, "--config", file, "--show", "3")
    assert result.exit_code == 0, result.output
    found = counts(result.output)
    assert found["agent"] > 0.1 * found["all"]
    assert found["outcome"] > 0
    assert min(truth(result.output)) >= 99, result.output
    told = [line for line in result.output.splitlines() if " -> " in line]
    assert len(told) == 3
    moved = r"  09:\d\d:\d\d  simulated-i\d+  \w+: .* after [\d.]+ s -> \w+: .* after [\d.]+ s; .+"
    assert re.fullmatch(moved, told[0])
    assert not any(re.search(r"billing: answered by ben", line.partition("->")[2]) for line in told)
    assert re.search(r"^ +\d+  the agent lacks billing>=3$", result.output, re.MULTILINE)


@pytest.fixture(scope="module")
def day(file: str) -> RecordedDay:
    """The same day, as it is read."""

    async def read() -> RecordedDay:
        database = Database(f"sqlite:///{Path(file).parent}/data/callwright.db")
        try:
            return await recorded_day(database, MIDNIGHT, MIDNIGHT + 86_400.0)
        finally:
            await database.close()

    return asyncio.run(read())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("skills: {billing: 8,", "skills: {billing: 2,"),
        ("requires: billing>=3 ", "requires: billing>=7 "),
        ("ring_timeout: 15 ", "ring_timeout: 3 "),
        ("wrap_up: 30 ", "prefers: fewest_calls"),
    ],
)
def test_between_the_same_rules_there_is_never_a_difference(
    day: RecordedDay, tmp_path: Path, old: str, new: str
) -> None:
    """Also where the replay is nothing like the day: these are not its rules, and half of its callers are missing."""
    plan = load_center(Path(center(tmp_path, old, new)))
    half = msgspec.structs.replace(day, calls=day.calls[::2])
    found = replayed(half, [(day.start, plan)], plan)
    assert len(found.fates) == len(half.calls) > 50
    assert [one for one in found.fates if one.changes(0.0) or one.why] == []


def test_who_left_by_a_key_has_not_given_up(day: RecordedDay) -> None:
    """Nor is he counted so in the sums: the machine presses no keys, but the day tells who did."""
    calls = [msgspec.structs.replace(call, outcome=LEFT, cause="key") if not call.agent else call for call in day.calls]
    plan = load_center(DEMO)
    found = replayed(msgspec.structs.replace(day, calls=calls), [(day.start, plan)], plan)
    assert (found.then.abandoned, found.then.overflowed > 0) == (0, True)
    assert (found.own.abandoned, found.own.overflowed) == (found.then.abandoned, found.then.overflowed)


def test_a_day_of_two_revisions_is_replayed_by_both(tmp_path: Path) -> None:
    other = center(tmp_path, "skills: {billing: 6, products: 7", "skills: {billing: 2, products: 7")
    ten = MIDNIGHT + 10 * 3600
    said = _morning(tmp_path, (ten, load_center(Path(other))))
    began = [RevisionBegan(revision("v1", DEMO), MIDNIGHT - 86_400.0), RevisionBegan(revision("v2", other), ten)]
    asyncio.run(kept([*began, *said], tmp_path))
    file = settings(tmp_path)  # its center.yaml is another one, and not asked for

    def hours(rules: str) -> list[str]:
        output = run("replay", DAY, "--with", rules, "--config", file, "--show", "500").output
        assert "by that day's own rules (revisions 1, 2)" in output
        assert "note:" not in output
        assert min(truth(output)) >= 99, output
        return re.findall(r"^  (\d\d):\d\d:\d\d  .* -> ", output, re.MULTILINE)

    as_from_ten_on, as_before = hours(other), hours(str(DEMO))
    assert as_from_ten_on.count("09") > 10
    assert as_before.count("10") > 10
    assert as_before.count("09") <= 3  # who waits at ten


def test_messages_that_were_seen_to_are_seen_to_again(tmp_path: Path) -> None:
    """They keep agents from calls: without them, some callers would get another."""
    nine = MIDNIGHT + 9 * 3600
    left = [
        LeftMessage(VoicemailId(f"v{n}"), nine + 600 * n, BILLING, f"+49301{n}", InteractionId(f"m{n}"), 4.0, 90.0)
        for n in range(10)
    ]
    said = _morning(tmp_path, messages=left)
    done = {event.about: event for event in said if isinstance(event, TaskDone)}
    assert len(done) == len(left)
    asyncio.run(kept(said, tmp_path))
    asyncio.run(_seen_to(tmp_path, [(one, done[one.about]) for one in left]))
    result = run("replay", DAY, "--with", str(DEMO), "--config", settings(tmp_path, center=DEMO))
    assert min(truth(result.output)) >= 99, result.output

    asyncio.run(_seen_to(tmp_path, []))
    without = run("replay", DAY, "--with", str(DEMO), "--config", settings(tmp_path, center=DEMO))
    assert "nothing would have been different" in without.output
    assert truth(without.output)[1] < truth(result.output)[1]


async def _seen_to(folder: Path, those: Sequence[tuple[LeftMessage, TaskDone]]) -> None:
    """All messages that the database knows."""
    database = Database(f"sqlite:///{folder}/data/callwright.db")
    empty = dict.fromkeys(("caller_name", "customer", "customer_name"), "")
    try:
        async with database.engine.begin() as connection:
            await connection.execute(delete(voicemails))
            for one, done in those:
                row = {
                    "id": one.about,
                    "interaction": one.contact,
                    "node": "pbx1",
                    "queue": one.queue,
                    "language": "en",
                }
                row |= {"caller_number": one.number, **empty}
                times = {"began": one.at - 9, "ended": one.at, "done_at": done.at, "done_by": done.agent}
                await connection.execute(insert(voicemails).values(**row, **times))
    finally:
        await database.close()


def test_a_day_under_rules_that_are_refused_today_is_replayed_by_them(tmp_path: Path) -> None:
    """A queue that nobody can serve was no mistake once, and the callers who came to it came."""
    files = dict(revision("v1", DEMO).files)
    name = next(iter(files))
    files[name] = files[name].replace("  billing:\n", "  odd: {requires: billing>=10}\n  billing:\n", 1)
    odd = Revision(RevisionId("v1"), "sam", "", files)
    asyncio.run(kept([RevisionBegan(odd, MIDNIGHT), *_morning(tmp_path)], tmp_path))
    told = run("replay", DAY, "--with", str(DEMO), "--config", settings(tmp_path, center=DEMO))
    assert told.exit_code == 0, told.output
    assert "by that day's own rules (revision 1)" in told.output
    assert "note:" not in told.output
    with pytest.raises(FileMistakes, match="no agent can serve 'odd'"):
        read_center(CenterSource(Path(name), files))


def test_rules_that_cannot_be_read_any_more_are_told(tmp_path: Path) -> None:
    odd = Revision(RevisionId("v1"), "sam", "", {"center.yaml": "queues: 7\n"})
    asyncio.run(kept([RevisionBegan(odd, MIDNIGHT), *_morning(tmp_path)], tmp_path))
    told = run("replay", DAY, "--with", str(DEMO), "--config", settings(tmp_path, center=DEMO))
    assert told.exit_code == 0, told.output
    assert "note: revision 1 cannot be read any more: center.yaml" in told.output
    assert f"; {DEMO} stands for that day's rules, as it is now" in told.output


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (
            "    flow: welcome\n",
            "    flow: welcome\n    requires: products>=10\n",
            r"\d+  nobody at work can serve him",
        ),
        ("hours: always", "hours: weekend", r"\d+  it is closed when he comes"),
        ("  hugo:\n", "  hugh:\n", r"\d+  the agent is not in this centre"),
        ("max_wait: 1800", "max_wait: 20", r"\d+  he has waited for as long as he may"),
    ],
)
def test_each_difference_has_its_reason(file: str, tmp_path: Path, old: str, new: str, why: str) -> None:
    weekend = '  weekend:\n    open: {sat: ["09:00-10:00"]}\n'
    other = Path(center(tmp_path, "    wrap_up: 30 ", "    max_wait: 1800\n    wrap_up: 30 "))
    text = other.read_text(encoding="utf-8").replace("hours:\n", f"hours:\n{weekend}", 1)
    assert old in text
    other.write_text(text.replace(old, new), encoding="utf-8")
    result = run("replay", DAY, "--with", str(other), "--config", file)
    assert result.exit_code == 0, result.output
    assert re.search(f"^ +{why}$", result.output, re.MULTILINE), result.output


def test_what_cannot_be_replayed_is_told(file: str) -> None:
    nobody = run("replay", "2027-03-02", "--with", str(DEMO), "--config", file)
    assert (nobody.exit_code, "nobody came to a queue on 2027-03-02" in nobody.output) == (1, True)
    late = run("replay", "9999-12-31", "--with", str(DEMO), "--config", file)
    assert (late.exit_code, "there are no figures of the year 9999" in late.output) == (2, True)
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
