"""Sounds for whoever tries a flow at a machine that can play them, by the player that it has."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

PLAYERS: Mapping[str, tuple[str, ...]] = {
    "pw-play": (),
    "paplay": (),
    "aplay": ("-q",),
    "ffplay": ("-nodisp", "-autoexit", "-loglevel", "error"),
    "play": ("-q",),
    "afplay": (),
}
"""Programs that play a WAV file to its end, with what makes them quiet about it; the first that is there is taken."""

LOOKED_AT = 0.05
"""Seconds between two looks whether a sound is over."""


class NoPlayer(Exception):
    """Nothing here plays sounds; the text is for who wanted to hear them."""


def player_here() -> tuple[str, ...]:
    """The command that a file's name is put behind. Raises `NoPlayer`."""
    for program, arguments in PLAYERS.items():
        if found := shutil.which(program):
            return (found, *arguments)
    raise NoPlayer(f"no program that plays sounds is installed ({', '.join(PLAYERS)})")


class Player:
    """Plays files one after another; opened by `with`, and silent afterwards."""

    def __init__(self, command: tuple[str, ...]) -> None:
        """`command`: from `player_here`."""
        self._command = command
        self._ahead: deque[Path] = deque()
        self._playing: subprocess.Popen[bytes] | None = None
        self.trouble = ""
        """Why nothing is heard any more; empty as long as all is well."""

    def __enter__(self) -> Self:
        self._complaints = tempfile.TemporaryFile()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self.stop()
        self._complaints.close()

    def play(self, file: Path) -> None:
        """After what plays."""
        self._ahead.append(file)
        self.plays()

    def plays(self) -> bool:
        """Whether something is heard. Goes on to the next file, so it is to be asked every now and then."""
        if self._playing is not None and (status := self._playing.poll()) is not None:
            self._playing = None
            if status != 0:
                self._fail(f"it ended with {status}: {self._complained()}")
        if self._playing is None and self._ahead and not self.trouble:
            self._begin(self._ahead.popleft())
        return self._playing is not None

    def finish(self) -> None:
        """Waits until all has been heard."""
        while self.plays():
            time.sleep(LOOKED_AT)

    def stop(self) -> None:
        """He has heard enough."""
        self._ahead.clear()
        if self._playing is not None:
            with suppress(ProcessLookupError):  # it has just ended
                os.killpg(self._playing.pid, signal.SIGTERM)
            self._playing.wait()
            self._playing = None

    def _begin(self, file: Path) -> None:
        try:
            self._playing = subprocess.Popen(
                (*self._command, str(file)),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._complaints,
                start_new_session=True,
            )
        except OSError as error:
            self._fail(f"it cannot be started: {error.strerror}")

    def _complained(self) -> str:
        self._complaints.seek(0)
        lines = self._complaints.read().decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else "it does not say why"

    def _fail(self, why: str) -> None:
        self._ahead.clear()
        self.trouble = f"{Path(self._command[0]).name} plays nothing here: {why}"
