"""One socket's conversation, driven by hand: every verb by every role in every state, and the way back after a cut."""

import json
from collections.abc import Iterable, Sequence
from typing import Any, get_args

import msgspec
import pytest

from acd import requests
from acd.model import AgentId, InteractionId, PhoneKind, QueueName, RequestId, UserId, WrapUpCode
from acd.requests import Refusal
from agent_desktop import protocol
from agent_desktop.feed import Feed
from agent_desktop.people import Role, User
from agent_desktop.session import (
    MAY,
    Admitting,
    Ask,
    Authenticating,
    Closed,
    End,
    Open,
    Output,
    PopSeen,
    Rejected,
    Send,
    Session,
    SocketId,
    TicketShown,
)
from agent_desktop.wishes import wish

ANNA = User(UserId("anna"), "Anna", Role.AGENT)
SAM = User(UserId("sam"), "Sam", Role.SUPERVISOR)
AUTHENTICATE = b'{"type":"authenticate","version":1,"ticket":"t1"}'


def _frame(**fields: object) -> bytes:
    return json.dumps(fields).encode()


def _sent(outputs: Iterable[Output]) -> list[dict[str, Any]]:
    return [json.loads(output.frame) for output in outputs if isinstance(output, Send)]


def _feed(**values: object) -> Feed:
    feed = Feed("f")
    feed.publish({key: msgspec.Raw(msgspec.json.encode(value)) for key, value in values.items()})
    return feed


def _change(feed: Feed, session: Session, **values: object) -> Sequence[Output]:
    return session.tell(feed.update({key: msgspec.Raw(msgspec.json.encode(value)) for key, value in values.items()}))


def _admitted(user: User, feed: Feed, resume: dict[str, object] | None = None) -> tuple[Session, Sequence[Output]]:
    session = Session(SocketId("s1"), 0.0)
    extra = {"resume": resume} if resume else {}
    (shown,) = session.receive(_frame(type="authenticate", version=1, ticket="t1", **extra), 0.0)
    assert shown == TicketShown("t1")
    return session, session.admit(user, feed)


# -- who may do what ---------------------------------------------------------------------------------------------------

