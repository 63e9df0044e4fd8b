"""One Chromium for all tests of the page; each test gets a fresh window without cookies."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.page.chromium import Chromium, chromium
from tests.parts.sound import tone, write_wav

MICROPHONE_TONE = 620.0
"""Hz; what the browser's microphone hears."""


@pytest.fixture(scope="session")
def chromium_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    """The browser."""
    sound: Path = tmp_path_factory.mktemp("microphone") / "tone.wav"
    write_wav(sound, tone(MICROPHONE_TONE, 30.0))
    with chromium(sound) as running:
        yield running


@pytest_asyncio.fixture
async def browser(chromium_process: Chromium) -> AsyncIterator[Chromium]:
    """The browser, with no window open before and after."""
    yield chromium_process
    await chromium_process.close()
