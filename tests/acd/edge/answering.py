"""Real storage and a real keeper of messages, with recordings on a PBX that is a dictionary."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from acd.edge.database import Database
from acd.edge.history import History
from acd.edge.spool import Spool
from acd.edge.voicemail_reader import VoicemailReader
from acd.edge.voicemails import VoicemailKeeper
from acd.events import VoicemailBegun, VoicemailLeft
from acd.model import InteractionId, QueueName, Voicemail, VoicemailId
from acd.told import TaskSettled, TaskWanted
from cti.edge.errors import PbxDown
from cti.model import CallerId, RecordingName
from cti.simulator.recordings import Stored
from tests.acd.company import NODE

NOON = 1_800_000_000.0


class PbxRecordings:
    """What a PBX has recorded. While `down` it does not answer."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.down = False

    async def fetch(self, recording: RecordingName, largest: int) -> bytes | None:
        """The file; None if there is none."""
        if self.down:
            raise PbxDown("away")
        return self.files.get(recording)

    async def delete(self, recording: RecordingName) -> None:
        """Delete it there."""
        if self.down:
            raise PbxDown("away")
        self.files.pop(recording, None)


class Answering:
    """One running process' messages."""

    def __init__(self, folder: Path, pbx: PbxRecordings, now: float) -> None:
        self.pbx = pbx
        self.now = now
        self.days = 90.0
        self.database = Database(f"sqlite:///{folder}/centre.db")
        self.history = History(self.database, Spool(folder / "spool"))
        self.folder = folder / "voicemail"
        self.told: list[TaskWanted | TaskSettled] = []
        """To the brain."""
        self.keeper = VoicemailKeeper(
            self.folder,
            self.history,
            VoicemailReader(self.database),
            {NODE: pbx},
            lambda: self.now,
            lambda: self.days,
            self.told.append,
        )

    def begin(self, name: str, queue: str = "billing", number: str = "+493012345") -> Voicemail:
        """A caller hears the beep."""
        of = Voicemail(
            VoicemailId(name),
            InteractionId(f"i-{name}"),
            NODE,
            QueueName(queue),
            CallerId(number, "Ann"),
            "en",
            self.now,
            "1001",
            "María Fernández",
            4.0,
        )
        self.history.told(VoicemailBegun(of))
        return of

    def leave(self, name: str, queue: str = "billing", number: str = "+493012345") -> Voicemail:
        """A caller has left a message of four seconds."""
        of = self.begin(name, queue, number)
        self.pbx.files[name] = Stored(name, "wav", 4.0, ((0.5, 3.5),)).file()
        left = VoicemailLeft(of, self.now + 4.0)
        self.history.told(left)
        self.keeper.listen([left], self.now)
        return of


@asynccontextmanager
async def answering(folder: Path, pbx: PbxRecordings | None = None, now: float = NOON) -> AsyncIterator[Answering]:
    """A process, from its start to its end."""
    running = Answering(folder, pbx or PbxRecordings(), now)
    await running.history.start()
    await running.keeper.start()
    try:
        yield running
    finally:
        await running.keeper.stop()
        await running.history.stop()
        await running.database.close()
