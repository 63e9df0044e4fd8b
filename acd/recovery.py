"""Taking up the calls that live on the PBX: after our own restart, and after the event stream was away.

The PBX is right. What it has and we do not know is adopted from the memory on its legs, or hung up if it is a leg of
ours that serves nobody; what we believe in and it does not have is over. A caller keeps his place, who talks goes on.
"""

from acd.agents import AfterCallWork, AgentState, BackToBreak, Busy, LoggedOut, NotReady, Reserved
from acd.books import Books
from acd.connection import Connection
from acd.distribution import Distribution
from acd.events import (
    AgentRemembered,
    CustomerWanted,
    InteractionStarted,
    LookUpWanted,
    SegmentClosed,
    TalkEnded,
    TalkStarted,
)
from acd.floor import Floor
from acd.interactions import Connecting, InFlow, Interaction, Leaving, Ringing, Talking, Waiting
from acd.memory import (
    AgentMemory,
    CallerInFlow,
    CallerLeaving,
    CallerMemory,
    CallerTalking,
    CallerWaiting,
    read,
)
from acd.model import InteractionOutcome, LookUpId, SegmentOutcome
from acd.reception import Reception
from cti.commands import StartMusic
from cti.events import LegSeen, PbxSynchronized
from cti.model import CallId, LegId
from ivr.flow import FlowName
from ivr.interpreter import Dialogue

RETURN_TIME = 60.0
"""Seconds that an agent's desktop has to come back after a restart of ours; until then he keeps what he was."""

RESTARTED = "restarted"


