"""The embedded PBX in a process of its own, so that whoever loads it does not share an interpreter with it."""

import asyncio
import multiprocessing
import time
from math import inf
from multiprocessing.connection import Connection
from random import Random
from types import TracebackType
from typing import Self

import msgspec

from config.settings import Ami, Ari, Pbx
from cti.edge.simulated_pbx import EmbeddedPbx
from cti.model import CallerId
from cti.simulator.phones import Habit, Reaction
from cti.simulator.population import Errand, Habits, Person, Population
from cti.simulator.settings import PbxSettings, services

NUMBER = "5551000"
APP = "callwright"
LINES = 20
"""Phones that it has; calls at a time."""
SETTINGS = PbxSettings(services=services(NUMBER), sounds={"short": 0.01}, network_delay=0.0)


class Crowd(msgspec.Struct, frozen=True):
    """People who call on and on; nobody calls who is on the line."""

    people: tuple[Person, ...]
    errands: tuple[Errand, ...]
    habits: Habits
    seed: int


class PbxProcess:
    """The embedded PBX in a process of its own, whose callers dial when they are told to. Use it with `async with`.

    Its phones are `PJSIP/phone-0` and so on; they pick up at once, and hang up when they have talked for `talk`.
    """

    def __init__(self, talk: float = inf, lines: int = LINES) -> None:
        self._pipe, theirs = multiprocessing.Pipe()
        context = multiprocessing.get_context("spawn")
        self._process = context.Process(target=_serve_until_stopped, args=(theirs, talk, lines), daemon=True)
        self.url = ""
        """Of ARI."""
        self.ami_port = 0

    async def __aenter__(self) -> Self:
        self._process.start()
        self.url, self.ami_port = await asyncio.to_thread(self._pipe.recv)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pipe.send("stop")
        await asyncio.to_thread(self._process.join)

    def dial(self) -> None:
        """Somebody calls."""
        self._pipe.send("dial")

    def populate(self, crowd: Crowd) -> None:
        """From now on they call."""
        self._pipe.send(crowd)

    async def cpu(self) -> float:
        """Seconds of processor time it has used."""
        self._pipe.send("cpu")
        used: float = await asyncio.to_thread(self._pipe.recv)
        return used


def as_settings(pbx: PbxProcess) -> Pbx:
    """What a centre must know of it."""
    ari = Ari(pbx.url.removesuffix("/ari"), SETTINGS.user, SETTINGS.password)
    return Pbx("pbx1", ari, Ami("127.0.0.1", pbx.ami_port, SETTINGS.ami_user, SETTINGS.ami_password))


def _serve_until_stopped(pipe: Connection, talk: float, lines: int) -> None:
    asyncio.run(_serve(pipe, talk, lines))


async def _serve(pipe: Connection, talk: float, lines: int) -> None:
    async with EmbeddedPbx(SETTINGS) as pbx:
        for number in range(lines):
            pbx.add_phone(f"phone-{number}", Habit(Reaction.ANSWER, 0.0, talk))
        stopped = asyncio.Event()

        def told() -> None:
            command = pipe.recv()
            if command == "stop":
                stopped.set()
            elif command == "cpu":
                pipe.send(time.process_time())
            elif isinstance(command, Crowd):
                pbx.populate(Population(command.people, command.errands, command.habits, Random(command.seed)))
            else:
                pbx.dial(NUMBER, CallerId("+15550100"))

        asyncio.get_running_loop().add_reader(pipe.fileno(), told)
        pipe.send((pbx.ari_url, pbx.ami_port))
        await stopped.wait()
        asyncio.get_running_loop().remove_reader(pipe.fileno())
