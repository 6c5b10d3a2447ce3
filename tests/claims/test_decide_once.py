"""One decision, once: races between people and processes, and kills in the middle (S11, S13, S17, S19)."""

import asyncio
import random
from pathlib import Path

import aiohttp
from sqlalchemy import func, select, text

from adapters.playground.slack_api import Message
from adapters.playground.slack_client import SlackClient
from adapters.playground.stand_ins import StandIns
from adapters.playground.teams_client import TeamsClient, buttons
from bot.engine.codecs import CARDS
from store.store import Store
from store.tables import EVENT, OUTBOX, TOOL_VERSION
from tests.claims.deciding import DECIDERS, SOAK, card_of, counted, one_request, prepare, pressable, processes, requested, requests

RACES = 5_000 if SOAK else 4  # on each database
KILLS = 100 if SOAK else 1
AT_ONCE = 8  # requests under way together


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
    async with one_request(sqlite_url, stand_ins, tmp_path, "Audittool") as asked:
        store = Store(sqlite_url, CARDS)
        await store.database.write(lambda connection: connection.execute(text("ALTER TABLE event RENAME TO event_away")))
        for _ in range(5):
            assert await asked.approve() != 500
        await store.database.write(lambda connection: connection.execute(text("ALTER TABLE event_away RENAME TO event")))
        await store.close()
        assert await asked.phase() == "open"
        assert asked.refusals() == 5
