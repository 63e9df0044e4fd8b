"""Nodes that wait for nobody: branches, values, hours, languages, and ways through other flows."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

import pytest

from cti.model import Speech
from ivr.dialogue.interpreter import Ask, Dialogue, HangUp, Leave, Say, Speak, Step, ToQueue
from ivr.files.mistakes import FileMistakes
from ivr.flow.expression import ExpressionFailed, NoExpression, expression
from ivr.flow.flow import Flow
from ivr.flow.settings import FlowName
from ivr.flow.variables import Type
from ivr.hours import Hours, Span
from ivr.reading.flow_text import Company, Source, flows_of
from tests.ivr.dialogues import press, words

MONDAY = datetime(2026, 11, 23, 10, tzinfo=UTC).timestamp()
OFFICE = Hours(tuple(Span(day, 540, 1020) for day in range(5)), "UTC", frozenset({date(2026, 12, 25)}))


def read(**texts: str) -> dict[FlowName, Flow]:
    """Flows of a centre that speaks two languages."""
    company = Company(["en", "es"], ["billing"], hours={"office": OFFICE}, flows=list(texts))
    return flows_of({FlowName(name): Source(text, f"{name}.yaml") for name, text in texts.items()}, company)


def mistakes(**texts: str) -> list[str]:
    """What is told of flows that are refused."""
    with pytest.raises(FileMistakes) as refused:
        read(**texts)
    return str(refused.value).splitlines()


def begun(variables: Mapping[str, str], now: float = MONDAY, **texts: str) -> tuple[Dialogue, tuple[Step, ...]]:
    """A dialogue in the first of these flows, and what it wants."""
    flows = read(**texts)
    dialogue = Dialogue(next(iter(flows.values())), "en", variables, flows)
    return dialogue, dialogue.start(now)


BRANCHES = """\
start: look
nodes:
  look: {kind: look_up, look_up: customer, by: caller, found: which, not_found: other}
  which:
    kind: branch
    cases:
      - {when: balance > 100, then: much}
      - {when: 'language == "es" && balance != 0', then: some}
    otherwise: other
  much: {kind: to_queue, queue: billing}
  some: {kind: hang_up}
  other: {kind: hang_up, prompt: {en: Nothing., es: Nada.}}
"""


@pytest.mark.parametrize(
    ("known", "where"),
    [
        ({"balance": "100.01"}, "much"),
        ({"balance": "100.00", "language": "es"}, "some"),
        ({"balance": "0.00", "language": "es"}, "other"),
        ({"balance": "no number"}, "other"),
        ({}, "other"),
    ],
)
def test_the_first_case_that_holds(known: Mapping[str, str], where: str) -> None:
    dialogue, (ask,) = begun({"caller": "+4930"}, main=BRANCHES)
    assert isinstance(ask, Ask)
    dialogue.answered("found", known, MONDAY)
    assert dialogue.save().node == where


def test_a_condition_that_is_none_is_told_with_its_place() -> None:
    assert mistakes(main=BRANCHES.replace("balance > 100", "balance >")) == [
        "main.yaml:7:25: mismatched input the end of the line"
    ]
    (told,) = mistakes(main=BRANCHES.replace("balance > 100", "balanse > 100"))
    assert told == "main.yaml:7:16: nothing sets 'balanse'; did you mean 'balance'?"


@pytest.mark.parametrize(
    "text",
    ["[1, 2].exists(x, x > 1)", "a.map(b, b)", "[1].existsOne(x, x > 1)", "foo(1)", "timestamp(a)", "a[0]", "1\n+ 1"],
)
def test_what_needs_a_loop_or_a_function_is_no_expression(text: str) -> None:
    with pytest.raises(NoExpression):
        expression(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("count + 1", 4),
        ("owed * 2.0", 241.0),
        ('size(name) == 3 ? "short" : "long"', "short"),
        ('name in ["Ann", "Eva"]', True),
        ('due < "2026-12-01"', True),
        ("!paid", True),
    ],
)
def test_values_are_seen_by_their_types(text: str, value: object) -> None:
    values = {"count": "3", "owed": "120.50", "name": "Ann", "due": "2026-11-30", "paid": "false"}
    types = {"count": Type.NUMBER, "owed": Type.MONEY, "due": Type.DATE, "paid": Type.FLAG}
    assert expression(text).value(values, types) == value


@pytest.mark.parametrize("text", ["count / 0", "count + name", "gone == 1", "9223372036854775807 + 1", "int(name)"])
def test_what_has_no_value(text: str) -> None:
    with pytest.raises(ExpressionFailed):
        expression(text).value({"count": "3", "name": "Ann"}, {"count": Type.NUMBER})


@pytest.mark.parametrize("count", ["1E999999999", "sNaN", "Infinity", "9" * 5000])
def test_no_number_takes_longer_than_its_text_is_long(count: str) -> None:
    with pytest.raises(ExpressionFailed):
        expression("count > 1").value({"count": count}, {"count": Type.NUMBER})


def test_a_text_that_is_added_to_itself_does_not_grow_for_ever() -> None:
    doubled = "\n".join(f"  d{n}: {{kind: set, values: {{a: a + a}}, then: d{n + 1}}}" for n in range(100))
    text = f"""\
