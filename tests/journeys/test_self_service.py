"""A caller who helps himself, in his language and known by his PIN; the agent who takes over has it all before him."""

import shutil
from pathlib import Path

import pytest

from acd.events import QuestionAsked
from acd.plan import CenterPlan
from config.center_file import load_center
from config.logs import set_up_logs
from config.settings import Logs
from crm_bridge.demo import demo_customers
from cti.model import Speech
from ivr.flow.secret import Secret
from ivr.flow.settings import FlowName, NodeId
from ivr.speech.sounds import sounds_of
from tests.journeys.canaries import no_trace_tells_keys, nobody_can_read, shown_by
from tests.journeys.conftest import CENTER, TODAY, running_house
from tests.journeys.house import House
from tests.journeys.stage import Stage

FIRST = demo_customers(TODAY)[0]
PIN, WRONG = "7306518294", "9182736450"
FLOWS = Path(__file__).with_name("self_service")


def plan_in(folder: Path) -> CenterPlan:
    """The journeys' company, with flows that serve callers."""
    center = folder / "center.yaml"
    center.write_text(CENTER.read_text("utf-8").replace("welcome.yaml\n", "welcome.yaml\n  who: who.yaml\n"), "utf-8")
    for flow in FLOWS.glob("*.yaml"):
        shutil.copy(flow, folder)
    return load_center(center)


def said(house: House, node: str, language: str, flow: str = "welcome", **values: str) -> Speech:
    """What is said at a node."""
    found = house.centre.plan.flows[FlowName(flow)].nodes[NodeId(node)]
    (sound,) = sounds_of(dict(found.prompts())["prompt"], language, values)
    assert isinstance(sound, Speech)
    return sound


async def test_from_the_language_to_the_ticket(stage: Stage, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    set_up_logs(Logs("json", "debug"))
    async with running_house(stage, tmp_path, plan=plan_in(tmp_path), traces=tmp_path / "traces") as house:
        await house.centre.crm.put_pins({FIRST.id: Secret(PIN)})
        ben, bens = await house.at_work("ben")
        customer = await stage.dial("1000")
        await customer.hears(said(house, "language", "en"))
        await customer.press("2")
        await customer.hears(said(house, "number", "zh", "who"))
        await customer.press(FIRST.id)
        await customer.hears(said(house, "pin", "zh", "who"))
        await customer.press(WRONG)
        await customer.hears(said(house, "again", "zh", "who"))
        await customer.press(PIN)
        await customer.hears(said(house, "balance", "zh", balance=FIRST.balance, currency=FIRST.currency))
        await customer.press("5")

        # His ticket is told to its end, then he waits, and the agent has it all before her.
        pop = await ben.pop()
        assert (pop["customer"]["name"], pop["customer"]["verified"]) == (FIRST.name, True)
        assert [(step["label"]["en"], step.get("said", "")) for step in pop["path"]] == [
            ("Chinese", "2"),
            ("Number", FIRST.id),
            ("PIN", ""),
            ("PIN", ""),
            ("Dispute", "5"),
        ]
        ringing = await bens.rings()
        await ringing.answer()
        await customer.hears_agent("ben")
        await customer.hang_up()
        await ben.state("after_call_work")
        await ben.ask("become_ready")
        asked = [one.question for one in house.said if isinstance(one, QuestionAsked)]
        assert [type(one).__name__ for one in asked] == ["Verify", "Verify", "Create"]
        nobody_can_read((PIN, WRONG), await shown_by(house), tmp_path)
    nobody_can_read((PIN, WRONG), {"the log": "".join(capfd.readouterr())}, tmp_path)
    no_trace_tells_keys(tmp_path / "traces")
