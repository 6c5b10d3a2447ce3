"""The outbox table: claiming due cards, and listing what could not be delivered.

Any number of processes may claim: a row is won with one guarded update, and a lease that runs out frees it again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.engine.ports import Leased
from store.engine import writing
from store.tables import OUTBOX
from store.unit_of_work import LEASE

BATCH = 50


async def claim_due(engine: AsyncEngine, platforms: Sequence[str], now: datetime, due_by: datetime) -> list[Leased]:
    """Cards that are due and that nobody else delivers, leased to the caller, oldest first."""
    free = or_(OUTBOX.c.leased_until.is_(None), OUTBOX.c.leased_until <= now)
    due = and_(OUTBOX.c.state == "due", OUTBOX.c.due_at <= due_by, OUTBOX.c.platform.in_(platforms), free)
    claimed: list[Leased] = []
    async with engine.connect() as connection:
        ids = (await connection.execute(select(OUTBOX.c.id, OUTBOX.c.attempts).where(due).order_by(OUTBOX.c.due_at).limit(BATCH))).all()
    if not ids:
        return []
    async with writing(engine) as connection:
        for id, attempts in ids:
            won = await connection.execute(
                update(OUTBOX)
                .where(OUTBOX.c.id == id, OUTBOX.c.attempts == attempts, free)
                .values(attempts=attempts + 1, leased_until=now + LEASE)
                .returning(
                    OUTBOX.c.id,
                    OUTBOX.c.platform,
                    OUTBOX.c.address,
                    OUTBOX.c.key,
                    OUTBOX.c.card,
                    OUTBOX.c.message,
                    OUTBOX.c.wanted,
                    OUTBOX.c.attempts,
                    OUTBOX.c.failures,
                    OUTBOX.c.expires_at,
                )
            )
            claimed += [Leased(*row) for row in won]
    return claimed


@dataclass(frozen=True, slots=True)
class Held:
    """A card that was not delivered, and why."""

    id: str
    platform: str
    key: str
    state: str
    failures: int
    problem: str
    created_at: datetime


async def undelivered(engine: AsyncEngine) -> list[Held]:
    """Every card that is due or was given up, oldest first."""
    columns = (OUTBOX.c.id, OUTBOX.c.platform, OUTBOX.c.key, OUTBOX.c.state, OUTBOX.c.failures, OUTBOX.c.problem, OUTBOX.c.created_at)
    async with engine.connect() as connection:
        rows = await connection.execute(select(*columns).where(OUTBOX.c.state != "shown").order_by(OUTBOX.c.created_at))
        return [Held(*row) for row in rows]


async def retry(engine: AsyncEngine, id: str | None, now: datetime) -> int:
    """Make one card, or all that were given up, due again; how many."""
    statement = update(OUTBOX).where(OUTBOX.c.state == "undeliverable" if id is None else and_(OUTBOX.c.id == id, OUTBOX.c.state != "shown"))
    async with writing(engine) as connection:
        result = await connection.execute(statement.values(state="due", due_at=now, failures=0))
        return int(result.rowcount)


async def oldest_due(engine: AsyncEngine) -> datetime | None:
    """Since when the oldest due card has been waiting; None when nothing is."""
    now = datetime.now(UTC)
    async with engine.connect() as connection:
        statement = select(func.min(OUTBOX.c.due_at)).where(OUTBOX.c.state == "due", OUTBOX.c.due_at <= now)
        oldest: datetime | None = (await connection.execute(statement)).scalar()
        return oldest
