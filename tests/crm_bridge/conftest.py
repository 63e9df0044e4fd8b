"""The embedded CRM on both databases, and a CRM that does as it is told."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from acd.edge.database import Database
from tests.crm_bridge.crm import ObedientCrm
from tests.parts.postgres import PostgresServer


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    """A prepared database of each kind."""
    url = f"sqlite:///{tmp_path}/centre.db"
    if request.param == "postgres":
        server: PostgresServer = request.getfixturevalue("postgres_server")
        url = server.new_database()
    database = Database(url)
    await database.prepare()
    yield database
    await database.close()


@pytest.fixture
def crm() -> ObedientCrm:
    """A CRM that does as it is told."""
    return ObedientCrm()
