"""A simulated PBX with a clock of its own, for tests in virtual time."""

import msgspec

from cti.simulator.callers import Script, VirtualCaller
from cti.simulator.pbx import SimulatedPbx
from cti.simulator.phones import Habit
from cti.simulator.settings import PbxSettings, services
from cti.simulator.wire import Later, Response
from cti.simulator.world import Event

APP = "callwright"
NUMBER = "5551000"
START = 1_800_000_000.0
SETTINGS = PbxSettings(services=services(NUMBER), sounds={"short": 1.0, "long": 10.0})


class Bench:
    """What a test does by hand, in short words. `now` is moved by `wait` only."""

    def __init__(self, settings: PbxSettings = SETTINGS, *, connected: bool = True) -> None:
        self.now = START
        self.pbx = SimulatedPbx(settings, START)
        if connected:
            self.pbx.connect_app(APP, START)

    def ask(self, method: str, path: str, body: object = None, **query: str) -> Response:
        """One REST request that is answered at once; the body is bytes, or JSON."""
        encoded = body if isinstance(body, bytes) else b"" if body is None else msgspec.json.encode(body)
        response = self.pbx.request(method, path, query, encoded, self.now)
        assert isinstance(response, Response), "it waits for the end of a prompt"
        return response

    def ask_and_wait(self, method: str, path: str, **query: str) -> Later:
        """One that is not answered yet."""
        later = self.pbx.request(method, path, query, b"", self.now)
        assert isinstance(later, Later), "it does not wait for the end of the prompt"
        assert later.answer is None
        return later

    def do(self, method: str, path: str, body: object = None, **query: str) -> Response:
        """One that must succeed."""
        response = self.ask(method, path, body, **query)
        assert response.status < 300, (method, path, response)
        return response

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds
        self.pbx.tick(self.now)

    def call(self, script: Script | None = None, number: str = NUMBER) -> VirtualCaller:
        """Somebody calls."""
        return self.pbx.dial(number, "+15550100", "Ann", script or Script(), self.now)

    def answered(self, script: Script | None = None) -> VirtualCaller:
        """Somebody calls, and is answered."""
        caller = self.call(script)
        self.do("POST", f"/channels/{caller.channel_id}/answer")
        return caller

    def ring(self, phone: str = "alice", habit: Habit | None = None, leg: str = "leg-1") -> None:
        """A new phone is rung."""
        self.pbx.add_phone(phone, habit)
        self.do("POST", f"/channels/{leg}", {"endpoint": f"PJSIP/{phone}", "app": APP, "appArgs": "leg"})
        self.wait(0.1)

    def talk(self, script: Script | None = None, habit: Habit | None = None) -> VirtualCaller:
        """A caller and Alice, in one bridge."""
        caller = self.answered(script)
        self.ring(habit=habit)
        self.pbx.phone("alice").answer()
        self.do("POST", "/bridges/br-1", {"type": "mixing"})
        self.do("POST", "/bridges/br-1/addChannel", channel=f"{caller.channel_id},leg-1")
        return caller

    def hears(self, caller: VirtualCaller) -> str:
        """What a caller hears now."""
        return self.pbx.hears(caller.channel_id, self.now)

    def events(self) -> list[Event]:
        """What was told since the last time."""
        return [event for _, event in self.pbx.take_events()]

    def kinds(self) -> list[str]:
        """The same, by type."""
        return [str(event["type"]) for event in self.events()]
