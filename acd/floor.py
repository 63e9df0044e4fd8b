"""The floor: everybody and everything in the centre at this moment, and the outbox of the message in hand.

The machines beside this module (`reception`, `distribution`, `desk`, `recovery`) work on one floor. They put commands
and events into its outbox in the order in which they must take effect; nothing leaves before the message is done.
"""

from collections.abc import Callable, Iterable
from typing import TypeVar

from acd.calls.interactions import Interaction
from acd.events import (
    AfterCallWorkBegan,
    AfterCallWorkEnded,
    AgentNoticed,
    AgentStateChanged,
    AnyCenterEvent,
    RepairMade,
)
from acd.model import AgentId, InteractionId, QuestionId, QueueName, ReservationId, Skill, Voicemail, VoicemailId
from acd.people.agents import (
    DESKTOP_LOST,
    AfterCallWork,
    AgentInput,
    EndWork,
    LoggedOut,
    LoseDesktop,
    Miss,
    NotReady,
    Standing,
    Withdraw,
    lasts,
    next_standing,
)
from acd.people.notices import Notice, told_too
from acd.people.staff import Agent, Stay
from acd.plan import CenterPlan, PhoneAt
from acd.queues import Queue
from acd.recovery.memory import Memory, written
from acd.routing.availability import Availability
from acd.routing.familiar import LastTalks
from acd.routing.lines import Lines
from acd.routing.lineup import Lineup
from acd.tasks.tasks import Task
from acd.timers import Timers
from cti.commands import AnyCommand, HangUp, Play, Remember
from cti.model import CommandId, HangupCause, LegId, NodeName, PlaybackId, Sound

REST = 2.0
"""Seconds in which nobody is rung on a PBX that was too busy, or gave no answer."""

Output = AnyCommand | AnyCenterEvent
TimerKey = tuple[str, str]
"""What is due, and for whom: `("wrap_up", agent)`."""
QUEUE_TIMERS = ("waited", "relax", "prefer", "ring_next", "announce")
"""What can be due for an interaction while it is in a queue."""
INTERACTION_TIMERS = ("dialogue", "recorded", "leaving", *QUEUE_TIMERS, "whisper", "connect")
"""What can be due for an interaction."""
OwnId = TypeVar("OwnId", bound=str)


