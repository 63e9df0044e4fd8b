"""What callers do in a rehearsal, and what is told when it goes otherwise."""

import pytest

from ivr.files.mistakes import Mark, Mistake
from ivr.flow.flow import Flow
from ivr.flow.settings import FlowName, NodeId
from ivr.hours import Hours, Span
from ivr.nodes.hang_up import HangUpNode
from ivr.nodes.menu import Choice, MenuNode
from ivr.nodes.opening_hours import HoursNode
from ivr.nodes.record import RecordNode
from ivr.rehearsal.coverage import coverage
from ivr.rehearsal.telling import failure_told
from tests.ivr.flows import MENU, SERVICE, flow, said
from tests.ivr.rehearsal.written import rehearsed, wrong

MESSAGE = RecordNode(said("speak"), NodeId("bye"), NodeId("person"), silence=5.0, longest=10.0)
OFFICE = Flow(
    FlowName("office"),
    NodeId("hours"),
    {
        NodeId("hours"): HoursNode("office", NodeId("day"), NodeId("night")),
        NodeId("day"): HangUpNode(said("good day")),
        NodeId("night"): HangUpNode(said("good night")),
    },
    NodeId("day"),
    hours={"office": Hours(tuple(Span(day, 9 * 60, 17 * 60) for day in range(5)), "Europe/Berlin")},
)


@pytest.mark.parametrize(
    "steps",
    [
        "- hears: ONE or   two",
        "- {presses: '1', hears: your number}",
        "- {presses: '11001', hears: [you owe 120 euros, zero for a person]}",
        "- {presses: '11001', knows: {number: '1001', name: Ann}, sees: [Billing, 'Customer number: 1001']}",
        "- {presses: '1999#', hears: one or two}",
        "- {presses: '2', hears: goodbye, ends: hang_up}",
        "- {waits: 5.9}\n- {presses: '2', ends: hang_up}",
        "- {waits: 18, hears: [nothing heard, nothing heard], ends: {queue: billing}}",
        "- {presses: '1', hears: your number}\n- {presses: '100'}\n- {waits: 4, hears: one or two}",
        "- {presses: '9', hears: [not that key, one or two]}",
        "- {presses: '11001', answer: failed, ends: {queue: billing}}",
        "- {presses: '11001', answer: never, ends: to_queue}",
        "- {presses: '11001', answer: {balance: '7', currency: EUR}, hears: you owe 7 euros}",
        "- {presses: '11001', answer_after: 4.9, hears: you owe}",
        "- {presses: '11001', answer_after: 5.1, ends: to_queue}",
        "- {presses: '1100111001', answer: [not_found, found], hears: you owe}",
        "- interrupts: '1'\n- interrupts: '1001'\n- hears: you owe",
        "- hears: one or two\n- hangs_up",
        "language: zh\nsteps: [{hears: 中 one or two}]",
        "answers: {find: failed}\nsteps: [{presses: '11001', ends: to_queue}]",
        "known: {number: '1001'}\nsteps: [{presses: '1', hears: you owe}]",
        "{caller: '', steps: [{knows: {caller: ''}}]}",
        "{caller: '+1', dialled: '5', steps: [{knows: {caller: '+1', dialled: '5'}}]}",
    ],
)
def test_what_goes_as_it_is_written(steps: str) -> None:
    assert wrong(steps) == ""


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        ("- hears: three", "he hears no 'three', but: one or two"),
        ("- hears: [two, one]", "he hears no 'one' (it is there, but earlier), but: one or two"),
        ("- {presses: '1', hears: one or two}", "he hears no 'one or two', but: your number"),
        ("- {presses: '1', hears: your number}\n- {presses: '1', hears: x}", "nothing, and the flow waits for him"),
        ("- presses: '2'\n- presses: '1'", "d.yaml:8:7: the call is over already (hang_up)"),
        ("- ends: hang_up", "the call should be over, but the flow waits for the caller"),
        ("- {presses: '2', ends: to_queue}", "it should end with to_queue, but does with hang_up"),
        ("- {waits: 18, ends: {queue: x}}", "it should end with queue 'x', but that is 'billing'"),
        ("- {waits: 18, ends: {que: x}}", "it ends with to_queue, which has no `que`; did you mean 'queue'?"),
        ("- {presses: '2', ends: {queue: x}}", "it ends with hang_up, which has no `queue`"),
        ("- {says: 3}", "he is not recorded here"),
        ("- {presses: '1'}\n- {interrupts: '2'}\n- {interrupts: '3'}", "nothing is said that he could interrupt"),
        ("- {presses: '1', answer: found}", "nothing asks for the answer 'found'"),
        ("- {presses: '11001', answer: lost}", "find is not answered by 'lost'; there are 'failed', 'found', 'never'"),
        ("- {presses: '11001', answer: {nam: A}}", "find learns no 'nam'; did you mean 'name'?"),
        ("- {presses: '11001', answer: {balance: x}}", "balance: 'x' is no number"),
        ("- {presses: '11001', answer: {due: soon}}", "due: 'soon' is no date such as 2026-11-22"),
        ("- {knows: {number: '1'}}", "`number` should be '1', but it is not known"),
        ("- {presses: '1100', knows: {caller: '1'}}", "`caller` should be '1', but it is '+4930555010'"),
        ("- {presses: '2', sees: Billing}", "the agent sees no 'Billing', but: Nothing"),
        ("- {sees: Billing}", "the agent sees no 'Billing', but: nothing of his way"),
    ],
)
def test_what_goes_otherwise_is_told_at_its_step(steps: str, told: str) -> None:
    mistake = wrong(steps)
    assert mistake.startswith("d.yaml:")
    assert told in mistake


