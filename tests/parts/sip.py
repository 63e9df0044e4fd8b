"""Real telephones for tests: SIP peers in the test's own process, with sound, digits and exact times.

`SipPhones` is the SIP stack (baresip); it lives as long as its `async with`, in one event loop, and there is
one at a time in a process. From it come `SipPhone`s, which register as an agent's telephone and are rung, and
`SipCaller`s, which dial a number as a customer does.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Self

from baresip.call import Call
from baresip.config import Account, Config
from baresip.events import StackEvent
from baresip.runtime import Runtime
from baresip.ua import UserAgent

from tests.parts.sip_call import SipCall

_LOOPBACK = "127.0.0.1"
_PACKET_SECONDS = 0.02
_REGISTER_SECONDS = 60
# A jitter buffer throws away what comes late, as on a busy machine everything does. A test wants all of it.
_HEAR_ALL = "audio_jitter_buffer_type off\n"


class _TimedRuntime(Runtime):
    """baresip's runtime, which also tells when each event happened, before the event loop got round to it."""

    event_time = 0.0

    def _on_native_event(self, ev: int, handle: int, payload: bytes | None) -> None:
        # On the SIP thread. The library has no time of its own in its events.
        self._call_threadsafe(self._dispatch_timed, time.monotonic(), ev, handle, payload)

    def _dispatch_timed(self, happened: float, ev: int, handle: int, payload: bytes | None) -> None:
        self.event_time = happened
        self._dispatch(ev, handle, payload)


class SipPhones:
    """The SIP stack of a test: an async context manager, and the maker of telephones and callers.

    `port` is where the Asterisk that they talk to listens for SIP over UDP on the loopback.
    """

    def __init__(self, port: int) -> None:
        self.port = port
        self._runtime = _TimedRuntime()
        self._calls: list[SipCall] = []
        self._sound: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        await self._runtime.start(
            Config(
                net_interface=_LOOPBACK,
                max_concurrent_calls=None,
                native_log_level="error",
                extra_config_text=f"sip_listen {_LOOPBACK}:0\n{_HEAR_ALL}",
            )
        )
        self._sound = asyncio.create_task(self._exchange_sound())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._sound is not None:
            self._sound.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._sound
        for call in self._calls:
            await call.hang_up()
        await self._runtime.close()

    async def phone(self, name: str, password: str) -> SipPhone:
        """An agent's telephone, registered as `PJSIP/name`. Raises baresip's `RegistrationError`."""
        account = Account(
            user=name, domain=f"{_LOOPBACK}:{self.port}", password=password, reg_interval=_REGISTER_SECONDS
        )
        agent = await UserAgent.create(self._runtime, account)
        phone = SipPhone(self, name, agent)
        await phone.register()
        return phone

    async def caller(self, number: str) -> SipCaller:
        """A customer, who presents `number`; he comes in by the line (Asterisk knows it by the address)."""
        account = Account(user=number, domain=f"{_LOOPBACK}:{self.port}", password="", reg_interval=0)
        return SipCaller(self, number, await UserAgent.create(self._runtime, account))

    def follow(self, call: Call, early: Sequence[tuple[float, StackEvent]] = ()) -> SipCall:
        """Take a call of the stack under our care: its times are noted and its sound exchanged.

        `early`: what was noted before the call could be followed.
        """
        followed = SipCall(call, started_at=self._runtime.event_time, clock=self._event_time)
        self._calls.append(followed)
        for happened, event in early:
            self._runtime.event_time = happened
            call._on_stack_event(event)  # it looks by itself whether it is meant
        return followed

    @contextlib.contextmanager
    def noting(self) -> Iterator[list[tuple[float, StackEvent]]]:
        """What happens meanwhile, with its times. A number that answers at once has answered before `dial` of the
        library returns, and the library's call, which begins to listen then, never hears of it."""
        noted: list[tuple[float, StackEvent]] = []

        def note(event: StackEvent) -> None:
            noted.append((self._runtime.event_time, event))

        self._runtime.subscribe(note)
        try:
            yield noted
        finally:
            self._runtime.unsubscribe(note)

    def _event_time(self) -> float:
        return self._runtime.event_time

    async def _exchange_sound(self) -> None:
        # One task for all calls: sixty tasks that wake fifty times a second each would cost more.
        while True:
            for call in self._calls:
                call.exchange_sound()
            self._calls = [call for call in self._calls if call.ended_at is None]
            await asyncio.sleep(_PACKET_SECONDS)


class SipPhone:
    """An agent's desk telephone."""

    def __init__(self, phones: SipPhones, name: str, agent: UserAgent) -> None:
        self._phones = phones
        self.name = name
        self._agent = agent
        self._ringing: asyncio.Queue[SipCall] = asyncio.Queue()
        self.calls: list[SipCall] = []
        agent.on_incoming(self._on_incoming)

    async def register(self) -> None:
        """Tell Asterisk where it is; done already when it comes from `SipPhones.phone`."""
        await self._agent.register()

    async def unregister(self) -> None:
        """Tell Asterisk that it goes away."""
        await self._agent.unregister()

    async def rings(self, timeout: float = 5.0) -> SipCall:
        """The next call that rings here; `started_at` is when its INVITE arrived. Raises `TimeoutError`."""
        async with asyncio.timeout(timeout):
            return await self._ringing.get()

    def _on_incoming(self, call: Call) -> None:
        followed = self._phones.follow(call)
        self.calls.append(followed)
        self._ringing.put_nowait(followed)


class SipCaller:
    """A customer with a telephone."""

    def __init__(self, phones: SipPhones, number: str, agent: UserAgent) -> None:
        self._phones = phones
        self.number = number
        self._agent = agent

    async def dial(self, number: str) -> SipCall:
        """Call `number`; returns when the INVITE is on its way. `started_at` is the moment before."""
        began = time.monotonic()
        with self._phones.noting() as early:
            call = await self._agent.dial(f"sip:{number}@{_LOOPBACK}:{self._phones.port}")
            followed = self._phones.follow(call, early)
        followed.started_at = began
        return followed
