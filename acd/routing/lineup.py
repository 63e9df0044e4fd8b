"""Everybody of a plan in the lists by which calls are matched, before anybody is available.

With thousands of agents that takes longer than a call may wait, and follows from the plan alone. So it can be made
beforehand, by another thread, for a plan that is about to take effect.
"""

from collections.abc import Iterable, Mapping

from acd.model import AgentId
from acd.plan import AgentPlan, CenterPlan, QueuePlan
from acd.routing.matching import Matching
from acd.routing.requirement import Requirement


class Lineup:
    """For one floor, once: it keeps the lists then."""

    def __init__(self, agents: Mapping[AgentId, AgentPlan], queues: Iterable[QueuePlan]) -> None:
        """`agents` in the order of the file."""
        self.roster = sorted(agents)
        self._needs = _needs(queues)
        positions = {agent: position for position, agent in enumerate(agents)}
        self.matching = Matching(
            [agents[agent].skills for agent in self.roster], [positions[agent] for agent in self.roster], self._needs
        )

    def fits(self, agents: Iterable[AgentId], queues: Iterable[QueuePlan]) -> bool:
        """Whether it is that of these agents, who are planned for as then, and queues. Somebody who is not in the plan
        may have to end his call, or a queue to be served."""
        return sorted(agents) == self.roster and _needs(queues) == self._needs


def _needs(queues: Iterable[QueuePlan]) -> set[Requirement]:
    return {step.need for queue in queues for step in queue.steps}


def lineup_of(plan: CenterPlan) -> Lineup:
    """That of a plan."""
    return Lineup(plan.agents, plan.queues.values())
