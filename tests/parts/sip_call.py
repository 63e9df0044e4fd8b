"""One call of a real SIP peer: what it heard, what it says, and when things happened."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import numpy as np
from baresip.call import Call, CallState, DigitEvent
from baresip.errors import AudioNotActive, AudioRestarted, StaleHandleError
from baresip.events import Event, StackEvent
from numpy.typing import NDArray

RATE = 8000
_READ_BYTES = 16000
_PACKET_SECONDS = 0.02
_DIGIT_GAP_MILLISECONDS = 80
_NOTICED_SECONDS = 1.0
_LEARNING_SECONDS = 0.1

Sound = NDArray[np.int16]
"""Samples, 8,000 a second."""


class SipCall:
    """A call, either way. Times are `time.monotonic()`; sound is 8 kHz mono.

    `started_at`: when the INVITE arrived or was sent. `answered_at`, `ended_at`: None until it is so.
    `end_reason`: the SIP status line or the stack's own words.
    """

    def __init__(self, call: Call, *, started_at: float, clock: Callable[[], float]) -> None:
        self._call = call
        self._clock = clock
        self._heard = bytearray()
        self._to_say = bytearray()
        self._noticed = asyncio.Event()  # the other side knows of it
        self._decided = asyncio.Event()  # answered, or ended without
        self._ended = asyncio.Event()
        self.started_at = started_at
        self.answered_at: float | None = None
        self.ended_at: float | None = None
        self.end_reason = ""
        self.digits: list[str] = []
        if call.state is not CallState.OUTGOING:
            self._noticed.set()
        call.on(self._on_event)
        call.on_dtmf(self._on_digit)

    @property
    def peer(self) -> str:
        """The other side's SIP address, which holds the number it presents."""
        return self._call.peer or ""

    @property
    def heard(self) -> Sound:
        """Everything heard so far, early media included."""
        return np.frombuffer(bytes(self._heard), dtype=np.int16)

    async def answer(self) -> None:
        """Pick up, and return when both sides may speak."""
        await self._call.answer()
        await self.answered()

    async def decline(self) -> None:
        """Refuse it: 486 Busy Here."""
        await self._call.reject()

    async def hang_up(self) -> None:
        """End it, in whatever state; nothing happens if it has ended already.

        Who has dialled waits for the first sign that anybody has heard him: a call that is given up before that is
        forgotten by baresip without a CANCEL, which must not be sent then (RFC 3261, 9.1), and rings for ever.
        """
        try:
            async with asyncio.timeout(_NOTICED_SECONDS):
                await self._noticed.wait()
        except TimeoutError:
            pass  # nobody is there
        try:
            await self._call.hangup()
        except StaleHandleError:
            pass  # The other side was first.

    async def can_be_heard(self, timeout: float = 10.0) -> None:
        """Wait until keys and words arrive over there: Asterisk ignores the first four packets of a stranger.

        Raises `TimeoutError`, or `ConnectionError` if the call ends instead.
        """
        await self.answered(timeout)
        async with asyncio.timeout(timeout):
            while not self._heard:  # noqa: ASYNC110 - sound is fetched every 20 ms anyway
                await asyncio.sleep(_PACKET_SECONDS)
        await asyncio.sleep(_LEARNING_SECONDS)

    async def press(self, digits: str) -> None:
        """Press keys, 100 ms each, as RFC 4733 events."""
        await self._call.send_dtmf(digits, interdigit_ms=_DIGIT_GAP_MILLISECONDS)

    def say(self, sound: Sound) -> None:
        """Send this sound, after what is being sent already. Otherwise there is silence."""
        self._to_say += sound.astype(np.int16).tobytes()

    async def answered(self, timeout: float = 10.0) -> None:
        """Wait until it is answered. Raises `TimeoutError`, or `ConnectionError` if it ends instead."""
        async with asyncio.timeout(timeout):
            await self._decided.wait()
        if self.answered_at is None:
            message = f"ended without an answer: {self.end_reason}"
            raise ConnectionError(message)

    async def ended(self, timeout: float = 10.0) -> None:
        """Wait until it is over. Raises `TimeoutError`."""
        async with asyncio.timeout(timeout):
            await self._ended.wait()

    async def listen(self, seconds: float) -> Sound:
        """What is heard in the next `seconds`; less if the call ends or no sound comes."""
        first = len(self.heard)
        await asyncio.sleep(seconds)
        return self.heard[first:]

    def exchange_sound(self) -> None:
        """Take what has arrived and hand over what is to be said; called every 20 ms."""
        try:
            while heard := self._call.audio.read(_READ_BYTES):
                self._heard += heard
            if self._to_say:
                taken = self._call.audio.write(bytes(self._to_say))
                del self._to_say[:taken]
        except (AudioNotActive, AudioRestarted):
            return  # No sound yet, or not any more, or from another address from now on.

    def _on_digit(self, pressed: DigitEvent) -> None:
        self.digits.append(pressed.digit)

    def _on_event(self, event: StackEvent) -> None:
        match event.event:
            case Event.CALL_RINGING | Event.CALL_PROGRESS:
                self._noticed.set()
            case Event.CALL_ESTABLISHED:
                self.answered_at = self._clock()
                self._noticed.set()
                self._decided.set()
            case Event.CALL_CLOSED:
                self.exchange_sound()
                self.ended_at = self._clock()
                self.end_reason = event.text or ""
                self._noticed.set()
                self._decided.set()
                self._ended.set()
            case _:
                pass
