"""Which Asterisk to start, and how: the machine's own if recent enough, else the one that install.sh unpacked."""

from __future__ import annotations

import functools
import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import msgspec

_OLDEST = 20
_MACHINE_DATA_FOLDERS = (Path("/usr/share/asterisk"), Path("/var/lib/asterisk"))


class AsteriskMissingError(RuntimeError):
    """No Asterisk to test with: `make parts` installs one."""


class AsteriskProgram(msgspec.Struct, frozen=True):
    """How to start one. `data` is its data folder; `root` is where it was unpacked, None for an installed one."""

    binary: Path
    data: Path
    root: Path | None = None

    def command(self, *arguments: str) -> list[str]:
        """The words of a command line that runs Asterisk with these arguments."""
        if self.root is None:
            return [str(self.binary), *arguments]
        # Its libraries are newer than the machine's, and fit its own loader only.
        libraries = ":".join(str(path) for path in _library_folders(self.root))
        return [str(_loader(self.root)), "--library-path", libraries, str(self.binary), *arguments]

    def folders(self) -> Mapping[str, Path]:
        """The entries for `[directories]` that differ from those it was built with."""
        if self.root is None:
            return {}
        return {
            "astmoddir": _library_folders(self.root)[0] / "asterisk" / "modules",
            "astdatadir": self.data,
            "astagidir": self.data / "agi-bin",
            "astsbindir": self.binary.parent,
        }

    def environment(self) -> Mapping[str, str]:
        """The environment to start it in: this process's, with times in UTC and its own OpenSSL settings."""
        environment = {**os.environ, "TZ": "UTC", "LC_ALL": "C.UTF-8"}
        if self.root is not None:
            environment["OPENSSL_CONF"] = os.devnull
        return environment


@functools.cache
def find_program() -> AsteriskProgram:
    """The Asterisk to test with; raises `AsteriskMissingError`."""
    return _installed() or _unpacked()


def _installed() -> AsteriskProgram | None:
    path = shutil.which("asterisk", path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin")
    if path is None:
        return None
    answer = subprocess.run([path, "-V"], capture_output=True, text=True, check=False).stdout
    version = re.match(r"Asterisk (\d+)", answer)
    if version is None or int(version[1]) < _OLDEST:
        return None
    data = next((folder for folder in _MACHINE_DATA_FOLDERS if (folder / "rest-api").is_dir()), None)
    return None if data is None else AsteriskProgram(Path(path), data)


def _unpacked() -> AsteriskProgram:
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    root = cache / "callwright" / "asterisk"
    binary = root / "usr" / "sbin" / "asterisk"
    if not binary.exists():
        message = "no Asterisk 20 or later on this machine, and none unpacked: run `make parts`"
        raise AsteriskMissingError(message)
    return AsteriskProgram(binary, root / "usr" / "share" / "asterisk", root)


def _library_folders(root: Path) -> list[Path]:
    # Debian's folder for the machine's kind, such as x86_64-linux-gnu: the one that holds Asterisk's modules.
    return [path.parent for path in (root / "usr" / "lib").glob("*/asterisk")]


def _loader(root: Path) -> Path:
    for folder in _library_folders(root):
        for path in folder.glob("ld-linux*.so.*"):
            return path
    message = f"no dynamic loader under {root}: remove the folder and run `make parts`"
    raise AsteriskMissingError(message)