FRAMES: dict[type[protocol.Seen | protocol.AnyVerb], bytes] = {
    protocol.Seen: _frame(type="seen", pop="i1"),
    protocol.LogIn: _frame(type="request", id="r1", verb="log_in", phone="browser"),
    protocol.LogOut: _frame(type="request", id="r1", verb="log_out"),
    protocol.BecomeReady: _frame(type="request", id="r1", verb="become_ready"),
    protocol.TakeBreak: _frame(type="request", id="r1", verb="take_break", reason="lunch"),
    protocol.AnswerCall: _frame(type="request", id="r1", verb="answer_call"),
    protocol.DeclineCall: _frame(type="request", id="r1", verb="decline_call"),
    protocol.HangUpCall: _frame(type="request", id="r1", verb="hang_up_call"),
    protocol.ChooseWrapUp: _frame(type="request", id="r1", verb="choose_wrap_up", code="ok", note="n", agent="anna"),
    protocol.ExtendWrapUp: _frame(type="request", id="r1", verb="extend_wrap_up", interaction="i1", agent="anna"),
    protocol.FinishWrapUp: _frame(type="request", id="r1", verb="finish_wrap_up", interaction="i1"),
    protocol.PullCall: _frame(type="request", id="r1", verb="pull_call", interaction="i1"),
    protocol.LeaveQueue: _frame(type="request", id="r1", verb="leave_queue", queue="q"),
    protocol.JoinQueue: _frame(type="request", id="r1", verb="join_queue", queue="q"),
    protocol.Prioritise: _frame(type="request", id="r1", verb="prioritise", interaction="i1", head_start=60),
    protocol.Assign: _frame(type="request", id="r1", verb="assign", interaction="i1", agent="ben"),
    protocol.MoveCall: _frame(type="request", id="r1", verb="move_call", interaction="i1", queue="q"),
    protocol.SetReady: _frame(type="request", id="r1", verb="set_ready", agent="ben"),
    protocol.SetOnBreak: _frame(type="request", id="r1", verb="set_on_break", agent="ben", reason="lunch"),
    protocol.SetLoggedOut: _frame(type="request", id="r1", verb="set_logged_out", agent="ben"),
    protocol.SetInQueue: _frame(type="request", id="r1", verb="set_in_queue", agent="ben", queue="q", inside=False),
    protocol.ReturnTask: _frame(type="request", id="r1", verb="return_task", interaction="i1"),
}
_ID, _ANNA, _BEN, _CALL = RequestId("s1:r1"), AgentId("anna"), AgentId("ben"), InteractionId("i1")
GIVES: dict[type[protocol.Seen | protocol.AnyVerb], Output] = {
    protocol.Seen: PopSeen(_ANNA, InteractionId("i1")),
    protocol.LogIn: Ask(requests.LogIn(_ID, _ANNA, PhoneKind.BROWSER)),
    protocol.LogOut: Ask(requests.LogOut(_ID, _ANNA)),
    protocol.BecomeReady: Ask(requests.BecomeReady(_ID, _ANNA)),
    protocol.TakeBreak: Ask(requests.TakeBreak(_ID, _ANNA, "lunch")),
    protocol.AnswerCall: Ask(requests.AnswerCall(_ID, _ANNA)),
    protocol.DeclineCall: Ask(requests.DeclineCall(_ID, _ANNA)),
    protocol.HangUpCall: Ask(requests.HangUpCall(_ID, _ANNA)),
    protocol.ChooseWrapUp: Ask(requests.ChooseWrapUp(_ID, _ANNA, WrapUpCode("ok"), "n")),
    protocol.ExtendWrapUp: Ask(requests.ExtendWrapUp(_ID, _ANNA, InteractionId("i1"))),
    protocol.FinishWrapUp: Ask(requests.FinishWrapUp(_ID, _ANNA, _CALL)),
    protocol.PullCall: Ask(requests.PullCall(_ID, _ANNA, _CALL)),
    protocol.LeaveQueue: Ask(requests.LeaveQueue(_ID, _ANNA, QueueName("q"))),
    protocol.JoinQueue: Ask(requests.JoinQueue(_ID, _ANNA, QueueName("q"))),
    protocol.Prioritise: Ask(requests.Prioritise(_ID, SAM.id, _CALL, 60.0)),
    protocol.Assign: Ask(requests.Assign(_ID, SAM.id, _CALL, _BEN)),
    protocol.MoveCall: Ask(requests.MoveCall(_ID, SAM.id, _CALL, QueueName("q"))),
    protocol.SetReady: Ask(requests.SetReady(_ID, SAM.id, _BEN)),
    protocol.SetOnBreak: Ask(requests.SetOnBreak(_ID, SAM.id, _BEN, "lunch")),
    protocol.SetLoggedOut: Ask(requests.SetLoggedOut(_ID, SAM.id, _BEN)),
    protocol.SetInQueue: Ask(requests.SetInQueue(_ID, SAM.id, _BEN, QueueName("q"), inside=False)),
    protocol.ReturnTask: Ask(requests.ReturnTask(_ID, _ANNA, _CALL)),
}


def test_no_frame_is_forgotten_in_the_tables() -> None:
    """A new verb needs a line in each."""
    all_frames = {protocol.Seen, *get_args(protocol.AnyVerb)}
    assert set(MAY) == set(FRAMES) == set(GIVES) == all_frames
    assert set(protocol.VERBS.values()) == set(get_args(protocol.AnyVerb))
    asked = {type(wanted.request) for wanted in GIVES.values() if isinstance(wanted, Ask)}
    assert asked == {*get_args(requests.AnyRequest), *get_args(requests.AnySupervisorRequest)}


@pytest.mark.parametrize("verb", FRAMES)
@pytest.mark.parametrize("user", [ANNA, SAM], ids=["agent", "supervisor"])
@pytest.mark.parametrize("state", ["authenticating", "admitting", "open", "closed"])
def test_each_verb_by_each_role_in_each_state(
    verb: type[protocol.Seen | protocol.AnyVerb], user: User, state: str
) -> None:
    """Only an open socket may ask, only what its role may, and only for its own user."""
    session = Session(SocketId("s1"), 0.0)
    if state != "authenticating":
        session.receive(AUTHENTICATE, 0.0)
    if state in {"open", "closed"}:
        session.admit(user, _feed(a=1))
    if state == "closed":
        session.end("logged_out", "bye")
    outputs = session.receive(FRAMES[verb], 0.0)
    if state == "closed":
        assert outputs == ()
    elif state != "open":
        assert outputs[0] == Rejected("not_allowed")
        assert isinstance(outputs[-1], End)
    elif user is (SAM if issubclass(verb, get_args(protocol.AnySupervisorVerb)) else ANNA):
        assert list(outputs) == [GIVES[verb]]
    else:
        assert outputs[0] == Rejected("not_allowed")
        assert not any(isinstance(output, Ask | PopSeen) for output in outputs)
        assert isinstance(session.state, Open)


