"""S12, S18: each delivery takes effect once, in two processes and across kills. Longer with ./dev soak."""

import asyncio
import json
import os
import random
from pathlib import Path

import aiohttp
from sqlalchemy import func, select

from adapters.playground.people import SAMPLE_PEOPLE
from adapters.playground.slack_client import SlackClient
from adapters.playground.stand_ins import StandIns
from bot.engine.codecs import CARDS
from store.store import Store
from store.tables import DELIVERY, OUTBOX, RECEIPT
from tests.claims.processes import start
from tests.harness import ANN

SOAK = bool(os.environ.get("MAYI_SOAK"))
DELIVERIES = 5_000 if SOAK else 60  # a multiple of 20
KILLS = 200 if SOAK else 1


async def counts(url: str) -> tuple[int, int, int]:
    """Deliveries, receipts and cards in the database."""
    store = Store(url, CARDS)
    try:
        statements = [select(func.count()).select_from(table) for table in (DELIVERY, RECEIPT, OUTBOX)]
        found = await store.database.read(lambda connection: [int(connection.execute(statement).scalar_one()) for statement in statements])
        return found[0], found[1], found[2]
    finally:
        await store.close()


def message(number: int) -> tuple[dict[str, str], str]:
    """The event and event id of one direct message."""
    person = SAMPLE_PEOPLE[number % 4]
    event = {
        "type": "message",
        "channel_type": "im",
        "channel": person.direct,
        "user": person.slack,
        "text": "can I put customer emails into ChatGPT?",
        "ts": f"{number}.1",
    }
    return event, f"Ev{number:06d}"


async def test_each_event_takes_effect_once_in_two_processes(any_url: str, stand_ins: StandIns, tmp_path: Path) -> None:
    """S12: n deliveries, each 1 to 5 times at the same time, spread over two processes, on SQLite and PostgreSQL.

    Mutation: put the delivery key after the rows, or take `on_conflict_do_nothing` away.
    """
    chance = random.Random(12)
    one, two = start(stand_ins, any_url, tmp_path / "one.log"), start(stand_ins, any_url, tmp_path / "two.log")
    try:
        async with aiohttp.ClientSession() as session:
            clients = [SlackClient(stand_ins.slack, session, f"{process.base}/slack/events", stand_ins.secret) for process in (one, two)]
            for begin in range(0, DELIVERIES, 20):
                repeats = [number for number in range(begin, begin + 20) for _ in range(chance.randint(1, 5))]
                chance.shuffle(repeats)
                sent = [chance.choice(clients).event(message(number)[0], event_id=message(number)[1]) for number in repeats]
                assert {answer.status for answer in await asyncio.gather(*sent)} == {200}
            deliveries, receipts, cards = await counts(any_url)
            assert (deliveries, receipts, cards) == (DELIVERIES, DELIVERIES, DELIVERIES)
            for _ in range(400):
                if len([m for m in stand_ins.slack.messages if m.blocks]) >= DELIVERIES:
                    break
                await asyncio.sleep(0.05)
            await asyncio.sleep(1.2)
            assert len([m for m in stand_ins.slack.messages if m.blocks]) == DELIVERIES
    finally:
        assert one.end() == 0
        assert two.end() == 0
    assert stand_ins.slack.refused == []


async def test_a_200_means_durable(any_url: str, stand_ins: StandIns, tmp_path: Path) -> None:
    """S18: kill -9 right after the 200. Every acknowledged event is stored, and its card arrives after a restart.

    n kills, 6 events each, the last acknowledged a moment before the kill. Mutation: answer before the commit.
    """
    acknowledged: set[str] = set()
    async with aiohttp.ClientSession() as session:
        for kill in range(KILLS):
            process = start(stand_ins, any_url, tmp_path / "killed.log")
            client = SlackClient(stand_ins.slack, session, f"{process.base}/slack/events", stand_ins.secret)
            for number in range(6):
                event, event_id = message(kill * 6 + number)
                if (await client.event(event, event_id=event_id)).status == 200:
                    acknowledged.add(event_id)
            process.kill()
        assert len(acknowledged) == KILLS * 6
        _, receipts, cards = await counts(any_url)
        assert (receipts, cards) == (len(acknowledged), len(acknowledged))
        # What the killed processes held is leased for half a minute at most; nobody waits for that in a test.
        store = Store(any_url, CARDS)
        await store.database.write(lambda connection: connection.execute(OUTBOX.update().values(leased_until=None)))
        await store.close()
        process = start(stand_ins, any_url, tmp_path / "last.log")
        try:
            shown = 0
            for _ in range(400):
                shown = len([m for m in stand_ins.slack.messages if m.blocks])
                if shown >= len(acknowledged):
                    break
                await asyncio.sleep(0.05)
            assert shown >= len(acknowledged)
        finally:
            assert process.end() == 0


async def test_nothing_that_people_wrote_is_in_the_logs(sqlite_url: str, stand_ins: StandIns, tmp_path: Path) -> None:
    """S68: canaries in every inbound field, bad signatures and malformed bodies, at DEBUG: no canary, no token, one JSON object a line."""
    canary = "CANARY7F3A"
    log = tmp_path / "serve.log"
    process = start(stand_ins, sqlite_url, log)
    try:
        async with aiohttp.ClientSession() as session:
            client = SlackClient(stand_ins.slack, session, f"{process.base}/slack/events", stand_ins.secret)
            await client.command(ANN, f"can I put {canary} into {canary}AI?\r\nforged: line")
            await client.direct(ANN, f"password: {canary}9!")
            await client.event({"type": canary, "user": canary, "text": canary})
            await client.interaction({"type": "block_actions", "actions": [{"type": "button", "action_id": canary, "value": canary}]})
            bad = client.signed(canary.encode(), "application/json", secret="x" * 20)
            await client.deliver(canary.encode(), bad)
            await client.deliver(f'{{"text": "{canary}'.encode(), client.signed(f'{{"text": "{canary}'.encode(), "application/json"))
            async with session.post(f"{process.base}/api/messages", data=canary, headers={"Authorization": f"Bearer {canary}"}) as answer:
                assert answer.status == 401
            async with session.get(f"{process.base}/metrics") as answer:
                assert canary not in await answer.text()
    finally:
        assert process.end() == 0

    written = log.read_text()
    assert written
    assert canary not in written
    for secret in (stand_ins.secret, "xoxb-", *stand_ins.teams.tokens):
        assert secret not in written
    lines = [line for line in written.splitlines() if not line.startswith("May I serves")]
    assert all("action" in json.loads(line) or "event" in json.loads(line) for line in lines)
