"""`mayi requests`: tool requests, use cases, data approvals and exceptions, with their decisions."""

import csv
import io
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from bot.case.codec import UnknownShape
from bot.cli.common import complain, listing, run
from bot.cli.operations import current_store
from bot.engine.codecs import REQUESTS
from bot.engine.records import GrantUse, StoredCase
from bot.requests.state import Request
from store.store import Store

requests = typer.Typer(help="Requests, approvals and exceptions.", no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="As JSON.")]
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would take for a formula


@requests.command("list")
def list_requests(
    phase: Annotated[list[str] | None, typer.Option("--phase", help="Only these: open, paused, approved, denied, withdrawn, expired, ended.")] = None,
    kind: Annotated[list[str] | None, typer.Option("--kind", help="Only these: tool, use_case, data, exception, change, retire.")] = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="As CSV, safe to open in a spreadsheet.")] = False,
    as_json: Json = False,
) -> None:
    """Every request, the newest first; exceptions with how often they were used."""
    cases, uses = run(stored(phase or [], kind or []))
    rows = [row_of(case, uses.get(case.id)) for case in cases]
    if as_csv:
        typer.echo(spreadsheet(rows), nl=False)
        return
    brief = ("id", "kind", "phase", "subject", "asker", "opened", "due", "decided_by", "until", "used")
    listing(rows if as_json else [{key: row[key] for key in brief} for row in rows], as_json=as_json, empty="There are no requests.")


@requests.command("show")
def show_request(id: Annotated[str, typer.Argument(help="The request's id, like REQ-7K3M9QXA.")], as_json: Json = False) -> None:
    """One request with its answers, approvals and the whole trail of what happened to it."""
    case, trail = run(one(id.upper()))
    if case is None:
        complain(f"There is no request {id}; “mayi requests list” shows what there is.")
    request = read(case)
    row = row_of(case, None) | {
        "answers": {key: list(values) for key, values in request.answers},
        "route": [seat.id for seat in request.terms.seats],
        "reasons": list(request.terms.reasons),
        "approvals": [{"seat": a.seat, "by": a.person, "account": a.account, "at": a.at.isoformat()} for a in request.approvals],
        "facts": list(request.facts),
        "remarks": [{"by": r.person, "at": r.at.isoformat(), "text": r.text} for r in request.remarks],
        "trail": trail,
    }
    listing([row] if as_json else [{"what": key, "value": value} for key, value in row.items()], as_json=as_json, empty="")


async def stored(phases: list[str], kinds: list[str]) -> tuple[list[StoredCase], dict[str, GrantUse]]:
    """The cases, and what was granted by them."""
    store = await current_store()
    try:
        return list(await store.cases(phases, kinds)), {use.grant.id: use for use in await store.grant_uses()}
    finally:
        await store.close()


async def one(id: str) -> tuple[StoredCase | None, list[dict[str, str]]]:
    """A case with its trail."""
    store: Store = await current_store()
    try:
        return await store.case(id), [
            {"at": event.at.isoformat(timespec="seconds"), "what": event.kind, "account": event.actor, "data": ", ".join(event.data)}
            for event in await store.trail(id)
        ]
    finally:
        await store.close()


def read(case: StoredCase) -> Request:
    """The request of a case."""
    try:
        found = REQUESTS.load(case.state)
    except UnknownShape:
        complain(f"{case.id} was written by another version of MayI; update this one.")
    assert isinstance(found, Request)
    return found


def row_of(case: StoredCase, use: GrantUse | None) -> dict[str, Any]:
    """A request as a row."""
    request = read(case)
    return {
        "id": request.id,
        "kind": request.kind,
        "phase": request.phase.value,
        "subject": request.subject,
        "asker": request.asker,
        "filed_by": request.filed_by,
        "opened": request.opened_at.isoformat(timespec="seconds"),
        "due": request.terms.due_at.isoformat(timespec="seconds"),
        "impact": request.terms.impact,
        "decided_by": request.decided_by or None,
        "decided_at": request.decided_at.isoformat(timespec="seconds") if request.decided_at else None,
        "reason": request.reason or None,
        "conditions": "; ".join(request.conditions) or None,
        "tier": request.tier or None,
        "until": request.until.isoformat() if request.until else None,
        "overdue": request.phase.value == "open" and request.terms.due_at < datetime.now(UTC),
        "emergency": request.emergency,
        "used": use.used if use else None,
        "policy_version": request.terms.policy_version,
    }


def spreadsheet(rows: list[dict[str, Any]]) -> str:
    """Rows as CSV in which nothing is a formula: every cell quoted, dangerous ones with an apostrophe before them."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    if rows:
        writer.writerow(rows[0])
    for row in rows:
        writer.writerow([safe("" if value is None else str(value)) for value in row.values()])
    return text.getvalue()


def safe(cell: str) -> str:
    """A cell that no spreadsheet computes, on one line."""
    flat = " ".join(cell.splitlines())
    return f"'{flat}" if flat.startswith(DANGEROUS) else flat
