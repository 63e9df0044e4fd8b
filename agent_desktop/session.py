"""One browser's conversation with the centre, from its ticket to the end of its socket.

        opened                 TicketShown               admit
    ------------> Authenticating ---------> Admitting ---------> Open
                        |                       |                  |
                        | 5 s, wrong frame      | refuse           | end (logged out, too slow...), wrong frame
                        +-----------------------+------------------+--> Closed

Frames and time go in; what comes out is to be done by whoever holds the socket, in that order. Each request is
authorised here, by the role of the user. An agent's is always for himself: who names somebody else is refused.
"""

from collections.abc import Mapping, Sequence
from typing import NewType, assert_never

import msgspec

from acd import requests
from acd.model import AgentId, InteractionId, RequestId
from agent_desktop import protocol
from agent_desktop.feed import Change, Feed, parts
from agent_desktop.people import Role, User
from agent_desktop.wishes import wish

SocketId = NewType("SocketId", str)
"""Names one socket among all that this process and its predecessors ever had."""

AUTHENTICATE_WITHIN = 5.0
FRAMES_PER_SECOND = 20.0
FRAMES_AT_ONCE = 100.0

CLOSE_CODES: Mapping[str, int] = {
    "too_large": 1009,
    "not_json": 1007,
    "going_away": 1001,
    "too_slow": 4001,
    "logged_out": 4002,
    "ticket": 4003,
    "version": 4004,
    "too_many": 4005,
    "replaced": 4006,
}
"""RFC 6455 codes where one fits, 4000 and up where none does; everything else is a policy violation, 1008."""


# -- states --------------------------------------------------------------------------------------------------------


class Authenticating(msgspec.Struct, frozen=True):
    """Connected, nobody yet."""

    until: float


class Admitting(msgspec.Struct, frozen=True):
    """Has shown a ticket; somebody is looking at it."""

    resume: protocol.Resume | None


class Numbering(msgspec.Struct, frozen=True):
    """How this client's change numbers follow from the feed's.

    A document that is larger than a frame is told as a welcome and `extra` changes that only this client gets, so its
    numbers run ahead of the feed's by as many. The stream's name carries that to the next connection.
    """

    stream: str
    base: int
    extra: int

    def name(self) -> str:
        """What the client knows the stream by."""
        return f"{self.stream}.{self.base}.{self.extra}"


class Open(msgspec.Struct, frozen=True):
    """Somebody is here and sees his document."""

    user: User
    numbering: Numbering


class Closed(msgspec.Struct, frozen=True):
    """Over."""

    code: str


State = Authenticating | Admitting | Open | Closed


# -- what comes out ------------------------------------------------------------------------------------------------


class Send(msgspec.Struct, frozen=True):
    """Write this text frame."""

    frame: bytes


class TicketShown(msgspec.Struct, frozen=True):
    """Is the ticket good? Answer with `admit` or `refuse`."""

    ticket: str


class Ask(msgspec.Struct, frozen=True):
    """Put the request to the centre; its answer comes back through `answer`."""

    request: requests.AnyRequest | requests.AnySupervisorRequest


class PopSeen(msgspec.Struct, frozen=True):
    """The agent's page has painted the pop of this interaction."""

    agent: AgentId
    interaction: InteractionId


class Rejected(msgspec.Struct, frozen=True):
    """A frame was not obeyed; to be counted."""

    code: str


class End(msgspec.Struct, frozen=True):
    """Close the socket with this WebSocket close code."""

    close_code: int
    code: str


Output = Send | TicketShown | Ask | PopSeen | Rejected | End


# -- who may do what -----------------------------------------------------------------------------------------------

