"""Why not the others: one reason for each agent at work who was not a candidate, grouped by reason."""

from collections.abc import Callable

from acd.agents import LoggedOut
from acd.floor import Floor
from acd.model import AgentId
from acd.routing import Candidate, Decision
from acd.staff import Agent


def explained(floor: Floor, candidates: tuple[Candidate, ...], excluded: Callable[[Agent], str]) -> Decision:
    """The decision with its reasons; `excluded` says why a ready agent was no candidate."""
    chosen = {candidate.agent for candidate in candidates}
    passed: dict[str, list[AgentId]] = {}
    for agent in floor.agents.values():
        if agent.id in chosen or isinstance(agent.state, LoggedOut):
            continue
        reason = agent.unavailable_because() or excluded(agent)
        passed.setdefault(reason, []).append(agent.id)
    return Decision(candidates, {reason: tuple(agents) for reason, agents in passed.items()})
