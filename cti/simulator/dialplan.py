"""The dialplan: what happens to a caller outside our application. It follows the one that we ship.

arrived --> Stasis, while the application is connected
   |          \\--> (handed back) --> fallback
   |          \\--> (put through) --> rings outside --> somebody there, or a word, and as if he had just arrived
   \\--> tries again for two seconds, ringing --> fallback: answers, announcement, music, Stasis once a minute
"""

from collections.abc import Callable

from cti.simulator import life, playing
from cti.simulator.channels import Channel, ChannelState, Party, Position
from cti.simulator.media import length
from cti.simulator.world import World

BUSY = 17
TRANSFER_CONTEXT, TRANSFER_LABEL = "callwright-transfer", "out"


def arrive(world: World, number: str, name: str, dialled: str, party: Party) -> Channel:
    """Somebody dials a service number over the trunk. The channel stands at the head of the dialplan; `run` goes on."""
    channel = Channel(
        id=life.new_channel_id(world),
        name=life.new_channel_name(world, world.settings.trunk),
        state=ChannelState.RING,
        created=world.now,
        position=Position("callwright-enter", dialled),
        protocol_id=f"sim-{world.number()}",
        caller_number=number,
        caller_name=name,
        party=party,
        service=dialled,
    )
    enter(world, channel)
    world.channels[channel.id] = channel
    return channel


def enter(world: World, channel: Channel) -> None:
    """The head of the dialplan: when he came is written down."""
    channel.position = Position("callwright-enter", channel.service, 5, "Stasis")
    channel.tries = 0
    if world.settings.entered_variable:
        channel.variables[world.settings.entered_variable] = f"{world.now:.3f}"


def run(world: World, channel: Channel) -> None:
    """`Stasis()`; if it fails, the same again a little later, in the end the fallback."""
    if _stasis(world, channel):
        return
    fallback = world.settings.fallback
    channel.tries += 1
    if channel.tries < fallback.tries:
        channel.ringback = True
        playing.listen(world, channel)
        _later(world, channel, fallback.pause, run)
    else:
        fall_back(world, channel)


def _stasis(world: World, channel: Channel) -> bool:
    service = world.settings.services[channel.position.exten]
    if not world.is_active(service.app):
        return False
    channel.announcement = ""
    channel.ringback = False
    playing.listen(world, channel)
    life.enter_stasis(world, channel, service.app, service.args)
    return True


def _later(world: World, channel: Channel, seconds: float, then: Callable[[World, Channel], None]) -> None:
    channel.timers.append(world.later(seconds, lambda: then(world, channel)))


def fall_back(world: World, channel: Channel) -> None:
    """Answer, ask for patience, wait."""
    channel.position = Position("callwright-fallback", channel.service, 3, "Playback")
    channel.music = ""
    channel.ringback = False
    life.answer(world, channel)
    announcement = world.settings.fallback.announcement
    channel.announcement = announcement
    playing.listen(world, channel)
    _later(world, channel, length(announcement, world.settings.sounds), _wait)


def _wait(world: World, channel: Channel) -> None:
    channel.position.priority, channel.position.app_name = 5, "Queue"
    channel.announcement = world.settings.fallback.music
    playing.listen(world, channel, completed=True)
    _later(world, channel, world.settings.fallback.wait, _try_again)


def _try_again(world: World, channel: Channel) -> None:
    if _stasis(world, channel):
        return
    channel.rounds += 1
    if channel.rounds >= world.settings.fallback.rounds:
        life.end(world, channel, BUSY)
    else:
        fall_back(world, channel)


def has(world: World, context: str, label: str) -> bool:
    """Whether the dialplan has such a place. Of all its contexts this is the one with a label."""
    return world.settings.transfers.there and (context, label) == (TRANSFER_CONTEXT, TRANSFER_LABEL)


def put_through(world: World, channel: Channel, number: str) -> None:
    """Call somebody outside. What the application has written on the channel is wiped off: he is not its own now."""
    for name in world.settings.channelvars:
        if name != world.settings.entered_variable:
            channel.variables.pop(name, None)
    channel.position = Position(TRANSFER_CONTEXT, number, 3, "Dial")
    channel.transfers += 1
    channel.music = ""
    rings = world.settings.transfers.answers.get(number)
    if rings is None:
        _nobody_answers(world, channel)
        return
    channel.ringback = True
    playing.listen(world, channel)
    _later(world, channel, rings, _somebody_answers)


def _somebody_answers(world: World, channel: Channel) -> None:
    channel.ringback = False
    channel.announcement = f"tone:{channel.position.exten}"
    playing.listen(world, channel)


def _nobody_answers(world: World, channel: Channel) -> None:
    channel.announcement = world.settings.transfers.sorry
    playing.listen(world, channel)
    _later(world, channel, length(channel.announcement, world.settings.sounds), _from_the_beginning)


def _from_the_beginning(world: World, channel: Channel) -> None:
    if channel.transfers >= world.settings.transfers.rounds:
        life.end(world, channel, BUSY)
        return
    enter(world, channel)
    run(world, channel)
