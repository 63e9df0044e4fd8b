"""Lets a service speak that is asked by HTTP: a neural engine on another machine, or somebody's cloud."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

import aiohttp

from ivr.edge.engines import AT_ONCE, EngineFailed, filled
from ivr.edge.programs import AT_MOST

LARGEST = 20 << 20
"""Bytes of an answer; some minutes of speech."""

Json = dict[str, "Json"] | list["Json"] | str | int | float | bool | None


class HttpEngine:
    """POSTs JSON that holds the words, and is answered with a WAV file."""

    def __init__(
        self,
        url: str,
        body: Json,
        headers: Mapping[str, str],
        voice: str = "",
        speed: int = 0,
        *,
        timeout: float = AT_MOST,
        at_once: int = AT_ONCE,
    ) -> None:
        """`body`: in its texts `{text}`, `{language}`, `{voice}` and `{speed}` are replaced. `headers` may hold
        secrets; they are told to the service only."""
        self.slots = asyncio.Semaphore(at_once)
        self._url = url
        self._body = body
        self._headers = dict(headers)
        self._known = {"voice": voice, "speed": str(speed)}
        self._timeout = timeout
        self._session: aiohttp.ClientSession | None = None

    def mark(self, language: str) -> str:
        """Where it is, and all that it is asked for."""
        return f"{self._url} {replaced(self._body, {**self._known, 'language': language})!r}"

    async def speak(self, text: str, language: str, path: Path) -> None:
        """Raises `EngineFailed`."""
        # The words last: what looks like `{voice}` in them stays as it is.
        asked = replaced(replaced(self._body, {**self._known, "language": language}), {"text": text})
        try:
            async with asyncio.timeout(self._timeout):
                sound = await self._answer(asked)
        except TimeoutError:
            raise EngineFailed(f"{self._url} took more than {self._timeout:g} s") from None
        except aiohttp.ClientError as error:
            raise EngineFailed(f"{self._url} cannot be asked: {error}") from error
        if not (sound.startswith(b"RIFF") and sound[8:12] == b"WAVE"):
            raise EngineFailed(f"{self._url} answered with something that is no WAV file; ask it for WAV")
        await asyncio.to_thread(path.write_bytes, sound)

    async def close(self) -> None:
        """Ends its connections."""
        if self._session is not None:
            session, self._session = self._session, None
            await session.close()

    async def _answer(self, asked: Json) -> bytes:
        if self._session is None:
            self._session = aiohttp.ClientSession()
        async with self._session.post(
            self._url, json=asked, headers=self._headers, allow_redirects=False
        ) as answer:  # what the headers hold is for nobody else
            if answer.status != 200:
                why = (await answer.content.read(200)).decode(errors="replace").strip()
                raise EngineFailed(f"{self._url} answered {answer.status} {answer.reason}: {why}")
            sound = bytearray()
            async for piece in answer.content.iter_chunked(1 << 16):
                sound += piece
                if len(sound) > LARGEST:
                    raise EngineFailed(f"{self._url} answered with more than {LARGEST >> 20} MB")
            return bytes(sound)


def replaced(body: Json, known: Mapping[str, str]) -> Json:
    """With what is known in all its texts."""
    match body:
        case str():
            return filled(body, known)
        case dict():
            return {name: replaced(value, known) for name, value in body.items()}
        case list():
            return [replaced(value, known) for value in body]
        case _:
            return body
