"""How a channel is recorded: in its turn on the channel's thread, until a key, silence, the length, or the call's end.

    queued --> recording --> stored
                   \\--> dropped

What Asterisk tells of the end is the same for all of them; after a drop there is no file. The silence, or the key, at
the end of a recording is not kept, if Asterisk listens for silence at all.
"""

from collections.abc import Callable
from functools import partial

from cti.simulator import playing
from cti.simulator.channels import Channel
from cti.simulator.recordings import Recording, Spans, Stored
from cti.simulator.wire import JsonValue
from cti.simulator.world import World

KEPT_OF_SILENCE = 0.2
"""Seconds of the last silence that stay."""


def record(world: World, channel: Channel, recording: Recording, answer: Callable[[], None]) -> None:
    """Queue a recording behind what plays; it begins at once if nothing does. `answer` picks the channel up first."""

    def begin() -> None:
        answer()
        _begin(world, channel, recording)

    recording.begin = begin
    recording.give_up = partial(_end, world, channel, recording)
    world.recordings[recording.name] = recording
    channel.playbacks.append(recording)
    if len(channel.playbacks) == 1:
        recording.begin()


def is_recorded(channel: Channel) -> Recording | None:
    """The recording that is being made of a channel."""
    first = channel.playbacks[0] if channel.playbacks else None
    return first if isinstance(first, Recording) else None


def talk(world: World, channel: Channel, seconds: float) -> None:
    """The far end speaks from now on, for so long."""
    channel.spoken.append((world.now, world.now + seconds))
    if (recording := is_recorded(channel)) is not None:
        _arm(world, channel, recording)


def key(world: World, channel: Channel, pressed: str) -> None:
    """A key may end the recording."""
    recording = is_recorded(channel)
    if recording is not None and pressed in recording.terminators:
        _over(world, channel, recording, cut=True)


def stop(world: World, recording: Recording, *, keep: bool) -> None:
    """Over ARI."""
    _over(world, world.channels[recording.target], recording, keep=keep)


def _begin(world: World, channel: Channel, recording: Recording) -> None:
    recording.began = world.now
    world.tell_recording("RecordingStarted", recording.as_json(recording.state), channel)
    _arm(world, channel, recording)


def _arm(world: World, channel: Channel, recording: Recording) -> None:
    for timer in recording.timers:
        timer.cancel()
    began = world.now if recording.began is None else recording.began
    recording.timers = []
    if recording.longest:
        left = max(0.0, began + recording.longest - world.now)
        recording.timers.append(world.later(left, partial(_over, world, channel, recording)))
    if recording.silence:
        quiet = max(began, *(until for _, until in channel.spoken), 0.0) + recording.silence
        due = max(0.0, quiet - world.now)
        recording.timers.append(world.later(due, partial(_over, world, channel, recording, cut=True)))


def _over(world: World, channel: Channel, recording: Recording, *, cut: bool = False, keep: bool = True) -> None:
    _end(world, channel, recording, cut=cut, keep=keep)
    playing.go_on(world, channel, recording)


def _end(world: World, channel: Channel, recording: Recording, *, cut: bool = False, keep: bool = True) -> None:
    for timer in recording.timers:
        timer.cancel()
    world.recordings.pop(recording.name, None)
    if recording.began is None:
        recording.began = world.now
        world.tell_recording("RecordingStarted", recording.as_json("recording"), channel)
    spoken = _within(channel.spoken, recording.began, world.now)
    duration = world.now - recording.began
    if cut and recording.silence:
        last = spoken[-1][1] if spoken else 0.0
        duration = min(duration, last + KEPT_OF_SILENCE)
    if keep:
        stored = Stored(recording.name, recording.format, duration, tuple(spoken))
        world.stored_recordings[recording.name] = stored
    json: dict[str, JsonValue] = {**recording.as_json("done"), "duration": int(duration)}
    if recording.silence:
        talked = sum(until - since for since, until in spoken)
        json |= {"talking_duration": int(talked), "silence_duration": int(max(0.0, duration - talked))}
    world.tell_recording("RecordingFinished", json, channel)


def _within(spoken: Spans, began: float, now: float) -> list[tuple[float, float]]:
    clipped = [(max(since, began) - began, min(until, now) - began) for since, until in spoken]
    return [(since, until) for since, until in clipped if since < until]
