"""The shapes of the values in the view, as they travel: what an agent and a supervisor can see.

Times are seconds since the Unix epoch by the server's clock. A field that has nothing to say is left out.
"""

from collections.abc import Iterable, Mapping
from typing import assert_never

import msgspec
from msgspec.structs import replace

from acd.calls.interactions import Connecting, InFlow, Interaction, Ringing, Talking, Waiting, WrappingUp
from acd.model import (
    AgentId,
    Bill,
    CustomerKnown,
    CustomerPending,
    CustomerUnavailable,
    CustomerUnknown,
    InteractionId,
    PastContact,
    PathStep,
    QueueName,
)
from acd.numbers import shown
from acd.people.agents import AfterCallWork, AgentState, BackToReady, Busy, LoggedOut, NotReady, Ready, Reserved, Resume
from acd.plan import CenterPlan
from acd.queues import Queue
from acd.tasks.tasks import Task, TaskInHand, TaskOffered, TaskWaits
from agent_desktop.text import LINE, NAME, NOTE, clean, clean_label, clean_url
from ivr.flow.flow import Flow
from ivr.flow.node import NOT_ANSWERED, LabelTexts

MOST_BILLS = 20
MOST_CONTACTS = 10
MOST_STEPS = 30
MOST_FACTS = 3
"""Agents and codes of one earlier contact. A pop travels in one frame."""


class Shape(msgspec.Struct, frozen=True, omit_defaults=True):
    """Base of all values in the view."""


class ResumeShape(Shape, frozen=True):
    """What comes after the present work."""

    kind: str
    reason: str | None = None


class StateShape(Shape, frozen=True):
    """An agent's state."""

    kind: str
    since: float
    reason: str | None = None
    until: float | None = None
    resume: ResumeShape | None = None
    returns: bool = False
    """At `until` he is Ready again by himself; else that is when his break has lasted long enough."""


class CallerShape(Shape, frozen=True):
    """Who calls, as the network says; or who is talked with."""

    number: str
    name: str = ""


class BillShape(Shape, frozen=True):
    """One bill."""

    number: str
    due: str
    amount: str
    currency: str
    paid: bool


class ContactShape(Shape, frozen=True):
    """An earlier contact. With an `outcome` the page says it in its reader's language; else it has the summary."""

    at: float
    channel: str
    summary: str
    outcome: str = ""
    queue: LabelTexts = {}
    agents: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    note: str = ""


class CustomerShape(Shape, frozen=True):
    """What the CRM says about the caller. `typed`: he proved a little by typing his customer number; `verified`: he has
    proved by a PIN that he is that customer."""

    status: str
    typed: bool = False
    verified: bool = False
    id: str = ""
    name: str = ""
    company: str = ""
    language: str = ""
    note: str = ""
    balance: str = ""
    currency: str = ""
    url: str = ""
    bills: tuple[BillShape, ...] = ()
    contacts: tuple[ContactShape, ...] = ()


class StepShape(Shape, frozen=True):
    """One thing the caller did in the menu."""

    node: str
    label: LabelTexts
    said: str = ""


class ShownShape(Shape, frozen=True):
    """Something that the flow has her see of him."""

    label: LabelTexts
    text: str


class QueueCallerShape(Shape, frozen=True):
    """Somebody who waits and may be taken out of turn."""

    interaction: str
    number: str
    name: str
    since: float


class QueueShape(Shape, frozen=True):
    """A queue as its agents see it."""

    name: str
    label: LabelTexts
    waiting: int
    longest_since: float | None = None
    optional: bool = False
    """He may leave it, and join it again."""
    callers: tuple[QueueCallerShape, ...] = ()
    """Those whom he may take out of turn; where the queue allows it."""


def state_shape(state: AgentState) -> StateShape:
    """An agent's state as it is shown."""
    match state:
        case LoggedOut(since, reason):
            return StateShape("logged_out", since, reason=reason or None)
        case NotReady(since, reason, limit, returns):
            until = None if limit is None else since + limit
            return StateShape("not_ready", since, reason=reason, until=until, returns=returns)
        case Ready(since):
            return StateShape("ready", since)
        case Reserved(since=since, until=until, resume=resume):
            return StateShape("reserved", since, until=until, resume=_resume_shape(resume))
        case Busy(since=since, resume=resume):
            return StateShape("busy", since, resume=_resume_shape(resume))
        case AfterCallWork(since=since, until=until, resume=resume):
            return StateShape("after_call_work", since, until=until, resume=_resume_shape(resume))
        case _:
            assert_never(state)


def _resume_shape(resume: Resume) -> ResumeShape:
    if isinstance(resume, BackToReady):
        return ResumeShape("ready")
    return ResumeShape("break", resume.reason)


