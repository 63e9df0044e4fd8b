"""What supervisors ask for about callers and agents, and the centre's yes or no.

All that is granted and changes something is an event with the supervisor's name, and is kept: who has done what to
whom, and how it was before. An agent cannot be made to do what he could not wish for himself: nobody is logged out of
a call.
"""

from acd.calls.interactions import Interaction, Ringing, Waiting
from acd.events import RequestGranted, RequestRefused, SupervisorActed
from acd.floor import Floor
from acd.model import ActionId, AgentId, InteractionId, QueueName, UserId
from acd.people.agents import AgentState, GoOnBreak, GoReady, LoggedOut, NotPossible, NotReady, tag
from acd.people.by_hand import ByHand
from acd.people.desk import Desk
from acd.people.membership import Membership
from acd.people.staff import Agent
from acd.plan import SupervisorPlan
from acd.requests import (
    AnySupervisorRequest,
    Assign,
    MoveCall,
    Prioritise,
    Refusal,
    SetInQueue,
    SetLoggedOut,
    SetOnBreak,
    SetReady,
)
from acd.waiting.exits import Exits

MOST_AHEAD = 86_400.0
"""Seconds by which a caller may be brought forward or put back."""

NO_CALLER, NO_AGENT = InteractionId(""), AgentId("")

ABOUT_HIM = {
    "logged_out": "He is logged out.",
    "on_a_call": "He is on a call.",
    "phone_rings": "His phone rings.",
    "message_in_hand": "He has a message in hand.",
    "not_served": "He cannot serve this queue: his skills do not suffice.",
}
"""How the machine's refusals are told to a supervisor; their codes begin with `agent_` then."""


class Supervision:
    """Requests of the supervisors of one floor."""

    def __init__(self, floor: Floor, exits: Exits, desk: Desk, membership: Membership, by_hand: ByHand) -> None:
        self._floor = floor
        self._exits = exits
        self._desk = desk
        self._membership = membership
        self._by_hand = by_hand

    def requested(self, request: AnySupervisorRequest) -> None:
        """Carry out and keep, or refuse with a reason."""
        floor = self._floor
        try:
            self._carry_out(request, self._supervisor(request.supervisor))
        except NotPossible as no:
            refusal = Refusal(no.code, no.text)
            if no.code in ABOUT_HIM:
                refusal = Refusal(f"agent_{no.code}", ABOUT_HIM[no.code])
            floor.say(RequestRefused(request.id, NO_AGENT, refusal))
        else:
            floor.say(RequestGranted(request.id, NO_AGENT))

    def _supervisor(self, of: UserId) -> SupervisorPlan:
        if of not in self._floor.plan.supervisors:
            raise NotPossible("unknown_supervisor", "There is no such supervisor.")
        return self._floor.plan.supervisors[of]

    def _carry_out(self, request: AnySupervisorRequest, who: SupervisorPlan) -> None:
        match request:
            case Prioritise() | Assign() | MoveCall():
                self._about_caller(request, who)
            case SetInQueue(_, _, agent_id, queue, inside):
                agent = self._agent(agent_id)
                verb = "join_queue" if inside else "leave_queue"
                before = ", ".join(sorted(agent.left_queues))
                if self._membership.put(agent, queue, inside=inside, by=who.name):
                    self._floor.notice(agent, f"supervisor_{verb}", who.name, queue)
                    self._acted(who, verb, before, ", ".join(sorted(agent.left_queues)), agent=agent.id)
            case SetReady() | SetOnBreak() | SetLoggedOut():
                self._shift(request, who)

    # -- callers ---------------------------------------------------------------------------------------------------

    def _about_caller(self, request: Prioritise | Assign | MoveCall, who: SupervisorPlan) -> None:
        interaction, waiting = self._by_hand.waiting(request.interaction)
        match request:
            case Prioritise(_, _, of, ahead):
                if not -MOST_AHEAD <= ahead <= MOST_AHEAD:
                    raise NotPossible("too_far", "At most a day.")
                self._by_hand.bring_forward(interaction, ahead)
                self._acted(who, "prioritise", f"{waiting.ahead:g}", f"{ahead:g}", of)
            case Assign(_, _, of, agent_id):
                agent = self._agent(agent_id)
                self._may_be_asked(agent, interaction)
                self._by_hand.assign(interaction, agent, f"assigned by {who.name}")
                self._acted(who, "assign", waiting.queue, agent.id, of, agent.id)
            case MoveCall(_, _, of, queue):
                self._may_be_moved(waiting, queue)
                self._exits.move(interaction, queue)
                self._acted(who, "move", waiting.queue, queue, of)

    def _may_be_asked(self, agent: Agent, interaction: Interaction) -> None:
        if isinstance(interaction.stage, Ringing) and interaction.stage.by(agent.id) is not None:
            raise NotPossible("rings_there", f"{agent.plan.name}'s phone rings for this caller already.")
        because = self._floor.unavailable(agent)
        if not because and agent.phone.node != interaction.node:
            because = "phone is on another PBX"
        if because:
            raise NotPossible("agent_not_available", f"{agent.plan.name} cannot be asked: {because}.")

    def _may_be_moved(self, waiting: Waiting, queue: QueueName) -> None:
        if queue not in self._floor.plan.queues:
            raise NotPossible("unknown_queue", "There is no such queue.")
        if queue == waiting.queue:
            raise NotPossible("same_queue", "He waits in this queue already.")

    # -- agents ----------------------------------------------------------------------------------------------------

    def _agent(self, agent: AgentId) -> Agent:
        if agent not in self._floor.agents:
            raise NotPossible("agent_unknown", "There is no such agent.")
        return self._floor.agents[agent]

    def _shift(self, request: SetReady | SetOnBreak | SetLoggedOut, who: SupervisorPlan) -> None:
        floor = self._floor
        agent = self._agent(request.agent)
        before, was = _told(agent.state), agent.standing
        if isinstance(request, SetReady):
            if not agent.desktop and not isinstance(agent.state, LoggedOut):
                raise NotPossible("no_desktop", "His page is not open, so nobody would be there.")
            verb, what = "ready", ""
            self._desk.end_work(agent, GoReady(who.name))
        elif isinstance(request, SetOnBreak):
            verb, what = "break", request.reason
            self._desk.end_work(agent, GoOnBreak(what, self._desk.break_limit(what), who.name))
        else:
            verb, what = "log_out", ""
            self._desk.leave_work(agent, who.name)
        floor.returning.discard(agent.id)
        if agent.standing != was:
            floor.notice(agent, f"supervisor_{verb}", who.name, what)
            self._acted(who, verb, before, _told(agent.state), agent=agent.id)

    def _acted(
        self,
        who: SupervisorPlan,
        verb: str,
        before: str,
        after: str,
        interaction: InteractionId = NO_CALLER,
        agent: AgentId = NO_AGENT,
    ) -> None:
        floor = self._floor
        action = floor.new_id(ActionId, "x")
        floor.say(SupervisorActed(action, who.id, who.name, verb, interaction, agent, before, after, floor.now))


def _told(state: AgentState) -> str:
    reason = state.reason if isinstance(state, NotReady | LoggedOut) else ""
    return f"{tag(type(state))}: {reason}" if reason else tag(type(state))
