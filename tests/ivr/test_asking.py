"""Nodes that ask somebody who is not the caller: who he is, to make something, a service of the company's."""

import pytest

from ivr.dialogue.interpreter import Ask, Dialogue, Leave, Step, Unverified
from ivr.files.mistakes import FileMistakes
from ivr.flow.flow import Flow
from ivr.flow.questions import Create, Request, Verify, Wanted
from ivr.flow.secret import Secret
from ivr.flow.settings import FlowName
from ivr.flow.variables import Type
from ivr.reading.flow_text import Company, Source, flows_of
from tests.ivr.dialogues import press, words

PIN = """\
start: number
nodes:
  number: {kind: collect, prompt: {en: Number?}, variable: number, label: Number, longest: 2, then: pin}
  pin: {kind: collect, prompt: {en: PIN?}, variable: pin, label: PIN, longest: 4, secret: true, then: who}
  who: {kind: authenticate, by: number, pin: pin, verified: hello, wrong: pin, locked: locked}
  hello: {kind: hang_up, prompt: {en: "Hello {name}."}}
  locked: {kind: hang_up, prompt: {en: Locked.}}
  person: {kind: to_queue, queue: billing}
"""
DISPUTE = """\
start: find
nodes:
  find: {kind: look_up, look_up: bill, by: caller, found: make}
  make: {kind: create, create: ticket, fields: {subject: "Bill {bill_number}", text: ""}, then: done}
  done: {kind: hang_up, prompt: {en: "Ticket {ticket_number}."}}
  person: {kind: to_queue, queue: billing}
"""
STOCK = """\
start: code
nodes:
  code: {kind: collect, prompt: {en: Code?}, variable: code, label: Code, longest: 3, then: ask}
  ask:
    kind: http
    service: shop
    path: /stock/{code}
    query: {from: "{caller}"}
    learns: {count: {at: /count, type: number}}
    then: many
    not_found: none
  many: {kind: hang_up, prompt: {en: "{count} of them."}}
  none: {kind: hang_up, prompt: {en: None.}}
  person: {kind: to_queue, queue: billing}
"""


def read(text: str, *languages: str) -> Flow:
    """A flow of a centre that knows one service; it speaks English, if nothing is said."""
    company = Company(languages or ["en"], ["billing"], services=["shop"])
    return flows_of({FlowName("f"): Source(text, "f.yaml")}, company)[FlowName("f")]


def begun(text: str) -> tuple[Dialogue, tuple[Step, ...]]:
    """A dialogue in that flow, and what it wants."""
    dialogue = Dialogue(read(text), "en", {"caller": "+49 30/1", "dialled": "1000"})
    return dialogue, dialogue.start(0.0)


def mistakes(text: str, old: str, new: str) -> str:
    """What is told of a flow after a change."""
    assert old in text
    with pytest.raises(FileMistakes) as refused:
        read(text.replace(old, new))
    return str(refused.value)


def test_who_he_is() -> None:
    dialogue, _ = begun(PIN)
    steps = press(dialogue, "421234", 1.0)
    assert steps[-1] == Ask(Verify("42", Secret("1234")))
    assert "1234" not in repr(steps) + repr(dialogue.save())
    assert words(dialogue.answered("wrong", {}, 2.0)) == ["PIN?"]
    press(dialogue, "4321", 3.0)
    assert words(dialogue.answered("verified", {"name": "Ann", "pin": "9"}, 4.0)) == ["Hello Ann."]
    assert dialogue.save().variables.get("pin") is None


def test_he_is_locked_out() -> None:
    dialogue, _ = begun(PIN)
    press(dialogue, "421234", 1.0)
    assert words(dialogue.answered("locked", {}, 2.0)) == ["Locked."]


def test_another_process_has_no_pin_and_asks_for_it() -> None:
    first, _ = begun(PIN)
    press(first, "421234", 1.0)
    dialogue = Dialogue.restored(first.flow, first.save())
    assert words(dialogue.start(9.0)) == ["PIN?"]


def test_a_ticket_is_made_once_though_the_process_ends_meanwhile() -> None:
    first, _ = begun(DISPUTE)
    (ask,) = first.answered("found", {"bill_number": "b7"}, 1.0)
    assert isinstance(ask, Ask)
    assert isinstance(ask.question, Create)
    assert (ask.question.kind, dict(ask.question.fields)) == ("ticket", {"subject": "Bill b7", "language": "en"})
    again = Dialogue.restored(first.flow, first.save())
    assert again.start(9.0) == (ask,), "the same question in the same words"
    assert words(again.answered("then", {"ticket_number": "T1"}, 10.0)) == ["Ticket T1."]


