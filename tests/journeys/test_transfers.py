"""A caller who is put through to somebody outside: he arrives there, and the books say so; if the list allows it."""

import sqlite3
from contextlib import closing
from pathlib import Path

from acd.events import InteractionStarted
from acd.model import InteractionOutcome
from acd.plan import CenterPlan
from config.center_file import load_center
from cti.commands import ReturnToDialplan
from tests.journeys.conftest import CENTER, running_house
from tests.journeys.house import House, until
from tests.journeys.served import ServedCentre
from tests.journeys.stage import BUSY_OUTSIDE, OUTSIDE, Stage

FLOW = """\
start: menu
nodes:
  menu:
    kind: menu
    prompt: {en: "For the reception, press 1. For an extension, dial it.", zh: 前台请按一，或直接拨分机号。}
    choices:
      "1": {to: reception, label: Reception}
      "7": {to: ask, label: Extension}
      "8": {to: ask, label: Extension}
    wait: 60
  ask:
    kind: collect
    prompt: {en: "Which extension?", zh: 请拨分机号。}
    variable: extension
    label: Extension
    longest: 3
    then: through
  reception: {kind: transfer, to: reception, prompt: {en: "One moment, please.", zh: 请稍候。}, failed: no}
  through: {kind: transfer, to: "{extension}", failed: no}
  no: {kind: hang_up, prompt: {en: "We have no such extension.", zh: 没有这个分机号。}}
"""
"""Nothing in it means another thing if a key is pressed twice, as telephones do that do not get their time."""


def plan_in(folder: Path) -> CenterPlan:
    """The journeys' company, whose callers may be put through to a few numbers."""
    numbers = f'\ntransfer_numbers: {{reception: "{OUTSIDE}", others: "{BUSY_OUTSIDE[:-1]}X"}}\n'
    (folder / "center.yaml").write_text(CENTER.read_text("utf-8") + numbers, "utf-8")
    (folder / "welcome.yaml").write_text(FLOW, "utf-8")
    return load_center(folder / "center.yaml")


def started(house: House) -> list[InteractionStarted]:
    """The contacts until now."""
    return [one for one in house.said if isinstance(one, InteractionStarted)]


async def test_a_caller_arrives_where_the_list_lets_him(stage: Stage, tmp_path: Path) -> None:
    async with running_house(stage, tmp_path, plan=plan_in(tmp_path)) as house:
        outsider = await stage.outsider()
        customer = await stage.dial("1000")
        await customer.can_be_heard()
        await customer.press("1")
        await outsider.picks_up()
        await customer.hears_agent(OUTSIDE)
        (closed,) = await house.closed()
        assert closed.outcome is InteractionOutcome.TRANSFERRED
        assert [(step.label, step.said) for step in closed.path] == [("Reception", "1"), ("Put through", OUTSIDE)]
        assert not customer.is_over, "he talks on"
        await customer.hang_up()
        stored = await house.stored(closed.interaction)
        assert stored.outcome == "transferred"


async def test_what_is_typed_is_dialled_only_if_the_list_has_it(stage: Stage, tmp_path: Path) -> None:
    async with running_house(stage, tmp_path, plan=plan_in(tmp_path)) as house:
        customer = await stage.dial("1000")
        await customer.can_be_heard()
        await customer.press("8888")
        await customer.ended(15.0)
        (closed,) = await house.closed()
        assert [step.said for step in closed.path] == ["8", "888"]
        assert closed.outcome is InteractionOutcome.SELF_SERVED
        assert not [one for one in house.said if isinstance(one, ReturnToDialplan)]


async def test_who_finds_nobody_there_begins_again(stage: Stage, tmp_path: Path) -> None:
    async with running_house(stage, tmp_path, plan=plan_in(tmp_path)) as house:
        customer = await stage.dial("1000")
        await customer.can_be_heard()
        await customer.press(f"7{BUSY_OUTSIDE}")
        await customer.hears_nobody_there()
        await until(lambda: len(started(house)) == 2, "his second contact", 15.0)
        first, second = started(house)
        assert first.interaction != second.interaction
        (closed,) = await house.closed()
        assert (closed.interaction, closed.outcome) == (first.interaction, InteractionOutcome.TRANSFERRED)
        await customer.hears(house.prompt("menu"))
        await customer.hang_up()
        await house.closed(2)


async def test_a_kill_in_that_moment_costs_nobody_his_call(stage: Stage, tmp_path: Path) -> None:
    """He talks with somebody outside when we are back: nobody hangs up on him, and he is counted once."""
    plan_in(tmp_path)
    async with ServedCentre(tmp_path, tmp_path / "center.yaml", stage.pbx) as centre:
        await centre.set_passwords("sam")
        await centre.start()
        outsider = await stage.outsider()
        customer = await stage.dial("1000")
        await customer.can_be_heard()
        await customer.press("1")
        await outsider.picks_up()
        await customer.hears_agent(OUTSIDE)
        await centre.kill()
        await centre.start()
        await customer.hears_agent(OUTSIDE)
        assert not customer.is_over
        await centre.stop()
        with closing(sqlite3.connect(tmp_path / "data" / "callwright.db")) as books:
            assert books.execute("SELECT outcome FROM interactions").fetchall() == [("transferred",)]
        assert not customer.is_over
        await customer.hang_up()
