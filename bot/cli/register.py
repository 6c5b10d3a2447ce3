"""`mayi register`: the AI tool register."""

import asyncio
import contextlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml

from bot.case.base import Actor
from bot.cli.common import complain, listing, run
from bot.cli.operations import current_store
from bot.config import load_settings
from bot.engine.ports import Stale
from bot.engine.registering import put_entries
from bot.policy.document import ContentFaults, Fault, read_document
from bot.policy.load import load_content
from bot.policy.model import Tool
from bot.policy.register import load_tools
from bot.wiring import open_store

IMPORT_SECONDS, TRIES = 60, 5

register = typer.Typer(help="The AI tool register.", no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="As JSON.")]


@register.command("list")
def list_tools(as_json: Json = False) -> None:
    """Every tool with its tier and status."""
    tools = run(stored())
    rows = [
        {
            "name": tool.name,
            "tier": tool.tier,
            "status": tool.status.value,
            "vendor": tool.vendor,
            "review_by": tool.review_by,
            "sample": tool.sample,
        }
        for tool in tools
    ]
    listing(rows, as_json=as_json, empty="The register is empty.")


@register.command("show")
def show_tool(name: Annotated[str, typer.Argument(help="The tool's name or alias.")], as_json: Json = False) -> None:
    """One tool with all that is known of it."""
    wanted = name.casefold().strip()
    found = [tool for tool in run(stored()) if wanted in (tool.name.casefold(), *(alias.casefold() for alias in tool.aliases))]
    if not found:
        complain(f"“{name}” is not in the register; “mayi register list” shows what is.")
    entry = as_entry(found[0])
    listing(
        [entry] if as_json else [{"what": key, "value": ", ".join(value) if isinstance(value, list) else value} for key, value in entry.items()],
        as_json=as_json,
        empty="",
    )


@register.command("import")
def import_tools(file: Annotated[Path, typer.Argument(help="A file like register.yaml.")]) -> None:
    """Put the tools of a file into the register; a known name is brought up to date."""
    typer.echo(f"{run(imported(file))} tools are new or changed.")


@register.command("export")
def export_tools(file: Annotated[Path | None, typer.Argument(help="Where to write; standard output without it.")] = None) -> None:
    """The register as a file like register.yaml."""
    text = yaml.safe_dump({"tools": [as_entry(tool) for tool in run(stored())]}, allow_unicode=True, sort_keys=False, width=110)
    if file is None:
        typer.echo(text, nl=False)
    else:
        file.write_text(text, "utf-8")


@register.command("notices")
def list_notices(as_json: Json = False) -> None:
    """The ledger: who had to be told that a tool lost something, until when, and whether it reached them."""

    async def ledger() -> list[dict[str, Any]]:
        store = await current_store()
        try:
            keys = ("change", "person", "why", "due", "told", "problem", "card")
            return [dict(zip(keys, row, strict=True)) for row in await store.notices()]
        finally:
            await store.close()

    listing(run(ledger()), as_json=as_json, empty="Nobody had to be told of anything.")


async def stored() -> tuple[Tool, ...]:
    """The register as it stands."""
    settings = load_settings()
    store = await open_store(settings, load_content(settings.content), datetime.now(UTC))
    try:
        return tuple(await store.tools_at(None))
    finally:
        await store.close()


async def imported(file: Path) -> int:
    """Put a file into the register; how many entries changed."""
    settings = load_settings()
    content = load_content(settings.content)
    faults: list[Fault] = []
    reader = read_document(file.parent, file.name, faults, "the register")
    tools = load_tools(reader, content.policy.tiers) if reader else ()
    if faults:
        raise ContentFaults(faults)
    store = await open_store(settings, content, datetime.now(UTC))
    try:
        for _ in range(TRIES):
            current = {tool.name: tool for tool in await store.tools_at(None)}
            clashes = clashing(tuple((current | {tool.name: tool for tool in tools}).values()), file.name)
            if clashes:
                raise ContentFaults(clashes)
            unit = put_entries(Actor("", "command line"), tools, current, content.policy, datetime.now(UTC))
            with contextlib.suppress(Stale):  # somebody changed one of these tools in the same instant
                await store.commit(unit, asyncio.get_running_loop().time() + IMPORT_SECONDS)
                return len(unit.tools)
    finally:
        await store.close()
    return complain("The register is being changed by somebody else; nothing was imported. Try again in a moment.")


def clashing(tools: tuple[Tool, ...], file: str) -> list[Fault]:
    """Aliases that two entries of the whole register would list."""
    owners: dict[str, str] = {}
    faults: list[Fault] = []
    for tool in tools:
        for alias in {alias.casefold() for alias in tool.aliases}:
            if (owner := owners.setdefault(alias, tool.name)) != tool.name:
                faults.append(Fault(file, 1, f"“{alias}” would be an alias of {owner} and of {tool.name}; leave it with one"))
    return faults


def as_entry(tool: Tool) -> dict[str, Any]:
    """A tool with the keys of register.yaml; empty ones are left out."""
    entry: dict[str, Any] = {
        "name": tool.name, "vendor": tool.vendor, "tier": tool.tier, "aliases": list(tool.aliases), "domains": list(tool.domains),
        "capabilities": list(tool.capabilities), "owner": tool.owner, "assessed": str(tool.assessed or ""), "review_by": str(tool.review_by or ""),
        "status": tool.status.value, "enterprise": tool.enterprise, "embedded_in": tool.embedded_in, "sample": "true" if tool.sample else "",
        "conditions": list(tool.conditions), "facts": list(tool.facts), "request": tool.request,
    }  # fmt: skip
    return {key: value for key, value in entry.items() if value}
