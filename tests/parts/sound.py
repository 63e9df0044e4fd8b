"""What was heard: a prompt found by correlation, a tone by Goertzel's filter. All at 8 kHz, as telephones do."""

from __future__ import annotations

import asyncio
import subprocess
import time
import wave
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from tests.parts.sip_call import RATE, SipCall, Sound

# A prompt that went through A-law and a jitter buffer scores above 0.99. Another prompt by the same voice is
# below 0.2, one that begins with the same sentence near 0.6 (test_sound.py measures them all).
FOUND = 0.85
TONE_HEARD = 0.9
_TONE_SAMPLES = RATE // 2
_LOOK_AGAIN_SECONDS = 0.1
_FULL_SCALE = 32768.0
_LOUDEST_SILENCE = 50.0
_NOT_LOUD_ENOUGH = 1e-9


class NotHeardError(AssertionError):
    """What should be heard on a call was not; the text says what comes closest."""


class Match(msgspec.Struct, frozen=True):
    """Where a prompt fits best: `score` from 0 (not there) to 1 (exactly there), `start` in seconds.

    `start` is below 0 if the prompt began before the listening did.
    """

    score: float
    start: float

    @property
    def found(self) -> bool:
        """Whether it is really that prompt."""
        return self.score >= FOUND


def find(prompt: Sound, heard: Sound) -> Match:
    """Look for `prompt` in `heard` by normalised cross-correlation; loudness does not matter.

    Either end of the prompt may be cut off, as the first packets of a call often are; the score is then the
    square root of the share of its power that was heard.
    """
    wanted = _without_mean(prompt)
    energy = float(np.dot(wanted, wanted))
    if energy < _NOT_LOUD_ENOUGH or heard.size == 0:
        return Match(0.0, 0.0)
    nothing = np.zeros(wanted.size)
    padded = np.concatenate([nothing, heard.astype(np.float64) / _FULL_SCALE, nothing])
    size = 1 << (padded.size + wanted.size - 1).bit_length()
    product = np.fft.rfft(padded, size) * np.conj(np.fft.rfft(wanted, size))
    places = padded.size - wanted.size + 1
    correlation = np.fft.irfft(product, size)[:places]
    sums = np.concatenate([[0.0], np.cumsum(padded**2)])
    loudness = sums[wanted.size : wanted.size + places] - sums[:places]
    # Where there is next to nothing to hear, dividing by its loudness would find prompts in the noise.
    floor = wanted.size * (_LOUDEST_SILENCE / _FULL_SCALE) ** 2
    scores = np.abs(correlation) / np.sqrt(np.maximum(loudness, floor) * energy)
    best = int(np.argmax(scores))
    return Match(float(scores[best]), (best - wanted.size) / RATE)


async def hears(call: SipCall, prompt: Sound, timeout: float = 15.0, *, since: float = 0.0) -> Match:
    """Wait until `prompt` has been heard on the call; raises `NotHeardError`.

    `since`: seconds from the beginning of the call that are left out. `start` of the match is counted from there.
    """
    deadline = time.monotonic() + timeout
    first = int(since * RATE)
    while True:
        heard, last_look = call.heard[first:], call.ended_at is not None or time.monotonic() > deadline
        began = time.monotonic()
        if heard.size >= prompt.size * FOUND**2 or last_look:
            # In a thread: half a minute of sound takes some 50 ms, and the event loop has other things to do.
            match = await asyncio.to_thread(find, prompt, heard)
            match = Match(match.score, match.start + first / RATE - since)
            if match.found:
                return match
            if last_look:
                size = call.heard.size / RATE
                raise NotHeardError(f"best score {match.score:.2f} at {match.start + since:.2f} s of {size:.2f} s")
            first += max(0, heard.size - prompt.size)  # whatever lies before has been looked at
        await asyncio.sleep(max(_LOOK_AGAIN_SECONDS, 5 * (time.monotonic() - began)))


async def hears_tone(call: SipCall, frequency: float, timeout: float = 5.0) -> None:
    """Wait until the last half second heard on the call is a tone of `frequency` hertz; raises `NotHeardError`."""
    deadline = time.monotonic() + timeout
    while (share := tone_share(frequency, call.heard[-_TONE_SAMPLES:])) < TONE_HEARD:
        if call.ended_at is not None or time.monotonic() > deadline:
            raise NotHeardError(f"{frequency} Hz has {share:.0%} of the power, of {call.heard.size / RATE:.2f} s heard")
        await asyncio.sleep(_LOOK_AGAIN_SECONDS)


