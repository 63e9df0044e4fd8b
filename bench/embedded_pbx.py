"""The ceiling of the embedded PBX: simulated calls per second, so that a load test knows whom it measures.

One call is: dial, answer, one prompt, music, a phone is rung and picks up, a bridge, hang-up on both sides; eleven
requests, 24 events. First without sockets, then through them with a client that does not think, then with the real
links and the real brain at the other end (see `embedded_centre`).
"""

import asyncio
import time
from collections.abc import Awaitable, Callable

import aiohttp
import msgspec

from bench.embedded_centre import with_the_centre
from bench.figures import Part, Say, rate, times
from bench.pbx_process import APP, LINES, NUMBER, SETTINGS, PbxProcess
from cti.simulator.callers import Script
from cti.simulator.pbx import SimulatedPbx
from cti.simulator.phones import Habit, Reaction
from cti.simulator.wire import Later

ROUNDS = 3
AT_ONCE = Habit(Reaction.ANSWER, 0.0)


def pure(calls: int) -> float:
    """Calls per second of CPU time, without sockets and without JSON on the way out."""
    pbx = SimulatedPbx(SETTINGS, 0.0)
    pbx.connect_app(APP, 0.0)
    pbx.add_phone("alice", AT_ONCE)
    began = time.process_time()
    for number in range(calls):
        _pure_call(pbx, number)
    return calls / (time.process_time() - began)


def _pure_call(pbx: SimulatedPbx, number: int) -> None:
    now, leg, bridge = float(number), f"leg-{number}", f"bridge-{number}"
    caller = pbx.dial(NUMBER, "+15550100", "Ann", Script(), now)
    channel = f"/channels/{caller.channel_id}"

    def ask(method: str, path: str, body: object = None, **query: str) -> None:
        response = pbx.request(method, path, query, b"" if body is None else msgspec.json.encode(body), now)
        if isinstance(response, Later) or response.status >= 300:
            raise RuntimeError(f"{method} {path}: {response}")

    ask("POST", f"{channel}/answer")
    ask("POST", f"{channel}/play/prompt-{number}", media="sound:short")
    now += 0.1
    ask("POST", f"{channel}/moh")
    ask("POST", f"/channels/{leg}", _ring("alice"))
    now += 0.1
    ask("DELETE", f"{channel}/moh")
    ask("POST", f"/bridges/{bridge}", {"type": "mixing"})
    ask("POST", f"/bridges/{bridge}/addChannel", channel=f"{caller.channel_id},{leg}")
    ask("DELETE", f"/channels/{leg}")
    caller.hang_up()
    ask("DELETE", f"/bridges/{bridge}")
    pbx.take_events()


def _ring(phone: str) -> dict[str, object]:
    variables = {"CALLWRIGHT": "x"}
    return {"endpoint": f"PJSIP/{phone}", "app": APP, "appArgs": "leg", "timeout": 20, "variables": variables}


class _Load:
    """A client without a thought in its head, so that the server is what is measured."""

    def __init__(self, http: aiohttp.ClientSession, pbx: PbxProcess) -> None:
        self._http = http
        self._pbx = pbx
        self._arrivals: asyncio.Queue[str] = asyncio.Queue()
        self._awaited: dict[tuple[str, str], asyncio.Event] = {}

    async def read(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        async for message in socket:
            event = msgspec.json.decode(message.data)
            subject = (event.get("channel") or event.get("playback") or event.get("bridge") or {}).get("id", "")
            if event["type"] == "StasisStart" and not subject.startswith("leg-"):
                self._arrivals.put_nowait(subject)
            awaited = self._awaited.pop((event["type"], subject), None)
            if awaited is not None:
                awaited.set()

    async def _ask(self, method: str, path: str, body: object = None, **query: str) -> None:
        async with self._http.request(method, self._pbx.url + path, params=query, json=body) as response:
            await response.read()
            if response.status >= 300:
                raise RuntimeError(f"{method} {path}: {response.status}")

    async def _until(self, kind: str, subject: str, does: Callable[[], Awaitable[None]]) -> None:
        self._awaited[kind, subject] = happened = asyncio.Event()
        await does()
        await happened.wait()

    async def call(self, number: int, phone: str) -> None:
        self._pbx.dial()
        caller = await self._arrivals.get()
        channel, leg, bridge, prompt = f"/channels/{caller}", f"leg-{number}", f"bridge-{number}", f"prompt-{number}"
        await self._ask("POST", f"{channel}/answer")
        play = f"{channel}/play/{prompt}"
        await self._until("PlaybackFinished", prompt, lambda: self._ask("POST", play, media="sound:short"))
        await self._ask("POST", f"{channel}/moh")
        await self._until("StasisStart", leg, lambda: self._ask("POST", f"/channels/{leg}", _ring(phone)))
        await self._ask("DELETE", f"{channel}/moh")
        await self._ask("POST", f"/bridges/{bridge}", {"type": "mixing"})
        await self._ask("POST", f"/bridges/{bridge}/addChannel", channel=f"{caller},{leg}")
        await self._until("ChannelDestroyed", leg, lambda: self._ask("DELETE", f"/channels/{leg}"))
        await self._until("StasisEnd", caller, lambda: self._ask("DELETE", channel))
        await self._ask("DELETE", f"/bridges/{bridge}")


async def through_sockets(calls: int) -> tuple[float, float]:
    """Calls per second by the clock, and seconds of the PBX's CPU time per call."""
    headers = {"Authorization": aiohttp.encode_basic_auth(SETTINGS.user, SETTINGS.password)}
    async with (
        PbxProcess() as pbx,
        aiohttp.ClientSession(headers=headers) as http,
        http.ws_connect(f"{pbx.url}/events?app={APP}") as socket,
    ):
        load = _Load(http, pbx)
        reader = asyncio.create_task(load.read(socket))
        numbers = iter(range(calls))

        async def line(phone: str) -> None:
            for number in numbers:
                await load.call(number, phone)

        cpu, began = await pbx.cpu(), time.perf_counter()
        await asyncio.gather(*(line(f"phone-{number}") for number in range(LINES)))
        took = time.perf_counter() - began
        cpu = await pbx.cpu() - cpu
        reader.cancel()
    return calls / took, cpu / calls


def run(scale: float, say: Say) -> Part:
    """All three."""
    rounds = range(times(min(1.0, 10 * scale), ROUNDS, 1))
    say("without sockets")
    alone = [pure(times(scale, 2_000, 20)) for _ in rounds]
    say("through its sockets")
    calls = times(scale, 1_000, LINES)
    wired = [asyncio.run(through_sockets(calls)) for _ in rounds]
    say("with the real links and the brain")
    whole = [asyncio.run(with_the_centre(calls)) for _ in rounds]
    rows = (
        rate("without sockets, of its CPU time", alone, "calls/s"),
        rate("through its sockets, beside its client", [wall for wall, _ in wired], "calls/s"),
        rate("through its sockets, of its CPU time", [1 / cpu for _, cpu in wired], "calls/s"),
        rate("with the real links and the brain, beside them", [one.calls_a_second for one in whole], "calls/s"),
        rate("the same, of the links' and the brain's CPU time", [1 / one.cpu for one in whole], "calls/s"),
    )
    return Part("The embedded PBX: simulated calls per second", rows, (f"{LINES} calls at a time.",))
