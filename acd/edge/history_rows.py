"""Which rows a fact of the centre becomes. Every row is an upsert by its key, so telling a fact twice changes nothing.

A fact writes only the columns that it knows, and a closing one knows all that its opening did: the order in
which the two reach the database does not matter, and the loss of one of them loses nothing but what it alone
knew.
"""

from collections.abc import Iterator
from enum import Enum, auto
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Table

from acd.edge import tables, voicemail_rows
from acd.edge.history_facts import CustomerNoted, ReservationNoted, RosterNoted, RowFact
from acd.edge.voicemail_facts import AnyVoicemailFact, VoicemailFact
from acd.events import (
    AfterCallWorkBegan,
    AfterCallWorkEnded,
    AgentStateChanged,
    CallbackRequested,
    InteractionClosed,
    InteractionStarted,
    NodesVisited,
    QueuesChosen,
    ReservationEnded,
    RevisionBegan,
    SegmentClosed,
    SegmentOpened,
    SupervisorActed,
    TalkEnded,
    TalkStarted,
    VoicemailBegun,
    VoicemailDropped,
    VoicemailLeft,
    WrapUpChosen,
)
from acd.model import AgentId
from acd.people.agents import AfterCallWork, AgentState, Busy, LoggedOut, NotReady, Ready, Reserved, tag
from acd.waiting.estimate import Forecast


class Verb(Enum):
    """What a statement does."""

    PUT = auto()
    """Insert the row; where it is there already, write its columns."""
    NOTE = auto()
    """Write the columns of a row that is there already."""
    END_EARLIER = auto()
    """End what an agent was in before, if nobody has: its end was lost with a process that was killed."""


class Kind(NamedTuple):
    """One SQL statement. `newer` names a column in which a row must not go back."""

    verb: Verb
    table: Table
    columns: tuple[str, ...]
    newer: str = ""


class Row(NamedTuple):
    """One row to be written."""

    kind: Kind
    values: dict[str, Any]


def rows_of(fact: RowFact) -> Iterator[Row]:
    """The upserts that make the database know the fact."""
    match fact:
        case InteractionStarted() | InteractionClosed():
            yield from _interaction(fact)
        case CustomerNoted():
            noted = {"id": fact.interaction, "customer": fact.customer, "verified": fact.verified}
            yield _row(tables.interactions, noted, verb=Verb.NOTE)
        case NodesVisited():
            yield from _visits(fact)
        case SegmentOpened() | SegmentClosed():
            yield _segment(fact)
        case CallbackRequested():
            wanted = {"segment": fact.segment, "interaction": fact.interaction, "queue": fact.queue}
            yield _row(tables.later_callbacks, {**wanted, "number": fact.number, "requested": fact.at})
        case ReservationNoted() | ReservationEnded():
            yield _reservation(fact)
        case RosterNoted():
            yield _row(tables.rosters, {"id": fact.id, "agents": list(fact.agents)})
        case TalkStarted() | TalkEnded():
            yield _talk(fact)
        case AgentStateChanged():
            yield from _agent(fact)
        case AfterCallWorkBegan() | AfterCallWorkEnded() | WrapUpChosen():
            yield _afterwards(fact)
        case VoicemailBegun() | VoicemailLeft() | VoicemailDropped() | VoicemailFact():
            yield _voicemail(fact)
        case SupervisorActed():
            done = {"id": fact.action, "supervisor": fact.supervisor, "name": fact.name, "verb": fact.verb}
            about = {"interaction": fact.interaction, "agent": fact.agent, "at": fact.at}
            yield _row(tables.actions, {**done, **about, "before": fact.before, "after": fact.after})
        case QueuesChosen():
            left = {"agent": fact.agent, "left": list(fact.left), "by": fact.by, "at": fact.at}
            yield _row(tables.agent_queues, left, newer="at")
        case RevisionBegan(revision, at, teams, flows, service_levels):
            # As pairs: PostgreSQL and whoever looks with a tool of his own may sort the keys of an object.
            files = [list(file) for file in revision.files.items()]
            said = {
                "id": revision.id,
                "at": at,
                "by": revision.by,
                "summary": revision.summary,
                "files": files,
                "teams": dict(teams),
                "flows": dict(flows),
                "service_levels": dict(service_levels) or None,
            }
            yield _row(tables.revisions, said)


def _interaction(fact: InteractionStarted | InteractionClosed) -> Iterator[Row]:
    values: dict[str, Any] = {
        "id": fact.interaction,
        "call": fact.call,
        "caller_number": fact.caller.number,
        "caller_name": fact.caller.name,
        "dialled": fact.dialled,
        "entry_point": fact.entry_point,
    }
    if isinstance(fact, InteractionStarted):
        yield _row(tables.interactions, {**values, "started": fact.at})
        return
    closing = {"started": fact.started, "ended": fact.at, "outcome": fact.outcome.value, "cause": ""}
    yield _row(tables.interactions, {**values, **closing, "customer": fact.customer, "verified": fact.verified})
    for position, step in enumerate(fact.path):
        place = {"interaction": fact.interaction, "position": position}
        yield _row(tables.path_steps, {**place, **msgspec.structs.asdict(step)})


