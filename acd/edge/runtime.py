"""Runs the brain: one inbox, one message at a time, outputs handed on at once.

Everything happens synchronously on the event loop: a message that comes in from a socket has its consequences written
to the other sockets before the loop does anything else. There is no task to wake between the end of a call and the
ringing of the next.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial

import structlog

from acd.center import ContactCenter, Message
from acd.edge.clock import Clock
from acd.floor import Output
from cti.commands import AnyCommand, Command
from cti.events import CommandFailed
from cti.model import NodeName, node_of

log = structlog.get_logger(__name__)

Listener = Callable[[Sequence[Output], float], None]
"""Is told all outputs of one message, and its time; must not block and must not raise."""


class Runtime:
    """Carries messages to a `ContactCenter` and its outputs to those concerned.

    `desktops` are told first, so that a screen pop is on its way before the command that rings the phone; then the
    commands go to the PBX of their leg (`senders`); then the `others` (storage, CRM) are told.
    """

    def __init__(self, center: ContactCenter, clock: Clock) -> None:
        self.center = center
        self.desktops: list[Listener] = []
        self.others: list[Listener] = []
        self.senders: dict[NodeName, Callable[[AnyCommand], None]] = {}
        self.messages = 0
        self.failures = 0
        self._clock = clock
        self._inbox: deque[Message] = deque()
        self._draining = False
        self._timer: asyncio.TimerHandle | None = None
        self._closed = False

    def post(self, message: Message) -> None:
        """Take a message, on the event loop's thread. Its consequences are carried out before this returns,
        unless it is posted from within a listener: then right after the message in hand."""
        if self._closed:
            return
        self._inbox.append(message)
        self._drain()

    def close(self) -> None:
        """No more messages, no more timers."""
        self._closed = True
        if self._timer is not None:
            self._timer.cancel()

    def _drain(self) -> None:
        if self._draining:
            return
        self._draining = True
        try:
            while self._inbox:
                message = self._inbox.popleft()
                now = self._clock.now()
                self._decide(partial(self.center.receive, message, now), now, type(message).__name__)
        finally:
            self._draining = False
        self._set_timer()

    def _tick(self) -> None:
        self._draining = True
        now = self._clock.now()
        try:
            self._decide(partial(self.center.tick, now), now, "tick")
        finally:
            self._draining = False
        self._drain()

    def _decide(self, decide: Callable[[], Sequence[Output]], now: float, what: str) -> None:
        self.messages += 1
        try:
            outputs = decide()
        except Exception:
            self.failures += 1
            log.exception("the brain failed on a message", message=what)
            outputs = self.center.salvage()
        if not outputs:
            return
        self._tell(self.desktops, outputs, now)
        for output in outputs:
            if isinstance(output, Command):
                self._send(output)
        self._tell(self.others, outputs, now)

    def _send(self, command: AnyCommand) -> None:
        send = self.senders.get(node_of(command.leg))
        if send is None:
            log.error("a command for a PBX that is not configured", leg=command.leg)
            return
        try:
            send(command)
        except Exception:
            # What was decided beside it must be carried out all the same, and the brain must not believe in this one.
            self.failures += 1
            log.exception("a command could not be given", command=type(command).__name__)
            self._inbox.append(CommandFailed(command, "a fault in Callwright"))

    def _tell(self, listeners: Sequence[Listener], outputs: Sequence[Output], now: float) -> None:
        for listener in listeners:
            try:
                listener(outputs, now)
            except Exception:
                self.failures += 1
                log.exception("a listener failed", listener=repr(listener))

    def _set_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        deadline = self.center.next_deadline()
        if deadline is None or self._closed:
            return
        loop = asyncio.get_running_loop()
        self._timer = loop.call_at(loop.time() + max(0.0, deadline - self._clock.now()), self._tick)
