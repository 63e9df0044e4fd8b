"""How a command reaches the process that runs: a socket in its data folder that only its owner (and root) can open.

One question, one answer, each a JSON object and the end of the stream. Who asks is known from the kernel, not from
what he says. There is nothing to be configured, and nothing that could be reached from another machine.
"""

import asyncio
import os
import pwd
import socket
import struct
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec
import structlog

from config.settings import SettingsError

NAME = "control.sock"

LARGEST = 64 * 1024 * 1024
"""Bytes of a question: a centre's files, each of at most 4 MB."""

PATIENCE = 30.0
"""Seconds in which a question must be there."""

log = structlog.stdlib.get_logger(__name__)


class Apply(msgspec.Struct, frozen=True):
    """Go by these files, or say what they would change."""

    path: str
    """That of `center.yaml`, as the person calls it."""
    files: Mapping[str, str]
    dry_run: bool
    on_behalf_of: str = ""
    """Who has become root to ask; only root is believed."""


class Applied(msgspec.Struct, frozen=True):
    """What became of it. With `mistakes`, nothing."""

    difference: tuple[str, ...] = ()
    consequences: tuple[str, ...] = ()
    """What of it comes later, or needs something else to be done."""
    mistakes: tuple[str, ...] = ()
    in_force: bool = False
    revision: int = 0
    """Its number; 0: not kept yet, as the database is away."""


Answer = Callable[[Apply, str], Awaitable[Applied]]
"""A question, and who asks it."""


class NobodyRuns(Exception):
    """No process has the data folder."""


class Control:
    """The socket of the process that has the folder."""

    def __init__(self, folder: Path, answer: Answer) -> None:
        self._folder = folder
        self._answer = answer
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Listen. Raises `SettingsError` if that is not possible in this folder."""
        listening = socket.socket(socket.AF_UNIX)
        try:
            os.fchmod(listening.fileno(), 0o600)  # before it has a name, so that nobody comes in between
            with _reachable(self._folder) as place:
                _forget(place)  # that of a process that was killed: the folder is ours
                listening.bind(place)
        except OSError as error:
            listening.close()
            raise SettingsError(f"{self._folder / NAME}: cannot be made: {error.strerror}") from error
        self._server = await asyncio.start_unix_server(self._serve, sock=listening)

    async def stop(self) -> None:
        """Nobody is answered any more."""
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
            with _reachable(self._folder) as place:
                _forget(place)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                said = await _all_of(reader)
            question = msgspec.json.decode(said, type=Apply)
            answer = await self._answer(question, _asker(writer.get_extra_info("socket"), question.on_behalf_of))
            writer.write(msgspec.json.encode(answer))
            await writer.drain()
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, TimeoutError, OSError) as error:
            log.warning("a question at the control socket came to nothing", reason=str(error) or type(error).__name__)
        finally:
            writer.close()


def ask(folder: Path, question: Apply) -> Applied:
    """Ask the process that has the folder. Raises `NobodyRuns`, and `SettingsError` if we may not, if that is more than
    it takes, or if it breaks off."""
    said = msgspec.json.encode(question)
    if len(said) > LARGEST:
        raise SettingsError(f"these files have {len(said) >> 20} MB together; at most {LARGEST >> 20} can be applied")
    with socket.socket(socket.AF_UNIX) as asking:
        try:
            with _reachable(folder) as place:
                asking.connect(place)
        except (FileNotFoundError, ConnectionRefusedError):
            raise NobodyRuns from None
        except OSError as error:
            text = f"{folder / NAME}: {error.strerror}; run this as the user that runs the centre, or as root"
            raise SettingsError(text) from error
        try:
            asking.sendall(said)
            asking.shutdown(socket.SHUT_WR)
            with asking.makefile("rb") as answer:
                return msgspec.json.decode(answer.read(), type=Applied)
        except (OSError, msgspec.DecodeError) as error:
            raise SettingsError("the centre has broken off; its log says why") from error


def _forget(place: str) -> None:
    with suppress(FileNotFoundError):
        os.unlink(place)


@contextmanager
def _reachable(folder: Path) -> Iterator[str]:
    """The socket's place in a few characters: the kernel takes 107, and a folder's path may be longer."""
    there = os.open(folder, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{there}/{NAME}"
    finally:
        os.close(there)


async def _all_of(reader: asyncio.StreamReader) -> bytes:
    said = bytearray()
    while part := await reader.read(1 << 16):
        said += part
        if len(said) > LARGEST:
            raise OSError("it is too long")
    return bytes(said)


def _asker(asked: socket.socket, on_behalf_of: str) -> str:
    _, user, _ = struct.unpack("3i", asked.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i")))
    return f"{on_behalf_of} (as {user_name(user)})" if user == 0 and on_behalf_of else user_name(user)


def user_name(user: int) -> str:
    """What the machine calls a user."""
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return f"user {user}"