def _visits(fact: NodesVisited) -> Iterator[Row]:
    for visit in fact.visits:
        yield _row(tables.visits, {"interaction": fact.interaction, **msgspec.structs.asdict(visit)})


def _voicemail(fact: VoicemailBegun | VoicemailLeft | VoicemailDropped | AnyVoicemailFact) -> Row:
    if isinstance(fact, VoicemailFact):
        return _row(tables.voicemails, voicemail_rows.change(fact), verb=Verb.NOTE)
    return _row(tables.voicemails, voicemail_rows.whole(fact))


def _segment(fact: SegmentOpened | SegmentClosed) -> Row:
    values: dict[str, Any] = {
        "id": fact.segment,
        "interaction": fact.interaction,
        "queue": fact.queue,
        "entered": fact.entered,
    }
    if isinstance(fact, SegmentClosed):
        values |= {"ended": fact.at, "outcome": fact.outcome.value, "wait": fact.wait, "agents": list(fact.agents)}
        values |= {"cause": fact.cause, **_foretold(fact.forecast)}
    return _row(tables.segments, values)


def _foretold(forecast: Forecast) -> dict[str, Any]:
    """What was not foretold, or not told, is no zero; and who says the fact again may not know it any more."""
    known: dict[str, Any] = {}
    if forecast.place:
        known |= {"place": forecast.place, "predicted": forecast.predicted, "workers": forecast.agents}
    if forecast.told_at:
        known |= {"told_at": forecast.told_at, "told_low": forecast.told_low, "told_high": forecast.told_high}
    return known


def _reservation(fact: ReservationNoted | ReservationEnded) -> Row:
    values: dict[str, Any] = {
        "id": fact.reservation,
        "interaction": fact.interaction,
        "segment": fact.segment,
        "agent": fact.agent,
    }
    if isinstance(fact, ReservationNoted):
        values |= {"made": fact.at, "until": fact.until, "decision": fact.why}
    else:
        values |= {"made": fact.made, "ended": fact.at, "outcome": fact.outcome.value, "cause": fact.cause}
    return _row(tables.reservations, values)


def _talk(fact: TalkStarted | TalkEnded) -> Row:
    values: dict[str, Any] = {"segment": fact.segment, "agent": fact.agent, "interaction": fact.interaction}
    if isinstance(fact, TalkStarted):
        values |= {"started": fact.at}
    else:
        values |= {"started": fact.started, "ended": fact.at, "ended_by": fact.by}
    return _row(tables.talks, values)


def _afterwards(fact: AfterCallWorkBegan | AfterCallWorkEnded | WrapUpChosen) -> Row:
    of = {"interaction": fact.interaction, "agent": fact.agent}
    if isinstance(fact, AfterCallWorkBegan):
        return _row(tables.after_call_work, {**of, "since": fact.since})
    if isinstance(fact, AfterCallWorkEnded):
        return _row(tables.after_call_work, {**of, "since": fact.since, "ended": fact.at})
    return _row(
        tables.wrap_ups, {**of, "code": fact.code, "note": fact.note, "at": fact.at, "solved": fact.solved}, newer="at"
    )


def _agent(fact: AgentStateChanged) -> Iterator[Row]:
    """The interval that ended, the one that began, and what the agent is now."""
    before, since = fact.previous, fact.state.since
    goes_on = before.since == since and type(before) is type(fact.state)  # only what comes after it is another
    if before.since > 0 and not goes_on:  # at 0 is what an agent is taken to be before anything is known of him
        # A clock that was set back must not make an interval of negative length.
        ended = max(since, before.since)
        yield _row(
            tables.agent_states, {**_interval(fact.agent, before, fact.others_before), "ended": ended}, newer="ended"
        )
    began = _interval(fact.agent, fact.state, fact.others)
    yield _row(tables.agent_states, {**began, "phone": fact.phone.value})
    yield _row(tables.agent_states, {"agent": fact.agent, "ended": since}, verb=Verb.END_EARLIER)
    now = {"agent": fact.agent, "since": since, "state": fact.state, "phone": fact.phone.value}
    yield _row(tables.agents, now, newer="since")


def _interval(agent: AgentId, state: AgentState, others: int) -> dict[str, Any]:
    by = state.by if isinstance(state, Ready | NotReady | LoggedOut) else ""
    known = {"agent": agent, "since": state.since, "state": tag(type(state)), "cause": _cause(state)}
    return {**known, "by": by, "others": others}


def _cause(state: AgentState) -> str:
    """Why the agent is in the state: the reason of a break or of the centre, or the interaction that he works for."""
    match state:
        case NotReady() | LoggedOut():
            return state.reason
        case Reserved() | Busy() | AfterCallWork():
            return state.interaction
        case Ready():
            return ""


def _row(table: Table, values: dict[str, Any], *, newer: str = "", verb: Verb = Verb.PUT) -> Row:
    clean = {name: _text(value) if isinstance(value, str) else value for name, value in values.items()}
    return Row(Kind(verb, table, tuple(clean), newer), clean)


def _text(value: str) -> str:
    """Text that every database takes: PostgreSQL refuses NUL, which a network may send as part of a caller's name."""
    return value.replace("\0", "\ufffd") if "\0" in value else value
