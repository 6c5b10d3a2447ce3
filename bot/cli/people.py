"""`mayi people`: the directory."""

import csv
import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.common import FINDING, run
from bot.config import load_settings
from bot.people.directory import COLUMNS, check_people, people_in
from bot.policy.load import load_content
from bot.wiring import open_store
from store.people import Imported, export_people, put_people

people = typer.Typer(help="The directory of people.", no_args_is_help=True)


@people.command("import")
def import_people(
    file: Annotated[Path, typer.Argument(help="A CSV file with the header of people.csv.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would happen.")] = False,
    complete: Annotated[bool, typer.Option("--complete", help="The file names everybody: who is not in it has left and loses every role.")] = False,
) -> None:
    """Add and update people; wrong rows are reported by line and nothing is imported."""
    _, faults = check_people(file)
    if faults:
        for fault in faults:
            typer.echo(str(fault), err=True)
        raise typer.Exit(FINDING)
    done = run(imported(file, complete=complete, dry_run=dry_run))
    left = f", {done.left} have left" if complete else ""
    typer.echo(f"{done.new + done.known} people {'would be' if dry_run else 'are'} imported: {done.new} new, {done.known} known{left}.")


@people.command("export")
def export(file: Annotated[Path | None, typer.Argument(help="Where to write; standard output without it.")] = None) -> None:
    """The directory as a CSV file."""
    rows = run(exported())
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_MINIMAL)
    writer.writerow(COLUMNS)
    writer.writerows(rows)
    if file is None:
        typer.echo(text.getvalue(), nl=False)
    else:
        file.write_text(text.getvalue(), "utf-8")


async def imported(file: Path, *, complete: bool, dry_run: bool) -> Imported:
    """Write people, as they are read."""
    settings = load_settings()
    store = await open_store(settings, load_content(settings.content), datetime.now(UTC))
    try:
        return await put_people(store.database, people_in(file), datetime.now(UTC), complete=complete, dry_run=dry_run)
    finally:
        await store.close()


async def exported() -> list[tuple[str, ...]]:
    """Read people."""
    settings = load_settings()
    store = await open_store(settings, load_content(settings.content), datetime.now(UTC))
    try:
        return await export_people(store.database, COLUMNS)
    finally:
        await store.close()
