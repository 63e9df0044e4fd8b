"""What other rules do to a day: two replays of it side by side, by its own rules and by the others.

Both are run by the same machine with the same callers and agents, so whatever the machine does not know of the day is
wrong in both alike, and what differs between them is due to the rules. How well the machine knows the day is another
question (`Fate.strays`): how often the replay by the day's own rules ends as the day did.
"""

from collections.abc import Iterator, Mapping

import msgspec

from acd.model import AgentId, OverflowCause, QueueName, SegmentOutcome
from acd.routing.decision import Decision
from acd.routing.explanation import explained
from acd.simulation.recorded import RecordedCall


class Ending(msgspec.Struct, frozen=True):
    """What became of a caller. `outcome` is None, and the rest empty, if he came to no queue: it was closed."""

    queue: QueueName = QueueName("")
    outcome: SegmentOutcome | None = None
    agent: AgentId | str = ""
    wait: float = 0.0
    """Seconds, in that queue."""
    cause: str = ""
    """Why he left it, where a rule or a key led him out (`OverflowCause`)."""

    def other_than(self, other: "Ending", tolerance: float) -> Iterator[str]:
        """What differs, by the names in `KINDS`; the `wait` by more than so many seconds."""
        if self.outcome is not other.outcome:
            yield "outcome"
        if self.queue != other.queue:
            yield "queue"
        if self.agent != other.agent:
            yield "agent"
        if abs(self.wait - other.wait) > tolerance:
            yield "wait"


KINDS: Mapping[str, str] = {
    "outcome": "another outcome",
    "queue": "another queue",
    "agent": "another agent",
    "wait": "another wait",
}
"""What `Ending.other_than` gives, in words."""


class Fate(msgspec.Struct, frozen=True):
    """One caller: as it was, by the day's own rules, and by the others."""

    call: RecordedCall
    own: Ending
    other: Ending
    who: AgentId | str = ""
    """Of whom `why` speaks; empty: of nobody."""
    why: str = ""
    """Why `other` is not `own`; empty if there is nothing to tell."""

    def changes(self, tolerance: float) -> list[str]:
        """What the rules do to him."""
        return list(self.other.other_than(self.own, tolerance))

    def strays(self, tolerance: float) -> list[str]:
        """In what the replay by the day's own rules is not as the day was."""
        call = self.call
        return list(self.own.other_than(Ending(call.last_queue, call.outcome, call.agent, call.wait), tolerance))


def fate(call: RecordedCall, own: Ending, other: Ending, asked: Decision | None) -> Fate:
    """Both endings, with the reason. `asked`: by the other rules, why the last agent asked for him was asked."""
    who, why = _why(own, other, asked) if own != other else ("", "")
    return Fate(call, own, other, who, why)


def _why(own: Ending, other: Ending, asked: Decision | None) -> tuple[AgentId | str, str]:
    if other.outcome is None:
        return "", "it is closed when he comes"
    if own.outcome is None:
        return "", "it is open when he comes"
    if other.cause and other.cause != own.cause:
        return "", _LEAVES.get(other.cause, f"he leaves the queue ({other.cause})")
    if own.agent == other.agent:
        sooner = "sooner" if other.wait < own.wait else "later"
        return other.agent, f"could be asked {sooner}" if other.agent else ""
    if not own.agent:
        return other.agent, "could be asked before he left"
    if asked is None or not other.agent:
        return "", "nobody could be asked before he left"
    return AgentId(own.agent), _passed_over(AgentId(own.agent), asked)


def _passed_over(agent: AgentId, asked: Decision) -> str:
    if agent not in asked.roster.agents:
        return "is not in this centre"
    if asked.roster.agents.index(agent) in asked.excluded:
        return "had not taken this call"
    reason = explained(asked).reason_for(agent, asked.roster.agents)
    return _AS_A_CLAUSE.get(reason, reason if reason.startswith(_CLAUSES) else f"was {reason}")


_LEAVES: Mapping[str, str] = {
    OverflowCause.TIMEOUT.value: "he has waited for as long as he may",
    OverflowCause.FULL.value: "the queue is full when he comes",
    OverflowCause.EMPTY.value: "nobody at work can serve him",
    OverflowCause.SCHEDULE.value: "the queue is closed when he comes",
    OverflowCause.CLOSING.value: "the queue closes while he waits",
}
"""What sends a caller on."""

_CLAUSES = ("has ", "had ", "lacks ", "can ", "comes ", "came ", "is ", "was ", "does ", "did ")
_AS_A_CLAUSE: Mapping[str, str] = {
    "": "was asked, and did not get him",
    "after-call work": "was in after-call work",
    "another one was preferred": "was not the preferred one",
    "more skilled than needed": "is more skilled than needed",
    "less skilled": "is less skilled",
}
"""Reasons of `acd.routing` that are no clause, or not one after a name."""
