"""What `center.yaml` and the flows say about who gets a call, and what can be wrong with it."""

import time
from pathlib import Path

import pytest

from acd.model import QueueName
from acd.plan import Familiar
from acd.routing.requirement import written
from ivr.flow.settings import FlowName, NodeId
from ivr.nodes.to_queue import Need, ToQueueNode
from tests.config.test_center_file import SMALL, doubts, load, mistakes


def test_a_number_and_a_flow_may_ask_for_something(tmp_path: Path) -> None:
    text = SMALL.replace("closed_flow: main}", 'closed_flow: main, requires: "talking>=3"}')
    flow = (
        "start: a\nnodes:\n  a: {kind: to_queue, queue: help, requires: [{skills: talking}, {skills: any, after: 9}]}\n"
    )
    plan = load(tmp_path, text, flow)
    assert [written(step.need) for step in plan.entry_points["1000"].requires] == ["talking>=3"]
    node = plan.flows[FlowName("main")].nodes[NodeId("a")]
    assert isinstance(node, ToQueueNode)
    assert node.requires == (Need("talking"), Need("any", 9.0))


@pytest.mark.parametrize(
    ("requires", "told"),
    [
        ("taking", "main.yaml:3:46: 'taking', at its character 1: there is no skill 'taking'; did you mean"),
        ('"talking & {x}"', "main.yaml:3:46: nothing sets 'x'"),
        ('"{caller} & taking"', "at its character 12: there is no skill 'taking'"),
        ('"{caller}>=12"', "'{caller}>=12', at its character 11: a level from 1 to 10 was expected"),
        ('"{caller:digits}"', "{caller:digits} is no name of a skill; write {caller}"),
        ("[{skills: talking, after: 3}]", "the first step begins at once, so without `after`"),
        ("[{skills: talking}, {skills: any}]", "a step begins `after` the one before it"),
        ("[{skills: '{x}'}]", "main.yaml:3:56: nothing sets 'x'"),
    ],
)
def test_what_a_flow_asks_for_is_checked(tmp_path: Path, requires: str, told: str) -> None:
    flow = f"start: a\nnodes:\n  a: {{kind: to_queue, queue: help, requires: {requires}}}\n"
    assert any(told in line for line in mistakes(tmp_path, SMALL, flow)), mistakes(tmp_path, SMALL, flow)


def test_all_that_is_wrong_with_an_expression_is_told_where_it_stands(tmp_path: Path) -> None:
    wrong = "taking>=12 & talkin | talking>=0"
    center = SMALL.replace("talking>=2", f'"{wrong}"').replace(
        "closed_flow: main}", "closed_flow: main, requires: tlk}"
    )
    flow = (
        f"start: a\nnodes:\n  a:\n    kind: to_queue\n    queue: help\n    requires: >-\n      {{caller}} & {wrong}\n"
    )
    told = [line.split(": ")[0] + line.partition("character")[2] for line in mistakes(tmp_path, center, flow)]
    hint = "did you mean 'talking'?"
    assert [line.rpartition("/")[2] for line in told] == [
        f"center.yaml:5:83 1: there is no skill 'tlk'; {hint}",
        f"center.yaml:12:21 1: there is no skill 'taking'; {hint}",
        "center.yaml:12:29 9: a level from 1 to 10 was expected, not '12'",
        f"center.yaml:12:34 14: there is no skill 'talkin'; {hint}",
        "center.yaml:12:52 32: a level from 1 to 10 was expected, not '0'",
        f"main.yaml:7:18 12: there is no skill 'taking'; {hint}",
        "main.yaml:7:26 20: a level from 1 to 10 was expected, not '12'",
        f"main.yaml:7:31 25: there is no skill 'talkin'; {hint}",
        "main.yaml:7:49 43: a level from 1 to 10 was expected, not '0'",
    ]


def test_thousands_of_wrong_names_among_thousands_are_told_soon(tmp_path: Path) -> None:
    """To find what each could be meant for would take a minute, and only the first hundred are told."""
    skills = ", ".join(["talking", *(f"skill-number-{n}" for n in range(1500))])
    queues = "".join(f"  q{n}: {{requires: skil-numbr-{n}x}}\n" for n in range(1500))
    text = SMALL.replace("[talking]", f"[{skills}]").replace("queues:\n", "queues:\n" + queues)
    before = time.process_time()
    told = mistakes(tmp_path, text)
    assert time.process_time() - before < 15
    assert told[0].endswith("there is no skill 'skil-numbr-0x'; did you mean 'skill-number-0'?")
    assert told[-1] == "... and 1,400 more"


@pytest.mark.parametrize(
    ("agent", "told"),
    [
        ("ana", "main.yaml:3:43: unknown agent 'ana'; did you mean 'ann'?"),
        ('"{owner}"', "main.yaml:3:43: nothing sets 'owner'"),
        ('"{owner} or ann"', "is not right; expected the name of an agent, or a variable such as {owner}"),
    ],
)
def test_whom_a_flow_names_is_checked(tmp_path: Path, agent: str, told: str) -> None:
    flow = f"start: a\nnodes:\n  a: {{kind: to_queue, queue: help, agent: {agent}}}\n"
    assert any(told in line for line in mistakes(tmp_path, SMALL, flow)), mistakes(tmp_path, SMALL, flow)


@pytest.mark.parametrize(
    ("preferred", "who", "wait"),
    [
        ("{who: owner}", (Familiar.OWNER,), 20.0),
        ("{who: last_agent, wait: 0}", (Familiar.LAST_AGENT,), 0.0),
        ("{who: both, wait: 45}", (Familiar.OWNER, Familiar.LAST_AGENT), 45.0),
    ],
)
def test_a_queue_says_whom_it_prefers(tmp_path: Path, preferred: str, who: tuple[Familiar, ...], wait: float) -> None:
    plan = load(tmp_path, SMALL.replace("talking>=2}", f"talking>=2, preferred: {preferred}}}"))
    assert plan.queues[QueueName("help")].preferred == who
    assert plan.queues[QueueName("help")].preferred_wait == wait


def test_a_word_for_nobody_is_told(tmp_path: Path) -> None:
    (told,) = mistakes(tmp_path, SMALL.replace("talking>=2}", "talking>=2, preferred: {who: last_agnt}}"))
    assert told.startswith(
        "center.yaml:12:49: 'last_agnt' is no kind of agent whom a customer knows; did you mean 'last_agent'"
    )


def test_what_a_number_asks_for_is_checked(tmp_path: Path) -> None:
    text = SMALL.replace("closed_flow: main}", "closed_flow: main, requires: taking}")
    (told,) = mistakes(tmp_path, text)
    assert told.startswith("center.yaml:5:83: 'taking', at its character 1: there is no skill 'taking'")


@pytest.mark.parametrize("first", ["fit_best", "fit_nearest"])
def test_parts_that_are_opposites_are_doubtful(tmp_path: Path, first: str) -> None:
    second = {"fit_best": "fit_nearest", "fit_nearest": "fit_best"}[first]
    lines = doubts(tmp_path, SMALL.replace("talking>=2}", f"talking>=2, prefers: [{first}, load, {second}]}}"))
    assert any(f"`{second}` decides nothing behind `{first}`: they are opposites" in line for line in lines)
    lines = doubts(tmp_path, SMALL.replace("talking>=2}", f"talking>=2, prefers: [{first}, load]}}"))
    assert not any("opposites" in line for line in lines)
