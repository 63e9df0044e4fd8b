"""REST requests about channels. Statuses and words are those of Asterisk 22, tried one by one."""

import re
from collections.abc import Callable

from cti.simulator import dialplan, life, playing
from cti.simulator.arguments import Arguments, Refused, created
from cti.simulator.bridges import Playback
from cti.simulator.channels import Channel, ChannelState, Position
from cti.simulator.wire import NO_CONTENT, REASONS, Later, Response, refusal
from cti.simulator.world import Telephone, World, add_interest

_CALLER_ID = re.compile(r'\s*"?([^"<]*?)"?\s*<([^>]*)>\s*')
_OUTBOUND_UNANSWERED = frozenset({ChannelState.DOWN, ChannelState.RINGING})
Operation = Callable[[World, Channel, Arguments], Response | Later]


def find(world: World, channel: str) -> Channel:
    """The channel; 404 if there is none."""
    if channel not in world.channels:
        raise Refused(404, "Channel not found")
    return world.channels[channel]


def controlled(world: World, name: str) -> Channel:
    """The channel, if an application controls it and it can be talked to; 404, 409 or 412 if not."""
    channel = find(world, name)
    if not channel.app:
        raise Refused(409, "Channel not in Stasis application")
    if channel.state in _OUTBOUND_UNANSWERED:
        raise Refused(412, "Channel in invalid state")
    return channel


def list_all(world: World, ids: tuple[str, ...], asked: Arguments) -> Response:
    """`GET /channels`."""
    channelvars = world.settings.channelvars
    return Response(200, [channel.as_json(channelvars) for channel in world.channels.values()])


def show(world: World, ids: tuple[str, ...], asked: Arguments) -> Response:
    """`GET /channels/{id}`."""
    return Response(200, find(world, ids[0]).as_json(world.settings.channelvars))


def originate(world: World, ids: tuple[str, ...], asked: Arguments) -> Response:
    """`POST /channels/{id}`, or `POST /channels` with or without `channelId`: call a phone for the application."""
    phone, dialled = _phone(world, asked)
    if not asked.text("app"):
        raise Refused(400, "Application or extension must be specified")
    variables = asked.variables()
    channel = _outbound(world, ids[0] if ids else asked.text("channelId"), phone, dialled)
    match = _CALLER_ID.fullmatch(asked.text("callerId"))
    name, number = (match[1], match[2]) if match else ("", asked.text("callerId"))
    channel.caller_name = channel.connected_name = name
    channel.caller_number = channel.connected_number = number
    channel.variables.update(variables)
    channel.dialstring = dialled
    channel.wanted_app = asked.text("app")
    channel.wanted_args = _args(asked)
    channel.resting = ("AppDial2", "(Outgoing Line)")
    channel.position.app_name, channel.position.app_data = channel.resting
    add_interest(channel.interest, channel.wanted_app)
    answer = Response(200, channel.as_json(world.settings.channelvars))
    world.tell_dial(channel, "")
    _call(world, channel, phone, asked.number("timeout", 30))
    return answer


def create(world: World, ids: tuple[str, ...], asked: Arguments) -> Response:
    """`POST /channels/create`: a channel in Stasis that rings nobody yet; see `dial`."""
    phone, dialled = _phone(world, asked)
    app = asked.text("app")
    if not app:
        raise Refused(400, "Application must be specified")
    variables = asked.variables()
    channel = _outbound(world, asked.text("channelId"), phone, dialled)
    channel.variables.update(variables)
    answer = Response(200, channel.as_json(world.settings.channelvars))
    if not world.is_active(app):
        life.end(world, channel, life.NORMAL_CLEARING)
        return answer
    args = _args(asked)
    add_interest(channel.interest, app)
    channel.position.app_name, channel.position.app_data = "Stasis", ",".join((app, *args))
    world.tell("ChannelDialplan", channel, dialplan_app="Stasis", dialplan_app_data=channel.position.app_data)
    life.enter_stasis(world, channel, app, args)
    return answer


def dial(world: World, ids: tuple[str, ...], asked: Arguments) -> Response:
    """`POST /channels/{id}/dial`: ring the phone of a created channel."""
    channel = find(world, ids[0])
    if not channel.app:
        raise Refused(409, "Channel not in Stasis application")
    if channel.state is not ChannelState.DOWN or channel.dialled not in world.phones:
        raise Refused(409, f"Channel '{channel.name}' is in use")
    world.tell_dial(channel, "")
    _call(world, channel, world.phones[channel.dialled], asked.number("timeout", 0))
    return NO_CONTENT


def _phone(world: World, asked: Arguments) -> tuple[Telephone, str]:
    endpoint = asked.text("endpoint")
    if not endpoint:
        raise Refused(400, "Endpoint must be specified")
    technology, slash, resource = endpoint.partition("/")
    if not (technology and slash and resource):
        raise Refused(400, "Invalid endpoint specified")
    name = resource.partition("/")[0]
    phone = world.phones.get(name)
    if technology != "PJSIP" or phone is None or not phone.registered:
        raise AllocationFailed
    return phone, name


class AllocationFailed(Exception):
    """The phone has no registration, or does not exist: 500, in words unlike those of any other error."""

    response = Response(500, {"error": "Allocation failed"})