class Recovery:
    """Comparison of one floor with the PBX."""

    def __init__(
        self, floor: Floor, books: Books, reception: Reception, distribution: Distribution, connection: Connection
    ) -> None:
        self._floor = floor
        self._books = books
        self._reception = reception
        self._distribution = distribution
        self._connection = connection

    # -- agents ----------------------------------------------------------------------------------------------------

    def agent_remembered(self, remembered: AgentRemembered) -> None:
        """What an agent was when the last process ended. He who was available is so again when his desktop is back."""
        floor = self._floor
        agent = floor.agents.get(remembered.agent)
        if agent is None or isinstance(remembered.state, LoggedOut):
            return
        agent.phone = next((p for p in agent.plan.phones if p.kind is remembered.phone), agent.phone)
        state = self._taken_up(remembered.state)
        if isinstance(state, NotReady) and state.reason == RESTARTED:
            floor.returning.add(agent.id)
        floor.state_changed(agent, agent.adopt(state, floor.now))
        if isinstance(state, AfterCallWork):
            floor.timers.set(("wrap_up", agent.id), state.until)
        floor.timers.set(("return", agent.id), floor.now + RETURN_TIME)

    def _taken_up(self, state: AgentState) -> NotReady | AfterCallWork:
        now = self._floor.now
        match state:
            case NotReady():
                return state
            case AfterCallWork(_, _, until) if until > now:
                return state
            case Reserved(resume=BackToBreak(reason)) | Busy(resume=BackToBreak(reason)):
                return NotReady(now, reason)
            case AfterCallWork(resume=BackToBreak(reason)):
                return NotReady(now, reason)
            case _:
                return NotReady(now, RESTARTED)

    # -- calls -----------------------------------------------------------------------------------------------------

    def lost_legs(self, synchronized: PbxSynchronized) -> list[LegId]:
        """Legs of that PBX which we believe in and it does not have: customers first."""
        seen = {leg.leg for leg in synchronized.legs}
        prefix = f"{synchronized.node}/"
        ours = (*self._floor.customer_legs, *self._floor.agent_legs, *self._floor.dismissed)
        return [leg for leg in dict.fromkeys(ours) if leg.startswith(prefix) and leg not in seen]

    def synchronized(self, synchronized: PbxSynchronized) -> None:
        """Adopt, catch up, and clean up. The legs that are lost have been ended before."""
        agent_legs: dict[LegId, AgentMemory] = {}
        callers: list[tuple[LegSeen, CallerMemory]] = []
        for seen in synchronized.legs:
            if seen.leg in self._floor.dismissed:
                self._floor.hang_up(seen.leg)
            elif seen.leg in self._floor.customer_legs:
                self._catch_up(self._floor.interactions[self._floor.customer_legs[seen.leg]])
            elif seen.leg in self._floor.agent_legs:
                self._catch_up_agent(seen)
            else:
                match read(seen.memory):
                    case CallerMemory() as memory:
                        callers.append((seen, memory))
                    case AgentMemory() as memory:
                        agent_legs[seen.leg] = memory
                    case None if seen.arrival is not None:
                        self._reception.arrived(seen.arrival)
                    case None:
                        self._orphan(seen.leg)
        for seen, memory in sorted(callers, key=lambda one: one[1].started):
            self._adopt(seen, memory, agent_legs)
        for leg in agent_legs:
            self._orphan(leg)

    def _orphan(self, leg: LegId) -> None:
        self._floor.repaired("orphan hung up", leg)
        self._floor.hang_up(leg)

    def _catch_up(self, interaction: Interaction) -> None:
        """We know the caller; what we may have missed is the end of a prompt."""
        match interaction.stage:
            case InFlow(_, playback) | Leaving(_, playback):
                self._reception.playback_ended(interaction, playback)
            case _:
                pass

    def _catch_up_agent(self, seen: LegSeen) -> None:
        interaction = self._floor.interactions[self._floor.agent_legs[seen.leg]]
        if isinstance(interaction.stage, Ringing) and seen.answered:
            self._floor.repaired("answer missed", seen.leg)
            self._connection.answered(interaction, interaction.stage)
        elif isinstance(interaction.stage, Connecting) and interaction.leg in seen.bridged_with:
            self._floor.repaired("bridge missed", seen.leg)
            self._connection.bridged(interaction, interaction.stage)

    def _adopt(self, seen: LegSeen, memory: CallerMemory, agent_legs: dict[LegId, AgentMemory]) -> None:
        """A caller from the process before us."""
        floor = self._floor
        interaction = Interaction(
            memory.interaction, CallId(seen.leg), seen.leg, memory.caller, memory.dialled, memory.started
        )
        interaction.path = memory.path
        self._reception.admit(interaction)
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
        self._ask_who(interaction, memory)
        partner = next((leg for leg in seen.bridged_with if leg in agent_legs), None)
        stage = memory.stage
        match stage:
            case CallerWaiting(queue) | CallerTalking(queue) if queue not in floor.queues:
                self._start_over(interaction)
            case CallerWaiting() if partner is None:
                self._adopt_waiting(interaction, stage)
            case CallerWaiting() | CallerTalking() if partner is not None:
                self._adopt_talking(interaction, stage, partner, agent_legs.pop(partner))
            case CallerTalking(_, segment, _, agent, since):
                # The agent's leg ended while we were away, and nobody has hung up on the customer.
                floor.say(TalkEnded(interaction.id, segment, agent, since, floor.now, "agent"))
                interaction.outcome = InteractionOutcome.ANSWERED
                self._books.close(interaction)
            case CallerInFlow(flow, saved) if FlowName(flow) in floor.plan.flows:
                self._reception.converse(interaction, Dialogue.restored(floor.plan.flows[FlowName(flow)], saved))
            case CallerInFlow():
                self._start_over(interaction)
            case CallerLeaving():
                self._books.say_goodbye(interaction, floor.plan.nobody_there)
            case _:
                raise AssertionError(stage)

    def _ask_who(self, interaction: Interaction, memory: CallerMemory) -> None:
        floor = self._floor
        floor.say(CustomerWanted(interaction.id, interaction.caller.number))
        if memory.typed:
            look_up = floor.new_id(LookUpId, "l")
            floor.look_ups[look_up] = interaction.id
            floor.say(LookUpWanted(look_up, interaction.id, "customer", memory.typed))

    def _start_over(self, interaction: Interaction) -> None:
        self._floor.repaired("caller starts over", interaction.leg)
        self._reception.welcome(interaction)

    def _adopt_waiting(self, interaction: Interaction, stage: CallerWaiting) -> None:
        floor = self._floor
        interaction.missed_by = dict(stage.missed_by)
        self._distribution.take_place(interaction, Waiting(stage.queue, stage.segment, stage.since, stage.place))
        # It plays already, unless we were killed between the queue entry and this very command.
        floor.say(StartMusic(floor.command_id(), interaction.leg, floor.queue(stage.queue).plan.music))
        self._distribution.offer(interaction)

    def _adopt_talking(
        self, interaction: Interaction, stage: CallerWaiting | CallerTalking, leg: LegId, memory: AgentMemory
    ) -> None:
        floor = self._floor
        agent = floor.agents.get(memory.agent)
        if agent is None:  # not in the plan any more: let them talk, we only lose sight of them
            floor.repaired("talk without agent", leg)
            floor.forget(interaction)
            return
        floor.agent_legs[leg] = interaction.id
        floor.returning.discard(agent.id)
        since = stage.since if isinstance(stage, CallerTalking) else floor.now
        floor.state_changed(agent, agent.adopt(Busy(since, interaction.id), floor.now))
        floor.timers.set(("return", agent.id), floor.now + RETURN_TIME)
        if isinstance(stage, CallerWaiting):  # killed between the bridge and what we write on the leg about it
            waiting = Waiting(stage.queue, stage.segment, stage.since, stage.place)
            self._distribution.take_place(interaction, waiting)
            self._connection.bridged(interaction, Connecting(waiting, agent.id, leg, floor.now))
            return
        self._connection.take_up_talk(
            interaction, Talking(stage.queue, stage.segment, stage.entered, agent.id, leg, since)
        )
        # Said again, for the case that the crash took the rows; storage writes a fact once, however often it is said.
        wait = since - stage.entered
        floor.say(
            SegmentClosed(
                stage.segment,
                interaction.id,
                stage.queue,
                stage.entered,
                since,
                SegmentOutcome.ANSWERED,
                wait,
                (agent.id,),
            )
        )
        floor.say(TalkStarted(interaction.id, stage.segment, agent.id, since))
