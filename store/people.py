"""The directory table: whole imports in one transaction, exports in the order of e-mail addresses."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncEngine

from store.engine import writing
from store.queries import record
from store.tables import PERSON

BATCH = 2000


async def put_people(engine: AsyncEngine, rows: Sequence[dict[str, Any]], now: datetime) -> None:
    """Add new people and bring known ones up to date; all rows or none."""
    upsert = postgresql_insert if engine.dialect.name == "postgresql" else sqlite_insert
    statement = upsert(PERSON)
    kept = {column.name: statement.excluded[column.name] for column in PERSON.columns if column.name != "email"}
    statement = statement.on_conflict_do_update(index_elements=["email"], set_=kept)
    async with writing(engine) as connection:
        for start in range(0, len(rows), BATCH):
            await connection.execute(statement, list(rows[start : start + BATCH]))
        await record(connection, now, "PeopleImported", str(len(rows)))


async def export_people(engine: AsyncEngine, columns: Sequence[str]) -> list[tuple[str, ...]]:
    """Every person, with these columns as texts."""
    async with engine.connect() as connection:
        rows = await connection.execute(select(PERSON).order_by(PERSON.c.email))
        return [tuple(str(row[name] or "") for name in columns) for row in rows.mappings()]
