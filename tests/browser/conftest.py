"""One Chromium for all these tests; every window is closed again at the end of its test."""

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.browser.chromium import Chromium, chromium
from tests.browser.window import Window
from tests.journeys.on_asterisk import AGENT_TONE
from tests.parts.sound import tone, write_wav

OpenWindows = Callable[[str], Window]


@pytest.fixture(scope="session")
def chromium_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    """The browser."""
    sound: Path = tmp_path_factory.mktemp("microphone") / "tone.wav"
    write_wav(sound, tone(AGENT_TONE, 30.0))
    with chromium(sound) as running:
        yield running


@pytest_asyncio.fixture
async def window(chromium_process: Chromium) -> AsyncIterator[OpenWindows]:
    """Makes windows by name: `window("anna")`."""
    made: list[Window] = []

    def make(name: str) -> Window:
        made.append(Window(chromium_process, name))
        return made[-1]

    yield make
    for one in made:
        await one.close()
