"""Real parts as pytest fixtures. A part that is missing is an error, never a skipped test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from tests.parts.asterisk import Asterisk
from tests.parts.sip import SipPhones
from tests.parts.sites import TRIAL_DIALPLAN, trial_site


@pytest.fixture(scope="session")
def asterisk() -> Iterator[Asterisk]:
    """One Asterisk for the whole session. Tests leave no call and no Stasis application behind on it."""
    with Asterisk(trial_site(), dialplan=TRIAL_DIALPLAN) as running:
        yield running


@pytest.fixture
def own_asterisk() -> Iterator[Asterisk]:
    """An Asterisk of the test's own, to kill, restart or misconfigure (another second)."""
    with Asterisk(trial_site(), dialplan=TRIAL_DIALPLAN) as running:
        yield running


@pytest_asyncio.fixture
async def sip_phones(asterisk: Asterisk) -> AsyncIterator[SipPhones]:
    """SIP telephones and callers on the shared Asterisk; their calls end with the test."""
    async with SipPhones(asterisk.site.sip.port) as phones:
        yield phones
