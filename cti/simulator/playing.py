"""What is heard: prompts queue up on a channel, music and ringback fill the gaps, bridges join voices.

A channel hears the first of: the prompt that plays to it, its own music, ringback, what its bridge gives it, what the
dialplan plays.

A channel's playbacks run on its own thread in Asterisk, and so does much else that it is asked for: setting a
variable, the answer, into and out of a bridge, back to the dialplan. What comes while a prompt plays waits until that
prompt, and those that were queued by then, are over (`in_turn`).

    playback   queued --> playing --> done, or failed
                  |         ^ |  \\--> continuing --> playing, the next sound
                  |         | v
                  |       paused
                  \\--> done, without a start, if it was stopped before its turn
"""

from collections.abc import Callable, Iterable

from cti.simulator.bridges import Bridge, Playback, PlaybackState
from cti.simulator.channels import Channel, ChannelState
from cti.simulator.hearing import RINGBACK, SILENCE
from cti.simulator.media import length, playable
from cti.simulator.recordings import Recording
from cti.simulator.wire import Later, Response
from cti.simulator.world import World

Target = Channel | Bridge


def now_heard(world: World, channel: Channel) -> str:
    """What reaches the far end of the channel at this moment."""
    sound = _prompt(channel)
    if sound:
        return sound
    if channel.music or channel.held:
        return f"music:{channel.music or 'default'}"
    if channel.ringback:
        return RINGBACK
    if channel.bridge:
        return _bridge_gives(world, world.bridges[channel.bridge], channel)
    return channel.announcement


def _prompt(target: Target) -> str:
    playback = target.playbacks[0] if target.playbacks else None
    if isinstance(playback, Playback) and playback.state is PlaybackState.PLAYING:
        return playback.media[playback.index]
    return SILENCE


def _bridge_gives(world: World, bridge: Bridge, channel: Channel) -> str:
    sound = _prompt(bridge)
    if sound:
        return sound
    if bridge.kind == "holding":
        return f"music:{bridge.music or 'default'}"
    others = [world.channels[name] for name in bridge.channels if name != channel.id]
    tones = [other.party.tone for other in others if other.state is ChannelState.UP]
    if tones:
        return tones[0] if len(tones) == 1 else "+".join(sorted(tones))
    return f"music:{bridge.music}" if bridge.music else SILENCE


def listen(world: World, channel: Channel, *, completed: bool = False) -> None:
    """Bring the channel's ear up to date. `completed`: the prompt that it heard until now was over by itself."""
    media = now_heard(world, channel)
    if channel.ear.turn_to(media, world.now, completed=completed):
        channel.party.hears(media)


def listen_all(world: World, channels: Iterable[str], *, completed: bool = False) -> None:
    """Something changed around these channels: each listens again."""
    for name in channels:
        listen(world, world.channels[name], completed=completed)


def _listen_at(world: World, target: Target, *, completed: bool = False) -> None:
    if isinstance(target, Bridge):
        listen_all(world, target.channels, completed=completed)
    elif target.id in world.channels:
        listen(world, target, completed=completed)


def play(world: World, target: Target, playback: Playback) -> None:
    """Queue a playback behind those of its target; it begins at once if there are none."""
    world.playbacks[playback.id] = playback
    target.playbacks.append(playback)
    if len(target.playbacks) == 1:
        _sound(world, target, playback)
        _listen_at(world, target)


def in_turn(channel: Channel, deed: Callable[[], Response]) -> Response | Later:
    """Do something on the channel's thread; the answer comes when it is done."""
    if not channel.playbacks:
        return deed()
    later = Later()
    channel.playbacks[-1].afterwards.append(lambda: later.give(deed()))
    return later


def when_idle(channel: Channel, deed: Callable[[], None]) -> None:
    """Do something once the channel has nothing else to do."""
    if channel.playbacks:
        channel.when_idle = deed
    else:
        deed()


def _sound(world: World, target: Target, playback: Playback) -> None:
    """Begin the present sound of a playback. Who listens is told by the caller, once all is settled."""
    playback.state = PlaybackState.PLAYING
    world.tell_playback("PlaybackStarted", playback, target.interest)
    media = playback.media[playback.index]
    if not playable(media):
        # Asterisk announces the start, finds no player for such a name, and never says that it is over.
        _remove(world, target, playback)
        _do_afterwards(playback)
        _next(world, target)
    elif media.partition(":")[2] in world.settings.missing_sounds or "," in media:
        playback.state = PlaybackState.FAILED
        _go_on(world, target, playback)
    else:
        _arm(world, target, playback, length(media, world.settings.sounds))


