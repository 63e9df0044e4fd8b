"""A WebSocket whose frames bear the time at which the kernel had them, whatever this process was doing then.

What comes after that, until a browser has painted the pop, depends on the agent's machine and not on the centre.
"""

import socket
import time
from collections import deque
from typing import Any

from websockets import Origin
from websockets.frames import Frame, Opcode
from websockets.http11 import Request, Response
from websockets.sync.client import ClientConnection, connect

from tests.parts.arrivals import arrival_of, ask_for_arrivals


class _StampedSocket(socket.socket):
    """A TCP socket that knows when the last bytes came."""

    arrived = 0.0

    def recv(self, bufsize: int, flags: int = 0, /) -> bytes:
        """As ever."""
        data, ancillary, _, _ = self.recvmsg(bufsize, 256, flags)
        self.arrived = arrival_of(ancillary, time.monotonic())
        return data


class StampedConnection(ClientConnection):
    """Notes for each text frame, on the thread that reads the socket, when it came."""

    def __init__(self, *arguments: Any, **named: Any) -> None:  # noqa: ANN401 - passed on as they are
        self.arrivals: deque[float] = deque()
        super().__init__(*arguments, **named)

    def process_event(self, event: Request | Response | Frame) -> None:
        """Called by websockets for everything that is in the bytes just read."""
        if isinstance(event, Frame) and event.opcode is Opcode.TEXT and isinstance(self.socket, _StampedSocket):
            self.arrivals.append(self.socket.arrived)
        super().process_event(event)


def open_stamped(base: str) -> StampedConnection:
    """The WebSocket of the desktop at `host:port`."""
    host, _, port = base.partition(":")
    stamped = _StampedSocket(socket.AF_INET, socket.SOCK_STREAM)
    ask_for_arrivals(stamped)
    stamped.connect((host, int(port)))
    opened = connect(
        f"ws://{base}/ws", sock=stamped, origin=Origin(f"http://{base}"), create_connection=StampedConnection
    )
    assert isinstance(opened, StampedConnection)
    return opened
