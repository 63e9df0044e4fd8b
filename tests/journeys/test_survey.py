"""The agent hangs up, and the caller stays to say how it was."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import select

from acd.edge.tables import visits
from acd.model import InteractionOutcome
from acd.plan import CenterPlan
from config.center_file import load_center
from cti.model import Speech
from ivr.flow.settings import FlowName, NodeId
from ivr.speech.sounds import sounds_of
from tests.journeys.conftest import CENTER, running_house
from tests.journeys.desk import Desk
from tests.journeys.house import PASSWORD, House
from tests.journeys.served import ServedCentre
from tests.journeys.stage import Stage

FLOW = """\
start: mark
nodes:
  mark:
    kind: survey
    prompt: {en: From one to three, zh: 一到三分}
    variable: mark
    label: {en: Mark, zh: 评分}
    highest: 3
    then: thanks
  thanks: {kind: hang_up, prompt: {en: Thank you for telling us., zh: 谢谢评价。}}
"""


def plan_in(folder: Path) -> CenterPlan:
    """The journeys' company, which asks callers of its billing queue how it was."""
    center = folder / "center.yaml"
    text = CENTER.read_text("utf-8").replace("welcome.yaml\n", "welcome.yaml\n  survey: survey.yaml\n")
    center.write_text(text.replace("    wrap_up: 30\n", "    wrap_up: 30\n    survey: survey\n"), "utf-8")
    (folder / "welcome.yaml").write_text(CENTER.with_name("welcome.yaml").read_text("utf-8"), "utf-8")
    (folder / "survey.yaml").write_text(FLOW, "utf-8")
    return load_center(center)


def said(house: House, node: str) -> Speech:
    """What the survey says there."""
    found = house.centre.plan.flows[FlowName("survey")].nodes[NodeId(node)]
    (sound,) = sounds_of(dict(found.prompts())["prompt"], "en", {})
    assert isinstance(sound, Speech)
    return sound


async def marks(house: House) -> list[tuple[str, str]]:
    """What is stored of the question: how callers came to it, and which way they went."""
    assert await house.centre.history.flush(5.0)
    async with house.centre.database.engine.connect() as connection:
        found = await connection.execute(select(visits.c.came, visits.c.way).where(visits.c.kind == "survey"))
        return [(came, way) for came, way in found]


@pytest.mark.parametrize("by_mouse", [False, True])
async def test_the_agent_hangs_up_first(stage: Stage, tmp_path: Path, *, by_mouse: bool) -> None:
    async with running_house(stage, tmp_path, plan=plan_in(tmp_path)) as house:
        anna, phone = await house.at_work("anna")
        customer = await house.customer_in_billing()
        ringing = await phone.rings()
        await ringing.answer()
        await customer.hears_agent("anna")
        if by_mouse:
            await anna.ask("hang_up_call")
        else:
            await ringing.hang_up()
        await ringing.ended(2.0)
        await anna.state("after_call_work")
        await customer.hears(said(house, "mark"))
        await anna.ask("become_ready")
        await anna.state("ready")
        await customer.press("2")
        await customer.hears(said(house, "thanks"))
        await customer.ended()
        (closed,) = await house.closed()
        assert closed.outcome is InteractionOutcome.ANSWERED
        assert await marks(house) == [("talk", "2")]
        assert await stage.calls_alive() == 0


async def test_killed_while_he_is_asked(stage: Stage, tmp_path: Path) -> None:
    """He hears the question again, and what he says is counted once, for the agent with whom he has talked."""
    plan_in(tmp_path)
    async with ServedCentre(tmp_path, tmp_path / "center.yaml", stage.pbx) as centre:
        await centre.set_passwords("anna", "sam")
        await centre.start()
        board = await Desk.open(centre.port, "sam", PASSWORD)
        phone = await stage.phone("anna")
        anna = await Desk.open(centre.port, "anna", PASSWORD)
        await anna.begin_work()
        customer = await stage.dial("1000")
        await customer.can_be_heard()
        await customer.press("0")
        ringing = await phone.rings(10.0)
        await ringing.answer()
        await customer.hears_agent("anna")
        await ringing.hang_up()
        await board.sees(lambda: board.view["today"]["in_flow"] == 1, "him asked")
        await anna.state("after_call_work")
        await asyncio.sleep(1.0)  # a kill takes what was decided in the last moment and is not stored yet

        await centre.kill()
        assert not customer.is_over
        await centre.start()
        await board.connect()
        await anna.connect()
        await anna.state("after_call_work")
        await board.sees(lambda: board.view["today"]["in_flow"] == 1, "him asked again")
        await customer.press("3")
        await customer.ended(15.0)
        await anna.ask("become_ready")
        await anna.state("ready")
        await centre.closes_its_books()
        status, told = await centre.command("report", "--about", "nodes", "--split", "agent", "--format", "csv")
        assert status == 0, told
        (line,) = [line for line in told.splitlines() if ",survey," in line and ",mark," in line]
        assert ",anna,mark,survey,1," in line
        assert line.endswith(",1,3.0,3:1")
        await centre.stop()
