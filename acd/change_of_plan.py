"""The company decides otherwise while calls are going on.

A new plan is in force from one message to the next. Nobody on the phone notices:

- Who talks with a flow ends in the flow as it was when he came in; who calls from now on gets the new one.
- Who waits keeps his place and is looked at under the new rules, the first one first.
- An agent who is not in the plan any more ends his call and his after-call work, and is logged out then. If his phone
  only rings, that reservation is withdrawn and the caller goes to somebody else.
- An agent's other phone counts when his call is over.
- A queue that is not in the plan any more takes nobody new; it is there until the last one who is in it, or whose flow
  may still lead to it, has gone. Its messages are nobody's task, unless somebody has one in hand; should the queue come
  back, they are again.
"""

from msgspec.structs import replace

from acd.calls.distribution import Distribution
from acd.calls.interactions import InFlow, Interaction, Ringing
from acd.events import QueuesChosen, RevisionBegan
from acd.floor import Floor
from acd.model import QueueName
from acd.people.agents import LoggedOut, SignOut
from acd.people.staff import Agent
from acd.plan import AgentPlan, CenterPlan, Phone
from acd.queues import Queue
from acd.tasks.tasks import TaskOffered
from acd.told import PlanChanged
from acd.waiting.plan import WaitingPlan
from ivr.flow.settings import FlowName
from ivr.nodes.to_queue import ToQueueNode

REMOVED = "removed from the centre"
"""Why the centre logs an agent out who is not in the plan any more; also why his reservation is withdrawn."""

LOOK_AFTER = 5.0
"""Seconds between two looks whether a queue that is not in the plan any more can go."""

AGENT_TIMERS = ("wrap_up", "pause", "return", "absent", "busyness", "in_use")
"""What can be due for an agent."""


class ChangeOfPlan:
    """Changes of the plan of one floor."""

    def __init__(self, floor: Floor, distribution: Distribution) -> None:
        self._floor = floor
        self._distribution = distribution

    def take(self, changed: PlanChanged) -> None:
        """Put the plan in force."""
        floor = self._floor
        plan = changed.plan
        floor.say(RevisionBegan(changed.revision, floor.now, plan.teams, plan.versions, plan.service_levels))
        if plan.log_out_after != floor.plan.log_out_after:
            self._move_log_outs(plan.log_out_after - floor.plan.log_out_after)
        for name in [name for name in floor.agents if name not in plan.agents]:
            floor.agents[name].leaving = True
            floor.unsettled[name] = None
        for interaction in floor.interactions.values():
            self._withdraw(interaction)
        for task in floor.tasks.values():
            if isinstance(task.stage, TaskOffered) and (
                task.queue not in plan.queues or floor.agents[task.stage.held.agent].leaving
            ):
                self._distribution.tasks.withdraw(task, REMOVED)
        self.settle()
        agents = {name: self._agent(of) for name, of in plan.agents.items()}
        agents |= {name: agent for name, agent in floor.agents.items() if agent.leaving}
        floor.take_plan(plan, agents, self._queues(plan), changed.lineup)
        self._distribution.begin_anew()
        self._look_after()

    def _move_log_outs(self, seconds: float) -> None:
        floor = self._floor
        for agent in floor.agents.values():
            if ("absent", agent.id) in floor.timers:
                floor.timers.set(("absent", agent.id), agent.absent_since + floor.plan.log_out_after + seconds)

    def _agent(self, plan: AgentPlan) -> Agent:
        agent = self._floor.agents.get(plan.id)
        if agent is None:
            return Agent(plan)
        if agent.plan == plan and not agent.leaving:  # as most of thousands are
            return agent
        agent.plan, agent.leaving = plan, False
        if agent.standing.capacity != plan.capacity:
            agent.standing = replace(agent.standing, capacity=plan.capacity)
        if agent.works and agent.on_phone:
            self._floor.unsettled[agent.id] = None
        else:
            agent.phone = _phone(agent)
        return agent

    def _queues(self, plan: CenterPlan) -> dict[QueueName, Queue]:
        before = self._floor.queues
        queues = {name: before[name] if name in before else Queue(of) for name, of in plan.queues.items()}
        for name, of in plan.queues.items():
            queues[name].change(of)
        for name, queue in before.items():
            if name not in queues:
                # Where its keys and rules lead, there may be nothing any more.
                waiting = WaitingPlan(queue.plan.waiting.announcements)
                queue.change(replace(queue.plan, waiting=waiting, survey=FlowName("")))
                queues[name] = queue
        return queues

    def _withdraw(self, interaction: Interaction) -> None:
        """From the phones of those who are not there any more."""
        stage = interaction.stage
        if not isinstance(stage, Ringing):
            return
        gone = [held for held in stage.held if self._floor.agents[held.agent].leaving]
        for held in gone:
            self._distribution.release(interaction, held, REMOVED)
        rest = tuple(held for held in stage.held if held not in gone)
        # He is looked at with all the others.
        interaction.stage = Ringing(stage.waiting, rest) if rest else stage.waiting

    # -- afterwards ------------------------------------------------------------------------------------------------

    def settle(self) -> None:
        """See to those agents whose call is over meanwhile."""
        floor = self._floor
        gone = False
        for name in list(floor.unsettled):
            agent = floor.agents[name]
            if agent.leaving and not agent.works:
                self._let_go(agent)
                gone = True
            elif not agent.leaving and not agent.on_phone:
                del floor.unsettled[name]
                agent.phone = _phone(agent)
                floor.availability.reconsider(agent, floor.now)
                gone = True
        if gone:
            self._distribution.staff_changed()

    def _let_go(self, agent: Agent) -> None:
        floor = self._floor
        if not isinstance(agent.state, LoggedOut):
            floor.move(agent, SignOut(REMOVED))
        if agent.left_queues:  # who comes back one day begins like everybody
            floor.say(QueuesChosen(agent.id, (), "", floor.now))
        del floor.agents[agent.id]
        del floor.unsettled[agent.id]
        floor.returning.discard(agent.id)
        for kind in AGENT_TIMERS:
            floor.timers.drop((kind, agent.id))
        for interaction in floor.interactions.values():
            interaction.missed_by.pop(agent.id, None)
        for task in floor.tasks.values():
            task.missed_by.pop(agent.id, None)
            task.returned_by.pop(agent.id, None)

    def look_after_queues(self) -> None:
        """Whoever was in a queue that is not in the plan any more may have gone meanwhile."""
        floor = self._floor
        wanted = {*floor.plan.queues, *(task.queue for task in floor.tasks.values())}
        for interaction in floor.interactions.values():
            wanted.add(interaction.queue)
            if isinstance(interaction.stage, InFlow):
                exits = (node for node in interaction.stage.dialogue.nodes() if isinstance(node, ToQueueNode))
                wanted.update(QueueName(node.queue) for node in exits)
        for name in [name for name in floor.queues if name not in wanted]:
            del floor.queues[name]
        self._look_after()

    def _look_after(self) -> None:
        floor = self._floor
        if floor.queues.keys() != floor.plan.queues.keys():
            floor.timers.set(("queues", ""), floor.now + LOOK_AFTER)


def _phone(agent: Agent) -> Phone:
    """The one that he works with: of the kind that he has chosen, if there still is one."""
    phones = agent.plan.phones
    return next((phone for phone in phones if phone.kind is agent.phone.kind), phones[0])
