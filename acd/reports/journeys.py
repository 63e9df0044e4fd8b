"""From the visits of nodes to how callers fared: each time that one comes into a flow is an entry, and has one end.

came by his number, out of a queue,       an entry; what he had not ended before is over without a word
or out of a talk
came out of another flow                  an entry more, within the one before
back into the flow before                 the inner entry has `returned`
to a queue, to another number             all his entries have that end
the flow hangs up                         all are `contained`; or `voicemail`, if he has left a message
he hangs up                               all are `abandoned`; or `voicemail`
his call is there no more                 all are `lost`
"""

from collections.abc import Iterable, Iterator
from enum import Enum
from typing import NamedTuple

from acd.model import InteractionOutcome
from ivr.dialogue.visits import AFTER_TALK, FROM_QUEUE, HUNG_UP, LOST, RETURNED, SUB_FLOW


class End(Enum):
    """How an entry into a flow ended. Entries are the sum of all of them."""

    CONTAINED = "contained"
    """Served by the flow, without anybody."""
    TO_QUEUE = "to_queue"
    TRANSFERRED = "transferred"
    """To another number."""
    VOICEMAIL = "voicemail"
    RETURNED = "returned"
    """Back into the flow that has led through this one."""
    ABANDONED = "abandoned"
    """He hung up."""
    LOST = "lost"
    STILL_THERE = "still_there"


class VisitRow(NamedTuple):
    """A visit as storage keeps it (`ivr.dialogue.visits.NodeVisit`), with what of its contact matters here."""

    interaction: str
    started: float
    entry_point: str
    outcome: str | None
    """Of the contact, a value of `InteractionOutcome`; None: it is not over."""
    flow: str
    version: str
    node: str
    kind: str
    entered: float
    came: str
    left: float | None
    way: str
    no_inputs: int
    no_matches: int
    queue: str = ""
    """Of the last talk before it, if he was sent into the flow out of one."""
    agent: str = ""
    """Of that talk, too."""


class Entry(NamedTuple):
    """A caller has come into a flow."""

    first: VisitRow
    end: End
    until: float | None
    """When he was out of it; None if he is there, or nobody knows."""


_VOICEMAIL = InteractionOutcome.VOICEMAIL.value
_ENDS = {
    "to_queue": End.TO_QUEUE,
    "transfer": End.TRANSFERRED,
    "hang_up": End.CONTAINED,
    HUNG_UP: End.ABANDONED,
    LOST: End.LOST,
}
"""By the way out of the last node: mostly its exit (`ivr.dialogue.steps`)."""
_BY_OUTCOME = {
    InteractionOutcome.ANSWERED: End.TO_QUEUE,
    InteractionOutcome.ABANDONED_IN_QUEUE: End.TO_QUEUE,
    InteractionOutcome.OVERFLOWED: End.TO_QUEUE,
    InteractionOutcome.CALLBACK_REQUESTED: End.TO_QUEUE,
    InteractionOutcome.SELF_SERVED: End.CONTAINED,
    InteractionOutcome.VOICEMAIL: End.VOICEMAIL,
    InteractionOutcome.TRANSFERRED: End.TRANSFERRED,
    InteractionOutcome.ABANDONED_IN_FLOW: End.ABANDONED,
}
"""Where a kill has taken the last visit."""


def entries(contact: Iterable[VisitRow]) -> Iterator[Entry]:
    """Of the visits of one contact, in the order of their positions; in the order in which they ended."""
    within: list[VisitRow] = []
    """The first visits of the flows in which he is, the outermost first."""
    last: VisitRow | None = None
    for visit in contact:
        last = visit
        if visit.came and visit.came != SUB_FLOW:
            yield from (Entry(one, _before(visit), None) for one in within)
            within.clear()
        if visit.came or not within:  # without: a kill has taken what was before
            within.append(visit)
        if visit.way == RETURNED:
            yield Entry(within.pop(), End.RETURNED, visit.left)
        elif (end := _ENDS.get(visit.way)) is not None:
            yield from (Entry(one, _with_message(end, visit), visit.left) for one in within)
            within.clear()
    if last is not None:
        yield from (Entry(one, _untold(one, last), None) for one in within)


def _before(visit: VisitRow) -> End:
    """How the entries before ended, if nobody has told."""
    return End.TO_QUEUE if visit.came in (FROM_QUEUE, AFTER_TALK) else End.LOST


def _with_message(end: End, visit: VisitRow) -> End:
    """Who has left a message is served by somebody later."""
    return End.VOICEMAIL if visit.outcome == _VOICEMAIL and end in (End.CONTAINED, End.ABANDONED) else end


def _untold(first: VisitRow, last: VisitRow) -> End:
    """How an entry ended of which only its beginning and its last visit are known."""
    if last.outcome is None:
        return End.STILL_THERE
    if first.came == AFTER_TALK:  # the contact's outcome was settled before
        return End.LOST
    return _BY_OUTCOME.get(InteractionOutcome(last.outcome), End.LOST)
