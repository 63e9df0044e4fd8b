"""Takes stored rows one by one, in any order, and keeps what they add up to: per interval, queue and agent.

Whatever belongs to a segment (its outcome, its reservations, its talks, its wrap-up) counts in the interval in which
the segment was *entered*, so each row of a report is the fate of the same callers. An agent's time is cut at the edges
of the intervals: it is his time, not a call's.
"""

from collections.abc import Callable

import msgspec

from acd.reports.calendar import Finder, Interval
from acd.reports.tallies import AgentTally, ContactTally, SegmentTally
from acd.reports.teams import NO_TEAMS, Teams
from acd.reports.thresholds import Thresholds

Cell = tuple[int, str]
"""Number of the interval, and name."""


class TalkRow(msgspec.Struct, frozen=True):
    """A talk that is over, and what was done for it."""

    entered: float
    """When its segment was."""
    started: float
    queue: str
    agent: str
    talk: float
    wrap_up: float
    first_of_segment: bool
    first_of_interaction: bool


class Books:
    """One report's."""

    def __init__(self, intervals: tuple[Interval, ...], in_time: Thresholds, teams: Teams = NO_TEAMS) -> None:
        self.finder = Finder(intervals)
        self.queues: dict[Cell, SegmentTally] = {}
        self.members: dict[tuple[int, str, str], AgentTally] = {}
        """By number of the interval, agent, and the team that he was in."""
        self.entry_points: dict[Cell, ContactTally] = {}
        self._in_time = in_time
        self._teams = teams

    @property
    def agents(self) -> dict[Cell, AgentTally]:
        """By agent, whatever team he was in."""
        return self._members(lambda agent, _: agent)

    @property
    def teams(self) -> dict[Cell, AgentTally]:
        """By the team that each agent was in at the time."""
        return self._members(lambda _, team: team)

    def _members(self, name: Callable[[str, str], str]) -> dict[Cell, AgentTally]:
        found: dict[Cell, AgentTally] = {}
        for (number, agent, team), tally in self.members.items():
            found.setdefault((number, name(agent, team)), AgentTally()).merge(tally)
        return found

    @property
    def intervals(self) -> tuple[Interval, ...]:
        """What it is kept by."""
        return self.finder.intervals

    def segment(self, queue: str, entered: float, ended: float | None, outcome: str | None, wait: float | None) -> None:
        """A stay in a queue."""
        number = self.finder.find(entered)
        if number < 0:
            return
        tally = self._queue(number, queue)
        if ended is None and outcome is None:
            tally.add_open()
        else:
            tally.add(outcome, wait, self._in_time.of(queue, entered))

    def estimate(self, queue: str, entered: float, *, right: bool) -> None:
        """The caller of an answered segment was told how long he would wait; whether the truth lay in that range."""
        number = self.finder.find(entered)
        if number >= 0:
            tally = self._queue(number, queue)
            tally.estimates += 1
            tally.estimates_right += right

    def talk(self, row: TalkRow) -> None:
        """Two-way audio with an agent, over."""
        number = self.finder.find(row.entered)
        if number < 0:
            return
        queue, agent = self._queue(number, row.queue), self._agent(number, row.agent, row.started)
        for handling, counts in ((queue.handling, row.first_of_segment), (agent.handling, True)):
            handling.handled += counts
            handling.talk += row.talk
            handling.wrap_up += row.wrap_up
        queue.interactions += row.first_of_interaction

    def reservation(self, agent: str, entered: float, made: float, outcome: str, rung: float) -> None:
        """An agent was held for a segment; over, after `rung` seconds."""
        number = self.finder.find(entered)
        if number >= 0:
            tally = self._agent(number, agent, made)
            tally.reservations[outcome] += 1
            tally.rung += rung

    def state(self, agent: str, state: str, reason: str, since: float, until: float, others: int = 0) -> None:
        """An agent's stay in one state; `reason` is that of a break. `others`: contacts beside that which is shown."""
        for team, start, end in self._teams.cut(agent, since, until):
            for number, seconds in self.finder.cut(start, end):
                self._member(number, agent, team).add_time(state, reason, seconds, others)

    def contact(self, entry_point: str, started: float, outcome: str | None) -> None:
        """A customer's contact; without an outcome it is not over."""
        number = self.finder.find(started)
        if number < 0:
            return
        tally = self.entry_points.setdefault((number, entry_point), ContactTally())
        if outcome is None:
            tally.still_open += 1
        else:
            tally.outcomes[outcome] += 1

    def _queue(self, number: int, name: str) -> SegmentTally:
        tally = self.queues.get((number, name))
        if tally is None:
            tally = self.queues[number, name] = SegmentTally()
        return tally

    def _agent(self, number: int, name: str, at: float) -> AgentTally:
        return self._member(number, name, self._teams.at(name, at))

    def _member(self, number: int, name: str, team: str) -> AgentTally:
        tally = self.members.get((number, name, team))
        if tally is None:
            tally = self.members[number, name, team] = AgentTally()
        return tally
