"""Random callers in random flows, through the real brain and real databases: all that was counted adds up.

Now and then the process is killed between two things, and another one goes on.
"""

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any

import msgspec

from acd.edge.database import Database
from acd.edge.history import History
from acd.edge.history_orphans import LOST
from acd.edge.reports import Reports
from acd.events import CenterEvent
from acd.plan import CenterPlan
from acd.reports.calendar import Range
from acd.reports.flows import FlowLine, Split
from acd.reports.journeys import End
from acd.waiting.plan import ToFlow, WaitingPlan
from cti.commands import Command
from cti.events import CallArrived, KeyPressed
from cti.model import CallerId, CallId, HangupCause, LegId
from ivr.flow.flow import Flow
from ivr.flow.node import Node
from ivr.flow.settings import FlowName, NodeId, Prompt
from ivr.nodes.back import ReturnNode
from ivr.nodes.branch import BranchNode, Case
from ivr.nodes.collect import CollectNode
from ivr.nodes.hang_up import HangUpNode
from ivr.nodes.menu import Choice, MenuNode
from ivr.nodes.say import SayNode
from ivr.nodes.sub_flow import SubFlowNode
from ivr.nodes.to_queue import ToQueueNode
from tests.acd.centre import Centre
from tests.acd.company import BILLING, NODE, company, queue
from tests.acd.edge.history.books import everything, nobody_listens
from tests.acd.model_pbx import ModelPbx

NAMES = [NodeId(name) for name in "abcde"]
SAID: Prompt = {"en": "Well"}
LAST = {"to_queue", "hang_up", "hung_up", "lost"}
"""Ways by which a caller is in no flow any more."""


def random_flow(name: str, chance: random.Random, inner: Sequence[str] = ()) -> Flow:
    """Nodes that lead anywhere, and each exit once. Without a ring that waits for nobody: who goes on by himself goes
    forward."""

    def node(number: int) -> Node:
        def there() -> NodeId:
            return chance.choice([*NAMES[number + 1 :], NodeId("person"), NodeId("bye")])

        def any_of() -> NodeId:
            return chance.choice([*NAMES, NodeId("person"), NodeId("bye")])

        kinds: list[Node] = [
            SayNode(SAID, there()),
            MenuNode(
                prompt=SAID,
                choices={key: Choice(any_of(), {"en": key}) for key in "12"},
                give_up=there(),
                tries=2,
            ),
            CollectNode(
                SAID, "number", then=any_of(), give_up=there(), label={"en": "N"}, shortest=1, longest=2, tries=2
            ),
            BranchNode((Case('caller == "+493012341"', there()), Case("1 == 1", there())), there()),
            *(SubFlowNode(FlowName(one), there()) for one in inner),
        ]
        return chance.choice(kinds)

    nodes: dict[NodeId, Node] = {name: node(number) for number, name in enumerate(NAMES)}
    nodes |= {NodeId("person"): ToQueueNode(BILLING, SAID), NodeId("bye"): HangUpNode(SAID)}
    if not inner:
        nodes[NodeId("person")] = ReturnNode(SAID)
    return Flow(FlowName(name), NAMES[0], nodes, NodeId("bye"), version=f"{name}-{chance.randrange(2)}")


def random_plan(chance: random.Random) -> CenterPlan:
    """A queue that nobody serves, and which callers may leave by a key."""
    plan = company(queue(BILLING, waiting=WaitingPlan(keys={"9": ToFlow(FlowName("welcome"))})))
    flows = {one.name: one for one in (random_flow("inner", chance), random_flow("welcome", chance, ["inner"]))}
    return msgspec.structs.replace(plan, flows=flows)


class Day:
    """Callers of a centre, one after another and side by side; all facts that were told."""

    def __init__(self, seed: int, began: float) -> None:
        self.chance = random.Random(seed)
        self.centre = Centre(random_plan(self.chance), f"r{seed}", began)
        self.pbx = ModelPbx()
        self.calls = 0
        self.said: list[CenterEvent] = []
        self.hear(self.centre.tell(self.pbx.seen()))

    def hear(self, outputs: Sequence[object]) -> None:
        """What the brain says."""
        for one in outputs:
            if isinstance(one, Command):
                self.pbx.todo.append(one)  # type: ignore[arg-type]
            elif isinstance(one, CenterEvent):
                self.said.append(one)

    def work(self, most: int = 1000) -> None:
        """The PBX does what it was told."""
        for _ in range(most):
            if not self.pbx.todo:
                return
            for event in self.pbx.carry_out():
                self.hear(self.centre.tell(event))

    def dial(self) -> None:
        """Somebody calls."""
        self.calls += 1
        leg = LegId(f"{NODE}/{self.centre.now:.0f}-{self.calls}")
        arrival = CallArrived(CallId(leg), leg, CallerId(f"+4930123{self.chance.randrange(40, 43)}"), "1000")
        self.pbx.arrive(arrival)
        self.hear(self.centre.tell(arrival))

    def something_happens(self) -> None:
        """A caller does something, or a prompt ends, or time passes, or the process is killed."""
        legs = sorted(self.pbx.legs)
        chance = self.chance.random()
        if not legs or chance < 0.12:
            self.dial()
        elif chance < 0.45:
            self.hear(self.centre.tell(KeyPressed(self.chance.choice(legs), self.chance.choice("1239"))))
        elif chance < 0.65 and self.pbx.prompts:
            for event in self.pbx.prompt_ends(self.chance.randrange(len(self.pbx.prompts)), failed=False):
                self.hear(self.centre.tell(event))
        elif chance < 0.73:
            cause = self.chance.choice([HangupCause.NORMAL, HangupCause.NORMAL, HangupCause.LOST])
            for event in self.pbx.end(self.chance.choice(legs), cause):
                self.hear(self.centre.tell(event))
        elif chance < 0.76:
            self.killed()
        else:
            self.hear(self.centre.wait(self.chance.choice([0.5, 3.0, 10.0])))
        self.work(self.chance.choice([0, 1, 2, 1000]))

    def killed(self) -> None:
        """Some of what it has said is not done; the next process finds the rest."""
        self.pbx.todo.clear()
        self.centre = self.centre.successor(2.0)
        self.hear(self.centre.tell(self.pbx.seen()))

    def ends(self) -> None:
        """Everybody has hung up."""
        self.work()
        for leg in sorted(self.pbx.legs):
            if leg in self.pbx.legs:
                for event in self.pbx.end(leg, HangupCause.NORMAL):
                    self.hear(self.centre.tell(event))
                self.work()


