"""All kinds of node, as a file may name them."""

from typing import Annotated

from msgspec import Meta

from ivr.nodes.authenticate import AuthenticateNode
from ivr.nodes.back import ReturnNode
from ivr.nodes.branch import BranchNode
from ivr.nodes.collect import CollectNode
from ivr.nodes.confirm import ConfirmNode
from ivr.nodes.create import CreateNode
from ivr.nodes.hang_up import HangUpNode
from ivr.nodes.http import HttpNode
from ivr.nodes.language import LanguageNode
from ivr.nodes.look_up import LookUpNode
from ivr.nodes.menu import MenuNode
from ivr.nodes.opening_hours import HoursNode
from ivr.nodes.record import RecordNode
from ivr.nodes.say import SayNode
from ivr.nodes.set_variables import SetNode
from ivr.nodes.sub_flow import SubFlowNode
from ivr.nodes.survey import SurveyNode
from ivr.nodes.to_queue import ToQueueNode
from ivr.nodes.transfer import TransferNode

AnyNode = Annotated[
    SayNode
    | MenuNode
    | ConfirmNode
    | CollectNode
    | LookUpNode
    | AuthenticateNode
    | CreateNode
    | HttpNode
    | BranchNode
    | SetNode
    | HoursNode
    | LanguageNode
    | RecordNode
    | SurveyNode
    | SubFlowNode
    | ReturnNode
    | ToQueueNode
    | TransferNode
    | HangUpNode,
    Meta(title="kind of node"),
]
