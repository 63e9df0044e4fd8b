"""The folder for what we write: made if it is not there, and held by one process at a time."""

import fcntl
import os
import shutil
from pathlib import Path

from config.settings import SettingsError

OURS = (
    *("callwright.db", "callwright.db-wal", "callwright.db-shm"),
    *("spool", "outbox", "prompts", "voicemail", "control.sock", "demo.toml", "alive"),
)
"""What a centre puts into its folder."""


class DataFolder:
    """Held from the beginning to `release`. The lock is the kernel's, so it ends with the process, however that ends.

    Raises `SettingsError` if the folder cannot be made, or another process holds it: two that write into one spool
    would cut each other's lines.
    """

    def __init__(self, path: Path) -> None:
        self._file = -1
        try:
            make_folder(path, "data")
            self._file = os.open(path / ".lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self.release()
            message = f"{path}: another Callwright runs with this folder (data); end it, or give this one its own"
            raise SettingsError(message) from error
        except OSError as error:
            self.release()
            message = f"{path}: this folder (data) cannot be used: {error.strerror}"
            raise SettingsError(message) from error

    def release(self) -> None:
        """Let others have it."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


def make_folder(path: Path, setting: str) -> None:
    """Make it if it is not there. Raises `SettingsError` if that, or writing there, is not possible."""
    trouble = write_trouble(path)
    if not trouble:
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            trouble = error.strerror or str(error)
    if trouble:
        raise SettingsError(f"nothing can be written to {path} ({setting} in the settings): {trouble}")


def write_trouble(folder: Path) -> str:
    """Why nothing can be written to a folder (or it cannot be made); empty if it can, as far as can be seen."""
    for each in (folder, *folder.parents):  # `Path.is_dir` fails where we may not look
        if os.path.isdir(each):
            return "" if os.access(each, os.W_OK | os.X_OK) else f"we may not write to {each}"
        if os.path.exists(each):
            return f"{each} is no folder"
    return f"{folder} cannot be made"


def forget(path: Path) -> None:
    """Delete what a centre has put into a folder, and nothing else. Raises `SettingsError`."""
    held = DataFolder(path)
    try:
        for name in OURS:
            if (path / name).is_dir():
                shutil.rmtree(path / name, ignore_errors=True)
            else:
                (path / name).unlink(missing_ok=True)
    finally:
        held.release()
