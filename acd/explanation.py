"""Why not the others: one reason for each agent at work who was not a candidate, grouped by reason."""

from collections.abc import Mapping, Sequence

from acd.floor import Floor
from acd.model import AgentId
from acd.routing import Candidate, Decision


def explained(floor: Floor, candidates: tuple[Candidate, ...], ready: Mapping[str, Sequence[AgentId]]) -> Decision:
    """The decision with its reasons; `ready` says why ready agents were no candidates."""
    passed = {reason: tuple(agents) for reason, agents in floor.unavailable.items() if agents}
    passed.update({reason: tuple(agents) for reason, agents in ready.items()})
    return Decision(candidates, passed)
