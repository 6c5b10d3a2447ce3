"""Databases that fail in the middle: decisions are stored once or not at all, and people read which (S19, S37, S40, S42, S44)."""

import asyncio
import random
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import aiohttp
import pytest
from sqlalchemy import func, select

from adapters.playground.slack_client import SlackClient
from adapters.playground.stand_ins import StandIns
from bot.calendar import instant, working_day_after
from bot.policy.load import PACKAGED, load_content
from store.tables import CASE, EVENT, TIMER, TOOL_VERSION
from tests.claims.deciding import DECIDERS, SOAK, card_of, counted, not_saved, one_request, prepare, pressable, processes, requested, requests
from tests.claims.processes import ROOT, environment
from tests.conftest import execute

ROUNDS = 40 if SOAK else 2
KILL = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{}' AND pid <> pg_backend_pid()"


async def test_connections_that_are_cut_lose_no_decision(any_url: str, stand_ins: StandIns, tmp_path: Path) -> None:
    """S40, S44: PostgreSQL cuts every connection again and again while people approve; on SQLite another process locks the file.

    n rounds of 4 presses. Whoever was answered 200 without “not saved” is stored once; nothing is stored twice.
    Mutation: take a lost connection for a failed commit without looking for the key.
    """
    chance = random.Random(40)
    (process,) = processes(stand_ins, any_url, tmp_path, 1)
    await prepare(any_url, stand_ins)
    name, _, folder = any_url.removeprefix("postgresql://postgres@/").partition("?host=")
    pressed: list[str] = []
    try:
        async with aiohttp.ClientSession() as session:
            client = SlackClient(stand_ins.slack, session, f"{process.base}/slack/events", stand_ins.secret)
            await client.direct(DECIDERS[0], "help")
            for turn in range(ROUNDS):
                tools = [f"Cuttool{turn}x{number}" for number in range(4)]
                for tool in tools:
                    await requested(client, tool)
                cards = [(tool, await card_of(stand_ins, DECIDERS[0], tool)) for tool in tools]
                presses = [asyncio.create_task(client.press(DECIDERS[0], card, pressable(card, "approve"))) for _, card in cards]
                for _ in range(6):
                    await asyncio.sleep(chance.uniform(0, 0.01))
                    if folder:
                        await execute(Path(folder), KILL.format(name))
                    else:
                        await lock_for(any_url, 0.05)
                for (tool, _), delivered in zip(cards, await asyncio.gather(*presses), strict=True):
                    assert delivered.status == 200
                    pressed.append(tool)
        found = await requests(any_url)
        decided = [tool for tool in pressed if found[tool].phase == "approved"]
        assert len(decided) + not_saved(stand_ins) >= len(pressed)
        for tool in pressed:
            granted = select(func.count()).select_from(EVENT).where(EVENT.c.ref == found[tool].id, EVENT.c.kind == "RequestGranted")
            entries = select(func.count()).select_from(TOOL_VERSION).where(TOOL_VERSION.c.name == tool)
            assert await counted(any_url, granted, entries) == ([1, 1] if tool in decided else [0, 0])
    finally:
        assert process.end() == 0


async def lock_for(url: str, seconds: float) -> None:
    """Hold an SQLite file locked for a moment, as another process would."""
    other = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None, timeout=5)
    other.execute("BEGIN IMMEDIATE")
    await asyncio.sleep(seconds)
    other.execute("ROLLBACK")
    other.close()


async def test_a_locked_database_is_said_in_time_and_nothing_is_half_done(sqlite_url: str, stand_ins: StandIns, tmp_path: Path) -> None:
    """S42, S19: another process holds the file for longer than a click may take: “not saved” within three seconds; a later press works."""
    async with one_request(sqlite_url, stand_ins, tmp_path, "Locktool") as asked:
        other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        begun = asyncio.get_running_loop().time()
        status = await asked.approve()
        took = asyncio.get_running_loop().time() - begun
        other.execute("ROLLBACK")
        other.close()
        assert status == 200
        assert took < 2.95
        assert asked.refusals() == 1
        assert await asked.phase() == "open"
        await asked.approve()
        assert await asked.phase() == "approved"


@pytest.mark.parametrize("any_url", ["sqlite", "postgresql"] if SOAK else ["postgresql"], indirect=True)
async def test_what_is_due_happens_once_in_several_processes(any_url: str, stand_ins: StandIns, tmp_path: Path) -> None:
    """S37, S35: two processes rehearse the same later day at once: each of n requests expires once, each reminder is sent or on
    record as left out, no timer is left over, and a rehearsal never goes back. Mutation: leave a timer's row where it is.
    """
    count = 60 if SOAK else 8
    (process,) = processes(stand_ins, any_url, tmp_path, 1)
    await prepare(any_url, stand_ins)
    async with aiohttp.ClientSession() as session:
        client = SlackClient(stand_ins.slack, session, f"{process.base}/slack/events", stand_ins.secret)
        await client.direct(DECIDERS[0], "help")
        for number in range(count):
            await requested(client, f"Duetool{number}")
    assert process.end() == 0
    calendar = load_content(PACKAGED).process.calendars.own
    day = working_day_after(calendar, calendar.day_of(datetime.now(UTC)) + timedelta(days=60), 0)
    moment = instant(calendar.zone, day, time(12)).isoformat()
    variables = environment(stand_ins, any_url, 1) | {"POLICY_CONTENT": str(tmp_path / "content"), "LOG_LEVEL": "WARNING"}
    arguments = [sys.executable, "-m", "bot", "work", "--once", "--as-of", moment]
    several = [subprocess.Popen(arguments, env=variables, cwd=ROOT, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    ended = [await asyncio.to_thread(one.communicate) for one in several]

    assert [one.returncode for one in several] == [0, 0], ended
    expired, left_out, reminded, timers, still_open = await counted(
        any_url,
        select(func.count()).select_from(EVENT).where(EVENT.c.kind == "RequestExpired"),
        select(func.count()).select_from(EVENT).where(EVENT.c.kind == "ReminderLeftOut"),
        select(func.count()).select_from(EVENT).where(EVENT.c.kind == "RequestReminded"),
        select(func.count()).select_from(TIMER),
        select(func.count()).select_from(CASE).where(CASE.c.phase == "open"),
    )
    assert (expired, timers, still_open) == (count, 0, 0)
    assert left_out <= 2 * count
    assert reminded <= count
    back = [*arguments[:-1], "2020-01-01T00:00:00+00:00"]
    refused = await asyncio.to_thread(subprocess.run, back, env=variables, cwd=ROOT, capture_output=True, text=True, check=False)
    assert refused.returncode == 2
    assert "must not lie before the last event" in refused.stderr
