"""REST requests about bridges and playbacks."""

from collections.abc import Callable

from cti.simulator import bridging, playing
from cti.simulator.arguments import Arguments, Refused, created
from cti.simulator.bridges import Bridge, Playback
from cti.simulator.channels import Channel
from cti.simulator.rest_channels import new_playback
from cti.simulator.wire import NO_CONTENT, Later, Response
from cti.simulator.world import World

_KINDS = frozenset({"mixing", "holding", "dtmf_events", "proxy_media", "video_sfu", "video_single", "sdp_label"})
_CONTROLS = {
    "restart": playing.restart,
    "pause": playing.pause,
    "unpause": playing.resume,
    "reverse": playing.restart,
    "forward": playing.resume,
}


def find(world: World, bridge: str) -> Bridge:
    """The bridge; 404 if there is none."""
    if bridge not in world.bridges:
        raise Refused(404, "Bridge not found")
    return world.bridges[bridge]


def list_all(world: World, ids: tuple[str, ...], asked: Arguments) -> Response:
    """`GET /bridges`."""
    return Response(200, [bridge.as_json() for bridge in world.bridges.values()])


def show(world: World, ids: tuple[str, ...], asked: Arguments) -> Response:
    """`GET /bridges/{id}`."""
    return Response(200, find(world, ids[0]).as_json())


def create(world: World, ids: tuple[str, ...], asked: Arguments) -> Response:
    """`POST /bridges/{id}`, or `POST /bridges` with or without `bridgeId`."""
    name = ids[0] if ids else asked.text("bridgeId") or f"bridge-{world.number()}"
    if name in world.bridges:
        raise Refused(409, f"Bridge with id '{name}' already exists")
    kinds = set(asked.text("type").split(",")) - {""}
    if not kinds <= _KINDS:
        raise Refused(500, "Unable to create bridge")
    kind = "holding" if "holding" in kinds else "mixing"
    return Response(200, bridging.create(world, name, kind, asked.text("name")).as_json())


def destroy(world: World, ids: tuple[str, ...], asked: Arguments) -> Response:
    """`DELETE /bridges/{id}`."""
    bridging.destroy(world, find(world, ids[0]))
    return NO_CONTENT


def add_channels(world: World, ids: tuple[str, ...], asked: Arguments) -> Response | Later:
    """`POST /bridges/{id}/addChannel`; all of them, or none if one is not to be had."""
    bridge = find(world, ids[0])

    def enter(channel: Channel) -> None:
        if channel.app and channel.id in world.channels and bridge.id in world.bridges:
            bridging.enter(world, bridge, channel)

    return _one_by_one(enter, _channels(world, asked))


def remove_channels(world: World, ids: tuple[str, ...], asked: Arguments) -> Response | Later:
    """`POST /bridges/{id}/removeChannel`."""
    bridge = find(world, ids[0])
    channels = _channels(world, asked)
    if any(channel.bridge != bridge.id for channel in channels):
        raise Refused(422, "Channel not in this bridge")

    def depart(channel: Channel) -> None:
        if channel.bridge == bridge.id:
            bridging.depart(world, channel)

    return _one_by_one(depart, channels)


def _one_by_one(deed: Callable[[Channel], None], channels: list[Channel]) -> Response | Later:
    """Each on the thread of its channel, the next when it is done."""
    channel, *others = channels
    later = Later()

    def do() -> Response:
        deed(channel)
        return NO_CONTENT

    def go_on(answer: Response) -> None:
        following = _one_by_one(deed, others) if others else answer
        if isinstance(following, Later):
            following.when_given(later.give)
        else:
            later.give(following)

    done = playing.in_turn(channel, do)
    if isinstance(done, Later):
        done.when_given(go_on)
    else:
        go_on(done)
    return later if later.answer is None else later.answer


def _channels(world: World, asked: Arguments) -> list[Channel]:
    names = asked.texts("channel")
    if not names:
        raise Refused(400, "Missing parameter channel")
    if any(name not in world.channels for name in names):
        raise Refused(400, "Channel not found")
    channels = [world.channels[name] for name in dict.fromkeys(names)]
    if any(not channel.app for channel in channels):
        raise Refused(422, "Channel not in Stasis application")
    return channels


def play(world: World, ids: tuple[str, ...], asked: Arguments) -> Response:
    """`POST /bridges/{id}/play/{playbackId}`, or without an id."""
    bridge = find(world, ids[0])
    playback = new_playback(world, bridge.id, "bridge", ids, asked)
    answer = created(playback.as_json())
    playing.play(world, bridge, playback)
    return answer


def start_music(world: World, ids: tuple[str, ...], asked: Arguments) -> Response:
    """`POST /bridges/{id}/moh`."""
    return _music(world, ids[0], asked.text("mohClass") or "default")


def stop_music(world: World, ids: tuple[str, ...], asked: Arguments) -> Response:
    """`DELETE /bridges/{id}/moh`."""
    return _music(world, ids[0], "")


def _music(world: World, name: str, music: str) -> Response:
    bridge = find(world, name)
    bridge.music = music
    playing.listen_all(world, bridge.channels)
    return NO_CONTENT


def _playback(world: World, name: str) -> Playback:
    if name not in world.playbacks:
        raise Refused(404, "Playback not found")
    return world.playbacks[name]


def show_playback(world: World, ids: tuple[str, ...], asked: Arguments) -> Response:
    """`GET /playbacks/{id}`."""
    return Response(200, _playback(world, ids[0]).as_json())


def stop_playback(world: World, ids: tuple[str, ...], asked: Arguments) -> Response:
    """`DELETE /playbacks/{id}`."""
    playing.stop(world, _playback(world, ids[0]))
    return NO_CONTENT


def control_playback(world: World, ids: tuple[str, ...], asked: Arguments) -> Response:
    """`POST /playbacks/{id}/control`. Winding is not simulated: forward goes on, reverse begins anew."""
    playback = _playback(world, ids[0])
    operation = asked.text("operation")
    if not operation:
        raise Refused(400, "Missing operation")
    if operation not in _CONTROLS:
        raise Refused(400, f"Invalid operation {operation}")
    _CONTROLS[operation](world, playback)
    return NO_CONTENT