class Floor:
    """State shared by the machines. `instance` names this run of the process; ids made from it never come again."""

    def __init__(self, plan: CenterPlan, instance: str) -> None:
        self.interactions: dict[InteractionId, Interaction] = {}
        self.tasks: dict[InteractionId, Task] = {}
        self.reservations: dict[ReservationId, InteractionId] = {}
        """Those that are pending; the stage of the interaction, or of the task, has them whole."""
        self.questions: dict[QuestionId, InteractionId] = {}
        self.voicemails: dict[VoicemailId, Voicemail] = {}
        """Messages that are being left."""
        self.customer_legs: dict[LegId, InteractionId] = {}
        self.agent_legs: dict[LegId, InteractionId] = {}
        self.dismissed: set[LegId] = set()
        """Legs that we have told the PBX to end and that have not ended yet."""
        self.unattended: dict[LegId, LegId] = {}
        """Who talks with whom without being an interaction of ours any more, both ways; see `Recovery`."""
        self.returning: set[AgentId] = set()
        """Agents who were Ready when the process before this one ended; their desktops will be back in a moment."""
        self.skills: set[Skill] = set()
        """All that requirements may name; those of an earlier plan too, for the sake of who came under it."""
        self.unsettled: dict[AgentId, None] = {}
        """Agents for whom a change of the plan counts when their call is over; see `ChangeOfPlan`."""
        self.last_talks = LastTalks()
        self.timers: Timers[TimerKey] = Timers()
        self.entering: dict[InteractionId, bool] = {}
        """Who has entered a queue in this message (true), or come back into its line, and is not settled there yet."""
        self.stirred: dict[QueueName, None] = {}
        """Queues of which something has changed that their rules look at."""
        self.now = 0.0
        self.lines = Lines()
        self._instance = instance
        self._serial = 0
        self._outbox: list[Output] = []
        self._woken: dict[AgentId, None] = {}
        self._to_look_at: dict[InteractionId, None] = {}
        self.take_plan(
            plan,
            {agent: Agent(of) for agent, of in plan.agents.items()},
            {name: Queue(of) for name, of in plan.queues.items()},
        )

    def take_plan(
        self,
        plan: CenterPlan,
        agents: dict[AgentId, Agent],
        queues: dict[QueueName, Queue],
        lineup: Lineup | None = None,
    ) -> None:
        """Go by this plan. Whoever can be asked is looked at anew; no call waits in `matching` yet."""
        self.plan = plan
        self.agents = agents
        self.queues = queues
        self._look_at_breaks = [name for name, queue in queues.items() if queue.looks_at_breaks]
        self.skills.update(plan.skills, *(agent.plan.skills for agent in agents.values()))
        needed = [queue.plan for queue in queues.values()]
        if lineup is None or not lineup.fits(agents, needed):
            lineup = Lineup({name: agent.plan for name, agent in agents.items()}, needed)
        self.matching = lineup.matching
        self.availability = Availability(agents, self.lines, self.matching, self.timers, self.wake, self.look_at)
        leaving_first = sorted(agents.values(), key=lambda one: not one.leaving)  # his phone may be another's by now
        self._by_phone = {phone.at: agent for agent in leaving_first for phone in agent.plan.phones}
        self.phones_on = tuple(sorted({node for node, _ in self._by_phone}))
        """The PBXs that somebody's phone is on."""
        for one in agents.values():
            for queue in one.left_queues & queues.keys():
                self.matching.leave(self.availability.place[one.id], queue)
            if not isinstance(one.state, LoggedOut):
                self.availability.reconsider(one, self.now)

    # -- ids and outbox --------------------------------------------------------------------------------------------

    def new_id(self, kind: Callable[[str], OwnId], mark: str) -> OwnId:
        """The next id; unique over all runs of the process. `mark` is one letter that tells a reader what it is."""
        self._serial += 1
        return kind(f"{self._instance}-{mark}{self._serial}")

    def rest(self, node: NodeName) -> None:
        """That PBX is too busy for us: leave it alone for a moment, and blame nobody."""
        self.lines.resting.add(node)
        self.timers.set(("rest", node), self.now + REST)
        self.availability.reconsider_all(node, self.now)

    def rested(self, node: NodeName) -> None:
        """The moment is over: whoever is ready looks for a call."""
        self.lines.resting.discard(node)
        self.availability.reconsider_all(node, self.now)

    def see_pbx(self, node: NodeName, *, connected: bool) -> None:
        """From now on we see and drive a PBX, or do not."""
        self.lines.connected[node] = connected
        self.availability.reconsider_all(node, self.now)

    def connected(self, leg: LegId) -> bool:
        """Whether we see and drive the PBX that this leg is on."""
        return self.lines.sees(leg)

    def command_id(self) -> CommandId:
        """The next command's id."""
        self._serial += 1  # as in `new_id`: this is asked for with every command
        return CommandId(f"{self._instance}-c{self._serial}")

    def say(self, output: Output) -> None:
        """Put a command or an event into the outbox."""
        self._outbox.append(output)

    def take_outbox(self) -> list[Output]:
        """All that was said since the last time."""
        outbox, self._outbox = self._outbox, []
        return outbox

    # -- what all machines need ------------------------------------------------------------------------------------

    def move(self, agent: Agent, happened: AgentInput) -> None:
        """Let something happen to an agent, and tell. Raises `agents.NotPossible`."""
        was = agent.standing
        self.standing_changed(agent, was, agent.move(happened, self.now))

    def adopt(self, agent: Agent, standing: Standing) -> None:
        """Put an agent where he is, and tell."""
        was = agent.standing
        self.standing_changed(agent, was, agent.adopt(standing, self.now))

    def standing_changed(self, agent: Agent, was: Standing, stay: Stay) -> None:
        """Tell of an agent's new state, and wake the distribution if it makes him available."""
        if agent.standing == was:
            return
        before, after = stay.state, agent.state
        if isinstance(before, LoggedOut):
            self.availability.begins_to_work(agent, self.now)
        self.availability.reconsider(agent, self.now)
        if agent.standing.capacity > 1 and len(agent.works) != len(was.works):  # his load is another one
            self.availability.look_again(agent, self.now)
        self._set_deadlines(agent)
        if isinstance(before, NotReady) or isinstance(after, NotReady):
            self._breaks_changed()
        for work in was.works:
            if isinstance(work, AfterCallWork) and not isinstance(agent.standing.on(work.interaction), AfterCallWork):
                self.say(AfterCallWorkEnded(work.interaction, agent.id, work.since, self.now))
        if agent.standing.capacity > 1:
            for work in agent.works:
                if isinstance(work, AfterCallWork) and not isinstance(was.on(work.interaction), AfterCallWork):
                    self.say(AfterCallWorkBegan(work.interaction, agent.id, work.since))
        if (now := agent.stay) != stay:
            self.say(AgentStateChanged(agent.id, before, now.state, agent.phone.kind, stay.others, now.others))

    def _set_deadlines(self, agent: Agent) -> None:
        ends = [work.until for work in agent.works if isinstance(work, AfterCallWork) and work.until is not None]
        written_up = min(ends) if ends else None
        self.timers.set_or_drop(("wrap_up", agent.id), written_up)
        state = agent.state
        pause = state.since + state.limit if isinstance(state, NotReady) and state.limit is not None else None
        self.timers.set_or_drop(("pause", agent.id), pause)
        if agent.absent_since and lasts(state):
            self.timers.set(("absent", agent.id), agent.absent_since + self.plan.log_out_after)

    def _breaks_changed(self) -> None:
        """Somebody begins or ends a break: some rules look at that."""
        for name in self._look_at_breaks:
            if name in self.queues and len(self.queues[name]):
                self.stirred[name] = None

    def is_calm(self) -> bool:
        """Whether nothing has happened that calls or agents would have to be looked at for."""
        return not (self.entering or self.stirred or self._woken or self._to_look_at)

    def wake(self, agent: Agent) -> None:
        """Something about the agent makes it worth while to look for a call for him."""
        self._woken[agent.id] = None

    def take_woken(self) -> list[Agent]:
        """Agents for whom a call is to be looked for, in the order in which they became available."""
        woken, self._woken = self._woken, {}
        return [self.agents[agent] for agent in woken if agent in self.agents]

    def look_at(self, interactions: Iterable[InteractionId]) -> None:
        """Whom they wait for may be free now, or not come at all."""
        self._to_look_at.update(dict.fromkeys(interactions))

    def take_looked_at(self) -> list[Interaction]:
        """Calls to be offered again."""
        looked_at, self._to_look_at = self._to_look_at, {}
        return [self.interactions[one] for one in looked_at if one in self.interactions]

    def agent_at(self, phone: PhoneAt) -> Agent | None:
        """Whose phone that is."""
        return self._by_phone.get(phone)

    def unavailable(self, agent: Agent) -> str:
        """Why nobody can give him a caller by hand: nobody may see it where no page is open. Empty if one can."""
        standing = self.without_offer(agent)
        if standing is agent.standing:
            because = self.availability.reason(agent)
        else:
            because = self.availability.reason_if(agent, standing, self.now, watch=False)
        return because or ("" if agent.desktop else DESKTOP_LOST)

    def without_offer(self, agent: Agent) -> Standing:
        """What he would be if his screen did not ask him to see to a message."""
        rings = agent.standing.ringing()
        if rings is None or rings.interaction not in self.tasks:
            return agent.standing
        return next_standing(agent.standing, Withdraw(rings.interaction), self.now)

    def phone_changed(self, phone: PhoneAt) -> None:
        """A phone has come or gone, is in use or free again."""
        if (agent := self.agent_at(phone)) is not None and agent.phone.at == phone:
            self.availability.phone_changed(agent, self.now)

    def notice(self, agent: Agent, code: str, by: str = "", what: str = "") -> None:
        """Leave a word on an agent's screen."""
        agent.notices = told_too(agent.notices, Notice(code, self.now, by, what))
        self.say(AgentNoticed(agent.id, code))

    def set_free(self, agent: Agent, by: Withdraw | EndWork) -> None:
        """An agent's call or after-call work is over for him. Nobody becomes Ready whose desktop is not there."""
        after = next_standing(agent.standing, by, self.now)
        if not agent.desktop and after.ringing() is None:
            after = next_standing(after, LoseDesktop(), self.now)
        self.adopt(agent, after)

    def blame(self, agent: Agent, of: InteractionId, reason: str) -> None:
        """What follows for somebody who did not take a call or a task. Who has no screen is asked for nothing more."""
        pause = self.plan.after_miss.get(reason) if agent.desktop else None
        self.move(agent, Miss(of, reason, pause))

    def play(self, leg: LegId, sounds: tuple[Sound, ...]) -> PlaybackId:
        """Start a prompt; gives its id."""
        playback = self.new_id(PlaybackId, "p")
        self.say(Play(self.command_id(), leg, playback, sounds))
        return playback

    def remember(self, leg: LegId, memory: Memory) -> None:
        """Write on a leg what a later process needs."""
        self.say(Remember(self.command_id(), leg, written(memory)))

    def hang_up(self, leg: LegId, cause: HangupCause = HangupCause.NORMAL) -> None:
        """End a leg; if the PBX is away just now, when it is back."""
        self.dismissed.add(leg)
        self.say(HangUp(self.command_id(), leg, cause))

    def drop_agent_leg(self, leg: LegId, cause: HangupCause) -> None:
        """End an agent's leg, unless it has ended by itself."""
        if self.agent_legs.pop(leg, None) is not None:
            self.hang_up(leg, cause)

    def drop_customer_leg(self, interaction: Interaction) -> None:
        """End the customer's leg, unless it has ended by itself, or has come in again as another contact's."""
        if self.customer_legs.get(interaction.leg) == interaction.id:
            del self.customer_legs[interaction.leg]
            self.hang_up(interaction.leg)

    def repaired(self, what: str, subject: str) -> None:
        """Count a difference between our belief and the PBX."""
        self.say(RepairMade(what, subject))

    def leave_queue(self, interaction: Interaction) -> Queue:
        """He waits no more; gives the queue that he was in."""
        self.matching.stop(interaction.id)
        self.timers.drop_all([(kind, interaction.id) for kind in QUEUE_TIMERS])
        queue = self.queue(interaction.queue)
        queue.leave(interaction.id)
        return queue

    def forget(self, interaction: Interaction) -> None:
        """The interaction is closed: nothing of it stays."""
        del self.interactions[interaction.id]
        self.timers.drop_all([(kind, interaction.id) for kind in INTERACTION_TIMERS])
        self.drop_questions(interaction)
        for voicemail in [one.id for one in self.voicemails.values() if one.interaction == interaction.id]:
            del self.voicemails[voicemail]

    def drop_questions(self, interaction: Interaction) -> None:
        """Whatever has been asked for this interaction, the answer is not wanted any more."""
        for question in [one for one, of in self.questions.items() if of == interaction.id]:
            del self.questions[question]

    def queue(self, name: QueueName) -> Queue:
        """The queue of that name; the plan guarantees that it exists."""
        return self.queues[name]
