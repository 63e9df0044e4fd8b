"""Every request about a channel, in every state that a channel can be in."""

import pytest

from cti.simulator.settings import PbxSettings
from cti.simulator.wire import REASONS
from tests.cti.simulator.bench_pbx import APP, SETTINGS, Bench

STATES = ("ring", "up", "bridged", "created", "dialling", "rings", "outside", "gone")
"""A caller in Stasis, unanswered, answered, in a bridge; a phone's channel created, originated, ringing; a caller who
was handed back to the dialplan; and a channel that is no more."""

TABLE: dict[tuple[str, str], tuple[int, ...]] = {
    ("GET", ""): (200, 200, 200, 200, 200, 200, 200, 404),
    ("POST", "/answer"): (204, 204, 204, 412, 409, 409, 409, 404),
    ("POST", "/play/p1?media=sound:short"): (201, 201, 201, 412, 409, 409, 409, 404),
    ("POST", "/play?media=sound:short"): (201, 201, 201, 412, 409, 409, 409, 404),
    ("POST", "/play/p1"): (500, 500, 500, 412, 409, 409, 409, 404),
    ("POST", "/moh"): (204, 204, 204, 412, 409, 409, 409, 404),
    ("DELETE", "/moh"): (204, 204, 204, 412, 409, 409, 409, 404),
    ("POST", "/ring"): (204, 204, 204, 412, 409, 409, 409, 404),
    ("DELETE", "/ring"): (204, 204, 204, 412, 409, 409, 409, 404),
    ("POST", "/hold"): (204, 204, 204, 412, 409, 409, 409, 404),
    ("DELETE", "/hold"): (204, 204, 204, 412, 409, 409, 409, 404),
    ("POST", "/continue"): (204, 204, 204, 412, 409, 409, 409, 404),
    ("POST", "/dial"): (409, 409, 409, 204, 409, 409, 409, 404),
    ("GET", "/variable?variable=CALLWRIGHT"): (404, 404, 404, 404, 200, 200, 404, 404),
    ("GET", "/variable"): (400, 400, 400, 400, 400, 400, 400, 400),
    ("POST", "/variable?variable=X&value=1"): (204, 204, 204, 204, 409, 409, 409, 404),
    ("POST", "/variable"): (400, 400, 400, 400, 400, 400, 400, 400),
    ("DELETE", ""): (204, 204, 204, 204, 204, 204, 204, 404),
    ("DELETE", "?reason=nonsense"): (400, 400, 400, 400, 400, 400, 400, 404),
    ("DELETE", "?reason_code=17"): (204, 204, 204, 204, 204, 204, 204, 404),
    ("POST", "?endpoint=PJSIP/bob&app=callwright"): (409, 409, 409, 409, 409, 409, 409, 200),
    ("PUT", ""): (405, 405, 405, 405, 405, 405, 405, 405),
    ("POST", "/nonsense"): (404, 404, 404, 404, 404, 404, 404, 404),
    ("POST", "/play/p1/nonsense"): (404, 404, 404, 404, 404, 404, 404, 404),
}


def bench_with(state: str) -> tuple[Bench, str]:
    """A PBX with a channel in that state, and the channel's id."""
    bench = Bench()
    bench.pbx.add_phone("bob")
    if state in {"created", "dialling", "rings", "gone"}:
        bench.pbx.add_phone("alice")
        path = "/channels/create" if state == "created" else "/channels/leg-1"
        body = {"endpoint": "PJSIP/alice", "app": APP, "channelId": "leg-1", "variables": {"CALLWRIGHT": "x"}}
        if state == "created":
            del body["variables"]
        bench.do("POST", path, body)
        if state == "rings":
            bench.wait(1)
        if state == "gone":
            bench.do("DELETE", "/channels/leg-1")
        return bench, "leg-1"
    caller = bench.call()
    channel = caller.channel_id
    if state != "ring":
        bench.do("POST", f"/channels/{channel}/answer")
    if state == "bridged":
        bench.do("POST", "/bridges/b")
        bench.do("POST", "/bridges/b/addChannel", channel=channel)
    if state == "outside":
        bench.do("POST", f"/channels/{channel}/continue")
    return bench, channel


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize(("method", "rest"), TABLE)
def test_channel_requests(method: str, rest: str, state: str) -> None:
    bench, channel = bench_with(state)
    path, _, text = rest.partition("?")
    query = dict(pair.split("=") for pair in text.split("&")) if text else {}
    response = bench.ask(method, f"/channels/{channel}{path}", **query)
    assert response.status == TABLE[method, rest][STATES.index(state)], response
    assert (response.body is None) == (response.status == 204)
    if response.status >= 400:
        assert isinstance(response.body, dict)
        assert set(response.body) <= {"message", "error"}
    bench.wait(100)


@pytest.mark.parametrize(("reason", "cause"), REASONS.items())
def test_each_reason_has_its_cause(reason: str, cause: int) -> None:
    bench = Bench()
    bench.ring()
    bench.do("DELETE", "/channels/leg-1", reason=reason)
    assert bench.events()[-1]["cause"] == cause


