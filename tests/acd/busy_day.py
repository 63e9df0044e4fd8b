"""A made-up day in which agents work for several callers at once, with accounts of it that were kept beside the books.

The books are rows in storage; these accounts are sums over the brain's own standings, taken each time the clock moves.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from acd.edge.history_facts import Fact, Gap, fact_of
from acd.edge.history_rows import Row, Verb, rows_of
from acd.events import CenterEvent
from acd.floor import Output
from acd.model import AgentId
from acd.people.agents import AfterCallWork, LoggedOut, shown, tag
from cti.model import HangupCause
from tests.acd.random_people import AGENTS, many_at_once
from tests.acd.test_histories import Histories

A_MOMENT = 2.0**-10
"""Seconds."""

WISHED = ("ready", "ready", "lunch", "written up", "more time", "decline", "hang up", "solved", "log out")


class BusyDay(Histories):
    """Driven by `run`, not by Hypothesis' rules. `start`: when it began, seconds since the epoch."""

    plan = staticmethod(many_at_once)

    def __init__(self) -> None:
        self.facts: list[Fact] = []
        self.in_state: Counter[tuple[AgentId, str]] = Counter()
        """Seconds, by what was shown of him."""
        self.for_contacts: Counter[AgentId] = Counter()
        """Seconds, once for each of his works."""
        self.writing: Counter[str] = Counter()
        """Seconds of after-call work by interaction, hidden or not."""
        super().__init__()
        self.start = self.centre.now

    def run(self, luck: random.Random, steps: int) -> None:
        """So many things happen."""
        self.begin_work(set(AGENTS))
        deeds: Mapping[str, Callable[[], None]] = {
            "call": lambda: self.dial("1000", luck.choice(["1", "1", "2"])),
            "well": self.all_goes_well_for_a_while,
            "gone": lambda: self._somebody_hangs_up(luck),
            "wish": lambda: self.ask_for_something(luck.choice(AGENTS), luck.choice(WISHED)),
            "work": lambda: self.begin_work({luck.choice(AGENTS)}),
        }
        for _ in range(steps):
            deeds[luck.choice(["call", "call", "well", "well", "gone", "wish", "work"])]()
            self.time_passes(luck.choice([0.0, 1.5, 4.0, 7.25, 18.0, 21.0]))

    def end(self) -> None:
        """All hang up, and what is to be written up is."""
        while self.pbx.todo or self.pbx.legs:
            while self.pbx.todo:
                self.heard(self.pbx.carry_out())
            for leg in sorted(self.pbx.legs)[:1]:
                self.heard(self.pbx.end(leg, HangupCause.NORMAL))
        self.time_passes(3600.0)

    def _somebody_hangs_up(self, luck: random.Random) -> None:
        if legs := sorted(self.pbx.legs):
            self.heard(self.pbx.end(luck.choice(legs), HangupCause.NORMAL))

    def take(self) -> None:
        """And no two messages come in the same instant."""
        super().take()
        self._account(A_MOMENT)
        self.centre.now += A_MOMENT

    def count(self, one: Output) -> None:
        """Also what storage keeps."""
        super().count(one)
        if isinstance(one, CenterEvent) and (fact := fact_of(one)) is not None:
            self.facts.append(fact)

    def time_passes(self, seconds: float) -> None:
        """From deadline to deadline, with an account of each stretch."""
        center = self.centre.center
        until = self.centre.now + seconds
        while self.centre.now < until:
            deadline = center.next_deadline()
            at = until if deadline is None else min(until, max(deadline, self.centre.now))
            self._account(at - self.centre.now)
            self.centre.wait(at - self.centre.now)
            self.take()

    def _account(self, seconds: float) -> None:
        for agent in self.centre.center.agents.values():
            if isinstance(agent.state, LoggedOut) and not agent.state.since:
                continue  # not here yet
            self.in_state[agent.id, tag(type(shown(agent.standing)))] += seconds  # type: ignore[assignment]
            self.for_contacts[agent.id] += seconds * len(agent.works)  # type: ignore[assignment]
            for work in agent.works:
                if isinstance(work, AfterCallWork):
                    self.writing[work.interaction] += seconds  # type: ignore[assignment]


class KeptRows:
    """What the tables hold after some facts, without a database."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        self.tables: dict[str, dict[tuple[object, ...], dict[str, Any]]] = {}
        for fact in facts:
            assert not isinstance(fact, Gap), "nothing is restarted here"
            for row in rows_of(fact):
                self._write(row)

    def of(self, table: str) -> Iterable[Mapping[str, Any]]:
        """All rows."""
        return self.tables.get(table, {}).values()

    def _write(self, row: Row) -> None:
        kind, values = row
        rows = self.tables.setdefault(kind.table.name, {})
        if kind.verb is Verb.END_EARLIER:
            for one in rows.values():
                if one["agent"] == values["agent"] and one.get("ended") is None and one["since"] < values["ended"]:
                    one["ended"] = values["ended"]
            return
        key = tuple(values[column.name] for column in kind.table.primary_key.columns)
        there = rows.get(key)
        if there is None:
            if kind.verb is Verb.PUT:
                rows[key] = dict(values)
        elif not kind.newer or there.get(kind.newer) is None or there[kind.newer] <= values[kind.newer]:
            there.update(values)
