"""Cases, timers, drafts and grants in the database: what a unit may rest on, what it writes, and what is asked of them.

A unit that writes a case rests on the version it read. `stale` locks those rows, so that of any number of processes one
writes and the others are told to look again.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import CompoundSelect, Connection, Select, and_, delete, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from bot.case.codec import Codec
from bot.engine.ports import Unit
from bot.engine.records import Copy, Draft, DueTimer, GrantUse, StoredCase, TrailEvent
from bot.policy.grants import Grant, GrantKind
from store.engine import Database
from store.tables import ACCOUNT, CASE, DRAFT, EVENT, GRANT, NOTICE, OUTBOX, PREFERENCE, RECEIPT, STAND_IN, TIMER, TOOL_VERSION, VERSION, WAITING

CODEC = Codec(Grant, GrantKind)
COLUMNS = [CASE.c[name] for name in ("id", "kind", "version", "phase", "asker", "subject", "opened_at", "due_at", "state")]
REGISTER, GRANTS = "register", "grant"
MONTH = timedelta(days=30)

Row = dict[str, Any]


def stale(connection: Connection, units: Sequence[Unit], codec: Codec) -> set[int]:
    """The places of the units that rest on what has changed; what the others rest on is locked until the commit."""
    found: set[int] = set()
    ids = sorted({write.id for unit in units for write in unit.cases if write.version})
    keys = sorted({write.open_key for unit in units for write in unit.cases if write.open_key})
    timers = sorted({unit.fired.key for unit in units if unit.fired})
    versions: dict[str, int] = {}
    holders: dict[str, str] = {}
    due: dict[str, datetime] = {}
    if ids:
        versions = {row[0]: row[1] for row in connection.execute(locked_cases(ids))}
    if keys:
        holders = dict(connection.execute(select(CASE.c.open_key, CASE.c.id).where(CASE.c.open_key.in_(keys))).all())
    if timers:
        due = {row[0]: row[1] for row in connection.execute(locked_timers(timers))}
    tools = sorted({change.after.name for unit in units for change in unit.tools})
    entries: dict[str, str] = {}
    if tools:
        entries = dict(connection.execute(locked_tools(tools)).all())
    written: set[str] = set()
    for place, unit in enumerate(units):
        mine = {write.id for write in unit.cases} | {f"key {write.open_key}" for write in unit.cases if write.open_key}
        mine |= {f"timer {unit.fired.key}"} if unit.fired else set()
        mine |= {f"tool {change.after.name}" for change in unit.tools}
        passed = any(write.version and versions.get(write.id) != write.version for write in unit.cases)
        taken = any(write.open_key and holders.get(write.open_key, write.id) != write.id for write in unit.cases)
        over = unit.fired is not None and due.get(unit.fired.key) != unit.fired.due_at
        moved = any(entries.get(change.after.name) != (codec.dump(change.before) if change.before else None) for change in unit.tools)
        if passed or taken or over or moved or mine & written:
            found.add(place)
        else:
            written |= mine
    return found


def locked_cases(ids: Sequence[str]) -> Select[str, int]:
    """The versions of cases, whose rows nobody else changes until the commit; in one order, so that two never wait for each other."""
    return select(CASE.c.id, CASE.c.version).where(CASE.c.id.in_(ids)).order_by(CASE.c.id).with_for_update()


def locked_timers(keys: Sequence[str]) -> Select[str, datetime]:
    """When timers are due; likewise locked."""
    return select(TIMER.c.key, TIMER.c.due_at).where(TIMER.c.key.in_(keys)).order_by(TIMER.c.key).with_for_update()


def locked_tools(names: Sequence[str]) -> Select[str, str]:
    """The entries of tools as they stand; likewise locked."""
    current = (TOOL_VERSION.c.name.in_(names), TOOL_VERSION.c.until.is_(None))
    return select(TOOL_VERSION.c.name, TOOL_VERSION.c.entry).where(*current).order_by(TOOL_VERSION.c.name).with_for_update()


class CaseWriter:
    """Writes the case rows of units."""

    def __init__(self, dialect: str, codec: Codec) -> None:
        self._upsert = postgresql_insert if dialect == "postgresql" else sqlite_insert
        self._codec = codec

    def write(self, connection: Connection, units: Iterable[Unit], now: datetime) -> None:
        """All that these units say about cases, timers, drafts, grants, tools, settings and notices."""
        for unit in units:
            at = unit.at or now
            if unit.cases:
                self._cases(connection, unit, at)
            if unit.fired:
                connection.execute(delete(TIMER).where(TIMER.c.key == unit.fired.key))
            self._timers(connection, unit)
            if unit.drafts or unit.dropped_drafts:
                self._drafts(connection, unit)
            if unit.grants or unit.ended_grants:
                self._grants(connection, unit, at)
            for id in unit.used_grants:
                connection.execute(update(GRANT).where(GRANT.c.id == id).values(used=GRANT.c.used + 1, used_at=at))
            if unit.tools:
                self._tools(connection, unit, at)
            self._settings(connection, unit)
            if unit.notices:
                rows = [
                    {"topic": n.topic, "person": n.person, "why": n.why, "due_at": n.due_at, "told_at": None, "problem": ""} for n in unit.notices
                ]
                connection.execute(self._upsert(NOTICE).on_conflict_do_nothing(index_elements=["topic", "person"]), rows)
            for topic, person in unit.told:
                connection.execute(update(NOTICE).where(NOTICE.c.topic == topic, NOTICE.c.person == person).values(told_at=at))
            for (topic, person), problem in unit.untold.items():
                connection.execute(update(NOTICE).where(NOTICE.c.topic == topic, NOTICE.c.person == person).values(problem=problem))

    def _cases(self, connection: Connection, unit: Unit, at: datetime) -> None:
        for write in unit.cases:
            row: Row = {
                "phase": write.phase, "open_key": write.open_key, "asker": write.asker, "subject": write.subject, "due_at": write.due_at,
                "updated_at": at, "state": write.state,
            }  # fmt: skip
            if write.version == 0:
                connection.execute(insert(CASE), {"id": write.id, "kind": write.kind, "version": 1, "opened_at": write.opened_at, **row})
            else:
                guarded = update(CASE).where(CASE.c.id == write.id, CASE.c.version == write.version)
                changed = connection.execute(guarded.values(version=write.version + 1, **row))
                assert changed.rowcount == 1, "the row was locked"
            connection.execute(delete(WAITING).where(WAITING.c.case == write.id))
            if write.waiting:
                connection.execute(insert(WAITING), [{"case": write.id, "person": person, "due_at": write.due_at} for person in write.waiting])

    def _timers(self, connection: Connection, unit: Unit) -> None:
        for timer in unit.timers:
            if timer.at is None:
                which = TIMER.c.case == timer.case if timer.key.endswith("/") else TIMER.c.key == timer.key
                connection.execute(delete(TIMER).where(which))
            else:
                row = {"key": timer.key, "case": timer.case, "due_at": timer.at, "command": timer.command}
                statement = self._upsert(TIMER)
                kept = {"due_at": statement.excluded.due_at, "command": statement.excluded.command}
                connection.execute(statement.on_conflict_do_update(index_elements=["key"], set_=kept), row)

    def _drafts(self, connection: Connection, unit: Unit) -> None:
        for id in unit.dropped_drafts:
            connection.execute(delete(DRAFT).where(DRAFT.c.id == id))
        for draft in unit.drafts:
            if draft.active:  # one conversation at a time
                connection.execute(update(DRAFT).where(DRAFT.c.account == draft.account, DRAFT.c.id != draft.id).values(active=False))
            row = {"id": draft.id, "account": draft.account, "active": draft.active, "updated_at": draft.updated_at, "state": self._codec.dump(draft)}
            statement = self._upsert(DRAFT)
            kept = {name: statement.excluded[name] for name in ("active", "updated_at", "state")}
            connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=kept), row)

    def _grants(self, connection: Connection, unit: Unit, at: datetime) -> None:
        for id in unit.ended_grants:
            connection.execute(update(GRANT).where(GRANT.c.id == id).values(ended_at=at))
        for grant in unit.grants:
            row = {
                "id": grant.id,
                "person": grant.person,
                "tool": grant.tool,
                "until": grant.until,
                "ended_at": None,
                "used": 0,
                "entry": CODEC.dump(grant),
            }
            statement = self._upsert(GRANT)
            kept = {name: statement.excluded[name] for name in ("until", "ended_at", "entry")}
            connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=kept), row)
        connection.execute(update(VERSION).where(VERSION.c.name == GRANTS).values(number=VERSION.c.number + 1))

    def _tools(self, connection: Connection, unit: Unit, at: datetime) -> None:
        for tool in (change.after for change in unit.tools):
            current = (TOOL_VERSION.c.name == tool.name, TOOL_VERSION.c.until.is_(None))
            connection.execute(update(TOOL_VERSION).where(*current).values(until=at))
            connection.execute(insert(TOOL_VERSION), {"name": tool.name, "since": at, "until": None, "entry": self._codec.dump(tool)})
        raised = connection.execute(update(VERSION).where(VERSION.c.name == REGISTER).values(number=VERSION.c.number + 1))
        if raised.rowcount == 0:
            connection.execute(insert(VERSION), {"name": REGISTER, "number": 1})

    def _settings(self, connection: Connection, unit: Unit) -> None:
        for change in unit.stand_ins:
            connection.execute(delete(STAND_IN).where(STAND_IN.c.person == change.person))
            if change.stand_in:
                row = {"person": change.person, "stand_in": change.stand_in, "since": change.since, "until": change.until}
                connection.execute(insert(STAND_IN), row)
        for person, platform in unit.preferences.items():
            connection.execute(delete(PREFERENCE).where(PREFERENCE.c.person == person))
            connection.execute(insert(PREFERENCE), {"person": person, "platform": platform})


class CaseQueries:
    """What is asked about cases, drafts, timers and grants."""

    database: Database
    _codec: Codec

    async def case(self, id: str) -> StoredCase | None:
        """A case by its id."""
        return next(iter(await self._cases(select(*COLUMNS).where(CASE.c.id == id))), None)

    async def open_case(self, open_key: str) -> str:
        """The id of the open case about this; "" where there is none."""
        statement = select(CASE.c.id).where(CASE.c.open_key == open_key)
        return str(await self.database.read(lambda connection: connection.execute(statement).scalar()) or "")

    async def cases_of(self, person: str, limit: int) -> tuple[Sequence[StoredCase], int]:
        """The newest cases that somebody asked for, and how many there are."""
        which = CASE.c.asker == person
        newest = select(*COLUMNS).where(which).order_by(CASE.c.opened_at.desc()).limit(limit)
        return await self._cases(newest), await self._count(select(func.count()).select_from(CASE).where(which))

    async def waiting_for(self, person: str, limit: int) -> tuple[Sequence[StoredCase], int]:
        """The cases that wait for somebody's decision, the most urgent first, and how many there are."""
        mine = WAITING.c.person == person
        urgent = select(WAITING.c.case).where(mine).order_by(WAITING.c.due_at).limit(limit)
        ids: list[str] = await self.database.read(lambda connection: list(connection.execute(urgent).scalars()))
        found = {case.id: case for case in await self._cases(select(*COLUMNS).where(CASE.c.id.in_(ids)))} if ids else {}
        count = len(ids) if len(ids) < limit else await self._count(select(func.count()).select_from(WAITING).where(mine))
        return [found[id] for id in ids if id in found], count

    async def cases(self, phases: Sequence[str] = (), kinds: Sequence[str] = ()) -> Sequence[StoredCase]:
        """Every case of these phases and kinds, the newest first."""
        statement = select(*COLUMNS).order_by(CASE.c.opened_at.desc())
        if phases:
            statement = statement.where(CASE.c.phase.in_(phases))
        if kinds:
            statement = statement.where(CASE.c.kind.in_(kinds))
        return await self._cases(statement)

    async def trail(self, ref: str) -> Sequence[TrailEvent]:
        """Everything that happened to a case or a tool, in order."""
        columns = (EVENT.c.at, EVENT.c.kind, EVENT.c.actor, EVENT.c.data)
        statement = select(*columns).where(EVENT.c.ref == ref).order_by(EVENT.c.at)

        def read(connection: Connection) -> list[TrailEvent]:
            return [TrailEvent(row[0], row[1], row[2], self._codec.load(row[3])) for row in connection.execute(statement)]

        return await self.database.read(read)

    async def place_in_queue(self, case: str, opened_at: datetime) -> int:
        """How many open cases were filed before this one, and one; at most a hundred are counted."""
        earlier = select(CASE.c.id).where(CASE.c.phase == "open", CASE.c.opened_at < opened_at, CASE.c.id != case).limit(99)
        return await self._count(select(func.count()).select_from(earlier.subquery())) + 1

    async def copies(self, topic: str) -> Sequence[Copy]:
        """Every card of a case or draft that was posted."""
        statement = select(OUTBOX.c.platform, OUTBOX.c.address, OUTBOX.c.key, OUTBOX.c.person).where(OUTBOX.c.topic == topic)
        return await self.database.read(lambda connection: [Copy(*row) for row in connection.execute(statement)])

    async def draft(self, id: str) -> Draft | None:
        """A draft by its id."""
        return await self._draft(select(DRAFT.c.state).where(DRAFT.c.id == id))

    async def last_draft(self, account: str) -> Draft | None:
        """The draft that somebody worked on last."""
        return await self._draft(select(DRAFT.c.state).where(DRAFT.c.account == account).order_by(DRAFT.c.updated_at.desc()).limit(1))

    async def _draft(self, statement: Select[Any]) -> Draft | None:
        stored = await self.database.read(lambda connection: connection.execute(statement).scalar())
        found = self._codec.load(stored) if stored else None
        assert found is None or isinstance(found, Draft)
        return found

    async def due_timers(self, now: datetime, limit: int) -> Sequence[DueTimer]:
        """Timers whose time has come, the oldest first."""
        columns = (TIMER.c.key, TIMER.c.case, TIMER.c.due_at, TIMER.c.command)
        statement = select(*columns).where(TIMER.c.due_at <= now).order_by(TIMER.c.due_at, TIMER.c.key).limit(limit)
        return await self.database.read(lambda connection: [DueTimer(*row) for row in connection.execute(statement)])

    async def grants(self, today: date) -> Sequence[Grant]:
        """Every grant that has not ended; a day late is early enough, as each is judged by its own day."""
        statement = select(GRANT.c.entry).where(GRANT.c.ended_at.is_(None), GRANT.c.until >= today - timedelta(days=1)).order_by(GRANT.c.id)
        return await self.database.read(lambda connection: [CODEC.load(entry) for entry in connection.execute(statement).scalars()])

    async def grant_uses(self) -> Sequence[GrantUse]:
        """Every grant there ever was, with how often it was used."""
        statement = select(GRANT.c.entry, GRANT.c.used, GRANT.c.used_at, GRANT.c.ended_at).order_by(GRANT.c.id)
        return await self.database.read(lambda connection: [GrantUse(CODEC.load(row[0]), *row[1:]) for row in connection.execute(statement)])

    async def askers_about(self, tool: str, since: datetime) -> Sequence[str]:
        """Everybody who was granted a tool, requested it, or asked about it, since a day.

        Answers are looked through a month at a time, so that no statement takes long.
        """
        granted = select(GRANT.c.person).where(GRANT.c.tool == tool, or_(GRANT.c.ended_at.is_(None), GRANT.c.ended_at >= since))
        requested = select(CASE.c.asker).where(CASE.c.subject == tool, CASE.c.opened_at >= since)
        found = set(await self._texts(granted.union(requested)))
        named = f'"name":{json.dumps(tool, ensure_ascii=False)},'
        begin, end = since, datetime.now(UTC)
        while begin < end:
            month = and_(RECEIPT.c.at >= begin, RECEIPT.c.at < begin + MONTH, RECEIPT.c.record.contains(named, autoescape=True))
            who = func.coalesce(func.nullif(ACCOUNT.c.email, ""), ACCOUNT.c.id)
            joined = select(who).join(RECEIPT, RECEIPT.c.account == ACCOUNT.c.id).where(month).distinct()
            found |= set(await self._texts(joined))
            begin += MONTH
        return sorted(found)

    async def untold(self, topic: str, limit: int) -> Sequence[str]:
        """The people who have still to be told of a change."""
        statement = (
            select(NOTICE.c.person)
            .where(NOTICE.c.topic == topic, NOTICE.c.told_at.is_(None), NOTICE.c.problem == "")
            .order_by(NOTICE.c.person)
            .limit(limit)
        )
        return await self.database.read(lambda connection: list(connection.execute(statement).scalars()))

    async def preference(self, person: str) -> str:
        """The platform somebody wants to be written to on; "" for the one used last."""
        statement = select(PREFERENCE.c.platform).where(PREFERENCE.c.person == person)
        return str(await self.database.read(lambda connection: connection.execute(statement).scalar()) or "")

    async def _cases(self, statement: Select[Any]) -> Sequence[StoredCase]:
        return await self.database.read(lambda connection: [StoredCase(*row) for row in connection.execute(statement)])

    async def _texts(self, statement: Select[Any] | CompoundSelect[Any]) -> list[str]:
        return await self.database.read(lambda connection: list(connection.execute(statement).scalars()))

    async def _count(self, statement: Select[Any]) -> int:
        return int(await self.database.read(lambda connection: connection.execute(statement).scalar_one()))
