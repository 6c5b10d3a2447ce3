"""A disk that is full, and power that fails (S41, S43), on SQLite. n = 5 presses and 40 power cuts."""

import asyncio
import random
import resource
import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import aiohttp
import pytest

from adapters.playground.slack_client import SlackClient
from adapters.playground.stand_ins import StandIns
from tests.claims.deciding import DECIDERS, card_of, one_request, prepare, pressable, processes, requested

CUTS = 40


def rows(database: Path, question: str) -> list[tuple[object, ...]]:
    """What a question to a database file gives."""
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute(question).fetchall()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux can fill another process's disk")
async def test_a_full_disk_decides_nothing_and_loses_nothing(sqlite_url: str, stand_ins: StandIns, tmp_path: Path) -> None:
    """S41: no write of the process reaches the disk any more; each press is told "not saved", health and reads go on, and when
    there is room again the same button works. Mutation: answer before the commit.
    """
    database = Path(sqlite_url.removeprefix("sqlite:///"))
    async with one_request(sqlite_url, stand_ins, tmp_path, "Disktool") as asked, aiohttp.ClientSession() as session:
        await asyncio.sleep(0.5)
        before = resource.prlimit(asked.process.process.pid, resource.RLIMIT_FSIZE, (1_024, resource.RLIM_INFINITY))
        for _ in range(5):
            assert await asked.approve() != 500
        async with session.get(f"{asked.process.base}/healthz") as answer:
            assert answer.status == 200
        assert await asked.phase() == "open"
        assert asked.refusals() == 5
        assert rows(database, "SELECT count(*) FROM event WHERE kind = 'RequestGranted'") == [(0,)]

        resource.prlimit(asked.process.process.pid, resource.RLIMIT_FSIZE, before)
        await asked.approve()
        assert await asked.phase() == "approved"
        assert rows(database, "SELECT count(*) FROM event WHERE kind = 'RequestGranted'") == [(1,)]
        assert rows(database, "PRAGMA integrity_check") == [("ok",)]


async def test_what_was_confirmed_survives_a_power_cut(sqlite_url: str, stand_ins: StandIns, tmp_path: Path) -> None:
    """S43, in the mode that ships (WAL, synchronous FULL): whatever was written after the last sync of a confirmed decision is
    lost or garbage; every decision confirmed before is there, with its event, and the file is whole.

    The model: the write-ahead log as it was at each confirmation is on the disk, what follows is cut at a random byte.
    """
    chance = random.Random(43)
    database = Path(sqlite_url.removeprefix("sqlite:///"))
    (process,) = processes(stand_ins, sqlite_url, tmp_path, 1)
    await prepare(sqlite_url, stand_ins)
    log = database.with_name(database.name + "-wal")
    sizes: list[int] = []
    tools = [f"Powertool{number}" for number in range(6)]
    try:
        async with aiohttp.ClientSession() as session:
            client = SlackClient(stand_ins.slack, session, f"{process.base}/slack/events", stand_ins.secret)
            await client.direct(DECIDERS[0], "help")
            for tool in tools:
                await requested(client, tool)
            cards = [await card_of(stand_ins, DECIDERS[0], tool) for tool in tools]
            await asyncio.sleep(0.5)
            assert rows(database, "PRAGMA wal_checkpoint(TRUNCATE)")[0][0] == 0
            for message in cards:
                assert (await client.press(DECIDERS[0], message, pressable(message, "approve"))).status == 200
                sizes.append(log.stat().st_size)
            await asyncio.sleep(0.5)
            shutil.copy(database, tmp_path / "image.db")
            written = log.read_bytes()
    finally:
        process.kill()
    assert rows(database, "PRAGMA journal_mode") == [("wal",)]

    for _ in range(CUTS):
        cut = chance.randrange(sizes[0], len(written) + 1)
        confirmed = sum(size <= cut for size in sizes)
        assert survivors(tmp_path, written[:cut] + chance.randbytes(chance.randrange(2) * 5_000)) >= confirmed
    assert survivors(tmp_path, written[: sizes[0] - 5_000]) < 1  # the model is able to lose something


def survivors(folder: Path, log: bytes) -> int:
    """How many decisions a machine finds when it comes up again, each with its event; the file must be whole."""
    crashed = folder / "crashed.db"
    shutil.copy(folder / "image.db", crashed)
    for left in folder.glob("crashed.db-*"):
        left.unlink()
    crashed.with_name("crashed.db-wal").write_bytes(log)
    assert rows(crashed, "PRAGMA integrity_check") == [("ok",)]
    ((cases,),) = rows(crashed, "SELECT count(*) FROM \"case\" WHERE phase = 'approved'")
    ((events,),) = rows(crashed, "SELECT count(*) FROM event WHERE kind = 'RequestGranted'")
    assert cases == events
    assert isinstance(cases, int)
    return cases
