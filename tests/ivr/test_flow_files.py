"""Flows from files, and all that can be wrong with one."""

import contextlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.edge.flow_files import read_text
from ivr.files.mistakes import FileMistakes
from ivr.flow.flow import Flow
from ivr.flow.settings import FlowName, NodeId, Recorded
from ivr.nodes.collect import CollectNode
from ivr.nodes.look_up import LookUpNode
from ivr.nodes.menu import MenuNode
from ivr.nodes.to_queue import ToQueueNode
from ivr.reading.flow_text import Company, Source, flows_of
from ivr.speech.sounds import fixed_sounds

GOOD = """\
start: menu
nodes:
  menu:
    kind: menu
    prompt: {en: Press 1., zh: 请按一。}
    choices:
      1: {to: number, label: Billing}
    no_input: {en: Nothing., zh: 没有。}
  number:
    kind: collect
    prompt: {en: Your number, zh: {recording: custom/number}}
    variable: number
    label: Number
    then: find
    give_up: bye
  find:
    kind: look_up
    look_up: customer
    by: number
    found: balance
    not_found: menu
  balance:
    kind: say
    prompt: {en: "{name}, you owe {balance:money}.", zh: "{name}，{balance:money}。"}
    then: person
  bye: {kind: hang_up}
  person: {kind: to_queue, queue: billing}
"""
SHOW = "queue: billing, show: [{label: N, text: '{number}'}]}"


def read(text: str) -> Flow:
    """A flow of a centre that speaks two languages and has two queues."""
    return flows_of({FlowName("test"): Source(text, "f.yaml")}, Company(["en", "zh"], ["billing", "products"]))[
        FlowName("test")
    ]


def mistakes(text: str) -> list[str]:
    """What is told of a flow that is refused."""
    with pytest.raises(FileMistakes) as refused:
        read(text)
    return str(refused.value).splitlines()


def changed(*changes: tuple[str, str]) -> list[str]:
    """What is told of the good flow after changes."""
    text = GOOD
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return mistakes(text)


def test_what_agents_see_need_not_be_known() -> None:
    """Whoever gives up the first menu has typed no number."""
    node = read(GOOD.replace("queue: billing}", SHOW)).nodes[NodeId("person")]
    assert isinstance(node, ToQueueNode)
    assert [one.label for one in node.show] == [{"en": "N", "zh": "N"}]


def test_no_agent_sees_a_secret() -> None:
    told = changed(("queue: billing}", SHOW), ("label: Number\n", "label: Number\n    secret: true\n"))
    assert any("'number' is a secret, and this would be said" in line for line in told), told


def test_a_flow_with_its_defaults() -> None:
    flow = read(GOOD)
    assert flow.otherwise == "person"
    menu, number, find = (flow.nodes[NodeId(name)] for name in ("menu", "number", "find"))
    assert isinstance(menu, MenuNode)
    assert menu.give_up == "person"
    assert (menu.tries, menu.wait) == (3, 6.0)
    assert isinstance(number, CollectNode)
    assert number.prompt["zh"] == Recorded("custom/number")
    assert (number.give_up, number.shortest, number.longest, number.terminator) == ("bye", 1, 20, "#")
    assert isinstance(find, LookUpNode)
    assert (find.not_found, find.failed, find.timeout) == ("menu", "person", 5.0)


@pytest.mark.parametrize(
    ("given", "english", "chinese"),
    [
        ("Number", "Number", "Number"),
        ("{zh: 号码, en: Number}", "Number", "号码"),
        ("{zh: 号码}", "号码", "号码"),
    ],
)
def test_a_label_has_words_in_every_language(given: str, english: str, chinese: str) -> None:
    flow = read(GOOD.replace("label: Number", f"label: {given}"))
    assert list(flow.label_at("number", "4711").items()) == [("en", english), ("zh", chinese)]
    assert flow.label_at("menu", "1") == {"en": "Billing", "zh": "Billing"}
    assert flow.label_at("menu", "2") == flow.label_at("bye", "") == flow.label_at("gone", "") == {}


