"""What the flows can do that ask callers how their talk was: nobody is left to whom they could lead."""

from collections.abc import Iterator, Mapping

from config.center_shapes import CenterFile
from ivr.files.shapes import Path
from ivr.flow.flow import Flow
from ivr.flow.node import Node
from ivr.flow.settings import FlowName
from ivr.nodes.record import RecordNode
from ivr.nodes.sub_flow import flows_through
from ivr.nodes.to_queue import ToQueueNode

_ELSEWHERE: Mapping[type[Node], str] = {
    ToQueueNode: "leads to a queue",
    RecordNode: "takes a message",
}


def surveys_that_lead_on(read: CenterFile, flows: Mapping[FlowName, Flow]) -> Iterator[tuple[Path, str]]:
    """Those of queues, each with the first node that a survey cannot have. The contact is over but for the survey: its
    agent writes it up, and its figures are made."""
    for name, queue in read.queues.items():
        survey = flows.get(FlowName(queue.survey))
        if survey is None:
            continue
        for flow in flows_through((survey,), flows):
            for of, node in flow.nodes.items():
                if (does := _ELSEWHERE.get(type(node))) is not None:
                    text = f"the flow {flow.name!r} {does} at its node {of!r}"
                    yield ("queues", name, "survey"), f"{text}; a survey is the last thing in a call, so it hangs up"
                    break
