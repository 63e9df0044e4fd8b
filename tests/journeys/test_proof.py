"""A caller proves by a PIN who he is: he gets in, his agent sees it, and nobody ever sees the PIN."""

from pathlib import Path

import pytest

from config.center_file import load_center
from crm_bridge.demo import demo_customers
from crm_bridge.lockout import TRIES
from ivr.flow.secret import Secret
from tests.journeys.canaries import no_trace_tells_keys, nobody_can_read, shown_by
from tests.journeys.conftest import CENTER, TODAY, running_house
from tests.journeys.house import until
from tests.journeys.stage import Stage

FIRST = demo_customers(TODAY)[0]
RIGHT = "835610274193"
WRONG = "946720813571"

FLOW = """
start: number
nodes:
  number:
    kind: collect
    prompt: {en: Your number., zh: 请输入号码。}
    variable: number
    label: Customer number
    then: pin
  pin:
    kind: collect
    prompt: {en: Now your PIN., zh: 请输入密码。}
    variable: pin
    label: PIN
    secret: true
    then: check
  check: {kind: authenticate, by: number, pin: pin, verified: hello, wrong: wrong, locked: locked}
  wrong:
    kind: say
    prompt: {en: That is not right., zh: 密码错误。}
    then: pin
  hello:
    kind: say
    prompt: {en: "Welcome, {name}.", zh: "您好，{name}。"}
    then: person
  locked:
    kind: say
    prompt: {en: Please wait for half an hour., zh: 请半小时后再试。}
    then: bye
  person: {kind: to_queue, queue: billing}
  bye: {kind: hang_up}
"""


def center_with(flow: str, folder: Path) -> Path:
    """The company of the journeys with that flow."""
    (folder / "welcome.yaml").write_text(flow, encoding="utf-8")
    path = folder / "center.yaml"
    path.write_text(CENTER.read_text(encoding="utf-8"), encoding="utf-8")
    return path


async def test_who_proves_it_is_verified_and_his_pin_is_nowhere(
    stage: Stage, tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    plan = load_center(center_with(FLOW, tmp_path))
    async with running_house(stage, tmp_path, plan=plan, traces=tmp_path / "traces") as house:
        await house.centre.crm.put_pins({FIRST.id: Secret(RIGHT)})
        anna, annas = await house.at_work("anna")
        customer = await stage.dial("1000", "+4930901800")
        await customer.hears(house.prompt("number"))
        await customer.press(f"{FIRST.id}#")
        await customer.hears(house.prompt("pin"))
        await customer.press(f"{WRONG}#")
        await customer.hears(house.prompt("wrong"))
        await customer.hears(house.prompt("pin"))
        await customer.press(f"{RIGHT}#")
        await customer.hears(house.prompt("hello", name=FIRST.name))
        pop = await anna.pop()
        known = pop["customer"]
        assert (known["name"], known["typed"], known["verified"]) == (FIRST.name, True, True)
        assert [(step["label"]["en"], step.get("said", "")) for step in pop["path"]] == [
            ("Customer number", FIRST.id),
            ("PIN", ""),
            ("PIN", ""),
        ]
        await (await annas.rings()).answer()
        await customer.hears_agent("anna")
        await customer.hang_up()
        await anna.state("after_call_work")
        await anna.ask("become_ready")
        await house.closed()
        assert await house.centre.history.flush(5.0)
        nobody_can_read((RIGHT, WRONG), await shown_by(house), tmp_path)
    nobody_can_read((RIGHT, WRONG), {"the log": caplog.text + "".join(capfd.readouterr())}, tmp_path)
    no_trace_tells_keys(tmp_path / "traces")


async def test_who_guesses_is_locked_in_his_next_call_too(stage: Stage, tmp_path: Path) -> None:
    plan = load_center(center_with(FLOW, tmp_path))
    async with running_house(stage, tmp_path, plan=plan) as house:
        await house.centre.crm.put_pins({FIRST.id: Secret(RIGHT)})
        customer = await stage.dial("1000", "+4930901800")
        await customer.can_be_heard()
        await customer.press(f"{FIRST.id}#")
        flows = house.centre.crm_desk.flows
        for tries in range(1, TRIES):
            await customer.press(f"{WRONG[:4]}#")
            await until(lambda so_far=tries: flows.wrong == so_far, "a wrong PIN", 15.0)  # type: ignore[misc]
        await customer.hears(house.prompt("wrong"))
        await customer.hang_up()
        await customer.ended()
        again = await stage.dial("1000", "+4930901801")
        await again.can_be_heard()
        await again.press(f"{FIRST.id}#{WRONG[:4]}#")
        await again.hears(house.prompt("locked"))
        await again.ended(15.0)
        third = await stage.dial("1000", "+4930901802")
        await third.can_be_heard()
        await third.press(f"{FIRST.id}#{RIGHT}#")
        await third.hears(house.prompt("locked"))
        await third.ended(15.0)
