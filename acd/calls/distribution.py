"""From the queue to the agent's answer: entering, choosing, reserving, ringing.

The invariant that everything here keeps: a ready, qualified agent with a reachable phone never stands beside a waiting
call. A call that enters looks for an agent, an agent who becomes available looks for a call; nothing polls.
"""

from collections.abc import Iterable
from itertools import islice

from acd.calls.books import Books
from acd.calls.interactions import Interaction, Ringing, Waiting
from acd.calls.reservations import NO_ANSWER, Reservation
from acd.events import ReservationEnded, ReservationMade, SegmentOpened
from acd.floor import Floor
from acd.model import (
    InteractionId,
    InteractionOutcome,
    QueueName,
    ReservationId,
    ReservationOutcome,
    SegmentId,
)
from acd.people.agents import Reserve, Withdraw
from acd.people.notices import after_ring
from acd.people.staff import Agent
from acd.recovery.memory import AgentMemory, written
from acd.routing.choosing import Choosing
from acd.routing.decision import MOST_KEYS, Decision
from acd.routing.matching import CallKey, Kind, best_of
from acd.tasks.task_distribution import TaskDistribution
from acd.waiting.comfort import Comfort, pause
from acd.waiting.estimate import Forecast
from cti.commands import PickUp, Ring
from cti.model import HangupCause, leg_on

MOST_PHONES = 50
"""So many phones ring for one caller at once, where all may."""

PBX_PATIENCE = 10.0
"""Seconds that the PBX rings on after our own timeout: only reached if we are dead."""