def test_a_phone_that_cannot_be_called() -> None:
    bench = Bench()
    bench.pbx.add_phone("away", registered=False)
    for endpoint in ("PJSIP/away", "PJSIP/nobody", "SIP/away", "Local/1@x"):
        response = bench.ask("POST", "/channels/leg-1", {"endpoint": endpoint, "app": APP})
        assert (response.status, response.body) == (500, {"error": "Allocation failed"})
    assert bench.do("GET", "/channels").body == []


def test_paths() -> None:
    bench = Bench()
    assert bench.ask("GET", "/").status == 405
    assert bench.ask("GET", "/channels/").body == {"message": "ARI URLs do not end with a slash. Try /ari/channels"}
    assert bench.ask("GET", "/channels/*").status == 404
    assert bench.ask("OPTIONS", "/channels").status == 204
    assert bench.ask("DELETE", "/channels").status == 405


def test_ids_are_percent_encoded() -> None:
    bench = Bench()
    bench.do("POST", "/bridges/a%2Fb%3B1")
    assert bench.do("GET", "/bridges/a%2Fb%3B1").body == bench.do("GET", "/bridges").body[0]  # type: ignore[index]
    assert bench.ask("POST", "/bridges/x/addChannel").status == 404


def test_bodies() -> None:
    bench = Bench()
    assert bench.ask("POST", "/bridges", b"{bad").body == {"message": "Error parsing request body"}
    assert bench.ask("POST", "/bridges", b"\xff").status == 400
    assert bench.ask("POST", "/bridges", b'"' + b"x" * 50_000 + b'"').status == 413
    assert bench.ask("POST", "/bridges", b'{"bridgeId":"b"}', bridgeId="q").status == 200
    assert bench.do("GET", "/bridges/b").status == 200
    assert bench.ask("POST", "/bridges", b"[1]", bridgeId="q").status == 200
    assert bench.do("GET", "/bridges/q").status == 200


def test_subscriptions() -> None:
    bench = Bench()
    bench.pbx.add_phone("alice")
    bench.do("POST", "/bridges/b")
    path = "/applications/callwright/subscription"
    sources = "bridge:b,endpoint:PJSIP/alice,deviceState:PJSIP/alice"
    shown = bench.do("POST", path, eventSource=sources).body
    assert shown == {
        "name": APP,
        "channel_ids": [],
        "bridge_ids": ["b"],
        "endpoint_ids": ["PJSIP/alice"],
        "device_names": ["PJSIP/alice"],
        "events_allowed": [],
        "events_disallowed": [],
    }
    bench.do("DELETE", path, eventSource=sources)
    assert bench.ask("DELETE", path, eventSource="bridge:b").status == 422
    assert bench.ask("DELETE", path, eventSource="deviceState:x").status == 422
    bench.do("DELETE", "/bridges/b")
    assert bench.kinds() == []


def test_an_application_is_forgotten_when_nothing_binds_it() -> None:
    bench = Bench()
    caller = bench.call()
    bench.pbx.disconnect_app(APP, bench.now)
    assert bench.ask("GET", f"/applications/{APP}").status == 200
    caller.hang_up()
    assert bench.ask("GET", f"/applications/{APP}").status == 404
    assert bench.do("GET", "/applications").body == []


def test_all_events_of_an_application_that_wants_all() -> None:
    bench = Bench(connected=False)
    bench.pbx.connect_app("watcher", bench.now, subscribe_all=True)
    bench.do("POST", "/bridges/b")
    bench.do("DELETE", "/bridges/b")
    assert bench.kinds() == ["BridgeCreated", "BridgeDestroyed"]


def test_channelvars_can_be_left_out() -> None:
    bench = Bench(PbxSettings(services=SETTINGS.services, channelvars=(), entered_variable=""))
    bench.call()
    channel = bench.events()[0]["channel"]
    assert isinstance(channel, dict)
    assert "channelvars" not in channel


def test_the_system() -> None:
    bench = Bench()
    assert set(bench.do("GET", "/asterisk/info").body or ()) == {"build", "system", "config", "status"}  # type: ignore[arg-type]
    assert bench.do("GET", "/asterisk/info", only="system").body == {
        "system": {"version": "22.10.1", "entity_id": "02:00:00:00:00:01"}
    }
    assert bench.do("GET", "/asterisk/ping").status == 200
    assert bench.ask("GET", "/asterisk/variable").status == 400
    bench.do("POST", "/asterisk/variable", variable="A", value="b")
    assert bench.ask("POST", "/asterisk/variable").status == 400
    assert bench.do("GET", "/asterisk/variable", variable="A").body == {"value": "b"}
    assert bench.do("GET", "/asterisk/modules/res_ari.so").status == 200
    assert bench.do("GET", "/deviceStates").body == []
    assert bench.ask("GET", "/endpoints/SIP").status == 404
    assert bench.ask("POST", "/channels/create", {"endpoint": "PJSIP/x"}).status == 500


def test_a_channel_for_an_application_that_is_not_there() -> None:
    bench = Bench()
    alice = bench.pbx.add_phone("alice")
    bench.do("POST", "/channels/leg-1", {"endpoint": "PJSIP/alice", "app": "other"})
    bench.wait(1)
    alice.answer()
    bench.do("POST", "/channels/create", {"endpoint": "PJSIP/alice", "app": "other"})
    assert bench.ask("POST", "/channels/create", {"endpoint": "PJSIP/alice"}).status == 400
    assert bench.do("GET", "/channels").body == []