def _arm(world: World, target: Target, playback: Playback, seconds: float) -> None:
    playback.ends = world.now + seconds
    playback.timers = [world.later(seconds, lambda: _sound_over(world, target, playback))]


def _sound_over(world: World, target: Target, playback: Playback) -> None:
    playback.state = PlaybackState.DONE
    _go_on(world, target, playback)
    _listen_at(world, target, completed=True)


def _go_on(world: World, target: Target, playback: Playback) -> None:
    """One sound is over: the next of the list, or the end, which shows how the last sound fared."""
    if playback.index + 1 < len(playback.media):
        playback.state = PlaybackState.CONTINUING
        world.tell_playback("PlaybackContinuing", playback, target.interest)
        playback.index += 1
        _sound(world, target, playback)
    else:
        _finish(world, target, playback, playback.state)


def _finish(world: World, target: Target, playback: Playback, state: PlaybackState) -> None:
    _remove(world, target, playback)
    playback.state = state
    world.tell_playback("PlaybackFinished", playback, target.interest)
    _do_afterwards(playback)
    _next(world, target)


def go_on(world: World, channel: Channel, recording: Recording) -> None:
    """A recording is over: the next thing that the channel has to do."""
    channel.playbacks.remove(recording)
    _do_afterwards(recording)
    _next(world, channel)
    _listen_at(world, channel)


def _do_afterwards(playback: Playback | Recording) -> None:
    for deed in playback.afterwards:
        deed()


def _next(world: World, target: Target) -> None:
    if not target.playbacks:
        if isinstance(target, Channel) and target.when_idle is not None:
            target.when_idle()
        return
    following = target.playbacks[0]
    if isinstance(following, Recording):
        following.begin()
    elif following.cancelled:
        _finish(world, target, following, PlaybackState.DONE)
    else:
        _sound(world, target, following)


def _remove(world: World, target: Target, playback: Playback) -> None:
    _disarm(playback)
    target.playbacks.remove(playback)
    if world.playbacks.get(playback.id) is playback:
        del world.playbacks[playback.id]


def _disarm(playback: Playback) -> None:
    for timer in playback.timers:
        timer.cancel()
    playback.timers.clear()


def target_of(world: World, playback: Playback) -> Target:
    """The channel or bridge that it plays to."""
    return world.channels[playback.target] if playback.target_kind == "channel" else world.bridges[playback.target]


def stop(world: World, playback: Playback) -> None:
    """Cut it short. One that waits is over when its turn comes."""
    if playback.state is PlaybackState.QUEUED:
        playback.cancelled = True
        return
    target = target_of(world, playback)
    _finish(world, target, playback, PlaybackState.DONE)
    _listen_at(world, target)


def pause(world: World, playback: Playback) -> None:
    """Silence, until `resume`."""
    if playback.state is PlaybackState.PLAYING:
        _disarm(playback)
        playback.left = playback.ends - world.now
        playback.state = PlaybackState.PAUSED
        _listen_at(world, target_of(world, playback))


def resume(world: World, playback: Playback) -> None:
    """Go on where `pause` stopped."""
    if playback.state is PlaybackState.PAUSED:
        target = target_of(world, playback)
        playback.state = PlaybackState.PLAYING
        world.tell_playback("PlaybackStarted", playback, target.interest)
        _arm(world, target, playback, playback.left)
        _listen_at(world, target)


def restart(world: World, playback: Playback) -> None:
    """Play the present sound from its beginning."""
    if playback.state is PlaybackState.PLAYING:
        _disarm(playback)
        media = playback.media[playback.index]
        _arm(world, target_of(world, playback), playback, length(media, world.settings.sounds))


def cancel_all(world: World, target: Target) -> None:
    """The target goes away. Each playback is announced as failed, even those whose turn had not come."""
    while target.playbacks:
        playback = target.playbacks[0]
        if isinstance(playback, Recording):
            target.playbacks.pop(0)
            playback.give_up()
            _do_afterwards(playback)
            continue
        if playback.state is PlaybackState.QUEUED and not playback.cancelled:
            playback.state = PlaybackState.PLAYING
            world.tell_playback("PlaybackStarted", playback, target.interest)
        _remove(world, target, playback)
        playback.state = PlaybackState.DONE if playback.cancelled else PlaybackState.FAILED
        world.tell_playback("PlaybackFinished", playback, target.interest)
        _do_afterwards(playback)
