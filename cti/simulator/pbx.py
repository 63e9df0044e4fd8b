"""The simulated PBX as one object: requests in, answers and events out, time as an argument."""

from collections.abc import Callable, Mapping
from itertools import chain

from cti.simulator import rest
from cti.simulator.callers import Script, VirtualCaller
from cti.simulator.hearing import Heard
from cti.simulator.phones import Habit, Phone
from cti.simulator.playing import now_heard
from cti.simulator.settings import PbxSettings
from cti.simulator.wire import Later, Response
from cti.simulator.world import Event, ManagerEvent, StasisApp, World


class SimulatedPbx:
    """An Asterisk 22 without telephones, sockets or a clock.

    `now` is seconds since the epoch and never runs backwards. Whoever calls first lets happen what was due by then;
    what the PBX has to say is fetched with `take_events` and `take_manager_events`.
    """

    def __init__(self, settings: PbxSettings, now: float) -> None:
        self.settings = settings
        self.world = World(settings, now, now)
        self._phones: dict[str, Phone] = {}

    # ---- time ----

    def next_deadline(self) -> float | None:
        """When to call `tick`; `None` while nothing is going to happen by itself."""
        return self.world.timers.next_deadline()

    def tick(self, now: float) -> None:
        """Let happen what is due, each thing at its own time."""
        world = self.world
        timer = world.timers.pop_due(now)
        while timer is not None:
            world.now = max(world.now, timer.at)
            if timer.action is not None:
                timer.action()
            timer = world.timers.pop_due(now)
        world.now = max(world.now, now)

    # ---- what the wire protocols need ----

    def request(self, method: str, path: str, query: Mapping[str, str], body: bytes, now: float) -> Response | Later:
        """One REST request. `path` is relative to ARI's root and percent-encoded; `body` is JSON or empty."""
        self.tick(now)
        return rest.request(self.world, method, path, query, body)

    def connect_app(self, name: str, now: float, *, subscribe_all: bool = False) -> None:
        """The event socket of an application is open. If there was one, it is told that it is replaced."""
        self.tick(now)
        app = self.world.apps.setdefault(name, StasisApp(name))
        if app.connected:
            self.world.post(name, self.world.replaced())
        app.connected = True
        app.subscribe_all = subscribe_all

    def disconnect_app(self, name: str, now: float) -> None:
        """The event socket is gone. Channels stay in Stasis; events for it are lost from here on."""
        self.tick(now)
        if name in self.world.apps:
            self.world.apps[name].connected = False

    def take_events(self) -> list[tuple[str, Event]]:
        """What happened since the last time, in order: name of an application, and the JSON for it."""
        events, self.world.outbox = self.world.outbox, []
        return events

    def take_manager_events(self) -> list[ManagerEvent]:
        """The same for AMI; empty while `managers` is 0."""
        events, self.world.manager_outbox = self.world.manager_outbox, []
        return events

    def restart(self, now: float) -> None:
        """Asterisk crashes and comes back: channels, bridges, subscriptions are gone, registrations are not.

        The far ends notice. Nobody is told an event, because nobody is connected to a process that is dead.
        """
        self.tick(now)
        world = self.world
        lost = list(world.channels.values())
        doomed = [channel.timers for channel in lost] + [playback.timers for playback in world.playbacks.values()]
        doomed += [recording.timers for recording in world.recordings.values()]
        for timer in chain.from_iterable(doomed):
            timer.cancel()
        for what in (
            world.channels,
            world.bridges,
            world.playbacks,
            world.recordings,
            world.apps,
            world.global_variables,
        ):
            what.clear()
        world.outbox.clear()
        world.manager_outbox.clear()
        world.managers = 0
        world.started = world.now
        for channel in lost:
            channel.ear.turn_to("", world.now)
            world.keep_ear(channel)
            channel.party.ended(0)

    # ---- the people at both ends ----

    def add_phone(self, name: str, habit: Habit | None = None, *, registered: bool = True) -> Phone:
        """A phone that can be called as `PJSIP/<name>`."""
        phone = Phone(self.world, name, habit or Habit(), registered)
        self._phones[name] = phone
        self.world.phones[name] = phone
        return phone

    def phone(self, name: str) -> Phone:
        """A phone that was added before; `KeyError` if there is none."""
        return self._phones[name]

    def phones(self) -> list[Phone]:
        """All of them."""
        return list(self._phones.values())

    def dial(
        self,
        dialled: str,
        number: str,
        name: str,
        script: Script,
        now: float,
        when_over: Callable[[], None] = lambda: None,
    ) -> VirtualCaller:
        """Somebody from outside calls a number. `when_over` is called when his call has ended, or was refused."""
        self.tick(now)
        caller = VirtualCaller(self.world, number, name, script, when_over)
        caller.dial(dialled)
        return caller

    # ---- what a test asks ----

    def heard(self, channel: str, now: float) -> list[Heard]:
        """What the far end of a channel heard, until now or to its end."""
        self.tick(now)
        return self.world.heard(channel)

    def hears(self, channel: str, now: float) -> str:
        """What it hears now; empty for silence, and for a channel that is gone."""
        self.tick(now)
        living = self.world.channels.get(channel)
        return now_heard(self.world, living) if living is not None else ""
