"""Taking up the calls that live on the PBX: after our own restart, and after the event stream was away.

The PBX is right. What it has and we do not know is adopted from the memory on its legs, or hung up if it is a leg of
ours that serves nobody; what we believe in and it does not have is over. A caller keeps his place, who talks goes on.

Nobody is rung before all is taken up: only then it is known who comes first.
"""

from collections.abc import Mapping

from acd.calls.books import Books
from acd.calls.connection import Connection
from acd.calls.distribution import Distribution
from acd.calls.interactions import Connecting, InFlow, Interaction, Leaving, Ringing, Surveyed, Talking, Waiting
from acd.calls.legs import Legs
from acd.calls.reception import Reception
from acd.calls.surveys import Surveys
from acd.events import (
    CallbackRequested,
    CustomerWanted,
    InteractionStarted,
    SegmentClosed,
    TalkEnded,
    TalkStarted,
    VisitsTakenUp,
)
from acd.floor import Floor
from acd.model import AgentId, InteractionOutcome, SegmentOutcome
from acd.people.agents import AfterCallWork, Busy, NotReady, Presence, Ready, Reserved, standing
from acd.people.staff import Agent
from acd.recovery.handback import Handback
from acd.recovery.homecoming import RESTARTED, RETURN_TIME, Homecoming
from acd.recovery.memory import (
    AgentMemory,
    CallerInFlow,
    CallerLeaving,
    CallerMemory,
    CallerTalking,
    CallerWaiting,
    began,
    in_full,
    read,
)
from cti.events import LegSeen, PbxSynchronized
from cti.model import CallId, HangupCause, LegId
from ivr.dialogue.interpreter import Dialogue
from ivr.flow.questions import LookUp
from ivr.flow.settings import FlowName