def _outbound(world: World, wanted: str, phone: Telephone, dialled: str) -> Channel:
    name = wanted or life.new_channel_id(world)
    if name in world.channels:
        raise Refused(409, "Channel with given unique ID already exists")
    channel = Channel(
        id=name,
        name=life.new_channel_name(world, dialled),
        state=ChannelState.DOWN,
        created=world.now,
        position=Position("callwright-phones", "s"),
        protocol_id=f"sim-{world.number()}",
        dialled=dialled,
    )
    world.channels[name] = channel
    return channel


def _args(asked: Arguments) -> tuple[str, ...]:
    given = asked.text("appArgs")
    return tuple(given.split(",")) if given else ()


def _call(world: World, channel: Channel, phone: Telephone, timeout: int) -> None:
    if timeout > 0:
        channel.timers.append(world.later(timeout, lambda: life.rang_out(world, channel)))
    phone.invite(channel)


def hang_up(world: World, ids: tuple[str, ...], asked: Arguments) -> Response:
    """`DELETE /channels/{id}`."""
    channel = find(world, ids[0])
    reason, code = asked.text("reason"), asked.text("reason_code")
    if code and not reason:
        cause = asked.number("reason_code", life.NORMAL_CLEARING)
    elif reason and reason not in REASONS:
        raise Refused(400, "Invalid reason for hangup reason provided")
    else:
        cause = REASONS[reason or "normal"]
    life.hang_up(world, channel, cause)
    return NO_CONTENT


def get_variable(world: World, ids: tuple[str, ...], asked: Arguments) -> Response:
    """`GET /channels/{id}/variable`."""
    name = asked.text("variable")
    if not name:
        raise Refused(400, "Variable name is required")
    if ids[0] not in world.channels:
        raise Refused(404, "Provided channel was not found")
    variables = world.channels[ids[0]].variables
    if name not in variables:
        raise Refused(404, "Provided variable was not found")
    return Response(200, {"value": variables[name]})


def set_variable(world: World, ids: tuple[str, ...], asked: Arguments) -> Response | Later:
    """`POST /channels/{id}/variable`."""
    name = asked.text("variable")
    if not name:
        raise Refused(400, "Variable name is required")
    channel = find(world, ids[0])
    if not channel.app:
        raise Refused(409, "Channel not in Stasis application")
    value = asked.text("value")

    def deed() -> Response:
        life.set_variable(world, channel, name, value)
        return NO_CONTENT

    return playing.in_turn(channel, deed)


def play(world: World, ids: tuple[str, ...], asked: Arguments) -> Response:
    """`POST /channels/{id}/play/{playbackId}`, or without an id."""
    channel = controlled(world, ids[0])
    playback = new_playback(world, channel.id, "channel", ids, asked)
    answer = created(playback.as_json())
    playing.play(world, channel, playback)
    return answer


def new_playback(world: World, target: str, kind: str, ids: tuple[str, ...], asked: Arguments) -> Playback:
    """What is to be played, for a channel or a bridge; 500 if that is nothing."""
    media = asked.texts("media")
    if not media or not all(media):
        raise Refused(500, "Failed to queue media for playback")
    name = ids[1] if len(ids) > 1 else asked.text("playbackId") or f"playback-{world.number()}"
    return Playback(name, target, kind, media, asked.text("lang") or "en")


def answer(world: World, channel: Channel, asked: Arguments) -> Response | Later:
    """`POST /channels/{id}/answer`; 500 if the channel ends before it has time for it."""

    def deed() -> Response:
        if channel.id not in world.channels:
            return refusal(500, "Failed to answer channel")
        life.answer(world, channel)
        return NO_CONTENT

    return playing.in_turn(channel, deed)


def start_music(world: World, channel: Channel, asked: Arguments) -> Response:
    """`POST /channels/{id}/moh`."""
    channel.music = asked.text("mohClass") or "default"
    playing.listen(world, channel)
    return NO_CONTENT


def stop_music(world: World, channel: Channel, asked: Arguments) -> Response:
    """`DELETE /channels/{id}/moh`."""
    channel.music = ""
    playing.listen(world, channel)
    return NO_CONTENT


def start_ringback(world: World, channel: Channel, asked: Arguments) -> Response:
    """`POST /channels/{id}/ring`."""
    channel.ringback = True
    playing.listen(world, channel)
    return NO_CONTENT


def stop_ringback(world: World, channel: Channel, asked: Arguments) -> Response:
    """`DELETE /channels/{id}/ring`."""
    channel.ringback = False
    playing.listen(world, channel)
    return NO_CONTENT


def hold(world: World, channel: Channel, asked: Arguments) -> Response:
    """`POST /channels/{id}/hold`."""
    channel.held = True
    playing.listen(world, channel)
    return NO_CONTENT


def unhold(world: World, channel: Channel, asked: Arguments) -> Response:
    """`DELETE /channels/{id}/hold`."""
    channel.held = False
    playing.listen(world, channel)
    return NO_CONTENT


def hand_back(world: World, channel: Channel, asked: Arguments) -> Response:
    """`POST /channels/{id}/continue`: out of Stasis once nothing else is to be done; the answer does not wait for that.

    A channel that we dialled has no dialplan to go on with.
    """

    context, number, label = asked.text("context"), asked.text("extension"), asked.text("label")
    if label and not dialplan.has(world, context, label):
        raise Refused(404, "Requested label can not be found")

    def leave() -> None:
        life.leave_stasis(world, channel)
        if channel.dialled:
            life.end(world, channel, life.NORMAL_CLEARING)
        elif label:
            dialplan.put_through(world, channel, number)
        else:
            dialplan.fall_back(world, channel)

    playing.when_idle(channel, leave)
    return NO_CONTENT
