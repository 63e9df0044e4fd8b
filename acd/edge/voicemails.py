"""Fetches messages from the PBX that recorded them, keeps their files, and deletes them in time.

    VoicemailLeft --> wanted --> file here, on the disk --> `VoicemailKept` --> deleted on the PBX
                        |  the PBX is away, the disk is full: again, later
                        \\-> the PBX has none: `VoicemailLost`

What a process that was killed has not done is found in the rows at the next start. A file that is here already is not
fetched again, so it may be deleted on the PBX before its row says that it is ours.
"""

import asyncio
import io
import os
import wave
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

import structlog

from acd.edge.database import DatabaseMisconfigured, DatabaseUnavailable
from acd.edge.history import History
from acd.edge.voicemail_facts import VoicemailDone, VoicemailHeard, VoicemailKept, VoicemailLost, VoicemailRemoved
from acd.edge.voicemail_reader import VoicemailReader
from acd.events import TaskDone, VoicemailDropped, VoicemailLeft
from acd.model import QueueName, UserId, VoicemailId
from acd.tasks.kept_voicemails import KeptVoicemail
from acd.told import TaskSettled, TaskWanted
from cti.edge.errors import PbxError, TooLarge
from cti.model import CallerId, NodeName, RecordingName

LARGEST = 12_000_000
"""Bytes: ten minutes, the longest that a flow allows, and some more."""
RETRY = (1.0, 60.0)
"""Seconds between two attempts: at first, and at most."""
DAY = 86_400.0
HOUSEKEEPING = 3600.0
"""Seconds between two looks for messages that are too old."""

log = structlog.stdlib.get_logger(__name__)


class Recordings(Protocol):
    """The recordings of one PBX, as `cti.edge.recordings` has them."""

    async def fetch(self, recording: RecordingName, largest: int) -> bytes | None:
        """The file; None if there is none."""

    async def delete(self, recording: RecordingName) -> None:
        """Delete it there."""


class _Fetch(NamedTuple):
    """A message on a PBX: where it is, the work that it will be, when it ended, and how long it is (in seconds)."""

    node: NodeName
    task: TaskWanted
    ended: float
    seconds: float