class Recovery:
    """Comparison of one floor with the PBX."""

    def __init__(
        self,
        floor: Floor,
        books: Books,
        legs: Legs,
        reception: Reception,
        surveys: Surveys,
        distribution: Distribution,
        connection: Connection,
        homecoming: Homecoming,
    ) -> None:
        self._floor = floor
        self._books = books
        self._legs = legs
        self._reception = reception
        self._surveys = surveys
        self._distribution = distribution
        self._connection = connection
        self._homecoming = homecoming
        self._handback = Handback(floor, books, distribution)

    # -- calls -----------------------------------------------------------------------------------------------------

    def synchronized(self, synchronized: PbxSynchronized) -> None:
        """End what is over, catch up with what we know, adopt what we do not, and clean up."""
        floor = self._floor
        if synchronized.node in floor.lines.taken:
            floor.lines.taken.discard(synchronized.node)
            self._handback.take_back(synchronized)
        dismissed_before = frozenset(floor.dismissed)
        for leg in self._lost_legs(synchronized):
            if leg not in floor.dismissed:
                floor.repaired("leg lost", leg)
            self._legs.ended(leg, HangupCause.LOST)
        strangers: list[LegSeen] = []
        for seen in synchronized.legs:
            if seen.leg in floor.dismissed:
                if seen.leg in dismissed_before:
                    floor.hang_up(seen.leg)
            elif seen.leg in floor.customer_legs:
                self._catch_up(floor.interactions[floor.customer_legs[seen.leg]])
            elif seen.leg in floor.agent_legs:
                self._catch_up_agent(seen)
            elif seen.leg not in floor.unattended:
                strangers.append(seen)
        self._take_up(strangers)
        floor.see_pbx(synchronized.node, connected=True)
        for queue in floor.queues.values():
            queue.ask_all_anew()  # nobody there was asked meanwhile, whatever he had waited for
        self._distribution.staff_changed()

    def _lost_legs(self, synchronized: PbxSynchronized) -> list[LegId]:
        """Legs of that PBX which we believe in and it does not have: customers first."""
        floor = self._floor
        seen = {leg.leg for leg in synchronized.legs}
        prefix = f"{synchronized.node}/"
        ours = (*floor.customer_legs, *floor.agent_legs, *floor.unattended, *floor.dismissed)
        return [leg for leg in dict.fromkeys(ours) if leg.startswith(prefix) and leg not in seen]

    def _catch_up(self, interaction: Interaction) -> None:
        """We know the caller; what we may have missed is the end of a prompt."""
        match interaction.stage:
            case InFlow() as stage:
                self._reception.catch_up(interaction, stage)
            case Leaving(_, playback):
                self._reception.playback_ended(interaction, playback)
            case Waiting() if interaction.in_silence:
                self._distribution.comfort.play_music(interaction)
            case Waiting() | Ringing():
                self._distribution.comfort.playback_ended(interaction, interaction.announced.playback)
            case _:
                pass

    def _catch_up_agent(self, seen: LegSeen) -> None:
        """We know the agent's leg; what we may have missed is his answer, or that they hear each other."""
        interaction = self._floor.interactions[self._floor.agent_legs[seen.leg]]
        held = interaction.stage.on(seen.leg) if isinstance(interaction.stage, Ringing) else None
        if isinstance(interaction.stage, Ringing) and held is not None and seen.answered:
            self._floor.repaired("answer missed", seen.leg)
            self._connection.answered(interaction, interaction.stage, held)
        elif isinstance(interaction.stage, Connecting) and interaction.leg in seen.bridged_with:
            self._floor.repaired("bridge missed", seen.leg)
            self._connection.bridged(interaction, interaction.stage)
        elif isinstance(interaction.stage, Connecting):
            self._connection.connect(interaction, interaction.stage)

    # -- calls of the process before us ------------------------------------------------------------------------------

    def _take_up(self, strangers: list[LegSeen]) -> None:
        memories = {seen.leg: read(seen.memory) for seen in strangers}
        agents = {leg: memory for leg, memory in memories.items() if isinstance(memory, AgentMemory)}
        callers: list[tuple[LegSeen, CallerMemory]] = []
        for seen in strangers:
            memory = memories[seen.leg]
            if isinstance(memory, CallerMemory):
                callers.append((seen, memory))
            elif memory is None:
                self._take_up_unknown(seen, agents)
        for seen, memory in sorted(callers, key=lambda one: one[1].started):
            self._adopt(seen, memory, agents)
        for leg in agents:
            self._orphan(leg)

    def _take_up_unknown(self, seen: LegSeen, agents: dict[LegId, AgentMemory]) -> None:
        """Nothing is written on the leg that we can read: a caller is new to us, unless he talks already."""
        if seen.arrival is None:
            self._orphan(seen.leg)
        elif (partner := _partner(seen, agents)) is not None:
            del agents[partner]
            self._leave_alone(seen.leg, partner)
        else:
            self._reception.arrived(seen.arrival)

    def _orphan(self, leg: LegId) -> None:
        self._floor.repaired("orphan hung up", leg)
        self._floor.hang_up(leg)

    def _leave_alone(self, caller: LegId, agent: LegId) -> None:
        """They talk, and we cannot say what about: let them. When one hangs up, the other is not left in silence."""
        floor = self._floor
        floor.repaired("talk without agent", agent)
        floor.unattended[caller] = agent
        floor.unattended[agent] = caller

    def _adopt(self, seen: LegSeen, memory: CallerMemory, agents: dict[LegId, AgentMemory]) -> None:
        """A caller from the process before us."""
        floor = self._floor
        interaction = self._admitted(seen, memory)
        partner = _partner(seen, agents)
        stage = memory.stage
        if partner is not None:
            self._adopt_talking(interaction, stage, partner, agents.pop(partner))
            return
        match stage:
            case CallerWaiting(queue) if queue in floor.queues:
                self._adopt_waiting(interaction, stage)
            case CallerTalking():
                # The agent's leg ended while we were away, and nobody has hung up on the customer.
                self._talk_is_over(interaction, stage, "agent", self._homecoming.last_known(stage.since))
                interaction.outcome = InteractionOutcome.ANSWERED
                self._books.close(interaction)
            case CallerInFlow(flow, saved, voicemail, since, surveyed) if FlowName(flow) in floor.plan.flows:
                dialogue = Dialogue.restored(floor.plan.flows[FlowName(flow)], saved, floor.plan.flows)
                if surveyed is not None:
                    self._surveys.take_up(interaction, surveyed)
                if voicemail:
                    self._reception.record_on(interaction, dialogue, voicemail, since)
                else:
                    self._reception.converse(interaction, dialogue)
            case CallerLeaving(outcome, after, texts):
                for closed in after:  # said again, for the case that the crash took the row
                    floor.say(closed)
                    if closed.outcome is SegmentOutcome.CALLBACK_REQUESTED:
                        number = interaction.caller.number
                        floor.say(CallbackRequested(closed.segment, interaction.id, closed.queue, number, closed.at))
                self._books.say_goodbye(interaction, outcome, *after, texts=texts)
            case CallerInFlow(surveyed=Surveyed() as talk):  # nobody knows any more what he was to be asked
                self._surveys.take_up(interaction, talk)
                self._surveys.end(interaction)
            case CallerInFlow() | CallerWaiting():  # its flow or its queue is not in the file any more
                floor.repaired("caller starts over", interaction.leg)
                self._reception.welcome(interaction)

    def _admitted(self, seen: LegSeen, memory: CallerMemory) -> Interaction:
        floor = self._floor
        started = min(memory.started, floor.now)  # the machine's clock may have been set back since
        interaction = Interaction(
            memory.interaction, CallId(seen.leg), seen.leg, memory.caller, memory.dialled, started
        )
        interaction.path = in_full(memory.path)
        interaction.left_message = memory.left_message
        interaction.sent_on_from = memory.sent_on_from
        interaction.visits = memory.visits
        self._reception.admit(interaction, seen.arrival)
        interaction.language = memory.language or interaction.language
        interaction.known = memory.known
        interaction.verified = memory.verified
        interaction.shown = memory.shown
        floor.say(
            InteractionStarted(
                interaction.id,
                interaction.call,
                interaction.caller,
                interaction.dialled,
                interaction.entry_point,
                interaction.started,
            )
        )
        if memory.visits:
            floor.say(VisitsTakenUp(interaction.id, memory.visits, min(began(memory.stage), floor.now)))
        floor.say(CustomerWanted(interaction.id, interaction.caller.number))
        if memory.typed:
            self._reception.ask(interaction, LookUp("customer", memory.typed, interaction.language))
        return interaction

    def _adopt_waiting(self, interaction: Interaction, stage: CallerWaiting) -> None:
        interaction.missed_by = {who: why for who, why in stage.missed_by.items() if who in self._floor.agents}
        interaction.named_agent = stage.named_agent
        self._distribution.choosing.ask_for(interaction, stage.queue, stage.needs)
        self._distribution.take_place(interaction, self._waiting(stage))
        # It plays already, unless we were killed between the queue entry and this very command.
        self._distribution.comfort.play_music(interaction)
        self._floor.entering[interaction.id] = False

    def _waiting(self, stage: CallerWaiting) -> Waiting:
        now = self._floor.now
        return Waiting(stage.queue, stage.segment, min(stage.since, now), min(stage.place, now), stage.ahead)

    def _adopt_talking(self, interaction: Interaction, stage: object, leg: LegId, memory: AgentMemory) -> None:
        floor = self._floor
        agent = floor.agents.get(memory.agent)
        if (
            agent is None
            or sum([isinstance(work, Reserved | Busy) for work in agent.works]) >= agent.plan.capacity
            or not isinstance(stage, CallerWaiting | CallerTalking)
            or stage.queue not in floor.queues
        ):
            self._close_talk(interaction, stage, leg, memory)
            return
        floor.agent_legs[leg] = interaction.id
        since = min(stage.since, floor.now) if isinstance(stage, CallerTalking) else floor.now
        self._take_from_work(agent, Busy(since, interaction.id))
        if isinstance(stage, CallerWaiting):  # killed between the bridge and what we write on the leg about it
            waiting = self._waiting(stage)
            self._distribution.take_place(interaction, waiting)
            self._connection.bridged(interaction, Connecting(waiting, agent.id, leg, floor.now))
            return
        entered = min(stage.entered, since)
        self._connection.take_up_talk(interaction, Talking(stage.queue, stage.segment, entered, agent.id, leg, since))
        # Said again, for the case that the crash took the rows; storage writes a fact once, however often it is said.
        floor.say(_answered(interaction, stage, entered, since, agent.id))
        floor.say(TalkStarted(interaction.id, stage.segment, agent.id, since))
        self._homecoming.found_talking(agent.id, interaction.id, since)

    def _take_from_work(self, agent: Agent, busy: Busy) -> None:
        """He talks, whatever he was; after-call work for which there is no place any more is over, and nothing else."""
        floor = self._floor
        before = agent.standing
        kept = before.works
        if len(kept) >= before.capacity:
            kept = tuple(work for work in kept if not isinstance(work, AfterCallWork))
        works = (*kept, busy)
        floor.returning.discard(agent.id)
        floor.adopt(agent, standing(_after_talk(before.presence, floor.now), works, before.capacity))
        for work in before.works:
            if work not in agent.works:
                self._books.written_up(work.interaction)
        if not agent.desktop:
            floor.timers.set(("return", agent.id), floor.now + RETURN_TIME)

    def _close_talk(self, interaction: Interaction, stage: object, leg: LegId, memory: AgentMemory) -> None:
        """A talk that has no agent, or no queue, that we know; or her second, if a hang-up was never carried out."""
        floor = self._floor
        del floor.customer_legs[interaction.leg]
        self._leave_alone(interaction.leg, leg)
        if isinstance(stage, CallerWaiting):
            entered = min(stage.since, floor.now)
            floor.say(_answered(interaction, stage, entered, floor.now, memory.agent))
        elif isinstance(stage, CallerTalking):
            self._talk_is_over(interaction, stage, "network", floor.now)
        interaction.outcome = InteractionOutcome.ANSWERED
        self._books.close(interaction)

    def _talk_is_over(self, interaction: Interaction, stage: CallerTalking, by: str, at: float) -> None:
        """As far as we are concerned; with all that went before it, which the crash may have taken."""
        floor = self._floor
        since = min(stage.since, floor.now)
        floor.say(_answered(interaction, stage, min(stage.entered, since), since, stage.agent))
        floor.say(TalkEnded(interaction.id, stage.segment, stage.agent, since, max(since, at), by))


def _partner(seen: LegSeen, agents: Mapping[LegId, AgentMemory]) -> LegId | None:
    return next((leg for leg in seen.bridged_with if leg in agents), None)


def _after_talk(presence: Presence, now: float) -> Presence:
    """What somebody wants after the talk in which he is found: the break that he has wished for, if he has."""
    if isinstance(presence, NotReady) and presence.reason != RESTARTED:
        return presence
    return Ready(now)


def _answered(
    interaction: Interaction, stage: CallerWaiting | CallerTalking, entered: float, at: float, agent: AgentId
) -> SegmentClosed:
    return SegmentClosed(
        stage.segment,
        interaction.id,
        stage.queue,
        entered,
        at,
        SegmentOutcome.ANSWERED,
        at - entered,
        (agent,),
    )
