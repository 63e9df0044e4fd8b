"""One agent: what he is doing, and what may happen to him next.

    LoggedOut --SignIn--> NotReady --GoReady--> Ready --Reserve--> Reserved --Accept--> Busy --EndTalk--> AfterCallWork
                             ^                    ^                   |                  |                     |
                             |                    +---- Withdraw -----+---- Withdraw ----+                     |
                             |                    +------------------------------------------- EndWork, GoReady+
                             +------ Miss, GoOnBreak, LoseDesktop (not everywhere) ----------------------------+

Withdraw and EndWork lead to what he wishes to be afterwards (`resume`): Ready, or the break that he has asked for
during the call. An agent whose browser is lost never becomes Ready behind his back, but his talk and his after-call
work go on: their time is his, and his browser may be back within it. Each state has a function below; what is not in
it is refused. acd/README.md has the whole machine as a table, which a test compares with this module.

Why a call that rings has no LoseDesktop and no SignOut: both would leave a reservation that nobody holds. Whoever
wants one ends the reservation first (Miss).
"""

import msgspec

from acd.model import InteractionId, ReservationId


class BackToReady(msgspec.Struct, frozen=True, tag="ready"):
    """After this work: Ready."""


class BackToBreak(msgspec.Struct, frozen=True, tag="break"):
    """After this work: NotReady for that reason."""

    reason: str


Resume = BackToReady | BackToBreak


class LoggedOut(msgspec.Struct, frozen=True, tag="logged_out"):
    """Not at work."""

    since: float
    reason: str = ""
    """Why the centre has logged him out; empty if he has done so himself."""


class NotReady(msgspec.Struct, frozen=True, tag="not_ready"):
    """At work, not available."""

    since: float
    reason: str


class Ready(msgspec.Struct, frozen=True, tag="ready"):
    """Waits for a call."""

    since: float


class Reserved(msgspec.Struct, frozen=True, tag="reserved"):
    """Held for one interaction; his phone rings or is about to."""

    since: float
    reservation: ReservationId
    interaction: InteractionId
    until: float
    resume: Resume = BackToReady()


class Busy(msgspec.Struct, frozen=True, tag="busy"):
    """Talks, or is being connected."""

    since: float
    interaction: InteractionId
    resume: Resume = BackToReady()


class AfterCallWork(msgspec.Struct, frozen=True, tag="after_call_work"):
    """Writes up what was said."""

    since: float
    interaction: InteractionId
    until: float
    resume: Resume = BackToReady()


AgentState = LoggedOut | NotReady | Ready | Reserved | Busy | AfterCallWork


def tag(state: type[AgentState]) -> str:
    """The name under which a kind of state is stored and sent."""
    return str(state.__struct_config__.tag)


# -- what may happen to an agent -----------------------------------------------------------------------------------


class SignIn(msgspec.Struct, frozen=True):
    """He begins to work."""


class SignOut(msgspec.Struct, frozen=True):
    """He ends his work; with a reason, the centre does it for him."""

    reason: str = ""


class GoReady(msgspec.Struct, frozen=True):
    """He wants calls."""


class GoOnBreak(msgspec.Struct, frozen=True):
    """He wants no calls now, or after this one."""

    reason: str


class Reserve(msgspec.Struct, frozen=True):
    """The centre holds him for a call."""

    reservation: ReservationId
    interaction: InteractionId
    until: float


class Accept(msgspec.Struct, frozen=True):
    """His phone was answered."""


class Miss(msgspec.Struct, frozen=True):
    """He did not take the call: no answer, declined, phone busy or unreachable."""

    reason: str


class Withdraw(msgspec.Struct, frozen=True):
    """The call is not his any more, and it is not his doing."""


class EndTalk(msgspec.Struct, frozen=True):
    """The call is over; wrap-up may last until then."""

    until: float


class EndWork(msgspec.Struct, frozen=True):
    """The time for wrap-up is over."""


class LoseDesktop(msgspec.Struct, frozen=True):
    """His browser is gone."""


AgentInput = (
    SignIn | SignOut | GoReady | GoOnBreak | Reserve | Accept | Miss | Withdraw | EndTalk | EndWork | LoseDesktop
)

