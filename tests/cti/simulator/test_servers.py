"""The embedded PBX on real sockets, good weather and bad."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from random import Random

import aiohttp
import msgspec
import pytest

from cti.edge.simulated_pbx import EmbeddedPbx
from cti.model import CallerId
from cti.simulator.callers import CallerState, Script, Step
from cti.simulator.phones import Habit, Reaction
from cti.simulator.population import Errand, Habits, Person, Population
from cti.simulator.settings import PbxSettings, services

NUMBER = "5551000"
SETTINGS = PbxSettings(services=services(NUMBER), sounds={"short": 0.05, "long": 60.0}, key_seconds=0.01)
ANN = CallerId("+15550100", "Ann")


class Client:
    """What an application does, by hand."""

    def __init__(self, pbx: EmbeddedPbx, http: aiohttp.ClientSession) -> None:
        self.pbx = pbx
        self.http = http

    async def ask(self, method: str, path: str, body: object = None, **query: str) -> tuple[int, object]:
        async with self.http.request(method, self.pbx.ari_url + path, params=query, json=body) as response:
            text = await response.read()
            return response.status, msgspec.json.decode(text) if text else None

    async def do(self, method: str, path: str, body: object = None, **query: str) -> object:
        status, answer = await self.ask(method, path, body, **query)
        assert status < 300, (method, path, status, answer)
        return answer

    async def events(self) -> aiohttp.ClientWebSocketResponse:
        return await self.http.ws_connect(self.pbx.ari_url + "/events?app=callwright")


async def until(socket: aiohttp.ClientWebSocketResponse, kind: str) -> list[str]:
    """The types of all events up to one of this type."""
    kinds: list[str] = []
    async with asyncio.timeout(5):
        while kinds[-1:] != [kind]:
            message = await socket.receive()
            assert message.type is aiohttp.WSMsgType.TEXT, (message, kinds)
            kinds.append(msgspec.json.decode(message.data)["type"])
    return kinds


@asynccontextmanager
async def started(settings: PbxSettings = SETTINGS) -> AsyncIterator[Client]:
    headers = {"Authorization": aiohttp.encode_basic_auth(settings.user, settings.password)}
    async with EmbeddedPbx(settings) as pbx, aiohttp.ClientSession(headers=headers) as http:
        yield Client(pbx, http)


async def test_a_call_from_end_to_end() -> None:
    async with started() as client:
        pbx = client.pbx
        pbx.add_phone("alice", Habit(Reaction.ANSWER, 0.02))
        socket = await client.events()
        caller = pbx.dial(NUMBER, ANN, Script((Step("1", prompt="short", after=0.01),)))
        channel = caller.channel_id
        await until(socket, "StasisStart")
        await client.do("POST", f"/channels/{channel}/answer")
        await client.do("POST", f"/channels/{channel}/play/p1", media="sound:short")
        kinds = [*await until(socket, "ChannelDtmfReceived"), *await until(socket, "PlaybackFinished")]
        assert "PlaybackStarted" in kinds
        await client.do("POST", f"/channels/{channel}/moh")
        assert pbx.hears(caller) == "music:default"
        await client.do("POST", "/channels/leg-1", {"endpoint": "PJSIP/alice", "app": "callwright"})
        await until(socket, "StasisStart")
        await client.do("DELETE", f"/channels/{channel}/moh")
        await client.do("POST", "/bridges/b", {"type": "mixing"})
        await client.do("POST", "/bridges/b/addChannel", channel=f"{channel},leg-1")
        assert caller.state is CallerState.TALKING
        assert (pbx.hears(caller), pbx.hears("alice")) == ("tone:alice", "tone:+15550100")
        pbx.hang_up(caller)
        assert "ChannelLeftBridge" in await until(socket, "StasisEnd")
        assert pbx.hang_up_phone("alice")
        await until(socket, "ChannelDestroyed")
        assert [heard.media for heard in pbx.heard(caller)] == ["sound:short", "music:default", "tone:alice"]
        await socket.close()


async def test_who_may_not() -> None:
    async with started() as client, aiohttp.ClientSession() as stranger:
        url = client.pbx.ari_url
        async with stranger.get(url + "/channels") as response:
            assert response.status == 401
            assert await response.json() == {"message": "Authentication required"}
            assert response.headers["WWW-Authenticate"] == 'Basic realm="Asterisk REST Interface"'
        async with stranger.get(url + "/channels?api_key=callwright:simulated") as response:
            assert response.status == 200
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await stranger.ws_connect(url + "/events?app=callwright")
        assert (await client.ask("GET", "/nonsense"))[0] == 404
        for path, status in (("/events", 426), ("/../", 404)):
            async with client.http.get(url + path) as response:
                assert response.status == status
        with pytest.raises(aiohttp.WSServerHandshakeError, match="400"):
            await client.http.ws_connect(url + "/events?app=")
        too_large = b'"' + b"x" * 50_000 + b'"'
        for body, status in ((b"{bad", 400), (too_large, 413)):
            headers = {"Content-Type": "application/json"}
            async with client.http.post(url + "/bridges", data=body, headers=headers) as response:
                assert response.status == status
        async with client.http.post(url + "/bridges", data=b"{bad") as response:
            assert response.status == 200, "a body that does not say it is JSON is not looked at"


async def test_a_second_socket_takes_over() -> None:
    async with started() as client:
        first = await client.events()
        second = await client.events()
        assert await until(first, "ApplicationReplaced") == ["ApplicationReplaced"]
        client.pbx.dial(NUMBER, ANN)
        assert await until(second, "StasisStart") == ["StasisStart"]
        await first.close()
        client.pbx.dial(NUMBER, ANN)
        assert await until(second, "StasisStart") == ["StasisStart"], "the old one's end does not end the new one"
        await second.close()


async def test_a_cut_socket_loses_events_and_keeps_calls() -> None:
    async with started() as client:
        socket = await client.events()
        caller = client.pbx.dial(NUMBER, ANN)
        await until(socket, "StasisStart")
        client.pbx.drop_event_sockets()
        message = await socket.receive()
        assert message.type in {aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.ERROR}
        await client.pbx.until(lambda: not client.pbx.pbx.world.is_active("callwright"), 2)
        client.pbx.press(caller, "1")
        await asyncio.sleep(0.05)
        socket = await client.events()
        assert len(msgspec.json.encode(await client.do("GET", "/channels"))) > 10
        client.pbx.hang_up(caller)
        assert await until(socket, "StasisEnd") == ["ChannelHangupRequest", "StasisEnd"]
        await socket.close()


async def test_a_black_hole_says_nothing() -> None:
    async with started() as client:
        socket = await client.events()
        client.pbx.faults.black_hole()
        client.pbx.dial(NUMBER, ANN)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await client.ask("GET", "/channels")
        await socket.ping(b"x")
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await socket.receive()
        client.pbx.faults.heal()
        assert len(msgspec.json.encode(await client.do("GET", "/channels"))) > 10
        await socket.close()


async def test_pings_are_answered() -> None:
    async with started() as client:
        headers = {"Authorization": aiohttp.encode_basic_auth(SETTINGS.user, SETTINGS.password)}
        url = client.pbx.ari_url + "/events?app=callwright"
        async with client.http.ws_connect(url, headers=headers, autoping=False) as socket:
            await socket.ping(b"hello")
            message = await socket.receive(timeout=2)
            assert (message.type, message.data) == (aiohttp.WSMsgType.PONG, b"hello")


async def test_rest_faults() -> None:
    async with started() as client:
        faults = client.pbx.faults
        faults.fail_rest(503, times=2)
        statuses = [(await client.ask("POST", "/bridges/b"))[0] for _ in range(3)]
        assert statuses == [503, 503, 200]
        faults.rest_delay = 0.1
        began = asyncio.get_running_loop().time()
        assert await client.do("GET", "/bridges") != []
        assert asyncio.get_running_loop().time() - began >= 0.1
        faults.heal()


async def test_lost_and_doubled_events() -> None:
    async with started() as client:
        socket = await client.events()
        client.pbx.faults.lose_event(1)
        client.pbx.faults.duplicate_event(2)
        caller = client.pbx.dial(NUMBER, ANN)
        client.pbx.hang_up(caller)
        assert await until(socket, "StasisEnd") == ["ChannelHangupRequest", "ChannelHangupRequest", "StasisEnd"]
        await socket.close()


async def test_a_restart_on_the_same_ports() -> None:
    async with started() as client:
        pbx = client.pbx
        ports = pbx.ari_port, pbx.ami_port
        socket = await client.events()
        caller = pbx.dial(NUMBER, ANN)
        restart = asyncio.create_task(pbx.restart(down=0.1))
        async with asyncio.timeout(2):
            while not socket.closed:
                await socket.receive()
        with pytest.raises(aiohttp.ClientError):
            await client.ask("GET", "/channels")
        await restart
        assert (pbx.ari_port, pbx.ami_port) == ports
        assert caller.state is CallerState.OVER
        assert await client.do("GET", "/channels") == []
        assert await client.do("GET", "/applications") == []


async def test_a_slow_accept() -> None:
    async with started() as client:
        client.pbx.faults.accept_delay = 0.1
        began = asyncio.get_running_loop().time()
        socket = await client.events()
        assert asyncio.get_running_loop().time() - began >= 0.1
        await socket.close()


async def test_a_reader_who_does_not_read_is_dropped() -> None:
    async with started(msgspec.structs.replace(SETTINGS, key_seconds=0.0)) as client:
        pbx = client.pbx
        reader, writer = await asyncio.open_connection("127.0.0.1", pbx.ari_port, limit=1024)
        key = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + "A" * 22
        request = f"GET /ari/events?app=callwright&api_key=callwright:simulated HTTP/1.1\r\nHost: x\r\n{key}==\r\n\r\n"
        writer.write(request.encode())
        await reader.readuntil(b"\r\n\r\n")
        caller = pbx.dial(NUMBER, ANN)
        pbx.press(caller, "1" * 30_000)  # 20 MB of events at once, more than any socket buffer holds
        await pbx.until(lambda: not pbx.pbx.world.is_active("callwright"), 20)
        assert caller.state is CallerState.CALLING
        writer.close()


async def test_ami() -> None:
    async with started() as client:
        pbx = client.pbx
        pbx.add_phone("alice")
        reader, writer = await asyncio.open_connection("127.0.0.1", pbx.ami_port)
        assert await reader.readline() == b"Asterisk Call Manager/11.0.0\r\n"
        writer.write(b"Action: Login\r\nUsername: callwright\r\nSecret: simulated\r\n\r\n")
        assert b"accepted" in await reader.readuntil(b"\r\n\r\n")
        assert b"FullyBooted" in await reader.readuntil(b"\r\n\r\n")
        pbx.unregister("alice")
        assert b"State: UNAVAILABLE" in await reader.readuntil(b"\r\n\r\n")
        pbx.drop_manager_connections()
        with pytest.raises(ConnectionError):
            await reader.read()
        writer.close()
        reader, writer = await asyncio.open_connection("127.0.0.1", pbx.ami_port)
        writer.write(b"Action: Login\r\nUsername: callwright\r\nSecret: wrong\r\n\r\n")
        assert (await reader.read()).endswith(b"Message: Authentication failed\r\n\r\n")
        writer.close()
        pbx.register("alice")
        assert not pbx.answer("alice")
        assert not pbx.decline("alice")


async def test_a_taken_port() -> None:
    async with started() as client:
        for ari_port, ami_port in ((client.pbx.ari_port, 0), (0, client.pbx.ami_port)):
            other = EmbeddedPbx(SETTINGS, ari_port=ari_port, ami_port=ami_port)
            with pytest.raises(OSError, match="in use"):
                await other.start()
            await other.stop()


async def test_a_population_keeps_calling() -> None:
    async with started() as client:
        people = [Person(f"+1555010{n}") for n in range(5)]
        habits = Habits(calls_per_hour=360_000, patience=0.05, least_patience=0.01)
        traffic = client.pbx.populate(Population(people, [Errand(NUMBER)], habits, Random(1)))
        await client.pbx.until(lambda: traffic.made >= 20, 5)
        traffic.stop()
        await client.pbx.until(lambda: not traffic.callers, 5)