@pytest.mark.parametrize("verb", [verb for verb in FRAMES if issubclass(verb, protocol.AgentVerb)])
def test_an_agent_who_names_somebody_else_is_refused(verb: type[protocol.AnyAgentVerb]) -> None:
    """Whatever he asks for, and it is not done for himself instead."""
    session, _ = _admitted(ANNA, _feed(a=1))
    frame = {**json.loads(FRAMES[verb]), "agent": "ben"}
    outputs = session.receive(json.dumps(frame).encode(), 0.0)
    assert outputs[0] == Rejected("not_allowed")
    assert [one["code"] for one in _sent(outputs[1:])] == ["not_allowed"]
    assert not any(isinstance(output, Ask) for output in outputs)


def test_the_answer_goes_back_under_the_clients_own_id() -> None:
    """Ids of two sockets never meet."""
    session, _ = _admitted(ANNA, _feed(a=1))
    assert _sent(session.answer(RequestId("s1:r:1"), None)) == [{"type": "granted", "id": "r:1"}]
    refusal = Refusal("on_a_call", "You talk.")
    (refused,) = _sent(session.answer(RequestId("s1:r2"), refusal))
    assert refused == {"type": "refused", "id": "r2", "code": "on_a_call", "text": "You talk."}


def test_wish_knows_every_verb() -> None:
    """No KeyError hides in the table of plain verbs."""
    for verb in (protocol.LogOut, protocol.BecomeReady, protocol.AnswerCall, protocol.DeclineCall, protocol.HangUpCall):
        wanted = wish(verb("r1"), _ID, ANNA.id)
        assert isinstance(wanted, requests.AgentRequest)
        assert wanted.agent == _ANNA


# -- getting in --------------------------------------------------------------------------------------------------------


def test_a_good_ticket_is_welcomed_with_the_document() -> None:
    """And changes follow without a gap."""
    feed = _feed(a=1, b=2)
    session, outputs = _admitted(ANNA, feed)
    (welcome,) = _sent(outputs)
    assert welcome == {
        "type": "welcome",
        "version": 1,
        "user": {"id": "anna", "name": "Anna", "role": "agent"},
        "stream": "f.1.0",
        "seq": 1,
        "view": {"a": 1, "b": 2},
    }
    assert _sent(_change(feed, session, a=7)) == [{"type": "change", "seq": 2, "set": {"a": 7}, "unset": []}]
    assert session.user == ANNA


def test_a_bad_ticket_is_told_and_put_out() -> None:
    """The client has to log in again, or ask for a new ticket."""
    session = Session(SocketId("s1"), 0.0)
    session.receive(AUTHENTICATE, 0.0)
    rejected, error, end = session.refuse("ticket", "too old")
    assert (rejected, end) == (Rejected("ticket"), End(4003, "ticket"))
    assert _sent([error]) == [{"type": "error", "code": "ticket", "text": "too old"}]
    assert session.admit(ANNA, _feed(a=1)) == ()
    assert session.user is None


def test_who_says_nothing_is_put_out_after_five_seconds() -> None:
    """Half-open sockets cost memory."""
    session = Session(SocketId("s1"), 100.0)
    assert session.tick(104.9) == ()
    assert isinstance(session.state, Authenticating)
    assert session.tick(105.0)[-1] == End(4003, "ticket")
    assert session.tick(106.0) == ()


@pytest.mark.parametrize(
    ("frame", "code", "close_code"),
    [
        (b"{", "not_json", 1007),
        (b'{"type":"nothing"}', "unknown_type", 1008),
        (b'{"type":"authenticate","version":2,"ticket":"t"}', "version", 4004),
        (b'{"type":"authenticate"}', "wrong_field", 1008),
        (b'{"type":"request","id":"r1","verb":"nothing"}', "not_allowed", 1008),
        (b" " * 70_000, "too_large", 1009),
    ],
)
def test_a_wrong_first_frame_ends_the_socket(frame: bytes, code: str, close_code: int) -> None:
    """With the reason, and a close code that fits."""
    session = Session(SocketId("s1"), 0.0)
    outputs = session.receive(frame, 0.0)
    assert (outputs[0], outputs[-1]) == (Rejected(code), End(close_code, code))
    assert session.state == Closed(code)


def test_wrong_frames_of_an_open_socket() -> None:
    """A request is refused; what is no request at all ends the socket."""
    session, _ = _admitted(ANNA, _feed(a=1))
    outputs = session.receive(_frame(type="request", id="r1", verb="log_in", phone="mobile"), 0.0)
    assert outputs[0] == Rejected("wrong_field")
    assert _sent(outputs)[0]["id"] == "r1"
    assert session.receive(AUTHENTICATE, 0.0)[-1] == End(1008, "not_allowed")
    session, _ = _admitted(ANNA, _feed(a=1))
    assert session.receive_binary()[-1] == End(1007, "not_json")


