"""One decision, once: races between people and processes, and kills in the middle (S11, S13, S17, S19)."""

import asyncio
import os
import random
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
from sqlalchemy import func, select, text

from adapters.playground.people import SamplePerson
from adapters.playground.slack_api import Message
from adapters.playground.slack_client import SlackClient
from adapters.playground.stand_ins import StandIns
from adapters.playground.teams_client import TeamsClient, buttons
from bot.engine.codecs import CARDS, REQUESTS
from bot.policy.load import PACKAGED
from bot.requests.state import Request
from store.people import put_people
from store.store import Store
from store.tables import EVENT, OUTBOX, TOOL_VERSION
from tests.claims.processes import Serving, start
from tests.harness import ANN

SOAK = bool(os.environ.get("MAYI_SOAK"))
RACES = 5_000 if SOAK else 4  # on each database
KILLS = 100 if SOAK else 2
AT_ONCE = 8  # requests under way together
DECIDERS = [SamplePerson(f"sec{n}", f"Sec {n}", "IT security", manager="dana@example.com", department="IT") for n in range(4)]
LOW = "{kinds: [tool, change], impact: [low], stages: [{any: [security]}]}"
PURPOSE = {"purpose": "Drafting", "data": "internal", "plan": "professional", "affects": "own_work", "rules": "accepted"}


def content_with(deciders: list[SamplePerson], folder: Path, stages: int) -> Path:
    """The shipped content, with these people as security, who decide alone in so many stages."""
    shutil.copytree(PACKAGED, folder, ignore=shutil.ignore_patterns("__pycache__"))
    roles = (folder / "roles.yaml").read_text("utf-8")
    holders = ", ".join(person.email for person in deciders)
    (folder / "roles.yaml").write_text(roles.replace("security: [security@example.com]", f"security: [{holders}]"), "utf-8")
    routes = (folder / "routes.yaml").read_text("utf-8")
    several = ", ".join(["{any: [security]}"] * stages)
    assert LOW in routes
    (folder / "routes.yaml").write_text(routes.replace(LOW, LOW.replace("{any: [security]}", several)), "utf-8")
    return folder


async def prepare(url: str, stand_ins: StandIns) -> None:
    """The deciders are in the directory and on both platforms."""
    for person in DECIDERS:
        profile = {"real_name": person.name, "email": person.email}
        stand_ins.slack.users[person.slack] = {"id": person.slack, "team_id": "T0NORTHWND", "name": person.id, "profile": profile}
        stand_ins.teams.conversations.add(person.chat)
        stand_ins.teams.members[person.teams_user] = {
            "id": person.teams_user, "aadObjectId": person.teams, "name": person.name, "email": person.email,
            "userPrincipalName": person.email, "tenantId": "0b0e8a52-6d0c-4f0b-9d0b-3f6f1f6d7a10", "userRole": "user",
        }  # fmt: skip
    store = Store(url, CARDS)
    await put_people(store.database, [person.entry for person in (ANN, *DECIDERS)], datetime.now(UTC))
    await store.close()


async def requested(client: SlackClient, tool: str) -> None:
    """Ann requests a tool."""
    assert (await client.command(ANN, tool, command="/ai-request")).status == 200
    await client.submit(ANN, {"tool": tool, **PURPOSE})


async def card_of(stand_ins: StandIns, person: SamplePerson, tool: str) -> Message:
    """The card that asks this person to decide, as soon as it is there."""
    for _ in range(400):
        for message in stand_ins.slack.messages:
            if message.channel == person.direct and message.blocks and tool in message.text and pressable(message, "approve"):
                return message
        await asyncio.sleep(0.05)
    raise AssertionError(f"{person.id} was not asked about {tool}")


def pressable(message: Message, action: str) -> str:
    """The id of the button for an action; "" where the message has none."""
    elements = [e for block in message.blocks or [] if block["type"] == "actions" for e in block["elements"]]
    return next((e["action_id"] for e in elements if e["action_id"].startswith(f"{action}:")), "")


async def requests(url: str) -> dict[str, Request]:
    """Every request by its subject."""
    store = Store(url, CARDS)
    try:
        return {case.subject: REQUESTS.load(case.state) for case in await store.cases()}
    finally:
        await store.close()


async def counted(url: str, *statements: Any) -> list[int]:
    """What these count."""
    store = Store(url, CARDS)
    try:
        return [await store.database.read(lambda c, s=s: int(c.execute(s).scalar_one())) for s in statements]  # type: ignore[misc]
    finally:
        await store.close()


