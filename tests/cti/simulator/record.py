"""Takes the scenarios on a real Asterisk with real SIP phones, and writes down what it said.

    python -m tests.cti.simulator.record OUT.json [NAME...]

In a process of its own, because baresip allows one runtime per process.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import assert_never

import aiohttp
import msgspec
from baresip import Account, Config
from baresip.call import Call
from baresip.runtime import Runtime
from baresip.ua import UserAgent

from config.asterisk_files import Account as ManagerAccount
from config.asterisk_files import AsteriskSite, Trunk
from config.asterisk_files import Phone as PhoneFile
from tests.cti.simulator.comparison import Answered, Json, Log, normal
from tests.cti.simulator.scenarios import SCENARIOS
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
from tests.parts.asterisk import Asterisk

SITE = AsteriskSite(
    ari=ManagerAccount("callwright", "recorded-ari"),
    ami=ManagerAccount("callwright", "recorded-ami"),
    numbers=("5551000",),
    phones=(PhoneFile("alice", "recorded-alice"), PhoneFile("bob", "recorded-bob")),
    trunk=Trunk("127.0.0.1", 5999),
)
LONGEST_WAIT = 8.0


class Recorder:
    """The application and both telephones."""

    def __init__(self, asterisk: Asterisk, http: aiohttp.ClientSession, caller: UserAgent, alice: UserAgent) -> None:
        self._asterisk = asterisk
        self._http = http
        self._caller = caller
        self._sockets: list[tuple[aiohttp.ClientWebSocketResponse, asyncio.Task[None]]] = []
        self._news = asyncio.Event()
        self._rings: list[Call] = []
        alice.on_incoming(self._rings.append)
        self._reset()

    def _reset(self) -> None:
        self._answers: list[Answered] = []
        self._events: list[Json] = []
        self._meanwhile: list[asyncio.Task[None]] = []
        self._seen = 0
        self._names: dict[str, str] = {}
        self._call: Call | None = None
        self._rings.clear()

    async def take(self, steps: Sequence[Step]) -> Log:
        """What a real Asterisk answers and tells."""
        self._reset()
        await self._take(Connect())
        for step in steps:
            await self._take(step)
        await asyncio.gather(*self._meanwhile)
        await asyncio.sleep(0.5)
        log = normal(self._answers, self._events, self._names)
        await self._tidy_up()
        return log

    async def _take(self, step: Step) -> None:
        match step:
            case Rest(waits=True):
                await self._request(step)
            case Rest():
                self._meanwhile.append(asyncio.create_task(self._request(step)))
            case Await(kind):
                await asyncio.wait_for(self._await(kind), LONGEST_WAIT)
            case Dial(number):
                self._call = await self._caller.dial(f"sip:{number}@127.0.0.1:{self._asterisk.site.sip.port}")
            case Press(keys):
                await self._calling().send_dtmf(keys)
            case Pause(seconds):
                await asyncio.sleep(seconds)
            case HangUp():
                await self._calling().hangup()
            case Phone(does):
                ringing = self._rings[-1]
                await {"answer": ringing.answer, "decline": ringing.reject, "hang_up": ringing.hangup}[does]()
            case Connect():
                socket = await self._http.ws_connect(self._asterisk.ari_url + "/events?app=callwright")
                self._sockets.append((socket, asyncio.create_task(self._read(socket))))
            case Disconnect():
                await self._disconnect()
            case _:
                assert_never(step)

    def _calling(self) -> Call:
        assert self._call is not None
        return self._call

    async def _read(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        async for message in socket:
            event = msgspec.json.decode(message.data, type=dict[str, object])
            channel = event.get("channel")
            if event["type"] == "StasisStart" and isinstance(channel, dict) and not self._names:
                self._names = {} if channel["id"] == "leg-1" else {str(channel["id"]): CALLER}
            self._events.append(event)
            self._news.set()

    async def _disconnect(self) -> None:
        socket, reader = self._sockets.pop()
        await socket.close()
        await reader

    async def _await(self, kind: str) -> None:
        while True:
            for position in range(self._seen, len(self._events)):
                if self._events[position]["type"] == kind:
                    self._seen = position + 1
                    return
            self._news.clear()
            await self._news.wait()

    async def _request(self, step: Rest) -> None:
        path, query = step.path, dict(step.query)
        for name, instead in self._names.items():
            path = path.replace(instead, name)
            query = {key: value.replace(instead, name) for key, value in query.items()}
        url = f"{self._asterisk.ari_url}/{path}"
        place = len(self._answers)
        self._answers.append(Answered(f"{step.method} {step.path}", 0, None))
        async with self._http.request(step.method, url, params=query, json=step.body) as response:
            body = await response.read()
            json = msgspec.json.decode(body) if body else None
            self._answers[place] = Answered(self._answers[place].request, response.status, json)

    async def _tidy_up(self) -> None:
        for kind in ("channels", "bridges"):
            async with self._http.get(f"{self._asterisk.ari_url}/{kind}") as response:
                ids = [item["id"] for item in await response.json()]
            for name in ids:
                async with self._http.delete(f"{self._asterisk.ari_url}/{kind}/{name}"):
                    pass
        while self._sockets:
            await self._disconnect()
        await asyncio.sleep(0.2)


@asynccontextmanager
async def recorder(asterisk: Asterisk) -> AsyncIterator[Recorder]:
    """A recorder whose telephones are there."""
    runtime = Runtime()
    await runtime.start(
        Config(net_interface="127.0.0.1", max_concurrent_calls=None, extra_config_text="sip_listen 127.0.0.1:0\n")
    )
    try:
        domain = f"127.0.0.1:{asterisk.site.sip.port}"
        caller = await UserAgent.create(
            runtime, Account(user="+15551234567", domain=domain, password="", reg_interval=0)
        )
        account = Account(user="alice", domain=domain, password="recorded-alice", reg_interval=300)
        alice = await UserAgent.create(runtime, account)
        await alice.register()
        headers = {"Authorization": aiohttp.encode_basic_auth(SITE.ari.user, SITE.ari.password)}
        async with aiohttp.ClientSession(headers=headers) as http:
            yield Recorder(asterisk, http, caller, alice)
    finally:
        await runtime.close()


async def record(names: Sequence[str]) -> dict[str, Log]:
    """The logs of the scenarios of these names."""
    with Asterisk(SITE) as asterisk:
        async with recorder(asterisk) as bench:
            return {name: await bench.take(SCENARIOS[name]) for name in names}


if __name__ == "__main__":
    logs = asyncio.run(record(sys.argv[2:] or list(SCENARIOS)))
    lines = [msgspec.json.encode(name) + b":" + msgspec.json.encode(log) for name, log in logs.items()]
    Path(sys.argv[1]).write_bytes(b"{\n" + b",\n".join(lines) + b"\n}\n")
