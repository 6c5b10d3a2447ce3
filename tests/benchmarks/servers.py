"""The full paths against their baselines: each server on one core, load and stand-ins on the other."""

import asyncio
import json
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import aiohttp

from adapters.playground.bot_connector import PASSWORD
from adapters.playground.people import APP_ID, SAMPLE_PEOPLE, SLACK_TEAM
from adapters.playground.slack_api import TOKEN
from adapters.playground.slack_client import SlackClient
from adapters.playground.teams_client import TeamsClient
from tests.benchmarks.bare_stand_ins import BareStandIns
from tests.benchmarks.load import Measured, fire, request
from tests.claims.processes import environment
from tests.conftest import execute
from tests.postgres import running_postgres

SERVER_CORE, LOAD_CORE = 0, 1
CONNECTIONS = 16
ANN = SAMPLE_PEOPLE[0]
QUESTIONS = ("can I put customer emails into chatgpt?", "may I use Claude Enterprise for our roadmap", "is a blog post ok in grammarly?")


@dataclass(frozen=True, slots=True)
class Compared:
    """A figure beside its baseline."""

    what: str
    ours: Measured
    bare: Measured
    reach: float
    p99_reach: float | None = None

    @property
    def ratio(self) -> float:
        """Ours as a part of the baseline."""
        return self.ours.per_second / self.bare.per_second

    def line(self) -> str:
        """The figure in words."""
        tail = f", p99 {self.ours.p99_ms:.1f} / {self.bare.p99_ms:.1f} ms" + (f" (≤ {self.p99_reach} ×)" if self.p99_reach else "")
        good = self.ratio >= self.reach and (self.p99_reach is None or self.ours.p99_ms <= self.p99_reach * self.bare.p99_ms)
        failed = f", FAILED {self.ours.failed}/{self.bare.failed}" if self.ours.failed or self.bare.failed else ""
        mark = "reached" if good and not failed else "BELOW"
        rates = f"{self.ours.per_second:,.0f}/s against {self.bare.per_second:,.0f}/s"
        return f"{self.what}: {rates} = {self.ratio:.2f} (≥ {self.reach}){tail}{failed}  {mark}"


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def process(arguments: list[str], environment: dict[str, str], ready: Callable[["subprocess.Popen[str]"], None]) -> Iterator[int]:
    """A server process pinned to the server's core, ended on leaving; its id."""
    begun = subprocess.Popen(
        ["taskset", "-c", str(SERVER_CORE), sys.executable, *arguments],
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        ready(begun)
        yield begun.pid
    finally:
        begun.kill()
        begun.wait()


def says_ready(begun: "subprocess.Popen[str]") -> None:
    """Wait until a baseline says that it serves."""
    assert begun.stdout is not None
    assert begun.stdout.readline().strip() == "ready"


def answers(port: int) -> Callable[["subprocess.Popen[str]"], None]:
    """Wait until our own server is ready."""

    def wait(begun: "subprocess.Popen[str]") -> None:
        until = time.monotonic() + 30
        while time.monotonic() < until and begun.poll() is None:
            try:
                with socket.create_connection(("127.0.0.1", port), 0.2) as connection:
                    connection.sendall(b"GET /readyz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
                    if b" 200 " in connection.recv(200):
                        return
            except OSError:
                pass
            time.sleep(0.01)
        raise RuntimeError("the server did not come up")

    return wait


def environment_for(stand_ins: BareStandIns, url: str, port: int) -> dict[str, str]:
    """The variables that make `mayi serve` live on the stand-ins."""
    return environment(stand_ins, url, port) | {"LOG_LEVEL": "WARNING"}


def slash_requests(client: SlackClient, count: int) -> list[bytes]:
    """Signed `/ai` questions, each its own."""
    found: list[bytes] = []
    for number in range(count):
        form = {
            "command": "/ai",
            "text": QUESTIONS[number % len(QUESTIONS)],
            "team_id": SLACK_TEAM,
            "user_id": ANN.slack,
            "channel_id": "C0GENERAL",
            "trigger_id": secrets.token_hex(8),
            "response_url": "http://127.0.0.1/x",
        }
        body = urlencode(form).encode()
        found.append(request("/slack/events", body, client.signed(body, "application/x-www-form-urlencoded")))
    return found


def message_requests(client: SlackClient, count: int) -> list[bytes]:
    """Signed direct messages, each its own, of many people's channels."""
    found: list[bytes] = []
    for number in range(count):
        event = {
            "type": "message",
            "channel_type": "im",
            "channel": f"D{number % 97:04d}",
            "user": ANN.slack,
            "text": QUESTIONS[number % len(QUESTIONS)],
            "ts": str(number),
        }
        envelope = {"type": "event_callback", "team_id": SLACK_TEAM, "event_id": secrets.token_hex(8), "event": event, "authorizations": []}
        body = json.dumps(envelope).encode()
        found.append(request("/slack/events", body, client.signed(body, "application/json")))
    return found


def activity_requests(client: TeamsClient, count: int, *, authorized: bool = True) -> list[bytes]:
    """Teams messages, each its own; with tokens, but for the stock adapter, which would fetch Microsoft's own keys for them."""
    found: list[bytes] = []
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {client.token()}"} if authorized else {})
    for number in range(count):
        activity: dict[str, Any] = client.activity(ANN, f"a:{number % 97}", type="message", text=QUESTIONS[number % len(QUESTIONS)])
        found.append(request("/api/messages", json.dumps(activity).encode(), headers))
    return found


async def measured(port: int, make: Callable[[int], list[bytes]], count: int, rounds: int = 3) -> Measured:
    """The middle of some runs after a warm-up."""
    await fire(port, make(count // 5), CONNECTIONS)
    runs = [await fire(port, make(count), CONNECTIONS) for _ in range(rounds)]
    middle = sorted(runs, key=lambda run: run.per_second)[rounds // 2]
    return Measured(middle.per_second, middle.p50_ms, middle.p99_ms, sum(run.failed for run in runs))


async def compare(database: str, url: Callable[[], str], stand_ins: BareStandIns, session: aiohttp.ClientSession) -> list[Compared]:
    """All paths on one database."""
    slack = SlackClient(stand_ins.slack, session, "", stand_ins.secret)
    teams = TeamsClient(stand_ins.teams, session, "")
    stand_ins.teams.conversations.update(f"a:{number}" for number in range(97))
    found: list[Compared] = []
    ours: dict[str, Measured] = {}
    port = free_port()
    with process(["-m", "bot", "serve"], environment_for(stand_ins, url(), port), answers(port)):
        ours["slash"] = await measured(port, lambda count: slash_requests(slack, count), 4000)
        before, begun = stand_ins.posts, time.perf_counter()
        ours["direct"] = await measured(port, lambda count: message_requests(slack, count), 3000)
        ours["direct"] = await through(ours["direct"], stand_ins, before, 3000 // 5 + 3 * 3000, begun)
        before, begun = stand_ins.posts, time.perf_counter()
        ours["teams"] = await measured(port, lambda count: activity_requests(teams, count), 3000)
        ours["teams"] = await through(ours["teams"], stand_ins, before, 3000 // 5 + 3 * 3000, begun)
    bolt = ["-m", "tests.benchmarks.baselines", "bolt", str(port), str(SERVER_CORE), url(), f"{stand_ins.slack.base}/api/", TOKEN, stand_ins.secret]
    with process(bolt, {}, says_ready):
        bare = await measured(port, lambda count: slash_requests(slack, count), 4000)
        add(found, Compared(f"/ai question, {database}", ours["slash"], bare, 0.6, 3.0))
        bare = await measured(port, lambda count: message_requests(slack, count), 3000)
        add(found, Compared(f"Slack direct message, {database}", ours["direct"], bare, 0.5))
    form = json.dumps({"client_id": APP_ID, "client_secret": PASSWORD, "grant_type": "client_credentials"})
    thin = ["-m", "tests.benchmarks.baselines", "thin", str(port), str(SERVER_CORE), url(), stand_ins.teams.base, form]
    with process(thin, {}, says_ready):
        bare = await measured(port, lambda count: activity_requests(teams, count), 3000)
        add(found, Compared(f"Teams message against a thin handler, {database}", ours["teams"], bare, 0.5))
    if database == "SQLite":
        stock = ["-m", "tests.benchmarks.baselines", "stock", str(port), str(SERVER_CORE), "", stand_ins.teams.base]
        with process(stock, {}, says_ready):
            bare = await measured(port, lambda count: activity_requests(teams, count, authorized=False), 200)
            add(found, Compared("Teams message against stock CloudAdapter", ours["teams"], bare, 5.0))
    return found


def add(found: list[Compared], compared: Compared) -> None:
    """Keep a figure and show it at once: a whole run takes minutes."""
    found.append(compared)
    print(compared.line(), flush=True)


async def through(run: Measured, stand_ins: BareStandIns, before: int, expected: int, begun: float) -> Measured:
    """The run, counted as messages that arrived: what is still in the outbox when the last request ends is waited for."""
    ended = time.perf_counter()
    while stand_ins.posts - before < expected and time.perf_counter() - ended < 60:
        await asyncio.sleep(0.02)
    late = time.perf_counter() - ended
    share = (ended - begun) / (ended - begun + late)
    missing = max(0, expected - (stand_ins.posts - before))
    return Measured(run.per_second * share, run.p50_ms, run.p99_ms, run.failed + missing)


async def run() -> list[Compared]:
    """Everything, on SQLite and PostgreSQL."""
    os.sched_setaffinity(0, {LOAD_CORE})
    found: list[Compared] = []
    with BareStandIns() as stand_ins, tempfile.TemporaryDirectory() as folder:
        async with aiohttp.ClientSession() as session:
            numbers = iter(range(1000))
            found += await compare("SQLite", lambda: f"sqlite:///{Path(folder) / f'{next(numbers)}.db'}", stand_ins, session)
            with running_postgres() as server:
                names = [f"bench{number}" for number in range(4)]
                for name in names:
                    await execute(server, f'CREATE DATABASE "{name}"')
                left = iter(names)
                found += await compare("PostgreSQL", lambda: f"postgresql://postgres@/{next(left)}?host={server}", stand_ins, session)
    return found
