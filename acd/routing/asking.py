"""What a caller asks for altogether: what his queue asks of agents, the number that he dialled, and the
flow that he came through.

All of it must be met. Each part may ask for less and less on its own; there is a new step whenever one of them does.
"""

from collections.abc import Collection, Iterable, Sequence

from acd.model import Skill
from acd.plan import AgentPlan, QueuePlan, Step
from acd.routing.requirement import Anybody, Requirement, both, is_met, parsed
from ivr.nodes.to_queue import Need


def serves(agent: AgentPlan, queue: QueuePlan) -> bool:
    """Whether his skills meet what the queue asks for, at one of its steps at least."""
    return any(is_met(step.need, agent.skills) for step in queue.steps)


def together(*parts: Sequence[Step]) -> tuple[Step, ...]:
    """The steps of something that asks for all parts at once. Each part begins with a step at 0 seconds."""
    made: dict[float, Requirement] = {}
    for after in sorted({step.after for part in parts for step in part}):
        need: Requirement = Anybody()
        for part in parts:
            need = both(need, [step.need for step in part if step.after <= after][-1])
        made[after] = need
    return tuple(Step(need, after) for after, need in made.items())


def steps_of(needs: Iterable[Need], known: Collection[Skill]) -> tuple[Step, ...]:
    """What a flow asks for. Raises `RequirementMistake`: what stood in a variable may be anything."""
    return tuple(Step(parsed(need.skills, known), need.after) for need in needs)
