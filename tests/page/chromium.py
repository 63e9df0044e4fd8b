"""A real Chromium with the built page in it, as somebody sits in front of it.

Playwright (agent_desktop/page/scripts/browser.mjs) does the work in a process of its own; here are the verbs. Each
waits until it can be done, at most 10 s, and raises `PageFault` with what the browser said.
"""

import asyncio
import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "agent_desktop" / "page"
STATIC = PAGE.parent / "static"
PROGRAMS = ("chromium", "chromium-browser", "google-chrome")

Answer = str | float | list[str] | None


class PageFault(AssertionError):
    """The page did not do what was wanted."""


class Chromium:
    """One browser with one window. It outlives a test and its event loop, so its pipes are read in threads."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    async def _do(self, verb: str, **what: object) -> Answer:
        return await asyncio.to_thread(self._ask, verb, what)

    def _ask(self, verb: str, what: dict[str, object]) -> Answer:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps({"do": verb, **what}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise PageFault("the browser's process has ended; see its messages above")
        answer: dict[str, Answer] = json.loads(line)
        if "error" in answer:
            raise PageFault(f"{verb} {what}: {answer['error']}")
        return answer["ok"]

    async def close(self) -> None:
        """Close the window."""
        await self._do("close")

    async def open(self, url: str, *, width: int = 1440, locale: str = "en-GB", scheme: str = "light") -> None:
        """A fresh window without cookies."""
        await self._do("open", url=url, width=width, locale=locale, scheme=scheme)

    async def log_in(self, user: str, password: str) -> None:
        """On the login page, in English."""
        await self.write("User name", user)
        await self.write("Password", password)
        await self.press("Log in")

    async def press(self, name: str, role: str = "button") -> None:
        """Click what has this role and name."""
        await self._do("press", role=role, name=name)

    async def write(self, label: str, text: str) -> None:
        """Fill the field with this label."""
        await self._do("write", label=label, text=text)

    async def key(self, key: str) -> None:
        """Press one key, wherever the focus is."""
        await self._do("key", key=key)

    async def sees(self, text: str) -> None:
        """Wait until a text is visible."""
        await self._do("sees", text=text)

    async def misses(self, text: str) -> None:
        """Wait until a text is gone."""
        await self._do("misses", text=text)

    async def is_in_state(self, word: str) -> None:
        """Wait until the agent's state, top left, is called so."""
        await self._do("state", text=word)

    async def value(self, label: str) -> str:
        """What a field holds."""
        return str(await self._do("value", label=label))

    async def focused(self) -> str:
        """The kind of element that has the focus: `TEXTAREA`."""
        return str(await self._do("focused"))

    async def title(self) -> str:
        """Of the window."""
        return str(await self._do("title"))

    async def reload(self) -> None:
        """F5."""
        await self._do("reload")

    async def hears(self) -> float:
        """The loudest frequency in what the browser phone plays, in Hz."""
        frequency = await self._do("heard")
        assert isinstance(frequency, int | float)
        return float(frequency)

    async def picture(self, path: Path) -> None:
        """A PNG of the window."""
        await self._do("picture", path=str(path))

    async def is_sound(self) -> None:
        """Fails if axe finds a barrier, if something sticks out to the side, or if the page has complained."""
        barriers = await self._do("axe")
        assert barriers == [], barriers
        overflow = await self._do("overflow")
        assert isinstance(overflow, int | float)
        assert overflow <= 0, f"{overflow} px too wide"
        complaints = await self._do("complaints")
        assert complaints == [], complaints


@contextmanager
def chromium(sound: Path) -> Iterator[Chromium]:
    """A browser; its microphone plays `sound`."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    node = shutil.which("node")
    assert program, "no Chromium; `make parts` installs it"
    assert node, "no Node; the browser tests need it on PATH"
    assert (STATIC / "index.html").is_file(), "the page is not built; `make page` builds it"
    assert (PAGE / "node_modules").is_dir(), "the page's packages are not there; `scripts/page.sh deps` installs them"
    process = subprocess.Popen(
        [node, "scripts/browser.mjs", program, str(sound)],
        cwd=PAGE,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield Chromium(process)
        finally:
            assert process.stdin
            process.stdin.close()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
