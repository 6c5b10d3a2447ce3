"""The outbox table: claiming due cards, and listing what could not be delivered.

Any number of processes may claim: a row is won with one guarded update, and a lease that runs out frees it again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from store.engine import writing
from store.tables import Outbox
from store.unit_of_work import LEASE, Leased

BATCH = 50


async def claim_due(engine: AsyncEngine, platforms: Sequence[str], now: datetime, due_by: datetime) -> list[Leased]:
    """Cards that are due and that nobody else delivers, leased to the caller, oldest first."""
    free = or_(Outbox.leased_until.is_(None), Outbox.leased_until <= now)  # type: ignore[union-attr,operator]
    due = and_(Outbox.state == "due", Outbox.due_at <= due_by, Outbox.platform.in_(platforms), free)  # type: ignore[attr-defined,arg-type]
    claimed: list[Leased] = []
    async with engine.connect() as connection:
        ids = (await connection.execute(select(Outbox.id, Outbox.attempts).where(due).order_by(Outbox.due_at).limit(BATCH))).tuples().all()  # type: ignore[arg-type]
    if not ids:
        return []
    async with writing(engine) as connection:
        for id, attempts in ids:
            won = await connection.execute(
                update(Outbox)
                .where(Outbox.id == id, Outbox.attempts == attempts, free)  # type: ignore[arg-type]
                .values(attempts=attempts + 1, leased_until=now + LEASE)
                .returning(
                    Outbox.id, Outbox.platform, Outbox.address, Outbox.key, Outbox.card, Outbox.message, Outbox.wanted, Outbox.attempts,
                    Outbox.failures, Outbox.expires_at,
                )  # type: ignore[call-overload]
            )  # fmt: skip
            claimed += [Leased(*row) for row in won.tuples()]
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
    columns = (Outbox.id, Outbox.platform, Outbox.key, Outbox.state, Outbox.failures, Outbox.problem, Outbox.created_at)
    async with engine.connect() as connection:
        rows = await connection.execute(select(*columns).where(Outbox.state != "shown").order_by(Outbox.created_at))  # type: ignore[call-overload]
        return [Held(*row) for row in rows.tuples()]


async def retry(engine: AsyncEngine, id: str | None, now: datetime) -> int:
    """Make one card, or all that were given up, due again; how many."""
    statement = update(Outbox).where(Outbox.state == "undeliverable" if id is None else and_(Outbox.id == id, Outbox.state != "shown"))  # type: ignore[arg-type]
    async with writing(engine) as connection:
        result = await connection.execute(statement.values(state="due", due_at=now, failures=0))
        return int(result.rowcount)


async def oldest_due(engine: AsyncEngine) -> datetime | None:
    """Since when the oldest due card has been waiting; None when nothing is."""
    now = datetime.now(UTC)
    async with engine.connect() as connection:
        statement = select(func.min(Outbox.due_at)).where(Outbox.state == "due", Outbox.due_at <= now)  # type: ignore[arg-type]
        return (await connection.execute(statement)).scalar()
