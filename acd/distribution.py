"""From the queue to two-way audio and to the end of the call: entering, choosing, ringing, connecting, ending.

The invariant that everything here keeps: a ready, qualified agent with a reachable phone never stands beside a waiting
call. A call that enters looks for an agent, an agent who becomes available looks for a call; nothing polls.
"""

from collections.abc import Mapping

from acd.agents import Accept, EndTalk, EndWork, Miss, NotPossible, Reserve, Withdraw
from acd.events import (
    InteractionClosed,
    ReservationEnded,
    ReservationMade,
    SegmentClosed,
    SegmentOpened,
    TalkEnded,
    TalkStarted,
)
from acd.explanation import explained
from acd.floor import Floor
from acd.interactions import Connecting, Interaction, Leaving, Ringing, Talking, Waiting, WrappingUp
from acd.memory import AgentMemory, CallerLeaving, CallerMemory, CallerTalking, CallerWaiting, written
from acd.model import (
    AgentId,
    CustomerKnown,
    InteractionOutcome,
    QueueName,
    ReservationId,
    ReservationOutcome,
    SegmentId,
    SegmentOutcome,
)
from acd.reservations import Reservation
from acd.routing import Candidate, ranked
from acd.staff import Agent
from cti.commands import Bridge, Ring, StartMusic, StopMusic
from cti.model import HangupCause, LegId, Speech, leg_on, node_of

CONNECT_TIMEOUT = 5.0
"""Seconds from an agent's answer to two-way audio, beyond which the connection has failed."""

PBX_PATIENCE = 10.0
"""Seconds that the PBX rings on after our own timeout: only reached if we are dead."""