start: begin
nodes:
  begin: {{kind: set, values: {{a: '"abcdefgh"', much: 1.0 / 0.0}}, then: d0}}
{doubled}
  d100: {{kind: hang_up, prompt: {{en: "The end{{a}}{{much}}.", es: x}}}}
"""
    _, steps = begun({}, main=text)
    assert words(steps) == ["The end."]


def test_hundreds_of_nodes_that_say_nothing_are_passed() -> None:
    silent = "\n".join(
        f"  s{n}: {{kind: say, prompt: {{en: '{{caller}}', es: x}}, then: s{n + 1}}}" for n in range(290)
    )
    text = f"start: s0\nnodes:\n{silent}\n  s290: {{kind: hang_up, prompt: {{en: The end., es: x}}}}\n"
    _, steps = begun({"caller": ""}, main=text)
    assert words(steps) == ["The end."]


def test_values_are_set_all_at_once() -> None:
    text = """\
start: count
nodes:
  count: {kind: set, values: {one: "1", two: '"b"'}, types: {one: number}, then: swap}
  swap: {kind: set, values: {one: one + 1, three: 'two + "c"', four: one / 0}, types: {one: number}, then: bye}
  bye: {kind: hang_up, prompt: {en: "{one} {three} {four}.", es: x}}
"""
    _, steps = begun({}, main=text)
    assert words(steps) == ["2 bc ."]


def test_languages_are_offered_each_in_its_own_voice() -> None:
    text = """\
start: choose
nodes:
  choose:
    kind: menu
    in_each_language: true
    prompt: {en: "For English, press 1.", es: "Para español, pulse 2."}
    no_match: {en: No., es: No hay.}
    choices: {"1": {to: english, label: English}, "2": {to: spanish, label: Español}}
    give_up: bye
  english: {kind: language, language: en, then: bye}
  spanish: {kind: language, language: es, then: bye}
  bye: {kind: hang_up, prompt: {en: Goodbye., es: Adiós.}}
"""
    offered = [Speech("For English, press 1.", "en"), Speech("Para español, pulse 2.", "es")]
    dialogue, steps = begun({}, main=text)
    assert steps == (Say(tuple(offered)),)
    (_, again) = dialogue.key_pressed("7", MONDAY)
    assert again == Say((Speech("No.", "en"), *offered))
    assert words(dialogue.key_pressed("2", MONDAY + 5)) == ["Adiós."]
    (once,) = begun({}, main=text.replace("in_each_language: true", "in_each_language: false"))[1]
    assert once == Say((offered[0],))


def test_hours_and_holidays() -> None:
    text = """\
start: when
nodes:
  when: {kind: hours, hours: office, open: person, closed: night, holiday: holiday}
  person: {kind: to_queue, queue: billing}
  night: {kind: hang_up, prompt: {en: night, es: x}}
  holiday: {kind: hang_up, prompt: {en: holiday, es: x}}
"""
    assert begun({}, main=text)[1] == (Leave(ToQueue("billing")),)
    assert words(begun({}, MONDAY + 12 * 3600, main=text)[1]) == ["night"]
    assert words(begun({}, datetime(2026, 12, 25, 10, tzinfo=UTC).timestamp(), main=text)[1]) == ["holiday"]
    (told,) = mistakes(main=text.replace("hours: office", "hours: ofice"))
    assert told == "main.yaml:3:30: unknown hours 'ofice'; did you mean 'office'?"


def test_another_language_from_here_on() -> None:
    text = """\
start: spanish
nodes:
  spanish: {kind: language, language: es, then: bye}
  bye: {kind: hang_up, prompt: {en: Goodbye., es: Adiós.}}
