"""When a caller may not join a queue, or leaves it: its rules, asked when he enters and whenever they may hold.

All conditions but those on his own wait look at the queue as a whole, and hold from some place in it to its end. So a
rule is asked for a queue, not for each caller: `first_place` says from which place on it holds.
"""

from collections.abc import Iterable, Sequence
from math import inf
from typing import NamedTuple

from acd.model import OverflowCause
from acd.waiting.estimate import Pace, place_of_wait
from acd.waiting.groups import Places
from acd.waiting.plan import (
    Closed,
    Condition,
    EstimatedWait,
    Goodbye,
    Length,
    LongestWait,
    Nobody,
    PerAgent,
    Rule,
    Staff,
    Waited,
)

CHANGE_OF_SHIFT = 30.0
"""Seconds for which nobody is there before it counts for those who wait: the next shift may be at the door. Who calls
in between is told at once."""

MOST_OVERFLOWS = 5
"""So often one caller is sent on by rules, and never to a queue that has sent him on: he must not be sent round."""


class Facts(NamedTuple):
    """One queue at a moment, as callers of one kind see it."""

    longest: float
    """Seconds that the one who has waited longest has waited."""
    at_work: int
    """Agents who could serve, logged in."""
    lacking: frozenset[Staff]
    """Whom the queue lacks: for somebody who enters at once, for those who wait after a while."""
    is_open: bool
    paces: Sequence[Pace] = ()
    """How long each place takes, as far as it is known."""


def rules_of(own: Sequence[Rule], *, max_wait: float, tell_if_nobody: bool) -> tuple[Rule, ...]:
    """A queue's own rules, and behind them those that it has by its short settings."""
    nobody = (Rule((Nobody(Staff.LOGGED_IN),), Goodbye()),) if tell_if_nobody else ()
    return (*own, *nobody, Rule((Waited(max_wait),), Goodbye()))


def first_place(rule: Rule, facts: Facts) -> int | None:
    """The place (the first is 1) from which on the rule holds, as far as the queue is concerned; None: from none."""
    first = 1
    for condition in rule.when:
        match condition:
            case Length(callers):
                first = max(first, callers + 1)
            case PerAgent(callers) if facts.at_work:
                first = max(first, int(callers * facts.at_work) + 1)
            case EstimatedWait(seconds) if (place := place_of_wait(facts.paces, seconds)) is not None:
                first = max(first, place)
            case LongestWait(seconds) if facts.longest >= seconds:
                pass
            case Nobody(staff) if staff in facts.lacking:
                pass
            case Closed() if not facts.is_open:
                pass
            case Waited():
                pass
            case _:
                return None
    return first


def places(rules: Sequence[Rule], facts: Facts, *, at_entry: bool) -> Places:
    """The same for each rule; who does not enter just now is not asked what is asked at the entry only."""
    return tuple(
        inf if (rule.entry_only and not at_entry) or (first := first_place(rule, facts)) is None else first
        for rule in rules
    )


def own_wait(rule: Rule) -> float:
    """How long a caller must have waited himself for the rule to hold."""
    return max((one.seconds for one in rule.when if isinstance(one, Waited)), default=0.0)


def next_look(own_waits: Iterable[float], since: float, now: float) -> float | None:
    """When a rule may hold next only because somebody who has waited `since` then has waited longer; None: never.

    `own_waits`: those of the rules, the shortest first.
    """
    for wait in own_waits:
        if since + wait > now:
            return since + wait
    return None


def cause_of(rule: Rule, *, at_entry: bool) -> OverflowCause:
    """In the books' words, by the rule's first condition."""
    condition: Condition = rule.when[0]
    match condition:
        case Length() | PerAgent():
            return OverflowCause.FULL
        case Nobody():
            return OverflowCause.EMPTY
        case Closed():
            return OverflowCause.SCHEDULE if at_entry else OverflowCause.CLOSING
        case Waited() | LongestWait() | EstimatedWait():
            return OverflowCause.TIMEOUT


def asks_for(rules: Iterable[Rule], *kinds: type[Condition]) -> bool:
    """Whether a rule that counts for those who wait asks for one of these."""
    return any(isinstance(one, kinds) for rule in rules if not rule.entry_only for one in rule.when)
