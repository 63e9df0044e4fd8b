"""People after a restart: what each agent was when the last process ended, and what of it has gone on without one.

Nobody knows what agents did while no process ran, so their time in it is of no state, except for what is certain: who
is found in a talk has talked, and after a brief restart a break is still the same break, and after-call work the same.
Who was Ready could not be asked, however brief it was.
"""

from msgspec.structs import replace

from acd.change_of_plan import REMOVED
from acd.events import AfterCallWorkEnded, AgentStateChanged, CentreRestarted, TalkWentOn
from acd.floor import Floor
from acd.model import AgentId, InteractionId
from acd.people.agents import (
    AfterCallWork,
    AgentState,
    BackToBreak,
    Busy,
    LoggedOut,
    NotReady,
    Presence,
    Ready,
    Reserved,
    standing,
)
from acd.remembered import AgentRemembered

RETURN_TIME = 60.0
"""Seconds that an agent's desktop has to come back after a restart of ours; until then he keeps what he was."""

BRIEF = 60.0
"""Seconds without a process, in which we believe that a break or after-call work has gone on."""

RESTARTED = "restarted"


class Homecoming:
    """The agents of one floor, as the last process has left them."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor
        self._alive = 0.0
        self._began = 0.0
        """0 as long as nobody has said when the last process ended."""

    def restarted(self, alive: float) -> None:
        """The last process is known to have run until then; we begin."""
        self._began = self._floor.now
        self._alive = min(alive, self._began)
        self._floor.say(CentreRestarted(self._alive, self._began, self._brief))

    @property
    def _brief(self) -> bool:
        return self._began - self._alive <= BRIEF

    def last_known(self, since: float) -> float:
        """The last moment at which what began at `since`, and is over now, is known to have gone on."""
        return self._alive if since <= self._alive else self._floor.now

    def found_talking(self, agent: AgentId, interaction: InteractionId, since: float) -> None:
        """If the talk began before us, he has talked while nobody looked."""
        if since < self._began:
            self._floor.say(TalkWentOn(agent, interaction, since))

    def agent_remembered(self, remembered: AgentRemembered) -> None:
        """What an agent was when the last process ended. He who was available is so again when his desktop is back."""
        floor = self._floor
        agent = floor.agents.get(remembered.agent)
        if isinstance(remembered.state, LoggedOut) or (agent and not isinstance(agent.state, LoggedOut)):
            return
        if agent is None:  # taken out of the plan meanwhile: in the books he is not at work any more
            out = LoggedOut(self._began or floor.now, REMOVED)
            self._end_writing(remembered, out)
            floor.say(AgentStateChanged(remembered.agent, LoggedOut(0.0), out, remembered.phone))
            return
        agent.phone = next((p for p in agent.plan.phones if p.kind is remembered.phone), agent.phone)
        taken_up = self._taken_up(remembered.state)
        self._end_writing(remembered, taken_up)
        if isinstance(taken_up, NotReady) and taken_up.reason == RESTARTED:
            floor.returning.add(agent.id)
        if isinstance(taken_up, AfterCallWork):
            presence = _presence_after(taken_up, floor.now)
            floor.adopt(agent, standing(presence, (taken_up,), agent.plan.capacity))
        else:
            floor.adopt(agent, standing(taken_up, (), agent.plan.capacity))
        floor.timers.set(("return", agent.id), floor.now + RETURN_TIME)

    def _taken_up(self, state: AgentState) -> NotReady | AfterCallWork:
        now = self._floor.now
        began = self._began or now
        match state:
            case NotReady(since, _, limit):
                if self._brief:
                    return state
                return replace(state, since=began, limit=None if limit is None else max(0.0, since + limit - began))
            case AfterCallWork(since, of, until, resume, extended) if until is None or until > now:
                # The machine's clock may have been set back since: nobody writes up for an hour.
                if until is not None:
                    until = min(until, now + self._longest_wrap_up(extended))
                return AfterCallWork(min(since, began) if self._brief else began, of, until, resume, extended)
            case Reserved(resume=BackToBreak(reason)) | Busy(resume=BackToBreak(reason)):
                return NotReady(began, reason)
            case AfterCallWork(resume=BackToBreak(reason)):
                return NotReady(began, reason)
            case _:
                return NotReady(began, RESTARTED)

    def _end_writing(self, remembered: AgentRemembered, now_is: AgentState) -> None:
        """After-call work that is over, or interrupted: what was before counts for itself."""
        was = remembered.state
        if not isinstance(was, AfterCallWork) or (isinstance(now_is, AfterCallWork) and now_is.since == was.since):
            return
        last = self._floor.now if self._brief else self._alive
        ended = last if was.until is None else min(was.until, last)
        self._floor.say(AfterCallWorkEnded(was.interaction, remembered.agent, was.since, max(was.since, ended)))

    def _longest_wrap_up(self, extended: int) -> float:
        plans = [queue.plan for queue in self._floor.queues.values()]
        return max(((plan.wrap_up or 0.0) + extended * plan.wrap_up_extension for plan in plans), default=0.0)


def _presence_after(work: AfterCallWork, now: float) -> Presence:
    return NotReady(now, work.resume.reason) if isinstance(work.resume, BackToBreak) else Ready(now)