"""
    dialogue, steps = begun({}, main=text)
    assert steps == (Speak("es"), Say((Speech("Adiós.", "es"),)))
    assert dialogue.save().language == "es"


@pytest.mark.parametrize(
    ("otherwise", "person"),
    [
        ("", True),
        ("zero: false\n", False),
        ("otherwise: bye\n", False),
    ],
)
def test_zero_leads_to_a_person_unless_the_flow_says_otherwise(otherwise: str, *, person: bool) -> None:
    text = f"""\
{otherwise}start: choose
nodes:
  choose:
    kind: menu
    prompt: {{en: One?, es: x}}
    no_match: {{en: No., es: x}}
    choices: {{"1": {{to: sure, label: One}}}}
  sure: {{kind: confirm, prompt: {{en: Sure?, es: x}}, yes: bye, no: mine, no_match: {{en: No., es: x}}}}
  mine: {{kind: menu, prompt: {{en: Mine?, es: x}}, choices: {{"0": {{to: bye, label: Mine}}}}}}
  bye: {{kind: hang_up}}
  person: {{kind: to_queue, queue: billing}}
"""
    text = text.replace("label: Mine}}", 'label: Mine}, "5": {to: person, label: x}}')
    for before in ("", "1"):
        dialogue, _ = begun({}, main=text)
        press(dialogue, before, MONDAY + 1)
        steps = dialogue.key_pressed("0", MONDAY + 2)
        assert (steps[-1] == Leave(ToQueue("billing"))) is person
        assert (words(steps)[:1] == ["No."]) is not person
        assert not person or dialogue.path[-1].label == "A person"
    dialogue, _ = begun({}, main=text)
    assert press(dialogue, "120", MONDAY + 1)[-1] == Leave(HangUp()), "its own 0"


LADDERS = """\
start: number
nodes:
  number:
    kind: collect
    prompt: {en: Number?, es: ¿Número?}
    variable: number
    label: Number
    shortest: 2
    tries: 4
    no_input: [{en: Nothing., es: Nada.}, {en: Still nothing., es: x}, {en: Once more., es: x}]
    no_match: [{en: Two digits., es: x}, {en: "Two digits, {caller:digits}.", es: x}]
    then: right
  right: {kind: confirm, prompt: {en: Right?, es: x}, no_input: [{en: Well?, es: x}, {}], yes: person, no: number}
  person: {kind: to_queue, queue: billing}
"""


def test_each_failure_may_have_words_of_its_own() -> None:
    dialogue, _ = begun({"caller": "12"}, main=LADDERS)

    def silent() -> list[str]:
        dialogue.prompt_ended(MONDAY)
        return words(dialogue.tick(dialogue.next_deadline() or 0.0))

    assert silent() == ["Nothing.", "Number?"]
    assert words(dialogue.key_pressed("*", MONDAY + 90)) == ["Two digits, one two.", "Number?"]
    assert silent() == ["Once more.", "Number?"]
    dialogue.key_pressed("1", MONDAY + 190)
    assert words(press(dialogue, "1#", MONDAY + 190)) == ["Right?"]
    assert silent() == ["Well?", "Right?"]
    assert silent() == ["Right?"]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("tries: 4", "tries: 3", "main.yaml:10:5: `tries` is 3, so nobody hears more than 2 of these 3"),
        ("{en: Still nothing., es: x}", "{en: Still nothing.}", "main.yaml:10:43: nothing is said in es"),
        ("{caller:digits}", "{caler:digits}", "main.yaml:11:47: nothing sets 'caler'"),
        ("{caller:digits}", "{caller:date}", "main.yaml:11:47: {caller:date} cannot be read out"),
        ("[{en: Well?, es: x}, {}]", "[]", "main.yaml:13:65: nothing here; expected what is said"),
        ("[{en: Well?, es: x}, {}]", "Well?", "expected what is said"),
    ],
)
def test_mistakes_in_a_list_of_words_are_told_at_their_place(old: str, new: str, told: str) -> None:
    assert any(told in line for line in mistakes(main=LADDERS.replace(old, new)))


def test_a_confirmation_is_a_menu_of_two_keys() -> None:
    text = """\
start: number
nodes:
  number:
    {kind: collect, prompt: {en: Number?, es: x}, variable: number, label: Number, longest: 2, then: right}
  right: {kind: confirm, prompt: {en: "{number:digits}, right?", es: x}, yes: person, no: number, no_key: "9"}
  person: {kind: to_queue, queue: billing}
