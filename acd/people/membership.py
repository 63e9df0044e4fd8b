"""Who is asked for which queue: everybody whom its callers' requirements allow, but for those who have left it."""

from collections.abc import Collection

from acd.calls.distribution import Distribution
from acd.events import QueuesChosen
from acd.floor import Floor
from acd.model import QueueName
from acd.people.agents import NotPossible
from acd.people.notices import after_choice
from acd.people.staff import Agent
from acd.routing.asking import serves


class Membership:
    """The queues of the agents of one floor."""

    def __init__(self, floor: Floor, distribution: Distribution) -> None:
        self._floor = floor
        self._distribution = distribution

    def choose(self, agent: Agent, queue: QueueName, *, inside: bool) -> None:
        """He does so himself, where the queue allows it."""
        plan = self._floor.plan.queues.get(queue)
        if plan is not None and not plan.optional:
            raise NotPossible("not_optional", "This queue's agents cannot leave it.")
        if self.put(agent, queue, inside=inside):
            agent.notices = after_choice(agent.notices, queue)

    def put(self, agent: Agent, queue: QueueName, *, inside: bool, by: str = "") -> bool:
        """In or out; what rings or is talked about goes on. `by`: the supervisor's name. False: it is so already."""
        floor = self._floor
        plan = floor.plan.queues.get(queue)
        if plan is None:
            raise NotPossible("unknown_queue", "There is no such queue.")
        if not serves(agent.plan, plan):
            raise NotPossible("not_served", "You cannot serve this queue: your skills do not suffice.")
        if (queue not in agent.left_queues) is inside:
            return False
        if inside:
            self._join(agent, queue)
        else:
            self._leave(agent, queue)
        floor.say(QueuesChosen(agent.id, tuple(sorted(agent.left_queues)), by, floor.now))
        self._distribution.staff_changed()
        return True

    def remembered(self, agent: Agent, left: Collection[QueueName]) -> None:
        """For which queues he was not asked when the last process ended. One that is not there now may come again."""
        here = [queue for queue in left if queue in self._floor.queues and queue not in agent.left_queues]
        for queue in here:
            self._leave(agent, queue)
        agent.left_queues |= frozenset(left)
        if here:
            self._distribution.staff_changed()

    def _leave(self, agent: Agent, queue: QueueName) -> None:
        floor = self._floor
        agent.left_queues |= {queue}
        place = floor.availability.place[agent.id]
        floor.look_at(floor.matching.held_for(place))
        if floor.matching.leave(place, queue):
            self._distribution.queue_has_kinds_of_its_own(queue)

    def _join(self, agent: Agent, queue: QueueName) -> None:
        floor = self._floor
        agent.left_queues -= {queue}
        floor.matching.join(floor.availability.place[agent.id], queue)
        floor.wake(agent)
