"""What people see of the messages that callers have left, and whose messages they may see."""

from collections.abc import Collection, Mapping

import msgspec

from acd.center import ContactCenter
from acd.model import AgentId, QueueName, UserId
from acd.numbers import shown
from acd.plan import CenterPlan
from acd.tasks.kept_voicemails import KeptVoicemail, VoicemailState
from agent_desktop.people import Role, User, find_user
from agent_desktop.shapes import agents_at
from agent_desktop.views import served_queues


class Deed(msgspec.Struct, frozen=True):
    """Who has done something, and when (seconds since the epoch)."""

    by: str
    at: float


class VoicemailCustomer(msgspec.Struct, frozen=True):
    """Who called, as the CRM knew him then."""

    id: str
    name: str


class VoicemailView(msgspec.Struct, frozen=True, omit_defaults=True):
    """One message on a screen."""

    id: str
    state: VoicemailState
    at: float
    """When he began to speak, seconds since the epoch."""
    seconds: float
    caller: str
    """The number as people see it; empty if it was withheld."""
    queue: str = ""
    label: Mapping[str, str] = {}
    """The queue's, by language; empty without a queue, or if there is no such queue any more."""
    customer: VoicemailCustomer | None = None
    heard: Deed | None = None
    done: Deed | None = None


def queues_of(center: ContactCenter, user: User) -> Collection[QueueName] | None:
    """Whose messages the user sees: those of the queues that he serves; None: all, and those of no queue."""
    if user.role is Role.SUPERVISOR:
        return None
    return served_queues(center, center.agents[AgentId(user.id)])


def may_see(center: ContactCenter, user: User, voicemail: KeptVoicemail) -> bool:
    """Whether the message is one of his, or is his to see to."""
    queues = queues_of(center, user)
    if queues is None or voicemail.queue in queues:
        return True
    his = (task for task in center.tasks.values() if task.about == voicemail.id)
    return any(AgentId(user.id) in agents_at(task) for task in his)


def view_of(plan: CenterPlan, kept: KeptVoicemail) -> VoicemailView:
    """As it is shown."""
    queue = plan.queues.get(kept.queue)
    return VoicemailView(
        kept.id,
        kept.state,
        kept.began,
        kept.seconds,
        shown(kept.caller_number, plan.country),
        kept.queue,
        queue.label if queue else {},
        VoicemailCustomer(kept.customer, kept.customer_name) if kept.customer else None,
        _deed(plan, kept.heard_by, kept.heard_at),
        _deed(plan, kept.done_by, kept.done_at),
    )


def _deed(plan: CenterPlan, by: str, at: float) -> Deed | None:
    if not at:
        return None
    user = find_user(plan, UserId(by))
    return Deed(user.name if user else by, at)
