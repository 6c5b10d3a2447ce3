"""The schema, from migrations/ alone: what state a database is in, and bringing it up to date."""

import asyncio
from enum import StrEnum
from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import OperationalError

from store.engine import Database

HEAD = "0004"
HERE = Path(__file__).resolve().parent / "migrations"
TRIES = 50
LOCK = 7_302_411  # any number: PostgreSQL's name for "somebody is migrating"


class Schema(StrEnum):
    """How a database's schema relates to this version of MayI."""

    EMPTY = "empty"
    OLD = "old"
    CURRENT = "current"
    UNKNOWN = "unknown"


async def schema_of(database: Database) -> Schema:
    """The state of a database; it is not changed."""
    return await database.read(state)


def state(connection: Connection) -> Schema:
    """The state of the database behind this connection."""
    tables = inspect(connection).get_table_names()
    if "alembic_version" not in tables:
        return Schema.UNKNOWN if tables else Schema.EMPTY
    revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if revision == HEAD:
        return Schema.CURRENT
    return Schema.OLD if revision is None or revision < HEAD else Schema.UNKNOWN


async def upgrade(database: Database, revision: str = "head") -> None:
    """Bring the schema up to date; of several processes that try at once, one does it and the others wait."""
    for left in range(TRIES, -1, -1):
        try:
            await database.write(lambda connection: migrate(connection, revision))
        except OperationalError:  # SQLite's writers wait two seconds at most; a migration may take longer
            if not left or database.dialect != "sqlite":
                raise
            await asyncio.sleep(0.2)
        else:
            return


def migrate(connection: Connection, revision: str) -> None:
    """Run the migrations up to a revision, or down to "base"."""
    from alembic import command  # noqa: PLC0415  half a second of imports that a running system does not need
    from alembic.config import Config  # noqa: PLC0415

    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        connection.execute(text("SET LOCAL lock_timeout = 0"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    config = Config()
    config.set_main_option("script_location", str(HERE).replace("%", "%%"))
    config.attributes["connection"] = connection
    if revision == "base":
        command.downgrade(config, revision)
    else:
        command.upgrade(config, revision)