async def hears_something(call: SipCall, timeout: float = 5.0) -> None:
    """Wait until half a second that is not silent has come from now on; raises `NotHeardError`."""
    deadline = time.monotonic() + timeout
    first = call.heard.size
    while (heard := call.heard[first:][-_TONE_SAMPLES:]).size < _TONE_SAMPLES or is_silent(heard):
        if call.ended_at is not None or time.monotonic() > deadline:
            raise NotHeardError(f"only silence in {(call.heard.size - first) / RATE:.2f} s")
        await asyncio.sleep(_LOOK_AGAIN_SECONDS)


def tone(frequency: float, seconds: float, *, loudness: float = 0.3) -> Sound:
    """A sine of `frequency` hertz; `loudness` is its peak, 1.0 being the loudest there is."""
    times = np.arange(int(seconds * RATE)) / RATE
    return (np.sin(2 * np.pi * frequency * times) * loudness * (_FULL_SCALE - 1)).astype(np.int16)


def tone_share(frequency: float, heard: Sound) -> float:
    """How much of the heard power is at `frequency` hertz, from 0 to 1 (Goertzel's filter, Hann window)."""
    samples = _without_mean(heard) * np.hanning(heard.size)
    power = float(np.dot(samples, samples))
    if heard.size == 0 or power < heard.size * (_LOUDEST_SILENCE / _FULL_SCALE) ** 2 / 4:
        return 0.0
    times = np.arange(heard.size) / RATE
    component = abs(np.dot(samples, np.exp(-2j * np.pi * frequency * times)))
    window = np.hanning(heard.size)
    # A pure sine of amplitude a gives component = a/2 * sum(w) and power = a^2/2 * sum(w^2).
    return min(1.0, float(2 * component**2 * np.dot(window, window) / (power * window.sum() ** 2)))


def is_silent(heard: Sound) -> bool:
    """Whether there is nothing to hear but a line's own noise."""
    return heard.size == 0 or float(np.sqrt(np.mean(heard.astype(np.float64) ** 2))) < _LOUDEST_SILENCE


def read_wav(path: Path) -> Sound:
    """The samples of a mono 16-bit 8 kHz WAV file; raises `ValueError` for any other."""
    with wave.open(str(path), "rb") as file:
        if (file.getnchannels(), file.getsampwidth(), file.getframerate()) != (1, 2, RATE):
            message = f"{path}: expected mono, 16 bit, {RATE} Hz"
            raise ValueError(message)
        return np.frombuffer(file.readframes(file.getnframes()), dtype="<i2").astype(np.int16)


def write_wav(path: Path, sound: Sound) -> Path:
    """Write samples as a mono 16-bit 8 kHz WAV file, which Asterisk plays as it is."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(sound.astype("<i2").tobytes())
    return path


def decode(path: Path) -> Sound:
    """The samples of any sound file that sox reads, such as Asterisk's own announcements (GSM)."""
    command = ["sox", str(path), "-t", "raw", "-e", "signed", "-b", "16", "-c", "1", "-r", str(RATE), "-"]
    raw = subprocess.run(command, capture_output=True, check=True).stdout
    return np.frombuffer(raw, dtype="<i2").astype(np.int16)


def speak(text: str, *, voice: str = "en") -> Sound:
    """`text` spoken by espeak-ng, as a prompt would be."""
    spoken = subprocess.run(["espeak-ng", "-v", voice, "--stdout", text], capture_output=True, check=True).stdout
    command = ["sox", "-t", "wav", "-", "-t", "raw", "-e", "signed", "-b", "16", "-c", "1", "-r", str(RATE), "-"]
    raw = subprocess.run(command, input=spoken, capture_output=True, check=True).stdout
    return np.frombuffer(raw, dtype="<i2").astype(np.int16)


def _without_mean(sound: Sound) -> NDArray[np.float64]:
    samples = sound.astype(np.float64) / _FULL_SCALE
    return samples - samples.mean() if samples.size else samples
