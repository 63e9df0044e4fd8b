"""Agents' time with several callers at once: the books have all of it, once by the clock and once by contact."""

import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from acd.events import AfterCallWorkEnded, AgentStateChanged
from acd.model import AgentId, InteractionId
from acd.people.agents import AfterCallWork, Busy, Ready, Reserved
from acd.requests import FinishWrapUp
from tests.acd.busy_day import BusyDay, KeptRows
from tests.acd.centre import Centre
from tests.acd.company import BILLING, agent, company, queue

ANNA = AgentId("anna")


@pytest.fixture
def two_lines() -> Centre:
    """Anna is alone, takes two calls, and writes each up for as long as she likes."""
    centre = Centre(company(queue(BILLING, wrap_up=None), agents=(replace(agent("anna", billing=5), capacity=2),)))
    centre.connect()
    centre.ready("anna")
    return centre


def test_what_was_hidden_is_shown_from_the_moment_on_at_which_it_is(two_lines: Centre) -> None:
    """She writes up the first call while she talks with the second caller; her two talks are one stay after another."""
    centre = two_lines
    start = centre.now
    centre.wait(10.0)
    first = centre.call_billing()
    centre.wait(5.0)
    centre.connect_call(first)
    centre.wait(20.0)
    second = centre.call_billing()
    centre.wait(5.0)
    centre.connect_call(second)
    centre.wait(30.0)
    one, two = centre.interaction(first).id, centre.interaction(second).id
    centre.hang_up(first)
    centre.wait(40.0)
    centre.hang_up(second)
    centre.wait(7.0)
    for of in (one, two):
        centre.tell(FinishWrapUp(centre.request_id(), ANNA, of))
        centre.wait(3.0)
    found = [
        (type(said.state), said.state.since - start, said.others)
        for said in centre.every(AgentStateChanged)[1:]  # the first is her log-in
    ]
    assert found == [
        (Ready, 0.0, 0),
        (Reserved, 10.0, 0),
        (Busy, 15.0, 0),
        (Busy, 35.0, 1),
        (Busy, 70.0, 1),
        (AfterCallWork, 110.0, 1),
        (AfterCallWork, 117.0, 0),
        (Ready, 120.0, 0),
    ]
    assert [(said.interaction, said.since - start, said.at - start) for said in centre.every(AfterCallWorkEnded)] == [
        (one, 70.0, 117.0),
        (two, 110.0, 120.0),
    ]


@given(st.integers(0, 1_000_000))
@settings(max_examples=300)
def test_states_follow_each_other_and_hold_all_of_the_time(seed: int) -> None:
    day = BusyDay()
    day.run(random.Random(seed), 60)
    changes = [fact for fact in day.facts if isinstance(fact, AgentStateChanged)]
    for name in {change.agent for change in changes}:
        for before, after in pairwise([change for change in changes if change.agent == name]):
            assert after.previous == before.state
            assert after.others_before == before.others
            assert after.state.since >= before.state.since
    times, work = day.in_state.copy(), day.for_contacts.copy()
    for row in KeptRows(day.facts).of("agent_states"):
        until = row.get("ended")
        seconds = (day.centre.now if until is None else until) - row["since"]
        assert seconds >= 0
        times[row["agent"], row["state"]] -= seconds
        if row["state"] in {"reserved", "busy", "after_call_work"}:
            work[row["agent"]] -= seconds * (1 + row["others"])
    assert {what: round(seconds, 3) for what, seconds in times.items() if abs(seconds) > 0.001} == {}
    assert {who: round(seconds, 3) for who, seconds in work.items() if abs(seconds) > 0.001} == {}


@given(st.integers(0, 1_000_000))
@settings(max_examples=40)
def test_after_call_work_is_counted_for_each_contact(seed: int) -> None:
    day = BusyDay()
    day.run(random.Random(seed), 40)
    day.end()
    kept = day.writing.copy()
    for row in KeptRows(day.facts).of("after_call_work"):
        kept[InteractionId(row["interaction"])] -= row["ended"] - row["since"]
    assert {of: seconds for of, seconds in kept.items() if abs(seconds) > 0.001} == {}
