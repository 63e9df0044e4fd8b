"""Whether an Asterisk can record callers: a recording of an empty bridge is made, fetched and deleted.

Asterisk records into the folder `recording` in its spool folder, does not make that folder, and tells what is wrong
with it in its log alone: over ARI one can only try. The bridge is no call's, and nobody is in it.
"""

import asyncio
import os
import time
from contextlib import suppress
from enum import Enum

from cti.asterisk.ari_objects import LiveRecording
from cti.asterisk.ari_requests import AriRequest, live_recording, stored_recording
from cti.edge.ari_rest import AriAddress, AriRest
from cti.edge.errors import PbxError, Refused
from cti.model import RecordingName

STATES_WITHIN = 1.0
"""Seconds in which a recording begins, and is stored; Asterisk needs some thousandths of one."""
LOOK_AFTER = 0.02

LARGEST = 1_000_000
"""Bytes of a second of silence, and far more."""

_FORBIDDEN, _NOT_FOUND, _INTERNAL = 403, 404, 500


class RecordingTrial(Enum):
    """What came of it."""

    WORKS = "works"
    NO_FOLDER = "no folder"
    """Asterisk does not have the folder."""
    NOT_WRITTEN = "not written"
    """It can make no file there."""
    NOT_READ = "not read"
    """It made one, and does not give it out."""
    NOT_ALLOWED = "not allowed"
    """This user may only look: nothing was tried."""


async def try_recording(address: AriAddress) -> RecordingTrial:
    """Make a recording of nobody, and take it away again. Raises `PbxError` if the PBX does not answer as it should."""
    name = f"doctor-{os.getpid()}-{time.time_ns()}"
    async with AriRest(address) as rest:
        bridge = f"/bridges/{name}"
        try:
            await rest.perform(AriRequest("POST", bridge, {"type": "mixing"}))
        except Refused as refused:
            if refused.status == _FORBIDDEN:
                return RecordingTrial.NOT_ALLOWED
            raise
        try:
            return await _recorded(rest, bridge, RecordingName(name))
        finally:
            for there in (stored_recording(RecordingName(name)), bridge):
                with suppress(PbxError):  # what is there no more needs not go; and who is away keeps an empty file
                    await rest.perform(AriRequest("DELETE", there))


async def _recorded(rest: AriRest, bridge: str, name: RecordingName) -> RecordingTrial:
    try:
        record = AriRequest("POST", f"{bridge}/record", {"name": name, "format": "wav"}, repeatable=False)
        await rest.perform(record)
    except Refused as refused:
        if refused.status == _INTERNAL:
            return RecordingTrial.NO_FOLDER
        raise
    await _begins(rest, name)
    await rest.perform(AriRequest("POST", f"{live_recording(name)}/stop", done_if=frozenset({_NOT_FOUND})))
    if not await _is_there(rest, stored_recording(name)):
        return RecordingTrial.NOT_WRITTEN
    try:
        await rest.file(f"{stored_recording(name)}/file", STATES_WITHIN, LARGEST)
    except Refused:
        return RecordingTrial.NOT_READ
    return RecordingTrial.WORKS


async def _begins(rest: AriRest, name: RecordingName) -> None:
    """Or is gone at once, without a word: where nothing can be written."""
    deadline = time.monotonic() + STATES_WITHIN
    while time.monotonic() < deadline:
        try:
            if (await rest.ask(live_recording(name), LiveRecording)).state != "queued":
                return
        except Refused:
            return
        await asyncio.sleep(LOOK_AFTER)


async def _is_there(rest: AriRest, path: str) -> bool:
    deadline = time.monotonic() + STATES_WITHIN
    while time.monotonic() < deadline:
        try:
            await rest.ask(path, LiveRecording)
        except Refused:
            await asyncio.sleep(LOOK_AFTER)
        else:
            return True
    return False
