"""Delivery: what the outbox wants shown leaves through the platforms' messengers.

The process that wrote a card delivers it at once; any process picks up what was left. Cards to one address leave in
order, as fast as the platform allows. A failure that may pass is tried again, exactly when the platform said, else after
1, 2, 4 … 64 seconds; one that may not is noted with its reason. While a platform does not answer at all, its cards wait, and
no card is given up for it.
"""

import asyncio
import logging
import random
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from bot.delivery.messenger import Leased, Messenger, Pauses, RetryLater, Sent, Undeliverable
from bot.delivery.pacing import LONGEST_PAUSE, Outage, Pacing
from bot.engine.codecs import CARDS
from bot.engine.ports import Around, Happened, Unit, Want

log = logging.getLogger(__name__)

AT_ONCE = 24  # deliveries under way for one platform
LONGEST_WAIT = 64
GIVE_UP_AFTER = 20  # failures of one card: some twenty minutes of them
PATIENCE = 0.5  # seconds that a card waits here for its turn; for longer it goes back, as it may be another card by then
IDLE_SECONDS = 1.0
STOP_SECONDS = 5
PAUSES_EVERY = timedelta(seconds=1)


class OutboxStore(Protocol):
    """The outbox, as delivery uses it."""

    async def claim_due(self, platforms: Sequence[str], now: datetime, due_by: datetime, limit: int = ...) -> Sequence[Leased]:
        """Cards due by a moment, leased to this process from now; what is paused is left."""

    async def pauses(self, now: datetime) -> Mapping[tuple[str, bool], datetime]:
        """Until when each platform wants to be left alone with posts (False) and with changes (True), whoever was told so."""

    async def pause(self, platform: str, changes: Sequence[bool], until: datetime) -> None:
        """Write such a wish down for every process."""

    def note(self, leased: Leased, row: Mapping[str, object]) -> None:
        """Write what became of a leased card."""

    async def commit(self, unit: Unit, deadline: float) -> object:
        """Write a unit."""

    async def around(self, emails: frozenset[str], platforms: frozenset[str]) -> Around:
        """Where these people are reached on these platforms."""