def test_what_can_be_spoken_before_anybody_calls() -> None:
    assert sorted(str(sound) for sound in fixed_sounds(read(GOOD))) == [
        "Recording(name='custom/number')",
        "Speech(text='Nothing.', language='en')",
        "Speech(text='Press 1.', language='en')",
        "Speech(text='Your number', language='en')",
        "Speech(text='没有。', language='zh')",
        "Speech(text='请按一。', language='zh')",
    ]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("to: number", "to: nummber", "f.yaml:7:15: unknown node 'nummber'; did you mean 'number'?"),
        ("start: menu", "start: home", "f.yaml:1:8: unknown node 'home'; there are "),
        ("queue: billing", "queue: biling", "f.yaml:27:35: unknown queue 'biling'; did you mean 'billing'?"),
        (
            "queue: billing}",
            SHOW.replace("number", "nummber"),
            "f.yaml:27:68: nothing sets 'nummber'; did you mean 'number'?",
        ),
        (
            "queue: billing}",
            SHOW.replace("number", "number:digits"),
            "f.yaml:27:68: slots look like {name} here",
        ),
        ("queue: billing}", "queue: billing, head_start: 3601}", "f.yaml:27:56: '3601' is not right; expected seconds"),
        ("kind: say", "kind: sayy", "f.yaml:23:11: 'sayy' is no kind of node; did you mean 'say'?"),
        ("    kind: say\n", "", "f.yaml:23:5: `kind` is missing"),
        ("    variable: number\n", "", "f.yaml:10:5: `variable` is missing: a variable's name"),
        ("give_up: bye", "giveup: bye", "f.yaml:15:5: there is no setting 'giveup' here; did you mean 'give_up'?"),
        ("give_up: bye", "tries: many", "f.yaml:15:12: 'many' is not right; expected how often it is asked"),
        ("give_up: bye", "tries: 99", "f.yaml:15:12: '99' is not right; expected how often it is asked (at least 1"),
        ("give_up: bye", "secret: maybe", "f.yaml:15:13: 'maybe' is not right; expected true or false"),
        ("give_up: bye", "wait: .inf", "f.yaml:15:11: '.inf' is not right; expected seconds"),
        ("give_up: bye", "longest: 3\n    shortest: 5", "f.yaml:16:15: `shortest` is 5, but `longest` is 3"),
        ("give_up: bye", "terminator: 5", "f.yaml:15:17: a digit cannot end a number that holds digits"),
        ("give_up: bye", "label:", "f.yaml:15:5: 'label' is there already, in line 13"),
        ("label: Number", "label:", "f.yaml:13:11: nothing here; expected a few words for the agent's screen"),
        ("label: Number", "label: {de: Nummer}", "f.yaml:13:13: unknown language 'de'; there are 'en', 'zh'"),
        ("label: Number", "label: {}", "f.yaml:13:12: nothing here; expected a few words for the agent's screen"),
        ("label: Number", "label: [a]", "f.yaml:13:12: expected a few words for the agent's screen"),
        ("1: {to", '"1\\n": {to', "f.yaml:7:7: '1\\n' is not right; expected a key of a telephone"),
        ("Press 1.", "x" * 100_000, "expected words to say (at most 2,000 characters; these are 100,000)"),
        ("1: {to", "12: {to", "f.yaml:7:7: '12' is not right; expected a key of a telephone"),
        ("look_up: customer", "look_up: bil", "f.yaml:18:14: unknown look up 'bil'; did you mean 'bill'?"),
        (", zh: 请按一。}", "}", "f.yaml:5:5: nothing is said in zh; the centre speaks it"),
        ("zh: 请按一。", "de: Bitte", "f.yaml:5:28: unknown language 'de'; there are 'en', 'zh'"),
        (
            "{balance:money}。",
            "{balance:monny}。",
            "f.yaml:24:58: {balance:monny} cannot be read out",
        ),
        (
            "{name}, you",
            "{name:money}, you",
            "24:18: {name:money} cannot be read out: 'name' is of type text; write {name} or {name:digits} or",
        ),
        ("{balance:money}。", "{balance:date}。", "'balance' is of type money; write {balance} or {balance:money}"),
        ("{balance:money}。", "{balance:ordinal:f}。", "{balance:ordinal:f} cannot be read out"),
        ("{balance:money}。", "{balance:money:f}。", "{balance:money:f} cannot be read out; did you mean 'money'"),
        ("Press 1.", '"Press {Name}"', "f.yaml:5:18: a brace that belongs to no slot"),
        ("by: number", "by: nummber", "f.yaml:19:9: nothing sets 'nummber'; did you mean 'number'?"),
        ("Your number", '"Your {name}"', "'name' is not known on every way that leads to 'number'"),
        ("Nothing.", '"{balance:money}"', "'balance' is not known on every way that leads to 'menu'"),
        ("then: person", "then: balance", "an endless ring that never waits for the caller: balance -> balance"),
        ("to: number", "to: person", "f.yaml:9:3: no way leads to 'number'"),
        (
            "prompt: {en: Press 1., zh: 请按一。}",
            "prompt: hello",
            "f.yaml:5:13: expected what is said, by language, not",
        ),
        (
            "start: menu",
            "start: menu\notherwise: menu",
            "f.yaml:2:12: 'menu' must be a node of kind to_queue, hang_up or return",
        ),
        ("custom/number", "../../etc/passwd", "expected a sound file as Asterisk names it"),
    ],
)
def test_a_mistake_is_told_with_its_place(old: str, new: str, told: str) -> None:
    assert any(told in line for line in changed((old, new))), changed((old, new))


