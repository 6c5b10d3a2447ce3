"""The composition root: the one place that knows every concrete class."""

import asyncio
import gc
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import aiohttp
from aiohttp import web
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from adapters.web import Check, Metrics, make_application, watch_loop
from bot.config import Settings, SlackSettings, TeamsSettings
from bot.engine.codecs import CARDS
from bot.engine.desk import Desk
from bot.engine.handle import Engine
from bot.engine.outbox import Delivery
from bot.engine.ports import Directory, Messenger
from bot.engine.world import Worlds
from bot.policy.load import Content, load_content
from store.migrate import Schema, schema_of, upgrade
from store.store import Store

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]
Handler = Callable[[web.Request], Awaitable[web.Response]]
HEARTBEAT = timedelta(seconds=30)
KEYS_FOR = timedelta(days=30)
SLACK_TIMEOUT_SECONDS = 10


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
        match await schema_of(store.engine):
            case Schema.EMPTY:
                await upgrade(store.engine)
            case Schema.OLD:
                raise NotReady("The database is of an earlier version; run “mayi db upgrade” first")
            case Schema.UNKNOWN:
                raise NotReady("The database holds something that is not MayI's, or a later version of it; check DATABASE_URL")
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
    metrics: Metrics
    content: Content
    clock: Clock

    async def tidy(self) -> None:
        """Delete what has passed its time."""
        now, organization = self.clock(), self.content.policy.organization
        limits = {
            "deliveries": now - KEYS_FOR,
            "questions": now - timedelta(days=organization.question_days),
            "receipts": now - timedelta(days=organization.receipt_days),
            "conversations": now - timedelta(hours=organization.conversation_hours),
        }
        gone = await self.store.tidy(now, limits)
        if any(gone.values()):
            log.info("Tidied", extra={"action": "tidied", "count": sum(gone.values())})

    def checks(self) -> tuple[Check, ...]:
        """What must be so for this process to be ready."""

        async def database() -> str:
            try:
                async with asyncio.timeout(2):
                    return "" if await schema_of(self.store.engine) is Schema.CURRENT else "the schema is not current; run mayi db upgrade"
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
    content = load_content(settings.content)
    async with AsyncExitStack() as stack:
        store = await open_store(settings, content, clock())
        stack.push_async_callback(store.close)
        worlds = Worlds(store, content.languages)
        directories: dict[str, Directory] = {}
        messengers: dict[str, Messenger] = {}
        engine = Engine(store, worlds, Desk(store, worlds), directories)
        endpoints: dict[str, Handler] = {}
        session = await stack.enter_async_context(aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=SLACK_TIMEOUT_SECONDS)))
        if settings.slack:
            await add_slack(settings.slack, session, engine, directories, messengers, endpoints, clock)
        if settings.teams:
            await add_teams(settings.teams, session, engine, directories, messengers, endpoints, clock)
        delivery = Delivery(store, messengers, clock)
        store.keeper.committed.append(delivery.committed)
        await worlds.current()
        yield Bot(store, worlds, engine, delivery, endpoints, Metrics(), content, clock)
        await delivery.drain()


class PlatformUnavailable(Exception):
    """A platform refused us at the start; the message says what to look at."""


async def add_slack(
    settings: SlackSettings,
    session: aiohttp.ClientSession,
    engine: Engine,
    directories: dict[str, Directory],
    messengers: dict[str, Messenger],
    endpoints: dict[str, Handler],
    clock: Clock,
) -> None:
    """Put Slack in. The SDK is imported here, so that a bot without Slack does not pay for it."""
    from slack_sdk.errors import SlackApiError  # noqa: PLC0415
    from slack_sdk.web.async_client import AsyncWebClient  # noqa: PLC0415

    from adapters.slack.directory import SlackDirectory, find_home  # noqa: PLC0415
    from adapters.slack.endpoint import make_endpoint  # noqa: PLC0415
    from adapters.slack.listeners import make_app  # noqa: PLC0415
    from adapters.slack.messenger import SlackMessenger  # noqa: PLC0415

    client = AsyncWebClient(settings.bot_token, base_url=settings.api_url, timeout=SLACK_TIMEOUT_SECONDS, session=session, retry_handlers=[])
    try:
        home = await find_home(client)
    except SlackApiError as error:
        raise PlatformUnavailable(f"Slack refuses SLACK_BOT_TOKEN ({error.response.get('error')}); take it from your app's OAuth page") from error
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise PlatformUnavailable(f"Slack cannot be reached ({type(error).__name__}); check the network") from error
    directories["slack"] = SlackDirectory(client, home)
    hosts = frozenset(("hooks.slack.com", "hooks.slack-gov.com", urlsplit(settings.api_url).hostname or ""))
    messengers["slack"] = SlackMessenger(client, session, hosts)
    app = make_app(client, home, engine.respond, clock)
    endpoints["/slack/events"] = make_endpoint(app, settings.signing_secrets, lambda: clock().timestamp())


