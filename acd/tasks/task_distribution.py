"""From the queue to an agent's screen, for work that nobody is on the line for (`acd.tasks.tasks`).

A task comes after every caller of whom the same agents are wanted, and is taken back from an agent who has not taken it
yet when a caller finds nobody else, so nobody waits for one. It is in no figure of
calls: its own times are kept with what it is about. Unlike a call it outlives everything: it is done when somebody says
so, and comes back after a restart.
"""

from collections.abc import Collection
from heapq import merge
from itertools import chain, islice

from acd.calls.reservations import NO_ANSWER, Reservation
from acd.events import CustomerWanted, ReservationEnded, ReservationMade, TaskDone, TaskReturned, TaskTaken
from acd.floor import Floor
from acd.model import (
    AgentId,
    InteractionId,
    ReservationId,
    ReservationOutcome,
    SegmentId,
    VoicemailId,
)
from acd.people.agents import Accept, EndTalk, EndWork, NotPossible, Reserve, Withdraw, next_standing
from acd.people.notices import after_ring
from acd.people.staff import Agent
from acd.routing.availability import AVAILABLE
from acd.routing.choosing import NOT_IN_QUEUE
from acd.routing.decision import MOST_KEYS, Decision
from acd.routing.matching import CallKey, Kind, best_of
from acd.tasks.tasks import Task, TaskInHand, TaskOffered, TaskWaits
from acd.told import TaskWanted
from cti.model import LegId

AFTER_CALLS = 1000
"""Added to the strict class of the queue: callers first."""

ASKED_AGAIN = 600.0
"""Seconds until somebody who has given a task back may be asked for it again."""

CALLER_FIRST = "a caller came first"
"""Why a task is taken from the agent who is asked: so long he could have kept a caller waiting."""

NO_LEG = LegId("")
"""Nobody is on the line."""

NO_SEGMENT = SegmentId("")
"""It is no stay in a queue that counts as one."""


