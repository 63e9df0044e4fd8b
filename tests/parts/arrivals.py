"""The time at which the kernel took something off the wire, whatever this process was doing then (Linux)."""

import socket
import struct
import time
from collections.abc import Iterable

_SO_TIMESTAMPNS = 35
_TIMESPEC = struct.Struct("qq")


def ask_for_arrivals(of: socket.socket) -> None:
    """Have each `recvmsg` come with a time."""
    of.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)


def arrival_of(ancillary: Iterable[tuple[int, int, bytes]], otherwise: float) -> float:
    """That time, as `time.monotonic()` has it."""
    for _, kind, value in ancillary:
        if kind == _SO_TIMESTAMPNS:
            seconds, nanoseconds = _TIMESPEC.unpack(value[: _TIMESPEC.size])
            return float(seconds + nanoseconds / 1e9) - (time.time() - time.monotonic())
    return otherwise
