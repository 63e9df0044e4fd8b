"""A real Asterisk for a test: its own folders, its own free ports, Callwright's shipped configuration.

Started in the foreground as a child of the test, on the loopback, as often at once as wanted. Debian sid's
Asterisk (see install.sh) runs from the folder it was unpacked into, by its own dynamic loader and libraries,
so neither root nor a chroot is needed, and paths mean the same on both sides.
"""

from __future__ import annotations

import atexit
import errno
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from config.asterisk_files import AsteriskSite, Listener, write_files
from tests.parts.asterisk_program import AsteriskProgram, find_program

_PREFIX = "callwright-asterisk-"
_OWNER_FILE = "owner.pid"
_BOOT_SECONDS = 20.0
_STOP_SECONDS = 5.0
_LOG_TAIL_LINES = 40

# What only a test needs: which modules are left out, and where the log goes.
_OVERLAY = Path(__file__).with_name("asterisk_overlay")


class AsteriskFailedError(RuntimeError):
    """Asterisk did not start, or ended by itself; the text ends with the tail of its log."""


class Asterisk:
    """One Asterisk process on its own folder.

    `site` is what its configuration was made from, with the ports that it really has. `sounds` is a folder
    for prompts: a file `NAME.wav` in it (8 kHz, 16 bit, mono) is played as `sound:{sounds}/NAME`.
    `dialplan` is added to the shipped one, for extensions that only a test needs; `${PROMPTS}` is `sounds` there.
    `pjsip` is added to the shipped telephones and lines.
    """

    def __init__(self, site: AsteriskSite, *, dialplan: str = "", pjsip: str = "") -> None:
        sweep()
        self._program: AsteriskProgram = find_program()
        self.folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
        (self.folder / _OWNER_FILE).write_text(str(os.getpid()), encoding="ascii")
        self.sounds = self.folder / "prompts"
        self.site = _with_free_ports(site)
        self._process: subprocess.Popen[bytes] | None = None
        self._write_configuration(dialplan, pjsip)
        atexit.register(self.close)

    def __enter__(self) -> Self:
        try:
            self.start()
        except AsteriskFailedError:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def ari_url(self) -> str:
        """Where ARI is, without the trailing slash; the password is in `site.ari`."""
        return f"http://{self.site.http.address}:{self.site.http.port}/ari"

    @property
    def phone_socket_url(self) -> str:
        """Where a browser's telephone connects: SIP over WebSocket."""
        return f"ws://{self.site.http.address}:{self.site.http.port}/ws"

    @property
    def pid(self) -> int:
        """The process id; raises `AsteriskFailedError` if it does not run."""
        if self._process is None:
            message = "Asterisk is not running"
            raise AsteriskFailedError(message)
        return self._process.pid

    @property
    def rest_api(self) -> Path:
        """The folder of the ARI descriptions (`*.json`) that belong to this very Asterisk."""
        return self._program.data / "rest-api"

    @property
    def english_sounds(self) -> Path:
        """The folder of Asterisk's own English announcements (`*.gsm`)."""
        return self._program.data / "sounds" / "en"

    def start(self) -> None:
        """Start it and return when it is fully booted (about 1 s); raises `AsteriskFailedError`."""
        earlier = len(self._log())
        with (self.folder / "console.log").open("ab") as output:
            self._process = subprocess.Popen(
                self._program.command("-f", "-n", "-C", str(self._settings)),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C in the terminal is for the test, which then stops us in order.
                env=self._program.environment(),
            )
        deadline = time.monotonic() + _BOOT_SECONDS
        while "fully booted" not in self.console("core waitfullybooted", check=False):
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                message = f"Asterisk did not start; its log ends with:\n{self.log_tail()}"
                raise AsteriskFailedError(message)
            time.sleep(0.05)
        taken = [line for line in self._log()[earlier:].splitlines() if "Address already in use" in line]
        if taken:
            # It boots all the same, deaf on that port.
            self.kill()
            raise AsteriskFailedError("\n".join(["a port was taken in the meantime:", *taken]))

    def stop(self) -> None:
        """End it in order, hanging up every call; kill it if that takes more than 5 s."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
        self._process = None

    def kill(self) -> None:
        """End it as a power cut would: no farewell to anybody."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def restart(self) -> None:
        """Stop and start it on the same folder and ports."""
        self.stop()
        self.start()

    def close(self) -> None:
        """End it, a second sooner than in order, and remove its folder. May be called twice."""
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)
        atexit.unregister(self.close)

    def console(self, command: str, *, check: bool = True) -> str:
        """What Asterisk's console answers to `command`, such as `core show channels`."""
        done = subprocess.run(
            self._program.command("-C", str(self._settings), "-rx", command),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_BOOT_SECONDS,
            check=False,
            env=self._program.environment(),
        )
        if check and done.returncode != 0:
            message = f"Asterisk's console refused {command!r}: {done.stdout}{done.stderr}\n{self.log_tail()}"
            raise AsteriskFailedError(message)
        return done.stdout

    def log_tail(self, lines: int = _LOG_TAIL_LINES) -> str:
        """The last lines of what it printed before it had a log, and of the log."""
        texts = (_read(self.folder / "console.log"), self._log())
        return "\n".join(line for text in texts for line in text.splitlines()[-lines:])

    def _log(self) -> str:
        return _read(self.folder / "log" / "messages")

    @property
    def _settings(self) -> Path:
        return self.folder / "etc" / "asterisk.conf"

    def _write_configuration(self, dialplan: str, pjsip: str) -> None:
        etc = self.folder / "etc"
        write_files(etc, self.site)
        for name in ("log", "run", "spool", "spool/recording", "var", "cache", "prompts"):
            (self.folder / name).mkdir()
        _write(etc / "extensions_callwright_local.conf", f"[globals]\nPROMPTS = {self.sounds}\n{dialplan}")
        with (etc / "pjsip.conf").open("a", encoding="utf-8") as stream:
            stream.write(pjsip)
        _write(self._settings, self._asterisk_conf(etc))
        shutil.copytree(_OVERLAY, etc, dirs_exist_ok=True)

    def _asterisk_conf(self, etc: Path) -> str:
        folders = {
            "astetcdir": etc,
            "astlogdir": self.folder / "log",
            "astrundir": self.folder / "run",
            "astspooldir": self.folder / "spool",
            "astvarlibdir": self.folder / "var",
            "astdbdir": self.folder / "var",
            "astkeydir": self.folder / "var",
            "astcachedir": self.folder / "cache",
            **self._program.folders(),
        }
        lines = [f"{name} => {path}" for name, path in folders.items()]
        return "\n".join(["[directories]", *lines, "[options]", "nocolor = yes", ""])


