"""Cards that a process took and then vanished with (S25, S26). In real time with ./dev soak."""

import asyncio
import os
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from sqlalchemy import select, update

from adapters.playground.faults import Fault
from adapters.playground.slack_client import SlackClient
from adapters.playground.stand_ins import StandIns
from bot.delivery.outbox import IDLE_SECONDS
from bot.engine.codecs import CARDS
from store.rows import LEASE
from store.store import Store
from store.tables import OUTBOX
from tests.claims.processes import Serving, start
from tests.harness import ANN

BOTH = ["sqlite", "postgresql"]
SOAK = bool(os.environ.get("MAYI_SOAK"))
LATE = 4 if SOAK else 3  # seconds; a second process needs nearly as long to start
QUESTION = "can I put customer emails into ChatGPT?"


async def card(url: str) -> Any:
    """The only card of the outbox."""
    store = Store(url, CARDS)
    columns = (OUTBOX.c.state, OUTBOX.c.message, OUTBOX.c.attempts, OUTBOX.c.leased_until)
    try:
        return await store.database.read(lambda connection: connection.execute(select(*columns)).first())
    finally:
        await store.close()


async def thirty_seconds_pass(url: str) -> None:
    """The lease runs out: in a soak by waiting, else as if it had been taken half a minute ago."""
    if SOAK:
        await asyncio.sleep(LEASE.total_seconds())
        return
    store = Store(url, CARDS)
    past = datetime.now(UTC) - timedelta(seconds=1)
    await store.database.write(lambda connection: connection.execute(update(OUTBOX).values(leased_until=past)))
    await store.close()


async def taken(url: str, stand_ins: StandIns, folder: Path, session: aiohttp.ClientSession) -> Serving:
    """A process that is just sending its card: Slack has it, and answers some seconds later."""
    fault = Fault(hang_seconds=LATE, after=True, body={"ok": True, "channel": ANN.direct, "ts": "1.000001"})
    stand_ins.slack.faults.add("chat.postMessage", fault)
    process = start(stand_ins, url, folder / "one.log")
    await SlackClient(stand_ins.slack, session, f"{process.base}/slack/events", stand_ins.secret).direct(ANN, QUESTION)
    for _ in range(200):
        if (found := await card(url)) is not None and found.leased_until is not None:
            return process
        await asyncio.sleep(0.02)
    raise AssertionError("nobody took the card")


async def shown(url: str) -> Any:
    """The card once it is shown; how long that may take is a part of the claim."""
    async with asyncio.timeout(10):
        while (found := await card(url)).state != "shown":
            await asyncio.sleep(0.1)
    return found


@pytest.mark.parametrize("any_url", BOTH if SOAK else ["postgresql"], indirect=True)
async def test_what_a_killed_process_was_sending_is_sent_within_a_minute(any_url: str, stand_ins: StandIns, tmp_path: Path) -> None:
    """S26: kill -9 in the middle of a send; another process sends it when the lease is over. Mutation: claim only what has no lease."""
    assert LEASE.total_seconds() + 10 * IDLE_SECONDS < 60
    async with aiohttp.ClientSession() as session:
        one = await taken(any_url, stand_ins, tmp_path, session)
        one.kill()
        other = start(stand_ins, any_url, tmp_path / "other.log")
        try:
            await thirty_seconds_pass(any_url)
            assert (await shown(any_url)).attempts == 2
            assert [m for m in stand_ins.slack.messages if m.blocks and m.text.startswith("No")]
        finally:
            assert other.end() == 0


@pytest.mark.parametrize("any_url", BOTH if SOAK else ["sqlite"], indirect=True)
async def test_a_stopped_process_cannot_finish_what_another_has_taken(any_url: str, stand_ins: StandIns, tmp_path: Path) -> None:
    """S25: SIGSTOP during a send, another process sends the card, SIGCONT: what the first one writes then is not taken.

    Mutation: leave the attempt out of `Statements.delivered`.
    """
    async with aiohttp.ClientSession() as session:
        one = await taken(any_url, stand_ins, tmp_path, session)
        os.kill(one.process.pid, signal.SIGSTOP)
        other = start(stand_ins, any_url, tmp_path / "other.log")
        try:
            await thirty_seconds_pass(any_url)
            theirs = await shown(any_url)
            os.kill(one.process.pid, signal.SIGCONT)
            await asyncio.sleep(LATE + 1)  # the late answer has come, and been noted

            assert (await card(any_url))[:3] == theirs[:3]
            assert "1.000001" not in theirs.message
        finally:
            assert [one.end(), other.end()] == [0, 0]
