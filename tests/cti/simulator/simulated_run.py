"""Takes the steps of a scenario on the simulated PBX, in virtual time."""

from collections.abc import Callable
from typing import assert_never

import msgspec

from cti.simulator.callers import Script, VirtualCaller
from cti.simulator.pbx import SimulatedPbx
from cti.simulator.settings import PbxSettings, services
from cti.simulator.wire import Response
from tests.cti.simulator.comparison import Answered, Json, Log, normal
from tests.cti.simulator.steps import (
    CALLER,
    Await,
    Connect,
    Dial,
    Disconnect,
    HangUp,
    Pause,
    Phone,
    Press,
    Rest,
    Step,
)

APP = "callwright"
START = 1_800_000_000.0
LONGEST_WAIT = 8.0
SOUNDS = {"beep": 0.3, "hello-world": 1.2, "demo-congrats": 30.0}


def run(steps: tuple[Step, ...]) -> Log:
    """What the simulated PBX answers and tells."""
    return _Run().take(steps)


class _Run:
    def __init__(self) -> None:
        settings = PbxSettings(services=services("5551000"), sounds=SOUNDS, missing_sounds=frozenset({"no-such-sound"}))
        self.now = START
        self.pbx = SimulatedPbx(settings, START)
        self.pbx.connect_app(APP, START)
        self.alice = self.pbx.add_phone("alice")
        self.pbx.add_phone("bob", registered=False)
        self.callers: list[VirtualCaller] = []
        self.answers: list[Answered] = []
        self.events: list[Json] = []
        self.seen = 0

    def take(self, steps: tuple[Step, ...]) -> Log:
        for step in steps:
            self._take(step)
            self._collect()
        self._pass(0.5)
        return normal(self.answers, self.events, self._names())

    def _names(self) -> dict[str, str]:
        return {self.callers[0].channel_id: CALLER} if self.callers else {}

    def _take(self, step: Step) -> None:
        match step:
            case Rest():
                self._request(step)
            case Await(kind):
                self._await(kind)
            case Dial(number):
                script = Script()
                self.callers.append(self.pbx.dial(number, "+15551234567", "", script, self.now))
            case Press(keys):
                self.callers[-1].press(keys)
            case Pause(seconds):
                self._pass(seconds)
            case HangUp():
                self.callers[-1].hang_up()
            case Phone(does):
                {"answer": self.alice.answer, "decline": self._decline, "hang_up": self.alice.hang_up}[does]()
            case Connect():
                self.pbx.connect_app(APP, self.now)
            case Disconnect():
                self.pbx.disconnect_app(APP, self.now)
            case _:
                assert_never(step)

    def _decline(self) -> bool:
        """The real phone of the recordings says 486 when it declines."""
        for leg in self.alice.ringing():
            leg.refuse(17)
        return True

    def _request(self, step: Rest) -> None:
        path = "/" + step.path
        query = dict(step.query)
        for name, instead in self._names().items():
            path = path.replace(instead, name)
            query = {key: value.replace(instead, name) for key, value in query.items()}
        body = b"" if step.body is None else msgspec.json.encode(step.body)
        response = self.pbx.request(step.method, path, query, body, self.now)
        place = len(self.answers)
        self.answers.append(Answered(f"{step.method} {step.path}", 0, None))
        if isinstance(response, Response):
            self._answered(place, response)
            return
        response.when_given(lambda given: self._answered(place, given))
        if step.waits:
            self._until(lambda: response.answer is not None, "answer")

    def _answered(self, place: int, response: Response) -> None:
        # There and back, as over the wire: tuples become lists, and nothing is shared with the PBX.
        json = msgspec.json.decode(msgspec.json.encode(response.body))
        self.answers[place] = Answered(self.answers[place].request, response.status, json)

    def _await(self, kind: str) -> None:
        self._collect()
        self._until(lambda: self._has_come(kind), kind)

    def _has_come(self, kind: str) -> bool:
        for position in range(self.seen, len(self.events)):
            if self.events[position]["type"] == kind:
                self.seen = position + 1
                return True
        return False

    def _until(self, condition: Callable[[], bool], what: str) -> None:
        deadline = self.now + LONGEST_WAIT
        while not condition():
            due = self.pbx.next_deadline()
            assert due is not None, f"no {what} came, and nothing is going to happen"
            assert due <= deadline, f"no {what} came"
            self._pass(max(0.0, due - self.now))

    def _pass(self, seconds: float) -> None:
        self.now += seconds
        self.pbx.tick(self.now)
        self._collect()

    def _collect(self) -> None:
        for _, event in self.pbx.take_events():
            self.events.append(msgspec.json.decode(msgspec.json.encode(event), type=dict[str, object]))
