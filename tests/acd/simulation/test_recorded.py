"""A day that storage tells, as shifts: what the agents of a replay do of themselves, and what is left to the rules."""

import math

import msgspec
import pytest

from acd.model import AgentId, InteractionId, PhoneKind, QueueName, SegmentOutcome, VoicemailId
from acd.people.occupancy import PastWork
from acd.simulation.messages import LeftMessage
from acd.simulation.outcome import Outcome
from acd.simulation.people import Break, Caller, Shift
from acd.simulation.recorded import OTHER_WORK, SOONER, RecordedCall, RecordedDay, RecordedState, back_after, shifts_of
from acd.simulation.world import World
from cti.model import NodeName
from tests.acd.company import BILLING, PRODUCTS, SERVICE_NUMBER, company, queue

DAWN = 1_800_000_000.0
ANNA = AgentId("anna")
BEN = AgentId("ben")
PLAN = company(queue(BILLING, wrap_up=20.0), queue(PRODUCTS))


def state(name: str, since: float, until: float, cause: str = "") -> RecordedState:
    return RecordedState(ANNA, name, cause, DAWN + since, DAWN + until, PhoneKind.DESK)


def call(interaction: str, agent: AgentId | str = ANNA) -> RecordedCall:
    return RecordedCall(
        interaction=InteractionId(interaction),
        dialled=SERVICE_NUMBER,
        number="",
        node=NodeName("pbx1"),
        queue=QueueName(BILLING),
        entered=DAWN + 10,
        last_queue=QueueName(BILLING),
        outcome=SegmentOutcome.ANSWERED,
        wait=2.0,
        agent=agent,
    )


def shift_of(*states: RecordedState, calls: tuple[RecordedCall, ...] = (), past: PastWork | None = None) -> Shift:
    day = RecordedDay(
        DAWN, DAWN + 1000, calls, states, frozenset({"no answer"}), past={ANNA: past} if past is not None else {}
    )
    (shift,) = shifts_of(day, PLAN.agents)
    return shift


def test_from_the_log_in_to_the_log_out() -> None:
    shift = shift_of(state("not_ready", 5, 9, "signed in"), state("ready", 9, 100), state("logged_out", 100, 1000))
    assert (shift.start, shift.ready_after) == (DAWN + 5, 4.0)
    assert shift.end == pytest.approx(DAWN + 100 - SOONER)
    assert (shift.phone, shift.breaks, shift.past) == (PhoneKind.DESK, (), None)


def test_a_break_after_a_call_was_wished_for_before_its_end() -> None:
    shift = shift_of(
        state("ready", 5, 10),
        state("reserved", 10, 12, "i1"),
        state("busy", 12, 40, "i1"),
        state("after_call_work", 40, 50, "i1"),
        state("not_ready", 50, 80, "lunch"),
        state("ready", 80, 90),
        state("not_ready", 90, 95, "break"),
        state("ready", 95, 100),
        calls=(call("i1"),),
    )
    assert [(one.reason, one.length) for one in shift.breaks] == [("lunch", 30.0), ("break", 5.0)]
    assert [one.start - DAWN for one in shift.breaks] == pytest.approx([50 - SOONER, 90])


def test_what_is_not_replayed_keeps_the_agent_from_other_calls() -> None:
    shift = shift_of(
        state("ready", 5, 10),
        state("reserved", 10, 12, "i2"),
        state("busy", 12, 40, "i2"),
        state("after_call_work", 40, 50, "i2"),
        state("ready", 50, 60),
        state("busy", 60, 70, "i1"),
        calls=(call("i1", BEN),),
    )
    assert [(one.reason, one.length) for one in shift.breaks] == [
        (OTHER_WORK, 2.0),
        (OTHER_WORK, 28.0),
        (OTHER_WORK, 10.0),
        (OTHER_WORK, 10.0),
    ]


def test_a_miss_is_no_break_and_takes_as_long_as_it_took() -> None:
    states = (
        state("ready", 5, 10),
        state("not_ready", 10, 40, "no answer"),
        state("ready", 40, 50),
        state("not_ready", 50, 60, "no answer"),
    )
    shift = shift_of(*states)
    assert (shift.breaks, shift.returns) == ((), (30.0, 10.0))
    day = RecordedDay(DAWN, DAWN + 1000, (), states, frozenset({"no answer"}))
    assert (back_after(day, 7.0), back_after(RecordedDay(DAWN, DAWN, (), (), frozenset()), 7.0)) == (30.0, 7.0)


