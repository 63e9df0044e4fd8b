"""Reports made in a process of their own: a day of 100,000 calls is seconds of counting, which no call is to wait for.

The process is given an order on its standard input and answers on its standard output: a line that says whether there
is a report, then the report. It is a little nicer to the processor than the centre is, and ends when nobody wants the
report any more. `python -m acd.edge.report_process` is that process.
"""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Literal

import msgspec

from acd.edge.database import Database, DatabaseMisconfigured, DatabaseUnavailable
from acd.edge.reports import FlowsWanted, Reports, Wanted
from acd.model import AgentId, QueueName
from acd.plan import AgentPlan, CenterPlan, QueuePlan
from acd.reports.calendar import RangeMistake
from acd.reports.export import csv_text, json_text
from acd.reports.flow_tables import flows_csv
from ivr.flow.flow import Flow
from ivr.flow.node import LabelTexts
from ivr.flow.settings import FlowName, NodeId
from ivr.nodes.menu import Choice, MenuNode

NICENESS = 5
"""Calls come first."""
AT_ONCE = 1 << 16
"""Bytes of a report that are handed on at a time."""

Form = Literal["json", "csv"]


class ReportBroken(Exception):
    """The process has ended without an answer; its errors are in the log."""


class Outline(msgspec.Struct, frozen=True):
    """What reports have to know of a plan: a centre's whole plan would take long to be handed over."""

    zone: str
    queues: Mapping[QueueName, tuple[float, str]]
    """Service level in seconds, and group."""
    teams: Mapping[AgentId, str]
    menus: Mapping[FlowName, tuple[str, Mapping[NodeId, Mapping[str, LabelTexts]]]]
    """Version of the flow, and what the keys of its menus are called."""

    def plan(self) -> CenterPlan:
        """A plan that says as much."""
        queues = {
            name: QueuePlan(name, {}, service_level=service_level, group=group)
            for name, (service_level, group) in self.queues.items()
        }
        agents = {agent: AgentPlan(agent, agent, {}, (), team) for agent, team in self.teams.items()}
        flows = {name: _with_menus(name, *menus) for name, menus in self.menus.items()}
        return CenterPlan("", self.zone, queues, agents, {}, {}, flows)


def _with_menus(name: FlowName, version: str, menus: Mapping[NodeId, Mapping[str, LabelTexts]]) -> Flow:
    nodes = {
        of: MenuNode(prompt={}, choices={key: Choice(NodeId(""), dict(texts)) for key, texts in labels.items()})
        for of, labels in menus.items()
    }
    return Flow(name, NodeId(""), nodes, NodeId(""), version=version)


def outline_of(plan: CenterPlan) -> Outline:
    """That of a plan."""
    queues = {name: (queue.service_level, queue.group) for name, queue in plan.queues.items()}
    menus = {name: (flow.version, _menus_of(flow)) for name, flow in plan.flows.items()}
    return Outline(plan.zone, queues, {name: agent.team for name, agent in plan.agents.items()}, menus)


def _menus_of(flow: Flow) -> Mapping[NodeId, Mapping[str, LabelTexts]]:
    return {
        of: {key: node.label_of(key) for key in node.choices}
        for of, node in flow.nodes.items()
        if isinstance(node, MenuNode)
    }


class _Order(msgspec.Struct, frozen=True):
    database: str
    outline: Outline
    wanted: Wanted | FlowsWanted
    now: float
    form: Form


class _Outcome(msgspec.Struct, frozen=True):
    """Empty: the report follows."""

    mistake: str = ""
    unavailable: str = ""
    misconfigured: str = ""


class ReportProcesses:
    """Of one centre."""

    def __init__(self, database: Database, plan: Callable[[], CenterPlan]) -> None:
        """`plan`: as it is when somebody asks."""
        self._database = database
        self._plan = plan

    @asynccontextmanager
    async def report(self, wanted: Wanted | FlowsWanted, now: float, form: Form) -> AsyncIterator[AsyncIterator[bytes]]:
        """The report, piece by piece; who leaves early ends the process.

        Raises `RangeMistake`, `ReportBroken` (also between two pieces) and the errors of `acd.edge.database`.
        """
        await self._database.check()
        order = _Order(self._database.url, outline_of(self._plan()), wanted, now, form)
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(sys.executable, "-m", __name__, stdin=pipe, stdout=pipe)
        try:
            assert process.stdin is not None  # noqa: S101 - for the type checker: both are pipes
            assert process.stdout is not None  # noqa: S101
            process.stdin.write(msgspec.json.encode(order))
            process.stdin.write_eof()
            _check(await process.stdout.readline())
            yield _pieces(process, process.stdout)
        finally:
            if process.returncode is None:
                process.kill()
            await process.communicate()  # reads what is left, else its pipe would stay open


def _check(line: bytes) -> None:
    if not line:
        raise ReportBroken("the process that makes a report has broken off")
    outcome = msgspec.json.decode(line, type=_Outcome)
    if outcome.mistake:
        raise RangeMistake(outcome.mistake)
    if outcome.misconfigured:
        raise DatabaseMisconfigured(outcome.misconfigured)
    if outcome.unavailable:
        raise DatabaseUnavailable(outcome.unavailable)


async def _pieces(process: asyncio.subprocess.Process, answer: asyncio.StreamReader) -> AsyncIterator[bytes]:
    while piece := await answer.read(AT_ONCE):
        yield piece
    if await process.wait():
        raise ReportBroken("the process that makes a report has broken off in the middle of it")


# -- in that process ---------------------------------------------------------------------------------------------------


def main() -> None:
    """Carry out the order."""
    os.nice(NICENESS)
    order = msgspec.json.decode(sys.stdin.buffer.read(), type=_Order)
    outcome, body = _Outcome(), b""
    try:
        body = asyncio.run(_made(order))
    except RangeMistake as mistake:
        outcome = _Outcome(mistake=str(mistake))
    except DatabaseUnavailable as error:
        outcome = _Outcome(unavailable=str(error))
    except DatabaseMisconfigured as error:
        outcome = _Outcome(misconfigured=str(error))
    sys.stdout.buffer.write(msgspec.json.encode(outcome) + b"\n" + body)


async def _made(order: _Order) -> bytes:
    database = Database(order.database)
    plan = order.outline.plan()
    reports = Reports(database, lambda: plan)
    try:
        if isinstance(order.wanted, Wanted):
            found = await reports.report(order.wanted, order.now)
            return json_text(found) if order.form == "json" else csv_text(found).encode()
        flows = await reports.flows(order.wanted.days, order.wanted.split)
    finally:
        await database.close()
    return msgspec.json.encode(flows) if order.form == "json" else flows_csv(flows, order.wanted.of).encode()


if __name__ == "__main__":
    main()
