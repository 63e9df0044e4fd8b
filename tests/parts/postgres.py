"""A PostgreSQL of the tests' own: Debian's binaries, an unprivileged user, a temporary folder, a free loopback port.

It ends with the test process, however that ends, and it can be stopped and started
again with its data, which is how the tests make a database go down.
"""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest

_USER = "postgres" if os.geteuid() == 0 else ""
_START_SECONDS = 20.0

_GUARD = '"$@" >&2 & echo $!; read -r _; kill -INT $!; wait $!'
"""Ends the server when the pipe from us is closed, be it because we were killed."""


class PostgresMissing(Exception):
    """There is no PostgreSQL on this machine: `make parts` installs it."""


class PostgresServer:
    """One server. A context manager: inside it, the server runs."""

    def __init__(self) -> None:
        self._binaries = _find_binaries()
        self._folder = Path(tempfile.mkdtemp(prefix="callwright-postgres-"))
        self._data = self._folder / "data"
        self._guard: subprocess.Popen[bytes] | None = None
        self._pid = 0
        self._databases = 0
        self.port = _free_port()

    def __enter__(self) -> Self:
        if _USER:
            shutil.chown(self._folder, _USER)
        subprocess.run(
            [
                *_as_user(),
                str(self._binaries / "initdb"),
                f"--pgdata={self._data}",
                "--username=callwright",
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "--no-sync",
            ],
            check=True,
            cwd=self._folder,
            stdout=subprocess.DEVNULL,
        )
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        shutil.rmtree(self._folder)

    def url(self, database: str = "postgres", user: str = "callwright") -> str:
        """As `acd.edge.database` takes it."""
        return f"postgresql://{user}@127.0.0.1:{self.port}/{database}"

    def new_database(self) -> str:
        """Make an empty database; its URL."""
        self._databases += 1
        name = f"centre{self._databases}"
        self.sql(f"CREATE DATABASE {name}")
        return self.url(name)

    def sql(self, statement: str, database: str = "postgres") -> str:
        """Run one statement as the server's owner; its output, unaligned."""
        command = ["psql", "-h", "127.0.0.1", "-p", str(self.port), "-U", "callwright", "-d", database, "-qtAX"]
        command[0] = str(self._binaries / "psql")
        done = subprocess.run([*command, "-c", statement], check=True, capture_output=True, text=True)
        return done.stdout.strip()

    def start(self) -> None:
        """Start it (again, on the same port with the same data) and wait until it answers."""
        options = ("fsync=off", "listen_addresses=127.0.0.1", f"unix_socket_directories={self._folder}")
        program = [str(self._binaries / "postgres"), "-D", str(self._data), "-p", str(self.port)]
        program += [word for option in options for word in ("-c", option)]
        self._guard = subprocess.Popen(
            [*_as_user(), "sh", "-c", _GUARD, "sh", *program],
            cwd=self._folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert self._guard.stdout is not None
        self._pid = int(self._guard.stdout.readline())
        deadline = time.monotonic() + _START_SECONDS
        ready = [str(self._binaries / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        while subprocess.run(ready, check=False).returncode:
            if time.monotonic() > deadline:
                raise PostgresMissing(f"PostgreSQL does not start in {self._folder}")
            time.sleep(0.05)

    def stop(self) -> None:
        """Stop it as an administrator would who is in a hurry: connections are closed, nothing is lost."""
        self._end(signal.SIGINT)

    def kill(self) -> None:
        """Stop it without a chance to say goodbye."""
        self._end(signal.SIGQUIT)

    def freeze(self) -> None:
        """Let every backend answer nothing, with its connections open."""
        self._signal_all(signal.SIGSTOP)

    def thaw(self) -> None:
        """The end of `freeze`."""
        self._signal_all(signal.SIGCONT)

    def _signal_all(self, number: signal.Signals) -> None:
        children = Path(f"/proc/{self._pid}/task/{self._pid}/children").read_text(encoding="ascii")
        for pid in (self._pid, *map(int, children.split())):
            with contextlib.suppress(ProcessLookupError):  # a backend ends by itself when its client has gone
                os.kill(pid, number)

    def _end(self, number: signal.Signals) -> None:
        if self._guard is not None:
            os.kill(self._pid, number)
            self._guard.communicate(timeout=_START_SECONDS)
            self._guard = None


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A running server for the whole session; ask it for a new database."""
    with PostgresServer() as server:
        yield server


def _as_user() -> list[str]:
    """PostgreSQL refuses to run as root."""
    return ["setpriv", f"--reuid={_USER}", f"--regid={_USER}", "--clear-groups", "--"] if _USER else []


def _find_binaries() -> Path:
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
    for folder in reversed(folders):
        if (folder / "postgres").exists():
            return folder
    if found := shutil.which("postgres"):
        return Path(found).resolve().parent
    raise PostgresMissing("no PostgreSQL server on this machine: `make parts` installs one")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
