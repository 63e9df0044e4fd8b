"""A caller is put through to another number, if the centre's list has it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cti.model import Speech
from ivr.dialogue.interpreter import Dialogue, Leave, PutThrough, Say, Step, Transfer, Visit, Visited
from ivr.dialogue.walk import PUT_THROUGH_AT_MOST
from ivr.files.mistakes import FileMistakes
from ivr.flow.flow import Flow
from ivr.flow.node import KEYS
from ivr.flow.numbers import allows, an_example, number_for
from ivr.flow.settings import FlowName, NodeId
from ivr.nodes.transfer import PUT_THROUGH, TransferNode
from ivr.reading.flow_text import Company, Source, flows_of
from tests.ivr.flows import flow, said

ALLOWED = {"office": "+49301234567", "desks": "2XX", "star": "*21#"}
OFFICE = Transfer("office", "+49301234567")
NOT_TODAY = (Say((Speech("goodbye", "en"),)),)


def to(number: str, **values: str) -> Dialogue:
    """A dialogue that is about to begin with a transfer to that number."""
    node = TransferNode(number, said("one moment"), NodeId("bye"))
    made = flow(start="out", out=node)
    return Dialogue(Flow(made.name, made.start, made.nodes, made.otherwise, numbers=ALLOWED), "en", values)


def asked(dialogue: Dialogue) -> tuple[Step, ...]:
    """What is wanted when the prompt is over."""
    assert dialogue.start(0.0) == (Say((Speech("one moment", "en"),)),)
    return dialogue.prompt_ended(2.0)


def test_he_is_told_and_put_through() -> None:
    dialogue = to("office")
    assert asked(dialogue) == (PutThrough("+49301234567"),)
    assert (dialogue.bound_for, dialogue.over) == ("+49301234567", False)
    visited = Visited(Visit(NodeId("out"), PUT_THROUGH["en"], "+49301234567"))
    assert dialogue.put_through(2.5) == (visited, Leave(OFFICE))
    assert (dialogue.bound_for, dialogue.over, dialogue.next_deadline()) == ("", True, None)
    assert [(visit.node, visit.way) for visit in dialogue.walked()] == [("out", "transfer")]
    assert dialogue.put_through(3.0) == ()


def test_a_key_cuts_the_prompt_short_and_nothing_else() -> None:
    dialogue = to("office")
    dialogue.start(0.0)
    assert dialogue.key_pressed("5", 1.0)[1:] == (PutThrough("+49301234567"),)
    assert dialogue.key_pressed("6", 1.1) == ()
    assert dialogue.prompt_ended(1.2) == ()


def test_a_pbx_that_refuses_leads_on_in_the_flow() -> None:
    dialogue = to("office")
    asked(dialogue)
    assert dialogue.not_put_through(2.5) == NOT_TODAY
    assert dialogue.put_through(2.6) == (), "too late"
    assert [(visit.node, visit.way) for visit in dialogue.walked()] == [("out", "failed"), ("bye", "")]


def test_a_pbx_that_does_not_answer_leads_on_too() -> None:
    dialogue = to("office")
    asked(dialogue)
    assert dialogue.next_deadline() == 2.0 + PUT_THROUGH_AT_MOST
    assert dialogue.tick(2.0 + PUT_THROUGH_AT_MOST) == NOT_TODAY


def test_after_a_restart_he_is_put_through_all_the_same() -> None:
    dialogue = to("office")
    asked(dialogue)
    assert asked(Dialogue.restored(dialogue.flow, dialogue.save())) == (PutThrough("+49301234567"),)


@pytest.mark.parametrize(("typed", "number"), [("214", "214"), ("office", "+49301234567"), ("*21#", "*21#")])
def test_a_variable_may_name_what_the_list_allows(typed: str, number: str) -> None:
    assert asked(to("{where}", where=typed)) == (PutThrough(number),)


@pytest.mark.parametrize(
    "typed", ["112", "2", "21", "2144", "21X", "desks", "", " 214", "+214", "２14", "0049301234567"]
)
def test_what_is_not_on_the_list_is_never_dialled(typed: str) -> None:
    assert to("{where}", where=typed).start(0.0) == NOT_TODAY


def test_a_variable_that_is_not_known_is_nobody() -> None:
    assert to("{where}").start(0.0) == NOT_TODAY


@given(st.text(st.sampled_from(KEYS + "+"), max_size=14))
def test_whatever_is_typed_what_is_dialled_is_on_the_list(typed: str) -> None:
    number = number_for(typed, ALLOWED)
    assert not number or number in {"+49301234567", "*21#"} or (len(number) == 3 and number[0] == "2")
    assert number in {"", typed}


def test_a_pattern_allows_numbers_of_its_length_only() -> None:
    assert [one for one in range(10_000) if allows("2XX", str(one))] == list(range(200, 300))
    assert not allows("+491X", "+491")
    assert allows("+491X", an_example("+491X"))


# -- files -------------------------------------------------------------------------------------------------------------

FILE = """\
start: out
nodes:
  out: {kind: transfer, to: office}
  bye: {kind: hang_up}
"""


def read(text: str) -> Flow:
    """A flow of a centre with that list."""
    company = Company(["en"], ["billing"], numbers=ALLOWED)
    return flows_of({FlowName("test"): Source(text, "f.yaml")}, company)[FlowName("test")]


def test_from_a_file() -> None:
    found = read(FILE)
    assert found.nodes[NodeId("out")] == TransferNode("office", failed=NodeId("bye"))
    assert found.numbers == ALLOWED


@pytest.mark.parametrize(
    ("number", "told"),
    [
        ("offce", "f.yaml:3:29: `transfer_numbers` of the centre's file has no 'offce'; did you mean 'office'?"),
        ("desks", "f.yaml:3:29: 'desks' stands for many numbers (2XX); say which one by a variable, such as {number}"),
        ('"+49301234567"', "f.yaml:3:29: '+49301234567' is not right; expected the name of one of the centre's"),
        ('"1{where}"', "f.yaml:3:29: '1{where}' is not right; expected the name of one of the centre's"),
        ('"{where}"', "f.yaml:3:29: nothing sets 'where'; there are 'caller', 'dialled'"),
        ("office, failed: by", "f.yaml:3:45: unknown node 'by'; did you mean 'bye'?"),
    ],
)
def test_a_mistake_is_told_with_its_place(number: str, told: str) -> None:
    with pytest.raises(FileMistakes) as refused:
        read(FILE.replace("office}", f"{number}}}"))
    assert told in str(refused.value)


def test_a_flow_needs_another_exit_for_those_who_cannot_be_put_through() -> None:
    with pytest.raises(FileMistakes, match="a caller could never leave this flow"):
        read("start: out\nnodes:\n  out: {kind: transfer, to: office}\n")


def test_a_secret_is_never_dialled() -> None:
    question = "ask: {kind: collect, variable: pin, secret: true, label: PIN, then: out, prompt: {en: PIN}}"
    text = FILE.replace("start: out", "start: ask").replace("to: office", 'to: "{pin}"') + f"  {question}\n"
    with pytest.raises(FileMistakes, match="'pin' is a secret"):
        read(text)