def test_while_the_ticket_is_looked_at_nothing_else_is_heard() -> None:
    """Not even a second ticket."""
    session = Session(SocketId("s1"), 0.0)
    session.receive(AUTHENTICATE, 0.0)
    assert isinstance(session.state, Admitting)
    assert session.tell(_feed(a=1).publish({})) == ()
    assert session.answer(RequestId("s1:r1"), None) == ()
    assert session.beat(1.0) == ()
    assert session.receive(AUTHENTICATE, 0.0)[-1] == End(1008, "not_allowed")


def test_a_flood_ends_the_socket() -> None:
    """A hundred frames at once are fine, and twenty a second for ever."""
    session, _ = _admitted(ANNA, _feed(a=1))
    seen = FRAMES[protocol.Seen]
    for frame in range(2000):
        assert session.receive(seen, frame / 20) == (PopSeen(_ANNA, InteractionId("i1")),)
    results = [session.receive(seen, 100.0) for _ in range(200)]
    assert results[50] == (PopSeen(_ANNA, InteractionId("i1")),)
    assert session.state == Closed("too_many")


# -- coming back -------------------------------------------------------------------------------------------------------


def test_who_comes_back_gets_what_he_missed() -> None:
    """No repaint for a second without Wi-Fi."""
    feed = _feed(a=1)
    session, _ = _admitted(ANNA, feed)
    _change(feed, session, a=2)
    _change(feed, session, a=3)
    session, outputs = _admitted(ANNA, feed, {"stream": "f.1.0", "seq": 2})
    resumed, change = _sent(outputs)
    assert (resumed["type"], resumed["stream"], resumed["seq"]) == ("resumed", "f.1.0", 2)
    assert change == {"type": "change", "seq": 3, "set": {"a": 3}, "unset": []}
    assert _sent(_change(feed, session, a=4))[0]["seq"] == 4


@pytest.mark.parametrize(
    ("stream", "seq"),
    [
        ("f.1.0", 9),
        ("g.1.0", 1),
        ("f.1.0", 0),
        ("f", 1),
        ("f.1", 1),
        ("f.x.0", 1),
        ("f.1.²", 1),
        ("f.9.0", 1),
        ("....", 1),
    ],
)
def test_who_cannot_be_resumed_gets_the_whole(stream: str, seq: int) -> None:
    """Unknown or made-up streams and numbers."""
    _, outputs = _admitted(ANNA, _feed(a=1), {"stream": stream, "seq": seq})
    assert _sent(outputs)[0]["type"] == "welcome"


def test_a_document_larger_than_a_frame_arrives_whole() -> None:
    """In frames of at most 64 KiB, numbered without a gap; the way back works for this client's own numbers."""
    feed = _feed(**{f"agent:{n}": "x" * 1000 for n in range(200)})
    session, outputs = _admitted(SAM, feed)
    assert all(len(output.frame) <= protocol.MAX_FRAME for output in outputs if isinstance(output, Send))
    welcome, *rest = _sent(outputs)
    view = dict(welcome["view"])
    for frame in rest:
        view.update(frame["set"])
    assert len(view) == 200
    seqs = [frame["seq"] for frame in [welcome, *rest, *_sent(_change(feed, session, a=1))]]
    assert seqs == list(range(seqs[0], seqs[0] + len(seqs)))

    half_way = {"stream": welcome["stream"], "seq": rest[0]["seq"]}
    assert _sent(_admitted(SAM, feed, half_way)[1])[0]["type"] == "welcome"
    before_change = {"stream": welcome["stream"], "seq": rest[-1]["seq"]}
    session, outputs = _admitted(SAM, feed, before_change)
    resumed, missed = _sent(outputs)
    assert (resumed["type"], missed["seq"], missed["set"]) == ("resumed", seqs[-1], {"a": 1})
    assert _sent(_change(feed, session, a=2))[0]["seq"] == seqs[-1] + 1


def test_the_end_is_told_once() -> None:
    """Whoever ends it first gives the reason."""
    session, _ = _admitted(ANNA, _feed(a=1))
    assert session.end("logged_out", "bye")[-1] == End(4002, "logged_out")
    assert session.end("too_slow", "no") == ()
    assert session.receive(AUTHENTICATE, 0.0) == ()


def test_a_beat_carries_the_clock() -> None:
    """For timers on the page."""
    session, _ = _admitted(ANNA, _feed(a=1))
    assert _sent(session.beat(12.5)) == [{"type": "beat", "at": 12.5}]
