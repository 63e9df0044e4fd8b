"""The brain: one object that decides everything about calls, agents and queues, and does no I/O.

Every message from a PBX, a person or the CRM comes in through `receive`, with the time. What comes out are plain
values, in the order in which they must take effect: commands for the PBX, and events for people and storage.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from acd.books import Books
from acd.connection import Connection
from acd.desk import Desk
from acd.distribution import Distribution
from acd.events import (
    AgentRemembered,
    AnyToldEvent,
    CustomerAnswered,
    DesktopConnected,
    DesktopLost,
    FiguresRemembered,
    LookUpAnswered,
    LookUpEmpty,
    LookUpFailed,
)
from acd.floor import Floor, Output
from acd.interactions import Connecting, InFlow, Interaction, Leaving, Ringing, Talking, Waiting
from acd.model import AgentId, InteractionId, QueueName, ReservationId, ReservationOutcome
from acd.plan import CenterPlan
from acd.queues import Queue
from acd.reception import Reception
from acd.recovery import Recovery
from acd.requests import AgentRequest, AnyRequest
from acd.staff import Agent
from cti.commands import Bridge, Play, Ring
from cti.events import (
    AnyPbxEvent,
    CallArrived,
    CommandFailed,
    KeyPressed,
    LegAnswered,
    LegEnded,
    LegRinging,
    LegsBridged,
    PbxEvent,
    PbxLost,
    PbxSynchronized,
    PbxTaken,
    PhoneReachable,
    PhoneUnreachable,
    PlaybackEnded,
)
from cti.model import Endpoint, HangupCause, LegId, NodeName

Message = AnyPbxEvent | AnyRequest | AnyToldEvent

_MISSES: Mapping[HangupCause, tuple[ReservationOutcome, str]] = {
    HangupCause.NO_ANSWER: (ReservationOutcome.EXPIRED, "no answer"),
    HangupCause.REJECTED: (ReservationOutcome.DECLINED, "declined"),
    HangupCause.BUSY: (ReservationOutcome.DECLINED, "phone busy"),
}
"""What it means when an agent's leg ends before it is answered; all else: the phone could not be reached."""


