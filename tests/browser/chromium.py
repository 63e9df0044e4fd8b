"""A real Chromium as a process of its own, driven by Playwright (driver.mjs) over lines of JSON."""

import asyncio
import itertools
import json
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "agent_desktop" / "page"
STATIC = PAGE.parent / "static"
PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
SLACK = 10.0
"""Seconds that the driver may need beyond the patience it was given."""

Answer = Any
"""Whatever JSON has."""


class PageFault(AssertionError):
    """The page did not do what was wanted; the text is what the browser said."""


class Chromium:
    """One running Chromium. Its answers are read by a thread, so it may outlive an event loop."""

    def __init__(self, requests: IO[str], answers: IO[str]) -> None:
        self._requests = requests
        self._answers = answers
        self._ids = itertools.count(1)
        self._waiting: dict[int, tuple[asyncio.AbstractEventLoop, asyncio.Future[dict[str, Answer]]]] = {}
        self._reader = threading.Thread(target=self._read, name="chromium's answers", daemon=True)
        self._reader.start()

    async def do(self, verb: str, *, patience: float, **what: object) -> Answer:
        """One verb of driver.mjs. Raises `PageFault` if it could not be done in `patience` seconds."""
        loop = asyncio.get_running_loop()
        number = next(self._ids)
        answered: asyncio.Future[dict[str, Answer]] = loop.create_future()
        self._waiting[number] = (loop, answered)
        line = json.dumps({"id": number, "do": verb, "timeout": patience * 1000, **what})
        self._requests.write(line + "\n")
        self._requests.flush()
        try:
            async with asyncio.timeout(patience + SLACK):
                answer = await answered
        except TimeoutError:
            raise PageFault(f"{verb} {what}: the browser does not answer") from None
        finally:
            self._waiting.pop(number, None)
        if "error" in answer:
            raise PageFault(f"{verb} {what}: {answer['error']}")
        return answer["ok"]

    def _read(self) -> None:
        for line in self._answers:
            answer = json.loads(line)
            loop, answered = self._waiting.get(answer["id"], (None, None))
            if loop is not None and answered is not None and not loop.is_closed():
                loop.call_soon_threadsafe(_settle, answered, answer)


def _settle(answered: asyncio.Future[dict[str, Answer]], answer: dict[str, Answer]) -> None:
    if not answered.done():
        answered.set_result(answer)


@contextmanager
def chromium(sound: Path) -> Iterator[Chromium]:
    """A browser whose microphone plays `sound`. What is missing on the machine fails the test, it never skips."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    node = shutil.which("node")
    assert program, "no Chromium; `make parts` installs it"
    assert node, "no Node; the browser tests need it on PATH"
    assert (STATIC / "index.html").is_file(), "the page is not built; `make page` builds it"
    assert (PAGE / "node_modules" / "playwright-core").is_dir(), "no Playwright; `scripts/page.sh deps` installs it"
    with subprocess.Popen(
        [node, str(HERE / "driver.mjs"), program, str(sound)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,  # Ctrl-C is for the test, which then closes the browser in order
    ) as process:
        assert process.stdin
        assert process.stdout
        try:
            assert process.stdout.readline(), "Chromium does not start; what it says is above"
            yield Chromium(process.stdin, process.stdout)
        finally:
            process.stdin.close()
            try:
                process.wait(SLACK)
            except subprocess.TimeoutExpired:
                process.kill()
