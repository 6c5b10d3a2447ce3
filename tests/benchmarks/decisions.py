"""Decisions through the full path against a bare bolt action with as many row writes; clicks to copies; long inboxes."""

import asyncio
import json
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

import aiohttp
from sqlalchemy import select, update

from adapters.playground.people import SAMPLE_PEOPLE, SLACK_TEAM
from adapters.playground.slack_api import TOKEN
from adapters.playground.slack_client import SlackClient
from bot.case.base import Actor
from bot.desk.lists import inbox_card
from bot.engine.casework import Casework
from bot.engine.codecs import CARDS
from bot.engine.ports import Account, Standing, Unit
from bot.engine.teller import Teller
from bot.engine.world import Worlds
from bot.policy.load import PACKAGED, load_content
from bot.requests.commands import Submit
from store.migrate import upgrade
from store.people import put_people
from store.store import Store
from store.tables import CASE, OUTBOX
from tests.benchmarks.bare_stand_ins import BareStandIns
from tests.benchmarks.load import Measured, fire, request
from tests.benchmarks.servers import LOAD_CORE, SERVER_CORE, Compared, answers, environment_for, free_port, measured, process, says_ready
from tests.conftest import execute
from tests.postgres import running_postgres

ANN, CYD = SAMPLE_PEOPLE[0], SAMPLE_PEOPLE[2]
ANSWERS = (("tool", ("x",)), ("purpose", ("Drafting",)), ("data", ("internal",)), ("plan", ("professional",)), ("affects", ("own_work",)))
DECISIONS, ROUNDS = 400, 3


async def seeded(url: str, count: int) -> list[str]:
    """A database with so many open tool requests, each with its cards posted; their ids."""
    store = Store(url, CARDS)
    await upgrade(store.database)
    content = load_content(PACKAGED)
    now = datetime.now(UTC)
    await store.take_over(content, now)
    await put_people(store.database, [person.entry for person in SAMPLE_PEOPLE if not person.guest], now)
    accounts = [
        Account(f"slack:{SLACK_TEAM}:{p.slack}", "slack", Standing.MEMBER, now, now, p.email, p.name, f'{{"channel": "{p.direct}"}}')
        for p in (ANN, CYD)
    ]
    worlds = Worlds(store, content.languages, content.process)
    world = await worlds.refresh()
    casework = Casework(store, Teller(lambda: frozenset(("slack",))))
    later = asyncio.get_running_loop().time() + 3600
    await store.commit(Unit(accounts=accounts), later)
    ids = []
    for number in range(count):
        unit, id = Unit(expects=world.versions), f"REQ-{number:08d}"
        order = Submit(Actor(ANN.email, accounts[0].id), "tool", ANN.email, f"Tool {number}", ANSWERS)
        outcome = await casework.give(order, id, world, unit, now)
        assert outcome.refused is None
        await store.commit(unit, later)
        ids.append(id)
    shown = {"state": "shown", "shown": OUTBOX.c.wanted, "message": '{"channel": "D0", "ts": "1.1"}', "leased_until": None}
    await store.database.write(lambda connection: connection.execute(update(OUTBOX).values(shown)))
    await store.close()
    return ids


def presses(client: SlackClient, ids: Sequence[str], action: str = "approve") -> list[bytes]:
    """A signed press of Approve on each of these requests."""
    found: list[bytes] = []
    for id in ids:
        payload = {
            "type": "block_actions",
            "team": {"id": SLACK_TEAM},
            "user": {"id": CYD.slack, "team_id": SLACK_TEAM},
            "channel": {"id": CYD.direct},
            "container": {"type": "message", "channel_id": CYD.direct, "message_ts": "1.1"},
            "message": {"ts": "1.1", "text": "x"},
            "trigger_id": f"t{id}",
            "actions": [{"type": "button", "action_id": f"{action}:0", "block_id": "b", "value": f"{id}/1"}],
        }
        body = urlencode({"payload": json.dumps(payload)}).encode()
        found.append(request("/slack/events", body, client.signed(body, "application/x-www-form-urlencoded")))
    return found