def sweep() -> None:
    """End what an earlier test run left behind when it was itself killed: processes and folders."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        owner = _owner_of(folder)
        if owner is None or _is_alive(owner):
            continue
        for process in _processes_on(folder):
            os.kill(process, signal.SIGKILL)
        shutil.rmtree(folder, ignore_errors=True)


def _owner_of(folder: Path) -> int | None:
    try:
        return int((folder / _OWNER_FILE).read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None  # Just being made by another test run, or just being removed.


def _is_alive(process: int) -> bool:
    return Path(f"/proc/{process}").exists()


def _processes_on(folder: Path) -> Iterable[int]:
    settings = os.fsencode(folder / "etc" / "asterisk.conf")
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            arguments = (entry / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue  # It has ended meanwhile.
        if settings in arguments:
            yield int(entry.name)


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def _with_free_ports(site: AsteriskSite) -> AsteriskSite:
    http, manager, sip = free_ports(3)
    loopback = "127.0.0.1"
    return msgspec.structs.replace(
        site,
        http=Listener(loopback, http),
        manager=Listener(loopback, manager),
        sip=Listener(loopback, sip),
    )


def free_ports(count: int) -> tuple[int, ...]:
    """Ports that are free on the loopback for UDP and TCP just now. Another process may still take one."""
    with ExitStack() as bound:
        return tuple(_free_port(bound) for _ in range(count))


def _free_port(bound: ExitStack) -> int:
    """Taken until `bound` is closed. A port may be free for TCP, and somebody's sound go through it by UDP."""
    while True:
        with ExitStack() as both:
            stream = both.enter_context(socket.socket(socket.AF_INET, socket.SOCK_STREAM))
            datagram = both.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
            stream.bind(("127.0.0.1", 0))
            try:
                datagram.bind(stream.getsockname())
            except OSError as error:
                if error.errno != errno.EADDRINUSE:
                    raise
                continue
            bound.push(both.pop_all())
            return int(stream.getsockname()[1])