class ContactCenter:
    """One centre. `instance` names this run of the process: ids made from it never come again.

    Not thread-safe, not reentrant: one message at a time.
    """

    def __init__(self, plan: CenterPlan, instance: str) -> None:
        self._floor = Floor(plan, instance)
        books = Books(self._floor)
        self._distribution = Distribution(self._floor, books)
        self._connection = Connection(self._floor, books, self._distribution)
        self._reception = Reception(self._floor, books, self._distribution)
        self._desk = Desk(self._floor, books, self._distribution, self._connection)
        self._recovery = Recovery(self._floor, books, self._reception, self._distribution, self._connection)
        self._zone = ZoneInfo(plan.zone)

    # -- what others may look at -----------------------------------------------------------------------------------

    @property
    def plan(self) -> CenterPlan:
        """What the company has decided."""
        return self._floor.plan

    @property
    def agents(self) -> Mapping[AgentId, Agent]:
        """Everyone in the plan, at work or not."""
        return self._floor.agents

    @property
    def queues(self) -> Mapping[QueueName, Queue]:
        """All queues, with who waits in them and their figures."""
        return self._floor.queues

    @property
    def interactions(self) -> Mapping[InteractionId, Interaction]:
        """All that are not closed."""
        return self._floor.interactions

    @property
    def phones_reachable(self) -> Mapping[Endpoint, bool]:
        """Registered or not, as far as the PBX has said."""
        return self._floor.phones_reachable

    @property
    def pbx_connected(self) -> Mapping[NodeName, bool]:
        """Whether we see and drive that PBX."""
        return self._floor.pbx_connected

    # -- the three verbs -------------------------------------------------------------------------------------------

    def receive(self, message: Message, now: float) -> Sequence[Output]:
        """Decide what follows from a message. Never raises for what it says; gives what must happen, in order."""
        floor = self._floor
        floor.now = now
        if isinstance(message, PbxEvent):
            self._on_pbx_event(message)
        elif isinstance(message, AgentRequest):
            self._desk.requested(message)
        else:
            self._on_told(message)
        self._distribute()
        return floor.take_outbox()

    def next_deadline(self) -> float | None:
        """When `tick` is wanted next; None: not before the next message."""
        return self._floor.timers.next()

    def tick(self, now: float) -> Sequence[Output]:
        """Decide what follows from the time."""
        floor = self._floor
        floor.now = now
        for kind, subject in floor.timers.due(now):
            self._on_time(kind, subject)
        self._distribute()
        return floor.take_outbox()

    def salvage(self) -> Sequence[Output]:
        """What was decided before `receive` or `tick` failed (a mistake of ours): it has taken effect in the state."""
        return self._floor.take_outbox()

    def begin_days(self, now: float) -> None:
        """Let the figures of today start again at each midnight of the centre's zone."""
        today = datetime.fromtimestamp(now, self._zone).date()
        midnight = datetime.combine(today + timedelta(days=1), time(), self._zone)
        self._floor.timers.set(("midnight", ""), midnight.timestamp())

    # -- messages --------------------------------------------------------------------------------------------------

    def _on_pbx_event(self, event: PbxEvent) -> None:  # noqa: PLR0912 - one line for each kind of event
        floor = self._floor
        match event:
            case CallArrived():
                self._reception.arrived(event)
            case KeyPressed():
                if (interaction := self._customer_on(event.leg)) is not None:
                    self._reception.key_pressed(interaction, event)
            case PlaybackEnded():
                if (interaction := self._customer_on(event.leg)) is not None:
                    self._reception.playback_ended(interaction, event.playback)
            case LegAnswered():
                self._on_agent_answered(event.leg)
            case LegsBridged():
                self._on_bridged(event)
            case LegEnded():
                self._on_leg_ended(event.leg, event.cause)
            case CommandFailed():
                self._on_command_failed(event)
            case PhoneReachable() | PhoneUnreachable():
                floor.phones_reachable[event.endpoint] = isinstance(event, PhoneReachable)
                if (agent := floor.agent_at(event.endpoint)) is not None:
                    floor.wake(agent)
            case PbxSynchronized():
                self._on_synchronized(event)
            case PbxLost():
                floor.pbx_connected[event.node] = False
            case PbxTaken():
                floor.pbx_connected[event.node] = False
                floor.pbx_taken.add(event.node)
            case LegRinging():
                pass
            case _:
                raise AssertionError(event)

    def _on_told(self, event: AnyToldEvent) -> None:
        floor = self._floor
        match event:
            case CustomerAnswered(of, answer):
                if (interaction := floor.interactions.get(of)) is not None:
                    self._reception.identified(interaction, answer)
            case LookUpAnswered() | LookUpEmpty() | LookUpFailed():
                self._reception.looked_up(event)
            case DesktopConnected(who):
                if (agent := floor.agents.get(who)) is not None:
                    self._desk.desktop_connected(agent)
            case DesktopLost(who):
                if (agent := floor.agents.get(who)) is not None:
                    self._desk.desktop_lost(agent)
            case AgentRemembered():
                self._recovery.agent_remembered(event)
            case FiguresRemembered(figures):
                for name, tally in figures.items():
                    if (queue := floor.queues.get(name)) is not None:
                        queue.figures.entered += tally.closed
                        queue.figures.tally.merge(tally)

    def _on_time(self, kind: str, subject: str) -> None:
        floor = self._floor
        if kind in ("wrap_up", "return"):
            agent = floor.agents[AgentId(subject)]
            if kind == "wrap_up":
                self._desk.work_over(agent)
            elif not agent.desktop:
                self._desk.desktop_lost(agent)
        elif kind == "ring":
            reservation = floor.reservations[ReservationId(subject)]
            interaction = floor.interactions[reservation.interaction]
            if isinstance(interaction.stage, Ringing):
                self._distribution.missed(interaction, interaction.stage, ReservationOutcome.EXPIRED, "no answer")
        elif kind == "midnight":
            for queue in floor.queues.values():
                queue.figures.new_day(len(queue))
            for agent in floor.agents.values():
                agent.handled = 0
            self.begin_days(floor.now)
        else:
            self._on_interaction_time(kind, floor.interactions[InteractionId(subject)])

    def _on_interaction_time(self, kind: str, interaction: Interaction) -> None:
        if kind == "dialogue":
            self._reception.time_out(interaction)
        elif kind == "connect" and isinstance(interaction.stage, Connecting):
            self._connection.failed(interaction, interaction.stage, "no audio")
        elif kind == "max_wait":
            self._distribution.waited_too_long(interaction)

    def _customer_on(self, leg: LegId) -> Interaction | None:
        of = self._floor.customer_legs.get(leg)
        return None if of is None else self._floor.interactions[of]

    def _on_agent_answered(self, leg: LegId) -> None:
        floor = self._floor
        of = floor.agent_legs.get(leg)
        if of is None:  # withdrawn in the same moment: the hang-up is on its way, or was refused because it rang
            floor.hang_up(leg)
            return
        interaction = floor.interactions[of]
        if isinstance(interaction.stage, Ringing):
            self._connection.answered(interaction, interaction.stage)

    def _on_bridged(self, event: LegsBridged) -> None:
        for leg in event.legs:
            interaction = self._customer_on(leg)
            if interaction is not None and isinstance(interaction.stage, Connecting):
                self._connection.bridged(interaction, interaction.stage)

    def _on_leg_ended(self, leg: LegId, cause: HangupCause) -> None:
        floor = self._floor
        floor.dismissed.discard(leg)
        if (of := floor.agent_legs.pop(leg, None)) is not None:
            self._on_agent_leg_ended(floor.interactions[of], cause)
        elif (interaction := self._customer_on(leg)) is not None:
            del floor.customer_legs[leg]
            stage = interaction.stage
            match stage:
                case Waiting() | Ringing() | Connecting():
                    self._connection.caller_gone(interaction, cause)
                case InFlow() | Leaving():
                    self._reception.caller_gone(interaction, cause)
                case Talking():
                    self._connection.talk_over(
                        interaction, stage, "network" if cause is HangupCause.LOST else "customer"
                    )
                case _:
                    pass

    def _on_agent_leg_ended(self, interaction: Interaction, cause: HangupCause) -> None:
        stage = interaction.stage
        match stage:
            case Ringing():
                outcome, reason = _MISSES.get(cause, (ReservationOutcome.DECLINED, "phone unreachable"))
                self._distribution.missed(interaction, stage, outcome, reason)
            case Connecting():
                self._connection.failed(interaction, stage, "hung up")
            case Talking():
                self._connection.talk_over(interaction, stage, "network" if cause is HangupCause.LOST else "agent")
            case _:
                pass

    def _on_command_failed(self, failed: CommandFailed) -> None:
        command = failed.command
        match command:
            case Ring():
                self._on_leg_ended(command.leg, HangupCause.UNREACHABLE)
            case Bridge():
                interaction = self._customer_on(command.leg)
                if interaction is not None and isinstance(interaction.stage, Connecting):
                    self._connection.failed(interaction, interaction.stage, "no audio")
            case Play():
                if (interaction := self._customer_on(command.leg)) is not None:
                    self._reception.playback_ended(interaction, command.playback)
            case _:
                pass  # all else is harmless, or the end of the leg is on its way to us

    def _on_synchronized(self, event: PbxSynchronized) -> None:
        floor = self._floor
        floor.pbx_connected[event.node] = True
        floor.pbx_taken.discard(event.node)
        for leg in self._recovery.lost_legs(event):
            if leg not in floor.dismissed:
                floor.repaired("leg lost", leg)
            self._on_leg_ended(leg, HangupCause.LOST)
        self._recovery.synchronized(event)
        for agent in floor.ready.values():
            floor.wake(agent)

    def _distribute(self) -> None:
        floor = self._floor
        while woken := floor.take_woken():
            for agent in woken:
                self._distribution.find_call(agent)
