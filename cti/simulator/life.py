"""The life of a channel: it arrives or is dialled, is answered, enters an application, presses keys, ends.

    caller   Ring ------- answer ------> Up --- hang up ---> gone
    phone    Down --> Ringing --pick up-> Up

A caller's channel enters Stasis while it is in Ring, see `dialplan`. A channel that we originate enters Stasis when it
is answered; until then it belongs to nobody, yet the application for which it was dialled hears of it. A channel that
we create enters Stasis at once, in Down, and is dialled later.

The order of events was read off a real Asterisk 22, some of it odd: an application hears no `ChannelDestroyed` of a
caller's channel, because its interest ends with `StasisEnd`; of a channel that it dialled it does.
"""

from cti.simulator import bridging, playing, recorder
from cti.simulator.channels import NOBODY, Channel, ChannelState
from cti.simulator.wire import SIP_STATUS, JsonValue, cause_text
from cti.simulator.world import World, add_interest, drop_interest

NORMAL_CLEARING = 16
NO_ANSWER = 19
CANCELLED = 127
SOFT_HANGUP = 32
"""Not a Q.850 cause: what Asterisk puts into the `ChannelHangupRequest` of a hang-up that it was asked for."""


def new_channel_name(world: World, endpoint: str) -> str:
    """`PJSIP/alice-0000002a`, as chan_pjsip numbers its channels."""
    return f"PJSIP/{endpoint}-{world.number():08x}"


def new_channel_id(world: World) -> str:
    """`<seconds>.<number>`, as Asterisk makes up ids that nobody chose."""
    return f"{int(world.now)}.{world.number()}"


def enter_stasis(world: World, channel: Channel, app: str, args: tuple[str, ...]) -> None:
    """`Stasis(app,args...)` runs on the channel."""
    channel.app = app
    channel.position.app_name = "Stasis"
    channel.position.app_data = ",".join((app, *args))
    if channel.dialled:
        world.tell("ChannelVarset", channel, variable="STASISSTATUS", value="")
    add_interest(channel.interest, app)
    world.tell("StasisStart", channel, args=list(args))


def leave_stasis(world: World, channel: Channel) -> None:
    """The application no longer controls the channel."""
    if not channel.app:
        return
    playing.cancel_all(world, channel)
    bridging.leave(world, channel)
    world.tell("StasisEnd", channel)
    app, channel.app = channel.app, ""
    channel.when_idle = None
    drop_interest(channel.interest, app)
    world.tell("ChannelVarset", channel, variable="STASISSTATUS", value="SUCCESS")
    channel.position.app_name, channel.position.app_data = channel.resting


def answer(world: World, channel: Channel) -> None:
    """The PBX picks up a caller; nothing happens to a channel that is up."""
    if channel.state is ChannelState.UP:
        return
    channel.ringback = False
    set_state(world, channel, ChannelState.UP)
    playing.listen(world, channel)
    channel.party.answered()


def set_state(world: World, channel: Channel, state: ChannelState) -> None:
    """Change the state and say so."""
    channel.state = state
    world.tell("ChannelStateChange", channel)


def ringing(world: World, channel: Channel) -> None:
    """The phone that we dialled says that it rings."""
    set_state(world, channel, ChannelState.RINGING)
    world.tell_dial(channel, "RINGING")


def picked_up(world: World, channel: Channel) -> None:
    """A phone that we dialled was answered; its channel enters the application for which it was originated."""
    set_state(world, channel, ChannelState.UP)
    world.tell_dial(channel, "ANSWER")
    channel.party.answered()
    app, channel.wanted_app = channel.wanted_app, ""
    if app and not world.is_active(app):
        end(world, channel, NORMAL_CLEARING)
        return
    if app:
        enter_stasis(world, channel, app, channel.wanted_args)
    if channel.bridge:
        playing.listen_all(world, world.bridges[channel.bridge].channels)
    else:
        playing.listen(world, channel)


def refused(world: World, channel: Channel, cause: int) -> None:
    """A phone that we dialled said no. The SIP status that Asterisk maps to the cause goes along."""
    status = SIP_STATUS.get(cause, 480)
    world.tell("ChannelHangupRequest", channel, cause=cause, tech_cause=status)
    if channel.wanted_app:
        world.tell_dial(channel, {17: "BUSY", 34: "CONGESTION"}.get(cause, "NOANSWER"))
    end(world, channel, cause, tech_cause=status)


def rang_out(world: World, channel: Channel) -> None:
    """The PBX itself gives up after the timeout of the dial."""
    if channel.state is ChannelState.UP:
        return
    if channel.app:
        world.tell("ChannelHangupRequest", channel, cause=SOFT_HANGUP, soft=True)
    end(world, channel, NO_ANSWER, tech_cause=480)


def press(world: World, channel: Channel, key: str) -> None:
    """A key was held and released at the far end."""
    world.tell("ChannelDtmfReceived", channel, digit=key, duration_ms=round(world.settings.key_seconds * 1000))
    recorder.key(world, channel, key)


def set_variable(world: World, channel: Channel, name: str, value: str) -> None:
    """A channel variable gets a value."""
    channel.variables[name] = value
    world.tell("ChannelVarset", channel, variable=name, value=value)


def far_end_hangs_up(world: World, channel: Channel) -> None:
    """BYE from the other side, or CANCEL if we have not answered."""
    if channel.id not in world.channels:
        return
    if channel.state is ChannelState.UP:
        world.tell("ChannelHangupRequest", channel)
        end(world, channel, NORMAL_CLEARING)
    else:
        world.tell("ChannelHangupRequest", channel, cause=CANCELLED, tech_cause=487)
        end(world, channel, CANCELLED)


def hang_up(world: World, channel: Channel, cause: int) -> None:
    """Over ARI; `cause` is what the far end is told."""
    world.tell("ChannelHangupRequest", channel, cause=SOFT_HANGUP, soft=True)
    if channel.wanted_app:
        world.tell_dial(channel, "NOANSWER")
    end(world, channel, cause)


def end(world: World, channel: Channel, cause: int, *, tech_cause: int = 0) -> None:
    """The channel is gone: everything that it was part of ends first."""
    if world.channels.pop(channel.id, None) is None:
        return
    for timer in channel.timers:
        timer.cancel()
    leave_stasis(world, channel)
    fields: dict[str, JsonValue] = {"cause": cause, "cause_txt": cause_text(cause)}
    if tech_cause:
        fields["tech_cause"] = tech_cause
    world.tell("ChannelDestroyed", channel, **fields)
    channel.ear.turn_to("", world.now)
    world.keep_ear(channel)
    party, channel.party = channel.party, NOBODY
    party.ended(cause)
