"""The database: how it is opened, and how work reaches it.

All work is written once, as functions of a plain SQLAlchemy Connection. SQLite runs them in threads of its own (one
that writes, two that read): a function is one hop, however many statements it has. PostgreSQL runs them over asyncpg in
the event loop.

SQLite       WAL, synchronous FULL, foreign keys on, writers wait at most two seconds and begin IMMEDIATE
PostgreSQL   statements and locks end after two seconds
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, InternalError, OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.engine.ports import Unavailable

T = TypeVar("T")
WAIT_SECONDS = 2
LARGEST_POOL = 10
READERS = 2
READ_TRIES = 4


class BadDatabaseUrl(Exception):
    """DATABASE_URL names no database that MayI can use."""


def database_url(text: str) -> URL:
    """The URL with our driver in it.

    Errors   BadDatabaseUrl, with a sentence that says what to write.
    """
    try:
        url = make_url(text)
    except ArgumentError as error:
        raise BadDatabaseUrl("DATABASE_URL must look like sqlite:///mayi.db or postgresql://user:password@host/name") from error
    match url.get_backend_name():
        case "sqlite":
            return url.set(drivername="sqlite+pysqlite")
        case "postgresql":
            return url.set(drivername="postgresql+asyncpg")
        case other:
            raise BadDatabaseUrl(f"DATABASE_URL names {other}; MayI uses sqlite:///… or postgresql://…")


def sqlite_file(url: URL) -> Path | None:
    """The file of an SQLite database, or None for another kind."""
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


class Database:
    """One database. Nothing is connected until the first work."""

    def __init__(self, url: str) -> None:
        parsed = database_url(url)
        self.dialect = parsed.get_backend_name()
        self._sqlite: Engine | None = None
        self._postgres: AsyncEngine | None = None
        if self.dialect == "sqlite":
            self._sqlite = open_sqlite(parsed)
            self._writer = ThreadPoolExecutor(1, "sqlite-writer")
            self._readers = ThreadPoolExecutor(READERS, "sqlite-reader")
        else:
            self._postgres = open_postgres(parsed)
            self._autocommit = self._postgres.execution_options(isolation_level="AUTOCOMMIT")

    async def read(self, work: Callable[[Connection], T]) -> T:
        """What this work finds; it must not write. A connection that was cut is replaced and asked again.

        Errors   Unavailable when the server cannot be reached.
        """
        if self._sqlite is not None:
            return await asyncio.get_running_loop().run_in_executor(self._readers, reading, self._sqlite, work)
        for left in range(READ_TRIES - 1, -1, -1):
            try:
                async with self._autocommit.connect() as connection:
                    return await connection.run_sync(work)
            except (OperationalError, InterfaceError, InternalError, ConnectionError) as error:
                if not left:
                    raise Unavailable from error
            except DBAPIError as error:
                if not left or not error.connection_invalidated:
                    raise
            await asyncio.sleep(0.02)
        raise AssertionError("the last try returns or raises")

    async def write(self, work: Callable[[Connection], T]) -> T:
        """What this work returns, once its transaction is committed; on an exception nothing of it is kept."""
        if self._sqlite is not None:
            return await asyncio.get_running_loop().run_in_executor(self._writer, writing, self._sqlite, work)
        assert self._postgres is not None
        async with self._postgres.begin() as connection:
            return await connection.run_sync(work)

    def checked_out(self) -> int:
        """How many connections are in use."""
        engine = self._sqlite or self._postgres
        assert engine is not None
        return int(engine.pool.checkedout())  # type: ignore[attr-defined]

    async def close(self) -> None:
        """Let go of the database."""
        if self._sqlite is not None:
            self._writer.shutdown()
            self._readers.shutdown()
            self._sqlite.dispose()
        if self._postgres is not None:
            await self._postgres.dispose()


def reading(engine: Engine, work: Callable[[Connection], T]) -> T:
    """Run work that reads."""
    with engine.connect() as connection:
        return work(connection)


def writing(engine: Engine, work: Callable[[Connection], T]) -> T:
    """Run work that writes, in one transaction that takes its lock at once."""
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        return work(connection)


def open_sqlite(url: URL) -> Engine:
    """An engine for a file; its connections go from thread to thread, one at a time."""
    engine = create_engine(url, connect_args={"timeout": WAIT_SECONDS, "check_same_thread": False}, pool_size=1 + READERS, max_overflow=0)
    event.listen(engine, "connect", prepare_sqlite)
    event.listen(engine, "begin", begin_sqlite)
    return engine


def open_postgres(url: URL) -> AsyncEngine:
    """An engine over asyncpg; `?host=` may name the folder of a unix socket."""
    query: dict[str, Any] = dict(url.query)
    arguments: dict[str, Any] = {
        "server_settings": {
            "statement_timeout": str(WAIT_SECONDS * 1000),
            "lock_timeout": str(WAIT_SECONDS * 1000),
            "application_name": "mayi",
        },
        "timeout": WAIT_SECONDS + 3,
    }
    if host := query.pop("host", None):
        arguments["host"] = host
    return create_async_engine(
        url.set(query=query), connect_args=arguments, pool_size=4, max_overflow=LARGEST_POOL - 4, pool_timeout=WAIT_SECONDS, pool_recycle=1800
    )


def prepare_sqlite(connection: Any, _record: object) -> None:
    """Set a new connection up; the driver itself opens no transactions."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (f"busy_timeout={WAIT_SECONDS * 1000}", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def begin_sqlite(connection: Connection) -> None:
    """Writers take their lock at once: a deferred one fails instead of waiting when two upgrade."""
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writes") else "BEGIN")
