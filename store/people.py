"""The directory table: whole imports in one transaction, exports in the order of e-mail addresses."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from store.engine import Database
from store.queries import record
from store.tables import PERSON

BATCH = 2000


async def put_people(database: Database, rows: Sequence[dict[str, Any]], now: datetime) -> None:
    """Add new people and bring known ones up to date; all rows or none."""
    upsert = postgresql_insert if database.dialect == "postgresql" else sqlite_insert
    statement = upsert(PERSON)
    kept = {column.name: statement.excluded[column.name] for column in PERSON.columns if column.name != "email"}
    statement = statement.on_conflict_do_update(index_elements=["email"], set_=kept)

    def put(connection: Connection) -> None:
        for start in range(0, len(rows), BATCH):
            connection.execute(statement, list(rows[start : start + BATCH]))
        record(connection, now, "PeopleImported", str(len(rows)))

    await database.write(put)


async def export_people(database: Database, columns: Sequence[str]) -> list[tuple[str, ...]]:
    """Every person, with these columns as texts."""

    def export(connection: Connection) -> list[tuple[str, ...]]:
        rows = connection.execute(select(PERSON).order_by(PERSON.c.email)).mappings()
        return [tuple(str(row[name] or "") for name in columns) for row in rows]

    return await database.read(export)
