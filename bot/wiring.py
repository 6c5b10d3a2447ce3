"""The composition root: the one place that knows every concrete class."""

import asyncio
import gc
import logging
import sys
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import aiohttp
from aiohttp import web
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from adapters.web import Check, Handler, Metrics, Platform, make_application, watch_loop
from bot.config import Settings
from bot.delivery.messenger import Messenger
from bot.delivery.outbox import Delivery
from bot.desk.desk import Desk
from bot.desk.handle import Engine, Voice
from bot.desk.handover import Channel
from bot.engine.casework import Casework
from bot.engine.codecs import CARDS
from bot.engine.notices import Notices
from bot.engine.ports import Directory
from bot.engine.teller import Teller
from bot.engine.timers import Timers
from bot.engine.world import World, Worlds
from bot.policy.load import Content, load_content
from store.migrate import Schema, schema_of, upgrade
from store.people import put_people
from store.store import Store

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]
Listening = Callable[[], AbstractAsyncContextManager[None]]
HEARTBEAT = timedelta(seconds=30)
KEYS_FOR = timedelta(days=30)
WARM_EVERY = 5.0  # seconds


class NotReady(Exception):
    """The database cannot be used as it is; the message says what to do."""


def wall_clock() -> datetime:
    """The time."""
    return datetime.now(UTC)


async def open_store(settings: Settings, content: Content, now: datetime) -> Store:
    """The store with a current schema and this content's policy on record. An empty database is set up.

    Errors   NotReady.
    """
    store = Store(settings.database_url, CARDS)
    try:
        match await schema_of(store.database):
            case Schema.EMPTY:
                await upgrade(store.database)
            case Schema.OLD:
                raise NotReady("The database is of an earlier version; run “mayi db upgrade” first")
            case Schema.UNKNOWN:
                raise NotReady("The database holds something that is not MayI's, or a later version of it; check DATABASE_URL")
            case Schema.CURRENT:
                pass
        if done := await store.take_over(content, now):
            log.info("Content taken over: %s", done, extra={"action": "content_taken_over"})
    except BaseException:
        await store.close()
        raise
    return store


@dataclass
class Bot:
    """A bot that is put together: its endpoints, its delivery, and what it needs to be well."""

    store: Store
    worlds: Worlds
    engine: Engine
    delivery: Delivery
    endpoints: Mapping[str, Handler]
    listening: tuple[Listening, ...]
    metrics: Metrics
    content: Content
    clock: Clock
    timers: Timers

    async def tidy(self) -> None:
        """Delete what has passed its time."""
        now, organization = self.clock(), self.content.policy.organization
        limits = {
            "deliveries": now - KEYS_FOR,
            "questions": now - timedelta(days=organization.question_days),
            "receipts": now - timedelta(days=organization.receipt_days),
        }
        gone = await self.store.tidy(now, limits)
        if any(gone.values()):
            log.info("Tidied", extra={"action": "tidied", "count": sum(gone.values())})

    async def know(self, entries: Sequence[Mapping[str, object]]) -> None:
        """Put people into the directory; keys are the columns of people.csv."""
        await put_people(self.store.database, [dict(entry) for entry in entries], self.clock())

    def checks(self) -> tuple[Check, ...]:
        """What must be so for this process to be ready."""

        async def database() -> str:
            try:
                async with asyncio.timeout(2):
                    return "" if await schema_of(self.store.database) is Schema.CURRENT else "the schema is not current; run mayi db upgrade"
            except Exception as error:  # whatever the driver says: the database is not there
                return f"not reachable ({type(error).__name__})"

        async def policy() -> str:
            try:
                await self.worlds.current()
            except Exception as error:
                return f"no policy ({type(error).__name__})"
            return ""

        async def delivery() -> str:
            last = self.delivery.last_round
            return "" if last and self.clock() - last < HEARTBEAT else "delivery does not run"

        return (Check("database", database), Check("content", policy), Check("delivery", delivery))


