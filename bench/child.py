"""A process of its own for what is measured, so that it does not share an interpreter with the telephones beside it.

It is given one order on its standard input, tells what happens as JSON lines on its standard output, and ends when its
input is closed. Times are `time.monotonic()`, which all processes of a machine share.
"""

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

import msgspec

_ROOT = Path(__file__).parents[1]
_STOP_SECONDS = 10.0
_LONGEST_LINE = 1 << 20
"""Bytes of one thing told."""

T = TypeVar("T", bound=msgspec.Struct)


class Started(msgspec.Struct, frozen=True, tag=True):
    """It works."""

    port: int = 0
    """Of its web page, if it has one."""
    anchor: float = 0.0
    """Its clock's seconds since the epoch, less `time.monotonic()`."""


class Entered(msgspec.Struct, frozen=True, tag=True):
    """A caller has entered the queue."""

    at: float


class Tickets(msgspec.Struct, frozen=True, tag=True):
    """Each opens one WebSocket of a desktop; the last is a supervisor's, the others are the agents', in their order."""

    tickets: tuple[str, ...]


class Stalls(msgspec.Struct, frozen=True, tag=True):
    """For each second: the longest time in which the event loop has looked at nothing new, milliseconds."""

    wall: tuple[float, ...]
    cpu: tuple[float, ...]
    collections: tuple[float, ...]
    """The longest garbage collection of each second."""


class MenuWork(msgspec.Struct, frozen=True, tag=True):
    """What callers in menus have given a centre to do."""

    callers: tuple[int, ...]
    """In menus and questions, looked at once a second."""
    seconds: float
    prompts: int
    messages: int
    """That the brain was told."""
    asked: int
    """Questions to the CRM."""
    failed: int
    """Of those, without an answer."""


Told = Started | Entered | Tickets | Stalls | MenuWork


def order(kind: type[T]) -> T:
    """What this process is to do; read from its standard input."""
    return msgspec.json.decode(sys.stdin.buffer.readline(), type=kind)


def tell(told: Told) -> None:
    """Say something to who started us."""
    sys.stdout.buffer.write(msgspec.json.encode(told) + b"\n")
    sys.stdout.buffer.flush()


async def until_told_to_stop() -> None:
    """Until our standard input is closed."""
    loop = asyncio.get_running_loop()
    closed = asyncio.Event()
    loop.add_reader(sys.stdin.fileno(), closed.set)
    await closed.wait()
    loop.remove_reader(sys.stdin.fileno())


class Child:
    """Runs a module of `bench` as a process; `errors` is where its log goes."""

    def __init__(self, module: str, settings: msgspec.Struct, errors: Path) -> None:
        self._module = module
        self._order = msgspec.json.encode(settings) + b"\n"
        self._errors = errors
        self._told: list[Told] = []
        self._news = asyncio.Condition()
        self.started = Started()

    async def __aenter__(self) -> Self:
        with self._errors.open("ab") as errors:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                self._module,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=errors,
                limit=_LONGEST_LINE,
                cwd=_ROOT,
                start_new_session=True,  # Ctrl-C is for us; we end it in order
            )
        assert self._process.stdin is not None
        self._process.stdin.write(self._order)
        self._reader = asyncio.create_task(self._read())
        try:
            self.started = await self.hears(Started, lambda _: True, timeout=30.0)
        except BaseException:
            await self._stop()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stop()

    async def hears(self, kind: type[T], fits: Callable[[T], bool], timeout: float = 5.0) -> T:
        """The first such thing told. Raises `TimeoutError`, or `ConnectionError` if it has ended."""
        found: list[T] = []

        def there() -> bool:
            found.extend(one for one in self._told if isinstance(one, kind) and fits(one))
            return bool(found) or self._reader.done()

        async with asyncio.timeout(timeout), self._news:
            await self._news.wait_for(there)
        if not found:
            message = f"{self._module} has ended:\n{self._errors.read_text(encoding='utf-8')[-2000:]}"
            raise ConnectionError(message)
        return found[0]

    async def _read(self) -> None:
        assert self._process.stdout is not None
        decoder: msgspec.json.Decoder[Told] = msgspec.json.Decoder(Told)
        try:
            async for line in self._process.stdout:
                async with self._news:
                    self._told.append(decoder.decode(line))
                    self._news.notify_all()
        finally:
            self._waking = asyncio.create_task(self._wake())

    async def _wake(self) -> None:
        async with self._news:
            self._news.notify_all()

    async def _stop(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            async with asyncio.timeout(_STOP_SECONDS):
                await self._process.wait()
        except TimeoutError:
            self._process.kill()
            await self._process.wait()
        await self._reader
