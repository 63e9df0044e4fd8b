"""Writes `traces/` anew from a real Asterisk: `python -m tests.cti.record_traces`, then read the differences with
care.

Beside each trace stands what it must give, `NAME.events.json`: the events in order, without their times.
"""

import asyncio
import json
import re
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import msgspec

from cti.edge.trace import Recorder, replay
from cti.events import AnyPbxEvent, PbxSynchronized
from tests.cti.sessions import SESSIONS, Stage
from tests.cti.world import NODE, Inbox, ami_link, ami_of, ari_link, ari_of, password_of, running
from tests.parts.asterisk import Asterisk
from tests.parts.sip import SipPhones
from tests.parts.sites import trial_site

TRACES = Path(__file__).with_name("traces")
CALLER = "+15550100"


async def play(
    session: Callable[[Stage], Awaitable[None]], asterisk: Asterisk, phones: SipPhones, path: Path
) -> list[AnyPbxEvent]:
    """Play one session, recorded at `path`; the events that the link delivered."""
    inbox = Inbox()
    alice = await phones.phone("alice", password_of(asterisk, "alice"))
    caller = await phones.caller(CALLER)
    with Recorder(path, NODE, asterisk.site.app, time.time) as recorder:
        link = ari_link(ari_of(asterisk), inbox, recorder=recorder)
        async with running(link.run):
            await inbox.until(PbxSynchronized)
            await session(Stage(link, inbox, caller, alice))
    return inbox.events


async def phone_comes_and_goes(asterisk: Asterisk, phones: SipPhones, path: Path) -> list[AnyPbxEvent]:
    """AMI's part: a phone registers, and unregisters."""
    inbox = Inbox()
    with Recorder(path, NODE, asterisk.site.app, time.time) as recorder:
        async with running(ami_link(ami_of(asterisk), inbox, recorder=recorder).run):
            await asyncio.sleep(0.5)
            bob = await phones.phone("bob", password_of(asterisk, "bob"))
            await asyncio.sleep(0.3)
            await bob.unregister()
            await asyncio.sleep(0.3)
    return inbox.events


def events_of(path: Path) -> list[object]:
    """What a trace gives, as plain JSON values."""
    plain: list[object] = json.loads(msgspec.json.encode([event for _, event in replay(path)]))
    return plain


def _publish(trace: Path, name: str) -> None:
    text = trace.read_text(encoding="utf-8")
    text = re.sub(r'"asterisk_id":"[^"]*"', '"asterisk_id":"00:00:00:00:00:00"', text)
    target = TRACES / f"{name}.jsonl"
    target.write_text(text, encoding="utf-8")
    lines = (json.dumps(event, ensure_ascii=False) for event in events_of(target))
    target.with_suffix(".events.json").write_text("[\n" + ",\n".join(lines) + "\n]\n", encoding="utf-8")


async def _record(asterisk: Asterisk, folder: Path) -> None:
    async with SipPhones(asterisk.site.sip.port) as phones:
        for session in SESSIONS:
            path = folder / "trace.jsonl"
            await play(session, asterisk, phones, path)
            _publish(path, session.__name__)
        await phone_comes_and_goes(asterisk, phones, folder / "trace.jsonl")
        _publish(folder / "trace.jsonl", "phone_comes_and_goes")


if __name__ == "__main__":
    with Asterisk(trial_site()) as an_asterisk, tempfile.TemporaryDirectory() as a_folder:
        asyncio.run(_record(an_asterisk, Path(a_folder)))
