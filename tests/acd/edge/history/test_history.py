"""What the brain says is in the database, once, whole, and the same on both."""

import pytest
from msgspec.structs import replace
from sqlalchemy import select

from acd.edge import tables
from acd.edge.database import Database
from acd.edge.history import History
from acd.edge.history_reader import HistoryReader, ask
from acd.edge.history_records import StateInterval, StoredAction, StoredCallback
from acd.events import (
    AgentStateChanged,
    CallbackRequested,
    CenterEvent,
    CustomerIdentified,
    QueuesChosen,
    RepairMade,
    SegmentClosed,
    SupervisorActed,
    TalkEnded,
    WrapUpChosen,
)
from acd.figures import Tally
from acd.model import (
    ActionId,
    AgentId,
    Customer,
    CustomerKnown,
    InteractionId,
    InteractionOutcome,
    PhoneKind,
    QueueName,
    ReservationId,
    SegmentId,
    SegmentOutcome,
    UserId,
    WrapUpCode,
)
from acd.people.agents import BackToBreak, Busy, LoggedOut, NotReady, Ready, Reserved
from acd.recovery.survivors import Survivors
from acd.remembered import AgentRemembered, QueuesRemembered
from acd.routing.explanation import explained
from acd.waiting.estimate import Forecast
from cti.model import CallerId
from tests.acd.edge.history.books import counted, everything, nobody_listens
from tests.acd.edge.history.calls import (
    ANNA,
    BILLING,
    PATH,
    WHY,
    answered_call,
    closed,
    day,
    entered,
    left,
    started,
)


async def tell(history: History, *events: CenterEvent) -> None:
    """Tell, and wait until the database has it."""
    for event in events:
        history.told(event)
    assert await history.flush(20.0)


async def test_an_answered_call_is_kept_whole(history: History, reader: HistoryReader) -> None:
    await tell(history, *answered_call("i1", 1000.1))
    found = await reader.interaction(InteractionId("i1"))
    assert found is not None
    assert (found.caller_number, found.caller_name, found.customer) == ("+442079460123", "张伟", "1001")
    assert (found.started, found.ended, found.outcome) == (1000.1, 1098.1, "answered")
    assert found.path == PATH
    (segment,) = found.segments
    assert (segment.queue, segment.outcome, segment.agents) == (BILLING, SegmentOutcome.ANSWERED, (ANNA,))
    assert segment.wait == 1018.1 - 1010.1
    (reservation,) = found.reservations
    assert (reservation.outcome, reservation.decision) == ("accepted", explained(WHY))
    (talk,) = found.talks
    assert (talk.started, talk.ended, talk.ended_by) == (1018.1, 1078.1, "customer")
    (wrap_up,) = found.wrap_ups
    assert (wrap_up.code, wrap_up.note) == ("paid", "has paid; 已付")
    assert not found.verified


async def test_whether_he_has_proved_who_he_is_is_kept_of_the_customer_that_is_kept(
    history: History, reader: HistoryReader
) -> None:
    of = InteractionId("i1")

    async def kept(*events: CenterEvent) -> tuple[str, bool]:
        await tell(history, *events)
        found = await reader.interaction(of)
        assert found is not None
        return found.customer, found.verified

    proved = CustomerIdentified(of, CustomerKnown(Customer("1002", "Eva"), typed=True, verified=True))
    assert await kept(started("i1", 1000.0), proved) == ("1002", True)
    assert await kept(CustomerIdentified(of, CustomerKnown(Customer("1001", "Anna"), typed=True))) == ("1001", False)
    over = closed("i1", 1000.0, 1060.0, InteractionOutcome.SELF_SERVED)
    assert await kept(replace(over, verified=True)) == ("1001", True)


async def test_why_somebody_left_and_who_wants_to_be_called_back(history: History, reader: HistoryReader) -> None:
    of, stay = InteractionId("i1"), SegmentId("i1-s")
    outcome, foretold = SegmentOutcome.CALLBACK_REQUESTED, Forecast(2, 40.0, 1002.0, 0.0, 60.0)
    await tell(
        history,
        started("i1", 1000.0),
        SegmentClosed(stay, of, BILLING, 1001.0, 1031.0, outcome, 30.0, (), "key", foretold),
        CallbackRequested(stay, of, BILLING, "+49301", 1031.0),
    )
    found = await reader.interaction(of)
    assert found is not None
    assert [(one.outcome, one.cause) for one in found.segments] == [(outcome, "key")]
    (segment,) = found.segments
    assert (segment.place, segment.predicted, segment.told_at) == (2, 40.0, 1002.0)
    assert (segment.told_low, segment.told_high) == (0.0, 60.0)
    assert await reader.later_callbacks(1031.0) == [StoredCallback(stay, of, BILLING, "+49301", 1031.0)]
    assert await reader.later_callbacks(1032.0) == []


