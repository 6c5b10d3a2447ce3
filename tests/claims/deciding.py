"""Requests that wait for a decision by people in processes that can be killed."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp

from adapters.playground.people import SamplePerson
from adapters.playground.slack_api import Message
from adapters.playground.slack_client import SlackClient
from adapters.playground.stand_ins import StandIns
from bot.engine.codecs import CARDS, REQUESTS
from bot.policy.load import PACKAGED
from bot.requests.state import Request
from store.people import put_people
from store.store import Store
from tests.claims.processes import Serving, start
from tests.harness import ANN

SOAK = bool(os.environ.get("MAYI_SOAK"))
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


@dataclass(frozen=True, slots=True)
class OneRequest:
    """A request for a tool that the first of the deciders was asked about, and everything to decide it with."""

    url: str
    stand_ins: StandIns
    process: Serving
    client: SlackClient
    message: Message
    tool: str

    async def approve(self) -> int:
        """Press Approve; the HTTP status of the answer."""
        return (await self.client.press(DECIDERS[0], self.message, pressable(self.message, "approve"))).status

    async def phase(self) -> str:
        """Where the request stands."""
        return (await requests(self.url))[self.tool].phase

    def refusals(self) -> int:
        """How often the decider read that a press was not saved."""
        return not_saved(self.stand_ins)


def not_saved(stand_ins: StandIns) -> int:
    """How often the first of the deciders read that a press was not saved."""
    return sum(message.only_for == DECIDERS[0].slack and "not saved" in message.text for message in stand_ins.slack.messages)


@asynccontextmanager
async def one_request(url: str, stand_ins: StandIns, folder: Path, tool: str) -> AsyncIterator[OneRequest]:
    """Ann has requested a tool, and one process serves; it has to end well."""
    (process,) = processes(stand_ins, url, folder, 1)
    await prepare(url, stand_ins)
    try:
        async with aiohttp.ClientSession() as session:
            client = SlackClient(stand_ins.slack, session, f"{process.base}/slack/events", stand_ins.secret)
            await client.direct(DECIDERS[0], "help")
            await requested(client, tool)
            yield OneRequest(url, stand_ins, process, client, await card_of(stand_ins, DECIDERS[0], tool), tool)
    finally:
        assert process.end() == 0
