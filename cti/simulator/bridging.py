"""Channels enter and leave bridges."""

from cti.simulator import playing
from cti.simulator.bridges import Bridge
from cti.simulator.channels import Channel, ChannelState
from cti.simulator.world import World, add_interest, drop_interest


def create(world: World, name: str, kind: str, label: str) -> Bridge:
    """An empty bridge. Nobody hears of it who did not subscribe to all bridges."""
    bridge = Bridge(name, label, kind, world.now)
    world.bridges[name] = bridge
    world.tell_bridge("BridgeCreated", bridge)
    return bridge


def enter(world: World, bridge: Bridge, channel: Channel) -> None:
    """The channel joins, out of the bridge that it is in, even if that is the same one."""
    depart(world, channel)
    channel.bridge = bridge.id
    bridge.channels.append(channel.id)
    if channel.app:
        add_interest(bridge.interest, channel.app)
    world.tell_bridge("ChannelEnteredBridge", bridge, channel)
    if bridge.kind == "mixing" and len(bridge.channels) == 2:
        other = world.channels[bridge.channels[0]]
        _connect(world, channel, other)
        _connect(world, other, channel)
    playing.listen_all(world, bridge.channels)


def _connect(world: World, channel: Channel, other: Channel) -> None:
    """Each of two learns the other's number, as Asterisk's connected line updates do; said only if it is news."""
    if (channel.connected_number, channel.connected_name) == (other.caller_number, other.caller_name):
        return
    channel.connected_number, channel.connected_name = other.caller_number, other.caller_name
    if channel.state is ChannelState.UP:
        world.tell("ChannelConnectedLine", channel)


def depart(world: World, channel: Channel) -> None:
    """Taken out by order: the application loses the interest in the bridge that it had through this channel."""
    if channel.bridge:
        bridge = world.bridges[channel.bridge]
        leave(world, channel)
        drop_interest(bridge.interest, channel.app)


def leave(world: World, channel: Channel) -> None:
    """The channel leaves the bridge that it is in, if any; the others stay, perhaps in silence.

    Without an order, by hanging up, Asterisk keeps the application's interest in the bridge.
    """
    if not channel.bridge:
        return
    bridge = world.bridges[channel.bridge]
    channel.bridge = ""
    bridge.channels.remove(channel.id)
    world.tell_bridge("ChannelLeftBridge", bridge, channel)
    playing.listen_all(world, bridge.channels)
    if channel.id in world.channels:
        playing.listen(world, channel)


def destroy(world: World, bridge: Bridge) -> None:
    """The bridge ends; its channels stay where they are, in silence. `BridgeDestroyed` reaches whoever is left."""
    playing.cancel_all(world, bridge)
    for name in reversed(bridge.channels.copy()):
        depart(world, world.channels[name])
    del world.bridges[bridge.id]
    world.tell_bridge("BridgeDestroyed", bridge)
