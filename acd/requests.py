"""Wishes of people. A request may be refused, with a reason that can be shown to whoever asked."""

import msgspec

from acd.model import AgentId, InteractionId, PhoneKind, RequestId, WrapUpCode

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
    """Classify the interaction that I talk in, or have just ended. An empty code: only the note, so far."""

    code: WrapUpCode
    note: str = ""
    interaction: InteractionId = ANY


class ExtendWrapUp(AgentRequest, frozen=True):
    """Give me more time to write up this call."""

    interaction: InteractionId = ANY


class FinishWrapUp(AgentRequest, frozen=True):
    """I have written up this call; whatever else I do goes on, and so does a break that I have wished for."""

    interaction: InteractionId = ANY


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
)


class Refusal(msgspec.Struct, frozen=True):
    """Why not. `code` is stable and translated by the page; `text` is English for logs."""

    code: str
    text: str