class Distribution:
    """Queues and reservations of one floor."""

    def __init__(self, floor: Floor, books: Books) -> None:
        self._floor = floor
        self._books = books
        self.choosing = Choosing(floor)
        self.comfort = Comfort(floor, self.choosing)
        self._missed: dict[InteractionId, None] = {}
        """Calls that have waited after somebody had missed them."""
        self.tasks = TaskDistribution(floor)

    # -- entering --------------------------------------------------------------------------------------------------

    def enter(self, interaction: Interaction, name: QueueName, came: float = 0.0, ahead: float = 0.0) -> None:
        """A caller comes into a queue; `Exits` lets him wait there, or sends him on. `came`: when, if not now."""
        floor = self._floor
        segment = floor.new_id(SegmentId, "s")
        came = came or interaction.kept_since or floor.now
        place = min(came, floor.queue(name).old_place(interaction.caller.number, floor.now))
        waiting = Waiting(name, segment, floor.now, place, ahead)
        self.take_place(interaction, waiting)
        floor.say(SegmentOpened(segment, interaction.id, name, floor.now))
        floor.entering[interaction.id] = True

    def begin_to_wait(self, interaction: Interaction) -> None:
        """He has entered, and stays."""
        self.comfort.play_music(interaction)
        self._books.remember(interaction)
        self.offer(interaction)
        interaction.forecast = Forecast()
        if isinstance(interaction.stage, Waiting):
            self.comfort.foretell(interaction)
            self.comfort.greet(interaction)

    def take_place(self, interaction: Interaction, waiting: Waiting) -> None:
        """A place in the queue, by the time of entry; also for a caller found on the PBX after a restart."""
        queue = self._floor.queue(waiting.queue)
        queue.enter(interaction.id, waiting.place, waiting.ahead)
        queue.figures.entered += 1
        interaction.stage = waiting
        interaction.queue = waiting.queue
        interaction.outcome = InteractionOutcome.ABANDONED_IN_QUEUE
        if queue.watches_places and queue.position_of(interaction.id) < len(queue):
            self._floor.stirred[waiting.queue] = None

    def staff_changed(self) -> None:
        """Somebody has come, gone, or taken another phone, or callers were found who wait. What all who are left have
        missed may be asked of them again; and rules may hold now."""
        floor = self._floor
        self._missed = {call: None for call in self._missed if call in floor.interactions}
        for call in self._missed:
            for agent in floor.interactions[call].missed_by:
                floor.wake(floor.agents[agent])
        for task in floor.tasks.values():
            for agent in task.missed_by:
                floor.wake(floor.agents[agent])
        for name, queue in floor.queues.items():
            if len(queue) and queue.looks_around:
                floor.stirred[name] = None

    def begin_anew(self) -> None:
        """The rules are others: everybody who waits looks for an agent by them, in his old place."""
        floor = self._floor
        self.choosing.begin_anew()
        waiting = [floor.interactions[one] for queue in floor.queues.values() for one in queue.waiting]
        for interaction in waiting:
            for kind in ("relax", "waited"):
                floor.timers.drop((kind, interaction.id))
            if isinstance(interaction.stage, Waiting):
                floor.entering[interaction.id] = False
            else:
                self.offer(interaction)
            if ("announce", interaction.id) not in floor.timers:
                pause(floor, interaction)
        self.tasks.begin_anew()
        self.staff_changed()

    def queue_has_kinds_of_its_own(self, name: QueueName) -> None:
        """Who waits in it belongs to other kinds from now on: he looks for an agent among those."""
        floor = self._floor
        self.choosing.forget(name)
        floor.queue(name).ask_all_anew()
        for of in floor.queue(name).waiting:
            interaction = floor.interactions[of]
            if floor.matching.waits(of):
                self.offer(interaction)
        self.tasks.begin_anew()

    # -- choosing --------------------------------------------------------------------------------------------------

    def offer(self, interaction: Interaction) -> None:
        """A call looks for an agent, or for one more if several phones may ring for it; it waits if there is none."""
        stage = interaction.stage
        if not isinstance(stage, Waiting | Ringing):
            return
        floor = self._floor
        floor.matching.stop(interaction.id)
        waiting = stage.waiting if isinstance(stage, Ringing) else stage
        next_after = floor.queue(waiting.queue).plan.ring_next_after
        while self._wants_one_more(interaction, next_after):
            why = self._choice(interaction, waiting)
            if why is None:
                return
            self.reserve(interaction, waiting, floor.agents[why.winner], why)
            if next_after:
                floor.timers.set(("ring_next", interaction.id), floor.now + next_after)
                return

    @staticmethod
    def _wants_one_more(interaction: Interaction, next_after: float | None) -> bool:
        """Whether his phone, if there is an agent, is to ring beside those that ring already."""
        stage = interaction.stage
        if not isinstance(stage, Ringing):
            return True
        return next_after is not None and len(stage.held) < MOST_PHONES and not stage.by_hand

    def _choice(self, interaction: Interaction, waiting: Waiting) -> Decision | None:
        """Who is asked. If nobody can be, the call stands where those look who may come."""
        excluded = self.choosing.excluded(interaction)
        familiar = self.choosing.familiar(interaction)
        nobody: list[Kind] = []
        for step, kind in enumerate(self.choosing.open_kinds(interaction, waiting)):
            first, coming = self.choosing.of_familiar(interaction, waiting, kind, familiar, excluded)
            if first is None and coming:
                self._wait_for(interaction, waiting, coming)
                self.tasks.give_way([kind], excluded, coming)
                break
            keys = tuple(islice(best_of(kind, excluded), MOST_KEYS))
            if first is not None:
                keys = first, *(one for one in keys if one != first)
            if keys:
                return self.choosing.decision(interaction, step, kind, keys, excluded, familiar)
            nobody.append(kind)
        if interaction.missed_by:
            self._missed[interaction.id] = None
        key = self.call_key(interaction)
        for kind in nobody:
            self._floor.matching.wait(key, kind)
        if isinstance(interaction.stage, Waiting):
            self.tasks.give_way(nobody, excluded)
        return None

    def _wait_for(self, interaction: Interaction, waiting: Waiting, agents: Iterable[int]) -> None:
        """He waits for agents whom he knows and who are busy; others at this step are not asked meanwhile."""
        floor = self._floor
        for place in agents:
            floor.matching.wait_for(self.call_key(interaction), place, interaction.node)
        floor.timers.set(("prefer", interaction.id), self.choosing.waits_until(waiting))

    def customer_known(self, interaction: Interaction) -> None:
        """The CRM has said who he is: he may know somebody."""
        if isinstance(interaction.stage, Waiting) and self._floor.queue(interaction.queue).plan.preferred:
            self.offer(interaction)

    def find_call(self, agent: Agent) -> None:
        """An agent looks for the call that comes first among those he can serve.

        That call may go to somebody who is less busy and came free in the same moment: then he looks on.
        """
        floor = self._floor
        place = floor.availability.place[agent.id]

        def may(call: InteractionId) -> bool:
            task = floor.tasks.get(call)
            return place not in (
                self.choosing.excluded(floor.interactions[call]) if task is None else self.tasks.excluded(task)
            )

        while floor.availability.is_available(agent):
            call = floor.matching.first_call(place, agent.phone.node, may)
            if call is None:
                return
            if (task := floor.tasks.get(call)) is not None:
                self.tasks.offer(task)
            else:
                self.offer(floor.interactions[call])
        ringing = agent.standing.ringing()
        if ringing is not None and ringing.interaction in floor.tasks:
            # He is only asked whether he sees to a message, and could not be asked for callers when they came.
            call = floor.matching.first_call(place, agent.phone.node, lambda of: of not in floor.tasks and may(of))
            if call is not None:
                self.offer(floor.interactions[call])

    def call_key(self, interaction: Interaction) -> CallKey:
        """His place among all who wait."""
        queue = self._floor.queue(interaction.queue)
        return queue.plan.strict_class, -queue.plan.weight, queue.order_of(interaction.id), interaction.id

    # -- reserving and ringing -------------------------------------------------------------------------------------

    def reserve(self, interaction: Interaction, waiting: Waiting, agent: Agent, why: Decision) -> None:
        """His phone rings."""
        floor = self._floor
        now = floor.now
        until = now + floor.queue(waiting.queue).plan.ring_timeout
        leg = leg_on(agent.phone.node, floor.new_id(str, "a"))
        made = Reservation(floor.new_id(ReservationId, "r"), interaction.id, waiting.segment, agent.id, now, leg)
        floor.reservations[made.id] = interaction.id
        floor.agent_legs[leg] = interaction.id
        held = interaction.stage.held if isinstance(interaction.stage, Ringing) else ()
        interaction.stage = Ringing(waiting, (*held, made), bool(why.by_hand))
        interaction.waited = now - waiting.since
        agent.notices = after_ring(agent.notices, now)
        agent.last_asked = now
        # The screen pop rides on these two events, so they leave before the phone is rung.
        floor.say(ReservationMade(made.id, interaction.id, waiting.segment, agent.id, now, until, why))
        floor.move(agent, Reserve(interaction.id, made.id, until))
        floor.timers.set(("ring", made.id), until)
        floor.say(
            Ring(
                floor.command_id(),
                leg,
                interaction.call,
                agent.phone.endpoint,
                interaction.caller,
                until - now + PBX_PATIENCE,
                written(AgentMemory(interaction.id, agent.id)),
            )
        )

    def end_reservation(
        self, interaction: Interaction, held: Reservation, outcome: ReservationOutcome, cause: str
    ) -> None:
        """The reservation has its outcome. What becomes of the stage, the agent and his leg is the caller's to say."""
        floor = self._floor
        del floor.reservations[held.id]
        floor.timers.drop(("ring", held.id))
        floor.say(
            ReservationEnded(held.id, interaction.id, held.segment, held.agent, held.made, floor.now, outcome, cause)
        )

    def missed(self, interaction: Interaction, held: Reservation, outcome: ReservationOutcome, reason: str) -> None:
        """The agent asked did not take it: he is not asked again for this call, and the next one is."""
        floor = self._floor
        agent = floor.agents[held.agent]
        self.end_reservation(interaction, held, outcome, reason)
        interaction.missed_by[agent.id] = reason
        floor.drop_agent_leg(held.leg, HangupCause.NO_ANSWER)
        floor.notice(agent, "missed" if outcome is ReservationOutcome.EXPIRED else reason.replace(" ", "_"))
        floor.blame(agent, interaction.id, reason)
        self._one_less(interaction, held)

    def _one_less(self, interaction: Interaction, held: Reservation) -> None:
        """A phone rings no more; if it was the only one, the caller waits again."""
        stage = interaction.stage
        if not isinstance(stage, Ringing):
            return
        rest = tuple(one for one in stage.held if one.id != held.id)
        if not rest:
            self.back_to_queue(interaction, stage.waiting)
            return
        interaction.stage = Ringing(stage.waiting, rest)
        self._books.remember(interaction)
        self.offer(interaction)

    def pick_up(self, held: Reservation) -> None:
        """Let his ringing phone answer."""
        floor = self._floor
        floor.say(PickUp(floor.command_id(), held.leg, floor.agents[held.agent].phone.endpoint))

    def release(self, interaction: Interaction, held: Reservation, cause: str) -> None:
        """The agent is not held any more, though he did nothing wrong."""
        floor = self._floor
        self.end_reservation(interaction, held, ReservationOutcome.WITHDRAWN, cause)
        floor.drop_agent_leg(held.leg, HangupCause.ANSWERED_ELSEWHERE)
        floor.set_free(floor.agents[held.agent], Withdraw(interaction.id))

    def withdraw_all(self, interaction: Interaction, cause: str, notice: str) -> Waiting | None:
        """No phone rings for him any more; gives where he waits, None if he does not."""
        stage = interaction.stage
        if isinstance(stage, Ringing):
            for held in stage.held:
                self._floor.notice(self._floor.agents[held.agent], notice)
                self.release(interaction, held, cause)
            interaction.stage = stage.waiting
        return interaction.stage if isinstance(interaction.stage, Waiting) else None

    def rang_out(self, interaction: Interaction, held: Reservation) -> None:
        """The time to answer is over. If the PBX is away just now, nobody knows whether he has answered."""
        if self._floor.connected(held.leg):
            self.missed(interaction, held, ReservationOutcome.EXPIRED, NO_ANSWER)
        else:
            self.lost(interaction, held)

    def lost(self, interaction: Interaction, held: Reservation, cause: str = "not seen") -> None:
        """Whether he has answered was not seen, and now it is too late, or he had no chance to: he may be asked again,
        for this call too."""
        self.release(interaction, held, cause)
        self._one_less(interaction, held)

    def back_to_queue(self, interaction: Interaction, waiting: Waiting) -> None:
        """The caller waits again, in his old place, unless a rule sends him on meanwhile."""
        interaction.stage = waiting
        self._books.remember(interaction)
        self._floor.entering[interaction.id] = False
