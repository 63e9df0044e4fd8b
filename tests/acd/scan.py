"""The oracle of the matching: the same questions answered by looking at everybody, one after the other.

It keeps no lists that could be wrong. The key of an agent is a tuple of the parts as docs/routing.md tells them.
"""

from collections.abc import Callable, Collection, Mapping
from itertools import product

from acd.calls.interactions import Interaction, Ringing, Waiting
from acd.center import ContactCenter
from acd.model import AgentId, CustomerKnown, InteractionId, QueueName, Skill
from acd.people.staff import Agent
from acd.plan import Familiar, Step
from acd.routing.availability import CLOSES_WITHIN
from acd.routing.matching import CallKey
from acd.routing.preference import Part, Parts, Work
from acd.routing.requirement import Requirement, is_met, parsed, surplus
from acd.tasks.tasks import TaskOffered
from cti.model import NodeName


def may_serve(center: ContactCenter, interaction: Interaction, agent: Agent, waited: float) -> bool:
    """Whether somebody will do for a caller who has waited so long, at this step or one before."""
    return step_for(center, interaction, agent, waited) is not None


def step_for(center: ContactCenter, interaction: Interaction, agent: Agent, waited: float) -> float | None:
    """When somebody does for the first time, if he does by now; never, if he has left the queue."""
    if interaction.queue in agent.left_queues:
        return None
    return first_step(center, interaction, agent.plan.skills, waited)


def first_step(
    center: ContactCenter, interaction: Interaction, skills: Mapping[Skill, int], waited: float
) -> float | None:
    """When somebody with these skills does for the first time, in seconds since the queue entry, if he does by now."""
    plan = center.plan
    parts = [center.queues[interaction.queue].plan.steps]  # it may not be in the plan any more
    if interaction.dialled in plan.entry_points:
        parts.append(plan.entry_points[interaction.dialled].requires)
    if interaction.needs:
        parts.append(tuple(Step(parsed(need.skills, center._floor.skills), need.after) for need in interaction.needs))
    times = [step.after for part in parts for step in part if step.after <= waited]
    met = [at for at in times if all(is_met([s.need for s in part if s.after <= at][-1], skills) for part in parts)]
    return min(met, default=None)


def is_kept_for_another(center: ContactCenter, interaction: Interaction, agent: Agent, now: float) -> bool:
    """Whether a caller is not given to an agent, though both are ready, because he waits for one whom he knows."""
    assert isinstance(interaction.stage, Waiting)
    waited = now - interaction.stage.since
    settings = center.queues[interaction.queue].plan
    mine = step_for(center, interaction, agent, waited)
    if waited >= settings.preferred_wait or mine is None:
        return False
    known = {interaction.named_agent}
    if isinstance(interaction.customer, CustomerKnown):
        customer = interaction.customer.customer
        if Familiar.OWNER in settings.preferred:
            known.add(AgentId(customer.owner))
        if Familiar.LAST_AGENT in settings.preferred:
            known.update(AgentId(of) for contact in customer.contacts for of in contact.facts.agents)
    if Familiar.LAST_AGENT in settings.preferred:
        known.add(center._floor.last_talks.with_number(interaction.caller.number)[1])
    for other in center.agents.values():
        if other.id not in known or not other.works or not other.wants_calls or not other.desktop:
            continue
        if not center.phones_reachable.get(other.phone.at, True):
            continue
        his = step_for(center, interaction, other, waited)
        if his is not None and his <= mine:
            return True
    return False


class Scan:
    """Everybody and every call, in no order."""

    def __init__(self, skills: list[Mapping[Skill, int]], positions: list[int], needs: Collection[Requirement]) -> None:
        self._skills = skills
        self._positions = positions
        self._needs = needs
        self.available: dict[int, tuple[NodeName, Work]] = {}
        self.calls: dict[InteractionId, tuple[CallKey, NodeName, list[tuple[Requirement, QueueName | None]], list[int]]]
        self.calls = {}
        """With what each asks for, and the agents for whom it waits besides."""
        self.left: set[tuple[int, QueueName | None]] = set()
        """Who has left which queue."""

    def agents_for(
        self, need: Requirement, parts: Parts, node: NodeName, excluded: Collection[int], queue: QueueName | None
    ) -> list[int]:
        """Who may serve the requirement, best first."""
        able = [
            place
            for place, (at, _) in self.available.items()
            if at == node and place not in excluded and self._will_do(place, need, queue)
        ]
        return sorted(able, key=lambda place: self._key(place, need, parts))

    def call_for(self, place: int, node: NodeName, may: Callable[[InteractionId], bool]) -> InteractionId | None:
        """The call that comes first of those that he may and can serve."""
        possible = [
            key
            for key, at, needs, those in self.calls.values()
            if at == node and may(key[3])
            if place in those or any(self._will_do(place, *one) for one in needs)
        ]
        return min(possible)[3] if possible else None

    def _will_do(self, place: int, need: Requirement, queue: QueueName | None) -> bool:
        return is_met(need, self._skills[place]) and (place, queue) not in self.left

    def _key(self, place: int, need: Requirement, parts: Parts) -> tuple[int, ...]:
        return (*(self._value(part, place, need) for part in parts), place)

    def _value(self, part: Part, place: int, need: Requirement) -> int:
        work, skills = self.available[place][1], self._skills[place]
        match part:
            case Part.FIT_BEST:
                return -surplus(need, skills)
            case Part.FIT_NEAREST:
                return surplus(need, skills)
            case Part.SCARCITY:
                return max(0, sum(is_met(other, skills) for other in self._needs) - 1)
            case Part.FIXED_ORDER:
                return self._positions[place]
            case Part.LOAD:
                return int(work.load * 1000)
            case Part.OCCUPANCY:
                return work.busyness
            case Part.LONGEST_IDLE:
                return int(work.last_handled * 1000)
            case Part.LONGEST_READY:
                return int(work.ready_since * 1000)
            case Part.FEWEST_CALLS:
                return work.handled
            case Part.LEAST_TALK:
                return int(work.talked)
            case Part.ROUND_ROBIN:
                return int(work.last_asked * 1000)
            case Part.SHUFFLED:
                return work.draw


def is_closing(center: ContactCenter, agent: Agent, now: float) -> bool:
    """Whether his phone has just said that it has not closed our call before yet."""
    refused = center._floor.lines.refused.get(agent.phone.at)
    return refused is not None and now < refused + CLOSES_WITHIN


def could_be_given(center: ContactCenter) -> list[tuple[AgentId, InteractionId]]:
    """Who is only asked about a message, and a caller whom he could be given in its place."""
    agents = [name for name, agent in center.agents.items() if _is_only_asked_about_a_message(center, agent)]
    callers = [of for of, call in center.interactions.items() if isinstance(call.stage, Waiting | Ringing)]
    return list(product(agents, callers))


def rung_for(call: Interaction) -> list[AgentId]:
    """Whose phones ring for him."""
    return [held.agent for held in call.stage.held] if isinstance(call.stage, Ringing) else []


def _is_only_asked_about_a_message(center: ContactCenter, agent: Agent) -> bool:
    """Whether he, whose phone can be rung, would be Ready for a caller else."""
    task = center.tasks.get(agent.works[0].interaction) if len(agent.works) == 1 else None
    lines = center._floor.lines
    return (
        task is not None
        and isinstance(task.stage, TaskOffered)
        and agent.wants_calls
        and agent.desktop
        and center.phones_reachable.get(agent.phone.at, True)
        and agent.phone.at not in {*lines.in_use, *lines.refused}
        and agent.phone.node not in lines.resting
    )
