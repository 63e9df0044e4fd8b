"""Why not the others: one reason for each agent at work who was not a candidate, grouped by reason."""

from collections.abc import Callable

from acd.floor import Floor
from acd.model import AgentId
from acd.routing import Candidate, Decision
from acd.staff import Agent


def explained(floor: Floor, candidates: tuple[Candidate, ...], excluded: Callable[[Agent], str]) -> Decision:
    """The decision with its reasons; `excluded` says why a ready agent was no candidate."""
    passed = {reason: tuple(agents) for reason, agents in floor.unavailable.items() if agents}
    if len(candidates) < len(floor.ready):
        chosen = {candidate.agent for candidate in candidates}
        others: dict[str, list[AgentId]] = {}
        for agent in floor.ready.values():
            if agent.id not in chosen:
                others.setdefault(excluded(agent), []).append(agent.id)
        passed.update({reason: tuple(agents) for reason, agents in others.items()})
    return Decision(candidates, passed)
