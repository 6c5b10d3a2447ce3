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
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError, SQLAlchemyError

from bot.case.codec import Codec
from bot.delivery.messenger import Leased
from bot.engine.ports import NotSaved, Repeat, Stale, Unit
from store.case_rows import CaseStatements
from store.cases import stale
from store.engine import Database
from store.rows import Row, Statements, rows_of
from store.tables import DELIVERY

log = logging.getLogger(__name__)

LARGEST_BATCH = 200

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

    def __init__(self, database: Database, codec: Codec) -> None:
        self._database = database
        self._queue: list[Waiting | Delivered] = []
        self._task: asyncio.Task[None] | None = None
        #: Called with what was committed: cards leased to this process, and whether other cards became due.
        self.committed: list[Any] = []
        self._statements = Statements(database.dialect)
        self._cases, self._codec = CaseStatements(database.dialect), codec

    async def commit(self, unit: Unit, deadline: float) -> Repeat | None:
        """Write a unit; see the module for how it may end."""
        waiting = Waiting(unit, deadline, asyncio.get_running_loop().create_future())
        self._put(waiting)
        try:
            return await waiting.done
        finally:
            del waiting  # else a refusal and this frame hold each other, and with them the turn and its world, until a collection

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
                if not isinstance(error, SQLAlchemyError) or (len(batch) == 1 and not is_passing(error)):
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
                # A request about the same was filed in the same instant, or a tool registered: the turn looks again, and finds it.
                raced = isinstance(error, IntegrityError) and bool(waiting.unit.cases or waiting.unit.tools)
                waiting.done.set_exception(Stale() if raced else NotSaved() if isinstance(error, SQLAlchemyError | OSError) else error)

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
        now = datetime.now(UTC)
        rows: dict[str, list[Row]] = {}
        for waiting in winners:
            waiting.fresh = rows_of(waiting.unit, now, rows)
        for name, statement in self._statements.inserts.items():
            if name in rows:
                connection.execute(statement, rows[name])
        self._cases.write(connection, [waiting.unit for waiting in winners], now, self._codec)
        kinds: dict[tuple[str, ...], list[Row]] = {}
        for delivered in notes:
            kinds.setdefault(tuple(sorted(delivered.row)), []).append({"row_id": delivered.id, "row_attempts": delivered.attempts, **delivered.row})
        for columns, noted in kinds.items():
            connection.execute(self._statements.delivered(columns), noted)
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
        if any(waiting.unit.cases or waiting.unit.fired or waiting.unit.tools for waiting in candidates):
            late = stale(connection, [waiting.unit for waiting in candidates], self._codec)
            ended += [(waiting, Stale()) for place, waiting in enumerate(candidates) if place in late]
            candidates = [waiting for place, waiting in enumerate(candidates) if place not in late]
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
            claims = [
                {"key": key, "at": waiting.unit.at or now, "reply": waiting.unit.reply, "digest": waiting.unit.digest}
                for key, waiting in keyed.items()
            ]
            taken = set(connection.execute(self._statements.claim, claims).scalars())
            winners += [waiting for key, waiting in keyed.items() if key in taken]
            again += [waiting for key, waiting in keyed.items() if key not in taken]
        if again:
            keys = [waiting.unit.key for waiting in again]
            known = select(DELIVERY.c.key, DELIVERY.c.reply, DELIVERY.c.digest).where(DELIVERY.c.key.in_(keys))
            first = {key: (reply, digest) for key, reply, digest in connection.execute(known)}
            for waiting in again:
                reply, digest = first.get(waiting.unit.key, ("", ""))
                ended.append((waiting, Repeat(reply, other=bool(digest) and digest != waiting.unit.digest)))
        ended += [(waiting, None) for waiting in winners]
        return winners, ended


def is_passing(error: SQLAlchemyError) -> bool:
    """Whether the same may go well the next time: the connection was lost, perhaps after the commit. Trying again with the
    same key finds out: what was committed comes back as a Repeat.
    """
    return isinstance(error, DBAPIError) and not isinstance(error, IntegrityError | DataError | ProgrammingError)


class Late(Exception):
    """A deadline passed inside a transaction, which is rolled back; the units that are too late."""

    def __init__(self, late: list[Waiting]) -> None:
        super().__init__(f"{len(late)} units")
        self.late = late
