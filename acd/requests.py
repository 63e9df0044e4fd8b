"""Wishes of people. A request may be refused, with a reason that can be shown to whoever asked."""

import msgspec

from acd.model import AgentId, InteractionId, PhoneKind, QueueName, RequestId, UserId, WrapUpCode

ANY = InteractionId("")
"""Where an agent does not say which of his calls: the first for which it makes sense."""


class AgentRequest(msgspec.Struct, frozen=True, tag=True):
    """Base of all that an agent may ask for, for himself."""

    id: RequestId
    agent: AgentId


class LogIn(AgentRequest, frozen=True):
    """Begin to work, at this phone. Again while logged in: change the phone."""

    phone: PhoneKind


class LogOut(AgentRequest, frozen=True):
    """End of work. Refused while on a call."""


class BecomeReady(AgentRequest, frozen=True):
    """Give me calls. Ends after-call work."""


class TakeBreak(AgentRequest, frozen=True):
    """No calls for now; while on a call: as soon as it is over."""

    reason: str


class AnswerCall(AgentRequest, frozen=True):
    """Let my ringing desk phone answer (only where the phone can be told to)."""


class DeclineCall(AgentRequest, frozen=True):
    """I do not take the call that rings; the next agent is asked."""


class HangUpCall(AgentRequest, frozen=True):
    """End my call."""

    interaction: InteractionId = ANY


class ChooseWrapUp(AgentRequest, frozen=True):
    """Classify the interaction that I talk in, or have just ended. An empty code: only the rest, so far."""

    code: WrapUpCode
    note: str = ""
    interaction: InteractionId = ANY
    solved: bool | None = None
    """Whether the matter is settled; None: I have not said."""


class ExtendWrapUp(AgentRequest, frozen=True):
    """Give me more time to write up this call."""

    interaction: InteractionId = ANY


class FinishWrapUp(AgentRequest, frozen=True):
    """I have written up this call; whatever else I do goes on, and so does a break that I have wished for."""

    interaction: InteractionId = ANY


class ReturnTask(AgentRequest, frozen=True):
    """I cannot see to this task after all: it is somebody else's."""

    interaction: InteractionId = ANY


class PullCall(AgentRequest, frozen=True):
    """Give me this caller who waits; from a break, too, and where his turn is later. Where the queue allows it."""

    interaction: InteractionId


class LeaveQueue(AgentRequest, frozen=True):
    """Ask me no more for this queue, until I join it again. Where the queue allows it."""

    queue: QueueName


class JoinQueue(AgentRequest, frozen=True):
    """Ask me for this queue again."""

    queue: QueueName


# -- supervisors ---------------------------------------------------------------------------------------------------


class SupervisorRequest(msgspec.Struct, frozen=True, tag=True):
    """Base of all that a supervisor may ask for, about others."""

    id: RequestId
    supervisor: UserId


class Prioritise(SupervisorRequest, frozen=True):
    """This caller counts as having come so many seconds earlier than he has (later, if negative), all in all."""

    interaction: InteractionId
    head_start: float


class Assign(SupervisorRequest, frozen=True):
    """This agent, who is available, is asked for this caller, whatever his skills and queues."""

    interaction: InteractionId
    agent: AgentId


class MoveCall(SupervisorRequest, frozen=True):
    """This caller waits in another queue from now on."""

    interaction: InteractionId
    queue: QueueName


class SetReady(SupervisorRequest, frozen=True):
    """This agent is Ready, as if he had said so."""

    agent: AgentId


class SetOnBreak(SupervisorRequest, frozen=True):
    """This agent takes a break, as if he had said so."""

    agent: AgentId
    reason: str


class SetLoggedOut(SupervisorRequest, frozen=True):
    """This agent ends his work, as if he had said so."""

    agent: AgentId


class SetInQueue(SupervisorRequest, frozen=True):
    """This agent is asked for this queue, or not any more."""

    agent: AgentId
    queue: QueueName
    inside: bool


AnyRequest = (
    LogIn
    | LogOut
    | BecomeReady
    | TakeBreak
    | AnswerCall
    | DeclineCall
    | HangUpCall
    | ChooseWrapUp
    | ExtendWrapUp
    | FinishWrapUp
    | PullCall
    | LeaveQueue
    | JoinQueue
    | ReturnTask
)
AnySupervisorRequest = Prioritise | Assign | MoveCall | SetReady | SetOnBreak | SetLoggedOut | SetInQueue


class Refusal(msgspec.Struct, frozen=True):
    """Why not. `code` is stable and translated by the page; `text` is English for logs."""

    code: str
    text: str