def test_a_question_without_an_answer_is_told() -> None:
    mistake = wrong("- presses: '11001'", "flow: test\ndialogues:\n")
    assert mistake.endswith("'customer 1001' is asked by find; say the answer under `answers`, or with `answer`")


def test_a_failure_shows_the_dialogue_as_it_went() -> None:
    outcome = rehearsed("- presses: '11001'\n- {presses: '0', ends: hang_up}")
    assert list(failure_told(outcome)) == [
        "d.yaml:6: one",
        "    hears       one or two",
        "    presses     11001",
        "    hears       your number",
        "    is asked    customer 1001: found",
        "    hears       you owe 120 euros and 50 cents",
        "    hears       zero for a person",
        "    presses     0",
        "    ends        to_queue: queue billing",
        "  > d.yaml:8:7: it should end with hang_up, but does with to_queue",
    ]


@pytest.mark.parametrize("file", [f"{'a folder/' * 7}d.yaml", f"{'a folder/' * 15}d.yaml", f"{'x' * 200}/d.yaml"])
def test_a_place_is_never_broken(file: str) -> None:
    outcome = rehearsed("- presses: '11001'\n- {presses: '0', ends: hang_up}")
    mistake = Mistake(file, Mark(8, 7), "it should end with hang_up, but does with to_queue")
    told = list(failure_told(outcome._replace(mistake=mistake)))
    assert sum(f"{file}:8:7:" in line for line in told) == 1
    assert " ".join(" ".join(told).split()).endswith(str(mistake))


@pytest.mark.parametrize(
    "steps",
    [
        "- {presses: '3', hears: speak}\n- {says: 4, hears: goodbye, ends: hang_up}",
        "- presses: '3'\n- {says: 1, ends: to_queue}",
        "- presses: '3'\n- {presses: '#', ends: to_queue}",
        "- presses: '3'\n- presses: '5'\n- {says: 2, ends: hang_up}",
        "- presses: '3'\n- {waits: 4.9}\n- {says: 2, ends: hang_up}",
        "- presses: '3'\n- {waits: 5, ends: to_queue}",
    ],
)
def test_messages(steps: str) -> None:
    menu = MenuNode(
        prompt=MENU.prompt, choices={"3": Choice(NodeId("message"), {"en": "A message"})}, give_up=NodeId("bye")
    )
    leaving = flow(menu=menu, message=MESSAGE)
    assert wrong(steps, "flow: leaving\ndialogues:\n", leaving=leaving) == ""


@pytest.mark.parametrize(
    ("at", "hears"),
    [
        ("wed 10:00", "good day"),
        ("wed 08:59", "good night"),
        ("sun 10:00", "good night"),
        ("2026-07-06 09:00", "good day"),
        ("2026-07-06 17:00", "good night"),
    ],
)
def test_the_time_of_the_call_is_the_centres(at: str, hears: str) -> None:
    steps = f"at: {at}\nsteps: [{{hears: {hears}}}]"
    assert wrong(steps, "flow: office\ndialogues:\n", office=OFFICE) == ""


def test_coverage_tells_nodes_and_ways_that_nobody_came_along() -> None:
    outcome = rehearsed("- presses: '11001'\n- {presses: '0', ends: to_queue}")
    service = {outcome.script.flow: SERVICE}
    found = coverage(service, [outcome.trail])[outcome.script.flow]
    assert (found.nodes, found.new_nodes) == (7, ("bye",))
    assert [(of, way.name) for of, way in found.new_ways] == [
        ("menu", "2"),
        ("menu", "give_up"),
        ("number", "give_up"),
        ("find", "not_found"),
        ("find", "failed"),
        ("more", "give_up"),
    ]
    assert (found.ways, found.hidden_ways) == (11, 0)
    assert found.share == pytest.approx(11 / 18)
    assert coverage(service, [])[outcome.script.flow].share == 0.0
