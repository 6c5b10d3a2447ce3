"""Commits, shared: what several turns write at the same time goes into one transaction.

A turn hands over a Unit (plain values) and waits. The keeper takes every unit that is waiting, writes them together,
and tells each one how it ended:

    committed    its rows are durable
    Repeat       its delivery key was there before; nothing of it was written, the earlier answer comes back
    Stale        a version it relied on has passed; nothing of it was written
    TimeoutError its deadline was over before the commit; nothing of it was written

Rows of one unit never commit without the others. A unit that the database refuses is tried alone, so that it cannot
spoil its neighbours.
"""

import asyncio
import logging
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Executable, bindparam, case, insert, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.exc import SQLAlchemyError

from bot.engine.codecs import CARDS, stored_card
from bot.engine.ports import Leased, Repeat, Stale, Unanswered, Unit
from bot.ui.card import RECEIPT_MARK
from store.engine import Database
from store.tables import ACCOUNT, DELIVERY, EVENT, EVENT_DETAIL, OUTBOX, RECEIPT, UNANSWERED, VERSION

log = logging.getLogger(__name__)

LARGEST_BATCH = 200
LEASE = timedelta(seconds=30)

Row = dict[str, Any]
Ended = tuple["Waiting", Repeat | Exception | None]


@dataclass(frozen=True, slots=True)
class Delivered:
    """What became of a leased card; written only while the lease is still this attempt's."""

    id: str
    attempts: int
    row: Mapping[str, Any]


@dataclass(slots=True)
class Waiting:
    """A unit in the queue."""

    unit: Unit
    deadline: float
    done: "asyncio.Future[Repeat | None]"
    fresh: list[Leased] = field(default_factory=list)


