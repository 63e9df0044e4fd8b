"""The schema: what the migrations make is what the code expects, and troubles are told in an administrator's words."""

import asyncio
import sqlite3
import time
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, MetaData, text

from acd.edge import tables
from acd.edge.database import Database, DatabaseMisconfigured, DatabaseUnavailable
from agent_desktop.edge import account_rows
from crm_bridge.edge import embedded_tables, wrong_pins
from tests.parts.postgres import PostgresServer

EVERY_TABLE = MetaData()
for part in (tables.metadata, account_rows.metadata, embedded_tables.metadata, wrong_pins.metadata):
    for table in part.tables.values():
        table.to_metadata(EVERY_TABLE)


async def test_the_migrations_make_the_tables_that_the_code_expects(database: Database) -> None:
    await database.prepare()

    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, EVERY_TABLE))

    async with database.engine.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_a_new_file_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/centre.db")
    await database.prepare()
    await database.check()
    modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    await database.close()
    assert modes["centre.db"] == 0o600
    assert set(modes.values()) == {0o600}, modes


async def test_preparing_again_changes_nothing(database: Database) -> None:
    await database.prepare()
    await database.prepare()
    await database.check()


async def test_two_processes_may_prepare_at_once(database_url: str) -> None:
    databases = [Database(database_url) for _ in range(4)]
    await asyncio.gather(*(database.prepare() for database in databases))
    for database in databases:
        await database.close()


async def test_who_stops_in_the_middle_of_a_change_of_the_schema_does_not_keep_us(database_url: str) -> None:
    first = Database(database_url)
    await first.prepare()
    second = Database(database_url, prepared_within=0.3)
    async with first.engine.connect() as connection:
        if first.is_sqlite:
            await connection.exec_driver_sql("BEGIN EXCLUSIVE")
        else:
            await connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({0x63616C6C})")
        began = time.monotonic()
        with pytest.raises(DatabaseUnavailable, match="lock"):
            await second.prepare()
        assert time.monotonic() - began < 3.0
        await connection.rollback()
    await second.prepare()
    for database in (first, second):
        await database.close()


async def test_a_newer_schema_is_left_alone(database: Database) -> None:
    await database.prepare()
    async with database.engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseMisconfigured, match="another version of Callwright"):
        await database.prepare()


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("nonsense", "cannot be read"),
        ("", "cannot be read"),
        ("postgresql://host:port/name", "cannot be read"),
        ("mysql://host/name", "begins with mysql; expected sqlite or postgresql"),
        ("sqlite+pysqlcipher:///x.db", "begins with sqlite\\+pysqlcipher"),
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
        ("sqlite:////no/such/folder/centre.db", "there is no folder /no/such/folder"),
    ],
)
def test_a_url_that_cannot_be(url: str, says: str) -> None:
    with pytest.raises(DatabaseMisconfigured, match=says):
        Database(url)


async def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "centre.db").write_bytes(b"a letter to my aunt " * 100)
    database = Database(f"sqlite:///{tmp_path}/centre.db")
    with pytest.raises(DatabaseMisconfigured, match="not a database"):
        await database.prepare()
    await database.close()


async def test_a_folder_in_place_of_the_file(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}")
    with pytest.raises(DatabaseMisconfigured, match="unable to open"):
        await database.prepare()
    await database.close()


async def test_a_migration_is_all_or_nothing_on_sqlite(tmp_path: Path) -> None:
    path = tmp_path / "centre.db"
    blocking = sqlite3.connect(path)
    blocking.execute("CREATE TABLE wrap_ups (x)")  # in the way of the migration, when it has made others already
    blocking.commit()
    database = Database(f"sqlite:///{path}")
    with pytest.raises(DatabaseUnavailable, match="already exists"):
        await database.prepare()
    assert [row[0] for row in blocking.execute("SELECT name FROM sqlite_master WHERE type = 'table'")] == ["wrap_ups"]
    blocking.execute("DROP TABLE wrap_ups")
    blocking.close()
    await database.prepare()
    await database.close()


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("user", "name", "says"),
    [
        ("callwright", "nowhere", 'database "nowhere" does not exist'),
        ("nobody", "postgres", 'role "nobody" does not exist'),
        ("poor", "postgres", "permission denied for schema public"),
        ("locked", "postgres", "not permitted to log in"),
    ],
)
async def test_what_postgres_refuses(postgres_server: PostgresServer, user: str, name: str, says: str) -> None:
    postgres_server.sql("DROP ROLE IF EXISTS poor, locked")
    postgres_server.sql("CREATE ROLE poor LOGIN")
    postgres_server.sql("CREATE ROLE locked NOLOGIN")
    database = Database(postgres_server.url(name, f"{user}:s3cret"))
    with pytest.raises(DatabaseMisconfigured, match=says) as raised:
        await database.prepare()
    assert "s3cret" not in str(raised.value)
    await database.close()


async def test_a_server_that_is_not_there_is_merely_unavailable(unused_tcp_port: int) -> None:
    database = Database(f"postgresql://callwright@127.0.0.1:{unused_tcp_port}/centre")
    for question in (database.prepare, database.check):
        with pytest.raises(DatabaseUnavailable, match="onnection refused"):
            await question()
    await database.close()
