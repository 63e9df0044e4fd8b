"""Storage on both databases: every test that asks for `database` runs on SQLite and on a real PostgreSQL."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from acd.edge.database import Database
from acd.edge.history import History
from acd.edge.history_reader import HistoryReader
from acd.edge.spool import Spool
from tests.parts.postgres import PostgresServer


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/centre.db"
    server: PostgresServer = request.getfixturevalue("postgres_server")
    return server.new_database()


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """The database, opened and closed again."""
    database = Database(database_url)
    yield database
    await database.close()


@pytest.fixture
def spool_folder(tmp_path: Path) -> Path:
    """Where facts wait."""
    return tmp_path / "spool"


@pytest.fixture
async def history(database: Database, spool_folder: Path) -> AsyncIterator[History]:
    """Storage, started and stopped again."""
    history = History(database, Spool(spool_folder))
    await history.start()
    yield history
    await history.stop()


@pytest.fixture
def reader(database: Database) -> HistoryReader:
    """Questions to the same database."""
    return HistoryReader(database)