async def add_teams(
    settings: TeamsSettings,
    session: aiohttp.ClientSession,
    engine: Engine,
    directories: dict[str, Directory],
    messengers: dict[str, Messenger],
    endpoints: dict[str, Handler],
    clock: Clock,
) -> None:
    """Put Teams in. The SDK is imported here, so that a bot without Teams does not pay for it."""
    from adapters.teams.bot import Bot as TeamsBot  # noqa: PLC0415
    from adapters.teams.connector import Connector, Tokens  # noqa: PLC0415
    from adapters.teams.directory import LocalDirectory, TeamsDirectory  # noqa: PLC0415
    from adapters.teams.endpoint import make_endpoint  # noqa: PLC0415
    from adapters.teams.gate import Gate, SigningKeys  # noqa: PLC0415
    from adapters.teams.messenger import TeamsMessenger  # noqa: PLC0415
    from adapters.teams.open_gate import admit_locally  # noqa: PLC0415

    bot = TeamsBot(settings.tenant, engine.respond, clock)
    if settings.open:
        connector = Connector(session, None, settings.hosts)
        directories["teams"] = LocalDirectory()

        async def admit(headers: Mapping[str, str], remote: str | None, body: bytes) -> dict[str, object]:
            return admit_locally(headers, remote, body)

    else:
        tokens = Tokens(session, settings.token_url, settings.app_id, settings.password)
        connector = Connector(session, tokens, settings.hosts)
        directories["teams"] = TeamsDirectory(connector, settings.tenant)
        gate = Gate(SigningKeys(session, settings.metadata_url), settings.app_id, settings.tenant, settings.hosts, time.time)

        async def admit(headers: Mapping[str, str], remote: str | None, body: bytes) -> dict[str, object]:
            return await gate.admit(headers.get("Authorization", ""), body)

    messengers["teams"] = TeamsMessenger(connector)
    endpoints["/api/messages"] = make_endpoint(bot, admit)


@asynccontextmanager
async def ticking(bot: Bot) -> AsyncIterator[None]:
    """Delivery and schedules at work; APScheduler only ticks, the database decides what is due."""
    scheduler = AsyncIOScheduler(timezone=UTC)
    scheduler.add_job(bot.tidy, "interval", hours=1, coalesce=True, max_instances=1, misfire_grace_time=None, next_run_time=datetime.now(UTC) + timedelta(minutes=1))
    scheduler.start()
    tasks = [asyncio.create_task(bot.delivery.run()), asyncio.create_task(watch_loop(bot.metrics))]
    try:
        yield
    finally:
        scheduler.shutdown(wait=False)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@asynccontextmanager
async def serving(bot: Bot, host: str, port: int) -> AsyncIterator[int]:
    """The endpoints open on a port, with everything ticking; the port that was opened."""
    application = make_application(bot.endpoints, bot.checks(), bot.metrics)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=5)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        await site.start()
        assert site._server is not None  # noqa: SLF001  aiohttp has no public way to learn the port of a listening site
        opened = int(site._server.sockets[0].getsockname()[1])  # type: ignore[attr-defined]  # noqa: SLF001
        async with ticking(bot):
            # What was loaded stays for good: the collector need not look at it again, which keeps the slowest answers fast.
            gc.collect()
            gc.freeze()
            gc.set_threshold(20_000, 20, 100)
            yield opened
    finally:
        await runner.cleanup()
