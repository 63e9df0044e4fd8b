"""The brain: one object that decides everything about calls, agents and queues, and does no I/O.

Every message from a PBX, a person or the CRM comes in through `receive`, with the time. What comes out are plain
values, in the order in which they must take effect: commands for the PBX, and events for people and storage.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from acd.calls.books import Books
from acd.calls.connection import Connection
from acd.calls.distribution import Distribution
from acd.calls.interactions import Connecting, InFlow, Interaction, Leaving, Ringing, Waiting
from acd.calls.legs import Legs
from acd.calls.reception import Reception
from acd.calls.surveys import Surveys
from acd.change_of_plan import ChangeOfPlan
from acd.events import CustomerIdentified
from acd.floor import Floor, Output
from acd.model import AgentId, InteractionId, QueueName, ReservationId
from acd.people.by_hand import ByHand
from acd.people.desk import Desk
from acd.people.membership import Membership
from acd.people.staff import Agent
from acd.people.supervision import Supervision
from acd.plan import CenterPlan, PhoneAt
from acd.queues import Queue
from acd.recovery.homecoming import Homecoming
from acd.recovery.recovery import Recovery
from acd.recovery.remembered import take_up
from acd.recovery.survivors import Survivors, survivors
from acd.remembered import AgentRemembered, QueuesRemembered, Remembered, Restarted
from acd.requests import AgentRequest, AnyRequest, AnySupervisorRequest, SupervisorRequest
from acd.tasks.tasks import Task
from acd.told import (
    AnyToldEvent,
    CustomerAnswered,
    DesktopConnected,
    DesktopLost,
    PlanChanged,
    QuestionAnswered,
    TaskSettled,
    TaskWanted,
)
from acd.waiting.exits import Exits
from cti.events import (
    AnyPbxEvent,
    CallArrived,
    CommandFailed,
    KeyPressed,
    LegAnswered,
    LegEnded,
    LegReturned,
    LegRinging,
    LegsBridged,
    PbxEvent,
    PbxLost,
    PbxSynchronized,
    PbxTaken,
    PhoneBusy,
    PhoneFree,
    PhoneReachable,
    PhoneUnreachable,
    PlaybackEnded,
    RecordingEnded,
)
from cti.model import HangupCause, LegId, NodeName

Message = AnyPbxEvent | AnyRequest | AnySupervisorRequest | AnyToldEvent | Remembered | PlanChanged

LOOK_AGAIN = 1.0
"""Seconds between two looks at a deadline that waits for its PBX to come back."""


class ContactCenter:
    """One centre. `instance` names this run of the process: ids made from it never come again.

    Not thread-safe, not reentrant: one message at a time.
    """

    def __init__(self, plan: CenterPlan, instance: str) -> None:
        self._floor = Floor(plan, instance)
        books = Books(self._floor)
        self._distribution = Distribution(self._floor, books)
        self._reception = Reception(self._floor, books, self._distribution)
        surveys = Surveys(self._floor, self._reception)
        self._connection = Connection(self._floor, books, self._distribution, surveys)
        self._exits = Exits(self._floor, books, self._distribution, self._reception)
        by_hand = ByHand(self._floor, books, self._distribution)
        self._membership = Membership(self._floor, self._distribution)
        self._desk = Desk(self._floor, books, self._distribution, self._connection, self._membership, by_hand)
        self._supervision = Supervision(self._floor, self._exits, self._desk, self._membership, by_hand)
        self._legs = Legs(self._floor, self._reception, self._distribution, self._connection)
        self._homecoming = Homecoming(self._floor)
        self._recovery = Recovery(
            self._floor,
            books,
            self._legs,
            self._reception,
            surveys,
            self._distribution,
            self._connection,
            self._homecoming,
        )
        self._change = ChangeOfPlan(self._floor, self._distribution)

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
    def tasks(self) -> Mapping[InteractionId, Task]:
        """All that are not done."""
        return self._floor.tasks

    @property
    def interactions(self) -> Mapping[InteractionId, Interaction]:
        """All that are not closed."""
        return self._floor.interactions

    def survivors(self, unseen: Iterable[NodeName] = ()) -> Survivors:
        """What is on the floor, as storage needs to know it once all PBXs but the `unseen` have been looked at."""
        return survivors(self._floor.interactions.values(), unseen)

    @property
    def phones_reachable(self) -> Mapping[PhoneAt, bool]:
        """Registered or not, as far as the PBX has said; by `Phone.at`."""
        return self._floor.lines.reachable

    @property
    def pbx_connected(self) -> Mapping[NodeName, bool]:
        """Whether we see and drive that PBX."""
        return self._floor.lines.connected

    @property
    def pbx_taken(self) -> Collection[NodeName]:
        """PBXs that another process has taken over: their calls are out of our hands until it is gone."""
        return self._floor.lines.taken

    def has_own_call(self, agent: Agent) -> bool:
        """Whether the agent, who is free for us, talks on his phone."""
        return self._floor.availability.has_own_call(agent, self._floor.now)

    def unavailable(self, agent: Agent) -> str:
        """Why he cannot be asked for anybody now; empty if he can."""
        return self._floor.unavailable(agent)

    def out_of_reach(self, agent: Agent) -> str:
        """Why the agent, who waits for a call, is not asked: his phone, his PBX, his screen. Empty if he is asked."""
        return self._floor.availability.out_of_reach(agent)

    # -- the three verbs -------------------------------------------------------------------------------------------

    def receive(self, message: Message, now: float) -> Sequence[Output]:
        """Decide what follows from a message. Never raises for what it says; gives what must happen, in order."""
        floor = self._floor
        floor.now = now
        if isinstance(message, PbxEvent):
            self._on_pbx_event(message)
        elif isinstance(message, AgentRequest):
            self._desk.requested(message)
        elif isinstance(message, SupervisorRequest):
            self._supervision.requested(message)
        elif isinstance(message, PlanChanged):
            self._change.take(message)
            if ("midnight", "") in floor.timers:
                self.begin_days(now)  # perhaps of another zone
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
        while (due := floor.timers.take_due(now)) is not None:
            self._on_time(*due)
        self._distribute()
        return floor.take_outbox()

    def salvage(self) -> Sequence[Output]:
        """What was decided before `receive` or `tick` failed (a mistake of ours): it has taken effect in the state."""
        return self._floor.take_outbox()

    def begin_days(self, now: float) -> None:
        """Let the figures of today start again at each midnight of the centre's zone."""
        zone = ZoneInfo(self.plan.zone)
        today = datetime.fromtimestamp(now, zone).date()
        midnight = datetime.combine(today + timedelta(days=1), time(), zone)
        self._floor.timers.set(("midnight", ""), midnight.timestamp())

    # -- messages --------------------------------------------------------------------------------------------------

    def _on_pbx_event(self, event: PbxEvent) -> None:  # noqa: PLR0912, PLR0915 - one line for each kind of event
        floor = self._floor
        match event:
            case CallArrived():
                self._reception.arrived(event)
            case LegAnswered():
                self._legs.answered(event.leg)
            case LegsBridged():
                self._legs.bridged(event)
            case LegEnded():
                self._legs.ended(event.leg, event.cause)
            case LegReturned():
                self._legs.ended(event.leg, HangupCause.LOST)  # the dialplan has him: he is put through
            case KeyPressed():
                if (interaction := self._legs.customer_on(event.leg)) is not None:
                    self._reception.key_pressed(interaction, event)
                    self._exits.key_pressed(interaction, event.key)
                else:
                    self._connection.key_pressed(event.leg)
            case PlaybackEnded():
                if (interaction := self._legs.customer_on(event.leg)) is not None:
                    self._reception.playback_ended(interaction, event.playback)
                else:
                    self._connection.whisper_ended(event.leg, event.playback)
            case RecordingEnded():
                self._reception.recordings.ended(event)
            case CommandFailed():
                self._legs.command_failed(event)
            case PhoneReachable() | PhoneUnreachable():
                phone = event.node, event.endpoint
                floor.lines.reachable[phone] = isinstance(event, PhoneReachable)
                floor.phone_changed(phone)
            case PhoneBusy():
                floor.lines.in_use.add((event.node, event.endpoint))
                floor.phone_changed((event.node, event.endpoint))
            case PhoneFree():
                floor.lines.in_use.discard((event.node, event.endpoint))
                floor.phone_changed((event.node, event.endpoint))
            case PbxSynchronized():
                self._recovery.synchronized(event)
            case PbxLost():
                floor.see_pbx(event.node, connected=False)
            case PbxTaken():
                floor.lines.taken.add(event.node)
                floor.see_pbx(event.node, connected=False)
            case LegRinging():
                self._legs.rings(event.leg)
            case _:
                raise AssertionError(event)

    def _on_told(self, event: AnyToldEvent | Remembered) -> None:  # noqa: PLR0912 - one line or two for each kind of event
        floor = self._floor
        match event:
            case CustomerAnswered(of, answer):
                if (interaction := floor.interactions.get(of)) is not None:
                    self._reception.identified(interaction, answer)
                elif (task := floor.tasks.get(of)) is not None:
                    task.customer = answer
                    floor.say(CustomerIdentified(of, answer))
            case TaskWanted():
                self._distribution.tasks.open(event)
            case TaskSettled(about):
                self._distribution.tasks.settled(about)
            case QuestionAnswered():
                self._reception.answered(event)
            case DesktopConnected(who):
                if (agent := floor.agents.get(who)) is not None:
                    self._desk.desktop_connected(agent)
            case DesktopLost(who):
                if (agent := floor.agents.get(who)) is not None:
                    self._desk.desktop_lost(agent)
            case Restarted(alive):
                self._homecoming.restarted(alive)
            case AgentRemembered():
                self._homecoming.agent_remembered(event)
            case QueuesRemembered(left):
                for who, queues in left.items():
                    if (agent := floor.agents.get(who)) is not None:
                        self._membership.remembered(agent, queues)
            case _:
                take_up(floor, event)

    # -- deadlines -------------------------------------------------------------------------------------------------

    def _on_time(self, kind: str, subject: str) -> None:
        floor = self._floor
        match kind:
            case "busyness":
                floor.availability.still_idle(floor.agents[AgentId(subject)], floor.now)
            case "wrap_up":
                self._desk.work_over(floor.agents[AgentId(subject)])
            case "pause":
                self._desk.pause_over(floor.agents[AgentId(subject)])
            case "return":
                self._desk.not_returned(floor.agents[AgentId(subject)])
            case "absent":
                self._desk.absent_for_long(floor.agents[AgentId(subject)])
            case "task":
                self._distribution.tasks.ask_anew(floor.tasks[InteractionId(subject)])
            case "ring":
                self._on_ring_time(ReservationId(subject))
            case "hang_up":
                self._legs.hang_up_again(LegId(subject))
            case "rest":
                floor.rested(NodeName(subject))
            case "in_use":
                floor.availability.reconsider(floor.agents[AgentId(subject)], floor.now)
            case "queues":
                self._change.look_after_queues()
            case "shift" | "closing" | "go_on":
                floor.stirred[QueueName(subject)] = None
            case "midnight":
                self._new_day()
            case _:
                self._on_interaction_time(kind, floor.interactions[InteractionId(subject)])

    def _on_ring_time(self, reservation: ReservationId) -> None:
        of = self._floor.reservations[reservation]
        if (task := self._floor.tasks.get(of)) is not None:
            self._distribution.tasks.time_to_take_is_over(task)
            return
        interaction = self._floor.interactions[of]
        held = interaction.stage.held if isinstance(interaction.stage, Ringing) else ()
        for one in held:
            if one.id == reservation:
                self._distribution.rang_out(interaction, one)

    def _on_interaction_time(self, kind: str, interaction: Interaction) -> None:
        if kind in {"relax", "prefer", "ring_next"}:  # whoever cannot be rung just now is not available
            self._distribution.offer(interaction)
            return
        if not self._floor.connected(interaction.leg):
            # His PBX is away, so what we believe of him is old, and nothing that we do would reach him.
            self._floor.timers.set((kind, interaction.id), self._floor.now + LOOK_AGAIN)
            return
        match kind, interaction.stage:
            case "dialogue", InFlow(dialogue):
                self._reception.time_out(interaction, dialogue)
            case "recorded", InFlow(dialogue):
                self._reception.recordings.untold(interaction, dialogue)
            case "leaving", Leaving(_, playback):
                self._reception.playback_ended(interaction, playback)
            case "connect", Connecting() as stage:
                self._connection.no_audio(interaction, stage)
            case "whisper", Connecting() as stage:
                self._connection.connect(interaction, stage)
            case "waited", Waiting() as stage:
                self._exits.waited(interaction, stage)
            case "announce", _:
                self._distribution.comfort.time_to_speak(interaction)
            case _:
                pass  # the longest wait is over while a phone rings: it may still be answered

    def _new_day(self) -> None:
        for queue in self._floor.queues.values():
            queue.figures.new_day(len(queue))
        for agent in self._floor.agents.values():
            agent.handled, agent.talked = 0, 0.0
            agent.durations.new_day(self._floor.now)
            self._floor.availability.look_again(agent, self._floor.now)
        self.begin_days(self._floor.now)

    def _distribute(self) -> None:
        """Agents first: of the calls that wait for one, he takes the one that comes first."""
        floor = self._floor
        if floor.unsettled:
            self._change.settle()
        if floor.is_calm():
            return
        self._exits.settle()
        woken: list[Agent] = floor.take_woken()
        calls: list[Interaction] = []
        while woken or (calls := floor.take_looked_at()):
            for agent in woken:
                self._distribution.find_call(agent)
            for interaction in calls:
                self._distribution.offer(interaction)
            self._exits.settle()
            woken, calls = floor.take_woken(), []
