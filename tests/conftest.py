"""Databases, the content, a bot with both platforms' stand-ins, and the harness of each platform."""

import asyncio
import os
import secrets
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import asyncpg
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import settings as hypothesis_settings

from adapters.playground.people import SAMPLE_PEOPLE
from adapters.playground.stand_ins import StandIns
from bot.config import Environment, Settings, load_settings
from bot.engine.codecs import CARDS
from bot.policy.load import PACKAGED, Content, load_content
from bot.understanding.understand import Understanding
from bot.wiring import Bot, build, serving
from store.engine import database_url
from store.migrate import upgrade
from store.people import put_people
from store.store import Store
from tests.harness import HARNESSES, Harness
from tests.postgres import running_postgres

hypothesis_settings.register_profile("ci", max_examples=200, deadline=None, derandomize=True, print_blob=True)
hypothesis_settings.register_profile("soak", max_examples=5000, deadline=None, print_blob=True)
hypothesis_settings.load_profile("soak" if os.environ.get("MAYI_SOAK") else "ci")

for name in list(os.environ):  # a developer's own settings must not reach a test
    if name.startswith(("SLACK_", "TEAMS_", "Microsoft")) or name in ("DATABASE_URL", "POLICY_CONTENT", "HOST", "PORT"):
        del os.environ[name]


@pytest.fixture(scope="session")
def content() -> Content:
    """The shipped content."""
    return load_content(PACKAGED)


@pytest.fixture(scope="session")
def reader(content: Content) -> Understanding:
    """English understanding of the shipped content."""
    return Understanding(content.policy, content.tools, content.languages[0])


@pytest.fixture(scope="session")
def postgres() -> Iterator[Path]:
    """A PostgreSQL server with a migrated template database; the folder of its socket."""
    with running_postgres() as folder:

        async def prepare() -> None:
            await execute(folder, 'CREATE DATABASE "template_mayi"')
            store = Store(f"postgresql://postgres@/template_mayi?host={folder}", CARDS)
            await upgrade(store.database)
            await store.close()

        with ThreadPoolExecutor(1) as aside:  # a loop may run here already
            aside.submit(asyncio.run, prepare()).result()
        yield folder


async def execute(folder: Path, statement: str) -> None:
    """Run a statement on the server's own database."""
    connection = await asyncpg.connect(host=str(folder), user="postgres", database="postgres")
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """An SQLite database that does not exist yet."""
    return f"sqlite:///{tmp_path / 'mayi.db'}"


@pytest.fixture(params=["sqlite", "postgresql"])
async def any_url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """A new, migrated database of each kind."""
    if request.param == "sqlite":
        store = Store(f"sqlite:///{tmp_path / 'mayi.db'}", CARDS)
        await upgrade(store.database)
        await store.close()
        yield f"sqlite:///{tmp_path / 'mayi.db'}"
        return
    folder: Path = request.getfixturevalue("postgres")
    name = f"t{secrets.token_hex(6)}"
    await execute(folder, f'CREATE DATABASE "{name}" TEMPLATE "template_mayi"')
    yield f"postgresql://postgres@/{name}?host={folder}"
    await execute(folder, f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
async def store(any_url: str) -> AsyncIterator[Store]:
    """An empty store on each database; fails where a connection is still checked out at the end."""
    store = Store(any_url, CARDS)
    yield store
    await store.keeper.settle()
    assert store.database.checked_out() == 0
    await store.close()


@pytest.fixture(scope="session")
def signing_key() -> rsa.RSAPrivateKey:
    """One key for every Teams stand-in; making one takes long."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture
def stand_ins(signing_key: rsa.RSAPrivateKey) -> Iterator[StandIns]:
    """Both platforms."""
    stand_ins = StandIns(signing_key)
    with stand_ins:
        yield stand_ins


def settings_for(stand_ins: StandIns, url: str) -> Settings:
    """A bot's settings that lead to the stand-ins."""
    assert database_url(url)
    return replace(load_settings(Environment()), database_url=url, slack=stand_ins.slack_settings(), teams=stand_ins.teams_settings())  # type: ignore[call-arg]


@dataclass(frozen=True)
class Running:
    """A bot that serves."""

    bot: Bot
    base: str
    session: aiohttp.ClientSession
    stand_ins: StandIns


@pytest.fixture
async def running(stand_ins: StandIns, sqlite_url: str) -> AsyncIterator[Running]:
    """A bot on SQLite with both platforms."""
    async with aiohttp.ClientSession() as session, build(settings_for(stand_ins, sqlite_url)) as bot, serving(bot, "127.0.0.1", 0) as port:
        await put_people(bot.store.database, [person.entry for person in SAMPLE_PEOPLE if not person.guest], datetime.now(UTC))
        yield Running(bot, f"http://127.0.0.1:{port}", session, stand_ins)


@pytest.fixture(params=sorted(HARNESSES))
async def chat(request: pytest.FixtureRequest, running: Running) -> AsyncIterator[Harness]:
    """Each platform as people experience it, on SQLite. At the end nothing may have been refused."""
    make: Callable[..., Harness] = HARNESSES[request.param]
    harness = make(running.stand_ins, running.bot, running.session, running.base)
    yield harness
    assert harness.refused() == []
