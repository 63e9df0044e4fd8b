"""A window of the browser, and the verbs of the person in front of it. Each waits until it can be done."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

from tests.browser.chromium import Answer, Chromium, PageFault

PATIENCE = 30.0
ENGLISH, CHINESE = "en-GB", "zh-CN"
LANGUAGE_BUTTONS = {ENGLISH: "EN", CHINESE: "中文"}
QUIETEST = -80.0
"""dB below which a browser plays nothing that one could call a sound."""


class Window:
    """One window with cookies of its own; `name` also names its pictures."""

    def __init__(self, chromium: Chromium, name: str) -> None:
        self._chromium = chromium
        self.name = name
        self.is_open = False

    async def _do(self, verb: str, patience: float = PATIENCE, **what: object) -> Answer:
        return await self._chromium.do(verb, window=self.name, patience=patience, **what)

    # -- opening and closing ---------------------------------------------------------------------------------------

    async def open(self, url: str, *, width: int = 1440, locale: str = ENGLISH, scheme: str = "light") -> None:
        """A fresh window without cookies, `width` by 900."""
        self.is_open = True
        await self._do("open", url=url, width=width, height=900, locale=locale, scheme=scheme)

    async def open_tab(self, name: str, url: str) -> "Window":
        """A second tab of the same browser: the same cookies."""
        tab = Window(self._chromium, name)
        tab.is_open = True
        await tab._do("tab", of=self.name, url=url)
        return tab

    async def close(self) -> None:
        """As if by the cross in the corner, without being asked whether she means it."""
        if self.is_open:
            self.is_open = False
            await self._do("close")

    async def reload(self) -> None:
        """F5; a question whether she means it is answered with yes."""
        await self._do("reload")

    # -- what she does ---------------------------------------------------------------------------------------------

    async def log_in(self, user: str, password: str) -> None:
        """On the login page, in English."""
        await self.write("User name", user)
        await self.write("Password", password)
        await self.press("Log in")

    async def press(self, name: str, role: str = "button", *, exact: bool = False) -> None:
        """Click what has this role, and this name or a name with this in it."""
        await self._do("press", role=role, name=name, exact=exact)

    async def hit(self, *keys: str) -> None:
        """Keys of the keyboard, as Playwright names them: `ArrowDown`, `Enter`, `Escape`."""
        for key in keys:
            await self._do("key", key=key)

    async def write(self, label: str, text: str) -> None:
        """Fill the field with this label."""
        await self._do("write", label=label, text=text)

    async def choose(self, label: str, text: str) -> None:
        """Take one of the choices of the list with this label."""
        await self._do("choose", label=label, text=text)

    # -- what she sees ---------------------------------------------------------------------------------------------

    async def sees(self, *texts: str, patience: float = PATIENCE) -> None:
        """Wait until all these are visible."""
        for text in texts:
            await self._do("sees", patience, text=text)

    async def misses(self, text: str, patience: float = PATIENCE) -> None:
        """Wait until a text is gone."""
        await self._do("misses", patience, text=text)

    async def finds(self, selector: str, text: str = "", patience: float = PATIENCE) -> None:
        """Wait for an element with that text."""
        await self._do("finds", patience, selector=selector, text=text)

    async def is_in_state(self, word: str, patience: float = PATIENCE) -> None:
        """Wait until the agent's state, top left, is called so."""
        await self._do("finds", patience, selector=".state-words strong", text=word)

    async def texts(self, selector: str) -> list[str]:
        """What all these elements say now."""
        return [str(text) for text in await self._do("texts", selector=selector)]

    async def shows(self, selector: str, condition: Callable[[list[str]], bool], patience: float = PATIENCE) -> None:
        """Wait until what all these elements say is so."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + patience
        while not condition(texts := await self.texts(selector)):
            if loop.time() > deadline:
                raise PageFault(f"{self.name}: {selector} still says {texts}")
            await asyncio.sleep(0.1)

    async def value(self, label: str) -> str:
        """What a field holds."""
        return str(await self._do("value", label=label))

    async def focused(self) -> str:
        """The kind of element that has the focus: `TEXTAREA`."""
        return str(await self._do("focused"))

    async def reads(self) -> str:
        """What the element says that has the focus."""
        return str(await self._do("reads"))

    async def title(self) -> str:
        """Of the window."""
        return str(await self._do("title"))

    async def hears_tone(self, frequency: float, patience: float = PATIENCE) -> None:
        """Wait until the loudest in what the browser phone plays is `frequency` hertz, and loud enough."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + patience
        while True:
            heard, decibels = await self._do("heard")
            if abs(heard - frequency) <= 15 and decibels > QUIETEST:
                return
            if loop.time() > deadline:
                raise PageFault(f"{self.name} hears {heard:.0f} Hz at {decibels:.0f} dB, not {frequency} Hz")

    async def plays(self) -> float:
        """Start the first player of the page, and wait until it sounds: the seconds that it lasts."""
        return float(await self._do("plays"))

    # -- how it looks ----------------------------------------------------------------------------------------------

    async def is_sound(self, state: str) -> None:
        """In each language: no barrier that axe finds, nothing that sticks out to the side. Ends in English."""
        for locale in (CHINESE, ENGLISH):
            await self.press(LANGUAGE_BUTTONS[locale], exact=True)
            await self.finds(f"html[lang={locale}]")
            await self.is_sound_as_it_is(f"{state}-{locale[:2]}")

    async def is_sound_as_it_is(self, state: str) -> None:
        """The same in the language that it speaks now. Takes a picture."""
        assert (found := await self._do("axe", 2 * PATIENCE)) == [], f"{self.name} {state}: {found}"
        assert await self._do("overflow") <= 0, f"{self.name} {state}"
        assert await self._do("complaints") == [], f"{self.name} {state}"
        await self.is_pictured(state)

    async def hides(self, selector: str) -> int:
        """Pixels of what is in this element that are out of sight at its side."""
        return int(await self._do("hidden", selector=selector))

    async def is_pictured(self, state: str) -> None:
        """A PNG of the window for people to look at, if the environment names a folder for them."""
        if folder := os.environ.get("SCREENSHOTS"):
            await self._do("picture", path=str(Path(folder) / f"{self.name}-{state}.png"))
