"""The directory table: whole imports in one transaction, exports in the order of e-mail addresses, and who is who."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from bot.case.codec import Codec
from bot.engine.ports import Account, Around, Standing
from bot.people.model import Known, Person, StandIn
from store.engine import Database
from store.queries import record
from store.tables import ACCOUNT, PERSON, PREFERENCE, STAND_IN, TOOL_VERSION

BATCH = 2000
EMAILS: BindParameter[Sequence[str]] = bindparam("emails", expanding=True)
ENTRY = [PERSON.c[name] for name in ("email", "name", "manager", "department", "location", "left_at")]

ENTRIES = select(*ENTRY).where(PERSON.c.email.in_(EMAILS))
STAND_INS = select(STAND_IN.c.person, STAND_IN.c.stand_in, STAND_IN.c.since, STAND_IN.c.until).where(STAND_IN.c.person.in_(EMAILS))
ACCOUNTS = (
    select(*[ACCOUNT.c[name] for name in ("id", "platform", "standing", "checked_at", "used_at", "email", "name", "address")])
    .where(or_(ACCOUNT.c.email.in_(EMAILS), ACCOUNT.c.id.in_(EMAILS)), ACCOUNT.c.address != "", ACCOUNT.c.standing == Standing.MEMBER.value)
    .where(ACCOUNT.c.platform.in_(bindparam("platforms", expanding=True)))
    .order_by(ACCOUNT.c.used_at.desc())
)
WISHES = select(PREFERENCE.c.person, PREFERENCE.c.platform).where(PREFERENCE.c.person.in_(EMAILS))
CURRENT_TOOL = select(TOOL_VERSION.c.entry).where(TOOL_VERSION.c.name == bindparam("name"), TOOL_VERSION.c.until.is_(None))


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did, or would do."""

    new: int
    known: int
    left: int


async def put_people(database: Database, rows: Iterable[dict[str, Any]], now: datetime, *, complete: bool = False, dry_run: bool = False) -> Imported:
    """Add new people and bring known ones up to date; all rows or none.

    `complete` says that the rows are everybody there is: those not among them have left. Rows are taken as they come, so
    that a file of any length takes the same memory.
    """
    upsert = postgresql_insert if database.dialect == "postgresql" else sqlite_insert
    statement = upsert(PERSON)
    kept = {column.name: statement.excluded[column.name] for column in PERSON.columns if column.name != "email"}
    statement = statement.on_conflict_do_update(index_elements=["email"], set_=kept)

    def put(connection: Connection) -> Imported:
        new = known = 0
        if complete:  # everybody is on leave until the file names them
            before = set(connection.execute(select(PERSON.c.email).where(PERSON.c.left_at.is_(None))).scalars())
            connection.execute(update(PERSON).where(PERSON.c.left_at.is_(None)).values(left_at=now))
        batch: list[dict[str, Any]] = []

        def flush() -> None:
            nonlocal new, known
            there = set(connection.execute(select(PERSON.c.email).where(PERSON.c.email.in_([row["email"] for row in batch]))).scalars())
            known += len(there)
            new += len(batch) - len(there)
            connection.execute(statement, batch)
            batch.clear()

        for row in rows:
            batch.append(row | {"left_at": None})
            if len(batch) == BATCH:
                flush()
        if batch:
            flush()
        left = 0
        if complete:
            left = connection.execute(select(func.count()).select_from(PERSON).where(PERSON.c.left_at == now)).scalar_one() if before else 0
        if dry_run:
            raise Rehearsed(Imported(new, known, left))
        record(connection, now, "PeopleImported", f"{new}+{known}-{left}")
        return Imported(new, known, left)

    try:
        return await database.write(put)
    except Rehearsed as rehearsed:
        return rehearsed.imported


class Rehearsed(Exception):
    """A dry run ends here; its transaction is rolled back."""

    def __init__(self, imported: Imported) -> None:
        super().__init__("dry run")
        self.imported = imported


async def export_people(database: Database, columns: Sequence[str]) -> list[tuple[str, ...]]:
    """Every person who has not left, with these columns as texts."""

    def export(connection: Connection) -> list[tuple[str, ...]]:
        rows = connection.execute(select(PERSON).where(PERSON.c.left_at.is_(None)).order_by(PERSON.c.email)).mappings()
        return [tuple(str(row[name] or "") for name in columns) for row in rows]

    return await database.read(export)


def entry(row: Sequence[Any]) -> Person:
    """A person out of the columns of ENTRY."""
    return Person(row[0], row[1], row[2], row[3], row[4], left=row[5] is not None)


class PeopleQueries:
    """What is asked about people."""

    database: Database
    _codec: Codec

    async def around(self, emails: frozenset[str], platforms: frozenset[str], tool: str = "") -> Around:
        """What is known of these people, of those who stand in for them and of the managers of both; accounts; a tool's entry."""

        def find(connection: Connection) -> Around:
            people: dict[str, Person] = {}
            stand_ins: dict[str, StandIn] = {}
            wanted = {email for email in emails if email}
            for _ in range(3):  # themselves; their managers and stand-ins; and theirs, whose names a card may show
                missing = sorted(wanted - people.keys())
                if not missing:
                    break
                before = len(people)
                for row in connection.execute(ENTRIES, {"emails": missing}):
                    people[row[0]] = entry(row)
                for found in connection.execute(STAND_INS, {"emails": missing}):
                    stand_ins[found[0]] = StandIn(*found)
                if len(people) == before:
                    break
                wanted |= {person.manager for person in people.values() if person.manager} | {s.stand_in for s in stand_ins.values()}
            accounts: dict[str, list[Account]] = {}
            for row in connection.execute(ACCOUNTS, {"emails": sorted(wanted), "platforms": sorted(platforms) or [""]}):
                account = Account(row[0], row[1], Standing(row[2]), *row[3:])
                accounts.setdefault(account.email or account.id, []).append(account)
                if account.id in wanted:
                    accounts.setdefault(account.id, []).append(account)
            wishes = {row[0]: row[1] for row in connection.execute(WISHES, {"emails": sorted(wanted)})}
            stored = connection.execute(CURRENT_TOOL, {"name": tool}).scalar() if tool else None
            names = {found.id: found.name for several in accounts.values() for found in several if found.id in wanted and found.name}
            known = Known(people, stand_ins, frozenset(accounts), names)
            return Around(known, {key: tuple(found) for key, found in accounts.items()}, wishes, self._codec.load(stored) if stored else None)

        return await self.database.read(find)

    async def person_of(self, account: Account) -> Person | None:
        """The directory entry that an account belongs to, by its platform id, else by its e-mail address."""
        user = account.id.rsplit(":", 1)[-1]
        own = PERSON.c.slack_id if account.platform == "slack" else PERSON.c.teams_id
        statement = select(*ENTRY, own).where(or_(own == user, PERSON.c.email == account.email.lower()))

        def find(connection: Connection) -> Person | None:
            rows = sorted(connection.execute(statement), key=lambda row: row[6] != user)
            return entry(rows[0]) if rows else None

        return await self.database.read(find)

    async def find_person(self, words: str) -> Person | None:
        """The one person with this address or full name; None for nobody or several."""
        wanted = words.strip().lower()
        statement = select(*ENTRY).where(or_(PERSON.c.email == wanted, func.lower(PERSON.c.name) == wanted), PERSON.c.left_at.is_(None)).limit(2)
        rows = await self.database.read(lambda connection: connection.execute(statement).all())
        return entry(rows[0]) if len(rows) == 1 else None