def test_who_was_at_work_when_the_day_began_comes_with_what_he_had_done() -> None:
    past = PastWork(((DAWN - 100, DAWN, True),), DAWN - 10)
    assert shift_of(state("ready", 0, 10), past=past).past == past
    assert shift_of(state("ready", 5, 10), past=past).past is None


def ran(*shifts: Shift, caller: Caller) -> Outcome:
    return World(PLAN, [caller], list(shifts)).run()


def caller(missed: tuple[float, ...] = (), connect: float = 0.0) -> Caller:
    return Caller(DAWN + 10, SERVICE_NUMBER, BILLING, 30.0, wrap_up=5.0, pick_up=2.0, missed=missed, connect=connect)


def test_in_the_replay_who_declines_does_so_at_once_and_is_back_when_he_was() -> None:
    shift = Shift(ANNA, DAWN, DAWN + 500, returns=(25.0,))
    (declined,) = ran(shift, caller=caller(missed=(3.0,))).stays
    assert declined.wait == 3.0 + 25.0 + 2.0
    (rang_out,) = ran(shift, caller=caller(missed=(math.inf,))).stays
    assert rang_out.wait == 15.0 + 25.0 + 2.0
    (late,) = ran(shift, caller=caller(connect=0.5)).stays
    assert late.wait == 2.5


def test_in_the_replay_a_message_is_work_for_who_is_free() -> None:
    left = LeftMessage(
        VoicemailId("v1"), DAWN + 2, QueueName(BILLING), "+4930", InteractionId("i1"), pick_up=1.0, work=30.0
    )
    (stay,) = World(PLAN, [caller()], [Shift(ANNA, DAWN, DAWN + 500)], messages=[left]).run().stays
    assert stay.wait == 2 + 1.0 + 30.0 - 10 + 2.0
    (sooner,) = (
        World(PLAN, [caller()], [Shift(ANNA, DAWN, DAWN + 500)], messages=[msgspec.structs.replace(left, pick_up=9.0)])
        .run()
        .stays
    )
    assert sooner.wait == 2.0  # she has not taken it yet, and the caller comes first


def test_a_message_that_is_replayed_is_no_other_work() -> None:
    states = (state("ready", 5, 10), state("reserved", 10, 12, "t1"), state("busy", 12, 40, "t1"))
    left = LeftMessage(VoicemailId("v1"), DAWN + 2, QueueName(BILLING), "", InteractionId("i1"), 2.0, 28.0)
    day = RecordedDay(DAWN, DAWN + 1000, (), states, frozenset(), {InteractionId("t1"): left})
    assert [shift.breaks for shift in shifts_of(day, PLAN.agents)] == [()]


def test_in_the_replay_nobody_is_asked_before_his_first_ready() -> None:
    (stay,) = ran(Shift(ANNA, DAWN, DAWN + 500, ready_after=60.0), caller=caller()).stays
    assert stay.wait == 50.0 + 2.0


def test_in_the_replay_one_break_follows_the_other() -> None:
    breaks = (Break(DAWN + 5, 25.0, "lunch"), Break(DAWN + 30 - SOONER, 20.0, "training"))
    (stay,) = ran(Shift(ANNA, DAWN, DAWN + 500, breaks), caller=caller()).stays
    assert stay.wait == 40.0 + 2.0


def test_in_the_replay_who_has_worked_before_is_as_busy_as_he_was() -> None:
    """Of two, the one who has talked all the hour before is not the least busy, though he comes first by name."""
    worked = PastWork(((DAWN - 3000, DAWN, True),), DAWN)
    idled = PastWork(((DAWN - 3000, DAWN, False),), DAWN - 3000)
    for anna, ben, first in ((worked, idled, BEN), (idled, worked, ANNA)):
        shifts = (Shift(ANNA, DAWN, DAWN + 500, past=anna), Shift(BEN, DAWN, DAWN + 500, past=ben))
        (stay,) = ran(*shifts, caller=caller()).stays
        assert stay.agent == first
