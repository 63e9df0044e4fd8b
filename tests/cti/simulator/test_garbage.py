"""Whatever is asked for, in whatever order: an answer, never an exception, and a PBX that is still in order."""

from collections.abc import Callable, Mapping

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from cti.simulator.phones import Habit, Reaction
from cti.simulator.rest import OPERATIONS
from cti.simulator.wire import Later, Response
from cti.simulator.world import World
from tests.cti.simulator.bench_pbx import APP, Bench

TEXT = st.text(max_size=12)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
FIELDS = st.sampled_from(
    [
        "app",
        "endpoint",
        "media",
        "channel",
        "variable",
        "value",
        "reason",
        "reason_code",
        "type",
        "bridgeId",
        "channelId",
        "playbackId",
        "timeout",
        "variables",
        "operation",
        "eventSource",
        "only",
        "appArgs",
        "callerId",
        "lang",
        "mohClass",
    ]
)
BODIES = st.binary(max_size=40) | st.dictionaries(FIELDS | TEXT, JSON, max_size=5).map(msgspec.json.encode)
QUERIES = st.dictionaries(FIELDS | TEXT, TEXT, max_size=4)
STATUSES = {200, 201, 204, 400, 404, 405, 409, 412, 413, 422, 500}


def legal(answer: Response | Later | None) -> None:
    """It has one of ARI's statuses, and a body that JSON can say."""
    assert isinstance(answer, Response)
    assert answer.status in STATUSES
    msgspec.json.encode(answer.body)


def in_order(world: World) -> None:
    """What must be true of any PBX at any time."""
    for bridge in world.bridges.values():
        assert all(world.channels[name].bridge == bridge.id for name in bridge.channels)
        assert len(set(bridge.channels)) == len(bridge.channels)
    for channel in world.channels.values():
        assert not channel.bridge or channel.id in world.bridges[channel.bridge].channels
        assert not channel.playbacks or channel.app
    for playback in world.playbacks.values():
        where: Mapping[str, object] = world.channels if playback.target_kind == "channel" else world.bridges
        assert playback.target in where


@given(st.sampled_from(["GET", "POST", "DELETE", "PUT", "HEAD", "x"]), st.text(max_size=40), QUERIES, BODIES)
def test_any_path(method: str, path: str, query: dict[str, str], body: bytes) -> None:
    bench = Bench()
    legal(bench.pbx.request(method, path, query, body, bench.now))


@given(st.sampled_from(sorted(OPERATIONS)), TEXT, TEXT, QUERIES, BODIES)
def test_any_arguments(operation: tuple[str, str], first: str, second: str, query: dict[str, str], body: bytes) -> None:
    bench = Bench()
    bench.talk()
    method, shape = operation
    for name in (first, second):
        shape = shape.replace("*", name.replace("*", ""), 1)
    legal(bench.pbx.request(method, "/" + shape, query, body, bench.now))
    bench.wait(30)
    in_order(bench.pbx.world)


NAMES = st.sampled_from(["caller", "leg-1", "leg-2", "b-1", "b-2", "p-1", "p-2"])
DEEDS = st.sampled_from(["press", "hang_up", "call", "answer", "decline", "phone_hangs_up", "away", "back", "pass"])
SENSIBLE = st.fixed_dictionaries(
    {},
    optional={
        "media": st.sampled_from(["sound:short", "sound:short,sound:long", "nonsense:x", "sound:a,sound:a"]),
        "channel": st.lists(NAMES, min_size=1, max_size=3).map(",".join),
        "endpoint": st.sampled_from(["PJSIP/alice", "PJSIP/bob", "PJSIP/nobody"]),
        "app": st.just(APP),
        "channelId": NAMES,
        "variable": st.just("X"),
        "operation": st.sampled_from(["pause", "unpause", "restart", "reverse", "forward"]),
        "eventSource": st.sampled_from(["channel:leg-1", "bridge:b-1", "endpoint:PJSIP/alice"]),
        "reason": st.sampled_from(["busy", "normal", "answered_elsewhere"]),
        "timeout": st.sampled_from(["1", "30", "-1", "0"]),
        "type": st.sampled_from(["mixing", "holding", ""]),
    },
)
REQUESTS = st.tuples(st.sampled_from(sorted(OPERATIONS)), NAMES, NAMES, SENSIBLE)


@settings(max_examples=150)
@given(st.lists(REQUESTS | DEEDS, max_size=40), st.floats(0, 3))
def test_any_order(steps: list[tuple[tuple[str, str], str, str, dict[str, str]] | str], pause: float) -> None:
    bench = Bench()
    alice = bench.pbx.add_phone("alice", Habit(Reaction.LET_RING))
    bench.pbx.add_phone("bob", Habit(Reaction.ANSWER, 1.0, talk=4.0))
    caller = bench.answered()
    deeds: dict[str, Callable[[], object]] = {
        "press": lambda: caller.press("12"),
        "hang_up": caller.hang_up,
        "call": bench.call,
        "answer": alice.answer,
        "decline": alice.decline,
        "phone_hangs_up": alice.hang_up,
        "away": lambda: bench.pbx.disconnect_app(APP, bench.now),
        "back": lambda: bench.pbx.connect_app(APP, bench.now),
        "pass": lambda: bench.wait(10),
    }
    waiting: list[Later] = []
    for step in steps:
        if isinstance(step, str):
            deeds[step]()
        else:
            (method, shape), first, second, query = step
            for name in (first, second):
                shape = shape.replace("*", name, 1)
            path = shape.replace("caller", caller.channel_id)
            query = {key: value.replace("caller", caller.channel_id) for key, value in query.items()}
            answer = bench.pbx.request(method, "/" + path, query, b"", bench.now)
            if isinstance(answer, Later):
                waiting.append(answer)
            else:
                legal(answer)
        in_order(bench.pbx.world)
        bench.wait(pause)
    msgspec.json.encode(bench.events())
    for channel in bench.do("GET", "/channels").body or ():  # type: ignore[union-attr]
        assert isinstance(channel, dict)
        bench.do("DELETE", f"/channels/{channel['id']}")
    bench.wait(1000)
    for later in waiting:
        legal(later.answer)
    assert not bench.pbx.world.channels
    assert not any(playback.target_kind == "channel" for playback in bench.pbx.world.playbacks.values())