async def test_states_of_an_agent_follow_each_other_without_gaps(history: History, reader: HistoryReader) -> None:
    await tell(history, *answered_call("i1", 1000.0))
    intervals = await reader.intervals(ANNA, 0.0)
    assert intervals == [
        StateInterval(ANNA, "not_ready", "lunch", 950.0, 1000.0),
        StateInterval(ANNA, "ready", "", 1000.0, 1015.0),
        StateInterval(ANNA, "reserved", "i1", 1015.0, 1018.0),
        StateInterval(ANNA, "busy", "i1", 1018.0, 1078.0),
        StateInterval(ANNA, "after_call_work", "i1", 1078.0, 1098.0),
        StateInterval(ANNA, "ready", "", 1098.0, None),
    ]


async def test_telling_everything_twice_changes_nothing(history: History, database: Database) -> None:
    events, _ = day(1, 60)
    await tell(history, *events)
    once = await everything(database)
    await tell(history, *events)
    assert await everything(database) == once
    await tell(history, *events[len(events) // 2 :])
    assert await everything(database) == once


@pytest.mark.parametrize("lost", ["opening", "nothing"])
async def test_a_closing_event_makes_its_row_whole(
    history: History, database: Database, reader: HistoryReader, lost: str
) -> None:
    openings = {"InteractionStarted", "SegmentOpened", "TalkStarted"}
    events = answered_call("i1", 1000.0)
    kept = [event for event in events if lost == "nothing" or type(event).__name__ not in openings]
    await tell(history, *kept)
    rows = await everything(database)
    assert all(row["ended"] is not None for table in ("interactions", "segments", "talks") for row in rows[table])
    found = await reader.interaction(InteractionId("i1"))
    assert found is not None
    assert (found.started, found.segments[0].entered, found.talks[0].started) == (1000.0, 1010.0, 1018.0)


async def test_the_ledger_counts_every_ending(history: History, reader: HistoryReader) -> None:
    events, expected = day(2, 400)
    await tell(history, *events)
    assert await counted(reader) == expected
    assert history.written == history.told_count
    assert (history.lost, history.unreadable, history.failures) == (0, 0, 0)


async def test_the_ledger_shows_a_leak(history: History, reader: HistoryReader) -> None:
    await tell(
        history,
        started("i1", 1.0),
        entered("i1", BILLING, 2.0),
        closed("i1", 1.0, 3.0, InteractionOutcome.FAILED),
    )
    ledger = await reader.ledger(0.0)
    assert not ledger.balanced
    assert ledger.leaks == {"segments": 1, "reservations": 0, "talks": 0}
    assert (await reader.ledger(2.5)).queues == ()


async def test_figures_of_today_are_added_up_again(history: History, reader: HistoryReader) -> None:
    await tell(
        history,
        *answered_call("i1", 1000.0),
        entered("i2", BILLING, 10.0),
        left("i2", BILLING, 10.0, 20.0, SegmentOutcome.ABANDONED),
        entered("i3", BILLING, 1000.0),
    )
    remembered = await reader.figures(500.0, 2000.0, {BILLING: 5.0})
    tally = Tally()
    tally.add(SegmentOutcome.ANSWERED, 8.0, 5.0)
    assert remembered.figures == {BILLING: tally}
    assert (await reader.figures(0.0, 500.0, {})).figures[BILLING].abandoned == 1


async def test_the_last_state_of_an_agent_is_remembered(history: History, database: Database) -> None:
    bert = AgentId("bert")
    busy = Busy(30.0, InteractionId("i9"), BackToBreak("lunch"))
    out = LoggedOut(40.0)
    await tell(
        history,
        AgentStateChanged(ANNA, LoggedOut(0.0), NotReady(10.0, "login"), PhoneKind.BROWSER),
        AgentStateChanged(ANNA, NotReady(10.0, "login"), busy, PhoneKind.BROWSER),
        AgentStateChanged(bert, Ready(20.0), out, PhoneKind.DESK),
    )
    assert sorted(await history.agent_states(), key=lambda one: one.agent) == [
        AgentRemembered(ANNA, busy, PhoneKind.BROWSER),
        AgentRemembered(bert, out, PhoneKind.DESK),
    ]


async def test_the_queues_that_an_agent_has_left_are_remembered(history: History) -> None:
    bert = AgentId("bert")
    sales = QueueName("sales")
    await tell(
        history,
        QueuesChosen(ANNA, (BILLING,), "", 10.0),
        QueuesChosen(bert, (BILLING, sales), "Sam", 20.0),
        QueuesChosen(ANNA, (), "Sam", 30.0),
    )
    assert await history.left_queues() == QueuesRemembered({ANNA: (), bert: (BILLING, sales)})


async def test_what_a_supervisor_has_done_is_kept_with_his_name(history: History, reader: HistoryReader) -> None:
    given = SupervisorActed(
        ActionId("x1"), UserId("sam"), "Sam", "assign", InteractionId("i1"), ANNA, "billing", "anna", 5.0
    )
    set_so = NotReady(2000.0, "lunch", by="Sam")
    await tell(
        history,
        *answered_call("i1", 1000.0),
        given,
        given,
        AgentStateChanged(ANNA, Ready(1098.0), set_so, PhoneKind.DESK),
    )
    known = await reader.interaction(InteractionId("i1"))
    assert known is not None
    assert known.actions == (StoredAction("Sam", "assign", ANNA, "billing", "anna", 5.0),)
    assert (await history.agent_states())[0].state == set_so
    by = await ask(reader._database, select(tables.agent_states.c.by).order_by(tables.agent_states.c.since))
    assert [row[0] for row in by][-2:] == ["", "Sam"]


async def test_a_state_that_a_killed_process_left_open_ends_when_the_next_begins(
    history: History, reader: HistoryReader
) -> None:
    desk = PhoneKind.DESK
    await tell(
        history,
        AgentStateChanged(ANNA, LoggedOut(0.0), NotReady(10.0, "login"), desk),
        AgentStateChanged(ANNA, NotReady(10.0, "login"), Ready(20.0), desk),
        # killed here; the next process takes him for logged out before it knows better
        AgentStateChanged(ANNA, LoggedOut(0.0), NotReady(70.0, "restarted"), desk),
    )
    assert [(one.state, one.since, one.ended) for one in await reader.intervals(ANNA, 0.0)] == [
        ("not_ready", 10.0, 20.0),
        ("ready", 20.0, 70.0),
        ("not_ready", 70.0, None),
    ]


async def test_two_states_in_one_instant(history: History, reader: HistoryReader) -> None:
    desk = PhoneKind.DESK
    first, second = Ready(10.0), Reserved(10.0, ReservationId("r1"), InteractionId("i1"), 25.0)
    await tell(
        history,
        AgentStateChanged(ANNA, NotReady(5.0, "login"), first, desk),
        AgentStateChanged(ANNA, first, second, desk),
        AgentStateChanged(ANNA, second, Ready(12.0), desk),
    )
    intervals = await reader.intervals(ANNA, 10.0)
    assert [(one.state, one.since, one.ended) for one in intervals] == [
        ("ready", 10.0, 10.0),
        ("reserved", 10.0, 12.0),
        ("ready", 12.0, None),
    ]


async def test_a_stay_goes_on_when_only_what_comes_after_it_changes(history: History, reader: HistoryReader) -> None:
    """She wishes for a break while she talks: the talk is not over in the books."""
    busy = Busy(10.0, InteractionId("i1"))
    wished = Busy(10.0, InteractionId("i1"), BackToBreak("lunch"))
    desk = PhoneKind.DESK
    await tell(history, AgentStateChanged(ANNA, Ready(5.0), busy, desk), AgentStateChanged(ANNA, busy, wished, desk))
    assert [(one.state, one.ended) for one in await reader.intervals(ANNA, 0.0)] == [("ready", 10.0), ("busy", None)]
    await tell(history, AgentStateChanged(ANNA, wished, NotReady(70.0, "lunch"), desk))
    assert (await reader.intervals(ANNA, 6.0))[0].ended == 70.0


async def test_a_clock_that_goes_back_makes_no_negative_interval(history: History, reader: HistoryReader) -> None:
    await tell(history, AgentStateChanged(ANNA, Ready(50.0), NotReady(40.0, "lunch"), PhoneKind.DESK))
    assert all(one.ended is None or one.ended >= one.since for one in await reader.intervals(ANNA, 0.0))


async def test_the_last_choice_of_a_wrap_up_code_counts(history: History, reader: HistoryReader) -> None:
    of = InteractionId("i1")
    first = WrapUpChosen(of, ANNA, WrapUpCode("paid"), "", 10.0)
    second = WrapUpChosen(of, ANNA, WrapUpCode("complaint"), "angry", 11.0)
    await tell(history, started("i1", 1.0), first, second, first)
    found = await reader.interaction(of)
    assert found is not None
    assert [(one.code, one.note, one.at) for one in found.wrap_ups] == [("complaint", "angry", 11.0)]


async def test_what_the_pbx_no_longer_knows_is_closed(
    history: History, database: Database, reader: HistoryReader
) -> None:
    answered = answered_call("talked", 100.0)
    ringing = answered_call("rang", 200.0)
    await tell(
        history,
        *answered[:10],  # up to the talk
        *ringing[:6],  # up to the reservation
        *answered_call("known", 300.0)[:6],
        started("menu", 400.0),
        *answered_call("later", 900.0)[:10],
    )
    assert [one.id for one in await reader.open_interactions()] == ["talked", "rang", "known", "menu", "later"]
    still = Survivors(frozenset({InteractionId("known")}), frozenset({SegmentId("known-s")}))
    assert await history.close_orphans(still, 800.0, nobody_listens) == 3
    outcomes = {row["id"]: row["outcome"] for row in (await everything(database))["interactions"]}
    assert outcomes == {"talked": "answered", "rang": "failed", "menu": "failed", "known": None, "later": None}
    ledger = await reader.ledger(0.0)
    assert ledger.balanced
    (queue,) = ledger.queues
    assert (queue.entered, queue.still_open) == (4, 1)
    assert (queue.outcomes[SegmentOutcome.ANSWERED], queue.outcomes[SegmentOutcome.FAILED]) == (2, 1)
    lost = await reader.interaction(InteractionId("rang"))
    assert lost is not None
    assert lost.cause == "lost while down"
    assert [(one.outcome, one.cause) for one in lost.reservations] == [("withdrawn", "lost while down")]
    assert await history.close_orphans(still, 800.0, nobody_listens) == 0


async def test_the_truth_takes_the_place_of_what_was_assumed(history: History, reader: HistoryReader) -> None:
    events = answered_call("i1", 100.0)
    await tell(history, *events[:10])
    await history.close_orphans(Survivors(), 500.0, nobody_listens)
    await tell(history, *events[10:])
    found = await reader.interaction(InteractionId("i1"))
    assert found is not None
    assert (found.outcome, found.cause, found.ended) == ("answered", "", 198.0)
    assert found.talks[0].ended_by == "customer"


async def test_what_is_of_the_moment_is_not_kept(history: History) -> None:
    await tell(history, RepairMade("answer missed", "pbx1/1.2"))
    assert history.told_count == 0


@pytest.mark.parametrize("name", ["\0nul\0", "\x01\x1f", "'; DROP TABLE interactions; --", "𝔘" * 5000, "<b>"])
async def test_names_from_outside_are_text(history: History, reader: HistoryReader, name: str) -> None:
    event = started("i1", 1.0)
    await tell(history, type(event)(event.interaction, event.call, CallerId("\0", name), "1", "main", 1.0))
    found = await reader.interaction(InteractionId("i1"))
    assert found is not None
    assert found.caller_name == name.replace("\0", "\ufffd")
    assert history.unreadable == 0


async def test_a_fact_that_no_database_takes_does_not_hold_up_the_others(
    history: History, reader: HistoryReader
) -> None:
    poison = TalkEnded(InteractionId("i1"), SegmentId("s1"), ANNA, float("inf"), 9.0, "customer")
    surrogate = WrapUpChosen(InteractionId("i1"), ANNA, WrapUpCode("paid"), "\ud800", 9.0)
    await tell(history, started("i1", 1.0), poison, surrogate, started("i2", 2.0))
    assert history.unreadable == 2
    assert [one.id for one in await reader.open_interactions()] == ["i1", "i2"]


async def test_an_unknown_interaction_is_none(history: History, reader: HistoryReader) -> None:
    assert history.ready
    assert await reader.interaction(InteractionId("no such")) is None
