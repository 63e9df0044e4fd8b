"""Why this agent and nobody else, as it is kept: readable without the centre that decided it."""

from collections.abc import Mapping, Sequence

import msgspec

from acd.model import AgentId
from acd.routing.decision import Candidate, Decision, places_in

MOST_CANDIDATES = 10
"""So many candidates are kept with the parts of their keys; of the others, that they came later."""

LATER = "came later in the order"
LOGGED_OUT = "logged out"

AgentSet = str
"""A hexadecimal number with one bit for each place in the roster, the lowest bit for the first."""


class Explanation(msgspec.Struct, frozen=True):
    """One decision. `passed` and `reason_for` need the agents of its roster, in their order."""

    roster: str
    """Its id."""
    need: str
    step: int
    candidates: tuple[Candidate, ...]
    """The winner first."""
    away: Mapping[str, AgentSet]
    """Who was at work but not available, by the reason; under the empty reason those who were available. Who is in none
    of them was logged out."""
    lacks: Mapping[str, AgentSet]
    """Who lacks what, as `billing>=7`."""
    excluded: Mapping[AgentId, str]
    """Who was not to be asked for this call, and why."""
    preferred: Mapping[AgentId, str] = {}
    """Who was to be asked first, and why."""
    by_hand: str = ""
    """Where it was a person who has decided: `assigned by Sam`. Then the winner stands there alone."""

    def passed(self, agents: Sequence[AgentId]) -> dict[str, tuple[AgentId, ...]]:
        """For everybody who is not among the candidates, the one reason why he was not asked."""
        found: dict[str, list[AgentId]] = {}
        known = {candidate.agent for candidate in self.candidates}
        for reason, those in self.away.items():
            for place in places_in(int(those, 16)):
                if (agent := agents[place]) not in known:
                    known.add(agent)
                    found.setdefault(reason or self._why_not(place, agent), []).append(agent)
        if gone := [agent for agent in agents if agent not in known]:
            found[LOGGED_OUT] = gone
        return {reason: tuple(passed) for reason, passed in found.items()}

    def reason_for(self, agent: AgentId, agents: Sequence[AgentId]) -> str:
        """Why he was not asked: `logged out` if he was not at work at all; empty for the winner."""
        for candidate in self.candidates:
            if candidate.agent == agent:
                return candidate.reason
        reasons = (reason for reason, those in self.passed(agents).items() if agent in those)
        return next(reasons, LOGGED_OUT)

    def _why_not(self, place: int, agent: AgentId) -> str:
        for lack, those in self.lacks.items():
            if int(those, 16) >> place & 1:
                return f"lacks {lack}"
        return self.excluded.get(agent, LATER)


def explained(decision: Decision) -> Explanation:
    """The decision as it is kept. Takes some microseconds, and no longer for many agents than for few."""
    return Explanation(
        decision.roster.id,
        decision.need,
        decision.step,
        decision.candidates(MOST_CANDIDATES),
        {reason: f"{those:x}" for reason, those in decision.away.items()},
        {lack: f"{those:x}" for lack, those in decision.lacks.items()},
        {decision.roster.agents[place]: reason for place, reason in decision.excluded.items()},
        {decision.roster.agents[place]: reason for place, reason in decision.familiar.items()},
        decision.by_hand,
    )
