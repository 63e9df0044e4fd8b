"""Putting the files into a folder: nothing that is there already is touched, and others cannot read passwords."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from config.asterisk_files.render import render
from config.asterisk_files.site import AsteriskSite

_PASSWORD_BYTES = 18
_OWNER_AND_GROUP = 0o640


class AsteriskFilesExistError(FileExistsError):
    """The folder holds files of these names already; nothing was written."""

    def __init__(self, paths: tuple[Path, ...]) -> None:
        names = ", ".join(str(path) for path in paths)
        super().__init__(f"already there, and left as they are: {names}; choose another folder or move them away")
        self.paths = paths


def new_password() -> str:
    """A password of 144 random bits, in letters that every Asterisk file and SIP telephone takes."""
    # "-" first would read as an option in some telephones' setup pages.
    return secrets.token_urlsafe(_PASSWORD_BYTES).replace("-", "~")


def write_files(directory: Path, site: AsteriskSite) -> tuple[Path, ...]:
    """Write the site's files into `directory`, made if missing, and return their paths.

    Raises `AsteriskFilesExistError` before the first byte is written if one of them is there, `AsteriskSiteError`
    for a bad value, `OSError` if the folder cannot be written. Asterisk must be able to read the files: they
    are for the owner and his group (0640).
    """
    files = render(site)
    # Others may pass through: Asterisk, as its own user, plays the prompts that lie below. The files guard themselves.
    directory.mkdir(mode=0o755, parents=True, exist_ok=True)
    existing = tuple(directory / name for name in files if (directory / name).exists())
    if existing:
        raise AsteriskFilesExistError(existing)
    return tuple(_write_new(directory / name, text) for name, text in files.items())


def _write_new(path: Path, text: str) -> Path:
    # O_EXCL: a file that appeared since the check is not overwritten either.
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_AND_GROUP)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(text)
    return path