SIGNED_IN = "signed in"
DESKTOP_LOST = "desktop lost"
"""Reasons of NotReady (the last one also of LoggedOut) that the centre gives by itself, beside the company's own break
reasons and the ways to miss."""


class NotPossible(Exception):
    """This cannot happen to an agent in this state."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.text = text


def next_state(state: AgentState, happened: AgentInput, now: float) -> AgentState:
    """The machine. Raises `NotPossible`, with a code that the desktop translates, for what is not in the table."""
    match state:
        case LoggedOut():
            return _from_logged_out(happened, now)
        case NotReady() | Ready():
            return _from_free(state, happened, now)
        case Reserved():
            return _from_reserved(state, happened, now)
        case Busy():
            return _from_busy(state, happened, now)
        case AfterCallWork():
            return _from_after_call_work(state, happened, now)


def _from_logged_out(happened: AgentInput, now: float) -> AgentState:
    match happened:
        case SignIn():
            return NotReady(now, SIGNED_IN)
        case _:
            raise NotPossible("logged_out", "You are logged out.")


def _from_free(state: NotReady | Ready, happened: AgentInput, now: float) -> AgentState:
    match happened:
        case SignIn():
            return state
        case SignOut(reason):
            return LoggedOut(now, reason)
        case GoReady():
            return state if isinstance(state, Ready) else Ready(now)
        case GoOnBreak(reason):
            return NotReady(now, reason)
        case LoseDesktop():
            return NotReady(now, DESKTOP_LOST)
        case Reserve(reservation, interaction, until) if isinstance(state, Ready):
            return Reserved(now, reservation, interaction, until)
        case _:
            raise NotPossible("no_call", "There is no call.")


def _from_reserved(state: Reserved, happened: AgentInput, now: float) -> AgentState:
    match happened:
        case Accept():
            return Busy(now, state.interaction, state.resume)
        case Miss(reason):
            return NotReady(now, reason)
        case Withdraw():
            return _resumed(state.resume, now)
        case GoReady():
            return msgspec.structs.replace(state, resume=BackToReady())
        case GoOnBreak(reason):
            return msgspec.structs.replace(state, resume=BackToBreak(reason))
        case _:
            raise NotPossible("phone_rings", "Your phone rings: answer or decline first.")


def _from_busy(state: Busy, happened: AgentInput, now: float) -> AgentState:
    match happened:
        case EndTalk(until):
            return AfterCallWork(now, state.interaction, until, state.resume)
        case Miss(reason):
            return NotReady(now, reason)
        case Withdraw():
            return _resumed(state.resume, now)
        case GoReady():
            return msgspec.structs.replace(state, resume=BackToReady())
        case GoOnBreak(reason):
            return msgspec.structs.replace(state, resume=BackToBreak(reason))
        case LoseDesktop():
            return msgspec.structs.replace(state, resume=BackToBreak(DESKTOP_LOST))
        case _:
            raise NotPossible("on_a_call", "You are on a call.")


def _from_after_call_work(state: AfterCallWork, happened: AgentInput, now: float) -> AgentState:
    match happened:
        case SignIn():
            return state
        case SignOut(reason):
            return LoggedOut(now, reason)
        case GoReady():
            return Ready(now)
        case GoOnBreak(reason):
            return NotReady(now, reason)
        case EndWork():
            return _resumed(state.resume, now)
        case LoseDesktop():
            return msgspec.structs.replace(state, resume=BackToBreak(DESKTOP_LOST))
        case _:
            raise NotPossible("no_call", "There is no call.")


def _resumed(resume: Resume, now: float) -> AgentState:
    match resume:
        case BackToReady():
            return Ready(now)
        case BackToBreak(reason):
            return NotReady(now, reason)


def unavailable_because(state: AgentState) -> str:
    """Why somebody in this state is not asked at all; empty if he is Ready."""
    match state:
        case Ready():
            return ""
        case NotReady(_, reason):
            return f"not ready: {reason}"
        case LoggedOut():
            return "logged out"
        case Reserved():
            return "reserved for another call"
        case Busy():
            return "busy"
        case AfterCallWork():
            return "after-call work"