_AGENTS = frozenset({Role.AGENT})
_SUPERVISORS = frozenset({Role.SUPERVISOR})
MAY: Mapping[type[protocol.Seen | protocol.AnyVerb], frozenset[Role]] = {
    protocol.Seen: _AGENTS,
    protocol.LogIn: _AGENTS,
    protocol.LogOut: _AGENTS,
    protocol.BecomeReady: _AGENTS,
    protocol.TakeBreak: _AGENTS,
    protocol.AnswerCall: _AGENTS,
    protocol.DeclineCall: _AGENTS,
    protocol.HangUpCall: _AGENTS,
    protocol.ChooseWrapUp: _AGENTS,
    protocol.ExtendWrapUp: _AGENTS,
    protocol.FinishWrapUp: _AGENTS,
    protocol.PullCall: _AGENTS,
    protocol.LeaveQueue: _AGENTS,
    protocol.JoinQueue: _AGENTS,
    protocol.Prioritise: _SUPERVISORS,
    protocol.Assign: _SUPERVISORS,
    protocol.MoveCall: _SUPERVISORS,
    protocol.SetReady: _SUPERVISORS,
    protocol.SetOnBreak: _SUPERVISORS,
    protocol.SetLoggedOut: _SUPERVISORS,
    protocol.SetInQueue: _SUPERVISORS,
    protocol.ReturnTask: _AGENTS,
}
"""Roles that may send a frame, once they are in. What is not here, nobody may."""


