"""What people and systems beside the PBX tell the brain: the CRM, the store of messages, screens, another plan."""

from collections.abc import Mapping

from acd.events import CenterEvent
from acd.model import (
    AgentId,
    Customer,
    CustomerAnswer,
    InteractionId,
    QuestionId,
    QueueName,
    VoicemailId,
)
from acd.plan import CenterPlan
from acd.revision import Revision
from acd.routing.lineup import Lineup
from cti.model import CallerId


class CustomerAnswered(CenterEvent, frozen=True):
    """The CRM's answer to `CustomerWanted`."""

    interaction: InteractionId
    answer: CustomerAnswer


class QuestionAnswered(CenterEvent, frozen=True):
    """The answer to `QuestionAsked`."""

    question: QuestionId
    way: str
    """Which of the ways of `ivr.flow.questions` is taken; `failed` if there is no answer."""
    learnt: Mapping[str, str] = {}
    """What the flow may speak of from now on."""
    customer: Customer | None = None
    """Who the caller is, if the answer tells."""
    reason: str = ""
    """Why there is no answer."""
    verified: bool = False
    """Whether he has proved that he is that customer."""


class TaskWanted(CenterEvent, frozen=True):
    """There is something to do for a customer who is not on the line; also at the start, for all that is not done."""

    about: VoicemailId
    queue: QueueName
    caller: CallerId
    since: float
    contact: InteractionId
    """In which it was left."""


class TaskSettled(CenterEvent, frozen=True):
    """Somebody has seen to it in the list, or it was deleted: nobody needs to be asked."""

    about: VoicemailId


class DesktopConnected(CenterEvent, frozen=True):
    """An agent's browser is connected (again)."""

    agent: AgentId


class DesktopLost(CenterEvent, frozen=True):
    """An agent's last browser has been gone for longer than a reload takes."""

    agent: AgentId


class PlanChanged(CenterEvent, frozen=True):
    """The company has decided otherwise: this plan is in force from now on."""

    plan: CenterPlan
    revision: Revision
    lineup: Lineup | None = None
    """That of the plan, if it was made beforehand. It serves one centre."""


AnyToldEvent = CustomerAnswered | QuestionAnswered | TaskWanted | TaskSettled | DesktopConnected | DesktopLost
