"""Decoding of ARI's events: known ones become values, and nothing at all raises."""

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cti.asterisk.ari_events import (
    EVENT_TYPES,
    ChannelHangupRequest,
    PlaybackFinished,
    StasisStart,
    decode_event,
)
from cti.asterisk.ari_objects import Playback
from cti.asterisk.understanding import Irrelevant, NotUnderstood
from tests.cti.fake_ari import stasis_start


def test_an_arrival() -> None:
    decoded = decode_event(json.dumps(stasis_start("1.1")))
    assert isinstance(decoded, StasisStart)
    assert decoded.args == ("in", "5551000")
    assert decoded.channel.caller.number == "+15550100"
    assert decoded.channel.dialplan.app_data == "callwright,in,5551000"


def test_what_an_older_or_newer_asterisk_leaves_out_or_adds_does_no_harm() -> None:
    decoded = decode_event(b'{"type":"ChannelHangupRequest","channel":{"id":"1.1","new":[{}]},"newer":true}')
    assert isinstance(decoded, ChannelHangupRequest)
    assert (decoded.soft, decoded.cause, decoded.channel.caller.number) == (False, 0, "")
    assert decode_event('{"type":"PlaybackFinished","playback":{"id":"p"}}') == PlaybackFinished(Playback("p"))


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        (b"", "not JSON"),
        (b"\xc3\x28", "not JSON"),
        ("\ud800", "not JSON"),
        (b'{"type":"StasisStart"', "not JSON"),
        (b"null", "not an event"),
        (b'{"event":"StasisStart"}', "not an event"),
        (b'{"type":"StasisStart","channel":{"id":7}}', "field missing or of a wrong kind"),
        (b'{"type":"StasisStart","channel":null}', "field missing or of a wrong kind"),
        (b'{"type":"Newcomer","channel":{"id":"1.1"}}', "unknown type of event"),
        ('{"a":' * 100_000, "not JSON"),
    ],
)
def test_what_cannot_be_understood_is_a_value_with_its_reason(frame: bytes | str, reason: str) -> None:
    decoded = decode_event(frame)
    assert isinstance(decoded, NotUnderstood)
    assert decoded.reason == reason


def test_what_does_not_concern_us_is_no_fault() -> None:
    assert decode_event('{"type":"ChannelVarset","variable":"X","value":""}') == Irrelevant("ChannelVarset")


def test_an_excerpt_is_short_and_shows_no_telephone_number() -> None:
    decoded = decode_event('{"type":"Newcomer","from":"+4930123456"' + " " * 500 + "}")
    assert isinstance(decoded, NotUnderstood)
    assert "4930123456" not in decoded.excerpt
    assert len(decoded.excerpt) < 200


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
_fields = ("channel", "bridge", "playback", "args", "digit", "soft", "cause", "tech_cause", "application")


@given(st.binary() | st.text())
def test_no_bytes_raise(frame: bytes | str) -> None:
    decode_event(frame)


@given(st.sampled_from(EVENT_TYPES), st.dictionaries(st.sampled_from(_fields), _json))
def test_no_fields_raise(kind: str, fields: dict[str, object]) -> None:
    decode_event(msgspec.json.encode({"type": kind, **fields}))


@given(st.data())
def test_no_cut_off_or_garbled_event_raises(data: st.DataObject) -> None:
    whole = bytearray(json.dumps(stasis_start("1.1")).encode())
    for _ in range(data.draw(st.integers(0, 3))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    decode_event(bytes(whole[: data.draw(st.integers(0, len(whole)))]))