@pytest.mark.parametrize(
    ("spoken", "said", "language", "subject"),
    [
        ("zh", "", "zh", "账单b7"),
        ("es", "", "es", "Bill b7"),
        ("zh", ", language: en", "en", "Bill b7"),
        ("en", ', language: "{caller}"', "zh", "账单b7"),
    ],
)
def test_what_is_made_is_told_in_one_language(spoken: str, said: str, language: str, subject: str) -> None:
    texts = '{subject: {en: "Bill {bill_number}", zh: "账单{bill_number}"}, text: ""' + said
    flow = DISPUTE.replace('{subject: "Bill {bill_number}", text: ""', texts)
    dispute = read(flow.replace('{en: "Ticket {ticket_number}."}', "{en: x, zh: x}"), "en", "zh")
    dialogue = Dialogue(dispute, spoken, {"caller": "zh", "dialled": "1000"})
    dialogue.start(0.0)
    (ask,) = dialogue.answered("found", {"bill_number": "b7"}, 1.0)
    assert isinstance(ask, Ask)
    assert isinstance(ask.question, Create)
    assert dict(ask.question.fields) == {"subject": subject, "language": language}


def test_slots_of_each_language_are_looked_at() -> None:
    for text, told in (
        ("{bil}", "nothing sets 'bil'"),
        ("{bill_number:digits}", "slots look like {name}"),
    ):
        with pytest.raises(FileMistakes) as refused:
            read(DISPUTE.replace('"Bill {bill_number}"', f'{{en: "{text}"}}'))
        assert f"f.yaml:4:63: {told}" in str(refused.value)


def test_nobody_hears_of_another_customer() -> None:
    text = """\
start: number
nodes:
  number: {kind: collect, prompt: {en: Number?}, variable: number, label: Number, longest: 1, then: who}
  who: {kind: look_up, look_up: customer, by: number, found: bill, not_found: number}
  bill: {kind: look_up, look_up: bill, by: id, found: said, not_found: person, failed: person}
  said: {kind: say, prompt: {en: "Bill {bill_number}."}, then: number}
  person: {kind: to_queue, queue: billing}
"""
    dialogue, _ = begun(text)
    press(dialogue, "1", 1.0)
    dialogue.answered("found", {"id": "1"}, 1.0)
    assert words(dialogue.answered("found", {"bill_number": "b1"}, 1.0)) == ["Bill b1."]
    dialogue.prompt_ended(2.0)
    press(dialogue, "2", 3.0)
    dialogue.answered("found", {"id": "2"}, 3.0)
    assert "bill_number" not in dialogue.save().variables


WHO_AGAIN = """\
start: known
nodes:
  known: {kind: branch, cases: [{when: 'verified_as != ""', then: hello}], otherwise: number}
  number: {kind: collect, prompt: {en: Number?}, variable: number, label: Number, longest: 1, then: pin}
  pin: {kind: collect, prompt: {en: PIN?}, variable: pin, label: PIN, longest: 4, secret: true, then: prove}
  prove: {kind: authenticate, by: number, pin: pin, verified: hello, wrong: number}
  hello: {kind: say, prompt: {en: "You are {verified_as}."}, then: other}
  other: {kind: collect, prompt: {en: Other?}, variable: number, label: Other, longest: 1, ask_again: true, then: find}
  find: {kind: look_up, look_up: customer, by: number, found: known, not_found: known}
  person: {kind: to_queue, queue: billing}
"""


def verified() -> Dialogue:
    """A dialogue in which the caller has proved to be customer 1."""
    dialogue, _ = begun(WHO_AGAIN)
    press(dialogue, "11234", 1.0)
    assert words(dialogue.answered("verified", {"id": "1"}, 1.0)) == ["You are 1."]
    dialogue.prompt_ended(2.0)
    return dialogue


def test_who_has_proved_who_he_is_is_not_asked_in_another_flow_nor_in_another_process() -> None:
    known = verified().save().variables
    assert known["verified_as"] == "1"
    assert words(Dialogue(read(WHO_AGAIN), "en", known).start(3.0)) == ["You are 1."]
    dialogue = verified()
    assert Unverified() not in press(dialogue, "1", 3.0), "the same number again"
    assert words(dialogue.answered("not_found", {}, 3.0)) == ["You are 1."]


@pytest.mark.parametrize("answer", ["found", "not_found", "failed"])
def test_another_customer_number_ends_that(answer: str) -> None:
    dialogue = verified()
    steps = press(dialogue, "2", 3.0)
    assert Unverified() in steps
    dialogue.answered(answer, {"id": "2"} if answer == "found" else {}, 3.0)
    assert dialogue.save().variables["verified_as"] == ""