class Session:
    """The machine of one socket. `now` is seconds on a clock that only moves forward."""

    def __init__(self, socket: SocketId, now: float) -> None:
        self.socket = socket
        self.state: State = Authenticating(now + AUTHENTICATE_WITHIN)
        self._tokens = FRAMES_AT_ONCE
        self._counted = now

    @property
    def user(self) -> User | None:
        """Who is here."""
        return self.state.user if isinstance(self.state, Open) else None

    # -- from the client -------------------------------------------------------------------------------------------

    def receive(self, frame: bytes, now: float) -> Sequence[Output]:
        """A text frame came."""
        if isinstance(self.state, Closed):
            return ()
        if not self._in_pace(now):
            return self._reject("too_many", f"more than {FRAMES_PER_SECOND:.0f} frames a second")
        try:
            understood = protocol.decode(frame)
        except protocol.RequestNotUnderstood as error:
            if isinstance(self.state, Open):
                return Rejected(error.code), _refused(error.request, error.code, str(error))
            return self._reject("not_allowed", "the first frame is `authenticate`")
        except protocol.FrameError as error:
            return self._reject(error.code, str(error))
        return self._understood(understood)

    def receive_binary(self) -> Sequence[Output]:
        """A binary frame came: the protocol has none."""
        return self._reject("not_json", "frames are text")

    def tick(self, now: float) -> Sequence[Output]:
        """Time has passed."""
        if isinstance(self.state, Authenticating) and now >= self.state.until:
            return self._reject("ticket", f"no `authenticate` within {AUTHENTICATE_WITHIN:.0f} seconds")
        return ()

    def _understood(self, frame: protocol.ClientFrame) -> Sequence[Output]:
        match self.state:
            case Authenticating():
                if not isinstance(frame, protocol.Authenticate):
                    return self._reject("not_allowed", "the first frame is `authenticate`")
                return self._authenticate(frame)
            case Admitting():
                return self._reject("not_allowed", "wait for `welcome`")
            case Open(user):
                if isinstance(frame, protocol.Authenticate):
                    return self._reject("not_allowed", "this socket is authenticated already")
                return self._obey(user, frame)
            case Closed():
                return ()
            case _:
                assert_never(self.state)

    def _authenticate(self, frame: protocol.Authenticate) -> Sequence[Output]:
        if frame.version != protocol.VERSION:
            return self._reject("version", f"this server speaks version {protocol.VERSION}")
        self.state = Admitting(frame.resume)
        return (TicketShown(frame.ticket),)

    def _obey(self, user: User, frame: protocol.Seen | protocol.AnyVerb) -> Sequence[Output]:
        if user.role not in MAY.get(type(frame), frozenset()):
            if isinstance(frame, protocol.Seen):
                return (Rejected("not_allowed"),)
            text = f"this is not for {user.role.value}s"
            return Rejected("not_allowed"), _refused(frame.id, "not_allowed", text)
        if isinstance(frame, protocol.Seen):
            return (PopSeen(AgentId(user.id), frame.pop),)
        if isinstance(frame, protocol.AgentVerb) and frame.agent not in {"", user.id}:
            return Rejected("not_allowed"), _refused(frame.id, "not_allowed", "an agent may do this for himself only")
        return (Ask(wish(frame, RequestId(f"{self.socket}:{frame.id}"), user.id)),)

    # -- from the centre -------------------------------------------------------------------------------------------

    def admit(self, user: User, feed: Feed) -> Sequence[Output]:
        """The ticket is good: show him the feed's document, or what he has missed of it."""
        if not isinstance(self.state, Admitting):
            return ()
        resumed = self._resume(user, feed, self.state.resume) if self.state.resume else None
        return resumed or self._welcome(user, feed)

    def refuse(self, code: str, text: str) -> Sequence[Output]:
        """The ticket is not good."""
        return self._reject(code, text)

    def tell(self, changes: Sequence[Change]) -> Sequence[Output]:
        """The feed has moved on."""
        if not isinstance(self.state, Open):
            return ()
        extra = self.state.numbering.extra
        return [_change(change, extra) for change in changes]

    def answer(self, request: RequestId, refusal: requests.Refusal | None) -> Sequence[Output]:
        """The centre has decided about a request of this socket."""
        if not isinstance(self.state, Open):
            return ()
        own = request.removeprefix(f"{self.socket}:")
        if refusal:
            return (_refused(own, refusal.code, refusal.text),)
        return (Send(protocol.encode(protocol.Granted(own))),)

    def beat(self, at: float) -> Sequence[Output]:
        """Show that the server lives; `at` is its wall clock."""
        return (Send(protocol.encode(protocol.Beat(at))),) if isinstance(self.state, Open) else ()

    def end(self, code: str, text: str) -> Sequence[Output]:
        """The centre's side wants the socket closed."""
        if isinstance(self.state, Closed):
            return ()
        self.state = Closed(code)
        frame = protocol.encode(protocol.Error(code, text))
        return Send(frame), End(CLOSE_CODES.get(code, 1008), code)

    # -- inside ----------------------------------------------------------------------------------------------------

    def _welcome(self, user: User, feed: Feed) -> Sequence[Output]:
        first, *rest = parts(feed.document)
        numbering = Numbering(feed.stream, feed.seq, len(rest))
        self.state = Open(user, numbering)
        welcome = protocol.Welcome(user, numbering.name(), feed.seq, first)
        more = [_change(Change(feed.seq, part, ()), n) for n, part in enumerate(rest, start=1)]
        return [Send(protocol.encode(welcome)), *more]

    def _resume(self, user: User, feed: Feed, resume: protocol.Resume) -> Sequence[Output] | None:
        numbering = _numbering(resume.stream)
        if numbering is None or resume.seq < numbering.base + numbering.extra:
            return None
        missed = feed.since(numbering.stream, resume.seq - numbering.extra)
        if missed is None:
            return None
        self.state = Open(user, numbering)
        resumed = protocol.Resumed(user, resume.stream, resume.seq)
        return [Send(protocol.encode(resumed)), *self.tell(missed)]

    def _reject(self, code: str, text: str) -> Sequence[Output]:
        return (Rejected(code), *self.end(code, text))

    def _in_pace(self, now: float) -> bool:
        earned = (now - self._counted) * FRAMES_PER_SECOND
        self._tokens = min(FRAMES_AT_ONCE, self._tokens + earned) - 1
        self._counted = now
        return self._tokens >= 0


def _numbering(stream: str) -> Numbering | None:
    """Read a stream's name as the client gives it back. He may have made it up; then it fits no feed."""
    match stream.split("."):
        case [name, base, extra] if base.isdecimal() and extra.isdecimal() and len(base + extra) < 20:
            return Numbering(name, int(base), int(extra))
        case _:
            return None


def _change(change: Change, extra: int) -> Send:
    return Send(protocol.encode(protocol.Change(change.seq + extra, change.set, change.unset)))


def _refused(request: str, code: str, text: str) -> Send:
    return Send(protocol.encode(protocol.Refused(request, code, text)))