async def test_random_walks_add_up(history: History, database: Database) -> None:
    for seed in range(20):
        day = Day(seed, 1_800_000_000.0 + 600 * seed)
        for _ in range(150):
            day.something_happens()
        day.ends()
        for event in day.said:
            history.told(event)
        assert await history.flush(20.0)
        await history.close_orphans(day.centre.center.survivors(), day.centre.now + 1, nobody_listens, day.centre.now)
    reports, days = Reports(database, company), Range(date(2027, 1, 15), date(2027, 1, 15))
    whole, split = await reports.flows(days), await reports.flows(days, list(Split))
    rows = await everything(database)
    check_chains(rows["visits"])
    for report in (whole, split):
        check_entries(report.flows, rows["visits"])
        check_nodes(report.nodes, rows["visits"])
    check_outcomes(whole.flows, rows)
    assert {(one.flow, one.version) for one in whole.versions} == {
        (row["flow"], row["version"]) for row in rows["visits"] if row["came"]
    }


Rows = Sequence[Mapping[str, Any]]

OUTCOMES = {
    "hang_up": {"self_served"},
    "hung_up": {"abandoned_in_flow"},
    "lost": {"failed"},
    "to_queue": {"abandoned_in_queue", "failed"},
}
"""Of a contact, by the way out of its last visit."""


def check_chains(visits: Rows) -> None:
    """Of each contact all visits are there, one after another, and only an exit is followed by nothing."""
    assert len(visits) > 1000
    assert any(row["kind"] == "branch" and row["way"] == "1" for row in visits)
    for before, after in pairwise([*visits, {"interaction": ""}]):
        assert before["left"] >= before["entered"], before
        if before["interaction"] != after["interaction"]:
            assert before["way"] in LAST, before
        else:
            assert before["position"] + 1 == after["position"], (before, after)
            assert before["left"] <= after["entered"], (before, after)
            assert (before["way"] in LAST) == (after["came"] in {"entry", "queue"}), (before, after)


def check_entries(lines: Sequence[FlowLine], visits: Rows) -> None:
    """Each entry has one end, and is the first visit of a flow."""
    entered = Counter(row["flow"] for row in visits if row["came"])
    for flow in ("welcome", "inner"):
        assert summed(lines, flow, "entries") == entered[flow] > 20
        assert summed(lines, flow, "entries") == sum(summed(lines, flow, end.value) for end in End)
        assert summed(lines, flow, "still_there") == 0
        assert summed(lines, flow, "abandoned") > 0
    assert summed(lines, "inner", "returned") > 0
    returned = sum(row["way"] == "return" for row in visits)
    assert summed(lines, "inner", "returned") == returned
    # Who is at a node has come into its flow there, or from another of its nodes, or back out of a sub-flow.
    for flow, back in (("welcome", returned), ("inner", 0)):
        those = [row for row in visits if row["flow"] == flow]
        onward = sum(row["way"] not in {*LAST, "return"} and row["kind"] != "sub_flow" for row in those)
        assert len(those) == entered[flow] + onward + back


def check_nodes(lines: Sequence[FlowLine], visits: Rows) -> None:
    """Each visit is in one line, and has one way out."""
    assert sum(int(line.figures["visits"] or 0) for line in lines) == len(visits)
    for line in lines:
        assert sum(line.ways.values()) == line.figures["visits"]
    for name in ("no_inputs", "no_matches"):
        assert sum(int(line.figures[name] or 0) for line in lines) == sum(row[name] for row in visits) > 0


def check_outcomes(lines: Sequence[FlowLine], rows: Mapping[str, Rows]) -> None:
    """The same as the contacts' own, as far as somebody has seen how they ended."""
    last = {row["interaction"]: row["way"] for row in rows["visits"]}
    for contact in rows["interactions"]:
        if contact["cause"] != LOST:
            assert contact["outcome"] in OUTCOMES[last[contact["id"]]], contact
    counted = Counter(last.values())
    assert summed(lines, "welcome", "contained") == counted["hang_up"]
    assert summed(lines, "welcome", "abandoned") == counted["hung_up"]
    assert summed(lines, "welcome", "lost") == counted["lost"] > 0
    assert sum(row["came"] == "entry" for row in rows["visits"]) == len(rows["interactions"])


def summed(lines: Sequence[FlowLine], flow: str, figure: str) -> int:
    """Over all lines of a flow."""
    return sum(int(line.figures[figure] or 0) for line in lines if line.place.flow == flow)
