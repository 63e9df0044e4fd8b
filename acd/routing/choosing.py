"""Whom a caller may be given to: what he asks for by now, who is not asked for him any more, and why it is this one."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from acd.calls.interactions import Interaction, Waiting
from acd.events import RequirementIgnored
from acd.floor import Floor
from acd.model import QueueName
from acd.people.staff import Agent
from acd.plan import Step
from acd.routing.asking import steps_of, together
from acd.routing.availability import AVAILABLE
from acd.routing.decision import Decision
from acd.routing.familiar import familiar_agents
from acd.routing.matching import Kind
from acd.routing.preference import Order
from acd.routing.requirement import RequirementMistake, parsed
from cti.model import NodeName
from ivr.nodes.to_queue import Need

NOT_IN_QUEUE = "not in this queue"
"""Why somebody is not asked who has left it."""


class Asked(NamedTuple):
    """What a caller asks for altogether, step by step, and the kind of callers that he belongs to at each."""

    steps: tuple[Step, ...]
    kinds: tuple[Kind, ...]


class Choosing:
    """The choices of one floor."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor
        self._asked: dict[tuple[QueueName, NodeName, str, tuple[Need, ...]], Asked] = {}

    def begin_anew(self) -> None:
        """The rules are others."""
        self._asked.clear()

    def forget(self, queue: QueueName) -> None:
        """Its callers are of other kinds from now on."""
        for of in [of for of in self._asked if of[0] == queue]:
            del self._asked[of]

    # -- what is asked for -----------------------------------------------------------------------------------------

    def ask_for(self, interaction: Interaction, queue: QueueName, needs: tuple[Need, ...]) -> None:
        """What the flow asks for on his behalf. If that cannot be read, anybody of the queue is better than nobody."""
        floor = self._floor
        for need in needs:
            try:
                parsed(need.skills, floor.skills)
            except RequirementMistake as wrong:
                floor.say(RequirementIgnored(interaction.id, queue, need.skills, str(wrong)))
                return
        interaction.needs = needs

    def asked(self, interaction: Interaction) -> Asked:
        """What he asks for, step by step."""
        floor = self._floor
        of = interaction.queue, interaction.node, interaction.dialled, interaction.needs
        if (known := self._asked.get(of)) is None:
            plan = floor.queue(interaction.queue).plan
            parts = [plan.steps]
            if (entry := floor.plan.entry_points.get(interaction.dialled)) is not None:
                parts.append(entry.requires)
            if interaction.needs:
                parts.append(steps_of(interaction.needs, floor.skills))
            steps = together(*parts)
            node, queue = interaction.node, interaction.queue
            kinds = tuple(floor.matching.kind(step.need, plan.prefers, node, queue) for step in steps)
            known = self._asked[of] = Asked(steps, kinds)
        return known

    def open_kinds(self, interaction: Interaction, waiting: Waiting) -> Sequence[Kind]:
        """What he may be given by now; sees to it that he is looked at again when that changes."""
        floor = self._floor
        steps, kinds = self.asked(interaction)
        if len(kinds) == 1:
            return kinds
        # Compared as times: as durations, after rounding, the step of a deadline may still lie ahead when it is due.
        later = [at for step in steps if (at := waiting.since + step.after) > floor.now]
        if later:
            floor.timers.set(("relax", interaction.id), later[0])
        return kinds[: len(steps) - len(later)]

    # -- whom he knows ---------------------------------------------------------------------------------------------

    def familiar(self, interaction: Interaction) -> Mapping[int, str]:
        """The agents whom he knows by their places, the one to be asked first first, and why."""
        floor = self._floor
        wanted = floor.queue(interaction.queue).plan.preferred
        if not wanted and not interaction.named_agent:
            return {}
        found = familiar_agents(interaction, wanted, floor.last_talks, floor.agents)
        return {floor.availability.place[agent]: why.value for agent, why in found.items()}

    def waits_until(self, waiting: Waiting) -> float:
        """So long he waits for one of them."""
        return waiting.since + self._floor.queue(waiting.queue).plan.preferred_wait

    def of_familiar(
        self,
        interaction: Interaction,
        waiting: Waiting,
        kind: Kind,
        familiar: Mapping[int, str],
        excluded: Collection[int],
    ) -> tuple[int | None, Collection[int]]:
        """Of those whom he knows and who can serve this kind: the key of the one who is asked now; without one, the
        places of those for whom he waits. While phones ring for him, he waits for nobody in particular."""
        if not familiar:
            return None, ()
        floor = self._floor
        able = [place for place in familiar if kind.able >> place & 1 and place not in excluded]
        for place in able:
            if (key := floor.matching.key_of(place, kind)) is not None:
                return key, ()
        if floor.now >= self.waits_until(waiting) or interaction.stage != waiting:
            return None, ()
        agents, roster = floor.agents, floor.availability.roster.agents
        return None, [place for place in able if self._comes(agents[roster[place]], kind)]

    def _comes(self, agent: Agent, kind: Kind) -> bool:
        """Whether he is busy, will be free after that, and can be rung then."""
        return (
            bool(agent.works)
            and agent.wants_calls
            and agent.desktop
            and not agent.leaving
            and agent.phone.node == kind.node
            and not self._floor.lines.trouble_of(agent.phone, our_call=True)
        )

    # -- who is there ----------------------------------------------------------------------------------------------

    def able(self, interaction: Interaction) -> int:
        """All who could serve him, now or later, at work or not; as a set."""
        return self._able(self.asked(interaction))

    @staticmethod
    def _able(asked: Asked) -> int:
        able = 0
        for kind in asked.kinds:
            able |= kind.able
        return able

    def excluded(self, interaction: Interaction) -> Collection[int]:
        """Who is not asked for this call any more, by his place: who has missed it, unless everybody at work who can
        serve him has: then he is better asked again than left."""
        missed = interaction.missed_by
        if not missed:
            return ()
        availability = self._floor.availability
        able = self.able(interaction) & availability.at_work(interaction.node)
        if not able & ~availability.set_of(missed):
            return ()
        return {availability.place[agent] for agent in missed}

    def by_hand(self, agent: Agent, because: str) -> Decision:
        """Why he: because somebody wants it so. Everybody else at work was not asked for that same reason."""
        availability = self._floor.availability
        others = 0
        for those in availability.reasons.values():
            others |= those
        place = availability.place[agent.id]
        away = {because: others & ~(1 << place)}
        return Decision(availability.roster, "", 0, Order(()), (place,), away, {}, {}, by_hand=because)

    def decision(
        self,
        interaction: Interaction,
        step: int,
        kind: Kind,
        keys: tuple[int, ...],
        excluded: Collection[int],
        familiar: Mapping[int, str],
    ) -> Decision:
        """Why the first of these keys, at this moment."""
        availability = self._floor.availability
        away = dict(availability.reasons)
        if elsewhere := away[AVAILABLE] & ~availability.at[kind.node]:
            away[AVAILABLE] ^= elsewhere
            away["phone is on another PBX"] = elsewhere
        if left := away[AVAILABLE] & self._floor.matching.left(interaction.queue):
            away[AVAILABLE] ^= left
            away[NOT_IN_QUEUE] = left
        missed = interaction.missed_by
        reasons = {place: f"missed this call: {missed[availability.roster.agents[place]]}" for place in excluded}
        return Decision(availability.roster, kind.text, step, kind.order, keys, away, kind.lacks, reasons, familiar)
