"""The words between a browser and the centre: protocol version 1, JSON text frames over one WebSocket.

A frame that is not understood raises a `FrameError` that says what was wrong; it harms nobody but its sender.
docs/protocol.md describes the protocol for people who write another client.
"""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

import msgspec

from acd.model import InteractionId
from acd.requests import ANY
from agent_desktop.people import User

VERSION = 1
MAX_FRAME = 65_536
"""Bytes, in both directions."""

WhichCall = Annotated[InteractionId, msgspec.Meta(max_length=100)]
"""One of the agent's calls; empty: the first for which it makes sense."""
CallId = Annotated[InteractionId, msgspec.Meta(min_length=1, max_length=100)]
ShortText = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
Count = Annotated[int, msgspec.Meta(ge=0, le=2**53)]


# -- client to server ----------------------------------------------------------------------------------------------


class Resume(msgspec.Struct, frozen=True):
    """The last change that the client has applied, and the stream it belongs to."""

    stream: ShortText
    seq: Count


class Authenticate(msgspec.Struct, frozen=True):
    """The first frame: a ticket from `POST /api/ticket`."""

    version: int
    ticket: ShortText
    resume: Resume | None = None


class Seen(msgspec.Struct, frozen=True):
    """The page has painted the screen pop."""

    pop: CallId


class Verb(msgspec.Struct, frozen=True):
    """Base of all requests. `id` is the client's own and comes back with the answer."""

    id: ShortText


class AgentVerb(Verb, frozen=True, kw_only=True):
    """Base of what agents ask for, for themselves. Who names somebody else is refused."""

    agent: str = ""


class LogIn(AgentVerb, frozen=True):
    """Begin to work, at this phone."""

    phone: Literal["desk", "browser"]


class LogOut(AgentVerb, frozen=True):
    """End of work."""


class BecomeReady(AgentVerb, frozen=True):
    """Give me calls."""


class TakeBreak(AgentVerb, frozen=True):
    """No calls for now; while on a call: as soon as it is over."""

    reason: ShortText


class AnswerCall(AgentVerb, frozen=True):
    """Let my ringing desk phone answer."""


class DeclineCall(AgentVerb, frozen=True):
    """I do not take the call that rings."""


class HangUpCall(AgentVerb, frozen=True):
    """End my call."""

    interaction: WhichCall = ANY


class ChooseWrapUp(AgentVerb, frozen=True):
    """Classify the interaction that I talk in or have just ended. An empty code: only the rest, not classified yet."""

    code: Annotated[str, msgspec.Meta(max_length=100)]
    note: Annotated[str, msgspec.Meta(max_length=4000)] = ""
    interaction: WhichCall = ANY
    solved: bool | None = None
    """Whether the matter is settled; null: not said."""


class ExtendWrapUp(AgentVerb, frozen=True):
    """Give me more time to write up this call."""

    interaction: WhichCall = ANY


class FinishWrapUp(AgentVerb, frozen=True):
    """I have written up this call."""

    interaction: WhichCall = ANY


class ReturnTask(AgentVerb, frozen=True):
    """I cannot see to this task after all."""

    interaction: WhichCall = ANY


class PullCall(AgentVerb, frozen=True):
    """Give me this caller who waits, out of turn."""

    interaction: CallId


class LeaveQueue(AgentVerb, frozen=True):
    """Ask me no more for this queue."""

    queue: ShortText


class JoinQueue(AgentVerb, frozen=True):
    """Ask me for this queue again."""

    queue: ShortText


class Prioritise(Verb, frozen=True):
    """This caller counts as having come so many seconds earlier than he has, all in all."""

    interaction: CallId
    head_start: Annotated[float, msgspec.Meta(ge=-86_400, le=86_400)]


class Assign(Verb, frozen=True):
    """This agent is asked for this caller, now."""

    interaction: CallId
    agent: ShortText


class MoveCall(Verb, frozen=True):
    """This caller waits in another queue from now on."""

    interaction: CallId
    queue: ShortText


class SetReady(Verb, frozen=True):
    """This agent is Ready."""

    agent: ShortText


class SetOnBreak(Verb, frozen=True):
    """This agent takes a break."""

    agent: ShortText
    reason: ShortText


class SetLoggedOut(Verb, frozen=True):
    """This agent ends his work."""

    agent: ShortText


class SetInQueue(Verb, frozen=True):
    """This agent is asked for this queue, or not any more."""

    agent: ShortText
    queue: ShortText
    inside: bool


