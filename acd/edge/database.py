"""The one database of a centre: opened by URL, its schema brought up to date, its troubles told in plain words.

SQLite and PostgreSQL are known. Every folder of Callwright that keeps something uses this engine with tables of
its own; the schema of all of them has one history (`acd/edge/migrations`).
"""

import asyncio
import os
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec
from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import URL, Connection, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from acd.edge.database_file import TROUBLES, DatabaseFile, Found

_MIGRATIONS = Path(__file__).parent / "migrations"
_MIGRATION_LOCK = 0x63616C6C
"""Any number, the same in every process: two that start at once migrate one after the other."""

PREPARED_WITHIN = 20.0
"""Seconds in which the schema must be as it should be. Another process may be changing it just now, or have stopped in
the middle of that (a debugger, a frozen machine): it must not keep us from taking calls, whose facts are spooled."""

_SQLITE_MISCONFIGURED = ("unable to open", "not a database", "readonly", "no such table", "no such column", "malformed")
_POSTGRES_BUSY = ("starting up", "shutting down", "too many clients", "recovery", "terminating connection")


class DatabaseMisconfigured(Exception):
    """The database cannot be used until an administrator mends something; the text says what."""


class DatabaseUnavailable(Exception):
    """The database does not answer now; it may later. Nothing is wrong with the settings as far as can be seen."""


class Database:
    """One database. `prepare` before use; `close` at the end. `url` as SQLAlchemy writes it.

    `sqlite:////var/lib/callwright/centre.db`, `postgresql://user:password@host:5432/name`. Raises
    `DatabaseMisconfigured` for any other.
    """

    def __init__(self, url: str, prepared_within: float = PREPARED_WITHIN) -> None:
        self._prepared_within = prepared_within
        self._url = understood(url)
        self.is_sqlite = self._url.get_backend_name() == "sqlite"
        if self.is_sqlite:
            self._check_folder()
        self.engine: AsyncEngine = _engine(self._url)
        self._file: DatabaseFile | None = None
        if self.is_sqlite:
            self._file = DatabaseFile(Path(str(self._url.database)))
            # Before it is opened, too: the new one beside the old one's log would be spoilt by the first look at it.
            event.listen(self.engine.sync_engine, "do_connect", self._check_file)
            event.listen(self.engine.sync_engine, "checkout", self._check_file)

    def _check_folder(self) -> None:
        folder = Path(str(self._url.database)).absolute().parent
        if not os.path.isdir(folder):  # `Path.is_dir` fails where we may not look
            raise DatabaseMisconfigured(f"{self.shown}: there is no folder {folder}")

    @property
    def url(self) -> str:
        """As it was given; with its password, so for nobody's eyes."""
        return self._url.render_as_string(hide_password=False)

    @property
    def shown(self) -> str:
        """The URL without its password."""
        return self._url.set(drivername=self._url.get_backend_name()).render_as_string(hide_password=True)

    def exists(self) -> bool:
        """Whether there is a file (SQLite); of a server, only `prepare` can tell."""
        return not self.is_sqlite or os.path.exists(str(self._url.database))

    async def prepare(self) -> None:
        """Bring the schema to the present (a new database gets it whole). Raises both errors of this module.

        An SQLite file that was replaced since the last time is accepted by this; one that was deleted is not made anew:
        that is for whoever restarts Callwright to decide.
        """
        if self._file is not None:
            await self._make_room(self._file)
        try:
            async with asyncio.timeout(self._prepared_within + 2):  # the database itself gives up first, and says why
                await asyncio.to_thread(_migrate, self._url, self._prepared_within)
        except TimeoutError as error:
            raise DatabaseUnavailable(
                f"{self.shown}: the schema is not ready after {self._prepared_within:g} s; it is looked at again"
            ) from error
        except CommandError as error:
            raise DatabaseMisconfigured(
                f"{self.shown}: its schema is of another version of Callwright, probably a newer one ({error})"
            ) from error
        except (DBAPIError, OSError) as error:
            raise self.explained(error) from error
        if self._file is not None:
            self._file.accept()

    async def check(self) -> None:
        """Does it answer? Raises both errors of this module."""
        try:
            async with asyncio.timeout(5), self.engine.connect() as connection:
                await connection.execute(text("SELECT 1"))
        except (DBAPIError, PoolTimeout, OSError) as error:
            raise self.explained(error) from error

    def verify(self) -> None:
        """Was what has just been committed written into something that lasts? Raises `DatabaseMisconfigured`."""
        if self._file is not None and (found := self._file.look()) is not Found.OURS:
            raise DatabaseMisconfigured(f"{self.shown}: {TROUBLES[found]}")

    def _check_file(self, *_: object) -> None:
        """Nobody, whatever he keeps here, begins a transaction on a file that has gone."""
        try:
            self.verify()
        except DatabaseMisconfigured as error:
            raise OperationalError("", None, error) from error

    async def _make_room(self, file: DatabaseFile) -> None:
        match file.look():
            case Found.NOTHING:
                self.verify()
            case Found.ANOTHER:
                await self.engine.dispose()
                file.drop_old_log()
            case Found.OURS:
                pass

    async def close(self) -> None:
        """Close every connection."""
        await self.engine.dispose()

    def explained(self, error: Exception) -> DatabaseMisconfigured | DatabaseUnavailable:
        """An error of the driver as one of ours, without the statement's values."""
        if isinstance(error, TimeoutError):
            return DatabaseUnavailable(f"{self.shown} does not answer in time")
        if isinstance(error, DBAPIError) and isinstance(error.orig, DatabaseMisconfigured):
            return error.orig
        original = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
        says = " ".join(str(original).split()) or type(original).__name__
        if says == "unable to open database file":
            says += " (may we read and write it, and its folder?)"
        wrong = _is_sqlite_setting(original) if self.is_sqlite else _is_postgres_setting(original)
        kind = DatabaseMisconfigured if wrong else DatabaseUnavailable
        return kind(f"{self.shown}: {says}")


