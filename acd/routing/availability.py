"""Who can be asked at this moment, and why everybody else cannot.

An agent is available if he is Ready and his phone can be rung. Whatever may change that is told here (`reconsider`), so
nobody is looked at who has not changed. For each reason there is the set of those to whom it applies, as one number
with a bit for each place in the roster: a decision keeps these numbers, and with them the state of the whole floor.
"""

from collections.abc import Callable, Iterable, Mapping
from math import inf
from statistics import median
from zlib import crc32

from acd.model import AgentId, InteractionId, PhoneKind
from acd.people.agents import DESKTOP_LOST, ON_BREAK, LoggedOut, Standing, unavailable_because
from acd.people.staff import Agent
from acd.routing.decision import roster_of
from acd.routing.lines import Lines
from acd.routing.matching import Matching
from acd.timers import Timers
from cti.model import NodeName

END_IS_TOLD = 1.0
"""Seconds after the end of a call of ours in which the PBX tells that the phone is free; it needs some hundredths."""

CLOSES_WITHIN = 0.5
"""Seconds in which a phone that takes one call has closed the one before, and can be rung for the next."""

LOOK_AGAIN = 60.0
"""Seconds after which it is looked again how busy somebody has been who is available all the time."""

ASKED_FOR_MEDIAN = 200
"""So many agents say how busy people are just now."""

AVAILABLE = ""
LEAVES = "not in the centre any more"
ON_HIS_ONE_LINE = "on a call in the browser"
LOGGED_OUT = "logged out"
"""Nothing is kept of those to whom this applies."""