def processes(stand_ins: StandIns, url: str, folder: Path, count: int, stages: int = 1) -> list[Serving]:
    """So many processes on one database."""
    content = folder / "content"
    if not content.exists():
        content_with(DECIDERS, content, stages)
    return [start(stand_ins, url, folder / f"{n}.log", content) for n in range(count)]


async def test_one_decision_however_many_press(any_url: str, stand_ins: StandIns, tmp_path: Path) -> None:
    """S11, S13: n requests of two stages, each pressed by 4 people (one of them twice) at once, over two processes, on both
    databases. Exactly one approval a stage, one grant, one event of each, one register entry; every card names who decided.
    Mutation: drop the comparison of versions in `stale`, or the lock.
    """
    chance = random.Random(11)
    serving = processes(stand_ins, any_url, tmp_path, 2, stages=2)
    await prepare(any_url, stand_ins)
    try:
        async with aiohttp.ClientSession() as session:
            clients = [SlackClient(stand_ins.slack, session, f"{process.base}/slack/events", stand_ins.secret) for process in serving]
            for person in DECIDERS:
                await clients[0].direct(person, "help")
            tools = [f"Racetool{number}" for number in range(RACES)]

            async def race(tool: str) -> None:
                cards = [(person, await card_of(stand_ins, person, tool)) for person in DECIDERS]
                cards.append(chance.choice(cards))
                presses = [chance.choice(clients).press(person, message, pressable(message, "approve")) for person, message in cards]
                assert {delivered.status for delivered in await asyncio.gather(*presses)} == {200}
                for _ in range(100):  # who is told “not saved, press again” does so
                    await asyncio.sleep(0.2)
                    left = [(person, message) for person, message in cards if tool in message.text and pressable(message, "approve")]
                    if not left:
                        return
                    person, message = chance.choice(left)
                    await chance.choice(clients).press(person, message, pressable(message, "approve"))

            for first in range(0, RACES, AT_ONCE):
                del stand_ins.slack.messages[: max(0, len(stand_ins.slack.messages) - 2_000)]
                for tool in tools[first : first + AT_ONCE]:
                    await requested(chance.choice(clients), tool)
                await asyncio.gather(*(race(tool) for tool in tools[first : first + AT_ONCE]))
            found = await requests(any_url)
            for tool in tools:
                assert found[tool].phase == "approved"
                assert len(found[tool].approvals) == 2
            granted, approved, entries = await counted(
                any_url,
                select(func.count()).select_from(EVENT).where(EVENT.c.kind == "RequestGranted"),
                select(func.count()).select_from(EVENT).where(EVENT.c.kind == "RequestApprovalGiven"),
                select(func.count()).select_from(TOOL_VERSION).where(TOOL_VERSION.c.name.like("Racetool%")),
            )
            assert (granted, approved, entries) == (RACES, 2 * RACES, RACES)
            for _ in range(400):
                due = (await counted(any_url, select(func.count()).select_from(OUTBOX).where(OUTBOX.c.state == "due")))[0]
                if not due:
                    break
                await asyncio.sleep(0.05)
            for tool in tools[-AT_ONCE:]:  # what was shown long ago is not kept
                decider = next(person.name for person in DECIDERS if person.email == found[tool].decided_by)
                shown = [m for m in stand_ins.slack.messages if m.blocks and tool in m.text and m.channel in {p.direct for p in DECIDERS}]
                assert len([m for m in shown if decider in str(m.blocks)]) >= len(DECIDERS)
                assert not any(pressable(m, "approve") for m in shown)
    finally:
        assert [process.end() for process in serving] == [0, 0]
    assert stand_ins.slack.refused == []


