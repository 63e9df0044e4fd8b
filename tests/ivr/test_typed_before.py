"""Nobody is asked twice for what he has typed in another flow of his call."""

import pytest

from ivr.dialogue.interpreter import Ask, Dialogue
from ivr.flow.flow import Flow
from ivr.flow.questions import LookUp, Verify
from ivr.flow.secret import Secret
from ivr.flow.settings import FlowName
from ivr.reading.flow_text import Company, Source, flows_of
from tests.ivr.dialogues import press, words

MAIN = """\
start: menu
nodes:
  menu:
    kind: menu
    prompt: {en: Menu.}
    choices: {"1": {to: bills, label: Bills}, "2": {to: orders, label: Orders}}
  bills: {kind: sub_flow, flow: bills, then: menu}
  orders: {kind: sub_flow, flow: orders, then: menu}
  person: {kind: to_queue, queue: billing}
"""
BILLS = """\
start: number
nodes:
  number: {kind: collect, prompt: {en: Number?}, variable: number, label: Number, longest: 1, then: find}
  find: {kind: look_up, look_up: bill, by: number, found: back, not_found: number}
  back: {kind: return}
"""
ORDERS = BILLS.replace("en: Number?", "en: Whose?").replace("look_up: bill", "look_up: payment")
PIN = """\
start: number
nodes:
  number: {kind: collect, prompt: {en: Number?}, variable: number, label: Number, longest: 1, then: pin}
  pin: {kind: collect, prompt: {en: PIN?}, variable: pin, label: PIN, longest: 1, secret: true, then: prove}
  prove: {kind: authenticate, by: number, pin: pin, verified: back, wrong: pin}
  back: {kind: return}
"""


def flows(**texts: str) -> dict[FlowName, Flow]:
    """Those that lead through each other."""
    company = Company(["en"], ["billing"], flows=list(texts), entered=["main"])
    return flows_of({FlowName(name): Source(text, f"{name}.yaml") for name, text in texts.items()}, company)


@pytest.fixture
def dialogue() -> Dialogue:
    """At the menu."""
    return begun(bills=BILLS, orders=ORDERS)


def begun(**subs: str) -> Dialogue:
    known = flows(main=MAIN, **subs)
    dialogue = Dialogue(known[FlowName("main")], "en", {"caller": "", "dialled": ""}, known)
    dialogue.start(0.0)
    return dialogue


def test_each_flow_spares_him_the_first_time(dialogue: Dialogue) -> None:
    assert press(dialogue, "17", 1.0)[-1] == Ask(LookUp("bill", "7", "en"))
    dialogue.answered("found", {}, 1.0)
    assert press(dialogue, "2", 2.0)[-1] == Ask(LookUp("payment", "7", "en")), "the number is known"
    dialogue.answered("found", {}, 2.0)
    assert words(press(dialogue, "2", 3.0)) == ["Whose?"], "he wants another one"
    assert press(dialogue, "8", 3.0)[-1] == Ask(LookUp("payment", "8", "en"))


def test_who_is_sent_back_to_the_question_is_asked(dialogue: Dialogue) -> None:
    press(dialogue, "17", 1.0)
    dialogue.answered("found", {}, 1.0)
    press(dialogue, "2", 2.0)
    assert words(dialogue.answered("not_found", {}, 2.0)) == ["Whose?"]


def test_another_process_knows_it_too(dialogue: Dialogue) -> None:
    press(dialogue, "17", 1.0)
    dialogue.answered("found", {}, 1.0)
    known = flows(main=MAIN, bills=BILLS, orders=ORDERS)
    again = Dialogue.restored(known[FlowName("main")], dialogue.save(), known)
    again.start(2.0)
    assert press(again, "2", 2.0)[-1] == Ask(LookUp("payment", "7", "en"))
    again.answered("found", {}, 2.0)
    once_more = Dialogue.restored(known[FlowName("main")], again.save(), known)
    once_more.start(3.0)
    assert words(press(once_more, "2", 3.0)) == ["Whose?"]


def test_a_secret_is_for_the_flow_that_asks_for_it() -> None:
    dialogue = begun(bills=PIN, orders=PIN.replace("PIN?", "Once more?"))
    assert press(dialogue, "171", 1.0)[-1] == Ask(Verify("7", Secret("1")))
    dialogue.answered("verified", {"id": "7"}, 1.0)
    assert words(press(dialogue, "2", 2.0)) == ["Once more?"]
    assert "pin" not in {**dialogue.save().variables, **dialogue.save().typed_in}
