"""`mayi serve`, `mayi work`, `mayi playground`: the processes."""

import asyncio
import signal
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.common import MISUSE, complain, run
from bot.config import LOOPBACK, BadSettings, Settings, load_settings
from bot.logs import set_up_logs

NOTHING_SET = (
    "No platform is set up. For Slack set SLACK_BOT_TOKEN and SLACK_SIGNING_SECRET; for Teams set MicrosoftAppId, MicrosoftAppPassword and "
    "MicrosoftAppTenantId. To try it without either, run “mayi playground”"
)


def serve() -> None:
    """Everything in one process: Slack and Teams endpoints, delivery, schedules, health, metrics."""
    run(served())


async def served() -> None:
    """Serve until the process is told to end."""
    from bot.wiring import build, serving  # noqa: PLC0415  the SDKs take their time to load; other commands need not wait

    settings = platforms()
    set_up_logs(settings.log_level, as_json=settings.log_json)
    async with build(settings) as bot, serving(bot, settings.host, settings.port) as port:
        typer.echo(f"May I serves {' and '.join(bot.endpoints) or 'Socket Mode'} at http://{settings.host}:{port}", err=True)
        await until_told()


def work(
    once: Annotated[bool, typer.Option("--once", help="Do all that is due, deliver it, and end.")] = False,
    as_of: Annotated[
        str, typer.Option("--as-of", metavar="TIME", help="Rehearse what is due at this time (ISO 8601 with offset); stand-ins only.")
    ] = "",
) -> None:
    """An extra process for delivery and schedules."""
    run(worked(once=once, as_of=as_of))


async def worked(*, once: bool, as_of: str) -> None:
    """Deliver until told to end, or once."""
    from bot.wiring import build, ticking  # noqa: PLC0415

    settings = platforms()
    set_up_logs(settings.log_level, as_json=settings.log_json)
    moment = rehearsal(settings, as_of) if as_of else None
    async with build(settings) as bot:
        if not once:
            async with ticking(bot):
                typer.echo("May I delivers what is due", err=True)
                await until_told()
            return
        if moment is not None:
            last = await bot.store.last_event()
            if last is not None and moment < last:
                raise BadSettings(f"--as-of must not lie before the last event on record ({last.isoformat(timespec='seconds')})")
            bot.delivery.due_by = bot.timers.due_by = lambda: moment
            bot.timers.rehearsal = True
        await bot.tidy()
        while await bot.timers.round() or await bot.delivery.round():
            await bot.delivery.drain()
            await bot.store.keeper.settle()


def rehearsal(settings: Settings, as_of: str) -> datetime:
    """The moment to rehearse.

    Errors   BadSettings for what is no moment, and where a real platform could be reached.
    """
    from urllib.parse import urlsplit  # noqa: PLC0415

    try:
        moment = datetime.fromisoformat(as_of)
    except ValueError:
        raise BadSettings("--as-of must be a time like 2026-11-21T09:00:00+01:00") from None
    if moment.tzinfo is None:
        raise BadSettings("--as-of needs an offset, like 2026-11-21T09:00:00+01:00")
    slack, teams = settings.slack, settings.teams
    outside = (slack is not None and urlsplit(slack.api_url).hostname not in LOOPBACK) or (
        teams is not None and any(urlsplit(f"http://{host}").hostname not in LOOPBACK for host in teams.hosts)
    )
    if outside:
        raise BadSettings("--as-of is a rehearsal; it runs only while every platform address is a loopback one")
    return moment


def playground(
    port: Annotated[int, typer.Option("--port", help="Where the page is served.")] = 8000,
    fresh: Annotated[bool, typer.Option("--fresh", help="Start over with an empty database.")] = False,
    data: Annotated[Path, typer.Option("--data", help="The folder of its own database.")] = Path(".playground"),
) -> None:
    """Slack and Teams side by side in the browser, without any account."""
    data.mkdir(parents=True, exist_ok=True)
    if fresh:
        for file in data.glob("playground.db*"):
            file.unlink()
    run(played(port, data))


async def played(port: int, data: Path) -> None:
    """Serve the playground until told to end."""
    from adapters.playground.server import playing  # noqa: PLC0415

    settings = replace(load_settings(), database_url=f"sqlite:///{data / 'playground.db'}", slack=None, teams=None)
    set_up_logs(settings.log_level, as_json=settings.log_json)
    async with playing(settings, port):
        typer.echo(f"The playground is at http://127.0.0.1:{port}", err=True)
        await until_told()


def platforms() -> Settings:
    """The settings, which must name at least one platform."""
    settings = load_settings()
    if settings.slack is None and settings.teams is None:
        complain(f"{NOTHING_SET}.", MISUSE)
    return settings


async def until_told() -> None:
    """Wait for the signal to end."""
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, told.set)
    await told.wait()
