"""One agent: whether he wants calls (his presence), what he is doing for callers (his works), and what may happen next.

    presence:   LoggedOut --SignIn--> NotReady <--GoReady, GoOnBreak, Miss, LoseDesktop--> Ready      SignOut: LoggedOut

    each work:  (a place is free) --Reserve--> Reserved --Accept--> Busy --EndTalk--> AfterCallWork --EndWork--> over
                                                  |                   |
                                                  +-- Miss, Withdraw -+--> over

He has as many places for works as his capacity says, one for each interaction; one phone rings for one call at a time.
While he works, his presence is what he will be afterwards: Ready, or the break that he has wished for. What is shown of
him, and stored, is one state (`shown`): the work that matters most, else the presence.

An agent whose browser is lost never becomes Ready behind his back, but his talks and his after-call work go on: their
time is his, and his browser may be back within it. A call that rings has no LoseDesktop and no SignOut: both would
leave a reservation that nobody holds. Whoever wants one ends the reservation first (Miss). What is not possible is
refused. acd/README.md has the machine of an agent with one place as a table, which a test compares with this module.
"""

from collections.abc import Mapping
from typing import assert_never

import msgspec
from msgspec.structs import replace

from acd.model import InteractionId, ReservationId


class BackToReady(msgspec.Struct, frozen=True, tag="ready"):
    """After this work: Ready."""


class BackToBreak(msgspec.Struct, frozen=True, tag="break"):
    """After this work: NotReady for that reason."""

    reason: str


Resume = BackToReady | BackToBreak
_BACK_TO_READY = BackToReady()


class LoggedOut(msgspec.Struct, frozen=True, tag="logged_out"):
    """Not at work."""

    since: float
    reason: str = ""
    """Why the centre has logged him out; empty if he has done so himself."""
    by: str = ""
    """The name of the supervisor who has; empty if he has himself, or nobody."""


class NotReady(msgspec.Struct, frozen=True, tag="not_ready"):
    """At work, not available."""

    since: float
    reason: str
    limit: float | None = None
    """Seconds that this may last."""
    returns: bool = False
    """When they are over: he is Ready again by himself (True), or is reminded (False)."""
    by: str = ""
    """As in `LoggedOut`."""


class Ready(msgspec.Struct, frozen=True, tag="ready"):
    """Waits for a call."""

    since: float
    by: str = ""
    """As in `LoggedOut`."""


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
    until: float | None
    """When it ends by itself; None: when he says so."""
    resume: Resume = BackToReady()
    extended: int = 0
    """How often he has asked for more time."""


Presence = LoggedOut | NotReady | Ready
Work = Reserved | Busy | AfterCallWork
AgentState = Presence | Work


class Standing(msgspec.Struct, frozen=True):
    """All that an agent is at one moment. Each work's `resume` says what the presence says (see `standing`)."""

    presence: Presence
    works: tuple[Work, ...] = ()
    """One for each interaction, oldest first."""
    capacity: int = 1

    def on(self, interaction: InteractionId) -> Work | None:
        """What he does for that interaction."""
        return next((work for work in self.works if work.interaction == interaction), None)

    def ringing(self) -> Reserved | None:
        """The work that rings."""
        for work in self.works:
            if isinstance(work, Reserved):
                return work
        return None


DOWN = "down"
"""Stored beside the names of the states: the centre did not run, and he was at work when it ended."""


def tag(state: type[AgentState]) -> str:
    """The name under which a kind of state is stored and sent."""
    return str(state.__struct_config__.tag)


def standing(presence: Presence, works: tuple[Work, ...], capacity: int) -> Standing:
    """Presence and works, in agreement on what comes afterwards."""
    after = BackToBreak(presence.reason) if isinstance(presence, NotReady) else _BACK_TO_READY
    if works:
        works = tuple(work if work.resume == after else replace(work, resume=after) for work in works)
    return Standing(presence, works, capacity)


_SHOWN_BEFORE: Mapping[type[Work], int] = {Busy: 0, Reserved: 1, AfterCallWork: 2}


def shown(of: Standing) -> AgentState:
    """What counts of it for screens and books: he talks, else it rings, else he writes up, else his presence."""
    if len(of.works) <= 1:
        return of.works[0] if of.works else of.presence
    return min(of.works, key=lambda work: _SHOWN_BEFORE[type(work)])


# -- what may happen to an agent -----------------------------------------------------------------------------------


class SignIn(msgspec.Struct, frozen=True):
    """He begins to work."""


class SignOut(msgspec.Struct, frozen=True):
    """He ends his work; with a reason, somebody else does it for him."""

    reason: str = ""
    by: str = ""
    """The name of the supervisor who has said so for him."""


class GoReady(msgspec.Struct, frozen=True):
    """He wants calls. Ends after-call work."""

    by: str = ""


class GoOnBreak(msgspec.Struct, frozen=True):
    """He wants no calls now, or after this one. Ends after-call work."""

    reason: str
    limit: float | None = None
    """Seconds."""
    by: str = ""


class Reserve(msgspec.Struct, frozen=True):
    """The centre holds him for a call."""

    interaction: InteractionId
    reservation: ReservationId
    until: float


class Accept(msgspec.Struct, frozen=True):
    """His phone was answered."""

    interaction: InteractionId


class Miss(msgspec.Struct, frozen=True):
    """He did not take the call: no answer, declined, phone busy or unreachable."""

    interaction: InteractionId
    reason: str
    pause: float | None = None
    """Seconds in which he is NotReady for it, then Ready again; 0: he stays Ready; None: until he says so."""


