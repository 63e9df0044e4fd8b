"""Which REST request does what: the table of ARI's operations that the simulated PBX knows."""

from collections.abc import Callable, Mapping
from urllib.parse import unquote

from cti.simulator import rest_bridges, rest_channels, rest_recordings, rest_system
from cti.simulator.arguments import Arguments, Refused, read
from cti.simulator.rest_channels import AllocationFailed, Operation, controlled
from cti.simulator.wire import NO_CONTENT, Later, Response, refusal
from cti.simulator.world import World

Handler = Callable[[World, tuple[str, ...], Arguments], Response | Later]


def _controlled(operation: Operation) -> Handler:
    def handle(world: World, ids: tuple[str, ...], asked: Arguments) -> Response | Later:
        return operation(world, controlled(world, ids[0]), asked)

    return handle


OPERATIONS: Mapping[tuple[str, str], Handler] = {
    ("GET", "asterisk/info"): rest_system.info,
    ("GET", "asterisk/ping"): rest_system.ping,
    ("GET", "asterisk/variable"): rest_system.get_variable,
    ("POST", "asterisk/variable"): rest_system.set_variable,
    ("GET", "asterisk/modules/*"): rest_system.module,
    ("GET", "applications"): rest_system.list_apps,
    ("GET", "applications/*"): rest_system.show_app,
    ("POST", "applications/*/subscription"): rest_system.subscribe,
    ("DELETE", "applications/*/subscription"): rest_system.unsubscribe,
    ("PUT", "applications/*/eventFilter"): rest_system.filter_events,
    ("GET", "endpoints"): rest_system.list_endpoints,
    ("GET", "endpoints/*"): rest_system.list_endpoints,
    ("GET", "endpoints/*/*"): rest_system.show_endpoint,
    ("GET", "deviceStates"): rest_system.list_devices,
    ("GET", "deviceStates/*"): rest_system.show_device,
    ("GET", "channels"): rest_channels.list_all,
    ("POST", "channels"): rest_channels.originate,
    ("POST", "channels/create"): rest_channels.create,
    ("GET", "channels/*"): rest_channels.show,
    ("POST", "channels/*"): rest_channels.originate,
    ("DELETE", "channels/*"): rest_channels.hang_up,
    ("POST", "channels/*/dial"): rest_channels.dial,
    ("GET", "channels/*/variable"): rest_channels.get_variable,
    ("POST", "channels/*/variable"): rest_channels.set_variable,
    ("POST", "channels/*/answer"): _controlled(rest_channels.answer),
    ("POST", "channels/*/play"): rest_channels.play,
    ("POST", "channels/*/play/*"): rest_channels.play,
    ("POST", "channels/*/record"): _controlled(rest_recordings.record),
    ("POST", "channels/*/moh"): _controlled(rest_channels.start_music),
    ("DELETE", "channels/*/moh"): _controlled(rest_channels.stop_music),
    ("POST", "channels/*/ring"): _controlled(rest_channels.start_ringback),
    ("DELETE", "channels/*/ring"): _controlled(rest_channels.stop_ringback),
    ("POST", "channels/*/hold"): _controlled(rest_channels.hold),
    ("DELETE", "channels/*/hold"): _controlled(rest_channels.unhold),
    ("POST", "channels/*/continue"): _controlled(rest_channels.hand_back),
    ("GET", "bridges"): rest_bridges.list_all,
    ("POST", "bridges"): rest_bridges.create,
    ("GET", "bridges/*"): rest_bridges.show,
    ("POST", "bridges/*"): rest_bridges.create,
    ("DELETE", "bridges/*"): rest_bridges.destroy,
    ("POST", "bridges/*/addChannel"): rest_bridges.add_channels,
    ("POST", "bridges/*/removeChannel"): rest_bridges.remove_channels,
    ("POST", "bridges/*/play"): rest_bridges.play,
    ("POST", "bridges/*/play/*"): rest_bridges.play,
    ("POST", "bridges/*/moh"): rest_bridges.start_music,
    ("DELETE", "bridges/*/moh"): rest_bridges.stop_music,
    ("GET", "recordings/live/*"): rest_recordings.show_live,
    ("DELETE", "recordings/live/*"): rest_recordings.drop,
    ("POST", "recordings/live/*/stop"): rest_recordings.stop,
    ("GET", "recordings/stored"): rest_recordings.list_stored,
    ("GET", "recordings/stored/*"): rest_recordings.show_stored,
    ("DELETE", "recordings/stored/*"): rest_recordings.delete,
    ("GET", "recordings/stored/*/file"): rest_recordings.file,
    ("GET", "playbacks/*"): rest_bridges.show_playback,
    ("DELETE", "playbacks/*"): rest_bridges.stop_playback,
    ("POST", "playbacks/*/control"): rest_bridges.control_playback,
}
"""Method and path, `*` for an id. Literal segments go before ids, as in `channels/create`."""

_METHODS_OF: dict[str, set[str]] = {}
for _method, _shape in OPERATIONS:
    _METHODS_OF.setdefault(_shape, set()).add(_method)

_WILDCARDS: Mapping[int, tuple[tuple[int, ...], ...]] = {
    0: ((),),
    1: ((),),
    2: ((), (1,)),
    3: ((1,), (2,), (1, 2)),
    4: ((1, 3), (2,)),
}
"""By number of segments, which of them may be ids, in the order in which that is tried."""


def request(world: World, method: str, path: str, query: Mapping[str, str], body: bytes) -> Response | Later:
    """Carry out one request. `path` is relative to ARI's root and still percent-encoded. Never raises."""
    segments = path.replace("*", "%2A").strip("/").split("/") if path.strip("/") else []
    if path.endswith("/") and segments:
        return refusal(404, f"ARI URLs do not end with a slash. Try /ari/{'/'.join(segments)}")
    for wildcards in _WILDCARDS.get(len(segments), ()):
        shape = "/".join("*" if position in wildcards else part for position, part in enumerate(segments))
        if shape in _METHODS_OF:
            ids = tuple(unquote(segments[position]) for position in wildcards)
            return _carry_out(world, method, shape, ids, query, body)
    return refusal(404, "Resource not found") if segments else refusal(405, "Invalid method")


def _carry_out(
    world: World, method: str, shape: str, ids: tuple[str, ...], query: Mapping[str, str], body: bytes
) -> Response | Later:
    handler = OPERATIONS.get((method, shape))
    if handler is None:
        return NO_CONTENT if method == "OPTIONS" else refusal(405, "Invalid method")
    try:
        return handler(world, ids, read(query, body))
    except (Refused, AllocationFailed) as refused:
        return refused.response
