"""`mayi ask`: one answer, or one a line."""

import asyncio
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from bot.answers.answer import Answer, answer
from bot.answers.receipts import record_of, with_text, words_of
from bot.answers.sentences import condition_text
from bot.case.ids import new_id
from bot.cli.common import FINDING, complain, listing, run
from bot.cli.explain import explained
from bot.config import load_settings
from bot.desk.prepared import answer_card
from bot.desk.unanswered import unanswered
from bot.engine.codecs import CARDS
from bot.engine.ports import Reason, StoredReceipt, Unit
from bot.engine.world import World, Worlds, build_world
from bot.policy.load import load_content
from bot.understanding.reading import Reading
from store.engine import database_url, sqlite_file
from store.migrate import Schema, schema_of
from store.store import Store

LONGEST_WAIT = 10.0


def ask(
    text: Annotated[list[str] | None, typer.Argument(help="The question; - reads one a line from standard input (with --json).")] = None,
    as_: Annotated[str, typer.Option("--as", metavar="EMAIL", help="Who asks; the receipt is theirs.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Answer with JSON.")] = False,
    explain: Annotated[bool, typer.Option("--explain", help="Show what was heard and why it gives this verdict.")] = False,
    missing: Annotated[bool, typer.Option("--unanswered", help="List what was asked back or out of scope, and tools nobody has registered.")] = False,
) -> None:
    """One answer, from the database if there is one, else from the content."""
    question = " ".join(text or ())
    if missing and not question:
        raise typer.Exit(run(listed_unanswered(as_json=as_json)))
    if missing or not question.strip():
        complain("Write a question, or use --unanswered alone.", 2)
    if explain and question == "-":
        complain("--explain takes one question at a time.", 2)
    if question == "-" and not as_json:
        complain("Reading questions from standard input needs --json.", 2)
    raise typer.Exit(run(answered(question, as_.strip().lower(), as_json=as_json, explain=explain)))


async def listed_unanswered(*, as_json: bool) -> int:
    """List what got no verdict; the exit status."""
    store = await existing_store(load_settings().database_url)
    if store is None:
        complain("There is no database yet, so nothing was counted; questions are counted where “mayi serve” answers them.")
    try:
        rows = [
            {
                "what": WHAT[item.reason],
                "count": item.count,
                "lacking": item.lacking,
                "shape": item.shape,
                "language": item.language,
                "last": item.last,
            }
            for item in await store.unanswered()
        ]
    finally:
        await store.close()
    listing(rows, as_json=as_json, empty="Every question got an answer.")
    return 0


WHAT = {Reason.TOOL: "unregistered tool", Reason.ASKED_BACK: "asked back", Reason.OUT_OF_SCOPE: "out of scope"}


async def answered(question: str, email: str, *, as_json: bool, explain: bool) -> int:
    """Answer one question or all lines; the exit status."""
    settings = load_settings()
    content = load_content(settings.content)
    store = await existing_store(settings.database_url)
    try:
        worlds = Worlds(store, content.languages, content.process) if store else None
        world = await worlds.refresh() if worlds else build_world(content.policy, content.tools, content.languages, {}, content.process)
        if question != "-":
            given, reply = await reply_to(question, world, worlds, store, email)
            if explain and given is not None:
                told = list(explained(given, world))
                reply = {**reply, "explained": told} if as_json else {"reply": "\n".join(told)}
            typer.echo(json.dumps(reply, ensure_ascii=False) if as_json else reply.get("reply") or reply.get("error"))
            return FINDING if "error" in reply else 0
        status = 0
        for line in lines():
            reply = (
                {"error": "the line is empty or not UTF-8; write one question a line"}
                if line is None
                else (await reply_to(line, world, worlds, store, email))[1]
            )
            status = FINDING if "error" in reply else status
            sys.stdout.write(json.dumps(reply, ensure_ascii=False) + "\n")
            sys.stdout.flush()
        return status
    finally:
        if store:
            await store.close()


