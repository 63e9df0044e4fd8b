"""All kinds of node, as a file may name them."""

from typing import Annotated

from msgspec import Meta

from ivr.nodes.collect import CollectNode
from ivr.nodes.hang_up import HangUpNode
from ivr.nodes.look_up import LookUpNode
from ivr.nodes.menu import MenuNode
from ivr.nodes.record import RecordNode
from ivr.nodes.say import SayNode
from ivr.nodes.to_queue import ToQueueNode

AnyNode = Annotated[
    SayNode | MenuNode | CollectNode | LookUpNode | RecordNode | ToQueueNode | HangUpNode,
    Meta(title="kind of node"),
]