class Availability:
    """The agents of one floor. `wake` is called for everybody who can be asked from now on, and `look_at` for the calls
    that wait for just the one who has changed."""

    def __init__(
        self,
        agents: Mapping[AgentId, Agent],
        lines: Lines,
        matching: Matching,
        timers: Timers[tuple[str, str]],
        wake: Callable[[Agent], None],
        look_at: Callable[[Iterable[InteractionId]], None],
    ) -> None:
        self.roster = roster_of(agents)
        self.place = {agent: place for place, agent in enumerate(self.roster.agents)}
        self.reasons: dict[str, int] = {}
        """Who is at work, as a set for each reason; the empty reason is that of those who are available."""
        self.at: dict[NodeName, int] = {}
        """Who is available at each PBX, as a set."""
        self._agents = agents
        self._lines = lines
        self._matching = matching
        self._timers = timers
        self._wake = wake
        self._look_at = look_at
        self._reason = dict.fromkeys(agents, LOGGED_OUT)
        self._entered_at: dict[AgentId, NodeName] = {}
        """At which PBX the available ones are."""
        self._at_work: dict[NodeName, int] = {}
        """Who is logged in with a phone at each PBX, as a set."""
        self._works_at: dict[AgentId, NodeName] = {}
        self._draws = 0

    def is_available(self, agent: Agent) -> bool:
        """Whether he can be asked."""
        return not self._reason[agent.id]

    def out_of_reach(self, agent: Agent) -> str:
        """Why somebody who waits for a call is not asked; empty if he is asked, or does not wait for one."""
        reason = self._reason[agent.id]
        return "" if unavailable_because(agent.standing) or reason == ON_HIS_ONE_LINE else reason

    def reason(self, agent: Agent) -> str:
        """Why he cannot be asked; empty if he can."""
        return self._reason[agent.id]

    def reason_if(self, agent: Agent, standing: Standing, now: float, *, watch: bool = True) -> str:
        """The same if that were his standing. `watch`: he is looked at again when his phone is closed."""
        return unavailable_because(standing) or self._phone_trouble(agent, now, watch=watch)

    def reconsider(self, agent: Agent, now: float) -> None:
        """Something about him has changed."""
        place = self.place[agent.id]
        if held := self._matching.held_for(place):
            self._look_at(held)
        before = self._reason[agent.id]
        reason = unavailable_because(agent.standing) or self._phone_trouble(agent, now)
        node = None if reason == LOGGED_OUT else agent.phone.node
        if node != self._works_at.get(agent.id):
            self._note_where(agent, node)
        if reason == before and (reason or self._entered_at[agent.id] == agent.phone.node):
            return
        if not before:
            self._leave(agent)
        self._reason[agent.id] = reason
        bit = 1 << place
        for one in (before, reason):
            if one != LOGGED_OUT:
                self.reasons[one] = self.reasons.get(one, 0) ^ bit
        if before and not self.reasons.get(before, 1):
            del self.reasons[before]
        if not reason:
            self._draws += 1
            agent.draw = crc32(f"{self._draws}{agent.id}".encode()) >> 16
            self._entered_at[agent.id] = agent.phone.node
            self.at[agent.phone.node] = self.at.get(agent.phone.node, 0) | bit
            self._enter(agent, now)
            self._wake(agent)

    def _note_where(self, agent: Agent, node: NodeName | None) -> None:
        before = self._works_at.get(agent.id)
        bit = 1 << self.place[agent.id]
        if before is not None:
            self._at_work[before] ^= bit
            del self._works_at[agent.id]
        if node is not None:
            self._at_work[node] = self._at_work.get(node, 0) ^ bit
            self._works_at[agent.id] = node

    def look_again(self, agent: Agent, now: float) -> None:
        """He is available as before, but his place among the others may be another."""
        if self.is_available(agent):
            self._enter(agent, now)

    def still_idle(self, agent: Agent, now: float) -> None:
        """Some time has passed, and nothing else: he may count as less busy."""
        if self.is_available(agent):
            if agent.occupancy_step(now) != agent.busyness:
                self._enter(agent, now)
            elif agent.busyness > 0:
                self._timers.set(("busyness", agent.id), now + LOOK_AGAIN)

    def _enter(self, agent: Agent, now: float) -> None:
        agent.busyness = agent.occupancy_step(now)
        self._matching.available(self.place[agent.id], agent.phone.node, agent)
        if agent.busyness > 0:  # it can only become less while he idles
            self._timers.set(("busyness", agent.id), now + LOOK_AGAIN)

    def _leave(self, agent: Agent) -> None:
        place = self.place[agent.id]
        self.at[self._entered_at.pop(agent.id)] &= ~(1 << place)
        self._matching.unavailable(place)
        self._timers.drop(("busyness", agent.id))

    def phone_changed(self, agent: Agent, now: float) -> None:
        """Something about his phone, or its PBX, has changed. Who has been asked meanwhile for what needs no phone may
        be wanted by a caller."""
        self.reconsider(agent, now)
        if agent.standing.ringing() is not None:
            self._wake(agent)

    def reconsider_all(self, node: NodeName, now: float) -> None:
        """Something about a PBX has changed."""
        for agent in self._agents.values():
            if agent.phone.node == node:
                self.phone_changed(agent, now)

    def begins_to_work(self, agent: Agent, now: float) -> None:
        """As busy as the others, so that he is neither asked first nor last."""
        working = (one for one in self._agents.values() if not isinstance(one.state, LoggedOut) and one is not agent)
        shares = [one.occupancy(now) for one, _ in zip(working, range(ASKED_FOR_MEDIAN), strict=False)]
        agent.begin(now, median(shares) if shares else 0.0)

    def at_work(self, node: NodeName) -> int:
        """Everybody who is logged in with a phone at that PBX, as a set."""
        return self._at_work.get(node, 0)

    def on_break(self) -> int:
        """Everybody at work who takes a break, as a set."""
        those = 0
        for reason, of in self.reasons.items():
            if reason.startswith(ON_BREAK):
                those |= of
        return those

    def set_of(self, agents: Iterable[AgentId]) -> int:
        """These agents, as a set."""
        those = 0
        for agent in agents:
            those |= 1 << self.place[agent]
        return those

    def has_own_call(self, agent: Agent, now: float) -> bool:
        """Whether his phone is in use, and not with a call of ours."""
        phone = agent.phone
        return phone.at in self._lines.in_use and not self._ours(agent, now) and not phone.ring_when_busy

    def _phone_trouble(self, agent: Agent, now: float, *, watch: bool = True) -> str:
        if agent.leaving:
            return LEAVES
        if agent.works and not agent.desktop:  # taken up after a restart, and his screen is not back yet
            return DESKTOP_LOST
        if agent.on_phone and agent.phone.kind is PhoneKind.BROWSER:
            return ON_HIS_ONE_LINE
        if now < (closed := self._lines.refused.get(agent.phone.at, -inf) + CLOSES_WITHIN):
            if watch:
                self._timers.set(("in_use", agent.id), closed)
            return "phone in use"
        ours = self._ours(agent, now)
        if watch and ours and not agent.on_phone and agent.phone.at in self._lines.in_use:
            self._timers.set(("in_use", agent.id), agent.off_our_call + END_IS_TOLD)
        return self._lines.trouble_of(agent.phone, our_call=ours)

    def is_closing(self, agent: Agent, rung_at: float) -> bool:
        """Whether his phone, which was rung then and says that it is busy, has hardly had the time to close our call
        before; once for each call."""
        before = self._lines.refused.get(agent.phone.at, -inf)
        return before < agent.off_our_call and rung_at < agent.off_our_call + END_IS_TOLD

    def _ours(self, agent: Agent, now: float) -> bool:
        """The end of a call of ours is no reason to wait: we have seen it ourselves, and sooner than the PBX says so
        of the phone."""
        return bool(agent.on_phone) or now < agent.off_our_call + END_IS_TOLD