def customer_shape(interaction: Interaction | Task, plan: CenterPlan) -> CustomerShape:
    """The CRM's answer as it is shown; `plan` says what its queues and agents are called."""
    match interaction.customer:
        case CustomerPending():
            return CustomerShape("pending")
        case CustomerUnknown():
            return CustomerShape("unknown")
        case CustomerUnavailable():
            return CustomerShape("unavailable")
        case CustomerKnown(customer, typed, verified):
            return CustomerShape(
                "known",
                typed=typed,
                verified=verified,
                id=clean(customer.id),
                name=clean(customer.name),
                company=clean(customer.company),
                language=clean(customer.language, 20),
                note=clean(customer.note, NOTE),
                balance=clean(customer.balance, 40),
                currency=clean(customer.currency, 10),
                url=clean_url(customer.url),
                bills=tuple(map(_bill_shape, customer.bills[:MOST_BILLS])),
                contacts=tuple(_contact_shape(contact, plan) for contact in customer.contacts[:MOST_CONTACTS]),
            )


def caller_shape(interaction: Interaction) -> CallerShape:
    """Number and name as the network gave them, the number in E.164 if it can be read."""
    return CallerShape(clean(interaction.caller_shown, 40), clean(interaction.caller.name))


def task_caller_shape(task: Task, plan: CenterPlan) -> CallerShape:
    """The same of who has left a message."""
    return CallerShape(clean(shown(task.caller.number, plan.country), 40), clean(task.caller.name))


def known_shape(one: Interaction | Task, plan: CenterPlan) -> CallerShape:
    """The number, with the customer's name if the CRM knows it, else the network's."""
    caller = task_caller_shape(one, plan) if isinstance(one, Task) else caller_shape(one)
    answer = one.customer
    return replace(caller, name=clean(answer.customer.name)) if isinstance(answer, CustomerKnown) else caller


def path_shape(interaction: Interaction, flows: Iterable[Flow]) -> tuple[StepShape, ...]:
    """What the caller did, the last steps of it, in the words of the flows."""
    return tuple(
        StepShape(clean(step.node, NAME), clean_label(_label_of(step, flows)), clean(step.said, 40))
        for step in interaction.path[-MOST_STEPS:]
    )


def _label_of(step: PathStep, flows: Iterable[Flow]) -> LabelTexts:
    """In each language; as it was written down, if no flow says it so any more."""
    for label in (*(flow.label_at(step.node, step.said) for flow in flows), NOT_ANSWERED):
        if step.label in label.values():
            return label
    return {"": step.label}


def shown_shape(interaction: Interaction) -> tuple[ShownShape, ...]:
    """What the flow has the agent see."""
    return tuple(ShownShape(clean_label(one.label), clean(one.text, LINE)) for one in interaction.shown)


def waits_since(interaction: Interaction) -> float | None:
    """When he entered the queue in which he still is without having been answered."""
    match interaction.stage:
        case Waiting(since=since) | Ringing(waiting=Waiting(since=since)):
            return since
        case Connecting(waiting=Waiting(since=since)):
            return since
        case _:
            return None


def longest_since(queue: Queue, interactions: Mapping[InteractionId, Interaction]) -> float | None:
    """When he entered who waits longest in a queue; None if nobody does."""

    def entered(of: InteractionId) -> float:
        since = waits_since(interactions[of])
        return interactions[of].started if since is None else since

    return queue.entered_first(entered)


def head_start_of(interaction: Interaction) -> float:
    """Seconds by which a supervisor has brought him forward."""
    match interaction.stage:
        case Waiting(ahead=ahead) | Ringing(Waiting(ahead=ahead)) | Connecting(Waiting(ahead=ahead)):
            return ahead
        case _:
            return 0.0


def agents_of(interaction: Interaction) -> tuple[AgentId, ...]:
    """The agents who have to do with the interaction now; several while it rings for several."""
    match interaction.stage:
        case Ringing(_, held):
            return tuple(one.agent for one in held)
        case Connecting(agent=agent) | Talking(agent=agent) | WrappingUp(agent=agent):
            return (agent,)
        case InFlow() if interaction.surveyed is not None and interaction.surveyed.writes:
            return (interaction.surveyed.agent,)
        case _:
            return ()


def agents_at(task: Task) -> tuple[AgentId, ...]:
    """The agent who has to do with the task now, if there is one."""
    match task.stage:
        case TaskOffered(held):
            return (held.agent,)
        case TaskInHand(agent):
            return (agent,)
        case TaskWaits():
            return ()


def _bill_shape(bill: Bill) -> BillShape:
    return BillShape(
        clean(bill.number, 60), clean(bill.due, 20), clean(bill.amount, 40), clean(bill.currency, 10), bill.paid
    )


def _contact_shape(contact: PastContact, plan: CenterPlan) -> ContactShape:
    facts = contact.facts
    queue, agents = plan.queues.get(QueueName(facts.queue)), plan.agents
    return ContactShape(
        contact.at,
        clean(contact.channel, 40),
        clean(contact.summary, LINE),
        clean(facts.outcome, 40),
        clean_label(queue.label if queue else {"": facts.queue} if facts.queue else {}),
        tuple(
            clean(agents[AgentId(one)].name if AgentId(one) in agents else one, 60) for one in facts.agents[:MOST_FACTS]
        ),
        tuple(clean(code, 60) for code in facts.codes[:MOST_FACTS]),
        clean(" · ".join(facts.notes), LINE),
    )
