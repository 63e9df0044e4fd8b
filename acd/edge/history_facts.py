"""What of the centre's events is kept, and how it is written on its way to the database (one JSON object per fact)."""

from collections.abc import Iterable, Mapping

import msgspec

from acd.edge.voicemail_facts import AnyVoicemailFact
from acd.events import (
    AfterCallWorkBegan,
    AfterCallWorkEnded,
    AgentStateChanged,
    CallbackRequested,
    CenterEvent,
    CentreRestarted,
    CustomerIdentified,
    InteractionClosed,
    InteractionStarted,
    NodesVisited,
    QueuesChosen,
    ReservationEnded,
    ReservationMade,
    RevisionBegan,
    SegmentClosed,
    SegmentOpened,
    SupervisorActed,
    TalkEnded,
    TalkStarted,
    TalkWentOn,
    VisitsTakenUp,
    VoicemailBegun,
    VoicemailDropped,
    VoicemailLeft,
    WrapUpChosen,
)
from acd.model import AgentId, CustomerKnown, InteractionId, QueueName, ReservationId, SegmentId
from acd.remembered import AgentRemembered
from acd.routing.explanation import Explanation, explained


class CustomerNoted(msgspec.Struct, frozen=True, tag=True):
    """Of `CustomerIdentified`, what storage keeps: the customer's id, whether he has proved that he is that one, and
    nothing else of him."""

    interaction: InteractionId
    customer: str
    verified: bool = False


class ReservationNoted(msgspec.Struct, frozen=True, tag=True):
    """`ReservationMade`, with the decision as it is kept."""

    reservation: ReservationId
    interaction: InteractionId
    segment: SegmentId
    agent: AgentId
    at: float
    until: float
    why: Explanation


class RosterNoted(msgspec.Struct, frozen=True, tag=True):
    """Whom the sets in a decision speak of."""

    id: str
    agents: tuple[AgentId, ...]


RowFact = (
    InteractionStarted
    | CustomerNoted
    | NodesVisited
    | SegmentOpened
    | RosterNoted
    | ReservationNoted
    | ReservationEnded
    | AgentStateChanged
    | AfterCallWorkBegan
    | AfterCallWorkEnded
    | TalkStarted
    | TalkEnded
    | SegmentClosed
    | CallbackRequested
    | WrapUpChosen
    | SupervisorActed
    | QueuesChosen
    | VoicemailBegun
    | VoicemailLeft
    | VoicemailDropped
    | AnyVoicemailFact
    | InteractionClosed
    | RevisionBegan
)
"""What becomes rows, by itself."""

Gap = CentreRestarted | TalkWentOn | VisitsTakenUp
"""What is kept of the time in which no process ran; what it writes depends on the rows that are there."""

Fact = RowFact | Gap
"""What is kept. Everything else that the centre says is of the moment."""


def fact_of(event: CenterEvent) -> Fact | None:
    """What of the event is kept; None for nothing."""
    if isinstance(event, CustomerIdentified):
        if isinstance(event.answer, CustomerKnown):
            return CustomerNoted(event.interaction, event.answer.customer.id, event.answer.verified)
        return None
    if isinstance(event, ReservationMade):
        why = explained(event.why)
        return ReservationNoted(
            event.reservation, event.interaction, event.segment, event.agent, event.at, event.until, why
        )
    return event if isinstance(event, Fact) else None


def encoded(fact: Fact) -> bytes | None:
    """As a line for the spool; None if it has text that is no Unicode."""
    try:
        return _encoder.encode(fact)
    except UnicodeEncodeError:
        return None


def decoded(line: bytes) -> Fact | None:
    """From a line of the spool; None if it is not one (a damaged disk, a newer version's fact)."""
    try:
        return _decoder.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def last_agent_states(lines: Iterable[bytes]) -> Mapping[AgentId, AgentRemembered]:
    """What each agent was in the last of these lines that speaks of him."""
    last: dict[AgentId, AgentRemembered] = {}
    for line in lines:
        if isinstance(fact := decoded(line), AgentStateChanged):
            last[fact.agent] = AgentRemembered(fact.agent, fact.state, fact.phone)
    return last


def last_left_queues(lines: Iterable[bytes]) -> Mapping[AgentId, tuple[QueueName, ...]]:
    """The same of the queues for which he is not asked."""
    facts = (decoded(line) for line in lines)
    return {fact.agent: fact.left for fact in facts if isinstance(fact, QueuesChosen)}


_encoder = msgspec.json.Encoder()
_decoder: msgspec.json.Decoder[Fact] = msgspec.json.Decoder(Fact)