"""
    dialogue, _ = begun({}, main=text)
    dialogue.key_pressed("1", MONDAY)
    assert words(dialogue.key_pressed("2", MONDAY)) == ["one two, right?"]
    assert words(dialogue.key_pressed("9", MONDAY + 1)) == ["Number?"]
    for key in "34":
        dialogue.key_pressed(key, MONDAY + 2)
    assert dialogue.key_pressed("1", MONDAY + 3)[-1] == Leave(ToQueue("billing"))
    assert [visit.label for visit in dialogue.path] == ["Number", "Not right", "Number", "Right"]


# -- sub-flows ---------------------------------------------------------------------------------------------------------

OUTER = """\
start: hello
nodes:
  hello: {kind: say, prompt: {en: Hello., es: x}, then: who}
  who: {kind: sub_flow, flow: who, then: bye}
  bye: {kind: hang_up, prompt: {en: "Goodbye {name}.", es: x}}
"""
WHO = """\
start: ask
nodes:
  ask: {kind: collect, prompt: {en: Who?, es: x}, variable: number, label: Number, longest: 1, then: find}
  find: {kind: look_up, look_up: customer, by: number, found: done, not_found: ask, failed: person}
  done: {kind: return, prompt: {en: Thank you., es: x}}
  person: {kind: to_queue, queue: billing}
"""


def test_through_another_flow_and_back() -> None:
    dialogue, _ = begun({}, outer=OUTER, who=WHO)
    assert words(dialogue.prompt_ended(MONDAY)) == ["Who?"]
    assert dialogue.flow.name == "who"
    dialogue.key_pressed("7", MONDAY + 1)
    assert words(dialogue.answered("found", {"name": "Ann"}, MONDAY + 2)) == ["Thank you."]
    assert words(dialogue.prompt_ended(MONDAY + 3)) == ["Goodbye Ann."]
    assert dialogue.flow.name == "outer"


def test_another_process_goes_on_in_the_sub_flow_and_comes_back() -> None:
    first, _ = begun({}, outer=OUTER, who=WHO)
    first.prompt_ended(MONDAY)
    flows = read(outer=OUTER, who=WHO)
    dialogue = Dialogue.restored(flows[FlowName("who")], first.save(), flows)
    assert words(dialogue.start(MONDAY + 9)) == ["Who?"]
    dialogue.key_pressed("7", MONDAY + 10)
    dialogue.answered("found", {"name": "Ann"}, MONDAY + 11)
    assert words(dialogue.prompt_ended(MONDAY + 12)) == ["Goodbye Ann."]


def test_a_return_where_nobody_has_come_from_is_the_end() -> None:
    dialogue, _ = begun({}, who=WHO)
    dialogue.key_pressed("7", MONDAY)
    dialogue.answered("found", {}, MONDAY)
    (left,) = dialogue.prompt_ended(MONDAY + 1)
    assert isinstance(left, Leave)


@pytest.mark.parametrize(
    ("outer", "who", "told"),
    [
        (("flow: who", "flow: woh"), ("", ""), "outer.yaml:4:31: unknown flow 'woh'; did you mean 'who'?"),
        (("", ""), ("failed: person", "failed: done"), "outer.yaml:5:37: 'name' is not known on every way"),
        (("", ""), ("Thank you.", "'{caler}'"), "who.yaml:5:37: nothing sets 'caler'; did you mean 'caller'?"),
        (
            ("", ""),
            ("person: {kind: to_queue, queue: billing}", "person: {kind: sub_flow, flow: outer, then: done}"),
            "who.yaml:6:34: a flow that leads through itself: who -> outer -> who",
        ),
    ],
)
def test_what_can_only_be_seen_of_all_flows_together(outer: tuple[str, str], who: tuple[str, str], told: str) -> None:
    assert any(told in line for line in mistakes(outer=OUTER.replace(*outer), who=WHO.replace(*who)))


def test_a_flow_whose_file_is_missing() -> None:
    """Which is told by whoever looks for it."""
    company = Company(["en", "es"], ["billing"], flows=["outer", "who"])
    assert flows_of({FlowName("outer"): Source(OUTER, "outer.yaml")}, company)


def test_a_variable_that_two_flows_take_for_different_things() -> None:
    number = "  set: {kind: set, values: {number: '1'}, types: {number: number}, then: bye}\n"
    text = OUTER.replace("flow: who, then: bye}\n", "flow: who, then: set}\n" + number)
    assert mistakes(outer=text, who=WHO)[0].endswith("elsewhere")


# -- secrets -----------------------------------------------------------------------------------------------------------

SECRET = """\
start: pin
nodes:
  pin: {kind: collect, prompt: {en: PIN?, es: x}, variable: pin, label: PIN, longest: 4, secret: true, then: which}
  which: {kind: branch, cases: [{when: pin == "1234", then: person}]}
  person: {kind: to_queue, queue: billing}
