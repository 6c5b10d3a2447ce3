"""The database: how it is opened, and how it is told apart.

SQLite   WAL, synchronous FULL, foreign keys on, writers wait at most two seconds and begin IMMEDIATE
PostgreSQL   asyncpg, statements and locks end after two seconds
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

WAIT_SECONDS = 2
LARGEST_POOL = 10


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
            return url.set(drivername="sqlite+aiosqlite")
        case "postgresql":
            return url.set(drivername="postgresql+asyncpg")
        case other:
            raise BadDatabaseUrl(f"DATABASE_URL names {other}; MayI uses sqlite:///… or postgresql://…")


def sqlite_file(url: URL) -> Path | None:
    """The file of an SQLite database, or None for another kind."""
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


def open_engine(url: URL) -> AsyncEngine:
    """An engine for this database; nothing is connected yet."""
    if url.get_backend_name() == "sqlite":
        engine = create_async_engine(url, connect_args={"timeout": WAIT_SECONDS}, pool_size=4, max_overflow=0)
        event.listen(engine.sync_engine, "connect", prepare_sqlite)
        event.listen(engine.sync_engine, "begin", begin_sqlite)
        return engine
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
        url.set(query=query),
        connect_args=arguments,
        pool_size=4,
        max_overflow=LARGEST_POOL - 4,
        pool_timeout=WAIT_SECONDS,
        pool_recycle=1800,
    )


def prepare_sqlite(connection: Any, _record: object) -> None:
    """Set a new connection up; the driver itself opens no transactions."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={WAIT_SECONDS * 1000}"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def begin_sqlite(connection: Any) -> None:
    """Writers take their lock at once: a deferred one fails instead of waiting when two upgrade."""
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writes") else "BEGIN")


@asynccontextmanager
async def writing(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A transaction that writes; commits on leaving, keeps nothing on an exception."""
    async with engine.connect() as connection:
        await connection.execution_options(writes=True)
        async with connection.begin():
            yield connection