def understood(url: str) -> URL:
    """The URL of a database that we know, for our drivers. Raises `DatabaseMisconfigured`; looks at no file."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:  # ValueError: a port that is no number
        raise DatabaseMisconfigured(
            "the database URL cannot be read; expected sqlite:///FILE or postgresql://USER:PASSWORD@HOST:PORT/NAME"
        ) from error
    match parsed.drivername:
        case "sqlite" | "sqlite+aiosqlite":
            if parsed.database in {None, "", ":memory:"}:
                raise DatabaseMisconfigured(f"{url} names no file; what is in memory is lost with the process")
            return parsed.set(drivername="sqlite+aiosqlite")
        case "postgresql" | "postgres" | "postgresql+psycopg":
            _refuse_impossible(parsed)
            return parsed.set(drivername="postgresql+psycopg")
        case other:
            raise DatabaseMisconfigured(f"the database URL begins with {other}; expected sqlite or postgresql")


def _refuse_impossible(url: URL) -> None:
    """What no server could be reached by. Without host and port libpq takes its socket on this machine."""
    if url.port is not None and not 1 <= url.port <= 65535:
        raise DatabaseMisconfigured(f"the database URL has the port {url.port}; expected one from 1 to 65535")
    if url.port is not None and not url.host and "host" not in url.query:
        raise DatabaseMisconfigured("the database URL names a port, but no host; expected USER:PASSWORD@HOST:PORT")
    if url.host and any(character.isspace() for character in url.host):
        raise DatabaseMisconfigured("the database URL has a space in its host")


def _engine(url: URL) -> AsyncEngine:
    if url.get_backend_name() == "sqlite":
        engine = create_async_engine(_for_existing_file(url), json_serializer=_json, connect_args={"timeout": 5})
        event.listen(engine.sync_engine, "connect", _set_up_sqlite)
        return engine
    try:
        return create_async_engine(
            url,
            json_serializer=_json,
            pool_size=8,
            max_overflow=4,
            pool_timeout=5,
            connect_args=_POSTGRES_ARGUMENTS,
        )
    except (ArgumentError, NoSuchModuleError, ImportError) as error:  # psycopg without libpq is an ImportError
        raise DatabaseMisconfigured(f"{url.render_as_string(hide_password=True)}: {error}") from error


def _for_existing_file(url: URL) -> URL:
    """SQLite by itself makes a file that is not there; only `_migrate` may."""
    name = quote(str(Path(str(url.database)).absolute()))
    return url.set(database=f"file:{name}", query={**url.query, "mode": "rw", "uri": "true"})


_POSTGRES_ARGUMENTS: dict[str, Any] = {
    "connect_timeout": 5,
    "application_name": "callwright",
    # A server that is gone without a word is noticed within ten seconds.
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _set_up_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 - SQLAlchemy's adapter of the driver
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _migrate(url: URL, within: float) -> None:
    """In a thread, with a synchronous engine of its own: Alembic knows no other."""
    if url.get_backend_name() == "sqlite":
        _make_for_owner_only(Path(str(url.database)))
        engine = create_engine(url.set(drivername="sqlite"), connect_args={"timeout": within})
        event.listen(engine, "connect", lambda connection, _: _set_up_sqlite_for_ddl(connection, within))
        begin: Callable[[Connection], object] = lambda c: c.exec_driver_sql("BEGIN IMMEDIATE")  # noqa: E731
        event.listen(engine, "begin", begin)
    else:
        engine = create_engine(url, connect_args=_POSTGRES_ARGUMENTS)
    try:
        with engine.begin() as connection:
            if engine.dialect.name == "postgresql":
                # The server's own, so that nothing is left running here when the time is over.
                connection.execute(text(f"SET LOCAL lock_timeout = {within * 1000:.0f}"))
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
            config = Config()
            config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    finally:
        engine.dispose()


def _make_for_owner_only(file: Path) -> None:
    """Customers' data and password hashes will be in it; SQLite by itself lets everybody read whom the umask lets."""
    try:
        file.touch(mode=0o600, exist_ok=False)
    except OSError:
        pass  # it is there already; or it cannot be made, which SQLite says better


def _set_up_sqlite_for_ddl(connection: sqlite3.Connection, within: float) -> None:
    """Let a migration be one transaction: left to itself, the driver commits each change of the schema at once.

    A new file becomes one with a write-ahead log only while nobody else is at it, and SQLite does not wait for that.
    """
    until = time.monotonic() + within
    while True:
        try:
            _set_up_sqlite(connection, None)
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.02)
        else:
            break
    connection.isolation_level = None


def _is_sqlite_setting(error: BaseException) -> bool:
    return any(words in str(error) for words in _SQLITE_MISCONFIGURED)


def _is_postgres_setting(error: BaseException) -> bool:
    """Whether the server answered and refused (wrong password, no such database, no rights) and is not merely busy."""
    state = getattr(error, "sqlstate", None)
    if state is not None:
        # 42: no such table, no rights; 3D, 28: no such database, not allowed; 0A: not supported
        return str(state)[:2] in {"42", "3D", "3F", "28", "0A"}
    says = str(error)
    return "FATAL:" in says and not any(words in says for words in _POSTGRES_BUSY)
