"""The things a contact centre talks about: interactions, segments, reservations, customers.

Times are seconds since the Unix epoch, UTC; money is a decimal string with its currency beside it.
"""

from enum import Enum
from typing import NewType

import msgspec

from cti.model import CallerId, NodeName

InteractionId = NewType("InteractionId", str)
SegmentId = NewType("SegmentId", str)
ReservationId = NewType("ReservationId", str)
QuestionId = NewType("QuestionId", str)
RequestId = NewType("RequestId", str)
AgentId = NewType("AgentId", str)
UserId = NewType("UserId", str)
QueueName = NewType("QueueName", str)
Skill = NewType("Skill", str)
WrapUpCode = NewType("WrapUpCode", str)
ActionId = NewType("ActionId", str)
VoicemailId = NewType("VoicemailId", str)
"""Also the name of its recording on the PBX."""


class SegmentOutcome(Enum):
    """How a stay in a queue ended. Every segment has exactly one, and they sum to the entries."""

    ANSWERED = "answered"
    ABANDONED = "abandoned"
    SHORT_ABANDONED = "short_abandoned"
    CALLBACK_REQUESTED = "callback_requested"
    OVERFLOWED = "overflowed"
    WITHDRAWN = "withdrawn"
    FAILED = "failed"


class OverflowCause(Enum):
    """Why a caller left a queue otherwise than to an agent, with or without his will."""

    TIMEOUT = "timeout"
    FULL = "full"
    EMPTY = "empty"
    """Nobody there to serve it."""
    KEY = "key"
    """He pressed one."""
    SCHEDULE = "schedule"
    """He came when it was closed."""
    CLOSING = "closing"
    """It closed while he waited."""
    SUPERVISOR = "supervisor"
    """A supervisor has moved him."""


class InteractionOutcome(Enum):
    """How a customer's contact ended, seen from the customer."""

    ANSWERED = "answered"
    SELF_SERVED = "self_served"
    VOICEMAIL = "voicemail"
    """He left a message, and was with nobody afterwards."""
    TRANSFERRED = "transferred"
    """The flow has put him through to a number outside the centre."""
    ABANDONED_IN_FLOW = "abandoned_in_flow"
    ABANDONED_IN_QUEUE = "abandoned_in_queue"
    OVERFLOWED = "overflowed"
    CALLBACK_REQUESTED = "callback_requested"
    REJECTED = "rejected"
    """The number dialled leads nowhere."""
    FAILED = "failed"


class ReservationOutcome(Enum):
    """How holding an agent for one interaction ended; exactly one of these."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class PhoneKind(Enum):
    """A SIP phone on the desk, or the browser itself (WebRTC)."""

    DESK = "desk"
    BROWSER = "browser"


class Bill(msgspec.Struct, frozen=True):
    """One bill; `due` and `issued` are ISO 8601 dates, `amount` a decimal such as `120.50`."""

    number: str
    due: str
    amount: str
    currency: str
    paid: bool
    issued: str = ""


class ContactFacts(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is known of a contact beside the line that sums it up: a screen says it in its reader's language."""

    outcome: str = ""
    """A value of `InteractionOutcome`; empty: nothing is known."""
    queue: str = ""
    agents: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class PastContact(msgspec.Struct, frozen=True):
    """An earlier interaction of the customer, as the CRM remembers it."""

    at: float
    channel: str
    summary: str
    """One line in whatever language the CRM speaks."""
    facts: ContactFacts = ContactFacts()


class Customer(msgspec.Struct, frozen=True):
    """A customer as the CRM knows him. All texts come from outside and are text only."""

    id: str
    name: str
    numbers: tuple[str, ...] = ()
    """E.164."""
    language: str = "en"
    company: str = ""
    note: str = ""
    balance: str = "0.00"
    currency: str = "EUR"
    bills: tuple[Bill, ...] = ()
    contacts: tuple[PastContact, ...] = ()
    url: str = ""
    """Where the CRM shows the customer, if it has a page for him."""
    owner: str = ""
    """The agent who looks after him, by the name that he logs in with; empty if nobody does."""
    customer_class: str = ""
    """What kind of customer he is, in one word of the company's (`gold`); empty if it makes no difference."""


class CustomerPending(msgspec.Struct, frozen=True, tag="pending"):
    """The CRM was asked and has not answered yet."""


class CustomerKnown(msgspec.Struct, frozen=True, tag="known"):
    """The CRM knows the caller's number, or the caller typed his customer number."""

    customer: Customer
    typed: bool = False
    """Whether he typed his customer number. Without it only the caller id speaks for him, which proves nothing."""
    verified: bool = False
    """Whether he has proved, in this contact, that he is that customer."""


class CustomerUnknown(msgspec.Struct, frozen=True, tag="unknown"):
    """The CRM answered: nobody has this number."""


class CustomerUnavailable(msgspec.Struct, frozen=True, tag="unavailable"):
    """The CRM did not answer, or answered nonsense."""

    reason: str


CustomerAnswer = CustomerPending | CustomerKnown | CustomerUnknown | CustomerUnavailable


class Voicemail(msgspec.Struct, frozen=True):
    """What a caller says to nobody in particular, and what is needed to give him to somebody."""

    id: VoicemailId
    interaction: InteractionId
    node: NodeName
    """The PBX that records it."""
    queue: QueueName
    """Whose it is; empty: the supervisors'."""
    caller: CallerId
    language: str
    began: float
    customer: str = ""
    """The CRM's id; empty if he is not known."""
    customer_name: str = ""
    seconds: float = 0.0
    """Its length as the PBX says, in whole seconds; 0: not known."""


class PathStep(msgspec.Struct, frozen=True):
    """One thing the caller did in the flow. `said` is what he pressed; empty where he pressed nothing or a secret."""

    node: str
    label: str
    said: str = ""
    flow: str = ""
    """Its name: another one may have a node of the same name."""


class PastTalk(msgspec.Struct, frozen=True):
    """Who has talked with whoever calls from a number, and when that was over."""

    number: str
    agent: AgentId
    at: float


class PastLeave(msgspec.Struct, frozen=True):
    """A caller who hung up while he waited."""

    queue: QueueName
    number: str
    place: float
    """The time by which it was decided."""
    at: float
