"""The panel of messages in a real browser: an agent plays one, a supervisor deletes one."""

import asyncio
from pathlib import Path

import pytest

from acd.model import VoicemailId
from tests.acd.edge.answering import Answering, answering
from tests.agent_desktop.office import PASSWORD, office
from tests.browser.chromium import STATIC
from tests.browser.conftest import OpenWindows

pytestmark = pytest.mark.browser


async def fetched(machine: Answering) -> None:
    """Every message is with us."""
    async with asyncio.timeout(10.0):
        while machine.keeper.waiting:  # noqa: ASYNC110 - it happens without a sign
            await asyncio.sleep(0.01)
    await machine.history.flush(2.0)


async def are_left(machine: Answering, count: int) -> None:
    """So many messages are to be dealt with."""
    async with asyncio.timeout(5.0):
        while len(await machine.keeper.reader.listed(None, done=False)) != count:  # noqa: ASYNC110 - in the database
            await asyncio.sleep(0.02)


async def test_messages(tmp_path: Path, window: OpenWindows) -> None:
    async with answering(tmp_path) as machine, office(static=STATIC, voicemails=machine.keeper) as desks:
        anna = window("anna")
        await anna.open(desks.url)
        await anna.log_in("anna", PASSWORD)
        await anna.press("Messages")
        await anna.sees("No messages.")
        await anna.is_sound("messages-1-none")

        machine.leave("b1")
        machine.leave("b2", number="")
        await fetched(machine)
        await anna.press("Close")
        await anna.press("Messages")
        await anna.sees("María Fernández", "New", "0:04")
        await anna.is_sound("messages-2-two")
        await anna.press("Done", exact=True)
        await are_left(machine, 1)

        sam = window("sam")
        await sam.open(desks.url)
        await sam.log_in("sam", PASSWORD)
        await sam.press("Messages")
        await sam.press("Delete")
        await sam.press("Delete for good")
        await are_left(machine, 0)
        assert await machine.keeper.reader.one(VoicemailId("b1")) or await machine.keeper.reader.one(VoicemailId("b2"))
        await sam.is_sound("messages-3-supervisor")
