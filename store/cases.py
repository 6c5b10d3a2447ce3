"""Cases, timers, drafts and grants in the database: what a unit may rest on, what it writes, and what is asked of them.

A unit that writes a case rests on the version it read. `stale` locks those rows, so that of any number of processes one
writes and the others are told to look again.
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import CompoundSelect, Connection, Select, and_, bindparam, func, or_, select

from bot.case.codec import Codec
from bot.engine.ports import Unit
from bot.engine.records import CaseView, Copy, Draft, DueTimer, GrantUse, StoredCase, TrailEvent
from bot.policy.grants import Grant
from store.case_rows import GRANTED
from store.engine import Database
from store.tables import ACCOUNT, CASE, DRAFT, EVENT, GRANT, NOTICE, OUTBOX, RECEIPT, TIMER, TOOL_VERSION, WAITING

COLUMNS = [CASE.c[name] for name in ("id", "kind", "version", "phase", "asker", "subject", "opened_at", "due_at", "state")]
MONTH = timedelta(days=30)
ONE_CASE = select(*COLUMNS).where(CASE.c.id == bindparam("id"))
COPIES = select(OUTBOX.c.platform, OUTBOX.c.address, OUTBOX.c.key, OUTBOX.c.person).where(OUTBOX.c.topic == bindparam("topic"))
BEFORE = select(CASE.c.id).where(CASE.c.phase == "open", CASE.c.opened_at < bindparam("opened_at"), CASE.c.id != bindparam("id")).limit(99)
EARLIER = select(func.count()).select_from(BEFORE.subquery())
LOCKED_CASES = select(CASE.c.id, CASE.c.version).where(CASE.c.id.in_(bindparam("ids", expanding=True))).order_by(CASE.c.id).with_for_update()
LOCKED_TIMERS = select(TIMER.c.key, TIMER.c.due_at).where(TIMER.c.key.in_(bindparam("keys", expanding=True))).order_by(TIMER.c.key).with_for_update()
LOCKED_TOOLS = (
    select(TOOL_VERSION.c.name, TOOL_VERSION.c.entry)
    .where(TOOL_VERSION.c.name.in_(bindparam("names", expanding=True)), TOOL_VERSION.c.until.is_(None))
    .order_by(TOOL_VERSION.c.name)
    .with_for_update()
)
HELD_KEYS = select(CASE.c.open_key, CASE.c.id).where(CASE.c.open_key.in_(bindparam("keys", expanding=True)))

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
        versions = dict(connection.execute(LOCKED_CASES, {"ids": ids}).all())
    if keys:
        holders = dict(connection.execute(HELD_KEYS, {"keys": keys}).all())
    if timers:
        due = {row[0]: row[1] for row in connection.execute(LOCKED_TIMERS, {"keys": timers})}
    tools = sorted({change.after.name for unit in units for change in unit.tools})
    entries: dict[str, str] = {}
    if tools:
        entries = dict(connection.execute(LOCKED_TOOLS, {"names": tools}).all())
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

    async def case_view(self, id: str) -> CaseView:
        """A case with its copies and its place in the queue; at most a hundred before it are counted."""

        def view(connection: Connection) -> CaseView:
            row = connection.execute(ONE_CASE, {"id": id}).first()
            if row is None:
                return CaseView(None)
            stored = StoredCase(*row)
            copies = tuple(Copy(*found) for found in connection.execute(COPIES, {"topic": id}))
            before = connection.execute(EARLIER, {"id": id, "opened_at": stored.opened_at}).scalar_one()
            return CaseView(stored, copies, before + 1)

        return await self.database.read(view)

    async def copies(self, topic: str) -> Sequence[Copy]:
        """Every card of a case or draft that was posted."""
        return await self.database.read(lambda connection: [Copy(*row) for row in connection.execute(COPIES, {"topic": topic})])

    async def draft(self, id: str) -> Draft | None:
        """A draft by its id."""
        return await self._draft(select(DRAFT.c.state).where(DRAFT.c.id == id))

    async def last_draft(self, accounts: Sequence[str]) -> Draft | None:
        """The draft that somebody worked on last, with any of these accounts."""
        return await self._draft(select(DRAFT.c.state).where(DRAFT.c.account.in_(accounts)).order_by(DRAFT.c.updated_at.desc()).limit(1))

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

    async def grants(self) -> Sequence[Grant]:
        """Every grant that nothing has ended; each is judged by its own days."""
        statement = select(GRANT.c.entry).where(GRANT.c.ended_at.is_(None)).order_by(GRANT.c.id)
        return await self.database.read(lambda connection: [GRANTED.load(entry) for entry in connection.execute(statement).scalars()])

    async def grant_uses(self) -> Sequence[GrantUse]:
        """Every grant there ever was, with how often it was used."""
        statement = select(GRANT.c.entry, GRANT.c.used, GRANT.c.used_at, GRANT.c.ended_at).order_by(GRANT.c.id)
        return await self.database.read(lambda connection: [GrantUse(GRANTED.load(row[0]), *row[1:]) for row in connection.execute(statement)])

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

    async def notices(self) -> Sequence[tuple[str, str, str, datetime, datetime | None, str, str]]:
        """The ledger: change, person, why, due, told, problem, and what became of the card in the outbox."""
        ledger = [NOTICE.c[name] for name in ("topic", "person", "why", "due_at", "told_at", "problem")]
        shown = and_(OUTBOX.c.topic == NOTICE.c.topic, OUTBOX.c.person == NOTICE.c.person)
        rows = select(*ledger, func.coalesce(OUTBOX.c.state, "")).outerjoin(OUTBOX, shown)
        statement = rows.order_by(NOTICE.c.due_at, NOTICE.c.topic, NOTICE.c.person)
        return await self.database.read(lambda connection: [tuple(row) for row in connection.execute(statement)])

    async def untold(self, topic: str, limit: int) -> Sequence[str]:
        """The people who have still to be told of a change."""
        statement = (
            select(NOTICE.c.person)
            .where(NOTICE.c.topic == topic, NOTICE.c.told_at.is_(None), NOTICE.c.problem == "")
            .order_by(NOTICE.c.person)
            .limit(limit)
        )
        return await self.database.read(lambda connection: list(connection.execute(statement).scalars()))

    async def _cases(self, statement: Select[Any]) -> Sequence[StoredCase]:
        return await self.database.read(lambda connection: [StoredCase(*row) for row in connection.execute(statement)])

    async def _texts(self, statement: Select[Any] | CompoundSelect[Any]) -> list[str]:
        return await self.database.read(lambda connection: list(connection.execute(statement).scalars()))

    async def _count(self, statement: Select[Any]) -> int:
        return int(await self.database.read(lambda connection: connection.execute(statement).scalar_one()))
