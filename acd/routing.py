"""Who gets the call: the least busy of those who can serve it, said as one sort key, and why.

The key, smaller first: occupancy of the last 60 minutes in steps of 5 points, then the longest idle since the last
*handled* work, then the id. A decision names all that were considered, so that a supervisor can ask about a call that
is long over.
"""

from collections.abc import Iterable, Mapping

import msgspec

from acd.model import AgentId, Skill
from acd.staff import Agent


class Candidate(msgspec.Struct, frozen=True):
    """A ready, qualified agent and the parts of his sort key; the smallest key wins, compared part by part."""

    agent: AgentId
    occupancy: int
    """Handling time / staffed time over the last 60 minutes, in steps of 5 points: 0 to 20."""
    last_handled: float
    """When he last ended handled work (or logged in); the longest idle comes first."""


class Decision(msgspec.Struct, frozen=True):
    """Why this agent: candidates best first (the winner is the first), and why nobody else."""

    candidates: tuple[Candidate, ...]
    passed: Mapping[str, tuple[AgentId, ...]]
    """One reason for each agent at work who was not a candidate: `busy`, `lacks billing>=7`, `missed this call`."""


def lacking(skills: Mapping[Skill, int], requires: Mapping[Skill, int]) -> str:
    """The first skill that is not there at the level asked, as `lacks billing>=7`; empty if all are."""
    for skill, level in requires.items():
        if skills.get(skill, 0) < level:
            return f"lacks {skill}>={level}"
    return ""


def candidate(agent: Agent, now: float) -> Candidate:
    """The agent with his key as of now."""
    return Candidate(agent.id, agent.occupancy_step(now), agent.last_handled)


def ranked(agents: Iterable[Agent], now: float) -> tuple[Candidate, ...]:
    """Least busy first."""
    return tuple(sorted((candidate(agent, now) for agent in agents), key=_key))


def _key(one: Candidate) -> tuple[int, float, AgentId]:
    return one.occupancy, one.last_handled, one.agent
