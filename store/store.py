"""The store as the rest of the program sees it: one object for a database."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.case.codec import Codec
from bot.delivery.messenger import Leased
from bot.engine.ports import Repeat, Unit
from store import outbox
from store.cases import CaseQueries
from store.engine import Database
from store.outbox import BATCH
from store.people import PeopleQueries
from store.queries import Queries
from store.unit_of_work import Delivered, Keeper


class Store(Queries, CaseQueries, PeopleQueries):
    """Reads (Queries) and writes (the keeper) of one database; implements `bot.engine.ports.Work`."""

    def __init__(self, url: str, codec: Codec) -> None:
        super().__init__(Database(url), codec)
        self.keeper = Keeper(self.database, codec)

    async def commit(self, unit: Unit, deadline: float) -> Repeat | None:
        """Write a unit; see `Keeper`."""
        return await self.keeper.commit(unit, deadline)

    async def claim_due(self, platforms: Sequence[str], now: datetime, due_by: datetime, limit: int = BATCH) -> list[Leased]:
        """Cards due by a moment, leased to this process from now; what is paused is left."""
        return await outbox.claim_due(self.database, platforms, now, due_by, limit)

    async def pauses(self, now: datetime) -> Mapping[tuple[str, bool], datetime]:
        """Until when each platform wants to be left alone with posts (False) and with changes (True)."""
        return await outbox.pauses(self.database, now)

    async def pause(self, platform: str, changes: Sequence[bool], until: datetime) -> None:
        """Write such a wish down for every process."""
        await outbox.pause(self.database, platform, changes, until)

    def note(self, leased: Leased, row: Mapping[str, object]) -> None:
        """Write what became of a leased card."""
        self.keeper.note(Delivered(leased.id, leased.attempts, row))

    async def close(self) -> None:
        """Finish what was handed over and let go of the database."""
        await self.keeper.settle()
        await self.database.close()