class TaskDistribution:
    """The tasks of one floor."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor
        self._known: dict[VoicemailId, Task] = {}
        self._offered: dict[InteractionId, Task] = {}
        self._aside: dict[VoicemailId, TaskWanted] = {}
        """Of queues that are not in the plan: nobody is asked, until they are (again). People find them listed."""

    # -- coming and going ------------------------------------------------------------------------------------------

    def open(self, wanted: TaskWanted) -> None:
        """There is something to do."""
        floor = self._floor
        if wanted.about in self._known:
            return
        if wanted.queue not in floor.plan.queues:
            self._aside[wanted.about] = wanted
            return
        task = Task(
            floor.new_id(InteractionId, "t"),
            wanted.about,
            wanted.queue,
            wanted.caller,
            min(wanted.since, floor.now),
            wanted.contact,
        )
        floor.tasks[task.id] = task
        self._known[task.about] = task
        floor.say(CustomerWanted(task.id, wanted.caller.number))
        self.offer(task)

    def settled(self, about: VoicemailId) -> None:
        """Somebody has seen to it without us: whoever is held for it, or does it, is free."""
        self._aside.pop(about, None)
        if (task := self._known.get(about)) is None:
            return
        match task.stage:
            case TaskOffered(held):
                self._release(task, held, "settled")
            case TaskInHand(agent):
                self._let_go(task, agent)
            case TaskWaits():
                pass
        self._forget(task)

    def begin_anew(self) -> None:
        """The rules are others: each task waits by them, and whoever is available looks anew. Who has one in hand sees
        to it, whatever has become of its queue."""
        queues = self._floor.plan.queues
        for task in list(self._floor.tasks.values()):
            if not isinstance(task.stage, TaskWaits):
                continue
            if task.queue in queues:
                self._floor.matching.stop(task.id)
                self._wait_in_line(task)
            else:
                self._put_aside(task)
        for wanted in [one for one in self._aside.values() if one.queue in queues]:
            del self._aside[wanted.about]
            self.open(wanted)

    def _put_aside(self, task: Task) -> None:
        self._forget(task)
        self._aside[task.about] = TaskWanted(task.about, task.queue, task.caller, task.since, task.contact)

    # -- choosing --------------------------------------------------------------------------------------------------

    def offer(self, task: Task, but: Collection[int] = ()) -> None:
        """A task looks for an agent; it waits if there is none. `but`: by their places, who is wanted elsewhere."""
        if not isinstance(task.stage, TaskWaits):
            return
        floor = self._floor
        if task.queue not in floor.plan.queues:
            self._put_aside(task)
            return
        floor.matching.stop(task.id)
        excluded = {*self.excluded(task), *but}
        for number, kinds in enumerate(self._steps(task)):
            keys = tuple(islice(merge(*(best_of(kind, excluded) for kind in kinds)), MOST_KEYS))
            if keys:
                self._reserve(task, self._decision(task, number, kinds[0], keys, excluded))
                return
        self._wait_in_line(task)

    def _wait_in_line(self, task: Task) -> None:
        for kind in chain.from_iterable(self._steps(task)):
            self._floor.matching.wait(self._key(task), kind)

    def excluded(self, task: Task) -> Collection[int]:
        """By their places: who has given it back lately, and who has declined it, unless nobody else is at work."""
        if not task.missed_by and not task.returned_by:
            return ()
        availability = self._floor.availability
        able = 0
        for kind in chain.from_iterable(self._steps(task)):
            able |= kind.able & availability.at_work(kind.node)
        agents = {*task.returned_by, *task.missed_by}
        if not able & ~availability.set_of(agents):
            agents = set(task.returned_by)
        return {availability.place[agent] for agent in agents}

    def _steps(self, task: Task) -> list[list[Kind]]:
        """Whom it may be given to: all steps of its queue at once, the better ones first, at whatever PBX they are."""
        floor = self._floor
        plan = floor.queue(task.queue).plan
        kind, nodes = floor.matching.kind, floor.phones_on
        return [[kind(step.need, plan.prefers, node, task.queue) for node in nodes] for step in plan.steps if nodes]

    def _key(self, task: Task) -> CallKey:
        plan = self._floor.queue(task.queue).plan
        return plan.strict_class + AFTER_CALLS, -plan.weight, task.since - plan.head_start, task.id

    def _decision(
        self, task: Task, step: int, kind: Kind, keys: tuple[int, ...], excluded: Collection[int]
    ) -> Decision:
        availability = self._floor.availability
        names = availability.roster.agents
        reasons = {place: _why_not(task, names[place]) for place in excluded}
        away = dict(availability.reasons)
        if left := away[AVAILABLE] & self._floor.matching.left(task.queue):
            away[AVAILABLE] ^= left
            away[NOT_IN_QUEUE] = left
        return Decision(availability.roster, kind.text, step, kind.order, keys, away, kind.lacks, reasons)

    # -- offered ---------------------------------------------------------------------------------------------------

    def _reserve(self, task: Task, why: Decision) -> None:
        floor = self._floor
        agent = floor.agents[why.winner]
        until = floor.now + floor.queue(task.queue).plan.ring_timeout
        held = Reservation(floor.new_id(ReservationId, "r"), task.id, NO_SEGMENT, agent.id, floor.now, NO_LEG)
        floor.reservations[held.id] = task.id
        task.stage = TaskOffered(held)
        self._offered[task.id] = task
        agent.notices = after_ring(agent.notices, floor.now)
        agent.last_asked = floor.now
        agent.tasks.add(task.id)
        floor.say(ReservationMade(held.id, task.id, NO_SEGMENT, agent.id, floor.now, until, why))
        floor.move(agent, Reserve(task.id, held.id, until))
        floor.timers.set(("ring", held.id), until)

    def take(self, task: Task) -> None:
        """The agent says that he does it."""
        floor = self._floor
        held = self._held(task)
        self._end(task, held, ReservationOutcome.ACCEPTED, "")
        task.stage = TaskInHand(held.agent, floor.now)
        floor.move(floor.agents[held.agent], Accept(task.id))
        floor.say(TaskTaken(task.id, task.about, held.agent, floor.now))

    def missed(self, task: Task, outcome: ReservationOutcome, reason: str) -> None:
        """The agent asked did not take it: the next one is asked."""
        floor = self._floor
        held = self._held(task)
        agent = floor.agents[held.agent]
        self._end(task, held, outcome, reason)
        task.missed_by[agent.id] = reason
        floor.notice(agent, "missed" if outcome is ReservationOutcome.EXPIRED else reason.replace(" ", "_"))
        floor.blame(agent, task.id, reason)
        self._wait(task)

    def time_to_take_is_over(self, task: Task) -> None:
        """Nobody has said anything."""
        if isinstance(task.stage, TaskOffered):
            self.missed(task, ReservationOutcome.EXPIRED, NO_ANSWER)

    @staticmethod
    def _held(task: Task) -> Reservation:
        if isinstance(task.stage, TaskOffered):
            return task.stage.held
        raise NotPossible("no_call", "Nobody is asked to do it.")

    def withdraw(self, task: Task, cause: str) -> None:
        """From the agent who is asked, though he did nothing wrong."""
        if isinstance(task.stage, TaskOffered):
            self._release(task, task.stage.held, cause)
            task.stage = TaskWaits()

    def offered_to(self, agent: Agent) -> Task | None:
        """The task that his screen asks him to do."""
        rings = agent.standing.ringing()
        return self._offered.get(rings.interaction) if rings is not None else None

    def make_room(self, agent: Agent, freed: Collection[AgentId] = ()) -> None:
        """He is wanted for a caller. What he is only asked about is somebody else's, but not of those who look for
        a caller themselves in this moment (`freed`)."""
        if (task := self.offered_to(agent)) is not None:
            place = self._floor.availability.place
            self.withdraw(task, CALLER_FIRST)
            self._floor.notice(agent, "caller_first")
            self.offer(task, but=[place[one] for one in (agent.id, *freed)])

    def give_way(
        self, kinds: Collection[Kind], excluded: Collection[int], among: Collection[int] | None = None
    ) -> None:
        """A caller of these kinds finds nobody (`among` those whom he wants, by their places): an agent who is only
        asked whether he sees to a task is his."""
        floor = self._floor
        for task in self._offered.values():
            agent = floor.agents[self._held(task).agent]
            place = floor.availability.place[agent.id]
            if place in excluded or (among is not None and place not in among):
                continue
            if not any(kind.able >> place & 1 and kind.node == agent.phone.node for kind in kinds):
                continue
            if not floor.availability.reason_if(
                agent, next_standing(agent.standing, Withdraw(task.id), floor.now), floor.now
            ):
                self.make_room(agent)
                return

    def _release(self, task: Task, held: Reservation, cause: str) -> None:
        self._end(task, held, ReservationOutcome.WITHDRAWN, cause)
        self._floor.set_free(self._floor.agents[held.agent], Withdraw(task.id))

    def _end(self, task: Task, held: Reservation, outcome: ReservationOutcome, cause: str) -> None:
        floor = self._floor
        del floor.reservations[held.id]
        del self._offered[task.id]
        floor.timers.drop(("ring", held.id))
        floor.say(ReservationEnded(held.id, task.id, NO_SEGMENT, held.agent, held.made, floor.now, outcome, cause))

    # -- in hand ---------------------------------------------------------------------------------------------------

    def done(self, task: Task) -> None:
        """The agent has seen to it."""
        floor = self._floor
        in_hand = task.stage
        if not isinstance(in_hand, TaskInHand):
            raise NotPossible("no_call", "Nobody has it in hand.")
        agent = floor.agents[in_hand.agent]
        floor.say(TaskDone(task.id, task.about, agent.id, in_hand.since, floor.now))
        agent.last_handled = floor.now
        self._let_go(task, agent.id)
        self._forget(task)

    def give_back(self, task: Task, agent: Agent) -> None:
        """He has it in hand, and does not see to it: it is somebody else's, and his again only after a while."""
        floor = self._floor
        task.returned_by[agent.id] = None
        floor.timers.set(("task", task.id), floor.now + ASKED_AGAIN)
        self._return(task, agent)

    def give_all_back(self, agent: Agent) -> None:
        """He has been gone for long: what he had in hand is somebody else's."""
        for task in list(self._floor.tasks.values()):
            if isinstance(task.stage, TaskInHand) and task.stage.agent == agent.id:
                self._return(task, agent)

    def _return(self, task: Task, agent: Agent) -> None:
        floor = self._floor
        floor.say(TaskReturned(task.id, task.about, agent.id, floor.now))
        task.stage = TaskWaits()
        self._let_go(task, agent.id)
        self.offer(task)

    def ask_anew(self, task: Task) -> None:
        """Long enough: whoever has given it back may be asked again."""
        task.returned_by.clear()
        self.offer(task)

    def _let_go(self, task: Task, agent: AgentId) -> None:
        floor = self._floor
        floor.move(floor.agents[agent], EndTalk(task.id, None))
        floor.set_free(floor.agents[agent], EndWork(task.id))

    def _wait(self, task: Task) -> None:
        task.stage = TaskWaits()
        self.offer(task)

    def _forget(self, task: Task) -> None:
        self._floor.matching.stop(task.id)
        self._floor.timers.drop(("task", task.id))
        del self._floor.tasks[task.id]
        del self._known[task.about]


def _why_not(task: Task, agent: AgentId) -> str:
    if missed := task.missed_by.get(agent):
        return f"missed this task: {missed}"
    return "has given this task back" if agent in task.returned_by else "wanted for a caller"
