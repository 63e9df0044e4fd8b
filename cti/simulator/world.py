"""The state of the simulated PBX at one moment, and how it tells its listeners what happens.

The modules `life`, `playing` and `bridging` are the machines that change it; `rest`, `phones` and `callers` push them.
`now` is virtual: whoever enters (`SimulatedPbx.request`, a timer) sets it, nothing reads a clock.
"""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from cti.simulator.bridges import Bridge, Playback
from cti.simulator.channels import Channel
from cti.simulator.hearing import Ear, Heard
from cti.simulator.recordings import Recording, Stored
from cti.simulator.settings import PbxSettings
from cti.simulator.timers import Timer, Timers
from cti.simulator.wire import JsonValue, timestamp

Event = dict[str, JsonValue]
ManagerEvent = dict[str, str]


class Telephone(Protocol):
    """A phone, as far as the PBX deals with it; `phones.Phone` is one."""

    @property
    def name(self) -> str:
        """Its PJSIP endpoint."""

    @property
    def registered(self) -> bool:
        """Whether it can be called."""

    @property
    def device_state(self) -> str:
        """What it is doing, in Asterisk's words."""

    @property
    def legs(self) -> Mapping[str, object]:
        """Its calls, by channel id."""

    def invite(self, channel: Channel) -> None:
        """Call it over this channel."""


@dataclass(slots=True)
class StasisApp:
    """An application that has connected at least once. Its events go nowhere while it is not `connected`."""

    name: str
    connected: bool = False
    subscribe_all: bool = False
    endpoints: set[str] = field(default_factory=set)
    devices: set[str] = field(default_factory=set)
    allowed: frozenset[str] = frozenset()
    """Types of events that it wants; empty: all."""
    disallowed: frozenset[str] = frozenset()
    """Types that it does not want, also if they are allowed."""

    def wants(self, kind: str) -> bool:
        """Whether an event of that type passes its filter."""
        return kind not in self.disallowed and (not self.allowed or kind in self.allowed)


def add_interest(interest: dict[str, int], app: str) -> None:
    """One more reason for an application to hear of it."""
    interest[app] = interest.get(app, 0) + 1


def drop_interest(interest: dict[str, int], app: str) -> bool:
    """One reason less; false if there was none."""
    if app not in interest:
        return False
    interest[app] -= 1
    if not interest[app]:
        del interest[app]
    return True


@dataclass(slots=True)
class World:
    """Everything that the PBX knows."""

    settings: PbxSettings
    now: float
    started: float
    timers: Timers = field(default_factory=Timers)
    apps: dict[str, StasisApp] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    bridges: dict[str, Bridge] = field(default_factory=dict)
    playbacks: dict[str, Playback] = field(default_factory=dict)
    recordings: dict[str, Recording] = field(default_factory=dict)
    stored_recordings: dict[str, Stored] = field(default_factory=dict)
    phones: dict[str, Telephone] = field(default_factory=dict)
    global_variables: dict[str, str] = field(default_factory=dict)
    outbox: list[tuple[str, Event]] = field(default_factory=list)
    """Events by application, in the order in which they happened."""
    manager_outbox: list[ManagerEvent] = field(default_factory=list)
    managers: int = 0
    """How many AMI sessions listen; while none does, no AMI event is made."""
    old_ears: dict[str, Ear] = field(default_factory=dict)
    old_ear_names: deque[str] = field(default_factory=deque)
    serial: int = 0

    def number(self) -> int:
        """The next number of the counter from which all names are made."""
        self.serial += 1
        return self.serial

    def later(self, seconds: float, action: Callable[[], None]) -> Timer:
        """Do `action` in so many seconds."""
        return self.timers.at(self.now + seconds, action)

    def tell(self, kind: str, channel: Channel, **fields: JsonValue) -> None:
        """An event about a channel, to every application that is interested in it and connected."""
        for name in self._listeners(channel.interest):
            event: Event = {"type": kind, "timestamp": timestamp(self.now), **fields}
            event["channel"] = channel.as_json(self.settings.channelvars)
            self.post(name, event)

    def tell_bridge(self, kind: str, bridge: Bridge, channel: Channel | None = None) -> None:
        """An event about a bridge and, where one came or went, a channel; once per application interested in either."""
        interest = bridge.interest if channel is None else bridge.interest | channel.interest
        for name in self._listeners(interest):
            event: Event = {"type": kind, "timestamp": timestamp(self.now), "bridge": bridge.as_json()}
            if channel is not None:
                event["channel"] = channel.as_json(self.settings.channelvars)
            self.post(name, event)

    def tell_dial(self, channel: Channel, status: str) -> None:
        """How the ringing of a phone goes on: empty, `RINGING`, `ANSWER`, `BUSY`, `NOANSWER`, `CONGESTION`."""
        for name in self._listeners(channel.interest):
            event: Event = {
                "type": "Dial",
                "timestamp": timestamp(self.now),
                "dialstatus": status,
                "forward": "",
                "dialstring": channel.dialstring if status else channel.dialled,
                "peer": channel.as_json(self.settings.channelvars),
            }
            self.post(name, event)

    def tell_playback(self, kind: str, playback: Playback, interest: dict[str, int]) -> None:
        """A playback began, went on to its next sound, or is over."""
        for name in self._listeners(interest):
            self.post(name, {"type": kind, "timestamp": timestamp(self.now), "playback": playback.as_json()})

    def tell_recording(self, kind: str, recording: JsonValue, channel: Channel) -> None:
        """A recording of a channel began, or is over."""
        for name in self._listeners(channel.interest):
            self.post(name, {"type": kind, "timestamp": timestamp(self.now), "recording": recording})

    def post(self, app: str, event: Event) -> None:
        """Put an event for one application into the outbox."""
        known = self.apps.get(app)
        if known is not None and not known.wants(str(event["type"])):
            return
        event["asterisk_id"] = self.settings.asterisk_id
        event["application"] = app
        self.outbox.append((app, event))

    def tell_manager(self, event: ManagerEvent) -> None:
        """An event for AMI, if anybody listens there."""
        if self.managers:
            self.manager_outbox.append(event)

    def _listeners(self, interest: dict[str, int]) -> list[str]:
        return [app.name for app in self.apps.values() if app.connected and (app.subscribe_all or app.name in interest)]

    def replaced(self) -> Event:
        """Tells a connection that another one has taken its application."""
        return {"type": "ApplicationReplaced", "timestamp": timestamp(self.now)}

    def is_active(self, app: str) -> bool:
        """Whether `Stasis(app)` would succeed now."""
        return app in self.apps and self.apps[app].connected

    def keep_ear(self, channel: Channel) -> None:
        """Remember what an ended channel heard; the oldest is forgotten beyond `remembered_ears`."""
        self.old_ears[channel.id] = channel.ear
        self.old_ear_names.append(channel.id)
        if len(self.old_ear_names) > self.settings.remembered_ears:
            self.old_ears.pop(self.old_ear_names.popleft(), None)

    def heard(self, channel: str) -> list[Heard]:
        """What a living or ended channel heard; `KeyError` if there is no such channel, or it ended long ago."""
        ear = self.channels[channel].ear if channel in self.channels else self.old_ears[channel]
        return ear.record(self.now)