async def test_two_platforms_race_for_one_decision(sqlite_url: str, stand_ins: StandIns, tmp_path: Path) -> None:
    """S11, S59: yes on Teams and no on Slack at the same instant: one of them, and both are told which."""
    serving = processes(stand_ins, sqlite_url, tmp_path, 1)
    await prepare(sqlite_url, stand_ins)
    one, other = DECIDERS[:2]
    try:
        async with aiohttp.ClientSession() as session:
            slack = SlackClient(stand_ins.slack, session, f"{serving[0].base}/slack/events", stand_ins.secret)
            teams = TeamsClient(stand_ins.teams, session, f"{serving[0].base}/api/messages")
            await slack.direct(one, "help")
            await teams.says(other, "help")
            await requested(slack, "Racetool")
            message = await card_of(stand_ins, one, "Racetool")
            shown = next(m for m in reversed(stand_ins.teams.shown_in(other.chat)) if m.card and "Racetool" in str(m.card))
            approve = next(button for button in buttons(shown.card or {}) if button["title"] == "Approve")
            await slack.press(one, message, pressable(message, "deny"))
            _, (answered, _) = await asyncio.gather(slack.submit(one, {"reason": "no"}), teams.press(other, shown, approve))
            assert answered.status == 200
            found = (await requests(sqlite_url))["Racetool"]
            assert found.phase in ("approved", "denied")
            kinds = await counted(sqlite_url, select(func.count()).select_from(EVENT).where(EVENT.c.kind.in_(("RequestGranted", "RequestDenied"))))
            assert kinds == [1]
    finally:
        assert serving[0].end() == 0


async def test_what_was_confirmed_survives_a_kill(any_url: str, stand_ins: StandIns, tmp_path: Path) -> None:
    """S17: kill -9 at a random moment while people approve; every press answered 200 is stored once with its event,
    every other one is there once or not at all. n kills. Mutation: answer before the commit.
    """
    chance = random.Random(17)
    confirmed: set[str] = set()
    tried: set[str] = set()
    (process,) = processes(stand_ins, any_url, tmp_path, 1)
    await prepare(any_url, stand_ins)
    async with aiohttp.ClientSession() as session:
        for kill in range(KILLS):
            client = SlackClient(stand_ins.slack, session, f"{process.base}/slack/events", stand_ins.secret)
            if kill == 0:
                await client.direct(DECIDERS[0], "help")
            tools = [f"Killtool{kill}x{number}" for number in range(4)]
            for tool in tools:
                await requested(client, tool)
            cards = {tool: await card_of(stand_ins, DECIDERS[0], tool) for tool in tools}

            async def press(tool: str, client: SlackClient = client, cards: dict[str, Message] = cards) -> None:
                tried.add(tool)
                try:
                    delivered = await client.press(DECIDERS[0], cards[tool], pressable(cards[tool], "approve"))
                except (aiohttp.ClientError, OSError):
                    return
                if delivered.status == 200:
                    confirmed.add(tool)

            presses = [asyncio.create_task(press(tool)) for tool in tools]
            await asyncio.sleep(chance.uniform(0, 0.05))
            process.kill()
            await asyncio.gather(*presses)
            (process,) = processes(stand_ins, any_url, tmp_path, 1)
    try:
        found = await requests(any_url)
        for tool in confirmed:
            assert found[tool].phase == "approved"
        for tool in tried:
            events = select(func.count()).select_from(EVENT).where(EVENT.c.ref == found[tool].id, EVENT.c.kind == "RequestGranted")
            entries = select(func.count()).select_from(TOOL_VERSION).where(TOOL_VERSION.c.name == tool)
            assert await counted(any_url, events, entries) == ([1, 1] if found[tool].phase == "approved" else [0, 0])
    finally:
        assert process.end() == 0


async def test_a_decision_without_its_record_is_not_made(sqlite_url: str, stand_ins: StandIns, tmp_path: Path) -> None:
    """S51: the audit log refuses its row; the decision is not made and the person is told. n = 5 presses.

    Mutation: write events in a transaction of their own.
    """
    (process,) = processes(stand_ins, sqlite_url, tmp_path, 1)
    await prepare(sqlite_url, stand_ins)
    try:
        async with aiohttp.ClientSession() as session:
            client = SlackClient(stand_ins.slack, session, f"{process.base}/slack/events", stand_ins.secret)
            await client.direct(DECIDERS[0], "help")
            await requested(client, "Audittool")
            message = await card_of(stand_ins, DECIDERS[0], "Audittool")
            store = Store(sqlite_url, CARDS)
            await store.database.write(lambda connection: connection.execute(text("ALTER TABLE event RENAME TO event_away")))
            for _ in range(5):
                delivered = await client.press(DECIDERS[0], message, pressable(message, "approve"))
                assert delivered.status != 500
            await store.database.write(lambda connection: connection.execute(text("ALTER TABLE event_away RENAME TO event")))
            await store.close()
            assert (await requests(sqlite_url))["Audittool"].phase == "open"
            assert [m for m in stand_ins.slack.messages if m.only_for == DECIDERS[0].slack and "not saved" in m.text]
    finally:
        assert process.end() == 0