def lines() -> Iterator[str | None]:
    """The lines of standard input; None for one that is empty or unreadable."""
    for raw in sys.stdin.buffer:
        try:
            line = raw.decode("utf-8").strip()
        except UnicodeDecodeError:
            line = ""
        yield line or None


async def existing_store(url: str) -> Store | None:
    """The store, if there is a database with a current schema; asking never makes or migrates one."""
    file = sqlite_file(database_url(url))
    if file is not None and not file.is_file():
        return None
    store = Store(url, CARDS)
    if await schema_of(store.database) is Schema.CURRENT and (await store.policy_at(None)) is not None:
        return store
    await store.close()
    return None


async def reply_to(question: str, world: World, worlds: Worlds | None, store: Store | None, email: str) -> tuple[Answer | None, dict[str, Any]]:
    """One question as an answer, and as CONTRACT's JSON."""
    if not question.strip():
        return None, {"error": "the question is empty; write it in plain words"}
    reading = world.read(question)
    if reading.as_of_unreadable:
        return None, {"error": world.say(reading.language).text("as_of_bad")}
    if reading.as_of is not None and worlds is not None:
        earlier = await worlds.as_of(reading.as_of)
        if earlier is None:
            return None, {"error": f"there is no policy on record for {reading.as_of.isoformat()}; ask about a later day"}
        world = earlier
        reading = world.read(question)
    given = answer(world.policy, world.tools, reading)
    receipt = await kept(given, world, store, email) if store else None
    return given, as_contract(given, world, receipt)


async def kept(given: Answer, world: World, store: Store, email: str) -> str:
    """Keep the receipt of an answer; its id."""
    receipt, now = new_id("RCP"), datetime.now(UTC)
    words = with_text(words_of(given.reading), given.reading.text if world.policy.organization.keep_questions else "")
    stored = StoredReceipt(
        receipt, now, f"cli:{email or 'somebody'}", given.reading.intent.value, given.verdict.value if given.verdict else "", world.policy.version,
        world.register_version, f"cli:{email}", record_of(given), words,
    )  # fmt: skip
    await store.commit(Unit(at=now, receipts=[stored], unanswered=list(unanswered(given, world))), asyncio.get_running_loop().time() + LONGEST_WAIT)
    return receipt


def as_contract(given: Answer, world: World, receipt: str | None) -> dict[str, Any]:
    """An answer in the shape that CONTRACT fixes."""
    return {
        "text": given.reading.text,
        "intent": given.reading.intent.value,
        "language": given.reading.language,
        "tools": tools_of(given.reading),
        "data": data_of(given),
        "uses": list(given.reading.uses),
        "verdict": given.verdict.value if given.verdict else None,
        "verdicts": [
            {
                "tool": pair.judgement.tool.name if pair.judgement.tool else (pair.tool.heard if pair.tool else None),
                "data": pair.judgement.data,
                "verdict": pair.verdict.value,
                "conditions": [condition_text(world.say(given.reading.language), world.policy, condition) for condition in pair.judgement.conditions],
                "citations": list(pair.judgement.citations),
            }
            for pair in given.pairs
        ],
        "receipt": receipt,
        "reply": answer_card(world, given, receipt or "").summary,
    }


def data_of(given: Answer) -> list[dict[str, str]]:
    """The kinds of data heard, and those of pasted secrets."""
    pasted = [pair.data for pair in given.pairs if pair.data and pair.data not in given.reading.data]
    heard = dict.fromkeys((item.judged_as, item.heard) for item in (*given.reading.data, *pasted))
    return [{"id": id, "heard": words} for id, words in heard]


def tools_of(reading: Reading) -> list[dict[str, Any]]:
    """The tools heard; where a name fits several entries, each of them."""
    found: list[dict[str, Any]] = []
    for heard in reading.tools:
        for tool in (heard.tool,) if heard.tool else heard.candidates:
            status = tool.status.value if tool.known else None
            found.append({"name": tool.name, "tier": tool.tier, "status": status, "known": tool.known, "heard": heard.heard})
    return found
