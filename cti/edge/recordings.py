"""Files in which a PBX keeps what somebody said: fetched, and deleted once they are safely ours."""

from cti.asterisk.ari_objects import LiveRecording
from cti.asterisk.ari_requests import AriRequest, live_recording, stored_recording
from cti.edge.ari import AriLink
from cti.edge.errors import PbxDown, Refused
from cti.model import RecordingName

FETCHED_WITHIN = 60.0
"""Seconds for one file: ten minutes of speech are 10 MB."""

_GONE = frozenset({404})


class StoredRecordings:
    """The recordings of one PBX. All verbs raise `PbxError`: `PbxDown` passes, `Refused` mostly does not."""

    def __init__(self, link: AriLink) -> None:
        self._link = link

    async def fetch(self, recording: RecordingName, largest: int) -> bytes | None:
        """The WAV file; None if there is none. Raises `PbxDown` also while it is still being made."""
        self._must_be_connected()
        if await self._is_being_made(recording):
            raise PbxDown("the recording is not over")
        try:
            return await self._link.rest.file(f"{stored_recording(recording)}/file", FETCHED_WITHIN, largest)
        except Refused as refused:
            if refused.status in _GONE:
                return None
            raise

    async def delete(self, recording: RecordingName) -> None:
        """Delete it there; harmless if there is none."""
        self._must_be_connected()
        await self._link.rest.perform(AriRequest("DELETE", stored_recording(recording), done_if=_GONE))

    async def _is_being_made(self, recording: RecordingName) -> bool:
        try:
            await self._link.rest.ask(live_recording(recording), LiveRecording)
        except Refused as refused:
            if refused.status in _GONE:
                return False
            raise
        return True

    def _must_be_connected(self) -> None:
        if not self._link.connected:
            raise PbxDown("not connected")