class Distribution:
    """Queues and reservations of one floor."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor

    # -- entering --------------------------------------------------------------------------------------------------

    def enter(self, interaction: Interaction, name: QueueName) -> None:
        """A caller comes out of the flow into a queue."""
        floor = self._floor
        plan = floor.queue(name).plan
        segment = floor.new_id(SegmentId, "s")
        waiting = Waiting(name, segment, floor.now)
        self.take_place(interaction, waiting)
        floor.say(SegmentOpened(segment, interaction.id, name, floor.now))
        if plan.tell_if_nobody and not self._somebody_could(interaction):
            self._send_away(interaction, waiting, SegmentOutcome.OVERFLOWED)
            return
        floor.say(StartMusic(floor.command_id(), interaction.leg, plan.music))
        self.remember(interaction)
        self.offer(interaction)

    def take_place(self, interaction: Interaction, waiting: Waiting) -> None:
        """A place in the queue, by the time of entry; also for a caller found on the PBX after a restart."""
        queue = self._floor.queue(waiting.queue)
        queue.enter(interaction.id, waiting.since)
        queue.figures.entered += 1
        interaction.stage = waiting
        interaction.queue = waiting.queue
        interaction.outcome = InteractionOutcome.ABANDONED_IN_QUEUE
        self._floor.timers.set(("max_wait", interaction.id), waiting.since + queue.plan.max_wait)

    def _somebody_could(self, interaction: Interaction) -> bool:
        lacks = self._floor.lacks[interaction.queue]
        return any(not lacks[agent.id] for agent in self._floor.anybody_at_work())

    def waited_too_long(self, interaction: Interaction) -> None:
        """The queue's longest wait is over; a phone that rings at this moment may still be answered."""
        if isinstance(interaction.stage, Waiting):
            self._send_away(interaction, interaction.stage, SegmentOutcome.OVERFLOWED)

    def _send_away(self, interaction: Interaction, waiting: Waiting, outcome: SegmentOutcome) -> None:
        floor = self._floor
        self._close_segment(interaction, waiting, outcome)
        interaction.outcome = InteractionOutcome.OVERFLOWED
        floor.say(StopMusic(floor.command_id(), interaction.leg))
        self.say_goodbye(interaction, floor.plan.nobody_there)

    def say_goodbye(self, interaction: Interaction, text: Mapping[str, str]) -> None:
        """A last sentence; the leg is hung up when it has been heard."""
        language = interaction.language if interaction.language in text else next(iter(text))
        playback = self._floor.play(interaction.leg, (Speech(text[language], language),))
        interaction.stage = Leaving(interaction.outcome, playback)
        self.remember(interaction)

    # -- choosing --------------------------------------------------------------------------------------------------

    def offer(self, interaction: Interaction) -> None:
        """A call looks for an agent; it stays where it is if there is none."""
        floor = self._floor
        if not floor.ready or not isinstance(interaction.stage, Waiting):
            return
        possible = [agent for agent in floor.ready.values() if not self._excluded(agent, interaction)]
        if possible:
            candidates = ranked(possible, floor.now)
            self._reserve(interaction, interaction.stage, floor.agents[candidates[0].agent], candidates)

    def find_call(self, agent: Agent) -> None:
        """An agent looks for the call that comes first among those he can serve."""
        floor = self._floor
        if agent.id not in floor.ready:
            return
        best: tuple[float, Interaction] | None = None
        for queue in floor.queues.values():
            if floor.lacks[queue.plan.name][agent.id]:
                continue
            for waiting in queue.waiting:
                interaction = floor.interactions[waiting]
                if isinstance(interaction.stage, Waiting) and not self._excluded(agent, interaction):
                    order = queue.order_of(waiting)
                    if best is None or order < best[0]:
                        best = order, interaction
                    break
        if best is not None:
            self.offer(best[1])

    def _excluded(self, agent: Agent, interaction: Interaction) -> str:
        """Why a ready agent is not a candidate for this call; empty if he is one."""
        floor = self._floor
        if agent.id in interaction.missed_by:
            return f"missed this call: {interaction.missed_by[agent.id]}"
        if missing := floor.lacks[interaction.queue][agent.id]:
            return f"lacks {missing}"
        node = agent.phone.node
        if node != node_of(interaction.leg) or node in floor.pbx_taken or not floor.pbx_connected.get(node):
            return "phone is on another PBX"
        if not floor.phones_reachable.get(agent.phone.endpoint, True):
            return "phone unreachable"
        return ""

    # -- reserving and ringing -------------------------------------------------------------------------------------

    def _reserve(
        self, interaction: Interaction, waiting: Waiting, agent: Agent, candidates: tuple[Candidate, ...]
    ) -> None:
        floor = self._floor
        now = floor.now
        until = now + floor.queue(waiting.queue).plan.ring_timeout
        leg = leg_on(agent.phone.node, floor.new_id(str, "a"))
        reservation = Reservation(
            floor.new_id(ReservationId, "r"), interaction.id, waiting.segment, agent.id, leg, now, until
        )
        floor.reservations[reservation.id] = reservation
        floor.agent_legs[leg] = interaction.id
        interaction.stage = Ringing(waiting, reservation.id, agent.id, leg, now)
        interaction.waited = now - waiting.since
        agent.notice = None
        why = explained(floor, candidates, lambda other: self._excluded(other, interaction))
        # The screen pop rides on these two events, so they leave before the phone is rung.
        floor.say(ReservationMade(reservation.id, interaction.id, waiting.segment, agent.id, now, until, why))
        floor.move(agent, Reserve(reservation.id, interaction.id, until))
        floor.timers.set(("ring", reservation.id), until)
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

    def _end_reservation(self, ringing: Ringing, outcome: ReservationOutcome, cause: str) -> None:
        floor = self._floor
        reservation = floor.reservations.pop(ringing.reservation)
        floor.timers.drop(("ring", reservation.id))
        reservation.end(outcome)
        floor.say(
            ReservationEnded(
                reservation.id,
                reservation.interaction,
                reservation.segment,
                reservation.agent,
                reservation.made,
                floor.now,
                outcome,
                cause,
            )
        )

    def missed(self, interaction: Interaction, ringing: Ringing, outcome: ReservationOutcome, reason: str) -> None:
        """The agent asked did not take it: he is NotReady, is not asked again for this call, and the next one is."""
        floor = self._floor
        agent = floor.agents[ringing.agent]
        self._end_reservation(ringing, outcome, reason)
        interaction.missed_by[agent.id] = reason
        self._drop_agent_leg(ringing.leg, HangupCause.NO_ANSWER)
        floor.notice(agent, "missed" if outcome is ReservationOutcome.EXPIRED else reason.replace(" ", "_"))
        floor.move(agent, Miss(reason))
        self._back_to_queue(interaction, ringing.waiting)

    def _release_ringing(self, ringing: Ringing, cause: str) -> None:
        floor = self._floor
        agent = floor.agents[ringing.agent]
        self._end_reservation(ringing, ReservationOutcome.WITHDRAWN, cause)
        self._drop_agent_leg(ringing.leg, HangupCause.ANSWERED_ELSEWHERE)
        floor.notice(agent, cause.replace(" ", "_"))
        floor.move(agent, Withdraw())

    def _back_to_queue(self, interaction: Interaction, waiting: Waiting) -> None:
        interaction.stage = waiting
        self.remember(interaction)
        self.offer(interaction)

    def _drop_agent_leg(self, leg: LegId, cause: HangupCause) -> None:
        if self._floor.agent_legs.pop(leg, None) is not None:
            self._floor.hang_up(leg, cause)

    # -- connecting and talking ------------------------------------------------------------------------------------

    def answered(self, interaction: Interaction, ringing: Ringing) -> None:
        """The agent's phone was picked up; two-way audio is the next thing."""
        floor = self._floor
        self._end_reservation(ringing, ReservationOutcome.ACCEPTED, "")
        interaction.stage = Connecting(ringing.waiting, ringing.agent, ringing.leg, floor.now)
        floor.move(floor.agents[ringing.agent], Accept())
        floor.timers.set(("connect", interaction.id), floor.now + CONNECT_TIMEOUT)
        floor.say(Bridge(floor.command_id(), interaction.leg, interaction.call, (ringing.leg,)))

    def bridged(self, interaction: Interaction, connecting: Connecting) -> None:
        """Two-way audio: the wait is over, the segment is answered."""
        floor = self._floor
        waiting = connecting.waiting
        floor.timers.drop(("connect", interaction.id))
        self._close_segment(interaction, waiting, SegmentOutcome.ANSWERED, connecting.agent)
        self.take_up_talk(
            interaction,
            Talking(waiting.queue, waiting.segment, waiting.since, connecting.agent, connecting.leg, floor.now),
        )
        floor.say(TalkStarted(interaction.id, waiting.segment, connecting.agent, floor.now))
        self.remember(interaction)

    def take_up_talk(self, interaction: Interaction, talking: Talking) -> None:
        """The interaction talks; also for a talk found on the PBX after a restart."""
        interaction.stage = talking
        interaction.queue = talking.queue
        interaction.outcome = InteractionOutcome.ANSWERED
        self._floor.agents[talking.agent].handled += 1
        self._floor.timers.drop(("max_wait", interaction.id))

    def connection_failed(self, interaction: Interaction, connecting: Connecting, reason: str) -> None:
        """The agent answered, but there is no audio: the caller keeps his place, the agent is told."""
        floor = self._floor
        agent = floor.agents[connecting.agent]
        floor.timers.drop(("connect", interaction.id))
        interaction.missed_by[agent.id] = reason
        self._drop_agent_leg(connecting.leg, HangupCause.FAILURE)
        floor.notice(agent, "connection_failed")
        floor.move(agent, Miss(reason))
        floor.say(StartMusic(floor.command_id(), interaction.leg, floor.queue(interaction.queue).plan.music))
        self._back_to_queue(interaction, connecting.waiting)

    # -- ending ----------------------------------------------------------------------------------------------------

    def talk_over(self, interaction: Interaction, talking: Talking, by: str) -> None:
        """One side is gone; the other is hung up, and the agent writes it up."""
        floor = self._floor
        agent = floor.agents[talking.agent]
        floor.say(TalkEnded(interaction.id, talking.segment, talking.agent, talking.since, floor.now, by))
        self._drop_agent_leg(talking.leg, HangupCause.NORMAL)
        self._drop_customer_leg(interaction)
        interaction.stage = WrappingUp(agent.id, floor.now)
        agent.last_handled = floor.now
        wrap_up = floor.queue(talking.queue).plan.wrap_up
        until = floor.now + wrap_up
        floor.move(agent, EndTalk(until))
        if wrap_up > 0:
            floor.timers.set(("wrap_up", agent.id), until)
        else:
            floor.move(agent, EndWork())
            self.close(interaction)

    def caller_gone(self, interaction: Interaction, cause: HangupCause) -> None:
        """The caller hung up while he waited, while a phone rang for him, or in the moment of the answer."""
        floor = self._floor
        stage = interaction.stage
        failed = cause is HangupCause.LOST
        match stage:
            case Waiting():
                waiting = stage
            case Ringing():
                waiting = stage.waiting
                self._release_ringing(stage, "caller hung up")
            case Connecting():
                waiting = stage.waiting
                floor.timers.drop(("connect", interaction.id))
                self._drop_agent_leg(stage.leg, HangupCause.NORMAL)
                floor.notice(floor.agents[stage.agent], "caller_hung_up")
                floor.move(floor.agents[stage.agent], Withdraw())
            case _:
                raise NotPossible("no_call", "Only who waits can leave the queue.")
        self._close_segment(interaction, waiting, self._abandoned(waiting, failed=failed))
        if failed:
            interaction.outcome = InteractionOutcome.FAILED
        self.close(interaction)

    def _abandoned(self, waiting: Waiting, *, failed: bool) -> SegmentOutcome:
        if failed:
            return SegmentOutcome.FAILED
        wait = self._floor.now - waiting.since
        short = wait < self._floor.queue(waiting.queue).plan.short_abandon
        return SegmentOutcome.SHORT_ABANDONED if short else SegmentOutcome.ABANDONED

    def _close_segment(
        self, interaction: Interaction, waiting: Waiting, outcome: SegmentOutcome, *agents: AgentId
    ) -> None:
        floor = self._floor
        queue = floor.queue(waiting.queue)
        wait = max(0.0, floor.now - waiting.since)
        queue.leave(interaction.id)
        queue.figures.tally.add(outcome, wait, queue.plan.service_level)
        floor.timers.drop(("max_wait", interaction.id))
        floor.say(
            SegmentClosed(
                waiting.segment, interaction.id, waiting.queue, waiting.since, floor.now, outcome, wait, agents
            )
        )

    def _drop_customer_leg(self, interaction: Interaction) -> None:
        if self._floor.customer_legs.pop(interaction.leg, None) is not None:
            self._floor.hang_up(interaction.leg)

    def close(self, interaction: Interaction) -> None:
        """The contact is over; nothing of it stays on the floor."""
        floor = self._floor
        self._drop_customer_leg(interaction)
        floor.forget(interaction)
        floor.say(
            InteractionClosed(
                interaction.id,
                interaction.call,
                interaction.caller,
                interaction.dialled,
                interaction.entry_point,
                interaction.started,
                floor.now,
                interaction.outcome,
                interaction.path,
                interaction.customer_id(),
            )
        )

    def remember(self, interaction: Interaction) -> None:
        """Write on the caller's leg where he is, for a later process."""
        match interaction.stage:
            case Waiting() | Ringing(waiting=_) | Connecting():
                stage = interaction.stage
                waiting = stage if isinstance(stage, Waiting) else stage.waiting
                noted = CallerWaiting(waiting.queue, waiting.segment, waiting.since, interaction.missed_by)
                self._write(interaction, noted)
            case Talking(queue, segment, entered, agent, _, since):
                self._write(interaction, CallerTalking(queue, segment, entered, agent, since))
            case Leaving():
                self._write(interaction, CallerLeaving())
            case _:
                pass

    def _write(self, interaction: Interaction, stage: CallerWaiting | CallerTalking | CallerLeaving) -> None:
        customer = interaction.customer
        self._floor.remember(
            interaction.leg,
            CallerMemory(
                interaction.id,
                interaction.caller,
                interaction.dialled,
                interaction.started,
                stage,
                interaction.path,
                customer.customer.id if isinstance(customer, CustomerKnown) and customer.typed else "",
            ),
        )