AnyAgentVerb = (
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
AnySupervisorVerb = Prioritise | Assign | MoveCall | SetReady | SetOnBreak | SetLoggedOut | SetInQueue
AnyVerb = AnyAgentVerb | AnySupervisorVerb
ClientFrame = Authenticate | Seen | AnyVerb

VERBS: Mapping[str, type[AnyVerb]] = {
    "log_in": LogIn,
    "log_out": LogOut,
    "become_ready": BecomeReady,
    "take_break": TakeBreak,
    "answer_call": AnswerCall,
    "decline_call": DeclineCall,
    "hang_up_call": HangUpCall,
    "choose_wrap_up": ChooseWrapUp,
    "extend_wrap_up": ExtendWrapUp,
    "finish_wrap_up": FinishWrapUp,
    "pull_call": PullCall,
    "leave_queue": LeaveQueue,
    "join_queue": JoinQueue,
    "prioritise": Prioritise,
    "assign": Assign,
    "move_call": MoveCall,
    "set_ready": SetReady,
    "set_on_break": SetOnBreak,
    "set_logged_out": SetLoggedOut,
    "set_in_queue": SetInQueue,
    "return_task": ReturnTask,
}


class FrameError(Exception):
    """A frame that cannot be obeyed. `code` is stable; the text is English for logs and carries nothing personal."""

    code: ClassVar[str]


class TooLarge(FrameError):
    """More than 64 KiB."""

    code = "too_large"


class NotJson(FrameError):
    """Not UTF-8, not JSON, or JSON nested beyond reason."""

    code = "not_json"


class UnknownType(FrameError):
    """Not an object with a `type` that we know."""

    code = "unknown_type"


class WrongField(FrameError):
    """A field is missing or is not what it must be; the text says which."""

    code = "wrong_field"


class RequestNotUnderstood(FrameError):
    """A request with a readable id, but an unknown verb or a wrong field: it is refused, the socket stays open."""

    code = "wrong_field"

    def __init__(self, request: str, text: str) -> None:
        super().__init__(text)
        self.request = request


class _Head(msgspec.Struct):
    """What decides how the rest is read. Only a request has a verb and an id, and must have them right."""

    type: str
    verb: object = ""
    id: object = ""


_head = msgspec.json.Decoder(_Head)
_decoders: Mapping[str, msgspec.json.Decoder[Any]] = {
    name: msgspec.json.Decoder(of) for name, of in {"authenticate": Authenticate, "seen": Seen, **VERBS}.items()
}


def decode(frame: bytes) -> ClientFrame:
    """Understand a frame from a client. Raises a `FrameError`. Unknown fields are ignored."""
    if len(frame) > MAX_FRAME:
        raise TooLarge(f"a frame has at most {MAX_FRAME} bytes; this one has {len(frame)}")
    head = _read_head(frame)
    if head.type == "request":
        return _request(head, frame)
    if head.type not in {"authenticate", "seen"}:
        raise UnknownType("a frame is `authenticate`, `request` or `seen`")
    return _rest(head.type, frame)


def _read_head(frame: bytes) -> _Head:
    try:
        return _head.decode(frame)
    except msgspec.ValidationError as error:
        raise UnknownType(f"a frame is a JSON object with a text `type`: {error}") from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise NotJson("a frame is one JSON object in UTF-8") from None
    except RecursionError:
        raise NotJson("the frame is nested too deeply") from None


def _request(head: _Head, frame: bytes) -> ClientFrame:
    if not isinstance(head.id, str) or not 1 <= len(head.id) <= 100:
        raise WrongField("a request's `id` is a text of 1 to 100 characters")
    if not isinstance(head.verb, str) or head.verb not in VERBS:
        raise RequestNotUnderstood(head.id, f"a request's `verb` is one of {', '.join(VERBS)}")
    try:
        return _rest(head.verb, frame)
    except WrongField as error:
        raise RequestNotUnderstood(head.id, str(error)) from None


def _rest(name: str, frame: bytes) -> ClientFrame:
    try:
        understood: ClientFrame = _decoders[name].decode(frame)
    except msgspec.ValidationError as error:
        raise WrongField(str(error)) from None
    return understood


# -- server to client ----------------------------------------------------------------------------------------------


class ServerFrame(msgspec.Struct, frozen=True, tag_field="type"):
    """Base of all that the server says."""


class Welcome(ServerFrame, frozen=True, tag="welcome"):
    """The client is in; `view` is the whole document (or its first part, if it is larger than a frame)."""

    user: User
    stream: str
    seq: int
    view: Mapping[str, msgspec.Raw]
    version: int = VERSION


class Resumed(ServerFrame, frozen=True, tag="resumed"):
    """The client is in, and what it has missed since `seq` follows."""

    user: User
    stream: str
    seq: int
    version: int = VERSION


class Change(ServerFrame, frozen=True, tag="change"):
    """Keys of the document that have a new value, and keys that are gone."""

    seq: int
    set: Mapping[str, msgspec.Raw]
    unset: tuple[str, ...]


class Granted(ServerFrame, frozen=True, tag="granted"):
    """A request was carried out."""

    id: str


class Refused(ServerFrame, frozen=True, tag="refused"):
    """A request was not carried out. The page translates `code`; `text` is English."""

    id: str
    code: str
    text: str


class Error(ServerFrame, frozen=True, tag="error"):
    """The last frame before the server closes the socket."""

    code: str
    text: str


class Beat(ServerFrame, frozen=True, tag="beat"):
    """Every 5 seconds: the server lives, and this is its clock (seconds since the Unix epoch)."""

    at: float


AnyServerFrame = Welcome | Resumed | Change | Granted | Refused | Error | Beat

encode = msgspec.json.Encoder().encode
