"""Which channels of a PBX are legs of ours, and what can be told of them without having seen a single event.

Nobody keeps events for us: after a lost connection, or in a new process with an empty memory, a snapshot is all there
is. Who entered from the dialplan stands in the channel's application (`Stasis(callwright,in,5551000)`), what we knew
of a leg in its variable `CALLWRIGHT`, who talks with whom in the bridges.
"""

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import NamedTuple

from cti.asterisk.ari_objects import ENTERED_VARIABLE, MEMORY_VARIABLE, Bridge, Channel, Snapshot
from cti.asterisk.ari_requests import LEG_ARGUMENT, NO_MEMORY
from cti.events import CallArrived, LegSeen
from cti.model import CallerId, CallId, LegId, NodeName, leg_on

LONGEST_NUMBER, LONGEST_NAME = 64, 200
"""Characters of a caller id that are kept."""

_RINGING_APPLICATION = "AppDial2"
"""What Asterisk calls the application of a channel that ARI originates, until it is answered."""


class OurChannel(NamedTuple):
    """A channel of ours, and with which arguments it is in our application; None: it is not, its phone still rings."""

    channel: Channel
    args: tuple[str, ...] | None


def arrival_of(node: NodeName, channel: Channel, args: tuple[str, ...]) -> CallArrived | None:
    """Who came in from the dialplan with these arguments of `Stasis()`; `None` for a leg that we rang ourselves.

    A dialplan that gives no number is believed about its extension: whoever is in our application must not sit in
    silence.
    """
    if args[:1] == (LEG_ARGUMENT,):
        return None
    dialled = args[1] if len(args) > 1 and args[1] else channel.dialplan.exten
    leg = leg_on(node, channel.id)
    # Anybody can send any number and any name. Both travel in what we write on the leg, which has a limit.
    caller = CallerId(channel.caller.number[:LONGEST_NUMBER], channel.caller.name[:LONGEST_NAME])
    return CallArrived(CallId(leg), leg, caller, dialled, _entered(channel))


def _entered(channel: Channel) -> float:
    try:
        entered = float(channel.channelvars.get(ENTERED_VARIABLE) or 0.0)
    except ValueError:
        return 0.0
    return entered if isfinite(entered) else 0.0


def our_channels(node: NodeName, app: str, snapshot: Snapshot) -> dict[LegId, OurChannel]:
    """All living legs of ours on a PBX. Little is done for each: a large PBX has thousands, and calls wait."""
    found: dict[LegId, OurChannel] = {}
    for channel in snapshot.channels:
        args = _application_arguments(app, channel)
        if args is not None or (
            channel.dialplan.app_name == _RINGING_APPLICATION and channel.channelvars.get(MEMORY_VARIABLE)
        ):
            found[leg_on(node, channel.id)] = OurChannel(channel, args)
    return found


def legs_seen(node: NodeName, ours: Mapping[LegId, OurChannel], bridges: Sequence[Bridge]) -> tuple[LegSeen, ...]:
    """What there is to be told of these legs; `bridges` are those of the PBX."""
    partners = _partners(node, bridges)
    return tuple(_seen(node, leg, one, partners.get(leg, frozenset())) for leg, one in ours.items())


def _seen(node: NodeName, leg: LegId, ours: OurChannel, bridged: frozenset[LegId]) -> LegSeen:
    channel, args = ours
    memory = channel.channelvars.get(MEMORY_VARIABLE) or ""
    return LegSeen(
        leg,
        answered=args is not None and channel.state == "Up",
        bridged_with=tuple(sorted(bridged - {leg})),
        memory="" if memory == NO_MEMORY else memory,
        arrival=None if args is None else arrival_of(node, channel, args),
    )


def _application_arguments(app: str, channel: Channel) -> tuple[str, ...] | None:
    """Those of `Stasis()`, if the channel is in our application."""
    if channel.dialplan.app_name != "Stasis":
        return None
    name, *args = channel.dialplan.app_data.split(",")
    return tuple(args) if name == app else None


def _partners(node: NodeName, bridges: Sequence[Bridge]) -> dict[LegId, frozenset[LegId]]:
    """For each leg in a bridge, everybody in that bridge."""
    everybody = (frozenset(leg_on(node, channel) for channel in bridge.channels) for bridge in bridges)
    return {leg: legs for legs in everybody for leg in legs}