class Withdraw(msgspec.Struct, frozen=True):
    """The call is not his any more, and it is not his doing."""

    interaction: InteractionId


class EndTalk(msgspec.Struct, frozen=True):
    """The call is over; wrap-up may last until then (None: until he says so)."""

    interaction: InteractionId
    until: float | None


class ExtendWork(msgspec.Struct, frozen=True):
    """He needs more time for wrap-up: until then."""

    interaction: InteractionId
    until: float


class EndWork(msgspec.Struct, frozen=True):
    """Wrap-up is over."""

    interaction: InteractionId


class LoseDesktop(msgspec.Struct, frozen=True):
    """His browser is gone."""


AgentInput = (
    SignIn
    | SignOut
    | GoReady
    | GoOnBreak
    | Reserve
    | Accept
    | Miss
    | Withdraw
    | EndTalk
    | ExtendWork
    | EndWork
    | LoseDesktop
)

SIGNED_IN = "signed in"
DESKTOP_LOST = "desktop lost"
"""Reasons of NotReady (the last one also of LoggedOut) that the centre gives by itself, beside the company's own break
reasons and the ways to miss."""


class NotPossible(Exception):
    """This cannot happen to an agent as he is now."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.text = text


def next_standing(of: Standing, happened: AgentInput, now: float) -> Standing:
    """The machine. Raises `NotPossible`, with a code that the desktop translates, for what cannot happen."""
    if isinstance(happened, SignIn):
        return Standing(NotReady(now, SIGNED_IN), (), of.capacity) if isinstance(of.presence, LoggedOut) else of
    if isinstance(of.presence, LoggedOut):
        raise NotPossible("logged_out", "You are logged out.")
    match happened:
        case SignOut(reason, by):
            if any(isinstance(work, Busy) for work in of.works):
                raise NotPossible("on_a_call", "You are on a call.")
            _nothing_rings(of)
            return Standing(LoggedOut(now, reason, by), (), of.capacity)
        case GoReady(by):
            return _wishes(of, of.presence if isinstance(of.presence, Ready) else Ready(now, by), now)
        case GoOnBreak(reason, limit, by):
            return _wishes(of, NotReady(now, reason, limit, by=by), now)
        case LoseDesktop():
            _nothing_rings(of)
            return standing(NotReady(now, DESKTOP_LOST), of.works, of.capacity)
        case Reserve(interaction, reservation, until):
            if unavailable_because(of):
                raise NotPossible("not_available", "You are not available for this call.")
            work = Reserved(now, reservation, interaction, until)
            return standing(of.presence, (*of.works, work), of.capacity)
        case _:
            return _work_changes(of, happened, now)


def _nothing_rings(of: Standing) -> None:
    if of.ringing() is not None:
        raise NotPossible("phone_rings", "Your phone rings: answer or decline first.")


def _wishes(of: Standing, presence: Presence, now: float) -> Standing:
    """From now on, or after the calls that he has. Whoever says so has written up what there was."""
    calls = tuple(work for work in of.works if not isinstance(work, AfterCallWork))
    if calls or not of.works:
        return standing(presence, calls, of.capacity)
    return standing(replace(presence, since=now), (), of.capacity)


def _work_changes(
    of: Standing, happened: Accept | Miss | Withdraw | EndTalk | ExtendWork | EndWork, now: float
) -> Standing:
    work = of.on(happened.interaction)
    match happened, work:
        case Accept(), Reserved():
            return _instead(of, work, Busy(now, work.interaction))
        case Miss(_, reason, pause), Reserved() | Busy():
            presence = of.presence if pause == 0 else NotReady(now, reason, pause, returns=pause is not None)
            return _without(of, work, presence, now)
        case Withdraw(), Reserved() | Busy():
            return _without(of, work, of.presence, now)
        case EndTalk(_, until), Busy():
            return _instead(of, work, AfterCallWork(now, work.interaction, until))
        case ExtendWork(_, until), AfterCallWork():
            return _instead(of, work, replace(work, until=until, extended=work.extended + 1))
        case EndWork(), AfterCallWork():
            return _without(of, work, of.presence, now)
        case _:
            raise NotPossible("no_call", "There is no call.")


def _instead(of: Standing, work: Work, other: Work) -> Standing:
    works = tuple(other if one is work else one for one in of.works)
    return standing(of.presence, works, of.capacity)


def _without(of: Standing, work: Work, presence: Presence, now: float) -> Standing:
    """One work less. With the last one, what he wishes to be begins now."""
    rest = tuple(one for one in of.works if one is not work)
    return standing(presence if rest else replace(presence, since=now), rest, of.capacity)


ON_BREAK = "not ready: "
"""How the reason begins of everybody who is NotReady."""


def lasts(state: AgentState) -> bool:
    """Whether he stays in it, off the phone, until he himself says otherwise, however long that is."""
    return isinstance(state, NotReady) or (isinstance(state, AfterCallWork) and state.until is None)


def unavailable_because(of: Standing) -> str:
    """Why he is not asked at all; empty if he is Ready, has a place free, and nothing rings."""
    if of.works:
        if of.ringing() is not None:
            return "reserved for another call"
        if len(of.works) >= of.capacity:
            return "busy" if isinstance(shown(of), Busy) else "after-call work"
    match of.presence:
        case Ready():
            return ""
        case NotReady(_, reason):
            return f"{ON_BREAK}{reason}"
        case LoggedOut():
            return "logged out"
        case _:
            assert_never(of.presence)
