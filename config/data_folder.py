"""The folder for what we write: made if it is not there, and held by one process at a time."""

import fcntl
import os
import shutil
from pathlib import Path

from config.settings import SettingsError

OURS = ("callwright.db", "callwright.db-wal", "callwright.db-shm", "spool", "outbox", "prompts")
"""What a centre puts into its folder."""


class DataFolder:
    """Held from the beginning to `release`. The lock is the kernel's, so it ends with the process, however that ends.

    Raises `SettingsError` if the folder cannot be made, or another process holds it: two that write into one spool
    would cut each other's lines.
    """

    def __init__(self, path: Path) -> None:
        self._file = -1
        try:
            path.mkdir(parents=True, exist_ok=True)
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