class VoicemailKeeper:
    """The messages of one centre. `start` after `History`; then `listen` may be called from the loop.

    `recordings`: of each PBX, by its name. `days` says for how long messages are kept. `tell` is the brain's inbox: a
    message that can be heard is work for somebody of its queue, until somebody has dealt with it.
    """

    def __init__(
        self,
        folder: Path,
        history: History,
        reader: VoicemailReader,
        recordings: Mapping[NodeName, Recordings],
        now: Callable[[], float],
        days: Callable[[], float],
        tell: Callable[[TaskWanted | TaskSettled], None],
    ) -> None:
        self._folder = folder
        self._history = history
        self.reader = reader
        self._recordings = recordings
        self._now = now
        self._days = days
        self._tell = tell
        self._started = now()
        self._wanted: dict[VoicemailId, _Fetch] = {}
        self._unwanted: dict[VoicemailId, NodeName] = {}
        """To be deleted on the PBX."""
        self._news = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def waiting(self) -> int:
        """Messages that are still on a PBX."""
        return len(self._wanted)

    async def start(self) -> None:
        """Make the folder, and begin. Raises `OSError` if it cannot be made."""
        await asyncio.to_thread(self._make_folder)
        works = (self._fetch_for_ever(), self._find_for_ever(), self._forget_for_ever())
        self._tasks = [asyncio.create_task(work, name="voicemails") for work in works]

    async def stop(self) -> None:
        """What is not fetched yet is found at the next start."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def listen(self, outputs: Sequence[object], _now: float) -> None:
        """As a listener of the runtime."""
        for output in outputs:
            if isinstance(output, VoicemailLeft):
                of = output.voicemail
                self._wanted[of.id] = _Fetch(
                    of.node, TaskWanted(of.id, of.queue, of.caller, of.began, of.interaction), output.at, of.seconds
                )
                self._news.set()
            elif isinstance(output, TaskDone):
                self._history.keep(VoicemailDone(output.about, output.at, UserId(output.agent)))
            elif isinstance(output, VoicemailDropped):
                self._unwanted[output.voicemail.id] = output.voicemail.node
                self._news.set()

    def path(self, voicemail: KeptVoicemail) -> Path:
        """Where its file is."""
        return self._folder / voicemail.file

    # -- what people do with them ----------------------------------------------------------------------------------

    async def listed(self, queues: Collection[QueueName] | None, *, done: bool) -> Sequence[KeptVoicemail]:
        """Those of these queues (None: of all), the newest first, as they are now: what somebody has just done with one
        may still be on its way into the database. Raises as `reader` does."""
        await self._history.flush(1.0)
        return await self.reader.listed(queues, done=done)

    async def heard(self, voicemail: KeptVoicemail, by: UserId) -> None:
        """Somebody has listened to it; only the first is noted."""
        if not voicemail.heard_at:
            self._history.keep(VoicemailHeard(voicemail.id, self._now(), by))
            await self._history.flush(1.0)

    async def done(self, voicemail: KeptVoicemail, by: UserId, *, undone: bool) -> None:
        """Somebody has dealt with it, or takes that back."""
        self._history.keep(VoicemailDone(voicemail.id, self._now(), by, undone))
        self._tell(_wanted(voicemail) if undone else TaskSettled(voicemail.id))
        await self._history.flush(1.0)

    async def remove(self, voicemail: KeptVoicemail, by: str) -> None:
        """Delete the file, and forget who called. Raises `OSError`."""
        if voicemail.file:
            await asyncio.to_thread(self.path(voicemail).unlink, missing_ok=True)
        self._wanted.pop(voicemail.id, None)
        if not voicemail.file:
            self._unwanted[voicemail.id] = voicemail.node
            self._news.set()
        self._history.keep(VoicemailRemoved(voicemail.id, self._now(), by))
        self._tell(TaskSettled(voicemail.id))
        await self._history.flush(1.0)

    # -- from the PBX to the disk ----------------------------------------------------------------------------------

    async def _fetch_for_ever(self) -> None:
        delay = RETRY[0]
        while True:
            if await self._fetch_all():
                delay = RETRY[0]
                await self._news.wait()
            else:
                await _wait(self._news, delay)
                delay = min(2 * delay, RETRY[1])
            self._news.clear()

    async def _fetch_all(self) -> bool:
        """Whether all is done that was to be done."""
        for voicemail, fetch in list(self._wanted.items()):
            try:
                await self._fetch(voicemail, fetch)
            except (PbxError, OSError) as error:
                log.info("a message stays on the PBX for now", voicemail=voicemail, reason=str(error))
        for voicemail, node in list(self._unwanted.items()):
            try:
                await self._of(node).delete(RecordingName(voicemail))
            except PbxError as error:
                log.info("a recording stays on the PBX for now", voicemail=voicemail, reason=str(error))
            else:
                del self._unwanted[voicemail]
        return not self._wanted and not self._unwanted

    async def _fetch(self, voicemail: VoicemailId, fetch: _Fetch) -> None:
        node = fetch.node
        file = f"{voicemail}.wav"
        length = await asyncio.to_thread(_length, self._folder / file)
        if length is None:
            try:
                sound = await self._of(node).fetch(RecordingName(voicemail), LARGEST)
            except TooLarge as error:
                log.error("a message is lost: its file is left on the PBX", voicemail=voicemail, reason=str(error))  # noqa: TRY400 - it says all
                sound = None
            if sound is None:
                self._wanted.pop(voicemail, None)
                self._history.keep(VoicemailLost(voicemail, self._now()))
                self._tell(fetch.task)  # who called can be read all the same
                return
            length = await asyncio.to_thread(self._write, file, sound)
        if self._wanted.pop(voicemail, None) is None:  # removed meanwhile
            await asyncio.to_thread((self._folder / file).unlink, missing_ok=True)
        else:
            self._history.keep(VoicemailKept(voicemail, self._now(), file, length or fetch.seconds, fetch.ended))
            self._tell(fetch.task)
        self._unwanted[voicemail] = node

    def _of(self, node: NodeName) -> Recordings:
        try:
            return self._recordings[node]
        except KeyError:
            raise PbxError(f"there is no PBX {node} in the settings") from None

    def _write(self, file: str, sound: bytes) -> float:
        """All of it or nothing, whenever the machine stops. Gives its length in seconds, 0 if that cannot be told."""
        part = self._folder / f"{file}.part"
        with open(part, "wb", opener=_for_us_only) as out:
            out.write(sound)
            out.flush()
            os.fsync(out.fileno())
        part.replace(self._folder / file)
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        return _length_of(sound)

    def _make_folder(self) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for part in self._folder.glob("*.part"):
            part.unlink(missing_ok=True)

    # -- what the rows say -----------------------------------------------------------------------------------------

    async def _find_for_ever(self) -> None:
        """What the processes before us wanted; until the database has told it."""
        delay = RETRY[0]
        while True:
            try:
                unfinished = await self.reader.unfinished(self._started)
                to_do = await self.reader.to_do(self._started)
            except (DatabaseUnavailable, DatabaseMisconfigured) as error:
                log.info("which messages are still to be fetched is not known", reason=str(error))
                await asyncio.sleep(delay)
                delay = min(2 * delay, RETRY[1])
                continue
            for each in to_do:
                self._tell(_wanted(each))
            for each in unfinished:
                fetch = _Fetch(each.node, _wanted(each), each.ended or self._now(), each.seconds)
                self._wanted.setdefault(each.id, fetch)
            if unfinished:
                self._news.set()
            return

    async def _forget_for_ever(self) -> None:
        while True:
            try:
                await self.forget_old()
            except (DatabaseUnavailable, DatabaseMisconfigured, OSError) as error:
                log.info("messages that are too old stay for now", reason=str(error))
            await asyncio.sleep(HOUSEKEEPING)

    async def forget_old(self) -> None:
        """Remove what is older than it may be. Raises `OSError` and the errors of `acd.edge.database`."""
        removed: set[VoicemailId] = set()
        while old := await self.reader.older_than(self._now() - self._days() * DAY):
            if removed.issuperset(one.id for one in old):  # told, and not written yet: the rows are the same
                return
            for voicemail in old:
                await self.remove(voicemail, "")
                removed.add(voicemail.id)
            log.info("old messages removed", count=len(old))


def _wanted(voicemail: KeptVoicemail) -> TaskWanted:
    caller = CallerId(voicemail.caller_number, voicemail.caller_name)
    return TaskWanted(voicemail.id, voicemail.queue, caller, voicemail.began, voicemail.interaction)


def _for_us_only(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _length(path: Path) -> float | None:
    """Of a file that is here; None if there is none."""
    try:
        return _length_of(path.read_bytes())
    except FileNotFoundError:
        return None


def _length_of(sound: bytes) -> float:
    try:
        with wave.open(io.BytesIO(sound)) as file:
            return float(file.getnframes() / file.getframerate())
    except (wave.Error, EOFError, ZeroDivisionError):
        return 0.0


async def _wait(event: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        pass
