"""Installations that have run: what the brain would have said is in their database."""

from collections.abc import Sequence
from pathlib import Path

from acd.edge.database import Database
from acd.edge.history import History
from acd.edge.spool import Spool
from acd.events import CenterEvent
from acd.revision import Revision, RevisionId
from config.center_file import read_center
from config.center_source import CenterSource


async def kept(said: Sequence[CenterEvent], folder: Path) -> None:
    """These events, in the database under `data` in the folder."""
    database = Database(f"sqlite:///{folder}/data/callwright.db")
    history = History(database, Spool(folder / "data" / "spool"))
    await history.start()
    for event in said:
        history.told(event)
    assert await history.flush(60.0)
    await history.stop()
    await database.close()


def revision(name: str, path: Path | str) -> Revision:
    """Files as they were applied."""
    source = CenterSource(Path(path))
    read_center(source)
    return Revision(RevisionId(name), "sam", "", source.files)
