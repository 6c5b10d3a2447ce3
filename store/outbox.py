"""The outbox table: claiming due cards, and listing what could not be delivered.

Any number of processes may claim: a row is won with one guarded update, and a lease that runs out frees it again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, delete, exists, insert, not_, or_, select, update
from sqlalchemy.exc import IntegrityError

from bot.delivery.messenger import Leased
from store.engine import Database
from store.rows import LEASE
from store.tables import OUTBOX, PAUSE

BATCH = 50
LEASED = [
    OUTBOX.c[name]
    for name in ("id", "platform", "address", "key", "card", "message", "wanted", "attempts", "failures", "expires_at", "topic", "person")
]


async def claim_due(database: Database, platforms: Sequence[str], now: datetime, due_by: datetime, limit: int) -> list[Leased]:
    """Cards that are due, of no paused kind, and that nobody else delivers, leased to the caller, oldest first."""
    free = or_(OUTBOX.c.leased_until.is_(None), OUTBOX.c.leased_until <= now)
    same = and_(PAUSE.c.platform == OUTBOX.c.platform, PAUSE.c.changes == (OUTBOX.c.message != ""), PAUSE.c.until > now)
    paused = exists(select(PAUSE.c.platform).where(same))
    due = and_(OUTBOX.c.state == "due", OUTBOX.c.due_at <= due_by, OUTBOX.c.platform.in_(platforms), free, not_(paused))

    def candidates(connection: Connection) -> Sequence[str]:
        return connection.execute(select(OUTBOX.c.id).where(due).order_by(OUTBOX.c.due_at).limit(limit)).scalars().all()

    def claim(connection: Connection) -> list[Leased]:
        # Whoever comes second waits for the row, sees the lease, and leaves it out.
        won = update(OUTBOX).where(OUTBOX.c.id.in_(ids), due).values(attempts=OUTBOX.c.attempts + 1, leased_until=now + LEASE).returning(*LEASED)
        found = {row[0]: Leased(*row) for row in connection.execute(won)}
        return [found[id] for id in ids if id in found]

    ids = await database.read(candidates)
    return await database.write(claim) if ids else []


async def pauses(database: Database, now: datetime) -> dict[tuple[str, bool], datetime]:
    """Until when each platform wants to be left alone, by whether it is about changes."""
    statement = select(PAUSE.c.platform, PAUSE.c.changes, PAUSE.c.until).where(PAUSE.c.until > now)
    return await database.read(lambda connection: {(row[0], row[1]): row[2] for row in connection.execute(statement)})


async def pause(database: Database, platform: str, changes: Sequence[bool], until: datetime) -> None:
    """Keep a pause; the longest one that was asked for counts."""

    def keep(connection: Connection) -> None:
        mine = and_(PAUSE.c.platform == platform, PAUSE.c.changes.in_(changes))
        connection.execute(delete(PAUSE).where(mine, PAUSE.c.until < until))
        held = set(connection.execute(select(PAUSE.c.changes).where(mine)).scalars())
        if rows := [{"platform": platform, "changes": act, "until": until} for act in changes if act not in held]:
            connection.execute(insert(PAUSE), rows)

    try:
        await database.write(keep)
    except IntegrityError:  # another process was told so in the same instant
        await database.write(keep)


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


async def undelivered(database: Database) -> list[Held]:
    """Every card that is due or was given up, oldest first."""
    columns = [OUTBOX.c[name] for name in ("id", "platform", "key", "state", "failures", "problem", "created_at")]
    statement = select(*columns).where(OUTBOX.c.state != "shown").order_by(OUTBOX.c.created_at)
    return await database.read(lambda connection: [Held(*row) for row in connection.execute(statement)])


async def retry(database: Database, id: str | None, now: datetime) -> int:
    """Make one card, or all that were given up, due again; how many."""
    which = OUTBOX.c.state == "undeliverable" if id is None else and_(OUTBOX.c.id == id, OUTBOX.c.state != "shown")
    statement = update(OUTBOX).where(which).values(state="due", due_at=now, failures=0)
    return await database.write(lambda connection: int(connection.execute(statement).rowcount))
