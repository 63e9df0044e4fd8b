"""What is not wrong in a flow, but hardly meant: it asks of agents what nobody has, so its callers wait in vain.

Told with its place in the flow's file. What stands in a slot (`{language}>=5`) is known only when somebody calls.
"""

from collections.abc import Iterator

from acd.model import QueueName
from acd.plan import CenterPlan
from acd.routing.asking import steps_of
from acd.routing.requirement import both
from config.center_shapes import CenterFile
from config.center_source import CenterSource
from config.center_staffing import People, meets, people_of, why_nobody
from ivr.files.marked_yaml import parse
from ivr.files.mistakes import Mistake
from ivr.files.shapes import Reader
from ivr.flow.settings import FlowName, NodeId
from ivr.nodes.to_queue import ToQueueNode
from ivr.reading.flow_file import FlowFile
from ivr.speech.words import SLOT


def flow_doubts(read: CenterFile, plan: CenterPlan, source: CenterSource) -> Iterator[Mistake]:
    """Of all flows, in their order. The plan is complete: its flows have been read from the same source."""
    people = people_of(plan)
    if not people:
        return
    for name, file in read.flows.items():
        nodes = plan.flows[FlowName(name)].nodes
        found = {
            of: why for of, node in nodes.items() if isinstance(node, ToQueueNode) and (why := _why(node, plan, people))
        }
        if found:
            yield from _at_their_places(found, str(source.where(file)), source.files[file])


def _why(node: ToQueueNode, plan: CenterPlan, people: People) -> str:
    """Why nobody can serve who leaves the flow here, though somebody serves the queue; empty if somebody can."""
    if not node.needs or any(SLOT.search(need.skills) for need in node.needs):
        return ""
    queue = plan.queues[QueueName(node.queue)]
    needs = [both(mine.need, its.need) for mine in steps_of(node.needs, plan.skills) for its in queue.steps]
    alone = any(meets(step.need, people) for step in queue.steps)
    if not alone or any(meets(need, people) for need in needs):
        return ""
    return f"no agent can serve {node.queue!r} for who comes here: {why_nobody(needs[-1], people)}"


def _at_their_places(found: dict[NodeId, str], file: str, text: str) -> Iterator[Mistake]:
    reader = Reader(file, {})
    reader.read(parse(text, file).tree, FlowFile)  # only for the places; it has been read without a mistake before
    for node, why in found.items():
        yield reader.mistake(("nodes", node, "requires"), why)
