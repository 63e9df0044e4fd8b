"""A caller who helps himself: in his language, known by his PIN, and a person has it all before him when he asks for one."""

from pathlib import Path

from acd.events import QuestionAsked
from config.center_file import load_center
from crm_bridge.demo import demo_customers
from cti.model import Speech
from ivr.flow.secret import Secret
from ivr.flow.settings import FlowName, NodeId
from ivr.speech.sounds import sounds_of
from tests.journeys.conftest import CENTER, TODAY, running_house
from tests.journeys.house import House
from tests.journeys.stage import Stage

FIRST = demo_customers(TODAY)[0]
PIN = "8642"

WELCOME = """\
start: language
nodes:
  language:
    kind: menu
    prompt: {en: "For English, press 1. For Chinese, press 2.", zh: "中文请按二。"}
    choices:
      "1": {to: who, label: {en: English, zh: 英文}}
      "2": {to: chinese, label: {en: Chinese, zh: 中文}}
    give_up: person
  chinese: {kind: language, language: zh, then: who}
  who: {kind: sub_flow, flow: who, then: owes}
  owes:
    kind: branch
    cases: [{when: "open_bills > 0 && balance > 0", then: balance}]
    otherwise: nothing
  balance: {kind: say, prompt: {en: "You owe {balance:money}.", zh: "您欠{balance:money}。"}, then: dispute}
  nothing: {kind: say, prompt: {en: You owe nothing., zh: 您没有欠款。}, then: person}
  dispute:
    kind: menu
    prompt: {en: "If that is wrong, press 5.", zh: 如有错误请按五。}
    choices: {"5": {to: ticket, label: {en: Dispute, zh: 异议}}}
    give_up: person
  ticket:
    kind: create
    create: ticket
    fields: {subject: "Dispute of {balance} {currency}", customer: "{id}"}
    then: done
    failed: person
  done: {kind: say, prompt: {en: "Your ticket is {ticket_number:digits}.", zh: "工单号{ticket_number:digits}。"}, then: person}
  person: {kind: to_queue, queue: billing}
"""
WHO = """\
start: number
nodes:
  number: {kind: collect, prompt: {en: Your number?, zh: 请输入号码。}, variable: number, label: {en: Number, zh: 号码}, longest: 4, then: pin}
  pin:
    {kind: collect, prompt: {en: Your PIN?, zh: 请输入密码。}, variable: pin, label: PIN, longest: 4, secret: true, then: verify}
  verify: {kind: authenticate, by: number, pin: pin, verified: back, wrong: again, locked: person}
  again: {kind: say, prompt: {en: That PIN is not right., zh: 密码不正确。}, then: pin}
  back: {kind: return}
  person: {kind: to_queue, queue: billing}
"""


def said(house: House, node: str, language: str, flow: str = "welcome", **values: str) -> Speech:
    """What is said at a node."""
    found = house.centre.plan.flows[FlowName(flow)].nodes[NodeId(node)]
    (sound,) = sounds_of(dict(found.prompts())["prompt"], language, values)
    assert isinstance(sound, Speech)
    return sound


async def test_from_the_language_to_the_ticket(stage: Stage, tmp_path: Path) -> None:
    center = tmp_path / "center.yaml"
    center.write_text(
        CENTER.read_text("utf-8").replace("welcome: welcome.yaml", "{welcome: welcome.yaml, who: who.yaml}")
    )
    center.write_text(center.read_text("utf-8").replace("flows:\n  {", "flows: {"), "utf-8")
    (tmp_path / "welcome.yaml").write_text(WELCOME, "utf-8")
    (tmp_path / "who.yaml").write_text(WHO, "utf-8")
    async with running_house(stage, tmp_path, plan=load_center(center)) as house:
        await house.centre.crm.put_pins({FIRST.id: Secret(PIN)})
        ben, bens = await house.at_work("ben")
        customer = await stage.dial("1000")
        await customer.hears(said(house, "language", "en"))
        await customer.press("2")
        await customer.hears(said(house, "number", "zh", "who"))
        await customer.press(FIRST.id)
        await customer.hears(said(house, "pin", "zh", "who"))
        await customer.press("0000")
        await customer.hears(said(house, "again", "zh", "who"))
        await customer.press(PIN)
        await customer.hears(said(house, "balance", "zh", balance=FIRST.balance, currency=FIRST.currency))
        await customer.press("5")

        # The prompt with the ticket's number is cut by nobody; then he waits, and it is all before the agent.
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
        kinds = [type(one.question).__name__ for one in house.said if isinstance(one, QuestionAsked)]
        assert kinds == ["Verify", "Verify", "Create"]
        assert PIN not in repr(house.said)
