"""Rehearsals with every kind of node, read from files as the centre reads them."""

import subprocess
from datetime import date
from pathlib import Path

import pytest

from ivr.drawing.graph import dot_of
from ivr.flow.flow import Flow
from ivr.flow.settings import FlowName
from ivr.hours import Hours, Span
from ivr.reading.flow_text import Company, Source, flows_of
from ivr.rehearsal.coverage import coverage
from ivr.rehearsal.line import What
from ivr.rehearsal.reading import Centre, scripts_of
from ivr.rehearsal.rehearse import rehearse
from tests.ivr.rehearsal.written import rehearsed, wrong

HERE = Path(__file__).parent
OFFICE = Hours(tuple(Span(day, 9 * 60, 17 * 60) for day in range(5)), closed=frozenset({date(2026, 12, 25)}))
HEAD = """\
flow: everything
answers:
  shop GET /stock/1: {pieces: "12"}
  verify 1001 4711: verified
  verify: wrong
  create ticket: {ticket_number: "77"}
dialogues:
"""


@pytest.fixture(scope="module")
def flows() -> dict[str, Flow]:
    """Both of this folder."""
    names = ("everything", "identity")
    sources = {FlowName(name): Source((HERE / f"{name}.yaml").read_text(encoding="utf-8"), name) for name in names}
    company = Company(
        ["en", "zh"],
        ["billing"],
        hours={"office": OFFICE},
        numbers={"office": "100"},
        flows=names,
        entered=names[:1],
    )
    return {str(name): flow for name, flow in flows_of(sources, company).items()}


DIALOGUES = [
    "- {presses: '3', asks: shop GET /stock/1, hears: There are many, ends: hang_up}",
    "- {presses: '3', answer: {pieces: '3'}, hears: There are only 3}",
    "- {presses: '3', answer: {pieces: '0'}, ends: hang_up}",
    "- {presses: '3', answer: not_found, ends: hang_up}",
    "- {presses: '3', answer: never, hears: One moment, ends: hang_up}",
    "- {presses: '3', answer_after: 2, hears: [One moment, There are many]}",
    "- {presses: '2', hears: 二、三、四}\n- {presses: '3', hears: 有many}",
    "- presses: '410014711'\n- {presses: '1', asks: 'create ticket (subject A complaint of 1001', hears: seven}",
    "- presses: '410014711'\n- {presses: '2', hears: Your number}",
    "- presses: '410014711'\n- {presses: '1', answer: failed, ends: hang_up}",
    "- presses: '410014711'\n- {waits: 18, ends: hang_up}",
    "- {presses: '410019999', hears: Your PIN}\n- {presses: '4711', hears: Are you one zero zero one}",
    "- {presses: '410014711', answer: locked, hears: Too many wrong ones, ends: hang_up}",
    "- {presses: '410014711', answer: failed, ends: hang_up}",
    "- presses: '4'\n- {waits: 24, ends: hang_up}",
    "- presses: '41001'\n- {waits: 24, ends: hang_up}",
    "- {presses: '5', hears: One moment, sees: Put through, ends: {to: office, number: '100'}}",
    "- {presses: '5', answer: failed, asks: transfer 100, ends: hang_up}",
    "{answers: {transfer 100: failed}, steps: [{presses: '5', ends: hang_up}]}",
    "- {waits: 18, ends: hang_up}",
    "{at: sat 10:00, steps: [{hears: It is late}]}",
    "{at: 2026-12-25 10:00, steps: [{hears: It is a holiday}]}",
]


def test_every_kind_of_node_goes_as_it_is_written_and_every_way_is_covered(flows: dict[str, Flow]) -> None:
    known = Centre({FlowName(name): flow for name, flow in flows.items()}, ["en", "zh"], "UTC")
    trails = []
    for steps in DIALOGUES:
        entry = "  one:\n" + "".join(f"    {line}\n" for line in steps.splitlines())
        (script,) = scripts_of(HEAD + entry, "d.yaml", known)
        outcome = rehearse(script, known.flows)
        assert outcome.mistake is None, (steps, str(outcome.mistake))
        trails.append(outcome.trail)
    for name, found in coverage(known.flows, trails).items():
        assert (name, found.new_nodes, found.new_ways) == (name, (), ())


def test_a_pin_is_not_in_what_is_told_of_a_question(flows: dict[str, Flow]) -> None:
    outcome = rehearsed("- presses: '410014711'", HEAD, **flows)
    assert [one.text for one in outcome.story if one.what is What.IS_ASKED] == ["verify 1001: verified"]


def test_a_transfer_is_refused_or_it_is_not(flows: dict[str, Flow]) -> None:
    told = wrong("- {presses: '5', answer: then}", HEAD, **flows)
    assert "office is not answered by 'then'; there is only 'failed'" in told


def test_what_is_asked_otherwise_is_told(flows: dict[str, Flow]) -> None:
    steps = "- presses: '410014711'\n- {presses: '1', asks: create callback}"
    told = wrong(steps, HEAD, **flows)
    assert (
        "the flow asks no 'create callback', but: create ticket (subject A complaint of 1001, language en): then"
        in told
    )
    assert "the flow asks no 'x', but: nothing of others" in wrong("- {asks: x}", HEAD, **flows)


@pytest.mark.parametrize("language", ["en", "zh", "es"])
def test_every_kind_of_node_can_be_drawn(flows: dict[str, Flow], language: str) -> None:
    for flow in flows.values():
        drawn = subprocess.run(["dot", "-Tsvg"], input=dot_of(flow, language).encode(), capture_output=True, check=True)
        assert all(f">{node}<".encode() in drawn.stdout for node in flow.nodes)