def test_all_mistakes_are_told_at_once() -> None:
    told = changed(
        ("to: number", "to: x"), ("kind: say", "kind: y"), (", zh: 没有。", ""), ("queue: billing", "queue: z")
    )
    assert [line.split(":")[1] for line in told] == ["7", "8", "23", "27"]


def test_a_ring_of_two_is_told_once() -> None:
    ring = GOOD.replace("then: person", "then: again") + (
        "  again: {kind: say, prompt: {en: a, zh: b}, then: balance}\n"
    )
    assert mistakes(ring) == [
        "f.yaml:22:3: an endless ring that never waits for the caller: balance -> again -> balance"
    ]


def test_a_ring_with_a_question_is_no_mistake() -> None:
    assert read(GOOD.replace("then: person", "then: menu")).otherwise == "person"


def test_a_flow_that_cannot_be_left() -> None:
    text = "start: a\nnodes:\n  a: {kind: say, prompt: {en: x, zh: y}, then: a}\n"
    assert mistakes(text) == [
        "f.yaml:2:1: no node of kind to_queue, hang_up or return: a caller could never leave this flow"
    ]


@pytest.mark.parametrize("text", ["[]", "start", "start: a", "nodes: {}\nstart: a", "start: [a]\nnodes: b"])
def test_what_is_no_flow_at_all(text: str) -> None:
    assert mistakes(text)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    for content, told in ((b"start: \xe4\n", "1:8: not UTF-8 (byte 0xe4)"), (None, "cannot be read: No such file")):
        path = tmp_path / "flow.yaml"
        path.unlink(missing_ok=True)
        if content is not None:
            path.write_bytes(content)
        with pytest.raises(FileMistakes) as refused:
            flows_of({FlowName("x"): Source(read_text(path), str(path))}, Company(["en"], []))
        assert told in str(refused.value)


@settings(max_examples=200)
@given(st.integers(0, len(GOOD)), st.integers(0, 30), st.text(max_size=8))
def test_a_flow_that_was_torn_is_read_or_refused(at: int, length: int, instead: str) -> None:
    """Whatever a slip of the hand does to a file, nothing but `FileMistakes` comes of it."""
    with contextlib.suppress(FileMistakes):
        read(GOOD[:at] + instead + GOOD[at + length :])