"""


def test_a_secret_may_decide_but_not_be_told() -> None:
    assert read(main=SECRET)
    for line in (
        '  which: {kind: say, prompt: {en: "{pin}", es: x}, then: person}',
        '  which: {kind: set, values: {copy: pin + "0"}, then: person}',
    ):
        spoilt = "\n".join(line if "kind: branch" in old else old for old in SECRET.splitlines())
        assert all("'pin' is a secret" in told for told in mistakes(main=spoilt))


# -- what is known already ---------------------------------------------------------------------------------------------


def test_what_an_earlier_flow_has_asked_is_not_asked_again() -> None:
    flows = read(who=WHO)
    dialogue = Dialogue(flows[FlowName("who")], "en", {"caller": "", "number": "7"}, flows)
    (ask,) = dialogue.start(MONDAY)
    assert isinstance(ask, Ask)
    assert words(dialogue.answered("not_found", {}, MONDAY)) == ["Who?"], "another one is wanted"


def test_a_restart_does_not_make_him_type_it() -> None:
    hello = "nodes:\n  hello: {kind: say, prompt: {en: Hello., es: x}, then: ask}"
    flows = read(who=WHO.replace("start: ask", "start: hello").replace("nodes:", hello))
    first = Dialogue(flows[FlowName("who")], "en", {"number": "7"}, flows)
    first.start(MONDAY)
    dialogue = Dialogue.restored(flows[FlowName("who")], first.save(), flows)
    dialogue.start(MONDAY + 1)
    assert isinstance(dialogue.prompt_ended(MONDAY + 2)[-1], Ask)


# -- an answer that takes its time -------------------------------------------------------------------------------------

SLOW = """\
start: find
nodes:
  find:
    {kind: look_up, look_up: customer, by: caller, found: bye, failed: person, waiting: {en: One moment., es: x}}
  bye: {kind: hang_up, prompt: {en: "Hello {name}.", es: x}}
  person: {kind: to_queue, queue: billing}
"""


def test_he_is_told_that_it_takes_some_time_and_hears_it_to_its_end() -> None:
    dialogue, _ = begun({"caller": "+4930"}, main=SLOW)
    assert dialogue.next_deadline() == MONDAY + 1
    assert words(dialogue.tick(MONDAY + 1)) == ["One moment."]
    assert dialogue.answered("found", {"name": "Ann"}, MONDAY + 1.2) == ()
    assert words(dialogue.prompt_ended(MONDAY + 2)) == ["Hello Ann."]


def test_the_deadline_counts_from_the_question() -> None:
    dialogue, _ = begun({"caller": "+4930"}, main=SLOW)
    dialogue.tick(MONDAY + 1)
    dialogue.prompt_ended(MONDAY + 2)
    assert dialogue.next_deadline() == MONDAY + 5
    assert dialogue.tick(MONDAY + 4.9) == ()
    assert dialogue.tick(MONDAY + 5) == (Leave(ToQueue("billing")),)
    assert dialogue.answered("found", {"name": "Ann"}, MONDAY + 6) == ()


def test_a_quick_answer_is_not_announced() -> None:
    dialogue, _ = begun({"caller": "+4930"}, main=SLOW)
    assert words(dialogue.answered("found", {"name": "Ann"}, MONDAY + 0.5)) == ["Hello Ann."]


def test_a_secret_of_one_flow_is_none_to_be_told_in_another() -> None:
    main = """\
start: pin
nodes:
  pin: {kind: collect, prompt: {en: PIN?, es: x}, variable: pin, label: PIN, secret: true, then: on}
  on: {kind: sub_flow, flow: other, then: bye}
  bye: {kind: hang_up}
"""
    other = """\
start: tell
nodes:
  tell: {kind: say, prompt: {en: "It is {pin:digits}.", es: x}, then: keep}
  keep: {kind: set, values: {copy: pin}, then: again}
  again: {kind: collect, prompt: {en: PIN?, es: x}, variable: pin, label: PIN, then: back}
  back: {kind: return}
"""
    assert mistakes(main=main, other=other) == [
        "other.yaml:3:34: 'pin' is a secret, and this would be said, sent or written down",
        "other.yaml:4:36: 'pin' is a secret, and this would be said, sent or written down",
        "other.yaml:5:3: 'pin' is a secret elsewhere; say `secret: true` here, too",
    ]