async def compare(database: str, url: Callable[[], str], stand_ins: BareStandIns, session: aiohttp.ClientSession) -> None:
    """Decisions a second on one database, and how long until every copy shows one."""
    slack = SlackClient(stand_ins.slack, session, "", stand_ins.secret)
    total = DECISIONS // 5 + ROUNDS * DECISIONS
    ours_url, port = url(), free_port()
    ids = await seeded(ours_url, total + 1)
    left = iter(ids)

    def next_presses(count: int) -> list[bytes]:
        return presses(slack, [next(left) for _ in range(count)])

    with process(["-m", "bot", "serve"], environment_for(stand_ins, ours_url, port), answers(port)):
        ours = await measured(port, next_presses, DECISIONS, ROUNDS)
        await copies_shown(ours_url, next(left), port, slack)
    store = Store(ours_url, CARDS)
    decided = await store.database.read(lambda c: len(c.execute(select(CASE.c.id).where(CASE.c.phase == "approved")).all()))
    await store.close()
    ours = Measured(ours.per_second, ours.p50_ms, ours.p99_ms, ours.failed + total + 1 - decided)
    numbers = iter(range(10**6))
    bolt = ["-m", "tests.benchmarks.baselines", "bolt", str(port), str(SERVER_CORE), url(), f"{stand_ins.slack.base}/api/", TOKEN, stand_ins.secret]
    with process(bolt, {}, says_ready):
        bare = await measured(port, lambda count: presses(slack, [f"B{next(numbers)}" for _ in range(count)]), DECISIONS, ROUNDS)
        told = await measured(port, lambda count: presses(slack, [f"T{next(numbers)}" for _ in range(count)], "told"), DECISIONS, ROUNDS)
    print(Compared(f"Decision, {database}", ours, bare, 0.5).line(), flush=True)
    ratio = ours.per_second / told.per_second
    print(f"  a bare action that also shows three people what became of it: {told.per_second:.0f}/s, ours {ratio:.2f} of it", flush=True)


async def copies_shown(url: str, id: str, port: int, slack: SlackClient) -> None:
    """From one click until every copy shows the decision."""
    begun = time.perf_counter()
    await fire(port, presses(slack, [id]), 1)
    answered = time.perf_counter()
    store = Store(url, CARDS)
    while await store.database.read(lambda c: c.execute(select(OUTBOX.c.id).where(OUTBOX.c.topic == id, OUTBOX.c.state == "due")).first()):
        await asyncio.sleep(0.005)
    await store.close()
    print(
        f"Click answered after {(answered - begun) * 1000:.0f} ms, every copy shows it after {(time.perf_counter() - begun) * 1000:.0f} ms",
        flush=True,
    )


async def long_inbox(url: str, few: int, many: int) -> None:
    """`inbox` with few and many open requests."""
    times: dict[int, float] = {}
    for count in (few, many):
        target = f"{url}{count}.db"
        await seeded(target, count)
        store = Store(target, CARDS)
        content = load_content(PACKAGED)
        world = await Worlds(store, content.languages, content.process).refresh()
        runs = []
        for _ in range(30):
            begun = time.perf_counter()
            await inbox_card(store, world, CYD.email, frozenset(("slack",)))
            runs.append(time.perf_counter() - begun)
        times[count] = sorted(runs)[15] * 1000
        await store.close()
    ratio = times[many] / times[few]
    print(f"inbox with {few} and {many} open requests: {times[few]:.1f} and {times[many]:.1f} ms = {ratio:.1f} ×", flush=True)


async def run() -> None:
    """Everything, on SQLite and PostgreSQL."""
    os.sched_setaffinity(0, {LOAD_CORE})
    with BareStandIns() as stand_ins, tempfile.TemporaryDirectory() as folder:
        async with aiohttp.ClientSession() as session:
            numbers = iter(range(1000))
            await compare("SQLite", lambda: f"sqlite:///{Path(folder) / f'{next(numbers)}.db'}", stand_ins, session)
            await long_inbox(f"sqlite:///{folder}/inbox", 10, int(os.environ.get("MAYI_INBOX", "2000")))
            with running_postgres() as server:
                names = [f"bench{number}" for number in range(2)]
                for name in names:
                    await execute(server, f'CREATE DATABASE "{name}"')
                left = iter(names)
                await compare("PostgreSQL", lambda: f"postgresql://postgres@/{next(left)}?host={server}", stand_ins, session)