class Keeper:
    """The one writer of this process."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._queue: list[Waiting | Delivered] = []
        self._task: asyncio.Task[None] | None = None
        #: Called with what was committed: cards leased to this process, and whether other cards became due.
        self.committed: list[Any] = []
        self._statements = Statements(database.dialect)

    async def commit(self, unit: Unit, deadline: float) -> Repeat | None:
        """Write a unit; see the module for how it may end."""
        waiting = Waiting(unit, deadline, asyncio.get_running_loop().create_future())
        self._put(waiting)
        return await waiting.done

    def note(self, delivered: Delivered) -> None:
        """Write what became of a card, soon; a lost note only means that the card is delivered again."""
        self._put(delivered)

    def _put(self, item: Waiting | Delivered) -> None:
        self._queue.append(item)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._keep())

    async def settle(self) -> None:
        """Wait until everything handed over is written."""
        while self._task is not None and not self._task.done():
            await asyncio.wait([self._task])

    async def _keep(self) -> None:
        while self._queue:
            batch, self._queue = self._queue[:LARGEST_BATCH], self._queue[LARGEST_BATCH:]
            units = [item for item in batch if isinstance(item, Waiting)]
            notes = [item for item in batch if isinstance(item, Delivered)]
            try:
                await self._write(units, notes)
            except Late as late:  # the late ones are told, the others go again
                self._fail(late.late, TimeoutError())
                self._queue[:0] = [item for item in batch if item not in late.late]
            except Exception as error:  # the whole batch: whatever it was, each unit hears of it
                if len(batch) == 1 or not isinstance(error, SQLAlchemyError):
                    self._fail(units, error)
                    continue
                for unit in units:
                    await self._alone([unit], [])
                await self._alone([], notes)

    async def _alone(self, units: list[Waiting], notes: list[Delivered]) -> None:
        try:
            if units or notes:
                await self._write(units, notes)
        except Late as late:
            self._fail(late.late, TimeoutError())
        except Exception as error:  # one unit: it hears of it, the others go on
            self._fail(units, error)

    def _fail(self, units: list[Waiting], error: Exception) -> None:
        log.warning("A transaction failed", extra={"action": "commit_failed", "error": type(error).__name__})
        for waiting in units:
            if not waiting.done.done():
                waiting.done.set_exception(NotSaved() if isinstance(error, SQLAlchemyError | OSError) else error)

    async def _write(self, units: list[Waiting], notes: list[Delivered]) -> None:
        loop = asyncio.get_running_loop()
        alive: list[Waiting] = []
        for waiting in units:
            if waiting.done.done():
                continue
            if loop.time() >= waiting.deadline:
                waiting.done.set_exception(TimeoutError())
            else:
                alive.append(waiting)
        if not alive and not notes:
            return
        winners, ended = await self._database.write(lambda connection: self._transaction(connection, alive, notes, loop.time))
        fresh = [leased for waiting in winners for leased in waiting.fresh]
        due = any(not want.fresh for waiting in winners for want in waiting.unit.wants)
        for waiting, result in ended:
            if not waiting.done.done():
                if isinstance(result, Exception):
                    waiting.done.set_exception(result)
                else:
                    waiting.done.set_result(result)
        for listener in self.committed:
            listener(fresh, due)

    def _transaction(
        self, connection: Connection, alive: list[Waiting], notes: list[Delivered], clock: Callable[[], float]
    ) -> tuple[list[Waiting], list[Ended]]:
        """Everything of one transaction: the units that wrote, and how each unit ended.

        Errors   Late when a deadline passed meanwhile: everything is rolled back.
        """
        winners, ended = self._admit(connection, alive)
        self._rows(connection, winners)
        kinds: dict[tuple[str, ...], list[Row]] = {}
        for delivered in notes:
            kinds.setdefault(tuple(sorted(delivered.row)), []).append({"row_id": delivered.id, "row_attempts": delivered.attempts, **delivered.row})
        for columns, rows in kinds.items():
            connection.execute(self._statements.delivered(columns), rows)
        late = [waiting for waiting in winners if clock() >= waiting.deadline]
        if late:
            raise Late(late)
        return winners, ended

    def _admit(self, connection: Connection, alive: list[Waiting]) -> tuple[list[Waiting], list[Ended]]:
        """The units that may write: nothing they rely on has changed, and their key is new."""
        ended: list[Ended] = []
        winners: list[Waiting] = []
        candidates = alive
        if any(waiting.unit.expects for waiting in alive):
            current: dict[str, int] = dict(connection.execute(self._statements.versions).all())
            candidates = [w for w in alive if all(current.get(name) == number for name, number in w.unit.expects.items())]
            ended += [(waiting, Stale()) for waiting in alive if waiting not in candidates]
        keyed: dict[str, Waiting] = {}
        again: list[Waiting] = []
        for waiting in candidates:
            if not waiting.unit.key:
                winners.append(waiting)
            elif waiting.unit.key in keyed:
                again.append(waiting)
            else:
                keyed[waiting.unit.key] = waiting
        if keyed:
            now = datetime.now(UTC)
            rows = [{"key": key, "at": waiting.unit.at or now, "reply": waiting.unit.reply} for key, waiting in keyed.items()]
            taken = set(connection.execute(self._statements.claim, rows).scalars())
            winners += [waiting for key, waiting in keyed.items() if key in taken]
            again += [waiting for key, waiting in keyed.items() if key not in taken]
        if again:
            keys = [waiting.unit.key for waiting in again]
            found = connection.execute(select(DELIVERY.c.key, DELIVERY.c.reply).where(DELIVERY.c.key.in_(keys))).all()
            replies: dict[str, str] = dict(found)
            ended += [(waiting, Repeat(replies.get(waiting.unit.key, ""))) for waiting in again]
        ended += [(waiting, None) for waiting in winners]
        return winners, ended

    def _rows(self, connection: Connection, winners: Sequence[Waiting]) -> None:
        now = datetime.now(UTC)
        rows: dict[str, list[Row]] = {}
        for waiting in winners:
            waiting.fresh.clear()
            unit, at = waiting.unit, waiting.unit.at or now
            for receipt in unit.receipts:
                rows.setdefault("receipt", []).append(
                    {
                        "id": receipt.id,
                        "at": receipt.at,
                        "account": receipt.account,
                        "intent": receipt.intent,
                        "verdict": receipt.verdict,
                        "policy_version": receipt.policy_version,
                        "register_version": receipt.register_version,
                        "conversation": receipt.conversation,
                        "record": receipt.record,
                        "words": receipt.words,
                    }
                )
            for account in unit.accounts:
                rows.setdefault("account", []).append(
                    {
                        "id": account.id,
                        "platform": account.platform,
                        "email": account.email,
                        "name": account.name,
                        "standing": account.standing.value,
                        "address": account.address,
                        "checked_at": account.checked_at,
                        "used_at": account.used_at,
                    }
                )
            for want in unit.wants:
                card = stored_card(want.card).replace(RECEIPT_MARK, want.receipt)
                row: Row = {
                    "id": uuid.uuid4().hex,
                    "platform": want.platform,
                    "address": want.address,
                    "key": want.key,
                    "card": card,
                    "state": "due",
                    "wanted": 1,
                    "shown": 0,
                    "message": "",
                    "due_at": at,
                    "expires_at": want.expires_at,
                    "created_at": at,
                    "failures": 0,
                    "problem": "",
                }
                if want.fresh:
                    row |= {"attempts": 1, "leased_until": now + LEASE}
                    rows.setdefault("fresh", []).append(row)
                    waiting.fresh.append(
                        Leased(row["id"], want.platform, want.address, want.key, want.card, "", 1, 1, 0, want.expires_at, want.receipt)
                    )
                else:
                    rows.setdefault("want", []).append(row | {"attempts": 0, "leased_until": None})
            for question in unit.unanswered:
                rows.setdefault("unanswered", []).append(row_of(question, at))
            for happened in unit.events:
                id = uuid.uuid4().hex
                data = CARDS.dump(tuple(f"{key}={value}" for key, value in happened.data.items()))
                rows.setdefault("event", []).append(
                    {"id": id, "at": at, "kind": happened.kind, "ref": happened.ref, "actor": happened.actor, "data": data}
                )
                if happened.detail:
                    rows.setdefault("event_detail", []).append({"event": id, "at": at, "text": happened.detail})
        for name, statement in self._statements.inserts.items():
            if name in rows:
                connection.execute(statement, rows[name])


def row_of(question: Unanswered, at: datetime) -> Row:
    """An unanswered question as a row."""
    shape, lacking = question.shape[:200], question.lacking[:200]
    return {"id": uuid.uuid4().hex, "at": at, "reason": question.reason.value, "language": question.language, "shape": shape, "lacking": lacking}


class Late(Exception):
    """A deadline passed inside a transaction, which is rolled back; the units that are too late."""

    def __init__(self, late: list[Waiting]) -> None:
        super().__init__(f"{len(late)} units")
        self.late = late


class NotSaved(Exception):
    """The database did not take it; nothing was written."""


class Statements:
    """The statements of a unit, made once so that the driver may keep them prepared."""

    def __init__(self, dialect: str) -> None:
        upsert = postgresql_insert if dialect == "postgresql" else sqlite_insert
        self.versions = select(VERSION.c.name, VERSION.c.number)
        self.claim = upsert(DELIVERY).on_conflict_do_nothing(index_elements=["key"]).returning(DELIVERY.c.key)
        account = upsert(ACCOUNT)
        want = upsert(OUTBOX)
        self.inserts: Mapping[str, Executable] = {
            "receipt": insert(RECEIPT),
            "account": account.on_conflict_do_update(
                index_elements=["id"],
                set_={name: account.excluded[name] for name in ("email", "name", "standing", "address", "checked_at", "used_at")},
            ),
            "fresh": insert(OUTBOX),
            "want": want.on_conflict_do_update(
                index_elements=["address", "key"],
                set_={
                    "card": want.excluded.card,
                    "wanted": OUTBOX.c.wanted + 1,
                    "state": "due",
                    "due_at": want.excluded.due_at,
                    "expires_at": want.excluded.expires_at,
                    "failures": 0,
                    "problem": "",
                },
            ),
            "unanswered": insert(UNANSWERED),
            "event": insert(EVENT),
            "event_detail": insert(EVENT_DETAIL),
        }
        self._delivered: dict[tuple[str, ...], Executable] = {}

    def delivered(self, columns: tuple[str, ...]) -> Executable:
        """Write these columns of a card, if the attempt still holds its lease."""
        if columns not in self._delivered:
            statement = update(OUTBOX).where(
                OUTBOX.c.id == bindparam("row_id"),
                OUTBOX.c.attempts == bindparam("row_attempts"),
            )
            values: dict[str, Any] = {name: bindparam(name) for name in columns}
            if "shown" in columns:  # a change that came while it was being sent makes it due again
                values["state"] = case((OUTBOX.c.wanted > bindparam("shown"), "due"), else_="shown")
            self._delivered[columns] = statement.values(values)
        return self._delivered[columns]
