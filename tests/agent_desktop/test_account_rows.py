"""Passwords and sessions in the centre's database, on SQLite and on a real PostgreSQL."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from acd.edge.database import Database
from acd.model import UserId
from agent_desktop.edge.account_rows import AccountRows
from agent_desktop.edge.accounts import AccountStore
from tests.parts.postgres import PostgresServer

ANNA = UserId("anna")


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    """A server of this module's own, to be stopped at will."""
    with PostgresServer() as server:
        yield server


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[AccountRows]:
    """An empty store."""
    url = f"sqlite:///{tmp_path}/centre.db"
    if request.param == "postgres":
        server: PostgresServer = request.getfixturevalue("server")
        url = server.new_database()
    database = Database(url)
    await database.prepare()
    yield AccountRows(database.engine)
    await database.close()


async def test_passwords(store: AccountRows) -> None:
    as_the_protocol: AccountStore = store
    assert await as_the_protocol.get_hash(ANNA) is None
    await store.set_hash(ANNA, "$argon2id$1")
    await store.set_hash(ANNA, "$argon2id$2")
    assert await store.get_hash(ANNA) == "$argon2id$2"
    await store.replace_hash(ANNA, "$argon2id$1", "$argon2id$3")
    assert await store.get_hash(ANNA) == "$argon2id$2", "it is not that one any more"
    await store.replace_hash(ANNA, "$argon2id$2", "$argon2id$3")
    assert await store.get_hash(ANNA) == "$argon2id$3"
    assert await store.get_hash(UserId("' OR 1=1 --")) is None


async def test_sessions(store: AccountRows) -> None:
    await store.add_session("t1", ANNA, 1000.25)
    await store.add_session("t2", ANNA, 2000.0)
    assert await store.find_session("t1") == (ANNA, 1000.25)
    await store.drop_session("t1")
    await store.drop_session("t1")
    assert await store.find_session("t1") is None
    assert await store.drop_expired(2000.0) == 1
    assert await store.find_session("t2") is None


async def test_all_sessions_of_a_user(store: AccountRows) -> None:
    for token, user in (("t1", "anna"), ("t2", "anna"), ("t3", "ben")):
        await store.add_session(token, UserId(user), 1000.0)
    await store.add_session("t4", UserId("ben"), 2000.0)
    assert await store.live_sessions(1000.0) == {"t4"}
    assert set(await store.drop_sessions(ANNA)) == {"t1", "t2"}
    assert await store.drop_sessions(ANNA) == []
    assert await store.live_sessions(0.0) == {"t3", "t4"}


@pytest.mark.postgres
async def test_a_database_that_is_down(server: PostgresServer) -> None:
    database = Database(server.new_database())
    await database.prepare()
    store = AccountRows(database.engine)
    await store.set_hash(ANNA, "$argon2id$1")
    server.stop()
    with pytest.raises(ConnectionError, match="does not answer"):
        await store.get_hash(ANNA)
    server.start()
    assert await store.get_hash(ANNA) == "$argon2id$1"
    await database.close()
