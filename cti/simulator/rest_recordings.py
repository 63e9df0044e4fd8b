"""REST requests about recordings. Statuses and words are those of Asterisk 22, tried one by one."""

from functools import partial

from cti.simulator import life, recorder
from cti.simulator.arguments import Arguments, Refused, created
from cti.simulator.channels import Channel
from cti.simulator.recordings import Recording, Stored
from cti.simulator.wire import NO_CONTENT, Response
from cti.simulator.world import World

_FORMATS = frozenset({"wav", "WAV", "gsm", "ulaw", "alaw", "sln", "g722"})
_TERMINATORS = {"": "", "none": "", "any": "0123456789*#", "*": "*", "#": "#"}
_IF_EXISTS = frozenset({"", "fail", "overwrite", "append"})


def record(world: World, channel: Channel, asked: Arguments) -> Response:
    """`POST /channels/{id}/record`."""
    longest, silence = asked.number("maxDurationSeconds", 0), asked.number("maxSilenceSeconds", 0)
    if longest < 0:
        raise Refused(400, "max_duration_seconds cannot be negative")
    if silence < 0:
        raise Refused(400, "max_silence_seconds cannot be negative")
    if asked.text("terminateOn") not in _TERMINATORS:
        raise Refused(400, "terminateOn invalid")
    if asked.text("ifExists") not in _IF_EXISTS:
        raise Refused(400, "ifExists invalid")
    if asked.text("format") not in _FORMATS:
        raise Refused(422, "specified format is unknown on this system")
    name = asked.text("name")
    if not name or ".." in name.split("/"):
        raise Refused(500, "Error parsing request")
    there = name in world.stored_recordings and asked.text("ifExists") in {"", "fail"}
    if there or name in world.recordings:
        raise Refused(409, f"Recording '{name}' already exists and can not be overwritten")
    terminators = _TERMINATORS[asked.text("terminateOn")]
    recording = Recording(name, asked.text("format"), channel.id, longest, silence, terminators)
    answer = created(recording.as_json(recording.state))
    recorder.record(world, channel, recording, partial(life.answer, world, channel))
    return answer


def _live(world: World, name: str) -> Recording:
    if name not in world.recordings:
        raise Refused(404, "Recording not found")
    return world.recordings[name]


def _stored(world: World, name: str) -> Stored:
    if name not in world.stored_recordings:
        raise Refused(404, "Recording not found")
    return world.stored_recordings[name]


def show_live(world: World, ids: tuple[str, ...], asked: Arguments) -> Response:
    """`GET /recordings/live/{name}`."""
    recording = _live(world, ids[0])
    return Response(200, recording.as_json(recording.state))


def stop(world: World, ids: tuple[str, ...], asked: Arguments) -> Response:
    """`POST /recordings/live/{name}/stop`: what there is, is kept."""
    recorder.stop(world, _live(world, ids[0]), keep=True)
    return NO_CONTENT


def drop(world: World, ids: tuple[str, ...], asked: Arguments) -> Response:
    """`DELETE /recordings/live/{name}`: nothing is kept."""
    recorder.stop(world, _live(world, ids[0]), keep=False)
    return NO_CONTENT


def list_stored(world: World, ids: tuple[str, ...], asked: Arguments) -> Response:
    """`GET /recordings/stored`."""
    return Response(200, [stored.as_json() for stored in world.stored_recordings.values()])


def show_stored(world: World, ids: tuple[str, ...], asked: Arguments) -> Response:
    """`GET /recordings/stored/{name}`."""
    return Response(200, _stored(world, ids[0]).as_json())


def file(world: World, ids: tuple[str, ...], asked: Arguments) -> Response:
    """`GET /recordings/stored/{name}/file`."""
    return Response(200, file=_stored(world, ids[0]).file())


def delete(world: World, ids: tuple[str, ...], asked: Arguments) -> Response:
    """`DELETE /recordings/stored/{name}`."""
    del world.stored_recordings[_stored(world, ids[0]).name]
    return NO_CONTENT
