"""Commands as requests; above all, what never becomes one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cti.asterisk.ari_requests import AriRequest, UnsafeValue, bridge_of, destroy_bridge, requests_for
from cti.commands import (
    Answer,
    AnyCommand,
    Bridge,
    HangUp,
    PickUp,
    Play,
    Remember,
    ReturnToDialplan,
    Ring,
    StartMusic,
    StopPlayback,
)
from cti.model import CallerId, CallId, CommandId, Endpoint, HangupCause, LegId, PlaybackId

ID, LEG, CALL = CommandId("c1"), LegId("pbx1/1732211.12"), CallId("pbx1/1732211.12")


def ring(endpoint: str = "PJSIP/alice", caller: CallerId | None = None, memory: str = "", timeout: float = 20) -> Ring:
    return Ring(ID, LegId("pbx1/leg-1"), CALL, Endpoint(endpoint), caller or CallerId(), timeout, memory)


def the_only_request(command: AnyCommand) -> AriRequest:
    (request,) = requests_for(command, "callwright")
    return request


def test_ids_are_quoted_in_paths() -> None:
    request = the_only_request(StopPlayback(ID, LEG, PlaybackId("pbx1/p;1")))
    assert request.target == "/playbacks/pbx1%2Fp%3B1"


def test_values_are_quoted_in_queries() -> None:
    assert AriRequest("POST", "/x", {"mohClass": "a b&c=d"}).target == "/x?mohClass=a+b%26c%3Dd"


def test_a_leg_without_memory_is_still_known_by_its_variable() -> None:
    assert the_only_request(ring()).body["variables"] == {"CALLWRIGHT": "-"}
    assert the_only_request(Remember(ID, LEG, "")).body["value"] == "-"


def test_a_phone_rings_for_a_second_at_least() -> None:
    assert the_only_request(ring(timeout=0.2)).body["timeout"] == 1


@pytest.mark.parametrize("cause", list(HangupCause))
def test_every_cause_has_a_word_in_ari(cause: HangupCause) -> None:
    assert the_only_request(HangUp(ID, LEG, cause)).query["reason"]


def test_a_strange_caller_name_is_cleaned_and_does_not_cost_the_call() -> None:
    caller = CallerId('+1 555"<0100>', 'Bob "the\r\nbuilder" <sip:x>\\\0')
    assert the_only_request(ring(caller=caller)).body["callerId"] == '"Bob thebuilder sip:x" <+15550100>'


def test_bridges_are_named_after_their_call() -> None:
    assert bridge_of(CALL) == "callwright-1732211.12"
    assert destroy_bridge(bridge_of(CALL)).path == "/bridges/callwright-1732211.12"


def test_picking_up_is_not_aris() -> None:
    assert requests_for(PickUp(ID, LEG, Endpoint("PJSIP/alice")), "callwright") == ()


def test_a_caller_is_put_through_by_a_label_that_asterisk_looks_for() -> None:
    request = the_only_request(ReturnToDialplan(ID, LEG, "+4930*1#"))
    assert request.body == {"context": "callwright-transfer", "extension": "+4930*1#", "label": "out"}
    assert the_only_request(ReturnToDialplan(ID, LEG)).body == {}


@pytest.mark.parametrize("number", ["1,1", "s", "200&PJSIP/201", "0" * 31, "+", "12\n", "１２", "${X}"])
def test_nothing_but_a_number_is_dialled(number: str) -> None:
    with pytest.raises(UnsafeValue, match="number"):
        requests_for(ReturnToDialplan(ID, LEG, number), "callwright")


def test_only_what_is_harmless_twice_may_be_repeated() -> None:
    assert not requests_for(Play(ID, LEG, PlaybackId("p"), ()), "callwright", ["sound:x"])[0].repeatable
    assert the_only_request(ring()).creates == "/channels/leg-1"
    assert all(request.repeatable for request in requests_for(Bridge(ID, LEG, CALL, ()), "callwright"))


@pytest.mark.parametrize(
    "endpoint",
    [
        "",
        "alice",
        "PJSIP/",
        "/alice",
        "500&PJSIP/trunk/+900123456",
        "PJSIP/alice\r\nX: y",
        "PJSIP/alice\0",
        "PJSIP/a b",
        "PJSIP/alice,30",
        "PJSIP/${SHELL(id)}",
        "PJSIP/" + "a" * 300,
        "PJSIP/alice\n",
    ],
)
def test_an_endpoint_that_is_not_exactly_one_phone_is_refused(endpoint: str) -> None:
    with pytest.raises(UnsafeValue, match="endpoint") as refused:
        requests_for(ring(endpoint), "callwright")
    assert "900123456" not in str(refused.value)


@pytest.mark.parametrize(
    "endpoint", ["PJSIP/alice", "PJSIP/+4930123@trunk-1", "PJSIP/trunk/sip:1@h.example:5060", "Local/1@x"]
)
def test_an_endpoint_that_is_exactly_one_phone_is_not(endpoint: str) -> None:
    assert the_only_request(ring(endpoint)).body["endpoint"] == endpoint


@pytest.mark.parametrize(
    "command",
    [
        Answer(ID, LegId("pbx1/")),
        Answer(ID, LegId("pbx1")),
        Answer(ID, LegId("pbx1/1.1/../../asterisk")),
        HangUp(ID, LegId("pbx1/1.1\r\n")),
        StartMusic(ID, LEG, "a&b"),
        StopPlayback(ID, LEG, PlaybackId("p?x=1")),
        Bridge(ID, LEG, CALL, (LegId("pbx1/1,2"),)),
        Bridge(ID, LEG, CallId("pbx1/../x"), ()),
        Remember(ID, LEG, "a\nb"),
        Remember(ID, LEG, "x" * 8_001),
        ring(memory="\0"),
    ],
)
def test_an_unsafe_value_is_refused(command: AnyCommand) -> None:
    with pytest.raises(UnsafeValue):
        requests_for(command, "callwright")


@given(st.text(max_size=20), st.text(max_size=20), st.text(max_size=20))
def test_whatever_is_put_in_the_address_stays_one_address(leg: str, text: str, name: str) -> None:
    commands = (
        Answer(ID, LegId("pbx1/" + leg)),
        StartMusic(ID, LEG, text),
        StopPlayback(ID, LEG, PlaybackId(text)),
        ring(caller=CallerId(text, name)),
    )
    for command in commands:
        try:
            targets = [request.target for request in requests_for(command, "callwright")]
        except UnsafeValue:
            continue
        for target in targets:
            assert target.isascii()
            assert target.isprintable()
            assert " " not in target
            assert target.count("/") <= 3