class Delivery:
    """The outbox at work in this process."""

    def __init__(self, store: OutboxStore, messengers: Mapping[str, Messenger], now: Callable[[], datetime]) -> None:
        self._store, self._messengers, self._now = store, messengers, now
        self._under_way: set[asyncio.Task[None]] = set()
        self._slots = {platform: asyncio.Semaphore(AT_ONCE) for platform in messengers}
        self._order: dict[str, asyncio.Lock] = {}
        self._paused_until: Mapping[tuple[str, bool], datetime] = {}
        self._pauses_seen: datetime | None = None
        self._outages = {platform: Outage() for platform in messengers}
        self.pacing = Pacing({platform: messenger.limits for platform, messenger in messengers.items()})
        self._wake = asyncio.Event()
        #: Up to when cards count as due; a rehearsal sets a later moment. Leases and retries stay real.
        self.due_by = now
        #: When a round over the outbox last went well; health looks at it.
        self.last_round: datetime | None = None

    def committed(self, fresh: Sequence[Leased], due: bool) -> None:
        """Something was committed: deliver what is ours already, look for the rest."""
        for leased in fresh:
            if leased.platform in self._messengers:
                self._start(leased)
        if due:
            self._wake.set()

    async def run(self) -> None:
        """Deliver until cancelled."""
        while True:
            try:
                await self.round()
            except Exception:
                log.exception("A round of delivery failed", extra={"action": "delivery_round_failed"})
            try:
                async with asyncio.timeout(IDLE_SECONDS):
                    await self._wake.wait()
            except TimeoutError:
                pass
            self._wake.clear()

    async def round(self) -> int:
        """Claim what is due and begin to deliver it; how many."""
        now = self._now()
        if self._pauses_seen is None or now - self._pauses_seen >= PAUSES_EVERY:  # cards that were left are kept back by the claim itself
            self._paused_until, self._pauses_seen = await self._store.pauses(now), now
        claimed: list[Leased] = []
        if answering := [platform for platform, outage in self._outages.items() if not outage.lasts]:
            claimed += await self._store.claim_due(answering, now, self.due_by())
        for platform, outage in self._outages.items():
            if outage.may_try(now):
                one: Sequence[Leased] = ()
                try:
                    one = await self._store.claim_due([platform], now, self.due_by(), limit=1)
                finally:
                    if not one:
                        outage.tried()
                claimed += one
        for leased in claimed:
            self._start(leased)
        self.last_round = now
        if claimed:
            self._wake.set()
        return len(claimed)

    async def drain(self) -> None:
        """Wait until everything begun has ended."""
        while self._under_way:
            await asyncio.wait(list(self._under_way))

    async def stop(self) -> None:
        """Finish what was begun, for some seconds; what takes longer is left to whoever finds its lease run out."""
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await self.drain()
        except TimeoutError:
            left = list(self._under_way)
            for task in left:
                task.cancel()
            await asyncio.gather(*left, return_exceptions=True)

    def _start(self, leased: Leased) -> None:
        task = asyncio.create_task(self._deliver(leased))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _deliver(self, leased: Leased) -> None:
        lock = self._order.setdefault(leased.address, asyncio.Lock())
        try:
            async with lock:
                if await self._its_turn(leased):
                    async with self._slots[leased.platform]:
                        await self._show(leased)
        except Exception:
            log.exception("A delivery failed", extra={"action": "delivery_failed", "platform": leased.platform})
            await self._later(leased, "it failed here; see the log", None)
        finally:
            self._outages[leased.platform].tried()
            if not lock.locked():
                self._order.pop(leased.address, None)

    async def _its_turn(self, leased: Leased) -> bool:
        """Whether it may go now, after a short wait at most; else it has gone back into the outbox."""
        now, changes = self._now(), bool(leased.message)
        paused = self._paused_until.get((leased.platform, changes), now)
        wait = max((paused - now).total_seconds(), self._outages[leased.platform].pause(now))
        if not wait:
            place = self._messengers[leased.platform].place(leased.address)
            wait = self.pacing.reserve(leased.platform, place, asyncio.get_running_loop().time(), changes=changes, patience=PATIENCE)
            if wait <= PATIENCE:
                await asyncio.sleep(wait)
                return True
        self._store.note(leased, {"due_at": now + timedelta(seconds=wait), "leased_until": None})
        return False

    async def _show(self, leased: Leased) -> None:
        now, outage = self._now(), self._outages[leased.platform]
        if leased.expires_at is not None and leased.expires_at <= now and not leased.message:
            result: Sent | RetryLater | Undeliverable = Undeliverable("its time was over")
        else:
            card = CARDS.load(leased.card) if isinstance(leased.card, str) else leased.card
            result = await self._messengers[leased.platform].show(leased.address, card, leased.message, leased.receipt)
        match result:
            case Sent(message=message):
                outage.worked()
                self._store.note(leased, {"shown": leased.wanted, "message": message, "leased_until": None, "failures": 0, "problem": ""})
            case RetryLater(problem=problem, after_seconds=after, pauses=pauses):
                if after is not None and pauses != "this card":
                    await self._pause(leased, pauses, self._now() + timedelta(seconds=after))
                if result.outage:
                    outage.failed(self._now())
                await self._later(leased, problem, after)
            case Undeliverable(problem=problem, instead=instead):
                log.warning("A card cannot be delivered", extra={"action": "undeliverable", "platform": leased.platform, "problem": problem})
                self._store.note(leased, {"state": "undeliverable", "problem": problem, "leased_until": None})
                await self._elsewhere(leased, instead, now)

    async def _elsewhere(self, leased: Leased, instead: str, now: datetime) -> None:
        """A card that cannot be shown here goes to the place that the platform named, or to the person on another platform."""
        platform, address, unit = leased.platform, instead, Unit(at=now)
        if not instead and leased.person and not leased.message:
            others = frozenset(self._messengers) - {leased.platform}
            account = (await self._store.around(frozenset((leased.person,)), others)).address(leased.person)
            platform, address = (account.platform, account.address) if account else ("", "")
            kind = "SentOnOtherPlatform" if address else "PersonNotReached"
            unit.events.append(Happened(kind, leased.topic, "", {"platform": leased.platform}, leased.person))
        if address:
            card = CARDS.load(leased.card) if isinstance(leased.card, str) else leased.card
            again = Want(platform, address, leased.key, card, receipt=leased.receipt, topic=leased.topic, person=leased.person)
            unit.wants.append(again)
        if unit.wants or unit.events:
            await self._store.commit(unit, asyncio.get_running_loop().time() + 10)

    async def _pause(self, leased: Leased, pauses: Pauses, until: datetime) -> None:
        """Let every process leave the platform alone, as it asked."""
        changes = (bool(leased.message),) if pauses == "the same" else (False, True)
        self._paused_until = {**self._paused_until, **{(leased.platform, act): until for act in changes}}
        await self._store.pause(leased.platform, changes, until)

    async def _later(self, leased: Leased, problem: str, after: float | None) -> None:
        outage = self._outages[leased.platform]
        failures = leased.failures + (not outage.lasts)
        if failures >= GIVE_UP_AFTER:
            log.warning("A card is given up", extra={"action": "undeliverable", "platform": leased.platform, "problem": problem})
            self._store.note(leased, {"state": "undeliverable", "problem": f"given up: {problem}", "leased_until": None, "failures": failures})
            await self._elsewhere(leased, "", self._now())
            return
        longest = LONGEST_PAUSE if outage.lasts else LONGEST_WAIT
        wait = after if after is not None else min(longest, 2 ** max(0, failures - 1)) * random.uniform(1, 1.2)  # noqa: S311  spreading, no secret
        due = self._now() + timedelta(seconds=wait)
        self._store.note(leased, {"due_at": due, "problem": problem, "leased_until": None, "failures": failures})