@asynccontextmanager
async def build(settings: Settings, clock: Clock = wall_clock) -> AsyncIterator[Bot]:
    """A whole bot on these settings; everything it opened is closed on leaving.

    Errors   ContentFaults, NotReady, PlatformUnavailable.
    """
    async with AsyncExitStack() as stack:
        gc.disable()  # hundreds of thousands of phrases are made now, and none of them is garbage
        stack.callback(gc.enable)
        content = load_content(settings.content)
        store = await open_store(settings, content, clock())
        stack.push_async_callback(store.close)
        worlds = Worlds(store, content.languages, content.process)
        directories: dict[str, Directory] = {}
        messengers: dict[str, Messenger] = {}
        voices: dict[str, Voice] = {}
        listening: list[Listening] = []
        channels: dict[str, Channel] = {}
        teller = Teller(lambda: frozenset(messengers))
        casework = Casework(store, teller)
        engine = Engine(store, worlds, Desk(store, worlds, channels, casework, teller), directories, voices)
        endpoints: dict[str, Handler] = {}
        session = await stack.enter_async_context(aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)))
        for platform in await platforms(settings, session, engine, clock):
            directories[platform.name], messengers[platform.name] = platform.directory, platform.messenger
            voices[platform.name] = platform.voice
            channels[platform.name] = platform.channel or (lambda _: "")
            if platform.endpoint is not None:
                endpoints[platform.path] = platform.endpoint
            if platform.listening is not None:
                listening.append(platform.listening)
        delivery = Delivery(store, messengers, clock)
        timers = Timers(store, worlds, casework, Notices(store, teller), clock)
        store.keeper.committed.append(delivery.committed)
        await worlds.current()
        gc.enable()
        yield Bot(store, worlds, engine, delivery, endpoints, tuple(listening), Metrics(), content, clock, timers)
        await delivery.stop()


async def platforms(settings: Settings, session: aiohttp.ClientSession, engine: Engine, clock: Clock) -> list[Platform]:
    """The platforms that are set up. Each SDK is imported only where its platform is."""
    found: list[Platform] = []
    if settings.slack:
        from adapters.slack.start import start_slack  # noqa: PLC0415

        found.append(await start_slack(settings.slack, session, engine.respond, clock))
    if settings.teams:
        from adapters.teams.start import start_teams  # noqa: PLC0415

        found.append(await start_teams(settings.teams, session, engine.respond, clock))
    return found


@asynccontextmanager
async def ticking(bot: Bot) -> AsyncIterator[None]:
    """Delivery and schedules at work; APScheduler only ticks, the database decides what is due."""
    scheduler = AsyncIOScheduler(timezone=UTC)
    scheduler.add_job(
        bot.tidy,
        "interval",
        hours=1,
        coalesce=True,
        max_instances=1,
        misfire_grace_time=None,
        next_run_time=datetime.now(UTC) + timedelta(minutes=1),
    )
    scheduler.add_job(bot.timers.round, "interval", seconds=2, coalesce=True, max_instances=1, misfire_grace_time=None)
    scheduler.start()
    tasks = [asyncio.create_task(work) for work in (bot.delivery.run(), watch_loop(bot.metrics), keep_warm(bot.worlds))]
    try:
        yield
    finally:
        scheduler.shutdown(wait=False)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def keep_warm(worlds: Worlds) -> None:
    """Compile the vocabularies of each new world aside, while the organization's own language already answers."""
    warm: World | None = None
    while True:
        await asyncio.sleep(WARM_EVERY)
        world = await worlds.current()
        if world is not warm:
            for code in world.tongues.codes:
                await asyncio.to_thread(world.tongues.warm, code)
            warm = world


@asynccontextmanager
async def serving(bot: Bot, host: str, port: int) -> AsyncIterator[int]:
    """The endpoints open on a port, with everything ticking; the port that was opened."""
    application = make_application(bot.endpoints, bot.checks(), bot.metrics)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=5)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        await site.start()

        async with ticking(bot), AsyncExitStack() as doors:
            for listen in bot.listening:
                await doors.enter_async_context(listen())
            # What was loaded stays for good: the collector need not look at it again, which keeps the slowest answers fast.
            gc.freeze()
            gc.set_threshold(20_000, 20, 100)
            sys.setswitchinterval(0.0005)  # a database thread waits for the interpreter as long as this, and a turn waits for it
            yield int(runner.addresses[0][1])
    finally:
        gc.unfreeze()
        await runner.cleanup()
