"""The frames, and what happens to those that are none."""

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from acd.model import InteractionId
from agent_desktop import protocol
from agent_desktop.protocol import FrameError, decode


def test_a_ticket_is_read_with_what_is_to_be_resumed() -> None:
    """The first frame."""
    frame = b'{"type":"authenticate","version":1,"ticket":"t","resume":{"stream":"s.0.0","seq":7}}'
    assert decode(frame) == protocol.Authenticate(1, "t", protocol.Resume("s.0.0", 7))


@pytest.mark.parametrize(
    ("fields", "understood"),
    [
        ({"verb": "log_in", "phone": "desk"}, protocol.LogIn("r", "desk")),
        ({"verb": "log_out"}, protocol.LogOut("r")),
        ({"verb": "become_ready"}, protocol.BecomeReady("r")),
        ({"verb": "take_break", "reason": "lunch"}, protocol.TakeBreak("r", "lunch")),
        ({"verb": "answer_call"}, protocol.AnswerCall("r")),
        ({"verb": "decline_call"}, protocol.DeclineCall("r")),
        ({"verb": "hang_up_call"}, protocol.HangUpCall("r")),
        ({"verb": "choose_wrap_up", "code": "ok", "note": "n"}, protocol.ChooseWrapUp("r", "ok", "n")),
        ({"verb": "choose_wrap_up", "code": "", "note": "n"}, protocol.ChooseWrapUp("r", "", "n")),
        ({"verb": "choose_wrap_up", "code": "", "solved": False}, protocol.ChooseWrapUp("r", "", solved=False)),
        ({"verb": "log_out", "of_a_later_version": [1]}, protocol.LogOut("r")),
    ],
)
def test_each_verb_is_read(fields: dict[str, object], understood: protocol.AnyVerb) -> None:
    """One struct per verb."""
    assert decode(json.dumps({"type": "request", "id": "r", **fields}).encode()) == understood


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        (b"", "not_json"),
        (b"{", "not_json"),
        (b'{"type":"seen"} x', "not_json"),
        (b'{"type":"\xff"}', "not_json"),
        (b'{"type":"\\ud800"}', "not_json"),
        (b'{"type":"seen","x":' + b"[" * 30_000, "not_json"),
        (b"[]", "unknown_type"),
        (b"7", "unknown_type"),
        (b"{}", "unknown_type"),
        (b'{"type":7}', "unknown_type"),
        (b'{"type":"welcome"}', "unknown_type"),
        (b'{"type":"log_out","id":"r"}', "unknown_type"),
        (b'{"type":"seen"}', "wrong_field"),
        (b'{"type":"seen","pop":""}', "wrong_field"),
        (b'{"type":"authenticate","version":1}', "wrong_field"),
        (b'{"type":"authenticate","version":1,"ticket":"t","resume":{"stream":"s","seq":-1}}', "wrong_field"),
        (b'{"type":"request","verb":"log_out"}', "wrong_field"),
        (b'{"type":"request","verb":"log_out","id":"' + b"x" * 101 + b'"}', "wrong_field"),
        (b'{"type":"request","verb":"log_out","id":5}', "wrong_field"),
        (b'{"type":"request","verb":7,"id":null}', "wrong_field"),
        (b'{"type":"seen","pop":"' + b"x" * 65_536 + b'"}', "too_large"),
    ],
)
def test_a_broken_frame_says_what_is_wrong(frame: bytes, code: str) -> None:
    """Each in its kind."""
    with pytest.raises(FrameError) as caught:
        decode(frame)
    assert caught.value.code == code
    assert not isinstance(caught.value, protocol.RequestNotUnderstood)


def test_a_wrong_field_is_named_and_one_of_another_frame_is_not_looked_at() -> None:
    """An `id` that is a number is the mistake that most clients make first."""
    with pytest.raises(protocol.WrongField, match="`id`"):
        decode(b'{"type":"request","id":5,"verb":"log_out"}')
    with pytest.raises(protocol.RequestNotUnderstood, match="`verb`"):
        decode(b'{"type":"request","id":"r","verb":5}')
    assert decode(b'{"type":"seen","pop":"i1","id":5,"verb":[]}') == protocol.Seen(InteractionId("i1"))


@pytest.mark.parametrize(
    "fields",
    [
        {"verb": "fire_everybody"},
        {"verb": 7},
        {"verb": None},
        {},
        {"verb": "log_in"},
        {"verb": "log_in", "phone": "mobile"},
        {"verb": "take_break", "reason": 7},
        {"verb": "choose_wrap_up", "code": "ok", "note": "n" * 4001},
        {"verb": "choose_wrap_up", "code": "x" * 101},
        {"verb": "choose_wrap_up", "note": "n"},
        {"verb": "choose_wrap_up", "code": "x", "solved": "yes"},
    ],
)
def test_a_broken_request_keeps_its_id_so_that_it_can_be_refused(fields: dict[str, object]) -> None:
    """The client waits for an answer under that id."""
    with pytest.raises(protocol.RequestNotUnderstood) as caught:
        decode(json.dumps({"type": "request", "id": "r9", **fields}).encode())
    assert caught.value.request == "r9"


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)
_like_frames = st.fixed_dictionaries(
    {"type": st.sampled_from(["authenticate", "request", "seen"]) | _json},
    optional={
        name: st.sampled_from([*protocol.VERBS, "desk", "r1"]) | _json
        for name in ("id", "verb", "phone", "reason", "code", "note", "pop", "version", "ticket", "resume")
    },
)


@given(st.binary() | _json.map(json.dumps).map(str.encode) | _like_frames.map(json.dumps).map(str.encode))
def test_garbage_is_understood_or_refused_and_nothing_else(frame: bytes) -> None:
    """No other exception, ever."""
    try:
        outcome = type(decode(frame)).__name__
    except FrameError as error:
        outcome = error.code
    assert outcome


def test_server_frames_carry_type_and_version() -> None:
    """As docs/protocol.md shows them."""
    change = protocol.Change(3, {"state": msgspec.Raw(b'{"kind":"ready"}')}, ("pop",))
    assert protocol.encode(change) == b'{"type":"change","seq":3,"set":{"state":{"kind":"ready"}},"unset":["pop"]}'
    assert protocol.encode(protocol.Granted("r")) == b'{"type":"granted","id":"r"}'