def test_another_customer_who_is_found_or_claimed_ends_that() -> None:
    found = Dialogue(read(WHO_AGAIN), "en", {"verified_as": "1", "number": "x"})
    found.start(0.0)
    found.prompt_ended(1.0)
    assert Unverified() not in press(found, "2", 1.0), "it was no customer number before, as far as we know"
    assert Unverified() in found.answered("found", {"id": "2"}, 2.0)
    claimed = Dialogue(read(PIN), "en", {"verified_as": "1"})
    claimed.start(0.0)
    press(claimed, "22", 1.0)
    assert Unverified() in press(claimed, "1234", 1.0)


@pytest.mark.parametrize("name", ["verified_as", "caller"])
def test_what_is_known_of_the_call_is_no_flows_to_set(name: str) -> None:
    with pytest.raises(FileMistakes, match=f"'{name}' is known of every call, and no flow can set it"):
        read(STOCK.replace("variable: code", f"variable: {name}").replace("{code}", "{caller}"))


def test_what_a_service_is_asked() -> None:
    dialogue, _ = begun(STOCK)
    steps = press(dialogue, "12#", 1.0)
    wanted = {"count": Wanted("/count", Type.NUMBER)}
    assert steps[-1] == Ask(Request("shop", "GET", "/stock/12", {"from": "+49 30/1"}, {}, wanted, once="f/ask/1"))
    assert words(dialogue.answered("then", {"count": "3"}, 2.0)) == ["3 of them."]


@pytest.mark.parametrize(("way", "heard"), [("not_found", ["None."]), ("failed", []), ("nonsense", [])])
def test_what_a_service_may_answer(way: str, heard: list[str]) -> None:
    dialogue, _ = begun(STOCK)
    press(dialogue, "12#", 1.0)
    steps = dialogue.answered(way, {}, 2.0)
    assert words(steps) == heard
    assert heard or isinstance(steps[-1], Leave)


def test_what_he_typed_stays_one_segment_of_the_path() -> None:
    dialogue, _ = begun(STOCK.replace("path: /stock/{code}", "path: /stock/{code}/{caller}"))
    ask = press(dialogue, "12#", 1.0)[-1]
    assert isinstance(ask, Ask)
    assert isinstance(ask.question, Request)
    assert ask.question.path == "/stock/12/%2B49%2030%2F1"


@pytest.mark.parametrize(("caller", "asked"), [("", False), ("..", False), (".", False), ("...", True), ("0", True)])
def test_no_value_makes_another_path(caller: str, asked: bool) -> None:
    flow = read(STOCK.replace("path: /stock/{code}", "path: /stock/{caller}/{code}"))
    dialogue = Dialogue(flow, "en", {"caller": caller, "dialled": "1000"})
    dialogue.start(0.0)
    steps = press(dialogue, "12#", 1.0)
    assert isinstance(steps[-1], Ask) if asked else words(steps)[-1] == "None."


@pytest.mark.parametrize(
    ("text", "old", "new", "told"),
    [
        (PIN, "pin: pin,", "pin: pinn,", "f.yaml:5:46: nothing sets 'pinn'; did you mean 'pin'?"),
        (PIN, "by: number", "by: pin", "'pin' is a secret, and this would be said, sent or written down"),
        (DISPUTE, "create: ticket", "create: tiket", "unknown creation 'tiket'; did you mean 'ticket'?"),
        (DISPUTE, 'subject: "Bill {bill_number}", ', "", "a ticket needs `subject`"),
        (DISPUTE, 'text: ""', 'txt: ""', "a ticket has no field 'txt'; did you mean 'text'?"),
        (DISPUTE, "{bill_number}", "{bill_number:digits}", "slots look like {name} here"),
        (STOCK, "service: shop", "service: shp", "f.yaml:6:14: unknown service 'shp'; did you mean 'shop'?"),
        (STOCK, "path: /stock", "path: stock", "'stock/{code}' is not right; expected a path that begins with /"),
        (STOCK, "path: /stock", "path: /../stock", "f.yaml:7:11: `.` and `..` lead out of the service's address"),
        (STOCK, "at: /count", "at: count", "'count' is not right; expected a place in the answer"),
        (STOCK, "type: number", "type: nummber", "'nummber' is no type of a variable; did you mean 'number'?"),
        (STOCK, 'query: {from: "{caller}"}', 'body: {from: "{caller}"}', "a GET has no `body`"),
    ],
)
def test_mistakes_are_told_with_their_place(text: str, old: str, new: str, told: str) -> None:
    assert told in mistakes(text, old, new)
