"""`mayi outbox` and `mayi db`: what operators do."""

import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.common import complain, listing, run
from bot.config import load_settings
from bot.engine.codecs import CARDS
from store import outbox as table
from store.engine import database_url, sqlite_file
from store.migrate import Schema, schema_of, upgrade
from store.store import Store

outbox = typer.Typer(help="Cards that wait or could not be delivered.", no_args_is_help=True)
db = typer.Typer(help="The database.", no_args_is_help=True)


@outbox.command("list")
def list_cards(as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False) -> None:
    """What could not be delivered, and why."""

    async def held() -> list[table.Held]:
        store = await current_store()
        try:
            return await table.undelivered(store.database)
        finally:
            await store.close()

    rows = [
        {
            "id": card.id,
            "platform": card.platform,
            "key": card.key,
            "state": card.state,
            "failures": card.failures,
            "problem": card.problem,
            "since": card.created_at,
        }
        for card in run(held())
    ]
    listing(rows, as_json=as_json, empty="Everything has been delivered.")


@outbox.command("retry")
def retry_cards(id: Annotated[str, typer.Argument(help="One card's id; all that were given up without it.")] = "") -> None:
    """Try again what could not be delivered."""

    async def retried() -> int:
        store = await current_store()
        try:
            return await table.retry(store.database, id or None, datetime.now(UTC))
        finally:
            await store.close()

    count = run(retried())
    if id and not count:
        complain(f"There is no undelivered card {id}; “mayi outbox list” shows them.")
    typer.echo(f"{count} cards are due again; a running “mayi serve” or “mayi work --once” delivers them.")


@db.command("upgrade")
def upgrade_schema() -> None:
    """Bring the schema up to date; safe to run at any time."""

    async def upgraded() -> Schema:
        store = Store(load_settings().database_url, CARDS)
        try:
            before = await schema_of(store.database)
            if before in (Schema.EMPTY, Schema.OLD):
                await upgrade(store.database)
            return before
        finally:
            await store.close()

    match run(upgraded()):
        case Schema.CURRENT:
            typer.echo("The schema is current.")
        case Schema.UNKNOWN:
            complain("The database holds something that is not MayI's, or a later version of it; check DATABASE_URL.")
        case _:
            typer.echo("The schema has been brought up to date.")


@db.command("backup")
def backup(file: Annotated[Path, typer.Argument(help="Where to write the copy.")]) -> None:
    """A consistent copy of the database, while it is in use."""
    source = sqlite_file(database_url(load_settings().database_url))
    if source is None:
        complain("For PostgreSQL use pg_dump, which makes a consistent copy: pg_dump --format=custom --file FILE DATABASE_URL.")
    if not source.is_file():
        complain(f"There is no database at {source}; check DATABASE_URL.")
    if file.exists():
        complain(f"{file} exists already; choose another name.")
    with sqlite3.connect(f"file:{source}?mode=ro", uri=True) as old, sqlite3.connect(file) as new:
        old.backup(new)
    typer.echo(f"The database is copied to {file}.")


async def current_store() -> Store:
    """The store of a database that is set up."""
    from bot.wiring import NotReady  # noqa: PLC0415

    store = Store(load_settings().database_url, CARDS)
    if await schema_of(store.database) is not Schema.CURRENT:
        await store.close()
        raise NotReady("The database is not set up, or of another version; run “mayi db upgrade” first")
    return store
